#!/usr/bin/env python3
"""Behind any figure and any alert there are events: explain.py BUILD [--participants 200] [--years 2] [--seed 2016]

A store as tools/demonstration.sh makes it. Ten figures and ten alerts are drawn by the seed; what /v1/explain says of each adds up, and
each event that it names is in the feed /v1/events, the same event of the same stream. Then, in a copy of the store, one contribution of
each figure that counts single events is voided: the figure moves by it, and by nothing else."""
import argparse
import random
import shutil
import subprocess
import sys
from datetime import date, timedelta

from daemon import STREAMS, Checks, Daemon, Store

DRAWN, FOLLOWED = 10, 5
LAST_DAY = date(2025, 12, 31)
PERIOD = "from=%s&to=%s" % (LAST_DAY - timedelta(days=364), LAST_DAY)
# Each contribution of these is one event that others do not lean on; in the others a void moves what came next as well.
MOVED = ["contacts", "interviews", "needs", "partners", "post_iae_contacts", "treatments_outside", "indicators", "event_presences", "visits", "attendance",
         "time", "enterprise_needs"]


def lived(build, store, asked):
    with Daemon(store) as d:
        sim = subprocess.run([build + "/parcours-sim", "--url", "http://%s:%d" % d.address, "--token", store.token, "--participants", str(asked.participants),
                              "--years", str(asked.years), "--seed", str(asked.seed), "--end", str(LAST_DAY), "--quiet"], capture_output=True, text=True, timeout=600)
    if sim.returncode != 0:
        raise AssertionError(sim.stdout[-600:] + sim.stderr[-300:])


def stream_of(c):
    return next(c[k] for k in ("plie", *STREAMS.values()) if k in c)


def in_the_feed(t, c, told, stream):
    """The event that an explanation tells, where the feed has it; it may have been corrected since, to another day."""
    found = c.read("/v1/events?after=%d&limit=1" % (told["event"] - 1))["events"][0]
    t.same("event %d is in the feed, of that stream and kind" % told["event"], (found["seq"], found["stream"], found["kind"]), (told["event"], stream, told["kind"]))


# ---- figures ----
def figure(t, c, name, whole, dice):
    why = c.read("/v1/explain?of=figure:%s&%s&limit=10000" % (name, PERIOD))
    told = ("sentence", "over", "unit", "value", "numerator", "denominator", "target")
    t.same("the figure " + name, [why[k] for k in told], [whole[k] for k in told])
    parts = why["contributions"]
    t.same(name + " adds up", (round(sum(x["numerator"] or 0 for x in parts), 2), len(parts), why["next"]), (why["numerator"], why["count"], None))
    if whole["denominator"] is not None and name not in PERIOD_OVER:
        t.same(name + " adds up under the line", sum(x["denominator"] for x in parts), why["denominator"])
    with_event = [x for x in parts if x["event"]]
    t.that("events are behind " + name, with_event or name in WITHOUT_EVENT, parts[:2])
    for x in dice.sample(with_event, min(FOLLOWED, len(with_event))):
        t.same("the contribution names its event", x["seq"], x["event"]["event"])
        in_the_feed(t, c, x["event"], stream_of(x))


# What is over the months of the period, whoever is there; and what no event makes true, but the last day.
PERIOD_OVER = {"stock_mean"}
WITHOUT_EVENT = {"women", "qpv", "rsa", "mean_age", "stock_mean", "mean_cost", "market_hours_done"}


def figures(t, c, dice):
    whole = {i["name"]: i for i in c.read("/v1/indicators?" + PERIOD)["indicators"]}
    some = sorted(name for name, i in whole.items() if i["numerator"])
    t.that("most figures count something", len(some) > 60, len(some))
    for name in dice.sample(some, DRAWN):
        figure(t, c, name, whole[name], dice)


# ---- alerts ----
def hours(t, c, dice):
    """Behind a figure in hours are hours, not the hundredths in which they are kept."""
    told = c.read("/v1/indicators?figure=market_hours&detail=1&" + PERIOD)
    value, parts = told["indicators"][0]["value"], told["contributions"]
    t.that("the hours of each contribution make the whole", parts and len(parts) == told["count"] and round(sum(x["numerator"] for x in parts) - value, 2) == 0, (value, parts[:3]))


def alerts(t, c, dice):
    found = c.read("/v1/alerts?on=%s" % LAST_DAY)["alerts"]
    for a in dice.sample(found, DRAWN):
        why = c.read("/v1/explain?of=alert:%s&on=%s" % (a["alert"], LAST_DAY))
        told = ("alert", "due", "since", "turn", "status", "to", "escalates_on", "escalated")
        t.same("the alert " + a["alert"], [why[k] for k in told], [a[k] for k in told])
        t.that("its rule and its events", why["rule"]["rule"] == a["rule"] and why["events"], why)
        for e in why["events"]:
            in_the_feed(t, c, e, a["alert"].split(":")[1])


# ---- one contribution less ----
class Copy:
    """The files of a store that nobody serves, somewhere else; all but the views, which fill 64 GiB when a copy does not see their holes."""

    def __init__(self, store):
        self.build, self.token, self.root = store.build, store.token, store.root / "copy"
        self.path = self.root / store.path.name
        self.path.mkdir(parents=True)
        subprocess.run(["cp", "-r", "--sparse=always", store.path / "log", store.path / "vault", self.path], check=True)
        shutil.copy(store.key, self.root)


def moved(t, c, dice):
    ask = lambda name: c.read("/v1/explain?of=figure:%s&%s&limit=10000" % (name, PERIOD))
    for name in MOVED:
        before = ask(name)
        if not t.that(name + " counts something", before["contributions"]):
            continue
        x = dice.choice(before["contributions"])
        c.do("void", stream_of(x), event=x["seq"], reason="essai")
        after = ask(name)
        less = lambda total, part: None if total is None else total - part
        t.same(name + " moved by what was voided", (after["numerator"], after["denominator"], after["count"]),
               (less(before["numerator"], x["numerator"]), less(before["denominator"], x["denominator"]), before["count"] - 1))
        t.same("...and nothing else of it did", [y for y in before["contributions"] if y["seq"] != x["seq"]], after["contributions"])


def main():
    options = argparse.ArgumentParser()
    options.add_argument("build")
    for name, value in (("participants", 200), ("years", 2), ("seed", 2016)):
        options.add_argument("--" + name, type=int, default=value)
    asked, t = options.parse_args(), Checks()
    dice = random.Random(asked.seed)
    with Store(asked.build, "standard", "--demo", "--today", str(LAST_DAY.replace(year=LAST_DAY.year - asked.years))) as store:
        lived(asked.build, store, asked)
        with Daemon(store) as d:
            for part in (figures, hours, alerts):
                t.run(part.__name__, part, d.client(), dice)
        with Daemon(Copy(store)) as d:
            t.run("moved", moved, d.client(), dice)
    t.finish()


main()
