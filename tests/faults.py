#!/usr/bin/env python3
"""What goes wrong around the daemon while it serves: faults.py BUILD

Clocks that are set, the same key sent twice at once, more commands than can wait. Full disks are in faults_room.py."""
import glob
import json
import sys
import threading
import time

from daemon import PROBLEM, Checks, Daemon, Store, ago, raw

MINUTE, HOUR, DAY = 60, 3600, 86400


# ---- clocks ----
class Clock:
    """What the daemon takes for the time: the real one and an offset, which may change while it runs."""

    def __init__(self, store, asleep=False):
        self.path = store.root / "clock"
        self.set(0)
        library = glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")
        if not library:
            raise AssertionError("faketime is not installed")
        self.environment = {"LD_PRELOAD": library[0], "FAKETIME_TIMESTAMP_FILE": str(self.path), "FAKETIME_NO_CACHE": "1",
                            # a clock that is set leaves the time elapsed as it is; a machine that slept moves both
                            "FAKETIME_DONT_FAKE_MONOTONIC": "0" if asleep else "1"}

    def set(self, seconds):
        aside = self.path.with_suffix(".new")
        aside.write_text("%+d" % seconds)
        aside.rename(self.path)


def contact(p, **more):
    return {"command": "record_contact", "participant": p, "data": {"channel": "mail"}, **more}


def refused_for_the_clock(t, c, p, name, words):
    position = c.position()
    answer = c.post(contact(p), Accept_Language="en")
    t.same(name + ": refused", (answer.status, answer.code(), answer.headers.get("retry-after"), answer.json.get("retryable")), (503, "clock", "1", True))
    t.that(name + ": says why", all(w in answer.json.get("why", "") for w in words), answer)
    t.that(name + ": in French, too", "l'horloge dit" in c.post(contact(p)).json.get("why", ""))
    t.same(name + ": a dry run, too", c.post(contact(p), "?dry_run=1").code(), "clock")
    several = c.post([contact(p), {"command": "nothing"}, contact(p)]).json["results"]
    t.same(name + ": each of several; what is malformed stays malformed", [r["code"] for r in several], ["clock", "malformed", "clock"])
    for target in ("/v1/participants/" + p, "/v1/participants/%s/events" % p, "/v1/alerts", "/v1/events?after=0"):
        t.same("%s: %s is read" % (name, target.split("?")[0].replace(p, "ID")), c.get(target).status, 200)
    t.same(name + ": nothing was recorded", c.position(), position)


def accepted(t, c, p, name):
    t.same(name + ": accepted", c.post(contact(p)).status, 201)


def clock_set(t, build):
    """More than an hour from where the time elapsed says it is, forward or back."""
    with Store(build) as store:
        clock = Clock(store)
        with Daemon(store, environment=clock.environment) as d:
            c = d.client()
            p = c.do("orient", on=ago(40))["participant"]
            for name, seconds in {"two hours forward": 2 * HOUR, "a year forward": 365 * DAY, "sixty-one minutes forward": 61 * MINUTE}.items():
                clock.set(seconds)
                refused_for_the_clock(t, c, p, name, ("time elapsed", "clock says"))
                clock.set(0)
                accepted(t, c, p, name + ", and right again")
            clock.set(-2 * HOUR)
            refused_for_the_clock(t, c, p, "two hours back", ("time elapsed", "clock says"))
            clock.set(30)
            accepted(t, c, p, "half a minute forward")
            clock.set(-20)
            accepted(t, c, p, "then less than a minute back")
            clock.set(59 * MINUTE)
            accepted(t, c, p, "less than an hour forward")
            clock.set(0)
            refused_for_the_clock(t, c, p, "then behind the last record", ("last record", "clock says"))
            clock.set(58 * MINUTE + 30)
            accepted(t, c, p, "less than a minute behind the last record")
            times = [e["recorded"] for e in c.read("/v1/events?after=0")["events"]]
            t.same("instants of recording never decrease", times, sorted(times))


def clock_behind_at_the_start(t, build):
    with Store(build) as store:
        clock = Clock(store)
        clock.set(2 * MINUTE)
        with Daemon(store, environment=clock.environment) as d:
            p = d.client().do("orient", on=ago(40))["participant"]
            d.kill()
        clock.set(0)
        with Daemon(store, environment=clock.environment) as d:
            c = d.client()
            refused_for_the_clock(t, c, p, "started two minutes behind the last record", ("last record", "clock says"))
            clock.set(2 * MINUTE)
            accepted(t, c, p, "set right")


def slept(t, build):
    """A month later: asleep with its process, or stopped and started."""
    with Store(build) as store:
        clock = Clock(store, asleep=True)
        with Daemon(store, environment=clock.environment) as d:
            c = d.client()
            p = c.do("orient", on=ago(40))["participant"]
            for months in (1, 2):
                clock.set(months * 30 * DAY)
                c = d.client()      # the old connection was idle for a month
                accepted(t, c, p, "asleep for a month")
                last = c.read("/v1/participants/%s/events" % p)["events"][-1]
                t.same("recorded on its day", last["on"], ago(-30 * months))
            d.kill()
        clock.set(90 * DAY)
        with Daemon(store, environment=clock.environment) as d:
            accepted(t, d.client(), p, "started after a month")


def main():
    t, build = Checks(), sys.argv[1]
    for part in (clock_set, clock_behind_at_the_start, slept):
        t.run(part.__name__.replace("_", " "), part, build)
    t.finish()


if __name__ == "__main__":
    main()
