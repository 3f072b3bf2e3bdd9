"""How long a parcours lasts: length, extension, suspension."""
from due import RUNNING, until


def within_parcours(p, e, book, rule):
    limit = p.limit(book)
    if limit is None or p.consolidations_open() or e.on <= limit:
        return True
    until_session = p.request and p.request["session_day"]     # without a session nobody knows until when
    return until_session is not None and e.on <= until_session


def extension_allowed(p, e, book, rule):
    times = (book.values(rule) + [1])[1]
    if e.name == "extension_requested":
        limit = p.limit(book)
        return (limit is None or e.on <= limit or bool(p.consolidations_open())) and p.extensions < times
    return not e.get("granted") or (p.extensions < times and p.request is not None)


def suspension_allowed(p, e, book, rule):
    return book.value(rule) != "forbidden"


def parcours_limit(p, book, rule):
    limit = p.limit(book)
    if limit is None or p.followed_as() not in ("active", "in_training", "suspended"):
        return None
    if p.request is not None and p.request["session_day"] is not None:
        limit = max(limit, p.request["session_day"])
    return until(limit, p.start_seq)


def extension_decision(p, book, rule):
    if p.request is None or p.state() not in RUNNING:
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
