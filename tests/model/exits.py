"""The seven criteria of a positive exit on a day, and the first day each could be met."""
from fractions import Fraction

from days import add_days, add_months, day, days_between, every_day

CRITERIA = {    # in the order of their vocabulary
    "employment": "exit-employment",
    "hours": "exit-hours",
    "business": "exit-business",
    "aided_contract": "exit-aided",
    "atypical": "exit-atypical",
    "qualification": "exit-qualification",
    "long_training": "exit-long-training",
}

MONTHS_AHEAD = 60   # beyond the longest term, window and age that a rulebook may hold


def number(value):
    return None if value is None else Fraction(value)


def term(span, months):
    """Last day of the months served."""
    return add_days(add_months(span.start, months), -1)


def served(span, months, x):
    last = term(span, months)
    return x >= last and (span.end is None or span.end >= last)


def running(span, x):
    return span.start <= x and (span.end is None or span.end >= x)


def employment_job(job, book):
    if job.details.get("kind") not in ("cdi", "cdd"):
        return False
    if book.on("exit-half-time"):
        weekly = number(job.details.get("weekly_hours"))
        return weekly is not None and weekly >= number(book.number("exit-half-time"))
    return True


def planned_through(job, months, required):
    planned = day(job.details.get("planned_end"))
    return not required if planned is None else planned >= term(job, months)


def employment(p, x, book):
    months = book.number("exit-employment")
    return any(employment_job(j, book) and served(j, months, x)
               and (j.details["kind"] == "cdi" or planned_through(j, months, required=True))
               for j in p.jobs.values())


def aided_contract(p, x, book):
    months = book.number("exit-aided")
    return any(j.details.get("kind") == "aided_non_market" and planned_through(j, months, required=False) and served(j, months, x)
               for j in p.jobs.values())


def business(p, x, book):
    return any(served(b, book.number("exit-business"), x) for b in p.businesses.values())


def long_training_counts(training):
    return bool(training.details.get("rncp")) or training.details.get("specific_employment") is True


def long_training(p, x, book):
    return any(long_training_counts(t) and served(t, book.number("exit-long-training"), x) for t in p.trainings.values())


def atypical(p, x, book):
    agreed = p.proposal is not None and p.proposal.get("participant_agrees") is True
    return agreed and any(served(s, book.number("exit-atypical"), x) for s in p.situations.values())


def registered(code):
    code = (code or "").strip().upper()
    return code.startswith("RNCP") or code[:1].isdigit()


def qualification(p, x, book):
    return any(registered(q.get("rncp")) and q.on <= x and (p.start is None or q.on >= p.start) for q in p.qualifications)


def hours_in(p, first, last):
    """Hours of the window; a period that straddles it counts in proportion to its days."""
    total = Fraction(0)
    for event in p.hours:
        start, end = event.day("from_day"), event.day("until_day")
        inside = days_between(max(start, first), min(end, last))
        if inside:
            total += Fraction(event.get("hours")) * inside / days_between(start, end)
    return total


def window_total(p, end, book):
    first = p.start
    if book.on("exit-hours-window"):
        first = max(first, add_days(add_months(end, -book.number("exit-hours-window")), 1))
    return hours_in(p, first, end)


def hours(p, x, book, totals=None):
    if p.start is None:
        return False
    totals = {} if totals is None else totals
    age = book.number("exit-hours-age") if book.on("exit-hours-age") else 0
    wanted = number(book.number("exit-hours"))
    for end in every_day(add_months(x, -age), x):
        if (book.seq, end) not in totals:
            totals[book.seq, end] = window_total(p, end, book)
        if totals[book.seq, end] >= wanted:
            return True
    return False


MET = {"employment": employment, "hours": hours, "business": business, "aided_contract": aided_contract,
       "atypical": atypical, "qualification": qualification, "long_training": long_training}


def met(p, criterion, x, book):
    return book.on(CRITERIA[criterion]) and MET[criterion](p, x, book)


def situations(p, criterion, book):
    """The jobs, businesses, situations or trainings that a criterion is about."""
    if criterion == "employment":
        return [j for j in p.jobs.values() if employment_job(j, book)]
    if criterion == "aided_contract":
        return [j for j in p.jobs.values() if j.details.get("kind") == "aided_non_market"]
    if criterion == "long_training":
        return [t for t in p.trainings.values() if long_training_counts(t)]
    return list({"business": p.businesses, "atypical": p.situations}[criterion].values())


def horizon(p, asked, regimes):
    """A day after which nothing can change: every term, window and rulebook is behind it."""
    known = [asked] + [q.on for q in p.qualifications] + [e.day("until_day") for e in p.hours]
    for spans in (p.jobs, p.businesses, p.situations, p.trainings):
        known += [s.start for s in spans.values()]
    known += [first for first, _, _ in regimes]
    return add_months(max(known), MONTHS_AHEAD)


def first_day(p, criterion, asked, last, regimes):
    totals = {}
    for first, end, book in regimes:
        if not book.on(CRITERIA[criterion]):
            continue
        for x in every_day(max(first, asked), min(add_days(end, -1), last)):
            if criterion == "hours":
                if hours(p, x, book, totals):
                    return x
            elif MET[criterion](p, x, book):
                return x
    return None


def exit_check(p, asked, regimes):
    """[{criterion, met, earliest}]: on the day asked, and the first day from then on if nothing changes."""
    last = horizon(p, asked, regimes)
    answers = []
    for criterion in CRITERIA:
        earliest = first_day(p, criterion, asked, last, regimes)
        answers.append({"criterion": criterion, "met": earliest == asked, "earliest": earliest.isoformat() if earliest else None})
    return answers
