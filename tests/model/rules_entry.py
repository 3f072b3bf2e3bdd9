"""From the orientation to the contract, and what is owed to who has just entered.

ALLOWS: whether an event fits. DUES: (due, since, cause) or None. CONCERNS: what a rule that waits for its value would look at.
"""
from days import add_days
from due import ADMITTED_ON, BEFORE_ENTRY, OPEN, RUNNING, SOMEBODY, at_once, owed_in, until


def accepted(e):
    return e.get("outcome") == "accepted"


def entry_meant(e):
    return e.get("reorientation") is not True


# ---- judged

def reception_done(p, e, book, rule):
    return not entry_meant(e) or (p.diagnosis_agreed is True and bool(p.checks))


def entry_consented(p, e, book, rule):
    return not entry_meant(e) or set(book.values(rule)) <= p.person.consents


def entry_informed(p, e, book, rule):
    return not entry_meant(e) or p.informed is True


def target_public(p, e, book, rule):
    return not accepted(e) or bool(set(book.values(rule)) & p.criteria_on(e.on))


def entry_conditions(p, e, book, rule):
    return not accepted(e) or set(book.values(rule)) <= p.criteria_on(e.on)


def old_enough(p, e, book, rule):
    if not accepted(e):
        return True
    known = p.person.is_old_enough(book.number(rule), e.on)
    return "minimum_age" in p.criteria_on(e.on) if known is None else known


def proved(p, seq, e):
    """Whether a piece is there on the day, filed in whatever order that day, neither rejected nor expired."""
    piece = e.file.get(seq)
    if piece is None or piece.on > e.on or seq in p.person.rejected:
        return False
    dated, expires = piece.day("dated"), piece.day("valid_until")
    if dated is not None and dated > e.on:
        return False
    return expires is None or expires >= e.on


def eligibility_proved(p, e, book, rule):
    if not accepted(e):
        return True
    return all(proved(p, p.checks[word]["evidence"], e) for word in book.values(rule) if word in p.checks)


def has_referent(p, e, book, rule):
    return not accepted(e) or p.referent is not None


def collegial(p, e, book, rule):
    members = e.get("session_members")
    return e.get("outcome") == "deferred" or (members is not None and members >= book.number(rule))


def alternative_given(p, e, book, rule):
    return e.get("outcome") != "refused" or bool(e.get("alternative"))


def prescriber_contacted(p, e, book, rule):
    """Contacted once at least, and again when as many appointments as the PLIE says were missed since."""
    if e.get("reason") != "missed":
        return True
    missed_again = book.on("missed-appointments") and len(p.misses) >= book.number("missed-appointments")
    return bool(p.told) and not missed_again


# ---- owed

@owed_in(ADMITTED_ON)
def no_referent(p, book, rule):
    if p.referent is not None or p.decided is None:
        return None
    return at_once(*p.decided)


@owed_in(BEFORE_ENTRY)
def missed_appointments(p, book, rule):
    n = book.number(rule)
    if len(p.misses) < n:
        return None
    return at_once(*p.misses[n - 1])


@owed_in(SOMEBODY)
def prescriber_feedback(p, book, rule):
    if p.prescriber is None or p.answered is None:
        return None
    answered, seq = p.answered
    if any(told >= answered for told in p.told):
        return None
    return until(add_days(answered, book.number(rule)), seq)


def after_decision(p, book, rule, done):
    if p.decided is None or done:
        return None
    decided, seq = p.decided
    return until(add_days(decided, book.number(rule)), seq)


@owed_in(ADMITTED_ON)
def contract_transmission(p, book, rule):
    return after_decision(p, book, rule, p.transmitted)


@owed_in(ADMITTED_ON)
def contract_signature(p, book, rule):
    return after_decision(p, book, rule, p.contract)


@owed_in(ADMITTED_ON)
def signatories(p, book, rule):
    """Owed on the day of the first signature; a later one completes it."""
    signed = p.happened("contract_signed")
    if not signed:
        return None
    if all(any(s.get("by_" + who) is True for s in signed) for who in book.values(rule)):
        return None
    return until(signed[0].on, signed[0].seq)


@owed_in(OPEN)
def recommendation(p, book, rule):
    followed = [(e.get("recommendation"), e.turn) for e in p.happened("recommendation_followed")]
    open_ones = [(e.day("by_day") or add_days(e.on, book.number(rule)), e.seq)
                 for e in p.happened("recommendation_made") if not any(seq == e.seq and turn > e.turn for seq, turn in followed)]
    return until(*min(open_ones)) if open_ones else None


@owed_in(RUNNING)
def fund_publicity(p, book, rule):
    if "publicity" in p.person.consents:
        return None
    return until(add_days(p.start, book.number(rule)), p.start_seq)


@owed_in(RUNNING)
def mutual_contract(p, book, rule):
    """Made within so many days of the start, or of the day RSA is known; then due again at its term."""
    if p.person.rsa_since is None:
        return None
    made = p.person.mutual_contract
    term = made and made.day("until_day")
    if made is None or (term is not None and term < p.start):      # one that was over before this parcours is no contract of it
        since, cause = max((p.start, p.start_seq), p.person.rsa_since, key=lambda known: known[0])
        return until(add_days(since, book.number(rule)), cause)
    return until(term, made.seq) if term else None


ALLOWS = {
    "reception": reception_done,
    "entry-consent": entry_consented,
    "entry-informed": entry_informed,
    "target-public": target_public,
    "entry-conditions": entry_conditions,
    "minimum-age": old_enough,
    "eligibility-evidence": eligibility_proved,
    "entry-referent": has_referent,
    "collegial-decision": collegial,
    "refusal-alternative": alternative_given,
    "non-entry-contact": prescriber_contacted,
}
DUES = {
    "single-referent": no_referent,
    "missed-appointments": missed_appointments,
    "prescriber-feedback": prescriber_feedback,
    "contract-transmission": contract_transmission,
    "contract-signature": contract_signature,
    "contract-signatories": signatories,
    "recommendation-followup": recommendation,
    "fund-publicity": fund_publicity,
    "mutual-contract": mutual_contract,
}
CONCERNS = {
    **{rule: lambda e, book: accepted(e)
       for rule in ("target-public", "entry-conditions", "minimum-age", "eligibility-evidence", "entry-referent")},
    **{rule: lambda e, book: entry_meant(e) for rule in ("entry-consent", "entry-informed")},
}
