"""The exit: its criteria, its reasons, what attests it, what comes before it; the follow-up in employment."""
from days import add_days, add_months
from due import at_once
from exits import CRITERIA, met, running, situations

EVIDENCE_CRITERIA = {
    "exit-evidence-employment": {"employment", "aided_contract"},
    "exit-evidence-hours": {"hours"},
    "exit-evidence-business": {"business"},
    "exit-evidence-atypical": {"atypical"},
    "exit-evidence-training": {"qualification", "long_training"},
}


def criterion_of(e):
    return e.get("criterion") if e.get("outcome") == "positive" else None


def effective(e):
    """Nobody attests a day to come."""
    return min(e.day("effective_on") or e.on, e.on)


# ---- judged

def exit_met(p, e, book, rule):
    if e.get("outcome") == "positive" and e.get("criterion") is None:
        return rule != "exit-employment"
    criterion = criterion_of(e)
    if criterion is not None and rule == "exit-employment" and not book.on(CRITERIA[criterion]):
        return False    # a criterion that this rulebook does not know
    if criterion is None or CRITERIA[criterion] != rule:
        return True
    if criterion == "atypical" and e.get("case_by_case") is not True:
        return False
    return met(p, criterion, effective(e), book)


def exit_collegial(p, e, book, rule):
    members = e.get("session_members")
    return members is not None and members >= book.number(rule)


def closing_review_held(p, e, book, rule):
    if e.get("outcome") == "other" and e.get("reason") == "death":
        return True
    return any(r.get("review") == "closing" and (p.start is None or r.on >= p.start) for r in p.happened("review_held"))


def other_exit_named(p, e, book, rule):
    return e.get("outcome") != "other" or e.get("reason") in book.values(rule)


def without_news(e):
    return e.get("outcome") == "other" and e.get("reason") == "no_news"


def reminder_unanswered(p, e, book, rule):
    if not without_news(e):
        return True
    return any(letter["letter"] == "reminder" and not letter["answered"]
               and (letter["returned"] or e.on > add_days(letter["on"], book.number(rule)))
               for letter in p.letters.values())


def has_all_evidence(p, kinds):
    filed = {v["event"].get("evidence") for v in p.evidence.values() if not v["rejected"]}
    return set(kinds) <= filed


def evidence_filed(p, e, book, rule):
    return criterion_of(e) not in EVIDENCE_CRITERIA[rule] or has_all_evidence(p, book.values(rule))


def attests(evidence, e, n):
    dated, first, last = evidence.day("dated"), evidence.day("covers_from"), evidence.day("covers_until")
    if dated is not None and add_days(e.on, -n) <= dated <= e.on:
        return True
    return first is not None and last is not None and first <= effective(e) <= last


def exit_attested(p, e, book, rule):
    criterion = criterion_of(e)
    if criterion not in ("employment", "aided_contract", "business", "atypical", "long_training"):
        return True
    proved = any(attests(v["event"], e, book.number(rule)) for v in p.evidence.values() if not v["rejected"])
    return proved and any(running(s, effective(e)) for s in situations(p, criterion, book))


def concerns_criterion(rule):
    def concerned(e, book):
        if e.get("outcome") != "positive":
            return False
        named = CRITERIA.get(criterion_of(e))
        return named == rule or (rule == "exit-employment" and (named is None or not book.on(named)))
    return concerned


# ---- owed

def employment_followup(p, book, rule):
    if p.state() != "in_consolidation":
        return None
    job = min(p.consolidations_open(), key=lambda j: (j.start, j.seq))
    months, days = (book.values(rule) + [0])[:2]
    since = add_days(add_months(job.start, months), days)
    return add_days(since, -1), since, job.seq


def exit_evidence(p, book, rule):
    if p.state() != "exit_proposed" or p.proposal.get("outcome") != "positive":
        return None
    if p.proposal.get("criterion") not in EVIDENCE_CRITERIA[rule] or has_all_evidence(p, book.values(rule)):
        return None
    return at_once(p.proposal.on, p.proposal.seq)


ALLOWS = {
    "exit-collegial": exit_collegial,
    "closing-review": closing_review_held,
    "other-exits": other_exit_named,
    "reminder-letter": reminder_unanswered,
    "exit-attested": exit_attested,
    **{rule: exit_met for rule in CRITERIA.values()},
    **{rule: evidence_filed for rule in EVIDENCE_CRITERIA},
}
DUES = {
    "employment-followup": employment_followup,
    **{rule: exit_evidence for rule in EVIDENCE_CRITERIA},
}
CONCERNS = {rule: concerns_criterion(rule) for rule in CRITERIA.values()}
