"""The days that immersions take, one by one and at one host within twelve months."""
from days import add_days, add_months, days_between, every_day


def planned_days(e):
    """First and last day of an immersion that is being prescribed; None without a planned end."""
    last = e.day("planned_end")
    return None if last is None else (e.day("planned_start") or e.on, last)


def immersion_short(p, e, book, rule):
    if e.get("kind") != "immersion":
        return True
    planned = planned_days(e)
    return planned is not None and days_between(*planned) <= book.number(rule)


def host(e):
    """An enterprise is a host, whatever the name beside it."""
    return e.get("enterprise") or e.get("provider")


def taken(step):
    """First and last day that a prescribed immersion took, or is to take; None when it never was, or nobody knows."""
    if step.never_was:
        return None
    last = step.end if step.closed else step.planned_end
    first = step.start or step.prescription.day("planned_start") or step.prescription.on
    return None if last is None else (first, last)


def days_at(p, wanted):
    """[(first, last)] of the immersions at a host."""
    spans = [taken(s) for s in p.steps.values() if s.kind == "immersion" and host(s.prescription) == wanted]
    return [span for span in spans if span is not None]


def immersion_within_year(p, e, book, rule):
    """In the twelve months that end with this immersion, and in those that end with a later one and still hold some of this."""
    planned = planned_days(e)
    if e.get("kind") != "immersion" or host(e) is None or planned is None:
        return True
    spans = days_at(p, host(e)) + [planned]
    for end in {last for _, last in spans if last >= planned[1]}:
        begin = add_days(add_months(end, -12), 1)
        if planned[1] < begin:
            continue
        days = {d for first, last in spans for d in every_day(max(first, begin), min(last, end))}
        if len(days) > book.number(rule):
            return False
    return True
