"""What deadlines are made of: the states they are owed in, until a day, the monthly rhythm."""
from days import add_days, days_between, month_first, month_last, same_month

FOLLOWED = {"active", "in_training", "in_consolidation"}
WITH_SUSPENDED = FOLLOWED | {"suspended"}
RUNNING = WITH_SUSPENDED | {"exit_proposed"}
ADMITTED_ON = RUNNING | {"admitted"}
BEFORE_ENTRY = {"oriented", "in_diagnosis", "proposed", "deferred"}
OPEN = BEFORE_ENTRY | ADMITTED_ON
SOMEBODY = OPEN | {"exited", "refused", "not_entered"}
ANY_FILE = SOMEBODY | {"nobody"}        # that was neither merged nor erased


def owed_in(states, followed=False):
    """A deadline that is owed in these states only; `followed`: as if no exit were proposed."""
    def of(compute):
        def due(p, book, rule):
            return compute(p, book, rule) if (p.followed_as() if followed else p.state()) in states else None
        due.states, due.followed, due.compute = states, followed, compute
        return due
    return of


def until(due, cause):
    """Owed until a day, which is itself inside: shown from the next."""
    return due, add_days(due, 1), cause


def at_once(due, cause):
    """Shown on the very day."""
    return due, due, cause


def monthly(anchor, contact_days, wanted):
    """(due, since) of so many distinct days a calendar month, owed from the anchor on."""
    last_contact = max(contact_days, default=anchor)
    month = max(anchor, last_contact)
    first, last = month_first(month), month_last(month)
    if anchor <= first:
        owed = wanted
    else:
        owed = 1 if days_between(anchor, last) >= 15 else 0
    done = len({d for d in contact_days if same_month(d, month)})
    if done < owed:
        return last, max(anchor, first.replace(day=15 if done == 0 else 24))
    following = add_days(last, 1)
    return month_last(following), following.replace(day=15)
