#!/usr/bin/env python3
"""Figures kept summed in memory are what counting everybody says, on a PLIE that parcours-sim lived: filed.py BUILD

The same question with `known_at` is counted from the dossiers. Asked after late facts, corrections, voids, a merge, an erasure, an
adoption, under commands, and after a start; `/readyz` tells how many answers the sums gave."""
import json
import subprocess
import sys
import threading
import time
from pathlib import Path

from daemon import Checks, Daemon, Store

PARTICIPANTS, YEARS, SEED = 60, 2, 5
FIRST_DAY = "2023-10-02"
FOREVER = "2099-01-01T00:00:00Z"
SECONDS = 30
ROOT = Path(__file__).resolve().parent.parent


def filed():
    rows = (ROOT / "projections" / "filed.def").read_text().splitlines()
    return [row[len("FILED("):-1] for row in rows if row.startswith("FILED(")]


def summed(c):
    return c.read("/readyz")["figures_summed"]


def wait_summed(c):
    until = time.monotonic() + SECONDS
    while summed(c)["state"] == "filling":
        if time.monotonic() > until:
            raise AssertionError("the sums are not filled")
        time.sleep(0.05)


def without_links(answer):
    for indicator in answer["indicators"]:
        indicator.pop("events", None)
    return {k: v for k, v in answer.items() if k != "known_at"}


def question(names, by, period):
    return "/v1/indicators?figure=%s&from=%s&to=%s%s" % (",".join(names), *period, "&by=" + by if by else "")


def some_at_once(names, most=12):
    """A parameter has its limit."""
    return [names[i:i + most] for i in range(0, len(names), most)]


def same(t, c, what, period, groups=("", "month", "referent", "month,referent", "referent,month")):
    """Every filed figure in one question, by whatever they can be grouped by."""
    before, asked = summed(c)["answers"], [(by, question(names, by, period)) for by in groups for names in some_at_once(filed())]
    for by, one in asked:
        t.that("%s, by %s" % (what, by or "nothing"), without_links(c.read(one)) == without_links(c.read(one + "&known_at=" + FOREVER)), one)
    t.same("%s: the sums answered" % what, summed(c)["answers"] - before, len(asked))


def not_summed(t, c, period):
    """What the sums cannot answer is counted, and says the same as ever."""
    before = summed(c)["answers"]
    first = period[0]
    for more in ("&by=channel", "&by=month,channel", "&public=rsa", "&as_of=2026-01-31", "&detail=1"):
        c.read(question(["contacts"], "", period) + more)
    c.read(question(["contacts", "caseload"], "", period))
    c.read(question(["contacts"], "", (first[:8] + "02", period[1])))
    t.same("the sums answer nothing else", summed(c)["answers"], before)


def contacts(c, period, more=""):
    return c.read(question(["contacts"], "", period) + more)["indicators"][0]["value"]


def changed(t, c, period, today):
    """What comes late, goes, or is told otherwise moves the sums as it moves the rest."""
    people = [p["participant"] for p in c.read("/v1/participants?limit=200")["participants"] if p["state"] == "active"]
    who = people[0]
    was = contacts(c, period)
    late = c.do("record_contact", who, on=today[:8] + "01", channel="interview")["seq"]
    t.same("a late contact counts at once", contacts(c, period), was + 1)
    c.do("correct", who, event=late, reason="autre jour", content={"on": today[:8] + "02", "data": {"channel": "telephone"}})
    same(t, c, "after a correction", period)
    c.do("void", who, event=late, reason="erreur")
    t.same("taken out, it no longer counts", contacts(c, period), was)
    same(t, c, "after a void", period)
    same(t, c, "one month", (today[:8] + "01", "2030-12-31"))
    other = c.do("orient", prescriber="ccas", name="MARTIN", first_name="Alix", born="1980-02-03")["participant"]
    c.do("record_contact", other, channel="interview")
    t.same("of a file that is there twice", contacts(c, period), was + 1)
    c.do("merge_into", other, into=who, reason="même personne")
    same(t, c, "after a merge", period)
    c.do("erase", people[1], basis="request")
    same(t, c, "after an erasure", period)


def under_commands(t, d, c, period, who):
    """Answers of one position each, while others write."""
    over = threading.Event()

    def write():
        client = d.client()
        while not over.is_set():
            client.do("record_contact", who, channel="telephone")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        last = 0
        for _ in range(40):
            answer = c.get(question(["contacts"], "month,referent", period))
            value = answer.json["indicators"][0]["value"]
            t.that("what is counted grows with the position", value >= last and answer.position >= summed(c)["position"] - 5000, (value, last))
            last = value
    finally:
        over.set()
        writer.join()
    same(t, c, "after commands", period)


def adopted(t, c, period, today):
    book = json.loads((ROOT / "events" / "rulebooks" / "standard.json").read_text())
    book["rules"]["recording-delay"].update(value=1)
    c.do("adopt_rulebook", name=book["name"], from_day=FIRST_DAY, values=json.dumps(book))
    c.read(question(["contacts"], "", period))
    wait_summed(c)
    same(t, c, "after an adoption", period)


def main():
    build = sys.argv[1]
    t = Checks()
    with Store(build, "standard", "--demo", "--today", FIRST_DAY) as store:
        with Daemon(store) as d:
            sim = subprocess.run([build + "/parcours-sim", "--url", "http://%s:%d" % d.address, "--token", store.token, "--participants", str(PARTICIPANTS),
                                  "--years", str(YEARS), "--seed", str(SEED)], capture_output=True, text=True, timeout=300)
            t.same("lived", sim.returncode, 0)
            c = d.client()
            wait_summed(c)
            today = c.read("/v1/alerts")["on"]
            period = (FIRST_DAY[:8] + "01", "2030-12-31")       # the clock of the demonstration goes on
            same(t, c, "as it was lived", period)
            t.run("not summed", not_summed, c, period)
            t.run("changed", changed, c, period, today)
            who = next(p["participant"] for p in c.read("/v1/participants?limit=50")["participants"] if p["state"] == "active")
            t.run("under commands", under_commands, d, c, period, who)
            t.run("adopted", adopted, c, period, today)
        with Daemon(store) as d:
            c = d.client()
            wait_summed(c)
            t.run("after a start", same, c, "after a start", period)
        with Daemon(store, "--filed-mib", "0") as d:
            c = d.client()
            c.read(question(["contacts"], "month,referent", period))
            wait_summed(c)
            t.same("no room for them", (summed(c)["state"], summed(c)["answers"]), ("too_large", 0))
    t.finish()


main()
