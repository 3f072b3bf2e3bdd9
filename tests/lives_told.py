"""What may happen to somebody in a random life: each method tells some of it, in words that the rules look at."""
from datetime import timedelta

from lives_words import BIRTHS, OF_A_JOB, SUMMARIES


class Told:
    """Mixed into a Life, which has the dice, the day, the labels, and `tell`."""

    def maybe(self, chance, word):
        return word if self.often(chance) else None

    def flag(self, name, told=0.5, yes=0.8):
        return self.maybe(told, "%s=%s" % (name, "yes" if self.often(yes) else "no"))

    # ---- from the orientation to the contract

    def entry(self, p, whole=False):
        """From the orientation to the contract, on one day: whole, or with what a hurried référent leaves out."""
        sure, late = (1 if whole else 0), self.lateness
        self.lateness = late * (1 - sure)
        self.tell("orient", p, self.maybe(0.6, "prescriber=ccas"), self.maybe(0.7, "born=" + self.dice.choice(BIRTHS)))
        self.consent(p, "accompaniment", max(sure, 0.8))
        self.consent(p, "publicity", 0.6)
        self.tell("record_diagnosis", p, self.flag("agreed", 0.9, max(sure, 0.9)), self.flag("informed", max(sure, 0.8), max(sure, 0.9)))
        piece = None
        if self.often(max(sure, 0.7)):
            self.tell("file_evidence", p, "evidence=identity", self.maybe(0.3, "valid_until=" + self.near(20 - 20 * sure, 60)),
                      self.maybe(0.3, "dated=" + self.near(20, 5 - 5 * sure)), kind="evidence")
            piece = "evidence=" + self.label(p, "evidence")
        criteria = "rsa,in_territory,work_permit,difficulties,wish,minimum_age" if self.often(max(sure, 0.8)) else self.some("eligibility")
        self.tell("check_eligibility", p, "criteria=" + criteria, self.maybe(max(sure, 0.7), piece), self.maybe(0.2 * (1 - sure), "valid_until=" + self.near(30, 30)))
        if self.often(0.2):
            self.tell("check_eligibility", p, "criteria=" + self.some("eligibility", 2), self.maybe(0.4, "valid_until=" + self.near(30, 30)))
        if self.often(max(sure, 0.7)):
            self.tell("assign_referent", p, "referent=R1")
        self.tell("propose_entry", p, self.maybe(0.1, "reorientation=yes"))
        outcome = "accepted" if whole else self.dice.choice(["accepted"] * 6 + ["refused", "deferred"])
        self.tell("decide_entry", p, "outcome=" + outcome, "session=S1", self.maybe(0.5, "alternative=ccas"))
        if self.often(max(sure, 0.9)):
            self.contract(p)
        self.lateness = late

    def consent(self, p, consent, chance):
        if self.often(chance):
            self.tell("give_consent", p, "consent=" + consent, self.maybe(0.7, "signed=yes"))

    def contract(self, p):
        self.tell("sign_contract", p, self.flag("by_participant", 0.8, 0.9), self.flag("by_referent", 0.7, 0.9), self.flag("by_animation_team", 0.6, 0.9))

    def around_the_entry(self, p):
        how = self.dice.randrange(10)
        if how <= 1:
            self.tell("recommend", p, 'action="aide"', self.maybe(0.4, "by_day=" + self.near(10, 40)), kind="recommendation")
        elif how == 2:
            self.tell("follow_recommendation", p, "recommendation=" + self.label(p, "recommendation"))
        elif how == 3:
            self.tell("record_fse_entry", p, "labour_status=unemployed", self.maybe(0.9, "benefits=" + self.pick("benefits")))
        elif how == 4:
            self.tell("record_mutual_contract", p, self.maybe(0.6, "until_day=" + self.near(20, 120)), self.maybe(0.3, "reviewed_on=" + self.near(5, 0)))
        elif how == 5:
            self.tell(self.dice.choice(["give_consent", "withdraw_consent"]), p, "consent=" + self.pick("consent"))
        elif how == 6:
            self.contract(p)
        elif how == 7:
            self.tell("record_profile", p, "born=" + self.dice.choice(BIRTHS))
        elif how == 8:
            self.tell("record_diagnosis", p, self.flag("agreed"), self.flag("informed"))
        else:
            self.tell("record_non_entry", p, "reason=" + self.dice.choice(["missed", "missed", "employed", "other"]))

    def data(self, p):
        """What the Fund asks for, and the operations it pays."""
        how = self.dice.randrange(6)
        if how <= 1:
            self.tell("record_fse_entry", p, "labour_status=" + self.dice.choice(["unemployed", "inactive"]), self.maybe(0.8, "education=isced_0_2"),
                      self.maybe(0.8, "disability=none third_country=no foreign_background=no minority=prefers_not"), self.maybe(0.8, "homeless=no"),
                      self.maybe(0.3, "qpv=no"), self.maybe(0.4, "benefits=" + self.pick("benefits")))
        elif how == 2:
            self.tell("record_profile", p, self.maybe(0.6, "born=" + self.dice.choice(BIRTHS)), self.maybe(0.8, "sex=F"), self.maybe(0.8, "commune=83137"))
        elif how <= 4:
            self.tell("join_operation", p, "operation=" + self.dice.choice(["O1", "O2", "O3"]))
        else:
            self.tell("leave_operation", p, "operation=" + self.dice.choice(["O1", "O2"]))

    # ---- steps, offers, the training fund

    def step(self, p):
        self.tell("prescribe_step", p, "kind=" + self.pick("step"), self.maybe(0.8, "objective_shared=yes"),
                  self.maybe(0.4, "planned_start=" + self.near(5, 20)), self.maybe(0.7, "planned_end=" + self.near(10, 120)),
                  self.maybe(0.7, "contractualised=yes"), self.maybe(0.4, "provider=" + self.pick("host")), self.maybe(0.2, "enterprise=E1"),
                  self.maybe(0.5, "function=" + self.pick("function")), kind="step")

    def immersion(self, p):
        start = self.today + timedelta(days=self.dice.randint(-5, 20))
        self.tell("prescribe_step", p, "kind=immersion provider=" + self.pick("host"), "objective_shared=yes contractualised=yes",
                  self.maybe(0.8, "planned_start=%s" % start), self.maybe(0.95, "planned_end=%s" % (start + timedelta(days=self.dice.randint(-1, 32)))),
                  self.maybe(0.7, "function=" + self.pick("function")), kind="step")

    def step_goes_on(self, p):
        step = "step=" + self.label(p, "step")
        result = self.maybe(0.6, "result=" + self.dice.choice(["met", "partly", "not_met"]))
        how = self.dice.randrange(8)
        if how <= 2:
            self.tell("start_step", p, step, self.maybe(0.7, "interviews_a_month=%d" % self.dice.randint(0, 3)),
                      self.maybe(0.5, "contacts_a_month=%d" % self.dice.randint(0, 3)), self.maybe(0.2, "planned_end=" + self.near(0, 60)))
        elif how <= 4:
            self.tell("end_step", p, step, result, self.flag("participant_present", 0.4))
        elif how == 5:
            self.tell("review_step", p, step, "review=" + self.dice.choice(["reception", "interim", "closing", "closing"]),
                      self.maybe(0.7, "referent_present=yes"), self.flag("participant_present"), self.flag("signed", 0.4), result)
        else:
            self.tell(self.dice.choice(["abandon_step", "drop_step", "refuse_step"]), p, step)

    def fund(self, p):
        request = "request=" + self.label(p, "request")
        how = self.dice.randrange(7)
        if how <= 1:
            self.tell("request_training", p, "cost_cents=120000", self.flag("cofunding_searched", 0.6),
                      self.maybe(0.3, "cofunded_cents=%d" % self.dice.choice([0, 20000])), self.maybe(0.6, "step=" + self.label(p, "step")), kind="request")
        elif how <= 4:
            self.tell("file_training_document", p, request, "document=" + self.pick("document"))
        else:
            self.tell("decide_training", p, request, "outcome=" + self.dice.choice(["granted"] * 4 + ["refused", "deferred"]),
                      self.maybe(0.9, "granted_cents=%d" % self.dice.choice([60000, 100000, 120000])),
                      self.maybe(0.9, "session=" + self.dice.choice(["S3", "S4", "S4", "S4"])))

    def offer(self, p):
        if self.often(0.5):
            self.tell("place_on_offer", p, kind="offer")
        else:
            self.tell("answer_offer", p, "offer=" + self.label(p, "offer"), "outcome=" + self.pick("answer"), self.maybe(0.6, 'reason="trop loin"'))

    # ---- what lasts

    def job(self, p):
        self.tell("start_employment", p, "kind=" + self.pick("job"), "purpose=" + self.dice.choice(["step", "consolidation"]),
                  self.maybe(0.8, "weekly_hours=" + self.dice.choice(["35", "17.5", "17.49", "20"])), self.flag("participant_agrees", 0.4),
                  self.maybe(0.2, "market=M1"), self.maybe(0.5, "planned_end=" + self.near(-20, 250)), kind="job")

    def job_goes_on(self, p):
        job = "employment=" + self.label(p, "job")
        how = self.dice.randrange(5)
        if how <= 2:
            self.tell("end_employment", p, job)
        elif how == 3:
            self.tell("amend_employment", p, job, self.maybe(0.5, "purpose=" + self.dice.choice(["step", "consolidation"])),
                      self.maybe(0.5, "kind=" + self.pick("job")), self.maybe(0.3, "weekly_hours=24"))
        else:
            self.tell("renew_employment", p, job, self.maybe(0.9, "planned_end=" + self.near(0, 200)))

    def lasting(self, p):
        how = self.dice.randrange(9)
        if how == 0:
            self.tell("start_business", p, kind="business")
        elif how == 1:
            self.tell("end_business", p, "business=" + self.label(p, "business"))
        elif how == 2:
            self.tell("start_long_training", p, self.maybe(0.5, "rncp=RNCP%d" % self.dice.randint(1, 999)), self.maybe(0.3, "specific_employment=yes"), kind="training")
        elif how == 3:
            self.tell("end_long_training", p, "training=" + self.label(p, "training"))
        elif how == 4:
            self.tell("start_chosen_situation", p, kind="situation")
        elif how == 5:
            self.tell("end_chosen_situation", p, "situation=" + self.label(p, "situation"))
        elif how == 6:
            self.tell("obtain_qualification", p, self.maybe(0.8, "rncp=" + self.dice.choice(["RNCP12", "RS12", "345"])))
        else:
            first = self.today - timedelta(days=self.dice.randint(0, 90))
            last = first + timedelta(days=self.dice.randint(0 if self.often(0.9) else -3, 40))
            self.tell("record_hours", p, "from_day=%s until_day=%s hours=%s" % (first, last, self.dice.choice(["35", "151.67", "300", "700.5"])),
                      self.maybe(0.4, "employment=" + self.label(p, "job")))

    # ---- follow-up

    def contact(self, p):
        self.tell("record_contact", p, "channel=" + self.pick("channel"), self.maybe(0.3, "step=" + self.label(p, "step")), self.flag("signed"),
                  self.maybe(0.4, "topic=" + self.pick("topic")), self.maybe(0.5, 'summary="%s"' % self.dice.choice(SUMMARIES)), kind="signed")

    def reviewed(self, p):
        self.tell("hold_review", p, "review=" + self.pick("review"), self.flag("with_plie"), self.flag("with_prescriber", 0.3),
                  self.flag("with_funder", 0.3), self.flag("signed"), kind="signed")

    def signature(self, p):
        self.tell("obtain_signature", p, "event=" + self.label(p, "signed" if self.often(0.9) else "any"))

    def partner(self, p):
        how = self.dice.randrange(6)
        if how == 0:
            self.tell("share_information", p, "structure=ccas items=diagnosis,obstacles")
        elif how == 1:
            self.tell("share_profile", p, "structure=atd")
        elif how == 2:
            self.tell("contact_partner", p, "partner=provider", self.maybe(0.5, "shared=cv"))
        elif how == 3:
            self.tell("report_difficulty", p, "about=partner", kind="difficulty")
        elif how == 4:
            self.tell("answer_difficulty", p, "difficulty=" + self.label(p, "difficulty"))
        else:
            self.tell(self.dice.choice(["give_consent", "give_consent", "withdraw_consent"]), p, "consent=sharing")

    def follow_up(self, p):
        how = self.dice.randrange(9)
        if how <= 1:
            self.tell("record_change", p, "change=" + self.dice.choice(["status", "address"]), self.maybe(0.5, "commune=" + self.dice.choice(["83137", "13055"])),
                      self.maybe(0.3, "benefits=" + self.pick("benefits")))
        elif how == 2:
            self.tell("record_relay", p, self.flag("searched"))
        elif how == 3:
            self.tell("send_letter", p, "letter=" + self.dice.choice(["reminder", "reminder", "information"]), kind="letter")
        elif how == 4:
            self.tell("return_letter", p, "letter=" + self.label(p, "letter"))
        elif how == 5:
            self.tell(self.dice.choice(["suspend", "resume"]), p)
        else:
            self.tell(self.dice.choice(["miss_appointment", "miss_appointment", "keep_appointment", "tell_prescriber", "transmit_contract"]), p)

    def alert(self, p):
        """Seen, or put off: by a month and a day, or less, or to a day that is past."""
        rule = "rule=" + self.pick("alert")
        if self.often(0.3):
            self.tell("acknowledge_alert", p, rule)
        else:
            self.tell("snooze_alert", p, rule, "until_day=" + (self.today + timedelta(days=self.dice.choice([-5, 0, 6, 7, 8, 29, 30, 31, 90]))).isoformat(),
                      'reason="congés"')

    def extension(self, p):
        if self.often(0.5):
            self.tell("request_extension", p, self.maybe(0.6, "session=" + self.dice.choice(["S2", self.session(self.near(0, 500))])))
        else:
            self.tell("decide_extension", p, "granted=" + self.dice.choice(["yes", "no"]))

    # ---- the exit, and after

    def session(self, day):
        """Another one, planned for a day, and held when it has come."""
        self.count += 1
        name = "S%d" % (self.count + 10)
        self.lines.append("  plan_session %s kind=follow_up day=%s" % (name, day))
        if day <= self.today.isoformat():
            self.lines.append("  hold_session %s members=3" % name)
        return name

    def evidence(self, p):
        if self.often(0.7):
            kind = self.pick("evidence")
            month = self.near(120, 10)[:7]
            self.tell("file_evidence", p, "evidence=" + kind, self.maybe(0.6, "dated=" + self.near(30, 5)), self.maybe(0.2, "valid_until=" + self.near(30, 90)),
                      kind == "payslip" and self.maybe(0.95, "month=" + month), self.maybe(0.4 if kind in OF_A_JOB else 0.05, "employment=" + self.label(p, "job")),
                      self.maybe(0.3, "covers_from=%s covers_until=%s" % (self.near(90, 0), self.near(5, 30))), kind="evidence")
        else:
            self.tell(self.dice.choice(["accept_evidence", "reject_evidence"]), p, "evidence=" + self.label(p, "evidence"))

    def exit(self, p):
        positive = self.often(0.6)
        how = ["outcome=positive", self.maybe(0.9, "criterion=" + self.pick("criterion"))] if positive \
            else ["outcome=other", self.maybe(0.9, "reason=" + self.pick("reason"))]
        if self.often(0.5):
            self.tell("propose_exit", p, *how, self.maybe(0.5, "participant_agrees=yes"), self.flag("relay_searched"), self.maybe(0.5, "session=S3"))
        elif self.often(0.8):
            self.tell("decide_exit", p, *how, self.maybe(0.4, "case_by_case=yes"), self.maybe(0.3, "effective_on=" + self.near(20, 20)),
                      self.maybe(0.8, "session=S3"))
        else:
            self.tell("withdraw_exit", p)

    def leaving(self, p):
        """What a référent does of one sitting: the relay, the review, the proposal, the decision."""
        criterion = self.pick("criterion")
        how = "outcome=positive criterion=" + criterion if self.often(0.5) else "outcome=other reason=" + self.pick("reason")
        if self.often(0.7):
            self.tell("hold_review", p, "review=closing signed=yes")
        if self.often(0.5):
            self.tell("file_evidence", p, "evidence=follow_up_record", "dated=" + self.near(5, 0), kind="evidence")
        self.tell("propose_exit", p, how, "participant_agrees=yes", self.maybe(0.8, "relay_searched=yes"))
        session = self.session(self.today.isoformat()) if self.often(0.5) else "S3"
        self.tell("decide_exit", p, how, "case_by_case=yes session=" + session)

    def archive(self, p):
        self.tell("archive_file", p, "where=armoire")

    def situation(self, p):
        self.tell("record_situation", p, "point=" + self.dice.choice(["four_weeks", "six_months"]), "situation=employment")
