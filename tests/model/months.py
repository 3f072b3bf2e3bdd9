"""Calendar months of a step or of an aided contract: what each owed of meetings on the spot, and whether they took place.

As reading 4 has it: a whole month owes what was agreed, a part of fifteen days or more owes one, a shorter one nothing; the rulebook
is that of the month's last day. What comes after the last day in the parcours is not of it.
"""
from bisect import bisect_right

from days import add_days, days_between, month_first, month_last, month_length, ordinals
from rules_employment import AIDED

HALF_A_MONTH = 15


def contribution(name, month, there, wanted, met):
    """`there`: how many days of the month; `met`: how many of them had a meeting."""
    owed = wanted if there == month_length(month) else min(wanted, 1) if there >= HALF_A_MONTH else 0
    return [(name, month_last(month), 1 if met >= owed else 0, 1)] if owed else []


def of_steps(p, month, begin, until, book):
    """Each step for itself, to the rhythm agreed at its start. As for its alert, what was met before it started is not of it, nor a
    meeting about another step."""
    found = []
    for step in p.steps.values():
        if step.start is None or step.never_was:
            continue
        first, last = max(step.start, begin), until if step.end is None else min(step.end, until)
        days = {c.on for c in p.contacts[step.contacts_before:] if first <= c.on <= last
                and c.get("channel") in ("on_site", "workplace") and c.get("step") in (None, step.seq)}
        wanted = max(step.rhythm or 0, book.number("step-rhythm"))
        found += contribution("step_months_kept", month, days_between(first, last), wanted, len(days))
    return found


def of_aided_contracts(p, month, begin, until, book):
    """Once for the person, whichever of their aided contracts they are met about: a meeting of the month, were it before the contract."""
    there = set()
    for job in p.employments():
        if job.details.get("kind") in AIDED:
            there.update(ordinals(max(job.start, begin), until if job.end is None else min(job.end, until)))
    met = {c.on for c in p.contacts if c.get("channel") == "workplace" and month <= c.on <= until}
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
    """The contributions of the months of a parcours that are over by a day; the last one may be a part of a month."""
    whole = end if left is None else min(end, left)
    while month_last(row.next_month) <= whole:
        row.owed += of_month(row, row.next_month, month_last(row.next_month), in_force)
        row.next_month = add_days(month_last(row.next_month), 1)
    found = row.owed[:bisect_right(row.owed, whole, key=lambda one: one[1])]
    if left is not None and left < month_last(left) <= end and left >= row.start:
        if left not in row.owed_last:
            row.owed_last[left] = of_month(row, month_first(left), left, in_force)
        found += row.owed_last[left]
    return found
