"""Deadlines: each rule computed from scratch under one rulebook, then through the rulebooks in force by the day it falls.

A rule's function gives (due, since, cause) or None.
"""
from days import add_days, add_months, days_between, month_first, month_last, same_month

FOLLOWED = {"active", "in_training", "in_consolidation"}
WITH_SUSPENDED = FOLLOWED | {"suspended"}
RUNNING = WITH_SUSPENDED | {"exit_proposed"}
ADMITTED_ON = RUNNING | {"admitted"}
NOBODY_NOW = {"nobody", "merged", "erased"}

EVIDENCE_CRITERIA = {
    "exit-evidence-employment": {"employment", "aided_contract"},
    "exit-evidence-hours": {"hours"},
    "exit-evidence-business": {"business"},
    "exit-evidence-atypical": {"atypical"},
    "exit-evidence-training": {"qualification", "long_training"},
}


def until(due, cause):
    return due, add_days(due, 1), cause


def parcours_limit(p, book, rule):
    limit = p.limit(book)
    if limit is None or p.state() not in ("active", "in_training", "suspended"):
        return None
    if p.request is not None:
        if p.request["session_day"] is None:
            return None
        limit = max(limit, p.request["session_day"])
    return until(limit, p.start_seq)


def extension_decision(p, book, rule):
    if p.request is None or p.state() not in RUNNING:
        return None
    due = p.request["session_day"] or p.limit(book)
    return until(due, p.request["seq"]) if due else None


def no_referent(p, book, rule):
    if p.state() not in ADMITTED_ON or p.referent is not None or p.decided is None:
        return None
    decided, seq = p.decided
    return decided, decided, seq


def missed_appointments(p, book, rule):
    n = book.number(rule)
    if p.state() not in ("oriented", "in_diagnosis", "proposed", "deferred") or len(p.misses) < n:
        return None
    missed, seq = p.misses[n - 1]
    return missed, missed, seq


def prescriber_feedback(p, book, rule):
    if p.state() in NOBODY_NOW or p.prescriber is None or p.answered is None:
        return None
    answered, seq = p.answered
    if any(told >= answered for told in p.told):
        return None
    return until(add_days(answered, book.number(rule)), seq)


def contract_transmission(p, book, rule):
    if p.state() not in ADMITTED_ON or p.decided is None or p.transmitted:
        return None
    decided, seq = p.decided
    return until(add_days(decided, book.number(rule)), seq)


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


def contacts_monthly(p, book, rule):
    if p.state() != "active" or p.occupied():
        return None
    anchor = max(d for d in (p.start, p.last_occupied(), p.resumed) if d is not None)
    due, since = monthly(anchor, [c.on for c in p.contacts], book.number(rule))
    return due, since, p.contacts[-1].seq if p.contacts else p.start_seq


def step_rhythm(p, book, rule):
    if p.state() not in WITH_SUSPENDED:
        return None
    found = []
    for step in p.open_steps():
        wanted = max(step.rhythm or 0, book.number(rule))
        if wanted == 0:
            continue
        contacts = [c for c in p.contacts[step.contacts_before:]
                    if c.get("channel") in ("on_site", "workplace") and c.get("step") in (None, step.seq)]
        due, since = monthly(step.start, [c.on for c in contacts], wanted)
        found.append((since, step.seq, due, contacts[-1].seq if contacts else step.start_seq))
    if not found:
        return None
    since, _, due, cause = min(found)
    return due, since, cause


def step_gap(p, book, rule):
    if p.state() != "active" or p.occupied():
        return None
    gap_from = max(d for d in (p.start, p.last_occupied()) if d is not None)
    return until(add_months(gap_from, book.number(rule)), p.start_seq)


def review(kind):
    def due(p, book, rule):
        if p.state() not in FOLLOWED:
            return None
        last, cause = p.last_review(kind)
        return until(add_months(last, book.number(rule)), cause)
    return due


def long_review(p, book, rule):
    if p.state() not in FOLLOWED:
        return None
    last, cause = p.last_review("long_parcours")
    for months in sorted(book.values(rule)):
        if add_months(p.start, months - 1) > last or cause == p.start_seq:
            return until(add_months(p.start, months), cause)
    return None


def change_relay(p, book, rule):
    if p.state() not in WITH_SUSPENDED | {"exit_proposed"} or p.change is None:
        return None
    changed, seq = p.change
    return until(add_days(changed, book.number(rule)), seq)


def earliest_step(p, book, rule, found):
    """found: (day counted from, step seq, cause)."""
    if p.state() not in RUNNING or not found:
        return None
    counted_from, _, cause = min(found)
    return until(add_days(counted_from, book.number(rule)), cause)


def step_overdue(p, book, rule):
    return earliest_step(p, book, rule, [(s.planned_end, s.seq, s.seq) for s in p.open_steps() if s.planned_end])


def step_reception(p, book, rule):
    return earliest_step(p, book, rule, [(s.start, s.seq, s.start_seq) for s in p.open_steps() if not s.received])


def step_closing(p, book, rule):
    return earliest_step(p, book, rule, [(s.end, s.seq, s.end_seq) for s in p.steps.values() if s.ended and not s.reviewed_at_end])


def offer_result(p, book, rule):
    if p.state() not in RUNNING or not p.offers:
        return None
    placed, seq = min((on, seq) for seq, on in p.offers.items())
    return until(add_days(placed, book.number(rule)), seq)


def employment_followup(p, book, rule):
    if p.state() != "in_consolidation":
        return None
    job = min(p.consolidations_open(), key=lambda j: (j.start, j.seq))
    months, days = (book.values(rule) + [0])[:2]
    since = add_days(add_months(job.start, months), days)
    return add_days(since, -1), since, job.seq


def has_all_evidence(p, kinds):
    filed = {v["event"].get("evidence") for v in p.evidence.values() if not v["rejected"]}
    return set(kinds) <= filed


def exit_evidence(p, book, rule):
    if p.state() != "exit_proposed" or p.proposal.get("outcome") != "positive":
        return None
    if p.proposal.get("criterion") not in EVIDENCE_CRITERIA[rule] or has_all_evidence(p, book.values(rule)):
        return None
    return p.proposal.on, p.proposal.on, p.proposal.seq


DUES = {
    "parcours-length": parcours_limit,
    "extension-decision": extension_decision,
    "single-referent": no_referent,
    "missed-appointments": missed_appointments,
    "prescriber-feedback": prescriber_feedback,
    "contract-transmission": contract_transmission,
    "contacts-monthly": contacts_monthly,
    "step-rhythm": step_rhythm,
    "step-gap-list": step_gap,
    "step-gap": step_gap,
    "progress-review": review("progress"),
    "plie-review": review("plie"),
    "partner-review": review("partners"),
    "long-review": long_review,
    "change-relay": change_relay,
    "step-overdue": step_overdue,
    "step-reception": step_reception,
    "step-closing": step_closing,
    "offer-result": offer_result,
    "employment-followup": employment_followup,
    **{rule: exit_evidence for rule in EVIDENCE_CRITERIA},
}


def falling(regimes, compute):
    """The deadline under the rulebook in force on the day it falls: (due, since, cause, rulebook) or None."""
    for first, end, book in regimes:
        found = compute(book)
        if found is None:
            continue
        due, since, cause = found
        if since < first:
            since = first
            if due >= since:
                due = add_days(since, -1)
        if since < end:
            return due, since, cause, book
    return None


def deadlines(p, regimes):
    """Rule -> (due, since, cause): the open ones, past or future."""
    found = {}
    for rule, compute in DUES.items():
        fallen = falling(regimes, lambda book: compute(p, book, rule) if book.on(rule) else None)
        if fallen is not None:
            found[rule] = fallen[:3]
    return found


def limit_shown(p, regimes):
    """(limit day, its rulebook), or (None, None) without a limit."""
    def compute(book):
        limit = p.limit(book)
        return None if limit is None else until(limit, p.start_seq)
    fallen = falling(regimes, compute)
    return (fallen[0], fallen[3]) if fallen else (None, None)
