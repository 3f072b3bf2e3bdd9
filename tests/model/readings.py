"""The worked examples of the readings that a participant's fold touches."""
from datetime import date

import model
from feed import P, Feed, case, job, rulebook, same
from log import Log


@case
def reading_1_limit_then_uncounted_days():
    f = Feed(rulebook(parcours_length=24))
    f.enter("2020-08-30")
    same(f.answer()["limit"], "2022-08-30")
    job(f, "2020-10-01", "2020-10-02")
    a = f.answer()
    same((a["limit"], a["uncounted_days"]), ("2022-09-01", 2))


@case
def reading_2_a_step_job_is_counted():
    f = Feed()
    f.enter("2019-01-10")
    job(f, "2019-10-01", "2020-02-28", purpose="step", kind="temporary")
    same(f.answer()["limit"], "2020-07-10")


@case
def reading_2_a_consolidation_that_broke_is_not():
    f = Feed()
    f.enter("2019-01-10")
    seq = job(f, "2019-10-01", "2020-02-28")
    a = f.answer()
    same((a["limit"], a["uncounted_days"], a["state"]), ("2020-12-08", 151, "active"))
    f.add("event_corrected", "2020-02-28", event=seq, reason="x",
          content={"kind": "employment_started", "on": "2019-10-01", "data": {"kind": "cdi", "purpose": "step", "weekly_hours": 35}})
    same(f.answer()["limit"], "2020-07-10")


@case
def reading_2_six_months_at_most_and_a_union():
    f = Feed()
    f.enter("2019-01-10")
    job(f, "2019-02-01", "2019-12-31")
    same(f.answer()["uncounted_days"], 181)
    job(f, "2019-07-15", "2019-08-05")
    same(f.answer()["uncounted_days"], 181 + 5)


@case
def reading_2_the_limit_does_not_bite_during_a_consolidation():
    f = Feed()
    f.enter("2019-01-10")
    f.add("employment_started", "2020-07-01", kind="cdi", purpose="consolidation", weekly_hours=35)
    same(f.due("parcours-length"), None)
    seq = f.add("offer_placed", "2020-09-01")
    same("parcours-length" in f.marks(seq), False)


def extension(granted):
    f = Feed()
    f.enter("2018-01-10")
    request = f.add("extension_requested", "2019-07-02", session_day="2019-07-25")
    same(f.due("parcours-length"), ("2019-07-25", "2019-07-26"))
    same(f.due("extension-decision"), ("2019-07-25", "2019-07-26"))
    inside = f.add("offer_placed", "2019-07-20")
    f.add("extension_decided", "2019-07-25", granted=granted)
    after = f.add("offer_placed", "2019-07-26")
    same("parcours-length" in f.marks(inside), False)
    same(f.marks(request), {})
    return f, after


@case
def reading_3_extension_granted():
    f, after = extension(True)
    same((f.answer()["limit"], f.answer()["extensions"]), ("2020-01-10", 1))
    same("parcours-length" in f.marks(after), False)
    again = f.add("extension_decided", "2019-09-01", granted=True)
    same(f.marks(again)["parcours-extension"], (True, False))


@case
def reading_3_extension_refused():
    f, after = extension(False)
    same(f.answer()["limit"], "2019-07-10")
    same(f.marks(after)["parcours-length"], (True, False))
    same(f.due("parcours-length"), ("2019-07-10", "2019-07-11"))


@case
def reading_3_after_the_limit():
    f = Feed()
    f.enter("2018-01-10")
    last = f.add("training_requested", "2019-07-10", cost_cents=100)
    late = f.add("training_requested", "2019-07-11", cost_cents=100)
    waived = f.add("training_requested", "2019-07-11", {"waived": [{"rule": "parcours-length", "reason": "x"}]}, cost_cents=100)
    asked = f.add("extension_requested", "2019-07-11")
    fact = f.add("contact_recorded", "2019-07-12", channel="interview")
    same(f.marks(last), {})
    same(f.marks(late), {"parcours-length": (True, False)})
    same(f.marks(waived), {"parcours-length": (False, True)})
    same(f.marks(asked), {"parcours-extension": (False, False)})
    same(f.marks(fact), {})
    same(f.due("extension-decision"), None)


@case
def reading_4_two_contacts_a_month():
    f = Feed(rulebook(contacts_monthly=[2]))
    f.enter("2012-03-20")
    same(f.due("contacts-monthly"), ("2012-04-30", "2012-04-15"))
    f.add("contact_attempted", "2012-04-02", channel="telephone")
    same(f.due("contacts-monthly"), ("2012-04-30", "2012-04-15"))
    f.add("contact_recorded", "2012-04-03", channel="telephone")
    f.add("contact_recorded", "2012-04-03", channel="interview")
    same(f.due("contacts-monthly"), ("2012-04-30", "2012-04-24"))
    f.add("contact_recorded", "2012-04-25", channel="interview")
    same(f.due("contacts-monthly"), ("2012-05-31", "2012-05-15"))
    same([(e["since"], e["settled_on"]) for e in f.answer()["late"] if e["rule"] == "contacts-monthly"], [("2012-04-24", "2012-04-25")])


@case
def reading_4_an_entry_month_of_fifteen_days_owes_one():
    f = Feed(rulebook(contacts_monthly=[2]))
    f.enter("2012-03-17")
    same(f.due("contacts-monthly"), ("2012-03-31", "2012-03-17"))
    f.add("contact_recorded", "2012-03-18", channel="interview")
    same(f.due("contacts-monthly"), ("2012-04-30", "2012-04-15"))
    g = Feed(rulebook(contacts_monthly=[2]))
    g.enter("2012-03-18")
    same(g.due("contacts-monthly"), ("2012-04-30", "2012-04-15"))


@case
def reading_5_six_months_and_one_day():
    f = Feed(rulebook(employment_followup=[6, 1]))
    f.enter("2013-01-10")
    job(f, "2013-08-31")
    same(f.due("employment-followup"), ("2014-02-28", "2014-03-01"))
    same(f.answer()["state"], "in_consolidation")


@case
def reading_5_six_months_served():
    f = Feed()
    f.enter("2017-10-01")
    job(f, "2018-01-02", kind="cdd", planned_end="2018-07-01")
    same(f.criterion("employment", "2018-06-30"), (False, "2018-07-01"))
    same(f.criterion("employment", "2018-07-01"), (True, "2018-07-01"))
    g = Feed()
    g.enter("2017-10-01")
    job(g, "2018-01-02", kind="cdd", planned_end="2018-06-30")
    same(g.criterion("employment", "2018-06-30"), (False, None))


@case
def reading_6_two_appointments_not_kept():
    f = Feed()
    f.add("participant_oriented", "2020-01-20")
    f.add("appointment_missed", "2020-02-03")
    f.add("appointment_kept", "2020-02-10")
    same(f.due("missed-appointments"), None)
    seq = f.add("appointment_missed", "2020-02-17")
    same(f.due("missed-appointments"), ("2020-02-17", "2020-02-17"))
    same(model.alerts(Log(f.raws), date(2020, 2, 16)), [])
    same(model.alerts(Log(f.raws), date(2020, 2, 17)), [("missed-appointments", P, "2020-02-17", "2020-02-17")])
    told = f.add("prescriber_told", "2020-02-17")
    same(f.answer()["late"], [{"rule": "missed-appointments", "due": "2020-02-17", "since": "2020-02-17",
                               "settled_on": "2020-02-17", "cause": seq, "settled": told}])


def hours_feed(from_day, hours):
    f = Feed()
    f.enter("2017-06-01")
    f.add("hours_recorded", "2018-10-15", from_day=from_day, until_day="2018-10-15", hours=hours)
    return f


@case
def reading_8_nine_months_window():
    days = 273      # 2018-01-16 to 2018-10-15
    same(hours_feed("2018-01-16", 910).criterion("hours", "2018-10-15"), (True, "2018-10-15"))
    same(hours_feed("2018-01-16", 910).criterion("hours", "2019-01-15"), (True, "2019-01-15"))
    same(hours_feed("2018-01-16", 910).criterion("hours", "2019-01-16"), (False, None))
    same(hours_feed("2018-01-15", 910).criterion("hours", "2018-10-15"), (False, None))
    same(hours_feed("2018-01-15", 910 * (days + 1) / days + 0.01).criterion("hours", "2018-10-15")[0], True)


@case
def reading_8_the_window_is_inside_the_parcours():
    f = Feed()
    f.enter("2018-02-01")
    f.add("hours_recorded", "2018-10-15", from_day="2018-01-16", until_day="2018-10-15", hours=910)
    same(f.criterion("hours", "2018-10-15"), (False, None))


@case
def reading_11_step_gap():
    f = Feed(rulebook(step_gap=4))
    f.enter("2021-01-05")
    same(f.due("step-gap"), ("2021-05-05", "2021-05-06"))
    step = f.add("step_prescribed", "2021-02-01", kind="training", objective_shared=True)
    same(f.due("step-gap"), ("2021-05-05", "2021-05-06"))
    f.add("step_started", "2021-03-01", step=step)
    same(f.due("step-gap"), None)
    f.add("step_ended", "2021-10-31", step=step, result="met")
    same(f.due("step-gap"), ("2022-02-28", "2022-03-01"))
    job(f, "2021-12-01")
    same(f.due("step-gap"), None)


def letter(proposed, answered=None, returned=None):
    f = Feed()
    f.enter("2012-01-10")
    sent = f.add("letter_sent", "2012-06-04", letter="reminder")
    if answered:
        f.add("contact_recorded", answered, channel="telephone")
    if returned:
        f.add("letter_returned", returned, letter=sent)
    seq = f.add("exit_proposed", proposed, outcome="other", reason="no_news")
    return f.marks(seq)


@case
def reading_12_letter_before_an_exit_without_news():
    refused = {"reminder-letter": (True, False)}
    same(letter("2012-06-19"), refused)
    same(letter("2012-06-20"), {})
    same(letter("2012-06-20", answered="2012-06-10"), refused)
    same(letter("2012-06-08", returned="2012-06-08"), {})


@case
def reading_13_six_months_within_twelve_in_days():
    f = Feed(rulebook(exit_hours=180, exit_hours_window=12, exit_hours_age=0))
    f.enter("2017-11-02")
    for first, last, days in (("2018-01-08", "2018-03-07", 59), ("2018-04-01", "2018-06-15", 76), ("2018-09-10", "2018-10-24", 45)):
        f.add("hours_recorded", last, from_day=first, until_day=last, hours=days)
    same(f.criterion("hours", "2018-10-01"), (False, "2018-10-24"))


@case
def reading_14_evidence_at_the_moment_of_the_exit():
    def decided(dated, until=None):
        f = Feed()
        f.enter("2018-01-10")
        seq = job(f, "2018-02-01", kind="cdi")
        f.add("evidence_filed", "2018-09-01", evidence="employment_contract", dated=dated)
        if until:
            f.add("employment_ended", until, employment=seq)
        f.add("exit_proposed", "2018-09-01", outcome="positive", criterion="employment")
        return f.marks(f.add("exit_decided", "2018-09-10", outcome="positive", criterion="employment", session_members=3))
    same(decided("2018-08-26"), {})
    same(decided("2018-08-25"), {"exit-attested": (True, False)})
    same(decided("2018-08-26", until="2018-09-01"), {"exit-attested": (True, False)})


@case
def reading_15_a_contract_typed_before_the_minutes_falls_into_place():
    f = Feed()
    decided = f.enter("2020-05-04", start=False)
    minutes = f.raws.pop()
    contract = f.add("contract_signed", "2020-05-04")
    same(f.marks(contract), {"state": (False, False)})
    minutes["seq"] = contract + 1
    f.raws.append(minutes)
    a = f.answer()
    same((a["state"], a["started"], a["marks"]), ("active", "2020-05-04", []))
    same(decided, contract)


@case
def reading_15_after_moves_an_event_of_the_same_place():
    f = Feed()
    f.enter("2020-05-04")
    f.add("change_recorded", "2020-06-01", change="status")
    first = f.add("contact_recorded", "2020-06-02", channel="interview")
    f.add("relay_found", "2020-06-02")
    f.add("change_recorded", "2020-06-02", {"after": first}, change="status")
    same(f.due("change-relay"), None)
