"""What follows from something in a random life, on the days that rules count: a job and the exit by it, a funded training and its
documents, immersions at one host, a letter and its silence. Each thread tells its beginning and plans the rest."""

EXIT_BY = {
    "cdi": ["employment"], "cdd": ["employment", "fixed_term"], "seasonal": ["fixed_term", "hours"], "temporary": ["temporary", "hours"],
    "etti": ["temporary", "hours"], "aided_non_market": ["aided_contract"], "aided_market": ["aided_contract"], "iae_aci": ["senior_insertion"],
}
SERVED_DAYS = [28, 29, 30, 31, 58, 59, 60, 90, 91, 92, 180, 181, 182, 183, 184, 185]


class Threads:
    """Mixed into a Life, which has `later(days, function)`."""

    def work(self, p):
        kind = self.dice.choice(sorted(EXIT_BY))
        months_ahead = self.dice.choice([30, 59, 90, 180, 181, 182, 183, 364])
        self.tell("start_employment", p, "kind=" + kind, "purpose=" + self.dice.choice(["step", "consolidation", "consolidation"]),
                  self.maybe(0.9, "weekly_hours=" + self.dice.choice(["35", "20", "17.5", "17.49"])), self.flag("participant_agrees", 0.4),
                  self.maybe(0.3, "market=M1"), self.maybe(0.6, "planned_end=" + self.near(-months_ahead, months_ahead)), kind="job")
        job = self.labels[p, "job"][-1]
        served = self.dice.choice(SERVED_DAYS)
        if self.often(0.4):
            self.later(self.dice.choice([0, 1, 27, 28, 30, 60]), lambda: self.became(p, job))
        if self.often(0.6):
            self.later(self.dice.randint(10, 40), lambda: self.tell("record_contact", p, "channel=" + self.dice.choice(["workplace", "telephone"]),
                                                                      "topic=" + self.dice.choice(["employment", "post_iae"])))
        if self.often(0.3):
            self.later(self.dice.choice([d for d in SERVED_DAYS if d <= served]), lambda: self.tell("end_employment", p, "employment=" + job))
        if self.often(0.4):
            self.later(max(served - 20, 1), lambda: self.paid(p, job))
        self.later(served, lambda: self.left_by(p, self.dice.choice(EXIT_BY[kind])))

    def became(self, p, job):
        """What is amended counts from that day, or changes nothing of what the job is."""
        self.tell("amend_employment", p, "employment=" + job, self.dice.choice(
            ["kind=cdi", "kind=cdd", "kind=cdi purpose=consolidation", "purpose=consolidation", "purpose=step", "kind=iae_aci", "kind=aided_non_market weekly_hours=35",
             "kind=temporary purpose=step", "weekly_hours=35", "weekly_hours=10"]))
        if self.often(0.3):
            self.later(self.dice.choice([0, 1, 29, 31]), lambda: self.became(p, job))

    def paid(self, p, job):
        for days in (0, 31, 62, 93, 124, 155, 186):
            if self.often(0.9):
                self.tell("file_evidence", p, "evidence=payslip month=" + self.near(days, -days)[:7], self.maybe(0.5, "employment=" + job), kind="evidence")

    def chosen(self, p):
        """A business, a long training, a chosen situation, a qualification: and the exit by it."""
        command, criterion, words = self.dice.choice([
            ("start_business", "business", None), ("start_chosen_situation", "atypical", None), ("obtain_qualification", "qualification", "rncp=RNCP12"),
            ("obtain_qualification", "qualification", 'title="CAP"'), ("start_long_training", "long_training", "rncp=RNCP12"),
            ("start_long_training", "long_training", None)])
        self.tell(command, p, words)
        self.later(self.dice.choice(SERVED_DAYS), lambda: self.left_by(p, criterion))

    def left_by(self, p, criterion):
        how = "outcome=positive criterion=" + criterion
        for evidence in ("employment_contract", "follow_up_record", "training_certificate", "hours_statement", "business_registration"):
            if self.often(0.4):
                self.tell("file_evidence", p, "evidence=" + evidence, self.maybe(0.8, "dated=" + self.near(20, 0)),
                          self.maybe(0.4, "employment=" + self.label(p, "job")), kind="evidence")
            if self.often(0.3):
                self.later(self.dice.choice([0, 3, 20]), lambda: self.tell("accept_evidence", p, "evidence=" + self.label(p, "evidence")))
        if self.often(0.5):
            self.tell("hold_review", p, "review=closing", self.flag("signed"))
        self.tell("propose_exit", p, how, self.flag("participant_agrees", 0.7), self.maybe(0.5, "session=S3"))
        self.later(self.dice.choice([0, 0, 1, 2, 14, 16]), lambda: self.pronounced(p, how))
        if self.often(0.5):
            self.later(self.dice.choice([29, 30, 60]), lambda: self.situation(p))

    def pronounced(self, p, how):
        session = self.session(self.near(1, 0)) if self.often(0.4) else "S3"
        self.tell("decide_exit", p, how, self.flag("case_by_case", 0.7), self.maybe(0.8, "session=" + session),
                  self.maybe(0.2, "effective_on=" + self.near(self.dice.choice([10, 400]), 10)))

    def given_up(self, p):
        reason = self.dice.choice(["move", "death", "abandonment", "no_news", "rebound", "motivation"])
        how = "outcome=other reason=" + reason
        if reason == "no_news" or self.often(0.2):
            self.tell("send_letter", p, "letter=reminder", kind="letter")
            if self.often(0.3):
                self.later(self.dice.choice([3, 20]), lambda: self.tell("return_letter", p, "letter=" + self.label(p, "letter")))
        days = self.dice.choice([0, 4, 14, 15, 16, 17])
        if self.often(0.5):
            self.later(days, lambda: self.tell("record_relay", p, self.flag("searched", 0.8)))
        if self.often(0.5):
            self.later(days, lambda: self.tell("hold_review", p, "review=closing", self.flag("signed")))
        self.later(days, lambda: self.tell("propose_exit", p, how, self.flag("relay_searched")))
        if self.often(0.3):
            self.later(days + 1, lambda: self.tell("withdraw_exit", p))
            self.later(days + 2, lambda: self.tell("propose_exit", p, how, self.flag("relay_searched", 0.3)))
        self.later(days + self.dice.choice([2, 5, 9]), lambda: self.tell("decide_exit", p, how, self.maybe(0.8, "session=S3")))

    def funded(self, p):
        """A training that is paid for: asked, documented, decided; begun, ended, and documented again."""
        self.tell("prescribe_step", p, "kind=" + self.dice.choice(["training", "qualifying_training"]), "objective_shared=yes contractualised=yes",
                  self.maybe(0.8, "planned_end=" + self.near(-30, 60)), kind="step")
        step = "step=" + self.labels[p, "step"][-1]
        self.tell("request_training", p, "cost_cents=120000", self.maybe(0.8, step), self.flag("cofunding_searched", 0.8), kind="request")
        request = "request=" + self.labels[p, "request"][-1]
        for document in ("request", "prescription", "quote"):
            if self.often(0.8):
                self.tell("file_training_document", p, request, "document=" + document)
        self.later(self.dice.choice([0, 3]), lambda: self.tell("decide_training", p, request, "outcome=" + self.dice.choice(["granted"] * 5 + ["deferred"]),
                                                               "granted_cents=%d" % self.dice.choice([60000, 120000, 120001]),
                                                               self.maybe(0.9, "session=" + self.dice.choice(["S4", "S4", "S4", "S3"]))))
        if self.often(0.8):
            self.later(4, lambda: self.tell("start_step", p, step, self.maybe(0.7, "interviews_a_month=2"), self.maybe(0.5, "contacts_a_month=1")))
        if self.often(0.7):
            self.later(self.dice.choice([20, 40, 70]), lambda: self.tell(self.dice.choice(["end_step"] * 3 + ["drop_step", "abandon_step"]), p, step))
        for document in ("attendance", "invoice", "review"):
            if self.often(0.7):
                self.later(self.dice.choice([50, 71, 80, 100, 101]), lambda document=document: self.tell("file_training_document", p, request, "document=" + document))
        if self.often(0.15):
            self.later(60, lambda: self.tell("decide_training", p, request, "outcome=refused", "session=S4"))

    def stepped(self, p):
        """A step from its prescription to what comes after its end."""
        self.tell("prescribe_step", p, "kind=" + self.pick("step"), self.maybe(0.9, "objective_shared=yes"), self.maybe(0.9, "contractualised=yes"),
                  self.maybe(0.8, "planned_end=" + self.near(-20, 90)), self.maybe(0.5, "function=" + self.pick("function")), kind="step")
        step = "step=" + self.labels[p, "step"][-1]
        self.later(self.dice.choice([0, 2]), lambda: self.tell("start_step", p, step, self.maybe(0.8, "interviews_a_month=%d" % self.dice.randint(0, 3)),
                                                               self.maybe(0.6, "contacts_a_month=%d" % self.dice.randint(0, 3))))
        for days in (5, 20, 35, 50):
            if self.often(0.5):
                self.later(days, lambda: self.tell("record_contact", p, "channel=" + self.pick("channel"), self.flag("signed"), kind="signed"))
        if self.often(0.5):
            self.later(self.dice.choice([6, 16, 17]), lambda: self.tell("review_step", p, step, "review=reception referent_present=yes"))
        ended = self.dice.choice([30, 60, 90])
        if self.often(0.8):
            self.later(ended, lambda: self.tell("end_step", p, step, self.maybe(0.7, "result=met"), self.flag("participant_present", 0.4)))
            self.later(ended + self.dice.choice([0, 3, 15, 16, 20]), lambda: self.tell(
                "review_step", p, step, "review=closing", self.maybe(0.6, "referent_present=yes"), self.flag("participant_present", 0.7), self.flag("signed", 0.4),
                kind="signed"))

    def immersed(self, p):
        """Immersions one after the other at one host, some within a year of each other."""
        host = self.dice.choice(["provider=boulangerie", "provider=garage", "enterprise=E1"])
        at = 0
        for _ in range(self.dice.randint(2, 4)):
            length = self.dice.choice([5, 10, 20, 29, 30, 31])
            self.later(at, lambda length=length: self.one_immersion(p, host, length))
            at += length + self.dice.choice([1, 3, 30, 250])

    def one_immersion(self, p, host, length):
        self.tell("prescribe_step", p, "kind=immersion objective_shared=yes contractualised=yes", host, self.maybe(0.8, "planned_start=" + self.near(0, 3)),
                  "planned_end=" + self.near(1 - length, length), self.maybe(0.7, "function=" + self.pick("function")), kind="step")
        step = "step=" + self.labels[p, "step"][-1]
        if self.often(0.7):
            self.later(self.dice.choice([0, 1, 2]), lambda: self.tell("start_step", p, step, "interviews_a_month=2"))
        if self.often(0.7):
            self.later(self.dice.choice([3, length - 1, length + 2]), lambda: self.tell(self.dice.choice(["end_step", "end_step", "drop_step"]), p, step))

    def never_in(self, p):
        """Somebody who comes back, does not keep appointments, and is told of or not."""
        self.tell("orient", p, self.maybe(0.8, "prescriber=ccas"))
        for days in (3, 8, 15):
            if self.often(0.8):
                self.later(days, lambda: self.tell("miss_appointment", p))
            if self.often(0.3):
                self.later(days + 1, lambda: self.tell("tell_prescriber", p))
        self.later(18, lambda: self.tell("record_non_entry", p, "reason=" + self.dice.choice(["missed", "missed", "other"])))
