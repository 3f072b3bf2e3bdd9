"""What random lives are told with: the words of what happens, the values that rulebooks take."""

BOOKS = ["standard", "provence-mediterranee", "saint-quentin-2012", "dijon-2018", "dijon-2021", "boulonnais"]
LOST = {"target-public": "rsa,ass", "entry-conditions": "off"}      # what the text of the Boulonnais lost: without it nobody enters

WORDS = {
    "eligibility": "unemployed_12_months ass rsa aah qpv senior in_territory work_permit difficulties wish minimum_age".split(),
    "step": "remobilisation training qualifying_training immersion immersion social iae clea".split(),
    "job": "cdi cdd cdd temporary etti seasonal aided_non_market aided_market iae_aci iae_ei iae_ai cesu".split(),
    "criterion": "employment hours business aided_contract atypical qualification long_training temporary fixed_term senior_insertion".split(),
    "reason": "move death long_illness abandonment no_news rebound limit motivation".split(),
    "channel": "interview tripartite telephone on_site workplace letter collective".split(),
    "topic": "follow_up employment employment post_iae training step".split(),
    "evidence": ("employment_contract payslip payslip hours_statement business_registration participant_agreement training_certificate "
                 "training_entry diploma follow_up_record identity cv eligibility").split(),
    "review": "progress plie partners long_parcours intermediate closing".split(),
    "consent": "accompaniment sharing prescriber publicity".split(),
    "function": "exploration verification evaluation recruitment".split(),
    "document": "request prescription quote attendance invoice review".split(),
    "host": "boulangerie garage".split(),
    "alert": "contacts-monthly step-rhythm progress-review parcours-length exit-decision".split(),
    "answer": "hired not_chosen declined no_answer withdrawn".split(),
    "benefits": "rsa rsa,aah ass rsa aah".split(),
}

OF_A_JOB = "employment_contract payslip hours_statement follow_up_record".split()

SUMMARIES = ["RAS", "Point : CV et tram.", "Point : CV et mobile", "Été : CV et stages.", "Elle a déposé trois candidatures"]
BIRTHS = ["1959-03-31", "1963-07-10", "1965-12-01", "1980-02-01", "1992-06-15", "1994-01-01", "1999-09-09"]

WAIVABLE = ["parcours-length", "relay-searched", "closing-review", "offer-settled", "followup-documents", "exit-employment", "exit-criterion",
            "training-documents", "immersion-days", "entry-informed", "target-public", "sharing-consent"]

TWEAKS = {
    "parcours-length": ["6", "12", "18", "24", "off"], "parcours-extension": ["6,1", "3,2", "flag:6,1", "off"],
    "contacts-monthly": ["1", "2", "1,2", "off"], "step-rhythm": ["0", "2", "3"], "step-gap": ["1", "4", "off"],
    "progress-review": ["2", "5"], "long-review": ["1,2,3", "6,12"], "recording-delay": ["0", "7", "60"],
    "suspension": ["uncounted", "forbidden", "off"], "parcours-start": ["decision", "contract"],
    "exit-employment": ["1", "6"], "exit-hours": ["100", "910"], "exit-hours-window": ["2", "9", "off"], "exit-hours-age": ["0", "3"],
    "employment-followup": ["6,0", "6,1", "1,0"], "reminder-letter": ["0", "15", "off"], "exit-attested": ["15", "off"],
    "missed-appointments": ["1", "2"], "change-relay": ["5", "30"], "objective-measured": ["yes", "off", "flag:yes"],
    "step-overdue": ["0", "9"], "exit-half-time": ["17.5", "off"], "entry-conditions": ["wish", "off"],
    # entry
    "entry-consent": ["accompaniment", "flag:accompaniment,publicity", "off"], "entry-informed": ["yes", "flag:yes", "off"],
    "minimum-age": ["26", "flag:40", "off"], "eligibility-evidence": ["rsa", "flag:rsa,wish,in_territory", "off"],
    "entry-referent": ["yes", "off"], "contract-signature": ["5", "15", "off"],
    "contract-signatories": ["participant", "participant,referent", "participant,referent,animation_team", "off"],
    "recommendation-followup": ["20", "60", "off"], "fund-publicity": ["0", "30", "off"], "mutual-contract": ["0", "30", "off"],
    "non-entry-contact": ["yes", "off"], "exit-collegial": ["1", "3", "off"], "collegial-decision": ["2", "4"],
    "mandatory-data": ["birth,sex", "flag:birth,sex,commune,labour_status,education", "flag:qpv", "off"],
    # follow-up
    "contacts-in-step": ["0", "1", "2", "off"], "contacts-in-employment": ["1", "2", "3", "off"], "exit-decision": ["1", "2", "off"],
    "contact-signature": ["interview", "interview,on_site,workplace,collective", "off"],
    "review-signature": ["yes", "off"], "shared-review": ["3", "6", "off"], "closing-review": ["yes", "flag:yes", "off"],
    "difficulty-answer": ["0", "7", "off"], "sharing-consent": ["yes", "flag:yes", "off"], "clear-summary": ["20", "19", "off"],
    # steps and the training fund
    "next-step": ["10", "30", "off"], "step-participant": ["0", "15", "off"], "immersion-function": ["yes", "flag:yes", "off"],
    "immersion-days": ["31", "10", "flag:20", "off"], "immersion-year": ["20", "60", "flag:30", "off"],
    "training-documents": ["request", "flag:request,quote", "off"], "training-after": ["invoice", "attendance,invoice", "off"],
    "training-after-days": ["1", "30", "off"], "training-committee": ["2", "flag:3", "off"], "training-cofunding": ["yes", "flag:yes", "off"],
    # what is told twice, what contradicts itself
    "told-once": ["yes", "off"], "days-in-order": ["yes", "off"], "hours-plausible": ["35", "60", "off"], "snooze-longest": ["7", "30", "off"], "fund-within-cost": ["yes", "flag:yes", "off"],
    # employment and exit
    "exit-criterion": ["employment,fixed_term,temporary", "employment,qualification,long_training,senior_insertion", "off"],
    "exit-payslips": ["1", "2", "flag:3", "off"], "exit-half-time-agreed": ["yes", "off"], "exit-temporary": ["1,3", "2,4", "off"],
    "exit-fixed-term": ["1,3", "2,6", "off"], "exit-aided": ["1", "3", "6"], "exit-aided-days": ["0", "1", "5", "off"],
    "exit-aided-market": ["yes", "off"], "exit-aided-half-time": ["yes", "off"], "exit-senior": ["1", "6", "off"],
    "exit-senior-age": ["40", "55", "off"], "qualification-register": ["any", "rncp", "off"], "relay-searched": ["yes", "flag:yes", "off"],
    "followup-served": ["yes", "flag:yes", "off"], "followup-documents": ["follow_up_record", "flag:follow_up_record", "off"],
    "training-followup": ["1,0", "6,1", "off"], "offer-settled": ["yes", "flag:yes", "off"], "market-followup": ["1", "2", "off"],
    "post-iae-followup": ["1", "2", "off"], "aided-workplace": ["1", "2", "off"], "situation-weeks": ["7", "28", "off"],
    "situation-months": ["1", "6", "off"], "exit-long-training": ["1", "6", "off"], "exit-business": ["1", "6"], "exit-atypical": ["1", "off"],
    # the file and the Fund
    "file-complete": ["0", "30", "off"], "file-evidence": ["identity", "cv,identity,eligibility", "off"], "file-archive": ["5", "90", "off"],
    "fse-complete": ["0", "10", "off"], "operation-days": ["2", "off"], "joined-within": ["yes", "off"],
    "exit-evidence-employment": ["employment_contract", "off"], "exit-evidence-training": ["training_entry,diploma", "off"],
}
