"""Figures, recounted from the events: each parcours of each person as a row with its bounds and its exit, who followed when."""
from days import day
from exits import counting
from fold import folds
from rules_exit import BY_ONE_JOB, EXIT_PIECES, effective
from rules_told import STEP_ENDS

OF_A_JOB = {"employment_contract", "payslip", "employer_certificate", "hours_statement"}
OF_A_TRAINING = {"training_entry", "training_certificate", "diploma"}
FAMILIES = {    # the pieces that prove a positive exit, by its criterion
    **dict.fromkeys(("employment", "aided_contract", "senior_insertion", "hours", "temporary", "fixed_term"), OF_A_JOB),
    **dict.fromkeys(("qualification", "long_training"), OF_A_TRAINING),
    "business": {"business_registration", "activity_proof"},
    "atypical": EXIT_PIECES,
}
NAMES = ("caseload", "entries", "exits", "positive_exits", "refusals", "contacts", "steps_started", "steps_ended")


class Row:
    """One parcours."""

    def __init__(self, opened=None):
        self.opened = opened            # by a return; the first one holds what was told before any orientation, too
        self.start = self.exit = self.gone = None
        self.refused = self.refusal_replaced = None     # a later decision of the same parcours replaces a refusal
        self.closed = None              # last day that belongs to it, once the person came back
        self.positive = False           # pronounced positive, and founded
        self.criterion, self.jobs = None, set()     # by which it is positive; the jobs that count for it
        self.pieces, self.verdicts = {}, []     # piece: as filed; (day, piece, accepted)

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
        left = self.exit or self.gone
        return self.start is not None and self.start <= on and (left is None or on <= left)


class Life:
    """All parcours of one person, the référents, and the days of what was done."""

    def __init__(self, path, log):
        self.rows, self.tenures, self.done = [Row()], [], []
        self.begun, self.over = set(), set()        # steps: what is told twice counts once
        for before, after in zip(path, path[1:]):
            self.note(after.event, before.p, after.p, log.judging(after.event), founded=not any(m["unfounded"] for m in after.own_marks))

    def note(self, event, before, p, book, founded):
        stage, start = before.stage, before.start
        if p.number != before.number and before.number != 0:
            self.rows[-1].closed = self.rows[-1].exit or (before.answered and before.answered[0])
            self.rows.append(Row(event.on))
        row = self.rows[-1]
        if p.start is not None and p.start != start:
            row.start = p.start
        if p.stage == "refused" and stage != "refused":
            row.refused, row.refusal_replaced = event.on, None
        if p.stage != "refused" and row.refused is not None and row.refusal_replaced is None:
            row.refusal_replaced = event.on
        if p.stage == "exited" and stage != "exited":
            row.exit, row.positive = event.on, event.get("outcome") == "positive" and founded
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
        if event.name == "contact_recorded":
            self.done.append(("contacts", event.on))
        if event.name == "step_started" and event.get("step") not in self.begun | self.over:
            self.done.append(("steps_started", event.on))
            self.begun.add(event.get("step"))
        if event.name in STEP_ENDS and event.get("step") not in self.over:
            self.over.add(event.get("step"))
            if event.name in ("step_ended", "step_abandoned"):
                self.done.append(("steps_ended", event.on))

    def referent(self, on, as_of):
        """Of the parcours that the day belongs to; somebody who came back later had not come back yet."""
        rows = [r for r in self.rows if r.opened is None or as_of is None or r.opened <= as_of]
        row = next((r for r in rows[:-1] if r.closed is not None and on <= r.closed), rows[-1])
        who = None
        for of, since, referent in self.tenures:
            if of is row and since <= on and (as_of is None or since <= as_of):
                who = referent
        return who

    def counted(self, until, as_of):
        """(figure, day) of everything that counts until a day, as of another."""
        end = until if as_of is None else min(until, as_of)
        found = [(figure, on) for figure, on in self.done if on <= end]
        if any(r.holds(end) if r.closed is None or r.start is None else r.start <= end <= r.closed for r in self.rows):
            found.append(("caseload", end))
        for row in self.rows:
            if row.start is not None and row.start <= end:
                found.append(("entries", row.start))
            if row.refused is not None and row.refused <= end and (row.refusal_replaced is None or row.refusal_replaced > end):
                found.append(("refusals", row.refused))
            if row.exit is not None and row.exit <= end:
                found.append(("exits", row.exit))
                if row.positive and row.accepted(as_of):
                    found.append(("positive_exits", row.exit))
        return found


def lives(log):
    for participant in log.participants():
        path = folds(log, participant)
        if path[-1] not in log.kept.lives:
            log.kept.lives[path[-1]] = Life(path, log)
        yield log.kept.lives[path[-1]]


def figures(log, until, as_of):
    counts = {name: [0, {}] for name in NAMES}
    for life in lives(log):
        for name, on in life.counted(until, as_of):
            counts[name][0] += 1
            who = life.referent(on, as_of) or "-"
            counts[name][1][who] = counts[name][1].get(who, 0) + 1
    return counts


def figure_differences(log, line):
    mine = figures(log, day(line["question"]["figures"]), day(line["question"].get("as_of")))
    return [("PLIE", "figure " + name, mine[name], line["figures"].get(name)) for name in NAMES if mine[name] != line["figures"].get(name)]
