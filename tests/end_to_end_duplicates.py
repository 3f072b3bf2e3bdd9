#!/usr/bin/env python3
"""One person in two files: candidates found without a value being told, merge, 308, un-merge, dismissal, erasure; and the same after a
restart. end_to_end_duplicates.py BUILD"""
import sys
from datetime import timedelta

from daemon import Checks, Daemon, Store, admit, ago, today

PERSON = {"name": "LEFÈVRE", "first_name": "Jean-Noël", "born": "1980-02-21"}
AGAIN = {"name": "Lefevre", "first_name": "JEAN NOEL", "born": "1980-02-21"}
SECRETS = ("lefevre", "lefèvre", "noel", "noël", "1980", "612345678", "06 12")


def path(p, what=""):
    return "/v1/participants/" + p + ("/" + what if what else "")


def candidates(c, p):
    return {x["participant"]: x for x in c.read(path(p, "duplicates"))["candidates"]}


def agreements(candidate):
    return {f["feature"]: f["agreement"] for f in candidate["features"] if f["agreement"] != "unknown"}


def found(t, c, a, b, other):
    for x, y in ((a, b), (b, a)):
        said = candidates(c, x)
        t.same("each is a candidate for the other, nobody else", list(said), [y])
        t.same("what agrees is said, by word", agreements(said[y]),
               {"birth": "agrees", "name": "agrees", "first_name": "agrees", "telephone": "agrees"})
        t.same("the score is the sum", said[y]["score"], sum(f["weight"] for f in said[y]["features"]))
    text = c.get(path(a, "duplicates")).body.decode().lower() + c.get("/v1/duplicates").body.decode().lower()
    t.same("no value is told", [s for s in SECRETS if s in text], [])
    pairs = c.read("/v1/duplicates")
    t.same("the pair is listed once", [{x["participant"], x["other"]} for x in pairs["duplicates"]], [{a, b}])
    t.same("somebody else is like nobody", candidates(c, other), {})
    t.same("below the threshold nothing is shown: 400", c.get("/v1/duplicates?least=10").status, 400)


def named(t, c, a, b, other):
    for q, wanted in (("lef%C3%A8vre", {a, b}), ("LEFEVRE%20jean", {a, b}), ("noel-lefebre", set()), ("martine", {other}), ("xyz", set())):
        t.same("by name: " + q, {x["participant"] for x in c.read("/v1/participants?q=" + q)["participants"]}, wanted)
    first = c.read("/v1/participants?q=lefevre&limit=1")
    second = c.read("/v1/participants?q=lefevre&limit=1&after=" + first["next_cursor"])
    t.same("page by page", ({x["participant"] for x in first["participants"] + second["participants"]}, second["next_cursor"]), ({a, b}, None))


def figures(c):
    return {f["name"]: f for f in c.read("/v1/indicators?from=%s&to=%s" % (ago(900), ago(0)))["indicators"]}


def merged(t, c, a, b, referent):
    c.do("file_evidence", b, on=ago(40), evidence="cv")
    c.do("record_contact", b, on=ago(39), channel="interview", signed=True, summary="vu au CCAS")
    c.do("record_non_entry", b, on=ago(38), reason="other")
    c.do("acknowledge_alert", a, on=ago(38), expect=400)
    before, was_a, was_b = figures(c), c.read(path(a)), c.read(path(b))
    dry = c.post({"command": "merge_into", "participant": b, "data": {"into": a}}, "?dry_run=1").json
    t.same("a dry run tells what would be kept", (dry["kept"], dry["into"]), (2, a))
    t.same("and changes nothing", figures(c), before)
    done = c.do("merge_into", b, into=a, reason="même personne")
    t.same("merged: what stands in the other, what stays behind", (done["state"], done["into"], done["kept"] + done["left"]), ("merged", a, 5))
    for what in ("", "events", "exit-check", "commands", "explain?of=limit", "duplicates", "?as_of=" + ago(100)):
        target = path(b) + ("/" if what and what[0] != "?" else "") + what
        answer = c.get(target)
        t.same("308, the same of the other: " + what, (answer.status, answer.headers.get("location")), (308, target.replace(b, a)))
    t.same("which is told", (answer.json["code"], answer.json["into"], answer.json["event"]), ("merged", a, done["seq"]))
    t.same("and tells it holds another", [m["participant"] for m in c.read(path(a))["merged"]], [b])
    copies = [e for e in c.read(path(a, "events"))["events"] if "from" in e]
    t.same("recorded again, opened with this file's key, each with where it comes from",
           [(e["kind"], e["on"], e["imported"], e["from"] > 0) for e in copies],
           [("evidence_filed", ago(40), True, True), ("contact_recorded", ago(39), True, True)])
    t.same("with its sealed text", copies[1]["data"]["summary"], "vu au CCAS")
    t.same("the person counts once", figures(c)["orientations"]["value"], before["orientations"]["value"] - 1)
    t.same("no candidates any more", (candidates(c, a), c.read("/v1/duplicates")["count"]), ({}, 0))
    t.same("what happens is recorded in the other", c.do("record_contact", b, expect=409, channel="interview")["code"], "state")
    t.same("no merge twice", c.do("merge_into", b, expect=409, into=a)["state"], "merged")
    c.do("void", b, event=done["seq"], reason="deux personnes")
    t.same("un-merged: every figure as before", figures(c), before)
    for p, was in ((a, was_a), (b, was_b)):
        now = c.read(path(p))
        t.same("un-merged: " + p, {k: v for k, v in now.items() if k != "version"}, {k: v for k, v in was.items() if k != "version"})
    t.same("and candidates again", list(candidates(c, a)), [b])


def dismissed(t, c, a, b):
    seq = c.do("dismiss_duplicate", a, other=b)["seq"]
    t.same("dismissed, from either side", (candidates(c, a), candidates(c, b), c.read("/v1/duplicates")["count"]), ({}, {}, 0))
    c.do("void", a, event=seq, reason="erreur")
    t.same("dismissed by mistake", (list(candidates(c, a)), list(candidates(c, b))), ([b], [a]))


def corrected(t, c, a, b):
    seq = c.do("record_profile", b, on=ago(1), born="1981-07-07", telephone="01 00 00 00 00")["seq"]
    t.same("another birth date, another telephone: no candidate", candidates(c, a), {})
    c.do("correct", b, event=seq, content={"on": ago(1), "data": {"born": "1980-02-21"}}, reason="saisie")
    t.that("the day corrected: a candidate", b in candidates(c, a))


def running(t, c, a, referent):
    other = admit(c, "Seconde", today() - timedelta(days=100), referent)
    refused = c.do("merge_into", other, expect=409, into=a)
    t.same("two parcours that run are not made one", (refused["state"], refused["errors"][0]["pointer"]), ("active", "/data/into"))


def erased(t, c, a, b):
    done = c.do("merge_into", b, into=a)
    c.do("erase", a, basis="request")
    t.same("with the file that was merged into it", [c.get(path(p)).status for p in (a, b)], [410, 410])
    t.same("the index forgets them in the same act", (c.read("/v1/duplicates")["count"], c.read("/v1/participants?q=lefevre")["participants"]), (0, []))
    t.same("nothing is taken back from there", c.do("void", b, expect=410, event=done["seq"], reason="trop tard")["code"], "erased")


def run(t, build):
    with Store(build, "standard") as store:
        officer = store.new_token("officer")
        with Daemon(store) as d:
            c = d.client()
            referent = c.do("register_referent", on=ago(900), name="Camille Roux")["referent"]
            a = admit(c, "LEFÈVRE", today() - timedelta(days=200), referent)
            c.do("record_profile", a, on=ago(150), telephone="06 12 34 56 78", **PERSON)
            b = c.do("orient", on=ago(60), prescriber="ccas", **AGAIN)["participant"]
            c.do("record_profile", b, on=ago(59), telephone="+33 612345678")
            other = c.do("orient", on=ago(50), name="MARTIN", first_name="Martine", born="1980-02-21")["participant"]
            t.run("duplicates: found", found, c, a, b, other)
            t.run("duplicates: by name", named, c, a, b, other)
            t.same("an officer finds them", len(candidates(d.client(officer), a)), 1)
            t.same("and merges none", d.client(officer).do("merge_into", b, expect=403, into=a)["code"], "forbidden")
            t.run("duplicates: merged, un-merged", merged, c, a, b, referent)
            t.run("duplicates: dismissed", dismissed, c, a, b)
        with Daemon(store) as d:
            c = d.client()
            t.same("found again after a restart", list(candidates(c, a)), [b])
            t.run("duplicates: corrected", corrected, c, a, b)
            t.run("duplicates: running", running, c, a, referent)
            t.run("duplicates: erased", erased, c, a, b)
            refusals = b"".join(c.refusals).decode().lower()
            t.same("no refusal told a value", [s for s in SECRETS if s in refusals], [])


if __name__ == "__main__":
    checks = Checks()
    run(checks, sys.argv[1])
    checks.finish()
