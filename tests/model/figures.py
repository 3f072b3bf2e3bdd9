"""Figures, recounted from the events: each parcours of each person as a row with its bounds and its exit, who followed when.

A figure is a sum of contributions (figure, day, numerator, denominator); of a count the denominator is 0.
"""
from bisect import bisect_left, bisect_right

from days import add_months, day, month_first
from deadlines import limit_shown
from exits import counting
from fold import folds
from months import months_owed
from parcours import another
from rules_exit import BY_ONE_JOB, EXIT_PIECES, effective
from rules_told import STEP_ENDS
from rules_training_fund import about, granted

OF_A_JOB = {"employment_contract", "payslip", "employer_certificate", "hours_statement"}
OF_A_TRAINING = {"training_entry", "training_certificate", "diploma"}
FAMILIES = {    # the pieces that prove a positive exit, by its criterion
    **dict.fromkeys(("employment", "aided_contract", "senior_insertion", "hours", "temporary", "fixed_term"), OF_A_JOB),
    **dict.fromkeys(("qualification", "long_training"), OF_A_TRAINING),
    "business": {"business_registration", "activity_proof"},
    "atypical": EXIT_PIECES,
}
COUNTS = ("caseload", "entries", "exits", "positive_exits", "refusals", "contacts", "steps_started", "steps_ended", "near_limit", "enterprises_met")
OF_SO_MANY = ("first_meeting_delay", "decision_delay", "entry_delay", "step_months_kept", "aided_months_kept", "training_granted_rate")
NAMES = COUNTS + OF_SO_MANY
NEAR_MONTHS = 3
MET = ("appointment_kept", "contact_recorded")


class Row:
    """One parcours."""

    def __init__(self, opened=None):
        self.opened = opened            # by a return; the first one holds what was told before any orientation, too
        self.oriented = None            # the day on which it began to be one
        self.start = self.exit = self.effective = self.gone = None
        self.refused = self.refusal_replaced = None     # a later decision of the same parcours replaces a refusal
        self.closed = None              # last day that belongs to it, once the person came back
        self.positive = False           # pronounced positive, and founded
        self.criterion, self.jobs = None, set()     # by which it is positive; the jobs that count for it
        self.pieces, self.verdicts = {}, []     # piece: as filed; (day, piece, accepted)
        self.met = False                # for the first time since the orientation
        self.proposed = None            # the day of the last proposal of entry that waits for its decision: one decision answers it
        self.days, self.states = [], []         # what it was, after each event
        self.next_month = None          # those before are told below, made once
        self.owed, self.owed_last = [], {}      # what whole months contribute; what the last one does, by the last day there

    def forget_months(self, on):
        """Those that an event of a day may change: they are told again when they are asked for."""
        if self.next_month is not None and on < self.next_month:
            self.next_month = month_first(on)
            self.owed = self.owed[:bisect_left(self.owed, on, key=lambda one: one[1])]
        self.owed_last = {}

    def at(self, on):
        """What it was at the end of a day."""
        after = len(self.days) if on is None else bisect_right(self.days, on)
        return self.states[after - 1] if after else None

    def accepted(self, as_of):
        """Some piece that proves an exit was accepted, as things stood at the end of that day."""
        last = {}
        for on, piece, good in self.verdicts:
            if as_of is None or on <= as_of:
                last[piece] = good
        return any(good and self.proves(self.pieces[piece]) for piece, good in last.items())

    def proves(self, piece):
        if piece.get("evidence") not in FAMILIES.get(self.criterion, EXIT_PIECES):      # which way out is not always said
            return False
        return self.criterion not in BY_ONE_JOB or piece.get("employment") is None or piece.get("employment") in self.jobs

    def holds(self, on):
        if self.closed is not None and self.start is not None:
            return self.start <= on <= self.closed
        left = self.exit or self.gone
        return self.start is not None and self.start <= on and (left is None or on <= left)

    def left(self, as_of):
        """The last day in the parcours, as known at the end of a day: no day to come, whatever the decision names."""
        if self.exit is not None and (as_of is None or self.exit <= as_of):
            return min(self.effective, self.exit)
        return self.gone


class Life:
    """All parcours of one person, the référents, and the days of what was done."""

    def __init__(self, log):
        self.rows, self.tenures, self.done = [Row()], [], []
        self.begun, self.over = set(), set()        # steps: what is told twice counts once
        self.regimes, self.in_force = log.regimes, log.in_force
        self.followed, self.sums_of = {}, {}        # made once: who followed on a day, the sums until a day

    def live(self, path, log):
        for before, after in zip(path, path[1:]):
            self.note(after.event, before.p, after.p, log.judging(after.event), founded=not any(m["unfounded"] for m in after.own_marks))

    def note(self, event, before, p, book, founded):
        stage, start = before.stage, before.start
        if p.number != before.number and before.number != 0:
            self.rows[-1].closed = self.rows[-1].exit or (before.answered and before.answered[0])
            self.rows.append(Row(event.on))
        row = self.rows[-1]
        row.forget_months(event.on)
        row.days.append(event.on)
        row.states.append(p)
        if p.number != before.number:
            row.oriented = event.on
        if p.start is not None and p.start != start:
            row.start, row.next_month = p.start, month_first(p.start)
            self.done.append(("entry_delay", p.start, (p.start - row.oriented).days, 1))
        if p.stage == "refused" and stage != "refused":
            row.refused, row.refusal_replaced = event.on, None
        if p.stage != "refused" and row.refused is not None and row.refusal_replaced is None:
            row.refusal_replaced = event.on
        if p.stage == "exited" and stage != "exited":
            row.exit, row.effective, row.positive = event.on, p.effective_on, event.get("outcome") == "positive" and founded
            row.criterion = event.get("criterion")
            row.jobs = counting(before, row.criterion, book, effective(event)) if row.criterion in BY_ONE_JOB else set()
        if event.name == "participant_merged" or (event.name == "participant_erased" and row.gone is None):
            row.gone = event.on
        if event.name in ("referent_assigned", "referent_handed_over"):
            self.tenures.append((row, event.on, event.get("referent")))
        if event.name == "evidence_filed":
            row.pieces[event.seq] = event
        if event.name in ("evidence_accepted", "evidence_rejected") and event.get("evidence") in row.pieces:
            row.verdicts.append((event.on, event.get("evidence"), event.name == "evidence_accepted"))
        self.note_done(event, before, row)

    def note_done(self, event, before, row):
        if event.name == "contact_recorded":
            self.done.append(("contacts", event.on, 1, 0))
        if event.name in MET and row.oriented is not None and not row.met:
            row.met = True
            self.done.append(("first_meeting_delay", event.on, (event.on - row.oriented).days, 1))
        if event.name == "entry_proposed":
            row.proposed = event.on
        if event.name == "entry_decided" and row.proposed is not None:
            if event.get("outcome") != "deferred":
                self.done.append(("decision_delay", event.on, (event.on - row.proposed).days, 1))
            row.proposed = None
        if event.name == "step_started" and event.get("step") not in self.begun | self.over:
            self.done.append(("steps_started", event.on, 1, 0))
            self.begun.add(event.get("step"))
        if event.name in STEP_ENDS and event.get("step") not in self.over:
            self.over.add(event.get("step"))
            if event.name in ("step_ended", "step_abandoned"):
                self.done.append(("steps_ended", event.on, 1, 0))

    def referent(self, on, known):
        """Of the parcours that the day belongs to, among so many; somebody who came back later had not come back yet."""
        if (on, known) not in self.followed:
            rows = self.rows[:known]
            self.followed[on, known] = self.referent_of(next((r for r in rows[:-1] if r.closed is not None and on <= r.closed), rows[-1]), on)
        return self.followed[on, known]

    def referent_of(self, row, on):
        who = [referent for of, since, referent in self.tenures if of is row and since <= on]
        return who[-1] if who else "-"

    def contributions(self, until, as_of):
        """What counts until a day, as of another."""
        end = until if as_of is None else min(until, as_of)
        found = [one for one in self.done if one[1] <= end]
        if any(row.holds(end) for row in self.rows):
            found.append(("caseload", end, 1, 0))
            if any(self.is_near(row, end) for row in self.rows if row.holds(end)):
                found.append(("near_limit", end, 1, 0))
        for row in self.rows:
            if row.start is not None and row.start <= end:
                found.append(("entries", row.start, 1, 0))
            if row.refused is not None and row.refused <= end and (row.refusal_replaced is None or row.refusal_replaced > end):
                found.append(("refusals", row.refused, 1, 0))
            if row.exit is not None and row.exit <= end:
                found.append(("exits", row.exit, 1, 0))
                if row.positive and row.accepted(as_of):
                    found.append(("positive_exits", row.exit, 1, 0))
            found += decided_requests(row.at(end))
        return found

    def months(self, row, until, as_of):
        """What the months of a parcours contribute, that which it ended in too: each is of who followed it."""
        end = until if as_of is None else min(until, as_of)
        return months_owed(row, end, row.left(as_of), self.in_force) if row.start is not None and row.start <= end else []

    def is_near(self, row, end):
        """Past its limit, or at it within three months; while a consolidation is open the limit does not bite."""
        p = row.at(end)
        if p.consolidations_open():
            return False
        limit, _ = limit_shown(p, self.regimes)
        return limit is not None and limit <= add_months(end, NEAR_MONTHS)

    def sums(self, until, as_of):
        """{(figure, référent): [numerator, denominator]}."""
        if (until, as_of) not in self.sums_of:
            sums = self.sums_of[until, as_of] = {}
            known = len(self.rows) if as_of is None else sum(row.opened is None or row.opened <= as_of for row in self.rows)
            for name, on, numerator, denominator in self.contributions(until, as_of):
                add(sums, (name, self.referent(on, known)), numerator, denominator)
            for row in self.rows:
                for name, on, numerator, denominator in self.months(row, until, as_of):
                    add(sums, (name, self.referent_of(row, on)), numerator, denominator)
        return self.sums_of[until, as_of]


def copy_of(life):
    """The same, which lives on by itself."""
    twin = copied(life, ("tenures", "done", "begun", "over"))
    rows = {id(row): copied(row, ("pieces", "verdicts", "days", "states")) for row in life.rows}
    twin.rows = list(rows.values())
    twin.tenures = [(rows[id(row)], since, referent) for row, since, referent in life.tenures]
    twin.followed, twin.sums_of = {}, {}
    return twin


def copied(thing, containers):
    twin = another(thing)
    for name in containers:
        setattr(twin, name, getattr(thing, name).copy())
    return twin


def decided_requests(p):
    """Requests of training funds by their last decision; one that was put off is decided no more."""
    found = []
    for request in p.happened("training_requested") if p else ():
        decisions = about(p, "training_decided", request.seq)
        if decisions and decisions[-1].get("outcome") != "deferred":
            found.append(("training_granted_rate", decisions[-1].on, 1 if granted(decisions[-1]) else 0, 1))
    return found


def visited(events, until, as_of):
    """An enterprise that was met counts once, under the référent of the first visit."""
    end = until if as_of is None else min(until, as_of)
    visits = [e for e in events if e.name == "enterprise_visited" and e.on <= end]
    return {("enterprises_met", visits[0].get("referent")): [1, 0]} if visits else {}


def add(sums, key, numerator, denominator):
    if key in sums:
        sums[key][0] += numerator
        sums[key][1] += denominator
    else:
        sums[key] = [numerator, denominator]


def life(log, participant):
    """The last fold has it; else it goes on from the one that was made before, when this path only goes on, too."""
    path = folds(log, participant)
    if path[-1].life is None:
        before, reached = log.kept.lives.get(participant, (None, None))
        goes_on = before is not None and before < len(path) and path[before] is reached
        path[-1].life = copy_of(reached.life) if goes_on else Life(log)
        path[-1].life.live(path[before:] if goes_on else path, log)
        log.kept.lives[participant] = len(path) - 1, path[-1]
    return path[-1].life


def figures(log, until, as_of):
    """Figure: [count, {référent: count}], or [numerator, denominator, {référent: [numerator, denominator]}]."""
    counts = {**{name: [0, {}] for name in COUNTS}, **{name: [0, 0, {}] for name in OF_SO_MANY}}
    for one in [life(log, p).sums(until, as_of) for p in log.participants()] + [visited(log.events(e), until, as_of) for e in log.enterprises]:
        for (name, who), (numerator, denominator) in one.items():
            counted = counts[name]
            counted[0] += numerator
            if len(counted) == 2:
                counted[1][who] = counted[1].get(who, 0) + numerator
            else:
                counted[1] += denominator
                add(counted[2], who, numerator, denominator)
    return counts


def figure_differences(log, line):
    """Of the figures that the answer has."""
    mine, theirs = figures(log, day(line["question"]["figures"]), day(line["question"].get("as_of"))), line["figures"]
    return [("PLIE", "figure " + name, mine[name], theirs[name]) for name in NAMES if name in theirs and mine[name] != theirs[name]]
