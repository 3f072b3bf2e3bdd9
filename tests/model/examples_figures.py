"""Worked examples of figures, told as feeds. Run by test_model.py."""
from datetime import date

import figures
from feed import Feed, case, job, rulebook, same
from log import Kept, Log


def figure(feed, name, until, as_of=None):
    """A count, or (numerator, denominator)."""
    counted = figures.figures(Log(feed.raws), date.fromisoformat(until), as_of and date.fromisoformat(as_of))[name]
    return counted[0] if name in figures.COUNTS else tuple(counted[:2])


@case
def the_first_meeting_counts_once_each_parcours():
    f = Feed()
    f.add("contact_recorded", "2020-01-02", channel="telephone")            # nobody was oriented yet
    f.add("participant_oriented", "2020-01-06")
    f.add("contact_attempted", "2020-01-07", channel="telephone")
    f.add("appointment_missed", "2020-01-08")
    same(figure(f, "first_meeting_delay", "2020-12-31"), (0, 0))
    f.add("appointment_kept", "2020-01-16")
    f.add("contact_recorded", "2020-01-20", channel="interview")
    f.add("non_entry_recorded", "2020-02-03", reason="other")
    same((figure(f, "first_meeting_delay", "2020-01-15"), figure(f, "first_meeting_delay", "2020-12-31")), ((0, 0), (10, 1)))
    f.add("participant_oriented", "2020-03-02")
    f.add("contact_recorded", "2020-03-02", channel="telephone")
    same(figure(f, "first_meeting_delay", "2020-12-31"), (10, 2))


@case
def the_committee_decides_so_many_days_after_the_last_proposal():
    f = Feed()
    f.add("participant_oriented", "2020-01-06")
    f.add("entry_proposed", "2020-01-10")
    f.add("entry_decided", "2020-01-20", outcome="deferred", session_members=3)
    same(figure(f, "decision_delay", "2020-12-31"), (0, 0))
    f.add("entry_proposed", "2020-02-01")
    f.add("entry_decided", "2020-02-08", outcome="refused", session_members=3)
    f.add("entry_decided", "2020-02-10", outcome="refused", session_members=3)      # the proposal was answered
    f.add("participant_oriented", "2020-03-02")
    f.add("entry_decided", "2020-03-05", outcome="accepted", session_members=3)     # nobody proposed it this time
    same((figure(f, "decision_delay", "2020-02-07"), figure(f, "decision_delay", "2020-12-31")), ((0, 0), (7, 1)))
    f.add("contract_signed", "2020-03-12")
    same((figure(f, "entry_delay", "2020-03-11"), figure(f, "entry_delay", "2020-12-31")), ((0, 0), (10, 1)))


@case
def months_of_a_step_owe_what_was_agreed():
    f = Feed(rulebook(step_rhythm=1))
    f.enter("2020-01-06")
    step, other = (f.add("step_prescribed", "2020-01-06", kind="training") for _ in range(2))
    f.add("contact_recorded", "2020-01-16", channel="on_site", step=step)                       # the step had not begun
    f.add("step_started", "2020-01-17", step=step, interviews_a_month=2)
    same(figure(f, "step_months_kept", "2020-01-30"), (0, 0))
    same(figure(f, "step_months_kept", "2020-01-31"), (0, 1))                                   # fifteen days owe one
    f.add("contact_recorded", "2020-01-18", channel="workplace")
    for on, channel, about in (("2020-02-03", "on_site", step), ("2020-02-03", "on_site", step), ("2020-02-10", "telephone", step),
                               ("2020-02-11", "on_site", other)):
        f.add("contact_recorded", on, channel=channel, step=about)
    same(figure(f, "step_months_kept", "2020-02-29"), (1, 2))                                   # one day of the two
    f.add("contact_recorded", "2020-02-28", channel="on_site")
    same(figure(f, "step_months_kept", "2020-02-29"), (2, 2))
    f.add("step_ended", "2020-03-14", step=step)
    same(figure(f, "step_months_kept", "2020-12-31"), (2, 2))                                   # a fortnight owes nothing


@case
def no_month_after_the_exit_owes_anything():
    f = Feed(rulebook(step_rhythm=2, closing_review=None))
    f.enter("2020-01-06")
    step = f.add("step_prescribed", "2020-01-31", kind="training")
    f.add("step_started", "2020-02-01", step=step)
    f.add("exit_proposed", "2020-04-01", outcome="other", reason="move")
    f.add("exit_decided", "2020-04-20", outcome="other", reason="move", effective_on="2020-03-15")
    same((figure(f, "step_months_kept", "2020-12-31"), figure(f, "step_months_kept", "2020-12-31", "2020-04-19")), ((0, 2), (0, 2)))
    f.add("contact_recorded", "2020-03-10", channel="on_site")                                  # one is enough in half a month
    same((figure(f, "step_months_kept", "2020-12-31"), figure(f, "step_months_kept", "2020-12-31", "2020-04-19")), ((1, 2), (0, 2)))


@case
def the_month_of_the_exit_is_of_who_followed_the_parcours():
    f = Feed(rulebook(step_rhythm=2, closing_review=None))
    f.enter("2020-01-06")
    step = f.add("step_prescribed", "2020-01-31", kind="training")
    f.add("step_started", "2020-02-01", step=step)
    f.add("exit_proposed", "2020-02-20", outcome="other", reason="move")
    f.add("exit_decided", "2020-02-20", outcome="other", reason="move")
    f.add("participant_oriented", "2020-04-06")
    f.add("referent_assigned", "2020-04-06", referent="r_2")
    same(figures.figures(Log(f.raws), date(2020, 12, 31), None)["step_months_kept"], [0, 1, {"r_1": [0, 1]}])


@case
def one_meeting_a_month_for_whoever_has_aided_contracts():
    f = Feed(rulebook("boulonnais", target_public=None, entry_conditions=None))
    f.enter("2020-01-06")
    first = job(f, "2020-02-01", purpose="step", kind="aided_non_market")
    job(f, "2020-02-01", "2020-03-31", purpose="step", kind="cdd")
    f.add("contact_recorded", "2020-02-10", channel="telephone")
    f.add("contact_recorded", "2020-03-10", channel="workplace")
    same(figure(f, "aided_months_kept", "2020-03-31"), (1, 2))
    f.add("employment_ended", "2020-04-08", employment=first)
    job(f, "2020-04-06", "2020-04-14", purpose="step", kind="aided_market")
    same(figure(f, "aided_months_kept", "2020-12-31"), (1, 2))                                  # fourteen days of both together
    job(f, "2020-05-05", "2020-05-19", purpose="step", kind="aided_market")
    same(figure(f, "aided_months_kept", "2020-12-31"), (1, 3))


@case
def near_the_limit_or_past_it():
    f = Feed()
    f.enter("2020-01-10")                                                                       # until 2021-07-10
    same([figure(f, "near_limit", on) for on in ("2021-04-09", "2021-04-10", "2021-07-11", "2022-01-01")], [0, 1, 1, 1])
    f.add("extension_requested", "2021-06-01")
    f.add("extension_decided", "2021-07-01", granted=True)
    same([figure(f, "near_limit", on) for on in ("2021-06-30", "2021-07-01", "2021-10-10")], [1, 0, 1])
    f.add("employment_started", "2021-11-02", kind="cdi", purpose="consolidation", weekly_hours=35)
    same([figure(f, "near_limit", on) for on in ("2021-11-01", "2021-11-02", "2022-03-01")], [1, 0, 0])


@case
def an_enterprise_is_met_once():
    f = Feed()
    for on, event, data in (("2020-01-06", "enterprise_registered", {}), ("2020-02-03", "enterprise_visited", {"referent": "r_2"}),
                            ("2020-03-02", "enterprise_visited", {"referent": "r_1"})):
        seq = f.put("e_1", "enterprise", event, on, data, {})
    same([figure(f, "enterprises_met", on) for on in ("2020-02-02", "2020-02-03", "2020-12-31")], [0, 1, 1])
    same(figures.figures(Log(f.raws), date(2020, 12, 31), None)["enterprises_met"], [1, {"r_2": 1}])
    f.put("e_1", "enterprise", "event_voided", "2020-04-01", {"event": seq - 1, "reason": "x"}, {})
    same(figures.figures(Log(f.raws), date(2020, 12, 31), None)["enterprises_met"], [1, {"r_1": 1}])


@case
def a_request_is_granted_or_not_by_its_last_decision():
    f = Feed()
    f.enter("2020-01-06")
    asked, other = (f.add("training_requested", "2020-02-03", cost_cents=100, cofunding_searched=True) for _ in range(2))
    f.add("training_decided", "2020-02-10", request=asked, outcome="refused")
    f.add("training_decided", "2020-02-10", request=other, outcome="deferred")
    same(figure(f, "training_granted_rate", "2020-02-29"), (0, 1))
    f.add("training_decided", "2020-03-10", request=asked, outcome="granted", granted_cents=100)
    same((figure(f, "training_granted_rate", "2020-02-29"), figure(f, "training_granted_rate", "2020-03-31")), ((0, 1), (1, 1)))
    f.add("training_decided", "2020-04-10", request=asked, outcome="deferred")
    same((figure(f, "training_granted_rate", "2020-04-30"), figure(f, "training_granted_rate", "2020-04-30", "2020-03-31")), ((0, 0), (1, 1)))


@case
def what_was_made_before_is_what_would_be_made_anew():
    """Figures of one instant after the other, with what comes late, is corrected, is taken out: as those of each instant alone."""
    f = Feed(rulebook("boulonnais", target_public=None, entry_conditions=None))
    f.enter("2020-01-06")
    step = f.add("step_prescribed", "2020-01-07", kind="training")
    started = f.add("step_started", "2020-02-01", step=step, interviews_a_month=1)
    work = job(f, "2020-02-01", purpose="step", kind="aided_non_market")
    f.add("contact_recorded", "2020-04-10", channel="workplace")
    late = f.add("contact_recorded", "2020-02-10", channel="workplace")
    f.add("contact_recorded", "2020-01-10", channel="telephone")
    f.add("event_corrected", "2020-04-20", event=late, reason="x", content={"kind": "contact_recorded", "on": "2020-03-10", "data": {"channel": "on_site"}})
    f.add("employment_ended", "2020-03-20", employment=work)
    f.add("evidence_filed", "2020-02-01", evidence="diploma")
    f.add("event_voided", "2020-04-21", event=started, reason="x")
    f.add("exit_proposed", "2020-05-04", outcome="other", reason="move")
    f.add("exit_decided", "2020-05-04", outcome="other", reason="move", effective_on="2020-04-20")
    f.add("participant_oriented", "2020-06-02")
    f.add("contact_recorded", "2020-06-09", channel="telephone")
    kept, day = Kept(), date(2020, 12, 31)
    for count in range(1, len(f.raws) + 1):
        for as_of in (None, date(2020, 3, 31)):
            same(figures.figures(Log(f.raws[:count], None, kept), day, as_of), figures.figures(Log(f.raws[:count]), day, as_of))
