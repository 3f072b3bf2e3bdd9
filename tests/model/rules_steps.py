"""Steps: what is prescribed, how it is followed, what comes next; offers; the time without a step."""
from days import add_days, add_months
from due import FOLLOWED, RUNNING, WITH_SUSPENDED, monthly, owed_in, until
from immersions import immersion_short, immersion_within_year


def is_immersion(e):
    return e.get("kind") == "immersion"


# ---- judged

def rhythm_agreed(p, e, book, rule):
    agreed = e.get("interviews_a_month")
    return agreed is not None and agreed >= book.number(rule)


def contacts_set(p, e, book, rule):
    """A number in the rulebook is the rhythm, unless another is told; where it is the referent's to set, it must be told."""
    told, least = e.get("contacts_a_month"), book.number(rule)
    return least > 0 if told is None else told >= least


def objective_shared(p, e, book, rule):
    return e.get("objective_shared") is True


def objective_measured(p, e, book, rule):
    return all(s.has_result for s in p.steps.values() if s.ended)


def step_contract(p, e, book, rule):
    return e.get("planned_end") is not None and e.get("contractualised") is True


def function_told(p, e, book, rule):
    return not is_immersion(e) or e.get("function") is not None


# ---- owed

def earliest_rhythm(found):
    """found: (since, turn, due, cause)."""
    if not found:
        return None
    since, _, due, cause = min(found)
    return due, since, cause


@owed_in(WITH_SUSPENDED, followed=True)
def step_rhythm(p, book, rule):
    found = []
    for step in p.open_steps():
        wanted = max(step.rhythm or 0, book.number(rule))
        if wanted == 0:
            continue
        contacts = [c for c in p.contacts[step.contacts_before:]
                    if c.get("channel") in ("on_site", "workplace") and c.get("step") in (None, step.seq)]
        due, since = monthly(step.start, [c.on for c in contacts], wanted)
        found.append((since, step.turn, due, contacts[-1].seq if contacts else step.start_seq))
    return earliest_rhythm(found)


@owed_in(FOLLOWED, followed=True)
def contacts_in_step(p, book, rule):
    """Of any form, and about anything: the month's contacts, whether the step had begun by then or not."""
    found = []
    for step in p.open_steps():
        wanted = max(step.contacts_wanted or 0, book.number(rule))
        if wanted:
            due, since = monthly(step.start, [c.on for c in p.contacts], wanted)
            met_since = [c for c in p.contacts if c.on >= step.start]
            found.append((since, step.turn, due, met_since[-1].seq if met_since else step.start_seq))
    return earliest_rhythm(found)


@owed_in({"active"}, followed=True)
def step_gap(p, book, rule):
    if p.occupied():
        return None
    gap_from = max(d for d in (p.start, p.last_occupied()) if d is not None)
    return until(add_months(gap_from, book.number(rule)), p.start_seq)


@owed_in(FOLLOWED, followed=True)
def next_step(p, book, rule):
    """Shown before the planned end of the only thing that goes on, while nothing else is prescribed or open."""
    steps = [s for s in p.steps.values() if not s.closed]
    others = [s for spans in (p.jobs, p.businesses, p.trainings, p.situations) for s in spans.values() if s.is_open()]
    if len(steps) != 1 or others:
        return None
    step = steps[0]
    if not step.is_open() or step.planned_end is None:
        return None
    return step.planned_end, add_days(step.planned_end, -book.number(rule)), step.start_seq


def earliest_step(p, book, rule, found):
    """found: (day counted from, turn, cause)."""
    if not found:
        return None
    counted_from, _, cause = min(found)
    return until(add_days(counted_from, book.number(rule)), cause)


@owed_in(RUNNING)
def step_overdue(p, book, rule):
    return earliest_step(p, book, rule, [(s.planned_end, s.turn, s.seq) for s in p.open_steps() if s.planned_end])


@owed_in(RUNNING)
def step_reception(p, book, rule):
    return earliest_step(p, book, rule, [(s.start, s.turn, s.start_seq) for s in p.open_steps() if not s.received])


@owed_in(RUNNING)
def step_closing(p, book, rule):
    return earliest_step(p, book, rule, [(s.end, s.turn, s.end_seq) for s in p.steps.values() if s.ended and not s.reviewed_at_end])


@owed_in(RUNNING)
def step_participant(p, book, rule):
    return earliest_step(p, book, rule, [(s.end, s.turn, s.end_seq) for s in p.steps.values() if s.ended and not s.evaluated_together])


@owed_in(RUNNING)
def offer_result(p, book, rule):
    if not p.offers:
        return None
    seq, placed = min(p.offers.items(), key=lambda offer: offer[1])     # of one day, the first in the order of the fold
    return until(add_days(placed, book.number(rule)), seq)


ALLOWS = {
    "step-rhythm": rhythm_agreed,
    "contacts-in-step": contacts_set,
    "step-objective": objective_shared,
    "objective-measured": objective_measured,
    "step-contract": step_contract,
    "immersion-function": function_told,
    "immersion-days": immersion_short,
    "immersion-year": immersion_within_year,
}
DUES = {
    "step-rhythm": step_rhythm,
    "contacts-in-step": contacts_in_step,
    "step-gap-list": step_gap,
    "step-gap": step_gap,
    "next-step": next_step,
    "step-overdue": step_overdue,
    "step-reception": step_reception,
    "step-closing": step_closing,
    "step-participant": step_participant,
    "offer-result": offer_result,
}
CONCERNS = {rule: lambda e, book: is_immersion(e) for rule in ("immersion-function", "immersion-days", "immersion-year")}
