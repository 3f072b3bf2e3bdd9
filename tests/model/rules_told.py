"""What is told twice, what contradicts itself: facts, which are marked and never refused."""
from fractions import Fraction

from days import days_between

SPANS = {   # the end of something that lasts: where it is kept, and the field that names its beginning
    "employment_ended": ("jobs", "employment"),
    "business_ended": ("businesses", "business"),
    "long_training_ended": ("trainings", "training"),
    "chosen_situation_ended": ("situations", "situation"),
}


STEP_ENDS = ("step_refused", "step_not_started", "step_ended", "step_abandoned")


def told_first(p, e, book, rule):
    """In the order of the fold: the first counts, the second is marked."""
    if e.name == "hours_recorded":
        return not p.told_before(e)
    if e.name in SPANS:
        where, field = SPANS[e.name]
        span = getattr(p, where).get(e.get(field))
        return span is None or span.is_open()
    step = p.steps.get(e.get("step"))
    return step is None or not (step.closed or (e.name == "step_started" and step.start is not None))


NAMES = {   # what begins, ends or comes back: the field that names what it follows
    **{kind: field for kind, (_, field) in SPANS.items()},
    **dict.fromkeys(("step_started", *STEP_ENDS), "step"),
    "letter_returned": "letter",
}


def days_follow(p, e, book, rule):
    """What is named happened on that day or before, in whatever order both were told; a term is no earlier than what it is the term of,
    a session decides on its own day, and nobody leaves before the start."""
    if e.name in ("entry_decided", "exit_decided"):
        leaves = e.day("effective_on")
        return e.day("session_day") in (None, e.on) and (leaves is None or p.start is None or leaves >= p.start)
    named = e.file.get(e.get(NAMES[e.name])) if e.name in NAMES else None
    if named is not None and named.on > e.on:
        return False
    begin = e.day("planned_start") if e.name == "step_prescribed" else e.on
    term = e.day("planned_end")
    return term is None or begin is None or term >= begin


def hours_likely(p, e, book, rule):
    """So many hours a week, in proportion to the days."""
    days = days_between(e.day("from_day"), e.day("until_day"))
    return Fraction(e.get("hours")) * 7 <= Fraction(book.number(rule)) * days


ALLOWS = {
    "told-once": told_first,
    "days-in-order": days_follow,
    "hours-plausible": hours_likely,
}
DUES = {}
CONCERNS = {}
