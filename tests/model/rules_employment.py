"""What is followed in employment and in long trainings, and what that follow-up must have been before the exit."""
from days import add_days, add_months
from due import RUNNING, WITH_SUSPENDED, monthly, owed_in, until
from exits import situations
from rules_exit import criterion_of, effective, evidence_there, has_all_evidence, papers

INSERTION = ("iae_aci", "iae_ei", "iae_ai", "etti")
AIDED = ("aided_non_market", "aided_market")
BY_A_JOB = ("employment", "aided_contract")
DOCUMENTED = BY_A_JOB + ("senior_insertion", "qualification", "long_training")


def over(start, book, rule):
    """The day from which a follow-up of months and days is over."""
    months, days = (book.values(rule) + [0])[:2]
    return add_days(add_months(start, months), days)


# ---- judged

def served(spans, e, book, rule):
    """Whether one of these was followed long enough."""
    if not book.on(rule):
        return True
    return any(e.on >= over(s.start, book, rule) and (s.end is None or s.end >= add_days(over(s.start, book, rule), -1)) for s in spans)


def followup_served(p, e, book, rule):
    criterion = criterion_of(e)
    if criterion in BY_A_JOB:
        followed = [j for j in situations(p, criterion, book) if j.details.get("purpose") == "consolidation"]
        return served(followed, e, book, "employment-followup")
    if criterion == "long_training":
        return served(situations(p, criterion, book), e, book, "training-followup")
    return True


def followup_documents(p, e, book, rule):
    return criterion_of(e) not in DOCUMENTED or evidence_there(p, e, book, rule, e.on, effective(e))


# ---- owed

@owed_in({"in_consolidation"})
def employment_followup(p, book, rule):
    job = min(p.consolidations_open(), key=lambda j: (j.start, j.turn))
    since = over(job.start, book, rule)
    return add_days(since, -1), since, job.cause


@owed_in(WITH_SUSPENDED)
def training_followup(p, book, rule):
    steps = [(s.start, s.turn, s.start_seq) for s in p.open_steps() if s.kind == "qualifying_training"]
    found = steps + [(t.start, t.turn, t.seq) for t in p.trainings.values() if t.is_open()]
    if not found:
        return None
    start, _, cause = min(found)
    return until(add_days(over(start, book, rule), -1), cause)


@owed_in(WITH_SUSPENDED)
def documents_due(p, book, rule):
    """From the end of the follow-up, of the job or of the training, while one is missing."""
    if has_all_evidence(book.values(rule), papers(p, p.on)):
        return None
    followups = (("employment-followup", employment_followup), ("training-followup", training_followup))
    found = [due(p, book, read) for read, due in followups if book.on(read)]
    return min((f for f in found if f is not None), key=lambda f: f[1], default=None)


@owed_in(RUNNING)
def market_followup(p, book, rule):
    found = []
    for job in p.jobs.values():
        if job.details.get("market") is None or not job.is_open():
            continue
        hired = job.hiring          # the placement is one, whatever the contract becomes
        about = [c for c in p.contacts if (c.get("topic") == "employment" or c.get("channel") == "workplace") and c.on >= hired.on]
        found.append((about[-1].on if about else hired.on, hired.turn, job.seq))
    if not found:
        return None
    last, _, cause = min(found)
    return until(add_months(last, book.number(rule)), cause)


@owed_in(RUNNING)
def post_iae(p, book, rule):
    """After the last insertion contract, until another job."""
    insertion = [j for j in p.employments() if j.details.get("kind") in INSERTION]
    if not insertion or any(j.is_open() for j in insertion):
        return None
    ended, cause = max(((j.end, j.end_seq) for j in insertion), key=lambda one: one[0])
    if any(j.is_open() or j.end > ended for j in p.employments() if j not in insertion):
        return None
    about = [c for c in p.contacts if c.get("topic") == "post_iae" and c.on >= ended]
    last = about[-1].on if about else ended
    return until(add_months(last, book.number(rule)), cause)


@owed_in(RUNNING)
def aided_workplace(p, book, rule):
    """One count a month for the person, whichever of their aided contracts they are met about."""
    running = [j for j in p.jobs.values() if j.details.get("kind") in AIDED and j.is_open()]
    if not running:
        return None
    visits = [c for c in p.contacts if c.get("channel") == "workplace"]
    found = []
    for job in running:
        due, since = monthly(max(job.start, p.start), [c.on for c in visits], book.number(rule))
        found.append((since, job.turn, due, visits[-1].seq if visits else job.cause))
    since, _, due, cause = min(found)
    return due, since, cause


ALLOWS = {
    "followup-served": followup_served,
    "followup-documents": followup_documents,
}
DUES = {
    "employment-followup": employment_followup,
    "training-followup": training_followup,
    "followup-documents": documents_due,
    "market-followup": market_followup,
    "post-iae-followup": post_iae,
    "aided-workplace": aided_workplace,
}
CONCERNS = {
    "followup-served": lambda e, book: criterion_of(e) in BY_A_JOB + ("long_training",),
    "followup-documents": lambda e, book: criterion_of(e) in DOCUMENTED,
}
