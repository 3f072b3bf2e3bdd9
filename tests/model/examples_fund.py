"""Worked examples of the Fund's operations and of alerts that are put off, told as feeds. Run by test_model.py."""
from feed import Feed, case, case_of, rulebook, same

FLAGGED = (False, False)
COMPLETE = {"labour_status": "unemployed", "education": "isced_0_2", "disability": "none", "third_country": False, "foreign_background": False,
            "minority": False, "homeless": False}


def joined(on, book=None, **copied):
    f = Feed(book or rulebook(joined_within=True))
    f.enter("2021-01-04")
    seq = f.add("operation_joined", on, operation="o_1", **copied)
    return f, f.marks(seq).get("joined-within")


@case_of("joined-within")
def an_operation_is_entered_between_its_first_day_and_its_last():
    bounds = {"operation_from": "2021-02-01", "operation_until": "2021-06-30"}
    same([joined(on, **bounds)[1] for on in ("2021-01-31", "2021-02-01", "2021-06-30", "2021-07-01")], [FLAGGED, None, None, FLAGGED])
    same([joined("2021-01-31", operation_from="2021-02-01")[1], joined("2021-01-31", operation_until="2021-06-30")[1], joined("2021-01-31")[1]],
         [FLAGGED, None, None])
    same(joined("2021-01-31", rulebook(joined_within=None), **bounds)[1], None)


@case
def a_day_outside_of_an_operation_is_no_entry_of_it():
    """Nothing is owed by it, and the next one is the first."""
    bounds = {"operation_from": "2021-02-01", "operation_until": "2021-06-30"}
    f, _ = joined("2021-01-31", **bounds)
    same(f.due("fse-complete"), None)
    f.add("operation_joined", "2021-02-01", operation="o_1", **bounds)
    same([d["cause"] for d in f.answer()["deadlines"] if d["rule"] == "fse-complete"], [f.raws[-1]["seq"]])
    g, _ = joined("2021-01-31", **bounds)
    g.add("profile_recorded", "2021-01-31", born_coarse="2041-05", sex="F", commune_bytes=5)
    g.add("fse_entry_recorded", "2021-01-31", **COMPLETE)
    g.add("operation_joined", "2021-07-01", operation="o_1", **bounds)
    g.add("operation_joined", "2021-07-02", operation="o_2")            # what was told is the first entry's
    same(g.due("fse-complete"), None)
    h, _ = joined("2021-01-31", rulebook(joined_within=None), **bounds)
    same(h.due("fse-complete") is not None, True)


@case_of("snooze-longest")
def an_alert_is_put_off_so_many_days_at_most():
    def marked(until_day, book):
        f = Feed(book)
        f.enter("2021-01-04")
        return f.marks(f.add("alert_snoozed", "2021-03-01", rule="contacts-monthly", until_day=until_day)).get("snooze-longest")
    thirty = rulebook(snooze_longest=30)
    same([marked(day, thirty) for day in ("2021-02-01", "2021-03-31", "2021-04-01")], [None, None, FLAGGED])
    same(marked("2022-04-01", rulebook(snooze_longest=None)), None)


@case
def escalation_is_owed_by_nobody():
    f = Feed(rulebook(escalation=1))
    f.enter("2021-01-04")
    f.add("alert_snoozed", "2021-03-01", rule="contacts-monthly", until_day="2021-03-08")
    same("escalation" in [d["rule"] for d in f.answer()["deadlines"]], False)
