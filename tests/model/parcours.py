"""What a participant's events leave behind: plain lists of what happened, and the state read from them.

What was before an event stays as it was: a list, a set, a step or a job is never changed in place, another takes its place.
"""
from days import add_days, add_months, ordinals
from person import Person
from spans import Span, Step

BEFORE_ENTRY = ("oriented", "in_diagnosis", "proposed", "deferred")


class Parcours:
    def __init__(self, number=0, stage="nobody", person=None):
        self.number, self.stage = number, stage
        self.person = person or Person()
        self.events = {}                # of this parcours, by kind, in the order of the fold
        self.prescriber = self.referent = None
        self.decided = None             # accepted decision: (day, seq)
        self.answered = None            # accepted, refused or not entered: (day, seq)
        self.told = []                  # days the prescriber was told
        self.contract = self.transmitted = False
        self.start = self.start_seq = None
        self.diagnosis_agreed = None    # of the last diagnosis
        self.informed = None            # of the conditions, by the last diagnosis that tells
        self.checks = {}                # criterion: the validity and the piece of its own last check
        self.misses = []                # since the prescriber was last told: (day, seq)
        self.contacts, self.letters, self.reviews = [], {}, []
        self.change = None              # last change without a relay: (day, seq)
        self.steps, self.offers = {}, {}
        self.jobs, self.businesses, self.trainings, self.situations = {}, {}, {}, {}
        self.hours, self.qualifications, self.evidence = [], [], {}
        self.request, self.extensions = None, 0
        self.suspended, self.suspensions, self.resumed = None, [], None
        self.proposal = None
        self.withdrawn = 0              # turn of the last withdrawal
        self.exit_decided = self.exited_on = self.effective_on = self.exit_seq = None
        self.on = None                  # the day of the last event
        self.read = {}                  # the states, once they were asked

    # ---- what is read from the lists

    def happened(self, kind):
        return self.events.get(kind, ())

    def criteria_on(self, on):
        """The criteria of eligibility that were checked, and are valid on a day."""
        return {word for word, check in self.checks.items() if check["until"] is None or check["until"] >= on}

    def state(self):
        return "exit_proposed" if self.stage == "started" and self.proposal else self.followed_as()

    def followed_as(self):
        """Somebody whose exit is proposed is followed as if it were not, until the session decides."""
        if "followed_as" not in self.read:
            self.read["followed_as"] = self.state_without_proposal()
        return self.read["followed_as"]

    def state_without_proposal(self):
        if self.stage != "started":
            return self.stage
        if self.consolidations_open():
            return "in_consolidation"
        if any(t.is_open() for t in self.trainings.values()):
            return "in_training"
        if any(s.is_open() and s.kind == "qualifying_training" for s in self.steps.values()):
            return "in_training"
        return "suspended" if self.suspended else "active"

    def employments(self):
        """Jobs, each as what it is and as what it was before it became something else."""
        if "employments" not in self.read:
            self.read["employments"] = [stretch for job in self.jobs.values() for stretch in job.stretches()]
        return self.read["employments"]

    def consolidations(self):
        return [j for j in self.employments() if j.details.get("purpose") == "consolidation"]

    def shown_on(self, today):
        """The day on which what is open would end, for the limit that is shown: none when nothing is open, or once it is over."""
        return today if self.stage == "started" and self.consolidations_open() else None

    def consolidations_open(self):
        return [j for j in self.consolidations() if j.is_open()]

    def open_steps(self):
        return [s for s in self.steps.values() if s.is_open()]

    def occupations(self):
        found = [s for s in self.steps.values() if s.start is not None]
        for spans in (self.jobs, self.businesses, self.trainings, self.situations):
            found += spans.values()
        return found

    def occupied(self):
        return any(o.is_open() for o in self.occupations())

    def last_occupied(self):
        return max((o.end for o in self.occupations() if o.end is not None), default=None)

    def last_review(self, kind):
        """Last review of a kind since the start; (day, seq) of the start when there is none."""
        for review in reversed(self.reviews):
            if review.get("review") == kind and review.on >= self.start:
                if kind != "plie" or review.get("with_plie") is True:
                    return review.on, review.seq
        return self.start, self.start_seq

    def uncounted(self, book, today=None):
        """Days of ended consolidations, six months each at most, and of ended suspensions where they are uncounted. What is open
        counts as if it ended today, when a day is given: only to be shown."""
        days = set()
        for job in self.consolidations():
            end = job.end or today
            if end is not None:
                first = job.start if self.start is None else max(job.start, self.start)
                days.update(ordinals(first, min(end, add_days(add_months(job.start, 6), -1))))
        if book.on("suspension") and book.value("suspension") == "uncounted":
            for first, resumed in self.suspensions:
                days.update(ordinals(first, add_days(resumed, -1)))
        return len(days)

    def limit(self, book, today=None, extensions=None):
        if self.start is None or not book.on("parcours-length"):
            return None
        months = book.number("parcours-length")
        if book.on("parcours-extension"):
            months += book.number("parcours-extension") * (self.extensions if extensions is None else extensions)
        return add_days(add_months(self.start, months), self.uncounted(book, today))

    def open_until(self, book):
        """A request that names its session keeps the parcours open until then, never beyond the day the extension could reach."""
        limit = self.limit(book)
        if limit is None or self.request is None or self.request["session_day"] is None:
            return limit
        return max(limit, min(self.request["session_day"], self.limit(book, extensions=self.extensions + 1)))

    # ---- what an event adds

    def add(self, where, one):
        setattr(self, where, getattr(self, where) + [one])

    def put(self, where, key, one):
        setattr(self, where, {**getattr(self, where), key: one})

    def own(self, where, key):
        """Another of the same in its place, which may be changed."""
        twin = another(getattr(self, where)[key])
        self.put(where, key, twin)
        return twin

    def begin(self, event):
        self.stage, self.start, self.start_seq = "started", event.on, event.seq

    def may_be_decided(self):
        return self.start is None and self.stage not in ("nobody", "exited", "merged", "erased")

    def decide(self, event, book):
        if not self.may_be_decided():
            return
        outcome = event.get("outcome")
        if outcome == "deferred":
            self.stage, self.answered = "deferred", None        # whatever was answered before, nothing is any more
            return
        self.answered = (event.on, event.seq)
        if outcome == "refused":
            self.stage = "refused"
            return
        self.stage, self.decided = "admitted", (event.on, event.seq)
        if book.value("parcours-start") == "decision" and book.on("parcours-start"):
            self.begin(event)
        elif self.contract:
            self.begin(event)

    def sign(self, event):
        """Whoever is admitted and signs begins, whatever the rulebook says of the start: nothing else could begin it any more."""
        self.contract = True
        if self.stage == "admitted":
            self.begin(event)

    def start_step(self, event):
        step = self.steps.get(event.get("step"))
        if step is None or step.start is not None or step.closed:
            return
        step = self.own("steps", step.seq)
        step.start, step.start_seq = event.on, event.seq
        step.rhythm, step.contacts_wanted = event.get("interviews_a_month"), event.get("contacts_a_month")
        step.planned_end = event.day("planned_end") or step.planned_end
        step.contacts_before = len(self.contacts)

    def close_step(self, event):
        step = self.steps.get(event.get("step"))
        if step is None or step.closed:
            return
        step = self.own("steps", step.seq)
        step.closed, step.end, step.end_seq = True, event.on, event.seq
        step.ended = event.name == "step_ended"
        step.never_was = event.name in ("step_refused", "step_not_started")
        step.evaluated_together = step.evaluated_together or (step.ended and event.get("participant_present") is True)
        step.has_result = step.has_result or event.get("result") is not None

    def review_step(self, event):
        if event.get("step") not in self.steps:
            return
        step = self.own("steps", event.get("step"))
        step.has_result = step.has_result or event.get("result") is not None
        if event.get("review") == "closing" and event.get("participant_present") is True:
            step.evaluated_together = True
        if event.get("referent_present") is True:
            step.received = step.received or event.get("review") == "reception"
            step.reviewed_at_end = step.reviewed_at_end or event.get("review") == "closing"

    def change_job(self, event):
        if event.get("employment") in self.jobs:
            job = self.own("jobs", event.get("employment"))
            if job.becomes_another(event):
                if job.end is not None and job.end < event.on:
                    return          # it was over: nothing begins any more
                job.turn_into_another(event)
            told = {field: event.get(field) for field in ("kind", "weekly_hours", "purpose", "planned_end")}
            job.details = {**job.details, **{field: value for field, value in told.items() if value is not None}}

    def end_span(self, where, event, field):
        span = getattr(self, where).get(event.get(field))
        if span is not None and span.end is None:
            span = self.own(where, span.seq)
            span.end, span.end_seq = event.on, event.seq

    def told_before(self, event):
        """Hours of the same job (or of none that is named) on a day in common, that count."""
        return any(e.get("employment") == event.get("employment") and e.day("from_day") <= event.day("until_day")
                   and event.day("from_day") <= e.day("until_day") for e in self.hours)

    def work_hours(self, event):
        """What is told twice counts once."""
        if not self.told_before(event):
            self.add("hours", event)

    def judge_evidence(self, event, rejected):
        if event.get("evidence") in self.evidence:
            self.put("evidence", event.get("evidence"), {**self.evidence[event.get("evidence")], "rejected": rejected})

    def check_eligibility(self, event):
        for word in event.get("criteria") or []:
            self.put("checks", word, {"until": event.day("valid_until"), "evidence": event.get("evidence")})

    def request_extension(self, event, book):
        limit = self.limit(book)
        if self.request is None and (limit is None or event.on <= limit or self.consolidations_open()):
            self.request = {"seq": event.seq, "session_day": event.day("session_day")}

    def propose_exit(self, event):
        """Nothing is proposed any more once the exit is pronounced."""
        if self.stage != "exited":
            self.proposal = event

    def withdraw_exit(self, event):
        if self.stage != "exited":
            self.proposal, self.withdrawn = None, event.turn

    def decide_extension(self, event):
        self.request = None
        self.extensions += 1 if event.get("granted") else 0

    def resume(self, event):
        if self.suspended is not None:
            self.add("suspensions", (self.suspended, event.on))
            self.suspended = None
        self.resumed = event.on

    def propose_entry(self):
        if self.stage in BEFORE_ENTRY:
            self.stage = "proposed"

    def diagnose(self, event):
        self.diagnosis_agreed = event.get("agreed") is not False
        if event.get("informed") is not None:
            self.informed = event.get("informed")
        if self.stage == "oriented":
            self.stage = "in_diagnosis"

    def no_entry(self, event):
        if self.stage in BEFORE_ENTRY + ("admitted",):
            self.stage = "not_entered"
            self.answered = (event.on, event.seq)

    def exit(self, event):
        if self.stage in BEFORE_ENTRY + ("admitted", "started"):
            self.stage = "exited"
            self.exit_decided, self.exited_on, self.exit_seq = event, event.on, event.seq
            self.effective_on = event.day("effective_on") or event.on

    def tell(self, event):
        self.add("told", event.on)
        self.misses = []

    def suspend(self, event):
        self.suspended = self.suspended or event.on

    def answer_offer(self, event):
        self.offers = {seq: offer for seq, offer in self.offers.items() if seq != event.get("offer")}

    def return_letter(self, event):
        letter = self.letters.get(event.get("letter"))
        if letter is not None and letter["returned"] is None:       # told twice, it came back once
            self.put("letters", event.get("letter"), {**letter, "returned": event})


def oriented(p, event):
    """An orientation opens a parcours for who has none; otherwise it only names the prescriber. What was recorded of somebody
    before their first orientation happened all the same: it is kept."""
    if p.stage == "nobody":
        p.stage, p.number = "oriented", 1
    elif p.stage in ("exited", "refused", "not_entered"):
        p = Parcours(p.number + 1, "oriented", p.person)
    p.prescriber = event.get("prescriber") or p.prescriber
    return p


def contact_kept(p, event):
    p.add("contacts", event)
    p.letters = {seq: {**letter, "answered": True} if event.on >= letter["on"] else letter for seq, letter in p.letters.items()}


APPLY = {
    "referent_assigned": lambda p, e, b: setattr(p, "referent", e.get("referent")),
    "referent_handed_over": lambda p, e, b: setattr(p, "referent", e.get("referent")),
    "appointment_missed": lambda p, e, b: p.add("misses", (e.on, e.seq)),
    "prescriber_told": lambda p, e, b: p.tell(e),
    "diagnosis_recorded": lambda p, e, b: p.diagnose(e),
    "eligibility_checked": lambda p, e, b: p.check_eligibility(e),
    "entry_proposed": lambda p, e, b: p.propose_entry(),
    "entry_decided": lambda p, e, b: p.decide(e, b),
    "non_entry_recorded": lambda p, e, b: p.no_entry(e),
    "contract_signed": lambda p, e, b: p.sign(e),
    "contract_transmitted": lambda p, e, b: setattr(p, "transmitted", True),
    "contact_recorded": lambda p, e, b: contact_kept(p, e),
    "letter_sent": lambda p, e, b: p.put("letters", e.seq, {"on": e.on, "turn": e.turn, "letter": e.get("letter"), "returned": None, "answered": False}),
    "letter_returned": lambda p, e, b: p.return_letter(e),
    "review_held": lambda p, e, b: p.add("reviews", e),
    "change_recorded": lambda p, e, b: setattr(p, "change", (e.on, e.seq)),
    "relay_found": lambda p, e, b: setattr(p, "change", None),
    "suspension_started": lambda p, e, b: p.suspend(e),
    "suspension_ended": lambda p, e, b: p.resume(e),
    "evidence_filed": lambda p, e, b: p.put("evidence", e.seq, {"event": e, "rejected": False}),
    "evidence_accepted": lambda p, e, b: p.judge_evidence(e, False),
    "evidence_rejected": lambda p, e, b: p.judge_evidence(e, True),
    "extension_requested": lambda p, e, b: p.request_extension(e, b),
    "extension_decided": lambda p, e, b: p.decide_extension(e),
    "step_prescribed": lambda p, e, b: p.put("steps", e.seq, Step(e)),
    "step_refused": lambda p, e, b: p.close_step(e),
    "step_not_started": lambda p, e, b: p.close_step(e),
    "step_started": lambda p, e, b: p.start_step(e),
    "step_reviewed": lambda p, e, b: p.review_step(e),
    "step_ended": lambda p, e, b: p.close_step(e),
    "step_abandoned": lambda p, e, b: p.close_step(e),
    "offer_placed": lambda p, e, b: p.put("offers", e.seq, e.on),
    "offer_answered": lambda p, e, b: p.answer_offer(e),
    "employment_started": lambda p, e, b: p.put("jobs", e.seq, Span(e)),
    "employment_renewed": lambda p, e, b: p.change_job(e),
    "employment_amended": lambda p, e, b: p.change_job(e),
    "employment_ended": lambda p, e, b: p.end_span("jobs", e, "employment"),
    "hours_recorded": lambda p, e, b: p.work_hours(e),
    "business_started": lambda p, e, b: p.put("businesses", e.seq, Span(e)),
    "business_ended": lambda p, e, b: p.end_span("businesses", e, "business"),
    "qualification_obtained": lambda p, e, b: p.add("qualifications", e),
    "long_training_started": lambda p, e, b: p.put("trainings", e.seq, Span(e)),
    "long_training_ended": lambda p, e, b: p.end_span("trainings", e, "training"),
    "chosen_situation_started": lambda p, e, b: p.put("situations", e.seq, Span(e)),
    "chosen_situation_ended": lambda p, e, b: p.end_span("situations", e, "situation"),
    "exit_proposed": lambda p, e, b: p.propose_exit(e),
    "exit_withdrawn": lambda p, e, b: p.withdraw_exit(e),
    "exit_decided": lambda p, e, b: p.exit(e),
}


def another(thing):
    twin = thing.__class__.__new__(thing.__class__)
    twin.__dict__.update(thing.__dict__)
    return twin


def apply(before, event, book):
    """The parcours after an event."""
    p = another(before)
    p.read, p.person = {}, another(before.person)
    p.person.note(event, book)
    if event.name == "participant_oriented":
        p = oriented(p, event)
    elif event.name == "participant_erased":
        p.stage = "erased"
    elif event.name == "participant_merged" and p.stage != "erased":
        p.stage = "merged"
    elif event.name in APPLY:
        APPLY[event.name](p, event, book)
    p.put("events", event.name, p.happened(event.name) + (event,))
    p.on, p.read = event.on, {}
    return p
