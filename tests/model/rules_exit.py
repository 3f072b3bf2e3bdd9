"""The exit: its criteria, its reasons, what attests it, what comes before it, what is asked after it."""
from days import add_days, add_months, day
from due import WITH_SUSPENDED, at_once, owed_in, until
from exits import CRITERIA, counting, met, running, situations

EVIDENCE_CRITERIA = {
    "exit-evidence-employment": {"employment", "aided_contract", "senior_insertion"},
    "exit-evidence-hours": {"hours", "temporary", "fixed_term"},
    "exit-evidence-business": {"business"},
    "exit-evidence-atypical": {"atypical"},
    "exit-evidence-training": {"qualification", "long_training"},
}


BY_ONE_JOB = PAID = EVIDENCE_CRITERIA["exit-evidence-employment"]

EXIT_PIECES = {"employment_contract", "payslip", "employer_certificate", "training_entry", "training_certificate", "diploma",
               "business_registration", "activity_proof", "hours_statement", "follow_up_record", "participant_agreement"}     # that say something of a way out


def criterion_of(e):
    return e.get("criterion") if e.get("outcome") == "positive" else None


def effective(e):
    """Nobody attests a day to come."""
    return min(e.day("effective_on") or e.on, e.on)


# ---- judged

def exit_met(p, e, book, rule):
    criterion = criterion_of(e)
    if criterion is None or CRITERIA[criterion] != rule:
        return True
    if criterion in ("atypical", "senior_insertion") and e.get("case_by_case") is not True:
        return False
    return met(p, criterion, effective(e), book)


def criterion_known(p, e, book, rule):
    return e.get("outcome") != "positive" or e.get("criterion") in book.values(rule)


def exit_collegial(p, e, book, rule):
    members = e.get("session_members")
    return members is not None and members >= book.number(rule)


def is_death(e):
    return e.get("outcome") == "other" and e.get("reason") == "death"


def closing_review_held(p, e, book, rule):
    if is_death(e):
        return True
    return any(r.get("review") == "closing" and (p.start is None or r.on >= p.start) for r in p.happened("review_held"))


def other_exit_named(p, e, book, rule):
    return e.get("outcome") != "other" or e.get("reason") in book.values(rule)


def relay_looked_for(p, e, book, rule):
    """A proposal that was withdrawn takes what it said with it; a relay that was recorded apart is known all the same."""
    if e.get("outcome") != "other" or is_death(e) or e.get("relay_searched") is True:
        return True
    return any(r.get("searched") is True for r in p.happened("relay_found")) \
        or any(x.get("relay_searched") is True and x.turn > p.withdrawn for x in p.happened("exit_proposed"))


def offers_settled(p, e, book, rule):
    """Each placement has its result and the reasons; a hiring is its own. Of several results the last one stands."""
    last = {a.get("offer"): a for a in p.happened("offer_answered")}

    def settled(placed):
        answer = last.get(placed.seq)
        return answer is not None and answer.turn > placed.turn and (answer.get("outcome") == "hired" or (answer.get("reason_bytes") or 0) > 0)
    return all(settled(o) for o in p.happened("offer_placed"))


def without_news(e):
    return e.get("outcome") == "other" and e.get("reason") == "no_news"


def reminder_unanswered(p, e, book, rule):
    if not without_news(e):
        return True
    return any(letter["letter"] == "reminder" and not letter["answered"]
               and (letter["returned"] or e.on > add_days(letter["on"], book.number(rule)))
               for letter in p.letters.values())


def papers(p, on):
    """What attests something on a day: no paper does before its own date, nor a payslip before its month begins."""
    return [v["event"] for v in p.evidence.values() if not v["rejected"] and not ahead(v["event"], on)]


def ahead(paper, on):
    dated, month = paper.day("dated"), paper.get("month")
    return (dated is not None and dated > on) or (month is not None and day(month + "-01") > on)


def has_all_evidence(kinds, found):
    return set(kinds) <= {paper.get("evidence") for paper in found}


def papers_of(p, on, criterion, jobs):
    """Those that may speak for an exit: for one by a job, none that names another than these."""
    return [paper for paper in papers(p, on) if criterion not in BY_ONE_JOB or paper.get("employment") in {None} | jobs]


def evidence_there(p, e, book, rule, on, job_on):
    criterion = criterion_of(e)
    jobs = counting(p, criterion, book, job_on) if criterion in BY_ONE_JOB else set()
    return has_all_evidence(book.values(rule), papers_of(p, on, criterion, jobs))


def evidence_filed(p, e, book, rule):
    return criterion_of(e) not in EVIDENCE_CRITERIA[rule] or evidence_there(p, e, book, rule, e.on, effective(e))


def attests(evidence, e, n):
    dated, first, last = evidence.day("dated"), evidence.day("covers_from"), evidence.day("covers_until")
    if dated is not None and add_days(e.on, -n) <= dated:
        return True
    return first is not None and last is not None and first <= effective(e) <= last


def exit_attested(p, e, book, rule):
    criterion = criterion_of(e)
    if criterion not in ("employment", "aided_contract", "business", "atypical", "long_training", "senior_insertion"):
        return True
    there = [s for s in situations(p, criterion, book) if running(s, effective(e))]
    found = papers_of(p, e.on, criterion, {s.seq for s in there})
    return bool(there) and any(paper.get("evidence") in EXIT_PIECES and attests(paper, e, book.number(rule)) for paper in found)


def months_paid(p, job, on):
    """The months whose payslips are filed, of this job or of none that is named."""
    slips = [paper for paper in papers(p, on) if paper.get("evidence") == "payslip"]
    return {s.get("month") for s in slips if s.get("employment") in (None, job.seq)}


def has_payslips(p, criterion, book, n, on):
    """Those of the hiring month and of the months that follow, one a month, of one job."""
    for job in situations(p, criterion, book):
        wanted = {add_months(job.start.replace(day=1), k).isoformat()[:7] for k in range(n)}
        if wanted <= months_paid(p, job, on):
            return True
    return False


def payslips_there(p, e, book, rule):
    criterion = criterion_of(e)
    return criterion not in PAID or has_payslips(p, criterion, book, book.number(rule), e.on)


# ---- owed

@owed_in({"exit_proposed"})
def exit_evidence(p, book, rule):
    if criterion_of(p.proposal) not in EVIDENCE_CRITERIA[rule]:
        return None
    if evidence_there(p, p.proposal, book, rule, p.on, p.on):
        return None
    return at_once(p.proposal.on, p.proposal.seq)


@owed_in({"exit_proposed"})
def payslips(p, book, rule):
    if criterion_of(p.proposal) not in PAID:
        return None
    if has_payslips(p, criterion_of(p.proposal), book, book.number(rule), p.on):
        return None
    return at_once(p.proposal.on, p.proposal.seq)


@owed_in(WITH_SUSPENDED)
def reminder(p, book, rule):
    """Shown from the day on which an exit without news may be proposed; the silence began with the first letter that nobody answered."""
    silent = {seq: letter for seq, letter in p.letters.items() if letter["letter"] == "reminder" and not letter["answered"]}
    if not silent:
        return None
    last_days = [add_days(letter["on"], book.number(rule)) for letter in silent.values()]
    last_days += [add_days(letter["returned"].on, -1) for letter in silent.values() if letter["returned"]]
    return until(min(last_days), min(silent, key=lambda seq: silent[seq]["turn"]))


@owed_in({"exit_proposed"})
def exit_decision(p, book, rule):
    """On the day of the session that the proposal names, else so many months after it."""
    return until(p.proposal.day("session_day") or add_months(p.proposal.on, book.number(rule)), p.proposal.seq)


def situation(point, add):
    @owed_in({"exited"})
    def due(p, book, rule):
        if is_death(p.exit_decided) or any(s.get("point") == point for s in p.happened("situation_recorded")):
            return None
        return until(add(p.effective_on, book.number(rule)), p.exit_seq)
    return due


ALLOWS = {
    "exit-criterion": criterion_known,
    "exit-collegial": exit_collegial,
    "exit-payslips": payslips_there,
    "relay-searched": relay_looked_for,
    "offer-settled": offers_settled,
    "closing-review": closing_review_held,
    "other-exits": other_exit_named,
    "reminder-letter": reminder_unanswered,
    "exit-attested": exit_attested,
    **{rule: exit_met for rule in CRITERIA.values()},
    **{rule: evidence_filed for rule in EVIDENCE_CRITERIA},
}
DUES = {
    "exit-payslips": payslips,
    "reminder-letter": reminder,
    "exit-decision": exit_decision,
    "situation-weeks": situation("four_weeks", add_days),
    "situation-months": situation("six_months", add_months),
    **{rule: exit_evidence for rule in EVIDENCE_CRITERIA},
}
CONCERNS = {
    "exit-criterion": lambda e, book: e.get("outcome") == "positive",
    "exit-payslips": lambda e, book: criterion_of(e) in PAID,
    "relay-searched": lambda e, book: e.get("outcome") == "other" and not is_death(e),
    **{rule: lambda e, book, criterion=criterion: criterion_of(e) == criterion for criterion, rule in CRITERIA.items()},
}
