"""How long a parcours lasts: length, extension, suspension."""
from due import RUNNING, owed_in, until


def within_parcours(p, e, book, rule):
    open_until = p.open_until(book)
    return open_until is None or bool(p.consolidations_open()) or e.on <= open_until


def extension_allowed(p, e, book, rule):
    times = (book.values(rule) + [1])[1]
    if e.name == "extension_requested":
        limit = p.limit(book)
        return (limit is None or e.on <= limit or bool(p.consolidations_open())) and p.extensions < times
    return not e.get("granted") or (p.extensions < times and p.request is not None)


def suspension_allowed(p, e, book, rule):
    return book.value(rule) != "forbidden"


@owed_in({"active", "in_training", "suspended"}, followed=True)
def parcours_limit(p, book, rule):
    open_until = p.open_until(book)
    if open_until is None:
        return None
    return until(open_until, p.start_seq)


@owed_in(RUNNING)
def extension_decision(p, book, rule):
    if p.request is None:
        return None
    due = p.request["session_day"] or p.limit(book)
    return until(due, p.request["seq"]) if due else None


ALLOWS = {
    "parcours-length": within_parcours,
    "parcours-extension": extension_allowed,
    "suspension": suspension_allowed,
}
DUES = {
    "parcours-length": parcours_limit,
    "extension-decision": extension_decision,
}
CONCERNS = {}
