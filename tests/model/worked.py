"""Months and days worked within a window: each stretch in calendar months and days, overlaps once, thirty days make a month."""
from days import add_days, add_months, day, days_between

DAYS_OF_A_MONTH = 30


def stretches(spans):
    """Spans of days joined where they meet or overlap."""
    joined = []
    for first, last in sorted(spans):
        if joined and first <= add_days(joined[-1][1], 1):
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    return joined


def months_and_days(first, last):
    """2018-04-01 to 2018-06-15: two months and fifteen days."""
    months = 0
    while add_days(add_months(first, months + 1), -1) <= last:
        months += 1
    return months, days_between(add_months(first, months), last)


def served_until(job, x):
    """A contract is served until the day looked at or its end: the one that is told, else the term it was made for."""
    end = job.end or day(job.details.get("planned_end"))
    return x if end is None else min(x, end)


def worked(p, jobs, x, within):
    """(months, days) of the jobs in so many months that end on a day, inside the parcours."""
    if p.start is None:
        return 0, 0
    begin = max(p.start, add_days(add_months(x, -within), 1))
    spans = [(max(j.start, begin), served_until(j, x)) for j in jobs]
    total_months = total_days = 0
    for first, last in stretches([s for s in spans if s[0] <= s[1]]):
        months, days = months_and_days(first, last)
        total_months, total_days = total_months + months, total_days + days
    return total_months + total_days // DAYS_OF_A_MONTH, total_days % DAYS_OF_A_MONTH
