"""Worked examples of readings that were decided where documents are silent, told as feeds. Run by test_model.py."""
from datetime import date

import figures
from feed import Feed, case, job, rulebook, same
from log import Log

REFUSED = (True, False)
FLAGGED = (False, False)


def asked(session_day, **changed):
    f = Feed(rulebook(**changed))
    f.enter("2018-01-10")
    f.add("extension_requested", "2019-07-02", session_day=session_day)
    return f


@case
def a_request_keeps_nothing_open_beyond_what_the_extension_could_reach():
    same(asked("2020-01-10").due("parcours-length"), ("2020-01-10", "2020-01-11"))
    f = asked("2020-02-20")
    same((f.due("parcours-length"), f.due("extension-decision")), (("2020-01-10", "2020-01-11"), ("2020-02-20", "2020-02-21")))
    same("parcours-length" in f.marks(f.add("offer_placed", "2020-01-10")), False)
    same(f.marks(f.add("offer_placed", "2020-01-11"))["parcours-length"], REFUSED)
    same(asked("2019-07-25", parcours_extension=None).due("parcours-length"), ("2019-07-10", "2019-07-11"))
    same(asked("2019-07-25", parcours_extension=[1, 1]).due("parcours-length"), ("2019-07-25", "2019-07-26"))


def left_by_a_job(pieces, book=None):
    """What marks an exit by the first job, with these pieces; the second job counts for nothing."""
    f = Feed(book or rulebook())
    f.enter("2018-01-10")
    jobs = {1: job(f, "2018-02-01", kind="cdi"), 2: job(f, "2018-02-01", purpose="step", kind="temporary")}
    for evidence, named in pieces:
        f.add("evidence_filed", "2018-09-01", evidence=evidence, dated="2018-09-01", **({"employment": jobs[named]} if named else {}))
    proposed = f.add("exit_proposed", "2018-09-01", outcome="positive", criterion="employment")
    return f, f.marks(proposed), f.marks(f.add("exit_decided", "2018-09-10", outcome="positive", criterion="employment", session_members=3))


@case
def only_what_says_something_of_a_way_out_attests_it():
    same(left_by_a_job([("identity", None), ("cv", None)])[2]["exit-attested"], REFUSED)
    same("exit-attested" in left_by_a_job([("identity", None), ("follow_up_record", None)])[2], False)


@case
def a_piece_that_names_a_job_speaks_for_that_job_only():
    f, _, marks = left_by_a_job([("employment_contract", 2)])
    same({"exit-attested", "exit-evidence-employment"} <= set(marks), True)
    same([left_by_a_job([("employment_contract", named)])[2] for named in (None, 1)], [{}, {}])
    f = Feed()
    f.enter("2018-01-10")
    worked = job(f, "2018-02-01", purpose="step", kind="temporary")
    job(f, "2018-02-01", kind="cdi")
    f.add("evidence_filed", "2018-09-01", evidence="employment_contract", employment=worked)
    f.add("exit_proposed", "2018-09-01", outcome="positive", criterion="employment")
    same(f.due("exit-evidence-employment"), ("2018-09-01", "2018-09-01"))
    f.add("evidence_filed", "2018-09-02", evidence="employment_contract")
    same(f.due("exit-evidence-employment"), None)


@case
def the_record_of_another_job_is_no_follow_up_of_this_one():
    book = rulebook(followup_documents=["follow_up_record"], exit_attested=None)
    same([left_by_a_job([("employment_contract", 1), ("follow_up_record", named)], book)[1].get("followup-documents") for named in (1, None, 2)],
         [None, None, FLAGGED])


@case
def a_job_that_was_served_counts_though_it_is_over():
    def left(until):
        f = Feed(rulebook(exit_attested=None))
        f.enter("2018-01-10")
        work = job(f, "2018-02-01", until, kind="cdi")
        f.add("evidence_filed", "2018-09-01", evidence="employment_contract", employment=work)
        f.add("exit_proposed", "2018-09-01", outcome="positive", criterion="employment")
        return f.marks(f.add("exit_decided", "2018-09-10", outcome="positive", criterion="employment", session_members=3))
    same((left("2018-07-31"), "exit-evidence-employment" in left("2018-07-30")), ({}, True))


def positive_exits(evidence, named=None):
    f, _, _ = left_by_a_job([("employment_contract", None), (evidence, named)])
    piece = max(raw["seq"] for raw in f.raws if raw["kind"] == "evidence_filed")
    f.add("evidence_accepted", "2018-09-11", evidence=piece)
    return figures.figures(Log(f.raws), date(2018, 12, 31), None)["positive_exits"][0]


@case
def a_positive_exit_is_proved_by_a_piece_of_its_own_family():
    same([positive_exits(evidence) for evidence in ("employer_certificate", "hours_statement", "diploma", "follow_up_record")], [1, 1, 0, 0])
    same([positive_exits("payslip", named) for named in (1, 2)], [1, 0])


@case
def who_left_an_operation_and_comes_back_owes_it_nothing():
    f = Feed()
    f.enter("2021-01-04")
    f.add("profile_recorded", "2021-01-04", born_coarse="2041-05", sex="F", commune_bytes=5)
    f.add("operation_joined", "2021-01-11", operation="o_1")
    same(f.due("fse-complete") is not None, True)
    f.add("operation_left", "2021-02-01", operation="o_1")
    same(f.due("fse-complete"), None)
    f.add("operation_joined", "2021-03-01", operation="o_1")
    same(f.due("fse-complete"), None)
    f.add("fse_entry_recorded", "2021-03-02", labour_status="unemployed", education="isced_0_2", disability="none", third_country=False,
          foreign_background=False, minority=False, homeless=False)
    f.add("operation_joined", "2021-04-01", operation="o_2")       # which has what was told since
    same(f.due("fse-complete"), None)


@case
def a_copy_gives_way_to_a_later_correction():
    f = Feed()
    f.add("participant_oriented", "2019-01-07")
    f.add("entry_proposed", "2019-01-07")
    decided = f.add("entry_decided", "2019-01-07", outcome="accepted", session_members=1)
    def told(on, members, extra=None):
        f.add("event_corrected", on, extra, event=decided, reason="x",
              content={"kind": "entry_decided", "on": "2019-01-07", "data": {"outcome": "accepted", "session_members": members}})
        return "collegial-decision" in f.marks(decided)
    same(told("2019-01-14", 4, {"from": 1}), False)
    same(told("2019-01-15", 1), True)
    same(told("2019-01-16", 4, {"from": 1}), False)


@case
def a_session_decides_on_its_own_day_and_nobody_leaves_before_the_start():
    f = Feed()
    f.add("participant_oriented", "2019-01-07")
    f.add("entry_proposed", "2019-01-07")
    told = {"outcome": "accepted", "session_members": 3}
    same("days-in-order" in f.marks(f.add("entry_decided", "2019-01-07", session_day="2019-01-07", **told)), False)
    g = Feed()
    g.add("participant_oriented", "2019-01-07")
    g.add("entry_proposed", "2019-01-07")
    same(g.marks(g.add("entry_decided", "2019-01-07", session_day="2019-01-08", **told))["days-in-order"], FLAGGED)
    def left(effective_on):
        f = Feed()
        f.enter("2019-01-07")
        return f.marks(f.add("exit_decided", "2019-02-04", outcome="other", reason="move", effective_on=effective_on)).get("days-in-order")
    same((left("2019-01-07"), left("2019-01-06")), (None, FLAGGED))


@case
def a_piece_of_a_later_day_proves_no_eligibility_yet():
    def entered(dated):
        f = Feed(rulebook("dijon-2018", target_public=["rsa"], entry_conditions=None))
        f.add("participant_oriented", "2018-03-01")
        piece = f.add("evidence_filed", "2018-03-01", evidence="identity", dated=dated)
        f.add("eligibility_checked", "2018-03-01", criteria=["rsa", "in_territory", "work_permit"], evidence=piece)
        f.add("entry_proposed", "2018-03-01")
        return f.marks(f.add("entry_decided", "2018-03-01", outcome="accepted", session_members=3)).get("eligibility-evidence")
    same((entered("2018-03-01"), entered("2018-03-02")), (None, FLAGGED))


@case
def an_amended_job_is_what_it_became_from_that_day_on():
    f = Feed()
    f.enter("2019-01-10")
    work = job(f, "2019-02-01", purpose="step", kind="iae_aci")
    same(f.answer()["state"], "active")
    became = f.add("employment_amended", "2019-05-01", employment=work, kind="cdi", purpose="consolidation")
    same((f.answer()["state"], f.due("employment-followup")), ("in_consolidation", ("2019-10-31", "2019-11-01")))
    same([d["cause"] for d in f.answer()["deadlines"] if d["rule"] == "employment-followup"], [became])
    same(f.criterion("employment", "2019-10-30"), (False, "2019-10-31"))
    f.add("employment_ended", "2019-11-30", employment=work)
    same(f.answer()["uncounted_days"], 184)                         # six months from May on
    g = Feed()
    g.enter("2019-01-10")
    work = job(g, "2019-02-01")
    g.add("employment_amended", "2019-03-01", employment=work, purpose="step")
    same((g.answer()["uncounted_days"], g.answer()["state"]), (28, "active"))
    g.add("employment_amended", "2019-03-01", employment=work, purpose="consolidation")     # on second thoughts, that very day
    g.add("employment_ended", "2019-03-02", employment=work)
    same(g.answer()["uncounted_days"], 30)
    g.add("employment_amended", "2019-03-03", employment=work, purpose="step")              # it was over
    same(g.answer()["uncounted_days"], 30)


@case
def hours_or_a_cdd_that_becomes_a_cdi_change_no_job():
    f = Feed()
    f.enter("2019-01-10")
    work = job(f, "2019-02-01", kind="cdd", weekly_hours=10)
    f.add("employment_amended", "2019-04-01", employment=work, weekly_hours=35)
    f.add("employment_amended", "2019-05-01", employment=work, kind="cdi")
    same(f.due("employment-followup"), ("2019-07-31", "2019-08-01"))
    same(f.criterion("employment", "2019-07-31"), (True, "2019-07-31"))


@case
def temporary_work_counts_until_the_day_before_it_became_another_job():
    f = Feed(rulebook("dijon-2018", target_public=None, entry_conditions=None))
    f.enter("2018-01-02")
    work = job(f, "2018-01-08", purpose="step", kind="temporary")
    f.add("employment_amended", "2018-07-08", employment=work, kind="cdi")
    same(f.criterion("temporary", "2018-07-08"), (True, "2018-07-08"))
    same(f.criterion("employment", "2018-07-08"), (False, "2019-01-07"))
    g = Feed(rulebook("dijon-2018", target_public=None, entry_conditions=None))
    g.enter("2018-01-02")
    work = job(g, "2018-01-08", purpose="step", kind="temporary")
    g.add("employment_amended", "2018-07-07", employment=work, kind="cdi")
    same(g.criterion("temporary", "2018-07-08"), (False, None))
