"""Contacts, their signatures, reviews, changes, difficulties, what partners are told."""
from days import add_days, add_months
from due import FOLLOWED, OPEN, RUNNING, at_once, monthly, owed_in, until


# ---- judged

def recorded_in_time(p, e, book, rule):
    return e.imported or (e.recorded_on - e.on).days <= book.number(rule)


def stays_in_territory(p, e, book, rule):
    return e.get("change") != "address" or e.get("commune_coarse") is not False


def shares(e):
    """A partner may be met without anything of the person's being passed on."""
    return e.name != "partner_contacted" or bool(e.get("shared"))


def sharing_agreed(p, e, book, rule):
    return not shares(e) or "sharing" in p.person.consents


def summarised(p, e, book, rule):
    length = e.get("summary_bytes")
    return length is not None and length >= book.number(rule)


def put_off_shortly(p, e, book, rule):
    """To a day so many days after its own, at most."""
    return (e.day("until_day") - e.on).days <= book.number(rule)


# ---- owed

@owed_in({"active"}, followed=True)
def contacts_monthly(p, book, rule):
    if p.occupied():
        return None
    anchor = max(d for d in (p.start, p.last_occupied(), p.resumed) if d is not None)
    due, since = monthly(anchor, [c.on for c in p.contacts], book.number(rule))
    return due, since, p.contacts[-1].seq if p.contacts else p.start_seq


@owed_in({"in_consolidation"}, followed=True)
def contacts_in_employment(p, book, rule):
    """As between steps, from the first day of the consolidation."""
    job = min(p.consolidations_open(), key=lambda j: (j.start, j.turn))
    anchor = max(p.start, job.start)
    due, since = monthly(anchor, [c.on for c in p.contacts], book.number(rule))
    met_since = [c for c in p.contacts if c.on >= anchor]
    return due, since, met_since[-1].seq if met_since else job.cause


def signed_since(p):
    """What was signed afterwards: the events that a later signature names."""
    return {(s.get("event"), s.turn) for s in p.happened("signature_obtained")}


def to_be_signed(p, events):
    """The earliest of these that nobody signed: on its day, or later."""
    later = signed_since(p)
    missing = [e for e in events if e.get("signed") is not True and not any(seq == e.seq and turn > e.turn for seq, turn in later)]
    earliest = min(missing, key=lambda e: (e.on, e.turn), default=None)
    return None if earliest is None else until(earliest.on, earliest.seq)


@owed_in(OPEN)
def contact_signature(p, book, rule):
    return to_be_signed(p, [c for c in p.happened("contact_recorded") if c.get("channel") in book.values(rule)])


@owed_in(OPEN)
def review_signature(p, book, rule):
    """Reviews that the participant attends; a step's last one unless it is said that they did not."""
    reviews = [r for r in p.happened("review_held") if r.get("review") in ("progress", "intermediate", "closing")]
    reviews += [r for r in p.happened("step_reviewed") if r.get("review") == "closing" and r.get("participant_present") is not False
                and r.get("step") in p.steps and p.steps[r.get("step")].turn < r.turn]
    return to_be_signed(p, reviews)


def review(kind):
    @owed_in(FOLLOWED, followed=True)
    def due(p, book, rule):
        last, cause = p.last_review(kind)
        return until(add_months(last, book.number(rule)), cause)
    return due


@owed_in(FOLLOWED, followed=True)
def shared_review(p, book, rule):
    last, cause = p.start, p.start_seq
    for held in p.happened("review_held"):
        together = held.get("with_prescriber") is True or held.get("with_funder") is True
        if held.get("review") == "intermediate" and together and held.on >= p.start:
            last, cause = held.on, held.seq
    return until(add_months(last, book.number(rule)), cause)


@owed_in(FOLLOWED, followed=True)
def long_review(p, book, rule):
    last, cause = p.last_review("long_parcours")
    for months in sorted(book.values(rule)):
        if add_months(p.start, months - 1) > last or cause == p.start_seq:
            return until(add_months(p.start, months), cause)
    return None


@owed_in(RUNNING)
def change_relay(p, book, rule):
    if p.change is None:
        return None
    changed, seq = p.change
    return until(add_days(changed, book.number(rule)), seq)


@owed_in(OPEN)
def difficulty_answer(p, book, rule):
    answered = {(e.get("difficulty"), e.turn) for e in p.happened("difficulty_answered")}
    waiting = [(e.on, e.turn, e.seq) for e in p.happened("difficulty_reported")
               if not any(seq == e.seq and turn > e.turn for seq, turn in answered)]
    if not waiting:
        return None
    reported, _, cause = min(waiting)
    return at_once(add_days(reported, book.number(rule)), cause)


ALLOWS = {
    "recording-delay": recorded_in_time,
    "territory": stays_in_territory,
    "sharing-consent": sharing_agreed,
    "clear-summary": summarised,
    "snooze-longest": put_off_shortly,
}
DUES = {
    "contacts-monthly": contacts_monthly,
    "contacts-in-employment": contacts_in_employment,
    "contact-signature": contact_signature,
    "review-signature": review_signature,
    "progress-review": review("progress"),
    "plie-review": review("plie"),
    "partner-review": review("partners"),
    "shared-review": shared_review,
    "long-review": long_review,
    "change-relay": change_relay,
    "difficulty-answer": difficulty_answer,
}
CONCERNS = {"sharing-consent": lambda e, book: shares(e)}
