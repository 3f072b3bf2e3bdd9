#!/usr/bin/env python3
"""What POST /v1/rulebooks/simulate promises, on a PLIE that parcours-sim lived: simulate.py BUILD

The rulebook in force, simulated, differs in nothing; nothing is ever written; and what a simulation says of open deadlines is what
the participants show once that rulebook is adopted."""
import json
import subprocess
import sys
import time
from datetime import date, timedelta
from pathlib import Path

from daemon import Checks, Daemon, Store

STANDARD = Path(__file__).resolve().parent.parent / "events" / "rulebooks" / "standard.json"
PARTICIPANTS, YEARS, SEED = 60, 2, 11
FIRST_DAY = "2023-10-02"
SETTLED_SECONDS = 30


def simulate(c, book, from_day, limit=10000):
    body = json.dumps({"values": json.dumps(book), "from_day": str(from_day)})
    answer = c.ask("POST", "/v1/rulebooks/simulate?limit=%d" % limit, body.encode())
    if answer.status != 200:
        raise AssertionError("simulate: %s" % answer)
    return answer.json


def changed(book, **changes):
    """The same rulebook with other values."""
    new = json.loads(json.dumps(book))
    for name, change in changes.items():
        rule = new["rules"][name.replace("_", "-")]
        rule.update(change)
        if rule["mode"] == "off":
            rule.pop("value", None)
    return new


def everybody(c):
    ids, after = [], None
    while True:
        page = c.read("/v1/participants?limit=1000" + ("&after=%s" % after if after else ""))
        ids += [p["participant"] for p in page["participants"]]
        after = page["next_cursor"]
        if not after:
            return ids


def deadlines(c, ids):
    """(participant, rule): the day from which it shows."""
    return {(p, d["rule"]): d["since"] for p in ids for d in c.read("/v1/participants/" + p)["deadlines"]}


def views(c, ids, day):
    """What the views answer, and the log's head."""
    return (c.position(), c.read("/v1/participants?limit=1000"), c.read("/v1/alerts?on=%s" % day), c.read("/v1/rulebooks"),
            [c.read("/v1/participants/" + p) for p in ids[:10]])


def settle(c):
    """Until the rows of lists follow the rulebook that was adopted last."""
    until = time.monotonic() + SETTLED_SECONDS
    while c.read("/readyz").get("rulebook_pending"):
        if time.monotonic() > until:
            raise AssertionError("the lists do not follow the rulebook")
        time.sleep(0.05)


def first_difference(a, b):
    return next(((k, a.get(k), b.get(k)) for k in sorted(set(a) | set(b)) if a.get(k) != b.get(k)), None)


def same_book(t, c, book, own, today):
    """The rulebook in force, in force again from its own day, from today, or from a day between: nothing differs."""
    for day in (own, own + (today - own) / 2, today, today + timedelta(days=40)):
        told = simulate(c, book, day)
        t.same("everybody was looked at, from %s" % day, told["participants"] > PARTICIPANTS, True)
        t.same("nothing differs, from %s" % day, (told["differences_in_all"], told["totals"], told["differences"][:2]), (0, [], []))


CHANGED = [
    dict(step_gap={"value": 1}, contacts_monthly={"value": [3, 3]}, progress_review={"value": 2}),
    dict(plie_review={"value": 2}, parcours_length={"value": 12}, employment_followup={"value": [3, 0]}),
    dict(step_gap={"mode": "off"}, long_review={"value": [2, 4, 8]}, partner_review={"value": 1}, offer_result={"value": 3}),
]


def predicted(t, c, ids, book, today, changes):
    """Simulated, compared with what there is, then adopted: the predicted deadlines, and no other difference."""
    new = changed(book, **changes)
    settle(c)
    before = deadlines(c, ids)
    seen = views(c, ids, today)
    told = simulate(c, new, today)
    t.that("nothing was written", views(c, ids, today) == seen)
    lines = [d for d in told["differences"] if d["what"] == "deadline"]
    t.that("something would change", len(lines) > 0)
    t.same("each difference is told", told["differences_in_all"], len(told["differences"]))
    t.same("the totals are those of the lines", sum(x["gained"] + x["lost"] + x["changed"] for x in told["totals"]), len(told["differences"]))
    would_be = dict(before)
    for d in lines:
        key = (d["participant"], d["rule"])
        t.same("what is there before is what is there now, %s %s" % key, before.get(key), d["day_before"])
        would_be.pop(key, None)
        if d["after"]:
            would_be[key] = d["day_after"]
    c.do("adopt_rulebook", name=new["name"], from_day=str(today), values=json.dumps(new))
    found = deadlines(c, ids)
    t.same("adopted, the deadlines are those that were predicted", first_difference(found, would_be), None)
    t.same("and simulating it again differs in nothing", simulate(c, new, today)["differences_in_all"], 0)


def lived(build, store):
    with Daemon(store) as d:
        url = "http://%s:%d" % d.address
        sim = subprocess.run([build + "/parcours-sim", "--url", url, "--token", store.token, "--participants", str(PARTICIPANTS), "--years",
                              str(YEARS), "--seed", str(SEED)], capture_output=True, text=True, timeout=300)
        if sim.returncode != 0:
            raise AssertionError(sim.stdout[-300:] + sim.stderr[-300:])


def main():
    build = sys.argv[1]
    t = Checks()
    book = json.loads(STANDARD.read_text())
    with Store(build, "standard", "--demo", "--today", FIRST_DAY) as store:
        lived(build, store)
        with Daemon(store) as d:
            c = d.client()
            today = date.fromisoformat(c.read("/v1/alerts")["on"])
            ids = everybody(c)
            t.run("the rulebook in force", same_book, c, book, date.fromisoformat(FIRST_DAY), today)
            for changes in CHANGED:
                t.run("another rulebook: " + ", ".join(changes), predicted, c, ids, book, today, changes)
    t.finish()


main()
