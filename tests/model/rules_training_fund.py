"""The training fund: what a request holds, who decides it, what is owed once the training is over."""
from days import add_days, add_months
from due import ANY_FILE, owed_in, until

WITHOUT_A_STEP_MONTHS = 6


def granted(e):
    return e.get("outcome") == "granted"


def about(p, kind, seq):
    """What was done about a request since it was made."""
    made = next((r.turn for r in p.happened("training_requested") if r.seq == seq), None)
    return [e for e in p.happened(kind) if e.get("request") == seq and made is not None and e.turn > made]


def documents_of(p, request):
    return {e.get("document") for e in about(p, "training_document_filed", request)}


def documents_held(p, e, book, rule):
    return not granted(e) or set(book.values(rule)) <= documents_of(p, e.get("request"))


def training_committee(p, e, book, rule):
    if e.get("outcome") == "deferred":
        return True
    members = e.get("session_members")
    return e.get("session_kind") == "training" and members is not None and members >= book.number(rule)


def cofunding_searched(p, e, book, rule):
    return e.get("cofunding_searched") is True or (e.get("cofunded_cents") or 0) > 0


def within_cost(p, e, book, rule):
    """What is granted and the co-funding are no more than the training costs."""
    request = next((r for r in p.happened("training_requested") if r.seq == e.get("request")), None)
    if request is None or not granted(e):
        return True
    return (e.get("granted_cents") or 0) + (request.get("cofunded_cents") or 0) <= request.get("cost_cents")


def over_on(p, request, decision):
    """The day from which the documents are owed; None when the training never was."""
    step = p.steps.get(request.get("step"))
    if step is None:
        return add_months(decision.on, WITHOUT_A_STEP_MONTHS)
    if step.closed:
        return None if step.never_was else step.end
    return step.planned_end or add_months(decision.on, WITHOUT_A_STEP_MONTHS)


@owed_in(ANY_FILE)
def training_after(p, book, rule):
    """Whatever becomes of the parcours: the money was spent."""
    days = book.number("training-after-days") if book.on("training-after-days") else 0
    found = []
    for request in p.happened("training_requested"):
        decisions = about(p, "training_decided", request.seq)
        if not decisions or not granted(decisions[-1]) or set(book.values(rule)) <= documents_of(p, request.seq):
            continue
        over = over_on(p, request, decisions[-1])
        if over is not None:
            found.append((add_days(over, days), request.turn, decisions[-1].seq))
    if not found:
        return None
    due, _, cause = min(found)
    return until(due, cause)


ALLOWS = {
    "training-documents": documents_held,
    "training-committee": training_committee,
    "training-cofunding": cofunding_searched,
    "fund-within-cost": within_cost,
}
DUES = {"training-after": training_after}
CONCERNS = {
    "training-documents": lambda e, book: granted(e),
    "training-committee": lambda e, book: e.get("outcome") != "deferred",
}
