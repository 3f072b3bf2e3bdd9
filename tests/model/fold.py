"""A participant's standing events, folded one by one: what each leaves behind, what is marked, what was settled late.

A fold never changes: the next event makes another one, which is kept with it. So two questions whose events begin alike
(as of two days, as known at two instants) share what they have in common.
"""
from bisect import bisect_right

from deadlines import deadlines
from judge import marks
from parcours import Parcours, apply, copied


class Fold:
    def __init__(self, p, regimes):
        self.p, self.regimes = p, regimes
        self.event = None               # the last one
        self.turn = 0
        self.own_marks = []             # of the last one
        self.marks, self.late = [], []  # of all
        self.open = {}
        self.following = {}

    def then(self, event, book):
        after = Fold(apply(copied(self.p), event, book), self.regimes)
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
                for rule, (due, since, cause) in sorted(self.open.items())
                if after.open.get(rule) != (due, since, cause) and event.on >= since]


def iso(d):
    return None if d is None else d.isoformat()


def beginning(log, participant, merged):
    """The fold of no event. Who was merged into another is so on any day."""
    key = participant, merged, len(log.adoptions)
    if key not in log.kept.beginnings:
        log.kept.beginnings[key] = Fold(Parcours(stage="merged" if merged else "nobody"), log.regimes)
    return log.kept.beginnings[key]


def folds(log, participant, as_of=None):
    """The fold of no event, of the first, of the first two... of those that happened by a day."""
    every = log.events(participant)
    events = every if as_of is None else every[:bisect_right(every, as_of, key=lambda e: e.on)]
    if (participant, len(events)) not in log.paths:
        file = {e.seq: e for e in events}
        filed = {}                      # on a day: judged as if filed before whatever else happened that day
        for piece in events:
            if piece.name == "evidence_filed":
                filed[piece.on] = filed.get(piece.on, ()) + ((piece.seq, piece.correction),)
        path = [beginning(log, participant, any(e.name == "participant_merged" for e in every))]
        for turn, event in enumerate(events, 1):
            named = tuple(file[seq].correction for seq in event.numbers if seq in file) if event.numbers else ()
            key = event.seq, event.correction, filed.get(event.on), named
            following = path[-1].following
            if key not in following:
                following[key] = path[-1].then(event.coming(turn, file), log.judging(event))
            path.append(following[key])
        log.paths[participant, len(events)] = path
    return log.paths[participant, len(events)]


def fold(log, participant, as_of=None):
    return folds(log, participant, as_of)[-1]
