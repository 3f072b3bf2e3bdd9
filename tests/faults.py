#!/usr/bin/env python3
"""What goes wrong around the daemon while it serves: faults.py BUILD

Clocks that are set, the same key sent twice at once, more commands than can wait, reads that wait, orders that cost much. Full disks are in faults_room.py."""
import glob
import json
import sys
import threading
import time

from daemon import PROBLEM, Checks, Daemon, Store, ago, raw
from faults_orders import orders_that_cost_much
from faults_waiting import waits_for_a_position

MINUTE, HOUR, DAY = 60, 3600, 86400
ROUNDS = 20
WAITING_MAX = 4096      # the held order among them
SENDERS, PIPELINED = 290, 16
HELD_BY = 3000          # late facts


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


def last_seq(c):
    return c.read("/v1/events?after=0&limit=10000")["events"][-1]["seq"]


def refused_for_the_clock(t, c, p, name, words):
    position = last_seq(c)
    answer = c.post(contact(p), Accept_Language="en")
    t.same(name + ": refused", (answer.status, answer.code(), answer.headers.get("retry-after"), answer.json.get("retryable")), (503, "clock", "1", True))
    t.that(name + ": says why", all(w in answer.json.get("why", "") for w in words), answer)
    t.that(name + ": in French, too", "l'horloge dit" in c.post(contact(p)).json.get("why", ""))
    t.same(name + ": a dry run, too", c.post(contact(p), "?dry_run=1").code(), "clock")
    several = c.post([contact(p), {"command": "nothing"}, contact(p)]).json["results"]
    t.same(name + ": each of several; what is malformed stays malformed", [r["code"] for r in several], ["clock", "malformed", "clock"])
    for target in ("/v1/participants/" + p, "/v1/participants/%s/events" % p, "/v1/alerts", "/v1/events?after=0"):
        t.same("%s: %s is read" % (name, target.split("?")[0].replace(p, "ID")), c.get(target).status, 200)
    ready = c.get("/readyz")
    t.same(name + ": not ready, and alive", (ready.status, ready.code(), c.get("/healthz").status), (503, "clock", 200))
    t.that(name + ": says why there, too", "horloge" in ready.body.decode(), ready)
    t.same(name + ": nothing was recorded", last_seq(c), position)


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
                lines = [l for l in d.said().splitlines() if "clock" in l]
                t.that(name + ": said once when it begins, once when it ends", len(lines) == 2 and "no command is taken" in lines[0] and "taken again" in lines[1], lines)
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


# ---- keys and queues ----
def request(token, command, query=""):
    body = json.dumps(command).encode()
    return b"POST /v1/commands%s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nPrefer: return=minimal\r\nContent-Length: %d\r\n\r\n%s" % (
        query.encode(), token.encode(), len(body), body)


def answers_of(answer):
    """(status, headers, document) of each of the answers on one connection."""
    found = []
    while answer:
        head, _, rest = answer.partition(b"\r\n\r\n")
        lines = head.decode().split("\r\n")
        headers = {k.lower(): v for k, _, v in (line.partition(": ") for line in lines[1:])}
        size = int(headers["content-length"])
        found.append((int(lines[0][9:12]), headers, json.loads(rest[:size])))
        answer = rest[size:]
    return found


def at_once(clients, send):
    """What `send` returns for each client, all of them at the same moment."""
    barrier, results = threading.Barrier(len(clients)), [None] * len(clients)

    def work(i):
        barrier.wait()
        results[i] = send(clients[i], i)

    threads = [threading.Thread(target=work, args=(i,)) for i in range(len(clients))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(90)
    return results


def same_key_at_once(t, build):
    """Whoever comes second waits for the first, and is told what became of it."""
    with Store(build) as store, Daemon(store, "--loops", "3") as d:
        clients = [d.client() for _ in range(8)]
        c = clients[0]
        p = c.do("orient", on=ago(40))["participant"]
        position = c.position()
        for n in range(ROUNDS):
            got = at_once(clients, lambda client, i: client.post(contact(p, id="same-%d" % n)))
            t.same("one is accepted, the others are told of it", sorted(a.status for a in got), [200] * 7 + [201])
            t.same("it is the same event", len({a.json["seq"] for a in got}), 1)
            t.same("and those say so", sum(a.headers.get("idempotency-replayed") == "true" for a in got), 7)
        t.same("one event a key", c.position(), position + ROUNDS)
        opened = [a.json["participant"] for a in at_once(clients, lambda client, i: client.post({"command": "orient", "id": "open"}))]
        t.same("nobody is opened twice", len(set(opened)), 1)
        got = at_once(clients, lambda client, i: client.post(contact(p, id="other", on=ago(i))))
        t.same("the same key for other commands", sorted(a.status for a in got), [201] + [422] * 7)
        two = request(store.token, contact(p, id="piped")) * 2
        t.same("in one piece on one connection", [status for status, _, _ in answers_of(raw(d.address, two)[1])], [201, 200])
        position = c.position()
        results = c.post([contact(p, id="twice")] * 2, "?atomic=1").json["results"]
        t.same("twice in an order of all or nothing: in flight", [(r["status"], r.get("code"), r.get("retryable")) for r in results],
               [(424, "batch", False), (409, "in_flight", True)])
        t.same("of which nothing is kept", c.position(), position)


def hold_the_writer(d, p):
    """A dry run of thousands of late facts, each of which folds the file again: the writer has no time for others."""
    late = [contact(p, on=ago(60 - i % 50)) for i in range(HELD_BY)]
    thread = threading.Thread(target=lambda: d.client().post(late, "?dry_run=1", Prefer="return=minimal"))
    thread.start()
    time.sleep(0.3)
    return thread


def too_many_wait(t, build):
    """4,096 wait, no more: the others are sent away, and nobody is forgotten."""
    with Store(build) as store, Daemon(store) as d:
        c = d.client()
        p = c.do("orient", on=ago(90))["participant"]
        position = c.position()
        holding = hold_the_writer(d, p)
        got, lock = [], threading.Lock()

        def send(first):
            requests = b"".join(request(store.token, contact(p, id="w-%d" % (first + i))) for i in range(PIPELINED))
            found = answers_of(raw(d.address, requests, timeout=90)[1])
            with lock:
                got.extend(found)

        threads = [threading.Thread(target=send, args=(i * PIPELINED,)) for i in range(SENDERS)]
        for thread in threads:
            thread.start()
        until = time.monotonic() + 20
        while time.monotonic() < until and c.read("/readyz")["waiting"] < WAITING_MAX:
            time.sleep(0.01)
        waiting, held = c.read("/readyz")["waiting"], holding.is_alive()
        t.that("the writer is held meanwhile", held)
        t.same("as many wait as may", waiting, WAITING_MAX)
        t.same("reading goes on", c.get("/v1/participants/" + p).status, 200)
        for thread in threads + [holding]:
            thread.join(90)
        turned_away = [(headers, problem) for status, headers, problem in got if status == 503]
        t.same("every one is answered", len(got), SENDERS * PIPELINED)
        t.same("the others are turned away", len(turned_away), SENDERS * PIPELINED - (WAITING_MAX - 1))
        t.same("with a problem that says when to come again", {(h["retry-after"], h["content-type"], p["code"], p["retryable"]) for h, p in turned_away},
               {("1", PROBLEM, "busy", True)})
        kept = [document["seq"] for status, _, document in got if status == 201]
        t.same("those who waited are kept", len(kept), WAITING_MAX - 1)
        t.same("and nothing else", (c.position(), len(set(kept))), (position + WAITING_MAX - 1, WAITING_MAX - 1))


def main():
    t, build = Checks(), sys.argv[1]
    for part in (clock_set, clock_behind_at_the_start, slept, same_key_at_once, too_many_wait, waits_for_a_position, orders_that_cost_much):
        t.run(part.__name__.replace("_", " "), part, build)
    t.finish()


if __name__ == "__main__":
    main()
