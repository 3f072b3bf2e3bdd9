"""A participant's standing events, folded one by one: what each leaves behind, what is marked, what was settled late.

A fold never changes: the next event makes another one, which is kept with it. So two questions whose events begin alike
(as of two days, as known at two instants) share what they have in common.
"""
from bisect import bisect_right

from days import FIRST
from deadlines import deadlines
from judge import marks
from parcours import Parcours, apply


class Fold:
    def __init__(self, p, regimes):
        self.p, self.regimes = p, regimes
        self.event = None               # the last one
        self.turn = 0
        self.own_marks = []             # of the last one
        self.marks, self.late = [], []  # of all
        self.open = {}
        self.following = {}
        self.shown = {}                 # what it says of itself, by the day on which it is asked

    def then(self, event, book):
        after = Fold(apply(self.p, event, book), self.regimes)
        after.event, after.turn = event, event.turn
        after.own_marks = marks(self.p, event, book)
        after.marks = self.marks + after.own_marks
        after.open = deadlines(after.p, self.regimes)
        after.late = self.late + self.settled(after)
        return after

    def settled(self, after):
        """What was owed and shown already on the day of an event that changed it."""
        event = after.event
        return [{"rule": rule, "due": iso(due), "since": iso(since), "settled_on": iso(event.on), "cause": cause, "settled": event.seq}
                for rule, (due, since, cause) in self.open.items()
                if after.open.get(rule) != (due, since, cause) and event.on >= since]


def iso(d):
    return None if d is None else d.isoformat()


def beginning(log, participant, merged):
    """The fold of no event. Who was merged into another is so on any day."""
    key = participant, merged, len(log.adoptions)
    if key not in log.kept.beginnings:
        log.kept.beginnings[key] = Fold(Parcours(stage="merged" if merged else "nobody"), log.regimes)
    return log.kept.beginnings[key]


class Path:
    """The fold of no event, of the first, of the first two..."""

    def __init__(self, log, participant, count=None):
        every = log.events(participant)
        events = every if count is None else every[:count]
        file = {e.seq: e for e in events}
        filed = {}                      # on a day: judged as if filed before whatever else happened that day
        for piece in events:
            if piece.name == "evidence_filed":
                filed[piece.on] = filed.get(piece.on, ()) + ((piece.seq, piece.correction),)
        self.folds = [beginning(log, participant, any(e.name == "participant_merged" for e in every))]
        self.days = [e.on for e in events]
        self.named = [FIRST]            # the latest day of an event that one of the first, of the first two... names
        for turn, event in enumerate(events, 1):
            named = [file[seq] for seq in event.numbers if seq in file] if event.numbers else ()
            key = event.seq, event.correction, filed.get(event.on), tuple([e.correction for e in named]) if named else ()
            following = self.folds[-1].following
            if key not in following:
                following[key] = self.folds[-1].then(event.coming(turn, file), log.judging(event))
            self.folds.append(following[key])
            self.named.append(max(self.named[-1], *[e.on for e in named]) if named else self.named[-1])


def path_of(log, participant):
    if participant not in log.paths:
        log.paths[participant] = Path(log, participant)
    return log.paths[participant]


def folds(log, participant):
    return path_of(log, participant).folds


def fold(log, participant, as_of=None):
    """Of all events, or of those that happened by a day: as it was on the way, unless one of these names what happened later."""
    path = path_of(log, participant)
    if as_of is None:
        return path.folds[-1]
    count = bisect_right(path.days, as_of)
    if path.named[count] <= as_of:
        return path.folds[count]
    if (participant, count) not in log.paths:
        log.paths[participant, count] = Path(log, participant, count)
    return log.paths[participant, count].folds[-1]
