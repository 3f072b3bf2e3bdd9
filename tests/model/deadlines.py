"""Deadlines: each rule computed from scratch under one rulebook, then through the rulebooks in force by the day it falls."""
from days import add_days
from due import until
from log import RULES
from subjects import DUES


def falling(spans, compute, p, rule):
    """The deadline under the rulebook in force on the day it falls: (due, since, cause, rulebook) or None."""
    for first, end, book in spans:
        found = compute(p, book, rule)
        if found is None:
            continue
        due, since, cause = found
        if since < first:
            since = first
            if due >= since:
                due = add_days(since, -1)
        if since < end:
            return due, since, cause, book
    return None


def deadlines(p, regimes):
    """Rule -> (due, since, cause): the open ones, past or future, in row order."""
    found = {}
    for rule, compute, spans in asked(regimes, p.state(), p.followed_as()):
        fallen = falling(spans, compute, p, rule)
        if fallen is not None:
            found[rule] = fallen[:3]
    return found


def asked(regimes, state, followed):
    """[(rule, when it is owed, where it is on)] of the rules that some rulebook has on, and that are owed in a state."""
    if (state, followed) not in regimes.asked:
        owed = [rule for rule in RULES if rule in DUES and (followed if DUES[rule].followed else state) in DUES[rule].states]
        regimes.asked[state, followed] = [(rule, DUES[rule].compute, regimes.asking(rule)) for rule in owed if regimes.asking(rule)]
    return regimes.asked[state, followed]


def limit_shown(p, regimes, today=None):
    """(limit day, its rulebook), or (None, None) without a limit."""
    def limit_under(p, book, rule):
        limit = p.limit(book, p.shown_on(today))
        return None if limit is None else until(limit, p.start_seq)
    fallen = falling(regimes.spans, limit_under, p, "parcours-length")
    return (fallen[0], fallen[3]) if fallen else (None, None)
