"""Marks: what does not hold when an event comes, under the rulebook that judges it."""
from days import add_days
from deadlines import EVIDENCE_CRITERIA, has_all_evidence
from exits import CRITERIA, met, running, situations
from log import RULES


def within_parcours(p, e, book, rule):
    limit = p.limit(book)
    if limit is None or p.consolidations_open() or e.on <= limit:
        return True
    if p.request is None:
        return False
    return p.request["session_day"] is None or e.on <= p.request["session_day"]


def extension_allowed(p, e, book, rule):
    times = (book.values(rule) + [1])[1]
    if e.name == "extension_requested":
        limit = p.limit(book)
        return (limit is None or e.on <= limit or bool(p.consolidations_open())) and p.extensions < times
    return not e.get("granted") or (p.extensions < times and p.request is not None)


def suspension_allowed(p, e, book, rule):
    return book.value(rule) != "forbidden"


def reception_done(p, e, book, rule):
    return e.get("reorientation") is True or (p.diagnosis_agreed is True and p.eligibility is not None)


def valid_on(p, e):
    return p.valid_until is None or p.valid_until >= e.on


def target_public(p, e, book, rule):
    if e.get("outcome") != "accepted":
        return True
    return bool(set(book.values(rule)) & (p.eligibility or set())) and valid_on(p, e)


def entry_conditions(p, e, book, rule):
    if e.get("outcome") != "accepted":
        return True
    return set(book.values(rule)) <= (p.eligibility or set()) and valid_on(p, e)


def collegial(p, e, book, rule):
    members = e.get("session_members")
    return e.get("outcome") == "deferred" or (members is not None and members >= book.number(rule))


def alternative_given(p, e, book, rule):
    return e.get("outcome") != "refused" or bool(e.get("alternative"))


def recorded_in_time(p, e, book, rule):
    return e.imported or (e.recorded_on - e.on).days <= book.number(rule)


def rhythm_agreed(p, e, book, rule):
    agreed = e.get("interviews_a_month")
    return agreed is not None and agreed >= book.number(rule)


def stays_in_territory(p, e, book, rule):
    return e.get("change") != "address" or e.get("commune_coarse") is not False


def objective_shared(p, e, book, rule):
    return e.get("objective_shared") is True


def objective_measured(p, e, book, rule):
    return all(s.has_result for s in p.steps.values() if s.ended)


def step_contract(p, e, book, rule):
    return e.get("planned_end") is not None and e.get("contractualised") is True


def criterion_of(e):
    return e.get("criterion") if e.get("outcome") == "positive" else None


def effective(e):
    """Nobody attests a day to come."""
    return min(e.day("effective_on") or e.on, e.on)


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


def other_exit_named(p, e, book, rule):
    return e.get("outcome") != "other" or e.get("reason") in book.values(rule)


def reminder_unanswered(p, e, book, rule):
    if e.get("outcome") != "other" or e.get("reason") != "no_news":
        return True
    return any(letter["letter"] == "reminder" and not letter["answered"]
               and (letter["returned"] or e.on > add_days(letter["on"], book.number(rule)))
               for letter in p.letters.values())


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


ALLOWS = {
    "parcours-length": within_parcours,
    "parcours-extension": extension_allowed,
    "suspension": suspension_allowed,
    "reception": reception_done,
    "target-public": target_public,
    "entry-conditions": entry_conditions,
    "collegial-decision": collegial,
    "refusal-alternative": alternative_given,
    "recording-delay": recorded_in_time,
    "step-rhythm": rhythm_agreed,
    "territory": stays_in_territory,
    "step-objective": objective_shared,
    "objective-measured": objective_measured,
    "step-contract": step_contract,
    "other-exits": other_exit_named,
    "reminder-letter": reminder_unanswered,
    "exit-attested": exit_attested,
    **{rule: exit_met for rule in CRITERIA.values()},
    **{rule: evidence_filed for rule in EVIDENCE_CRITERIA},
}


def concerns(rule, e, book):
    """Whether a rule without its value would have had a say: nothing can be held against what it does not look at."""
    if rule in ("target-public", "entry-conditions"):
        return e.get("outcome") == "accepted"
    if rule not in CRITERIA.values():
        return True
    if e.get("outcome") != "positive":
        return False
    named = CRITERIA.get(criterion_of(e))
    return named == rule or (rule == "exit-employment" and (named is None or not book.on(named)))


def holds(p, event, book, rule):
    if book.waits(rule):
        return not concerns(rule, event, book)
    return not book.on(rule) or ALLOWS[rule](p, event, book, rule)


def judges(rule, event):
    kinds = RULES[rule]
    return event.name in kinds or ("any" in kinds and event.kind.nature == "FACT")


def marks(p, event, book):
    act = event.kind.nature == "ACT"
    found = []
    if p.state() not in event.kind.states:
        found.append({"event": event.seq, "rule": "state", "unfounded": act, "waived": False})
    for rule in RULES:
        if not judges(rule, event) or holds(p, event, book, rule):
            continue
        waived = rule in event.waived
        unfounded = act and (book.mode(rule) == "refuse" or book.waits(rule)) and not waived
        found.append({"event": event.seq, "rule": rule, "unfounded": unfounded, "waived": waived})
    return found
