"""Worked examples of the rules of each subject, told as feeds. Run by test_model.py."""
from feed import Feed, case, job, rulebook, same

REFUSED = (True, False)
FLAGGED = (False, False)


def book(name, **changed):
    return rulebook(name, target_public=None, entry_conditions=None, **changed)


def decided_under(feed, on, **told):
    feed.add("entry_proposed", on)
    return feed.add("entry_decided", on, outcome="accepted", session_members=3, **told)


@case
def an_age_is_reached_on_the_first_of_its_month():
    f = Feed(book("saint-quentin-2012", entry_referent=None, mandatory_data=None))
    f.add("participant_oriented", "2012-04-02", born_coarse="2041-05")      # 55 in May 2041: 26 in May 2012
    f.add("eligibility_checked", "2012-04-02", criteria=["minimum_age"])
    early = decided_under(f, "2012-04-30")
    same(f.marks(early)["minimum-age"], REFUSED)
    g = Feed(book("saint-quentin-2012", entry_referent=None, mandatory_data=None))
    g.add("participant_oriented", "2012-04-02", born_coarse="2041-05")
    same("minimum-age" in g.marks(decided_under(g, "2012-05-01")), False)
    h = Feed(book("saint-quentin-2012", entry_referent=None, mandatory_data=None))
    h.add("participant_oriented", "2012-04-02")
    h.add("eligibility_checked", "2012-04-02", criteria=["minimum_age"], valid_until="2012-05-01")
    same("minimum-age" in h.marks(decided_under(h, "2012-05-01")), False)
    same(h.marks(decided_under(h, "2012-05-02"))["minimum-age"], REFUSED)


@case
def each_criterion_has_the_validity_and_the_piece_of_its_own_check():
    f = Feed(rulebook("dijon-2018", target_public=["rsa"], entry_conditions=None))
    f.add("participant_oriented", "2018-02-26")
    f.add("eligibility_checked", "2018-02-26", criteria=["rsa"], valid_until="2018-02-28")
    f.add("eligibility_checked", "2018-02-27", criteria=["in_territory"])
    seq = decided_under(f, "2018-03-01")
    same((f.marks(seq)["target-public"], f.marks(seq)["eligibility-evidence"]), (FLAGGED, FLAGGED))
    g = Feed(rulebook("dijon-2018", target_public=["rsa"], entry_conditions=None))
    g.add("participant_oriented", "2018-03-01")
    piece = g.add("evidence_filed", "2018-03-01", evidence="identity", valid_until="2018-03-01")    # of the day itself
    g.add("eligibility_checked", "2018-03-01", criteria=["rsa", "in_territory", "work_permit"], evidence=piece)
    same({"target-public", "eligibility-evidence"} & set(g.marks(decided_under(g, "2018-03-01"))), set())


@case
def nobody_is_given_up_before_the_prescriber_was_contacted_again():
    f = Feed(book("dijon-2021"))
    f.add("participant_oriented", "2021-02-03", prescriber="ccas")
    f.add("appointment_missed", "2021-02-03")
    f.add("prescriber_told", "2021-02-04")
    f.add("appointment_missed", "2021-02-08")
    f.add("appointment_missed", "2021-02-10")
    seq = f.add("non_entry_recorded", "2021-02-10", reason="missed")
    same(f.marks(seq), {"non-entry-contact": REFUSED})


@case
def the_mutual_contract_from_the_day_rsa_is_known_then_at_its_term():
    f = Feed(book("dijon-2018"))
    f.enter("2018-01-10")
    same(f.due("mutual-contract"), None)
    f.add("change_recorded", "2018-02-01", change="status", benefits=["rsa"])
    same(f.due("mutual-contract"), ("2018-03-03", "2018-03-04"))
    f.add("mutual_contract_recorded", "2018-03-05", until_day="2018-08-09")
    same(f.due("mutual-contract"), ("2018-08-09", "2018-08-10"))
    f.add("change_recorded", "2018-04-01", change="status", benefits=["ass"])
    same(f.due("mutual-contract"), None)


@case
def signatures_on_the_day_or_afterwards():
    f = Feed(book("dijon-2018"))
    f.enter("2018-01-10")
    first = f.add("contact_recorded", "2018-01-16", channel="interview")
    second = f.add("contact_recorded", "2018-01-17", channel="workplace", signed=False)
    f.add("contact_recorded", "2018-01-16", channel="telephone")
    same(f.due("contact-signature"), ("2018-01-16", "2018-01-17"))
    f.add("signature_obtained", "2018-01-17", event=first)
    same(f.due("contact-signature"), ("2018-01-17", "2018-01-18"))
    f.add("signature_obtained", "2018-01-16", event=second)     # before the meeting: it signs nothing
    same(f.due("contact-signature"), ("2018-01-17", "2018-01-18"))


@case
def a_second_letter_cancels_nothing():
    f = Feed()
    f.enter("2012-01-10")
    f.add("letter_sent", "2012-06-04", letter="reminder")
    f.add("letter_sent", "2012-06-15", letter="reminder")
    same(f.due("reminder-letter"), ("2012-06-19", "2012-06-20"))
    same(f.marks(f.add("exit_proposed", "2012-06-20", outcome="other", reason="no_news")), {})


@case
def what_follows_a_step_is_prepared_before_its_planned_end():
    f = Feed()
    f.enter("2013-01-14")
    step = f.add("step_prescribed", "2013-03-04", kind="training", planned_end="2013-05-31", objective_shared=True, contractualised=True)
    same(f.due("next-step"), None)
    f.add("step_started", "2013-03-04", step=step, interviews_a_month=1)
    same(f.due("next-step"), ("2013-05-31", "2013-05-01"))
    work = job(f, "2013-04-02", purpose="step")
    same(f.due("next-step"), None)
    f.add("employment_ended", "2013-04-10", employment=work)
    same(f.due("next-step"), ("2013-05-31", "2013-05-01"))


@case
def immersions_at_one_host_within_twelve_months():
    def immersed(start, end, marked):
        seq = f.add("step_prescribed", "2021-02-01", kind="immersion", provider="boulangerie", planned_start=start, planned_end=end,
                    objective_shared=True, contractualised=True)
        same({"immersion-days", "immersion-year"} & set(f.marks(seq)), set(marked))
    f = Feed()
    f.enter("2021-01-04")
    immersed("2021-02-08", "2021-03-11", ["immersion-days"])        # 32 days
    f = Feed()
    f.enter("2021-01-04")
    immersed("2021-02-01", "2021-03-03", [])                        # 31
    immersed("2021-02-20", "2021-03-10", [])                        # 7 more days: a day is one day
    immersed("2021-03-20", "2021-04-10", [])                        # 22 more: 60
    immersed("2022-01-31", "2022-01-31", ["immersion-year"])
    g, f = f, Feed()
    f.enter("2021-01-04")
    immersed("2021-06-01", "2021-06-30", [])
    immersed("2021-03-01", "2021-03-31", ["immersion-year"])        # the later one was there first


@case
def funds_are_documented_before_and_after():
    f = Feed()
    f.enter("2013-01-14")
    request = f.add("training_requested", "2013-02-04", cost_cents=120000)
    early = f.add("training_decided", "2013-02-04", request=request, outcome="granted", session_members=2, session_kind="training")
    same(f.marks(early), {"training-documents": REFUSED})
    for document in ("request", "prescription", "quote"):
        f.add("training_document_filed", "2013-02-05", request=request, document=document)
    other = f.add("training_decided", "2013-02-06", request=request, outcome="granted", session_members=5, session_kind="follow_up")
    same(f.marks(other), {"training-committee": REFUSED})
    f.add("training_decided", "2013-02-28", request=request, outcome="granted", session_members=2, session_kind="training")
    same(f.due("training-after"), ("2013-09-27", "2013-09-28"))     # six months, and thirty days
    f.add("training_decided", "2013-03-01", request=request, outcome="refused", session_members=2, session_kind="training")
    same(f.due("training-after"), None)


@case
def fixed_term_contracts_add_up_months_and_days_within_twelve_months():
    f = Feed(book("dijon-2018"))
    f.enter("2017-11-02")
    for start, end in (("2018-01-08", "2018-03-07"), ("2018-04-01", "2018-06-15")):
        job(f, start, end, "step", kind="cdd", weekly_hours=20)
    job(f, "2018-09-10", None, "step", kind="cdd", weekly_hours=20, planned_end="2018-12-31")
    same(f.criterion("fixed_term", "2018-10-23"), (False, "2018-10-24"))
    same(f.criterion("employment", "2018-10-24"), (False, None))    # a CDD has its own criterion here
    g = Feed(book("dijon-2018"))
    g.enter("2017-11-02")
    job(g, "2017-12-01", "2018-02-28", "step", kind="cdd")
    job(g, "2018-09-01", "2018-11-30", "step", kind="cdd")
    same(g.criterion("fixed_term", "2018-11-30"), (True, "2018-11-30"))
    same(g.criterion("fixed_term", "2018-12-01"), (False, None))
    h = Feed(book("dijon-2018"))
    h.enter("2018-01-02")
    job(h, "2018-01-08", "2018-04-07", "step", kind="temporary")
    job(h, "2018-02-08", "2018-04-07", "step", kind="etti")         # the same days
    job(h, "2018-06-01", None, "step", kind="temporary")
    same(h.criterion("temporary", "2018-08-29"), (False, "2018-08-30"))


@case
def a_senior_of_55_in_an_insertion_workshop():
    f = Feed(book("dijon-2018"))
    f.enter("2018-01-02")
    f.add("profile_recorded", "2018-01-02", born_coarse="2018-08")
    job(f, "2018-01-08", None, "step", kind="iae_aci")
    same(f.criterion("senior_insertion", "2018-07-31"), (False, "2018-08-01"))
    f.add("exit_proposed", "2018-08-01", outcome="positive", criterion="senior_insertion")
    told = {"outcome": "positive", "criterion": "senior_insertion", "session_members": 3}
    same(f.marks(f.add("exit_decided", "2018-08-01", **told)), {"exit-senior": REFUSED})


@case
def seven_payslips_of_one_job_from_the_hiring_month_on():
    f = Feed(book("saint-quentin-2012", exit_collegial=None))
    f.enter("2011-12-05")
    work = job(f, "2012-01-16")
    for month in (1, 2, 3, 4, 5, 6, 8):
        f.add("evidence_filed", "2012-08-20", evidence="payslip", month=f"2012-{month:02}", employment=work)
    f.add("exit_proposed", "2012-08-20", outcome="positive", criterion="employment")
    same(f.due("exit-payslips"), ("2012-08-20", "2012-08-20"))
    f.add("evidence_filed", "2012-08-21", evidence="payslip", month="2012-07")
    same(f.due("exit-payslips"), None)


@case
def a_relay_is_looked_for_in_view_of_this_exit():
    f = Feed(book("saint-quentin-2012"))
    f.enter("2012-03-01")
    f.add("relay_found", "2012-04-02")
    told = {"outcome": "other", "reason": "move"}
    same(f.marks(f.add("exit_proposed", "2012-09-03", **told)), {"relay-searched": REFUSED})
    f.add("exit_withdrawn", "2012-09-04")
    f.add("relay_found", "2012-09-05", searched=True)
    same(f.marks(f.add("exit_proposed", "2012-09-06", **told)), {})
    f.add("exit_withdrawn", "2012-09-07")
    same(f.marks(f.add("exit_proposed", "2012-09-08", **told)), {})         # a relay that was recorded stands
    g = Feed(book("saint-quentin-2012"))
    g.enter("2012-03-01")
    g.add("exit_proposed", "2012-09-03", relay_searched=True, **told)
    g.add("exit_withdrawn", "2012-09-04")
    same(g.marks(g.add("exit_proposed", "2012-09-05", **told)), {"relay-searched": REFUSED})    # what the proposal said is gone with it


@case
def the_earlier_of_two_follow_ups_asks_for_its_documents():
    f = Feed(book("boulonnais"))
    f.enter("2013-01-10")
    f.add("long_training_started", "2013-09-02", rncp="RNCP12")
    same(f.due("followup-documents"), ("2014-03-02", "2014-03-03"))
    job(f, "2014-04-01")
    same(f.due("followup-documents"), ("2014-03-02", "2014-03-03"))
    f.add("evidence_filed", "2014-04-02", evidence="follow_up_record")
    same(f.due("followup-documents"), None)


@case
def the_file_is_complete_until_a_piece_ends():
    f = Feed()
    f.enter("2012-03-01")
    same(f.due("file-complete"), ("2012-03-31", "2012-04-01"))
    f.add("evidence_filed", "2012-03-02", evidence="engagement_contract")
    piece = f.add("evidence_filed", "2012-03-02", evidence="eligibility", valid_until="2012-12-31")
    same(f.due("file-complete"), ("2012-12-31", "2013-01-01"))
    f.add("evidence_rejected", "2012-05-02", evidence=piece)
    same(f.due("file-complete"), ("2012-03-31", "2012-04-01"))


@case
def a_rule_that_waits_for_its_value_never_passes_as_off():
    f = Feed(rulebook("boulonnais", target_public=["rsa"], entry_conditions=None, exit_employment=6))
    f.enter("2013-01-10")
    job(f, "2013-02-01")
    same(f.criterion("employment", "2014-01-10"), (False, None))    # half-time is not known yet
    positive = f.add("exit_proposed", "2014-01-10", outcome="positive", criterion="employment")
    other = f.add("exit_proposed", "2014-01-11", outcome="other", reason="move")
    same(f.marks(positive)["exit-criterion"], REFUSED)
    same("exit-criterion" in f.marks(other), False)


@case
def a_proposed_exit_is_followed_and_its_decision_awaited():
    f = Feed(rulebook(step_gap=4))
    f.enter("2021-01-05")
    before = {rule: f.due(rule) for rule in ("contacts-monthly", "step-gap", "parcours-length", "progress-review")}
    f.add("exit_proposed", "2021-01-20", outcome="other", reason="move")
    same({rule: f.due(rule) for rule in before}, before)
    same((f.answer()["state"], f.due("exit-decision")), ("exit_proposed", ("2021-02-20", "2021-02-21")))
    f.add("exit_withdrawn", "2021-01-21")
    same(f.due("exit-decision"), None)
    f.add("exit_proposed", "2021-01-31", outcome="other", reason="move", session_day="2021-03-14")
    same(f.due("exit-decision"), ("2021-03-14", "2021-03-15"))


@case
def a_request_that_names_no_session_keeps_nothing_open():
    f = Feed()
    f.enter("2018-01-10")
    f.add("extension_requested", "2019-07-02")
    same((f.due("parcours-length"), f.due("extension-decision")), (("2019-07-10", "2019-07-11"),) * 2)
    same(f.marks(f.add("offer_placed", "2019-07-11"))["parcours-length"], REFUSED)
    granted = f.add("extension_decided", "2019-07-12", granted=True)
    same((f.marks(granted), f.answer()["limit"]), ({}, "2020-01-10"))


@case
def contacts_by_month_in_employment():
    f = Feed(book("saint-quentin-2012"))
    f.enter("2012-03-01")
    f.add("contact_recorded", "2012-04-02", channel="telephone")
    job(f, "2012-04-16")
    same(f.due("contacts-in-employment"), ("2012-05-31", "2012-05-15"))
    f.add("contact_recorded", "2012-05-15", channel="workplace")
    same(f.due("contacts-in-employment"), ("2012-05-31", "2012-05-24"))
    g = Feed(book("saint-quentin-2012"))
    g.enter("2012-03-01")
    job(g, "2012-04-16")
    same(g.due("contacts-in-employment"), ("2012-04-30", "2012-04-16"))


@case
def no_paper_attests_before_its_date():
    f = Feed(book("saint-quentin-2012", exit_collegial=None))
    f.enter("2011-12-05")
    work = job(f, "2012-01-16")
    for month in range(1, 8):
        f.add("evidence_filed", "2012-06-29", evidence="payslip", month=f"2012-{month:02}", employment=work)
    f.add("exit_proposed", "2012-06-29", outcome="positive", criterion="employment")
    same(f.due("exit-payslips"), ("2012-06-29", "2012-06-29"))
    f.add("contact_recorded", "2012-07-01", channel="telephone")
    same(f.due("exit-payslips"), None)


@case
def what_is_told_twice_counts_once():
    f = Feed()
    f.enter("2018-01-02")
    work = job(f, "2018-02-01", purpose="step", kind="temporary")
    def worked(first, last):
        return f.add("hours_recorded", "2018-03-05", employment=work, from_day=first, until_day=last, hours=20)
    worked("2018-02-01", "2018-02-14")
    same(f.marks(worked("2018-02-14", "2018-02-20")), {"told-once": FLAGGED})
    same(f.marks(worked("2018-02-15", "2018-02-21")), {})           # the second counted nothing
    same(f.marks(f.add("employment_ended", "2018-03-06", employment=work)), {})
    same(f.marks(f.add("employment_ended", "2018-03-07", employment=work)), {"told-once": FLAGGED})


@case
def days_that_contradict_each_other():
    f = Feed()
    f.enter("2018-08-31")
    letter = f.add("letter_sent", "2019-02-01", letter="invitation")
    back = f.add("letter_returned", "2019-01-31", {"recorded_on": "2019-02-05"}, letter=letter)
    same(f.marks(back), {"days-in-order": FLAGGED})
    same(f.answer(as_of="2019-01-31")["marks"], [])                 # on that day no letter was sent yet
    same(f.marks(f.add("letter_returned", "2019-02-01", {"recorded_on": "2019-02-05"}, letter=letter)), {})
    same(f.marks(f.add("employment_started", "2019-03-04", kind="cdd", purpose="step", planned_end="2019-03-03")), {"days-in-order": FLAGGED})


@case
def hours_that_a_week_may_hold_and_grants_that_a_training_may_cost():
    f = Feed()
    f.enter("2018-01-02")
    def worked(first, last, hours):
        return f.marks(f.add("hours_recorded", "2018-03-05", from_day=first, until_day=last, hours=hours))
    same(worked("2018-02-05", "2018-02-11", 60), {})
    same(worked("2018-02-12", "2018-02-13", 17.15), {"hours-plausible": FLAGGED})
    request = f.add("training_requested", "2018-04-02", cost_cents=100000, cofunded_cents=40000)
    for document in ("request", "prescription", "quote"):
        f.add("training_document_filed", "2018-04-02", request=request, document=document)
    told = {"request": request, "outcome": "granted", "session_members": 2, "session_kind": "training"}
    same(f.marks(f.add("training_decided", "2018-04-03", granted_cents=60000, **told)), {})
    same(f.marks(f.add("training_decided", "2018-04-04", granted_cents=60001, **told)), {"fund-within-cost": REFUSED})
