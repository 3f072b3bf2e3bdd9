"""Marks: what does not hold when an event comes, under the rulebook that judges it."""
import subjects
from log import RULES


def holds(p, event, book, rule):
    """A rule without its value refuses whatever it would have looked at: nothing is held against the rest."""
    if book.waits(rule):
        return rule in subjects.CONCERNS and not subjects.CONCERNS[rule](event, book)
    return not book.on(rule) or subjects.ALLOWS[rule](p, event, book, rule)


def judges(rule, event):
    kinds = RULES[rule].kinds
    return event.name in kinds or ("any" in kinds and event.kind.nature == "FACT")


def marks(p, event, book):
    act = event.kind.nature == "ACT"
    found = []
    if p.state() not in event.kind.states:
        found.append({"event": event.seq, "rule": "state", "unfounded": act, "waived": False})
    for rule in RULES:
        if not judges(rule, event) or holds(p, event, book, rule):
            continue
        waived = rule in event.waived
        unfounded = act and (book.mode(rule) == "refuse" or book.waits(rule)) and not waived
        found.append({"event": event.seq, "rule": rule, "unfounded": unfounded, "waived": waived})
    return found
