"""Calendar months of a step or of an aided contract: what each owed of meetings on the spot, and whether they took place.

As reading 4 has it: a whole month owes what was agreed, a part of fifteen days or more owes one, a shorter one nothing; the rulebook
is that of the month's last day. What comes after the last day in the parcours is not of it.
"""
from days import add_days, days_between, month_first, month_last, month_length, ordinals
from rules_employment import AIDED

HALF_A_MONTH = 15


def contribution(name, month, there, wanted, met):
    """`there`: how many days of the month; `met`: how many of them had a meeting."""
    owed = wanted if there == month_length(month) else min(wanted, 1) if there >= HALF_A_MONTH else 0
    return [(name, month_last(month), 1 if met >= owed else 0, 1)] if owed else []


def of_steps(p, month, begin, until, book):
    """Each step for itself, to the rhythm agreed at its start; a meeting about another step is not one of this. That of its first day is."""
    found = []
    for step in p.steps.values():
        if step.start is None or step.never_was:
            continue
        first, last = max(step.start, begin), until if step.end is None else min(step.end, until)
        days = {c.on for c in p.contacts if first <= c.on <= last
                and c.get("channel") in ("on_site", "workplace") and c.get("step") in (None, step.seq)}
        wanted = max(step.rhythm or 0, book.number("step-rhythm"))
        found += contribution("step_months_kept", month, days_between(first, last), wanted, len(days))
    return found


def of_aided_contracts(p, month, begin, until, book):
    """Once for the person, whichever of their aided contracts they are met about."""
    there = set()
    for job in p.employments():
        if job.details.get("kind") in AIDED:
            there.update(ordinals(max(job.start, begin), until if job.end is None else min(job.end, until)))
    met = {c.on for c in p.contacts if c.get("channel") == "workplace" and c.on.toordinal() in there}
    return contribution("aided_months_kept", month, len(there), book.number("aided-workplace"), len(met))


def of_month(row, month, until, in_force):
    """As it was known at its end, but for the last day in the parcours."""
    p, book, begin, found = row.at(month_last(month)), in_force(month_last(month)), max(month, row.start), []
    if book.on("step-rhythm"):
        found += of_steps(p, month, begin, until, book)
    if book.on("aided-workplace"):
        found += of_aided_contracts(p, month, begin, until, book)
    return found


def months_owed(row, end, left, in_force):
    """The contributions of the months of a parcours that are over by a day."""
    month, found = month_first(row.start), []
    while month_last(month) <= end and (left is None or month <= left):
        until = month_last(month) if left is None else min(left, month_last(month))
        if (month, until) not in row.by_month:
            row.by_month[month, until] = of_month(row, month, until, in_force)
        found += row.by_month[month, until]
        month = add_days(month_last(month), 1)
    return found
