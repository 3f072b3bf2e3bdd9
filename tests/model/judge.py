"""Marks: what does not hold when an event comes, under the rulebook that judges it."""
import functools

import subjects
from log import RULES


def holds(p, event, book, rule):
    """A rule without its value refuses whatever it would have looked at: nothing is held against the rest."""
    if book.waits(rule):
        return rule in subjects.CONCERNS and not subjects.CONCERNS[rule](event, book)
    return not book.on(rule) or subjects.ALLOWS[rule](p, event, book, rule)


@functools.cache
def judging(kind):
    """The rules that have a say on a kind, in row order: those that are read here."""
    return [rule for rule, row in RULES.items() if rule not in subjects.UNREAD_MARKS
            and (kind.name in row.kinds or ("any" in row.kinds and kind.nature == "FACT"))]


def marks(p, event, book):
    if event.name == "participant_merged":
        return []       # what it was judged by is in the file no more
    act = event.kind.nature == "ACT"
    found = []
    if p.state() not in event.kind.states:
        found.append({"event": event.seq, "rule": "state", "unfounded": act, "waived": False})
    for rule in judging(event.kind):
        if holds(p, event, book, rule):
            continue
        waived = rule in event.waived
        unfounded = act and (book.mode(rule) == "refuse" or book.waits(rule)) and not waived
        found.append({"event": event.seq, "rule": rule, "unfounded": unfounded, "waived": waived})
    return found
