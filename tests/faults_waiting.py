"""The last third of faults.py: reads that wait for a position (?min_position= with Prefer: wait=)."""
import threading
import time

from daemon import Daemon, Store, ago, raw

SOON, LONG = 2, 20      # seconds: at once on any machine; long enough to be noticed


def contact(p):
    return {"command": "record_contact", "participant": p, "data": {"channel": "mail"}}


class Read:
    """A read under way in a thread: its answer, and the seconds it took."""

    def __init__(self, d, target, **headers):
        self.client, self.began = d.client(), time.monotonic()
        self.thread = threading.Thread(target=self.run, args=(target, headers))
        self.answer = None
        self.thread.start()

    def run(self, target, headers):
        try:
            self.answer = self.client.get(target, **headers)
        except OSError:
            pass        # left on purpose, or the check of its answer says so
        self.seconds = time.monotonic() - self.began

    def end(self):
        self.thread.join(60)
        return self.answer


def there_or_not(t, d, c, p):
    position = c.position()
    targets = ["/v1/participants", "/v1/participants/" + p, "/v1/participants/%s/events" % p, "/v1/participants/%s/explain?of=limit" % p,
               "/v1/participants/%s/exit-check" % p, "/v1/participants/%s/commands" % p, "/v1/alerts", "/v1/indicators", "/v1/reports/steps?month=" + ago(40)[:7],
               "/v1/rulebooks", "/v1/events?after=0"]
    for target in targets:
        name = target.split("?")[0].replace(p, "ID")
        ask = lambda n: c.get(target + ("&" if "?" in target else "?") + "min_position=%d" % n)
        t.same(name + ": a position that is there", ask(position).status, 200)
        later = ask(position + 1)
        t.same(name + ": one that is not", (later.status, later.code(), later.json.get("retryable"), later.headers.get("retry-after"), later.position),
               (412, "position", True, "1", position))
    for wrong in ("x", "-1", "", "1.5", "99999999999999999999"):
        answer = c.get("/v1/alerts?min_position=" + wrong)
        t.same("min_position=%s is malformed" % wrong, (answer.status, answer.code() and answer.pointers()), (400, ["?min_position"]))
    t.same("nobody waits without a token", c.get("/v1/alerts?min_position=%d" % (position + 1), Authorization=None, Prefer="wait=20").status, 401)
    t.same("probes do not wait, and say so", c.get("/readyz?min_position=%d" % (position + 1)).status, 400)


def comes(t, d, c, p):
    """Written over one connection, read over another that waits: the answer holds what was written."""
    for prefer in ("wait=20", "return=minimal, wait=20", "wait=20; x=y", "WAIT=20", "wait=1000"):
        position = c.position()
        reads = [Read(d, "/v1/participants/%s?min_position=%d" % (p, position + 2), Prefer=prefer) for _ in range(6)]
        time.sleep(0.15)
        c.post(contact(p))
        time.sleep(0.05)
        t.that("%s: one commit is not enough" % prefer, all(r.thread.is_alive() for r in reads))
        version = c.post(contact(p)).json["version"]
        answers = [r.end() for r in reads]
        t.same("%s: all are answered" % prefer, [a.status for a in answers], [200] * 6)
        t.same("%s: with what was written" % prefer, [a.json["version"] for a in answers], [version] * 6)
        t.that("%s: they say the position" % prefer, all(a.position >= position + 2 for a in answers))
        t.that("%s: at once, not at the end of the wait" % prefer, all(r.seconds < SOON for r in reads), [r.seconds for r in reads])
    position = c.position()
    many = Read(d, "/v1/events?after=%d&min_position=%d" % (position, position + 50), Prefer="wait=20")
    c.post([contact(p)] * 50, Prefer="return=minimal")
    t.same("the feed waits, too", len(many.end().json["events"]), 50)
    head = Read(d, "/v1/participants/%s" % p, If_None_Match="x")
    t.same("who asks for no position does not wait", head.end().status, 200)


def does_not_come(t, d, c, p):
    target = "/v1/participants/%s?min_position=%d" % (p, c.position() + 1)
    read = Read(d, target, Prefer="wait=1")
    answer = read.end()
    t.same("the time is over", (answer.status, answer.code(), answer.position), (412, "position", c.position()))
    t.that("after a second", 0.9 < read.seconds < 1 + SOON, read.seconds)
    for prefer in ("wait=0", "wait=", "wait=x", "wait=-1", "waits=5", "respond-async", "wait=5x"):
        read = Read(d, target, Prefer=prefer)
        t.same("%s is no wait" % prefer, (read.end().status, read.seconds < 0.5), (412, True))


def in_order(t, d, c, p):
    """Behind one that waits, the next request of its connection is answered after it."""
    position = c.position()
    lines = b"GET /v1/participants/%s?min_position=%d HTTP/1.1\r\nHost: x\r\nPrefer: wait=20\r\nAuthorization: Bearer %s\r\n\r\n" % (
        p.encode(), position + 1, c.token.encode()) + b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
    got = []
    thread = threading.Thread(target=lambda: got.append(raw(d.address, lines)[1]))
    thread.start()
    time.sleep(0.1)
    c.post(contact(p))
    thread.join(30)
    t.that("in order", got[0].count(b"HTTP/1.1 200 ") == 2 and got[0].index(b'"version"') < got[0].index(b'"alive"'), got[0][:300])
    left = Read(d, "/v1/alerts?min_position=%d" % (c.position() + 1), Prefer="wait=20")
    time.sleep(0.1)
    left.client.connection.sock.shutdown(2)     # leaves while it waits
    c.post(contact(p))
    t.same("who left is forgotten", c.get("/healthz").status, 200)


def stops(t, d, c, p):
    reads = [Read(d, "/v1/alerts?min_position=%d" % (c.position() + 1), Prefer="wait=20") for _ in range(4)]
    time.sleep(0.2)
    c.close()
    began = time.monotonic()
    t.same("stops while some wait", d.stop(), 0)
    t.that("without waiting for them", time.monotonic() - began < LONG / 2, time.monotonic() - began)
    t.same("they are told", [r.end().code() for r in reads], ["position"] * 4)


def waits_for_a_position(t, build):
    with Store(build) as store, Daemon(store, "--loops", "3") as d:
        c = d.client()
        p = c.do("orient", on=ago(40))["participant"]
        for part in (there_or_not, comes, does_not_come, in_order, stops):
            t.part = "waits for a position, " + part.__name__.replace("_", " ")
            part(t, d, c, p)
