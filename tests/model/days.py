"""Civil days: parsing, calendar months clamped to the month's last day."""
import calendar
import functools
from datetime import date, timedelta

FIRST = date.min
LAST = date.max


def day(text):
    return None if text is None else date.fromisoformat(text)


def add_days(d, n):
    try:
        return d + timedelta(days=n)
    except OverflowError:
        return LAST if n > 0 else FIRST


@functools.cache
def month_length(d):
    return calendar.monthrange(d.year, d.month)[1]


def add_months(d, n):
    months = d.year * 12 + (d.month - 1) + n
    year, month = divmod(months, 12)
    if year < 1:
        return FIRST
    if year > 9999:
        return LAST
    return date(year, month + 1, min(d.day, calendar.monthrange(year, month + 1)[1]))


def month_first(d):
    return d.replace(day=1)


@functools.cache
def month_last(d):
    return d.replace(day=month_length(d))


def same_month(a, b):
    return (a.year, a.month) == (b.year, b.month)


def days_between(first, last):
    """Number of days from first to last, both inside."""
    return max(0, (last - first).days + 1)


def ordinals(first, last):
    """The days from first to last, both inside, as numbers."""
    return range(first.toordinal(), last.toordinal() + 1)


def every_day(first, last):
    for ordinal in ordinals(first, last):
        yield date.fromordinal(ordinal)
