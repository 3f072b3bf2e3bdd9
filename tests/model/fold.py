"""A participant's standing events, folded one by one: what each leaves behind, what is marked, what was settled late.

A fold never changes: the next event makes another one, which is kept with it. So two questions whose events begin alike
(as of two days, as known at two instants) share what they have in common.
"""
from bisect import bisect_left, bisect_right

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
        self.life = None                # what figures count of it, once they were asked for

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

    def __init__(self, log, participant, count=None, like=None):
        every = log.events(participant)
        self.events = every if count is None else every[:count]
        self.file = {e.seq: e for e in self.events}
        self.filed = {}                 # on a day: judged as if filed before whatever else happened that day
        for piece in self.events:
            if piece.name == "evidence_filed":
                self.filed[piece.on] = self.filed.get(piece.on, ()) + ((piece.seq, piece.correction),)
        self.folds = [beginning(log, participant, any(e.name == "participant_merged" for e in every))]
        self.days = [e.on for e in self.events]
        self.named = [FIRST]            # the latest day of an event that one of the first, of the first two... names
        self.naming = {}                # which event is the first to name another, were it not there
        if like is not None and like.folds[0] is self.folds[0]:
            self.begin_like(like)
        for turn, event in enumerate(self.events[len(self.folds) - 1:], len(self.folds)):
            self.go_on(turn, event, log)

    def begin_like(self, other):
        """With all that both begin with, but for what the rest of either could change."""
        common = next((i for i, (a, b) in enumerate(zip(self.events, other.events)) if a is not b), min(len(self.events), len(other.events)))
        for event in self.events[common:] + other.events[common:]:
            common = min(common, other.naming.get(event.seq, common))
            if event.name == "evidence_filed":
                common = min(common, bisect_left(other.days, event.on))
        self.folds, self.named = other.folds[:common + 1], other.named[:common + 1]
        self.naming = {seq: i for seq, i in other.naming.items() if i < common}

    def go_on(self, turn, event, log):
        named = [self.file[seq] for seq in event.numbers if seq in self.file] if event.numbers else ()
        for seq in event.numbers:
            self.naming.setdefault(seq, turn - 1)
        key = event.seq, event.correction, self.filed.get(event.on), tuple([e.correction for e in named]) if named else ()
        following = self.folds[-1].following
        if key not in following:
            following[key] = self.folds[-1].then(event.coming(turn, self.file), log.judging(event))
        self.folds.append(following[key])
        self.named.append(max(self.named[-1], *[e.on for e in named]) if named else self.named[-1])


def path_of(log, participant):
    if participant not in log.paths:
        log.paths[participant] = log.kept.paths[participant] = Path(log, participant, like=log.kept.paths.get(participant))
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
