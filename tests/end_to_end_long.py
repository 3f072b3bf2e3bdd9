"""Long answers (routes.def) and everybody else: they run beside the loops, hold nobody up, and reflect one position."""
import http.client
import json
import select
import socket
import struct
import threading
import time
from datetime import timedelta

from daemon import LINES, Daemon, admit, ago, today

PEOPLE, CONTACTS = 600, 200     # folded in some tenths of a second
TRIES = 8                       # a busy machine may be slow to ask, or quick to answer
SMALL_WAIT = 0.05               # for a request to be taken by its loop
CONTACT = {"channel": "interview", "signed": True}
TARGETS = ("/v1/referents/%s/portfolio?as_of=%s", "/v1/referents/%s/portfolio?known_at=%sT00:00:00Z")


def many(c, referent):
    """Participants with many contacts, in few requests; their ids."""
    people = [r["participant"] for r in c.post([{"command": "orient", "on": ago(300)}] * PEOPLE, Prefer="return=minimal").json["results"]]
    for p in people:
        c.do("assign_referent", p, on=ago(250), referent=referent)
    lines = [json.dumps({"command": "record_contact", "participant": p, "on": ago(249 - i), "data": CONTACT}) for p in people for i in range(CONTACTS)]
    for at in range(0, len(lines), 4000):
        answer = c.post("\n".join(lines[at:at + 4000]), Content_Type=LINES, Prefer="return=minimal")
        assert all(r["status"] == 201 for r in answer.lines), answer.lines[:1]
    return people


class Asked:
    """A request on a connection of its own, whose answer is fetched later."""

    def __init__(self, d, target, token):
        self.connection = http.client.HTTPConnection(*d.address, timeout=60)
        self.connection.request("GET", target, headers={"Authorization": "Bearer " + token})

    def answered(self):
        return bool(select.select([self.connection.sock], [], [], 0)[0])

    def answer(self):
        r = self.connection.getresponse()
        body = r.read()
        self.connection.close()
        return r.status, int(r.getheader("Parcours-Position", -1)), body

    def leave(self, at_once):
        """Closed, or broken off (a reset)."""
        if at_once:
            self.connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()


def hold_nobody_up(t, c, d, referent):
    for long in TARGETS:
        for _ in range(TRIES):
            asked = Asked(d, long % (referent, ago(-1)), c.token)
            time.sleep(SMALL_WAIT)
            for quick in ("/healthz", "/v1/referents/%s/portfolio" % referent):
                t.same("while one is made, this is answered: " + quick.split("?")[0].replace(referent, "ID"), c.get(quick).status, 200)
            under_way = not asked.answered()
            t.same("it comes in the end", asked.answer()[0], 200)
            if under_way:
                break
        t.that("and the long one is not done yet: " + long, under_way)


def one_position(t, c, d, referent, people):
    """What is recorded while a long answer is made is not in it."""
    target = TARGETS[0] % (referent, ago(0))
    for _ in range(TRIES):
        before = c.get(target)
        asked = Asked(d, target, c.token)
        time.sleep(SMALL_WAIT)
        late = [{"command": "record_contact", "participant": p, "on": ago(0), "data": CONTACT} for p in people[-20:]]   # the last to be folded
        t.same("recorded meanwhile", {r["status"] for r in c.post(late).json["results"]}, {201})
        under_way = not asked.answered()
        status, position, body = asked.answer()
        t.same("its position is that of its beginning, and so is its content", (status, position, json.loads(body)), (200, before.position, before.json))
        after = c.read(target)
        t.same("the next one has it all", sum(x["last_contact"] == ago(0) for x in after["participants"]), 20)
        if under_way:
            break
    t.that("recorded while it was made", under_way)


def left_alone(t, c, d, referent):
    """Clients that do not wait: nothing is kept for them, and the others are served."""
    target = TARGETS[0] % (referent, ago(1))
    started = time.monotonic()
    asked = Asked(d, target, c.token)
    asked.answer()
    one = time.monotonic() - started
    for at_once in (False, True):
        started = time.monotonic()
        for asked in [Asked(d, target, c.token) for _ in range(40)]:
            asked.leave(at_once)
        while c.read("/readyz")["long_waiting"] and time.monotonic() < started + 60:
            time.sleep(0.01)
        took = time.monotonic() - started
        t.that("forty that left cost less than ten answers", took < 10 * one, "%.2f s, one takes %.2f s" % (took, one))
        t.same("and others are served", Asked(d, target, c.token).answer()[0], 200)


def too_many(t, c, d, referent):
    target = TARGETS[0] % (referent, ago(1))
    asked = [Asked(d, target, c.token) for _ in range(90)]
    answers = [a.answer() for a in asked]
    t.same("each is answered, or told to come again", {a[0] for a in answers}, {200, 503})
    t.same("a refusal says so", {json.loads(a[2])["code"] for a in answers if a[0] == 503}, {"busy"})
    t.same("all that were answered are equal", len({a[2] for a in answers if a[0] == 200}), 1)


def equal_forms(t, c, people, referent):
    """Each long route still answers; HEAD, ETag and refusals as on a loop."""
    month = ago(240)[:7]
    for target in ("/v1/indicators?by=referent", "/v1/reports/steps?month=" + month, "/v1/alerts", "/v1/alerts?known_at=%sT00:00:00Z" % ago(0),
                   TARGETS[0] % (referent, ago(10))):
        first = c.get(target)
        name = target.split("?")[0].replace(referent, "ID")
        t.same("200: " + name, first.status, 200)
        t.same("304: " + name, c.get(target, If_None_Match=first.headers["etag"]).status, 304)
        t.same("HEAD: " + name, c.ask("HEAD", target).headers["content-length"], str(len(first.body)))
    t.same("CSV", c.get("/v1/reports/steps?month=" + month, Accept="text/csv").headers["content-type"], "text/csv; charset=utf-8")
    t.same("a bad parameter", (c.get("/v1/indicators?from=never").status, c.get(TARGETS[0] % (referent, "never")).status), (400, 400))
    t.same("no token", c.get("/v1/indicators", Authorization=None).status, 401)
    t.same("somebody unknown", c.get(TARGETS[0] % (people[0].replace("p_", "r_"), ago(1))).status, 404)


def stops(t, c, d, referent):
    """SIGTERM: what has begun is finished, what waits is told to come again."""
    asked = [Asked(d, TARGETS[0] % (referent, ago(1)), c.token) for _ in range(12)]
    time.sleep(SMALL_WAIT)
    d.process.terminate()
    statuses = [a.answer()[0] for a in asked]
    t.that("those under way are finished, the others refused", statuses.count(200) >= 1 and set(statuses) <= {200, 503}, statuses)
    t.same("exit status 0", d.process.wait(20), 0)


def run(t, store, *flags):
    with Daemon(store, *flags) as d:
        c = d.client()
        referent = c.do("register_referent", on=ago(900), name="Camille Roux")["referent"]
        admit(c, "Bernard", today() - timedelta(days=200), referent)
        people = many(c, referent)
        t.run("long answers: hold nobody up", hold_nobody_up, c, d, referent)
        t.run("long answers: one position", one_position, c, d, referent, people)
        t.run("long answers: left alone", left_alone, c, d, referent)
        t.run("long answers: too many", too_many, c, d, referent)
        t.run("long answers: forms", equal_forms, c, people, referent)
        t.run("long answers: stopping", stops, c, d, referent)
