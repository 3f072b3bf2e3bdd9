"""Part of faults.py: orders that cost the writer much. They are answered, or refused by name; and a stop does not wait for them."""
import http.client
import json
import threading
import time

from daemon import LINES, Daemon, Store, ago

LONG_FILE, LATE, KEPT, MORE = 15000, 1500, 200, 2000       # as many folds of that file as one arena cannot hold, were they all kept
PEOPLE, CORRECTIONS = 4900, 8       # more than may be followed in one order
MERGED, BEYOND = 5100, 3900         # more than may follow from elsewhere; with LONG_FILE less than a file holds, twice it more
STOP_SECONDS = 10
PATIENCE = 120


def contact(p, on, key=None):
    return {"command": "record_contact", "participant": p, "on": on, "data": {"channel": "interview"}, **({"id": key} if key else {})}


def lines(c, commands):
    answer = c.post("\n".join(map(json.dumps, commands)), Content_Type=LINES, Prefer="return=minimal")
    assert all(r["status"] == 201 for r in answer.lines), answer.lines[:1]
    return answer.lines


def patient(d):
    c = d.client()
    c.connection = http.client.HTTPConnection(*d.address, timeout=PATIENCE)
    return c


def late_facts(t, d, c, p):
    """Each is folded into the file, which is long, and the folds before it are of no use any more."""
    late = [contact(p, ago(403)) for _ in range(LATE)]
    position = c.position()
    for query, count, status in (("?dry_run=1", LATE, 200), ("?atomic=1", KEPT, 201)):
        answer = patient(d).post(late[:count], query, Prefer="return=minimal")
        t.same(query + ": every one is answered", [r["status"] for r in answer.json["results"]], [status] * count)
        t.that(query + ": the daemon still serves", d.alive(), d.said())
    t.same("kept are those of the order that was no dry run", c.position(), position + KEPT)


def followed(t, d, c):
    """Corrections of what many files copy, in one order: each file costs its own events, and there is a bound."""
    opened = c.do("open_operation", on=ago(200), number="2026-1", from_day=ago(200), until_day=ago(-100))
    joined = []
    for i in range(PEOPLE):
        joined += [{"command": "orient", "id": "k%d" % i, "on": ago(190)},
                   {"command": "join_operation", "participant": "=k%d" % i, "on": ago(180), "data": {"operation": opened["operation"]}}]
    lines(c, joined)
    fix = lambda i: {"command": "correct", "operation": opened["operation"], "data": {
        "event": opened["seq"], "reason": "until", "content": {"on": ago(200), "data": {"number": "2026-1", "from_day": ago(200), "until_day": ago(-i)}}}}
    began = time.monotonic()
    results = patient(d).post([fix(i + 1) for i in range(CORRECTIONS)], "?dry_run=1", Prefer="return=minimal").json["results"]
    t.that("not a matter of minutes", time.monotonic() - began < 30, time.monotonic() - began)
    good = [r for r in results if r["status"] == 200]
    t.same("each of the first is followed by all files", {r["followed"] for r in good}, {PEOPLE})
    t.same("what is beyond the bound is refused by name", [(r["status"], r["code"]) for r in results[len(good):]], [(413, "too_large")] * (CORRECTIONS - len(good)))
    t.that("the bound lets several through", 3 < len(good) < CORRECTIONS, len(good))
    one = c.post(fix(CORRECTIONS + 1))
    t.same("one alone", (one.status, one.json.get("followed")), (201, PEOPLE))


def merged_and_back(t, d, c, p):
    """A merge that is made can be taken back: more than follows from elsewhere, but never more than a file may hold."""
    large, beyond, fresh = (c.do("orient", on=ago(490))["participant"] for _ in range(3))
    lines(c, [contact(large, ago(300)) for _ in range(MERGED)])
    lines(c, [contact(beyond, ago(300)) for _ in range(BEYOND)])
    merged = patient(d).do("merge_into", large, into=fresh)
    t.same("all of a long file is kept", merged["kept"], MERGED)
    back = patient(d).do("void", large, event=merged["seq"], reason="deux personnes")
    t.that("and goes again", back["seq"] and [c.get("/v1/participants/" + x).status for x in (large, fresh)] == [200, 200], back)
    t.same("what could not be taken back is not merged", patient(d).do("merge_into", beyond, expect=413, into=p)["code"], "too_large")
    t.same("both are there", [c.get("/v1/participants/" + x).status for x in (beyond, p)], [200, 200])


class Sent:
    """An order under way in a thread."""

    def __init__(self, d, commands, query):
        self.client, self.answer = patient(d), None
        self.thread = threading.Thread(target=self.run, args=(commands, query))
        self.thread.start()

    def run(self, commands, query):
        self.answer = self.client.post(commands, query, Prefer="return=minimal")

    def results(self):
        self.thread.join(PATIENCE)
        return self.answer.json["results"]


def stops(t, store, p):
    """What was decided when the time is over is kept and said; the rest may be sent again."""
    for query in ("", "?atomic=1", "?dry_run=1"):
        with Daemon(store) as d:
            position = d.client().position()
            sent = Sent(d, [contact(p, ago(489), "stop%s-%d" % (query, i)) for i in range(MORE)], query)
            time.sleep(1)
            began = time.monotonic()
            d.process.terminate()
            status = d.process.wait(PATIENCE)
            took = time.monotonic() - began
            t.that("%s: the stop does not wait for it" % query, status == 0 and took < STOP_SECONDS, "status %d, %.1f s" % (status, took))
            results = sent.results()
        kept = sum(r["status"] == 201 for r in results)
        t.that("%s: something was given up" % query, kept < len(results), kept)
        t.same("%s: what was not decided is to be sent again" % query, {(r["status"], r["code"], r["retryable"]) for r in results[kept:]}, {(503, "busy", True)})
        t.that("%s: of one kept alone, the first are; of an order together, nothing" % query, (kept == 0) == bool(query), kept)
        with Daemon(store) as d:
            t.same("%s: kept is what was said so" % query, d.client().position(), position + kept)


def orders_that_cost_much(t, build):
    with Store(build) as store:
        with Daemon(store) as d:
            c = d.client()
            p = c.do("orient", on=ago(490))["participant"]
            lines(c, [contact(p, ago(480 - 79 * i // LONG_FILE)) for i in range(LONG_FILE)])
            for part, arguments in ((late_facts, (d, c, p)), (followed, (d, c)), (merged_and_back, (d, c, p))):
                t.part = "orders that cost much, " + part.__name__.replace("_", " ")
                part(t, *arguments)
        t.part = "orders that cost much, stops"
        stops(t, store, p)
