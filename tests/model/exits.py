"""The criteria of a positive exit on a day, and the first day each could be met."""
from fractions import Fraction

from days import add_days, add_months, day, days_between, every_day
from worked import served_until, worked

CRITERIA = {    # in the order of their vocabulary
    "employment": "exit-employment",
    "hours": "exit-hours",
    "business": "exit-business",
    "aided_contract": "exit-aided",
    "atypical": "exit-atypical",
    "qualification": "exit-qualification",
    "long_training": "exit-long-training",
    "temporary": "exit-temporary",
    "fixed_term": "exit-fixed-term",
    "senior_insertion": "exit-senior",
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


def half_time(job, book, unknown=False):
    """At least half-time, where the rulebook has one; less when the participant agreed, where that is enough. A lost half-time
    meets no criterion, which waits for it; it does not make another job of this one (`unknown`)."""
    if not book.on("exit-half-time"):
        return unknown or not book.waits("exit-half-time")
    if book.on("exit-half-time-agreed") and job.details.get("participant_agrees") is True:
        return True
    weekly = number(job.details.get("weekly_hours"))
    return weekly is not None and weekly >= number(book.number("exit-half-time"))


def employment_job(job, book, unknown=False):
    """A CDD has a criterion of its own where the rulebook gives it one."""
    kinds = ("cdi",) if book.on("exit-fixed-term") else ("cdi", "cdd")
    return job.details.get("kind") in kinds and half_time(job, book, unknown)


def aided_job(job, book, unknown=False):
    kinds = ("aided_non_market", "aided_market") if book.on("exit-aided-market") else ("aided_non_market",)
    return job.details.get("kind") in kinds and (half_time(job, book, unknown) or not book.on("exit-aided-half-time"))


def planned_through(job, last, required):
    planned = day(job.details.get("planned_end"))
    return not required if planned is None else planned >= last


def employment(p, x, book):
    months = book.number("exit-employment")
    return any(employment_job(j, book) and served(j, months, x)
               and (j.details["kind"] == "cdi" or planned_through(j, term(j, months), required=True))
               for j in p.employments())


def aided_contract(p, x, book):
    def long_enough(job):
        last = term(job, book.number("exit-aided"))
        if book.on("exit-aided-days"):
            last = add_days(last, book.number("exit-aided-days"))
        return planned_through(job, last, required=False) and x >= last and (job.end is None or job.end >= last)
    return any(aided_job(j, book) and long_enough(j) for j in p.employments())


def cumulated(p, jobs, x, book, rule):
    months, within = book.values(rule)
    return worked(p, jobs, x, within)[0] >= months


def temporary_jobs(p):
    return [j for j in p.employments() if j.details.get("kind") in ("temporary", "etti")]


def temporary(p, x, book):
    return cumulated(p, temporary_jobs(p), x, book, "exit-temporary")


def fixed_term_jobs(p, book):
    return [j for j in p.employments() if j.details.get("kind") in ("cdd", "seasonal") and half_time(j, book)]


def fixed_term(p, x, book):
    return cumulated(p, fixed_term_jobs(p, book), x, book, "exit-fixed-term")


def insertion_jobs(p):
    return [j for j in p.employments() if j.details.get("kind") == "iae_aci"]


def senior_insertion(p, x, book):
    if book.on("exit-senior-age") and not p.person.is_old_enough(book.number("exit-senior-age"), x):
        return False
    return any(running(j, x) and served(j, book.number("exit-senior"), x) for j in insertion_jobs(p))


def business(p, x, book):
    return any(served(b, book.number("exit-business"), x) for b in p.businesses.values())


def any_register(book):
    return book.on("qualification-register") and book.value("qualification-register") == "any"


def long_training_counts(training, book):
    return any_register(book) or bool(training.details.get("rncp")) or training.details.get("specific_employment") is True


def long_training(p, x, book):
    return any(long_training_counts(t, book) and served(t, book.number("exit-long-training"), x) for t in p.trainings.values())


def atypical(p, x, book):
    agreed = p.proposal is not None and p.proposal.get("participant_agrees") is True
    return agreed and any(served(s, book.number("exit-atypical"), x) for s in p.situations.values())


def registered(code):
    code = (code or "").strip().upper()
    return code.startswith("RNCP") or code[:1].isdigit()


def qualification(p, x, book):
    return any((any_register(book) or registered(q.get("rncp"))) and q.on <= x and (p.start is None or q.on >= p.start) for q in p.qualifications)


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


def enough_hours(p, end, book):
    """In the window that ends on a day."""
    return window_total(p, end, book) >= book.number("exit-hours")


def oldest_window(x, book):
    return add_months(x, -book.number("exit-hours-age")) if book.on("exit-hours-age") else x


def hours(p, x, book):
    return p.start is not None and any(enough_hours(p, end, book) for end in every_day(oldest_window(x, book), x))


MET = {"employment": employment, "hours": hours, "business": business, "aided_contract": aided_contract,
       "atypical": atypical, "qualification": qualification, "long_training": long_training,
       "temporary": temporary, "fixed_term": fixed_term, "senior_insertion": senior_insertion}


READ = {    # what a criterion reads beside its own rule
    "aided_contract": ("exit-aided-days", "exit-aided-half-time"),
    "hours": ("exit-hours-window", "exit-hours-age"),
    "senior_insertion": ("exit-senior-age",),
}


def judgeable(criterion, book):
    """A rule that waits for its value never passes as off."""
    return book.on(CRITERIA[criterion]) and not any(book.waits(rule) for rule in READ.get(criterion, ()))


def met(p, criterion, x, book):
    return judgeable(criterion, book) and MET[criterion](p, x, book)


def situations(p, criterion, book):
    """The jobs, businesses, situations or trainings that a criterion is about."""
    if criterion == "employment":
        return [j for j in p.employments() if employment_job(j, book, unknown=True)]
    if criterion == "aided_contract":
        return [j for j in p.employments() if aided_job(j, book, unknown=True)]
    if criterion == "senior_insertion":
        return insertion_jobs(p)
    if criterion == "long_training":
        return [t for t in p.trainings.values() if long_training_counts(t, book)]
    return list({"business": p.businesses, "atypical": p.situations}[criterion].values())


def counting(p, criterion, book, x):
    """The jobs that speak for an exit by one: those of the criterion that run on the day, or had served their months by then."""
    def long_enough(job):
        return book.on(CRITERIA[criterion]) and served(job, book.number(CRITERIA[criterion]), x)
    return {job.seq for job in situations(p, criterion, book) if running(job, x) or long_enough(job)}


def horizon(p, asked, regimes):
    """A day after which no sum of hours or of months can change: every window and rulebook is behind it."""
    known = [asked] + [e.day("until_day") for e in p.hours] + [j.start for j in p.employments()]
    known += [first for first, _, _ in regimes.spans]
    return add_months(max(known), MONTHS_AHEAD)


def begins_to_hold(p, criterion, book):
    """The days on which a criterion that lasts begins to hold."""
    if criterion == "qualification":
        return [q.on for q in p.qualifications]
    days = [term(s, book.number(CRITERIA[criterion])) for s in situations(p, criterion, book)]
    if criterion == "aided_contract" and book.on("exit-aided-days"):
        days = [add_days(d, book.number("exit-aided-days")) for d in days]
    if criterion == "senior_insertion" and book.on("exit-senior-age"):
        days.append(p.person.day_of_age(book.number("exit-senior-age")))
    return [d for d in days if d is not None]


def first_lasting_day(p, criterion, begin, last, book):
    days = {begin} | {d for d in begins_to_hold(p, criterion, book) if begin <= d <= last}
    return next((x for x in sorted(days) if MET[criterion](p, x, book)), None)


def first_hours_day(p, begin, last, book):
    """A window that is enough serves until it is too old; none that ends after the last hours told holds more than one before."""
    if p.start is None or not p.hours:
        return None
    enough = None
    last = min(last, max([begin] + [e.day("until_day") for e in p.hours]))
    for x in every_day(oldest_window(begin, book), last):
        if enough_hours(p, x, book):
            enough = x
        if x >= begin and enough is not None and enough >= oldest_window(x, book):
            return x
    return None


def first_cumulated_day(p, criterion, begin, last, book):
    """Nothing is in the window any more, so long after the last of these jobs."""
    jobs = temporary_jobs(p) if criterion == "temporary" else fixed_term_jobs(p, book)
    if not jobs:
        return None
    ends = [served_until(j, last) for j in jobs]
    last = min(last, max(begin, add_months(max(ends), book.values(CRITERIA[criterion])[1])))
    return next((x for x in every_day(begin, last) if MET[criterion](p, x, book)), None)


def first_day(p, criterion, asked, last, regimes):
    for first, end, book in regimes.asking(CRITERIA[criterion]):
        if not judgeable(criterion, book) or end <= asked:
            continue
        begin, until = max(first, asked), add_days(end, -1)
        if criterion == "hours":
            found = first_hours_day(p, begin, min(until, last), book)
        elif criterion in ("temporary", "fixed_term"):
            found = first_cumulated_day(p, criterion, begin, min(until, last), book)
        else:
            found = first_lasting_day(p, criterion, begin, until, book)
        if found is not None:
            return found
    return None


def exit_check(p, asked, regimes):
    """[{criterion, met, earliest}]: on the day asked, and the first day from then on if nothing changes."""
    last = horizon(p, asked, regimes)
    answers = []
    for criterion in CRITERIA:
        earliest = first_day(p, criterion, asked, last, regimes)
        answers.append({"criterion": criterion, "met": earliest == asked, "earliest": earliest.isoformat() if earliest else None})
    return answers
