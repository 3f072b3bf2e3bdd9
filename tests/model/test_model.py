"""Worked examples of the readings, and of corrections, told as feeds. Run: python3 tests/model/test_model.py"""
import contextlib
import io
import json
import sys
import tempfile
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import model                                        # noqa: E402
import examples                                     # noqa: E402, F401
import examples_decided                             # noqa: E402, F401
import examples_figures                             # noqa: E402, F401
import examples_fund                                # noqa: E402, F401
import readings                                     # noqa: E402, F401
from feed import CASES, P, WAITING, Feed, case, rulebook, same     # noqa: E402
from log import Log                                 # noqa: E402
from subjects import UNREAD_MARKS, unread           # noqa: E402


@case
def a_contract_signed_before_the_decision_starts_on_its_day():
    f = Feed()
    f.add("participant_oriented", "2020-05-01")
    f.add("contract_signed", "2020-05-02")
    f.add("entry_proposed", "2020-05-03")
    seq = f.add("entry_decided", "2020-05-06", outcome="accepted", session_members=3)
    a = f.answer()
    same((a["state"], a["started"]), ("active", "2020-05-06"))
    same(f.due("single-referent"), ("2020-05-06", "2020-05-06"))
    same([d["cause"] for d in a["deadlines"] if d["rule"] == "progress-review"], [seq])


@case
def corrections_and_voids():
    f = Feed()
    start = f.enter("2020-05-04")
    fix = f.add("event_corrected", "2020-06-01", event=start, reason="x",
                content={"kind": "contract_signed", "on": "2020-05-10", "data": {}})
    same(f.answer()["started"], "2020-05-10")
    same(f.answer(known_at="2020-05-31T00:00:00.000Z")["started"], "2020-05-04")
    same(f.answer(as_of="2020-05-09")["state"], "admitted")
    void = f.add("event_voided", "2020-06-02", event=fix, reason="x")
    same(f.answer()["started"], "2020-05-04")
    f.add("event_voided", "2020-06-03", event=void, reason="x")
    same(f.answer()["started"], "2020-05-10")
    f.add("event_voided", "2020-06-04", event=start, reason="x")
    same((f.answer()["state"], f.answer()["version"]), ("admitted", 11))


@case
def a_deadline_falls_under_the_rulebook_of_its_day():
    f = Feed(rulebook(progress_review=5))
    f.enter("2020-01-10")
    f.adopt(rulebook(progress_review=2), "2020-04-01", on="2020-02-01")
    same(f.due("progress-review"), ("2020-03-10", "2020-04-01"))
    g = Feed(rulebook(progress_review=2))
    g.enter("2020-01-10")
    g.adopt(rulebook(progress_review=None), "2020-04-01", on="2020-02-01")
    same(g.due("progress-review"), ("2020-03-10", "2020-03-11"))
    h = Feed(rulebook(progress_review=5))
    h.enter("2020-01-10")
    h.adopt(rulebook(progress_review=None), "2020-04-01", on="2020-02-01")
    same(h.due("progress-review"), None)


@case
def an_event_is_judged_by_what_was_adopted_when_it_was_recorded():
    f = Feed(rulebook(recording_delay=7))
    f.enter("2020-01-10")
    late = f.add("contact_recorded", "2020-03-01", {"recorded_on": "2020-03-20"}, channel="interview")
    f.adopt(rulebook(recording_delay=60), "2020-02-01", on="2020-03-21")
    other = f.add("contact_recorded", "2020-03-02", {"recorded_on": "2020-03-22"}, channel="interview")
    spared = f.add("contact_recorded", "2020-01-11", {"recorded_on": "2020-03-22", "imported": True}, channel="interview")
    same(f.marks(late), {"recording-delay": (False, False)})
    same((f.marks(other), f.marks(spared)), ({}, {}))


@case
def step_rhythm_overdue_reception_closing():
    f = Feed()
    f.enter("2020-01-02")
    step = f.add("step_prescribed", "2020-01-05", kind="qualifying_training", planned_end="2020-03-31", objective_shared=True, contractualised=True)
    f.add("step_started", "2020-02-01", step=step, interviews_a_month=2)
    same(f.answer()["state"], "in_training")
    same(f.due("step-rhythm"), ("2020-02-29", "2020-02-15"))
    f.add("contact_recorded", "2020-02-10", channel="on_site")
    same(f.due("step-rhythm"), ("2020-02-29", "2020-02-24"))
    same(f.due("step-reception"), ("2020-02-16", "2020-02-17"))
    same(f.due("step-overdue"), ("2020-03-31", "2020-04-01"))
    f.add("step_ended", "2020-04-10", step=step)
    same(f.due("step-closing"), ("2020-04-25", "2020-04-26"))
    unmeasured = f.add("step_prescribed", "2020-04-11", kind="training", objective_shared=True, planned_end="2020-05-01", contractualised=True)
    same(f.marks(unmeasured), {"objective-measured": (True, False)})


@case
def long_reviews():
    f = Feed()
    f.enter("2020-01-10")
    same(f.due("long-review"), ("2020-07-10", "2020-07-11"))
    f.add("review_held", "2020-06-09", review="long_parcours")
    same(f.due("long-review"), ("2020-07-10", "2020-07-11"))
    f.add("review_held", "2020-06-10", review="long_parcours")
    same(f.due("long-review"), ("2021-01-10", "2021-01-11"))


@case
def suspension_uncounted_in_another_rulebook():
    f = Feed(rulebook(suspension="uncounted"))
    f.enter("2020-01-10")
    seq = f.add("suspension_started", "2020-03-01")
    same((f.answer()["state"], f.marks(seq)), ("suspended", {}))
    f.add("suspension_ended", "2020-03-11")
    same((f.answer()["uncounted_days"], f.answer()["limit"]), (10, "2021-07-20"))


@case
def who_comes_back_has_a_new_parcours():
    f = Feed()
    f.enter("2020-01-10")
    f.add("exit_proposed", "2020-02-01", outcome="other", reason="move")
    f.add("exit_decided", "2020-02-10", outcome="other", reason="move")
    same((f.answer()["state"], f.answer()["parcours"]), ("exited", 1))
    f.add("participant_oriented", "2020-09-01")
    a = f.answer()
    same((a["state"], a["parcours"], a["started"], a["referent"], a["deadlines"]), ("oriented", 2, None, None, []))


@case
def the_comparison_finds_what_differs():
    f = Feed()
    f.enter("2020-01-10")
    right = {"question": {}, "participant": {**f.answer(), "extra": 1}}
    wrong = {"question": {"as_of": "2020-01-09"}, "participant": f.answer()}
    alerts = {"question": {"alerts": "2020-02-16"}, "alerts": [list(a) for a in model.alerts(Log(f.raws), date(2020, 2, 16))]}
    check = {"question": {"exit_check": "2020-02-16", "participant": P}, "criteria": f.exit_check("2020-02-16")}
    said = io.StringIO()
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(said):
        path = Path(folder) / "events.jsonl"
        path.write_text("".join(json.dumps(r) + "\n" for r in f.raws), encoding="utf-8")
        same(model.compare(model.read_lines(path), [right, alerts, check]), 0)
        same(model.compare(model.read_lines(path), [right, wrong]), 1)
    same(said.getvalue().splitlines()[0], "3 compared, 0 differ")
    same(said.getvalue().splitlines()[-1], "2 compared, 1 differ")


@case
def what_the_model_does_not_read_is_not_compared():
    f = Feed()
    f.enter("2020-01-10")
    answer = f.answer()
    unknown = {"event": 2, "rule": "of-tomorrow", "unfounded": False, "waived": False}
    asked = {"question": {}, "participant": {**answer, "marks": answer["marks"] + [unknown]}}
    with contextlib.redirect_stdout(io.StringIO()):
        same(model.compare(f.raws, [asked]), 1)
        UNREAD_MARKS.add("of-tomorrow")
        same(model.compare(f.raws, [asked]), 0)
        UNREAD_MARKS.remove("of-tomorrow")


def main():
    failed = 0
    for function in CASES:
        try:
            function()
        except Exception as problem:        # a crash of one example must not hide the others
            failed += 1
            print(f"FAILED {function.__name__}: {type(problem).__name__}: {problem}")
    for name, rule in WAITING:
        print(f"skipped: {name}, until rules.def has {rule}")
    for sentence in unread():
        print(sentence)
    print(f"{len(CASES) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
