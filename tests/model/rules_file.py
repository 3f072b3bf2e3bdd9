"""The participant's one file and the data of the European Social Fund: what must be told, held, archived."""
from days import add_days
from due import RUNNING, SOMEBODY, owed_in, until
from log import PIECES
from person import PROFILE_WORDS, SITUATION_WORDS, within_operation


# ---- judged

def mandatory_told(p, e, book, rule):
    """Who they are stays told; the situation is that of this entry."""
    told = p.person.told & PROFILE_WORDS
    for recorded in p.happened("fse_entry_recorded"):
        told |= {word for word in SITUATION_WORDS if recorded.get(word) is not None}
    return e.get("outcome") != "accepted" or set(book.values(rule)) <= told


def long_enough(p, e, book, rule):
    """An operation without a known end passes."""
    days = e.get("operation_days")
    return days is None or days >= book.number(rule)


def joined_within(p, e, book, rule):
    return within_operation(e)


# ---- owed

def held_until(p, kind, never):
    """The day until which the file holds a piece of a kind, and the piece: None without one, `never` when it does not end."""
    pieces = [v["event"] for v in p.evidence.values() if not v["rejected"] and v["event"].get("evidence") == kind]
    return max(((e.day("valid_until") or never, e.seq) for e in pieces), key=lambda held: held[0], default=(None, None))   # the first of those


@owed_in(RUNNING)
def file_complete(p, book, rule):
    """So many days after the start while a piece lacks; then on the day on which one ends."""
    if not book.on("file-evidence"):
        return None
    first, never = add_days(p.start, book.number(rule)), add_days(p.start, 1000000)
    found = []
    for kind in sorted(book.values("file-evidence"), key=PIECES.index):
        last, piece = held_until(p, kind, never)
        if last is None or last < first:
            found.append((first, p.start_seq if last is None else piece))
        elif last != never:
            found.append((last, piece))
    return until(*min(found, key=lambda one: one[0])) if found else None


@owed_in({"exited"})
def archive(p, book, rule):
    """From the day on which the exit was pronounced."""
    if p.happened("file_archived"):
        return None
    return until(add_days(p.exited_on, book.number(rule)), p.exit_seq)


@owed_in(SOMEBODY)
def entry_data(p, book, rule):
    """Of the participations that are under way, the earliest whose data of entry are not all told."""
    for entry in p.person.participations:
        if not entry["once_left"] and not p.person.has_entry_data(entry):
            return until(add_days(entry["on"], book.number(rule)), entry["seq"])
    return None


ALLOWS = {
    "mandatory-data": mandatory_told,
    "operation-days": long_enough,
    "joined-within": joined_within,
}
DUES = {
    "file-complete": file_complete,
    "file-archive": archive,
    "fse-complete": entry_data,
}
CONCERNS = {"mandatory-data": lambda e, book: e.get("outcome") == "accepted"}
