"""Web-hooks to a real receiver that fails in all the ways that others do. Time is the demonstration's: that of its last record, so a day of
retries takes seconds. Usage: deliveries_hooks.py BUILD [PART...]"""
import base64
import json
import random
import sys
import time
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

from daemon import Checks, Client, Daemon, Store, admit
from receivers import Hooks, wait_until

FIRST = "2026-01-05"
PAUSES = [5, 30, 120, 600, 1800, 3600, 7200, 14400, 28800]
PRIVATE = ["EXEMPLE", "Camille", "Ana", "example.org", "0612345678"]


class Told(Client):
    """A client whose commands are recorded when it says: the store's clock."""

    def __init__(self, address, token, now):
        super().__init__(address, token)
        self.now = now

    def do(self, command, target=None, on=None, expect=201, more=None, **data):
        more = {"recorded": self.now.strftime("%Y-%m-%dT%H:%M:%SZ"), **(more or {})}
        return super().do(command, target, on or self.now.date(), expect, more, **data)

    def tick(self, **step):
        """Lets time pass: something harmless is recorded then."""
        self.now += timedelta(**step)
        self.do("record_time", self.referent, minutes=5, task_code="administration")


class Plie:
    """A demonstration store with a référent and, once admitted, participants; a daemon that may be stopped and started."""

    def __init__(self, hooks):
        self.hooks, self.store, self.daemon = hooks, Store(BUILD, "standard", "--demo", "--today", FIRST), None
        self.now = datetime(2026, 2, 10, 8, tzinfo=timezone.utc)

    def start(self, *flags):
        self.daemon = Daemon(self.store, *flags)
        c = Told(self.daemon.address, self.store.token, getattr(self, "c", self).now)
        c.referent = getattr(getattr(self, "c", None), "referent", None)
        self.c = c
        return c

    def restart(self, *flags, kill=False):
        self.said = getattr(self, "said", "") + self.daemon.said()
        (self.daemon.kill if kill else self.daemon.stop)()
        return self.start(*flags)

    def __enter__(self):
        c = self.start()
        c.referent = c.do("register_referent", name="EXEMPLE Camille", email="camille@example.org")["referent"]
        return self

    def __exit__(self, *_):
        with self.daemon:
            pass
        self.store.remove()

    def admit(self, count=1):
        """Participants whose last contact will be late on 2026-03-07 or so."""
        return [admit(self.c, "EXEMPLE", date(2026, 1, 6), self.c.referent) for _ in range(count)]

    def open(self, path, **data):
        """A web-hook to that path, whose key the receiver knows."""
        delivery = self.c.do("open_webhook", url=self.hooks.url(path), **data)["delivery"]
        self.learn_keys(delivery, path)
        return delivery

    def learn_keys(self, delivery, path):
        events = self.c.read("/v1/deliveries/%s/events" % delivery)["events"]
        keys = [e["data"]["secret"] for e in events if e["data"].get("secret")]
        self.hooks.knows(path, *["whsec_" + base64.b64encode(k.encode()).decode() for k in keys])

    def events(self, delivery=None):
        """What the log says of deliveries: (kind, data), of one when it is named."""
        found, after, of = [], 0, {}
        while True:
            page = self.c.read("/v1/events?limit=1000&after=%d" % after)
            for e in page["events"]:
                if e["kind"] == "sending_opened":
                    of[e["stream"]] = e["data"]["delivery"]
                if e["type"] in ("delivery", "sending") and (delivery is None or of.get(e["stream"], e["stream"]) == delivery):
                    found.append((e["kind"], e["data"]))
            if not page["events"] or page.get("next") is None:
                return found
            after = page["next"]

    def kinds(self, delivery):
        return [kind for kind, _ in self.events(delivery)]

    def settles(self, seconds=2.0):
        """Waits until nothing was recorded for so long; the position."""
        last, since = self.c.position(), time.monotonic()
        while time.monotonic() - since < seconds:
            time.sleep(0.05)
            now = self.c.position()
            if now != last:
                last, since = now, time.monotonic()
        return last


def said_of(messages, kind):
    return [json.loads(m.body) for m in messages if json.loads(m.body)["type"] == kind]


# ---- parts ----
def told(checks, plie, hooks):
    c = plie.c
    participants = plie.admit(2)
    plie.open("/told")
    c.tick(days=60)
    shown = lambda: said_of(hooks.of("/told"), "alert.shown")
    wanted = lambda: {a["alert"] for a in c.read("/v1/alerts?status=open")["alerts"]}
    checks.that("all that is open is told", wait_until(lambda: {m["data"]["alert"] for m in shown()} == wanted()), (len(shown()), len(wanted())))
    messages = hooks.of("/told")
    checks.same("each once", len({m.id for m in messages}), len(messages))
    checks.same("signed by the key", {tuple(m.signed_by) for m in messages}, {(0,)})
    checks.that("at this instant", all(abs(m.timestamp - time.time()) < 60 for m in messages))
    checks.that("JSON, by us", all(m.headers["content-type"].startswith("application/json") and m.headers["user-agent"] == "parcoursd" for m in messages))
    one = next(m for m in shown() if m["data"]["participant"] == participants[0])
    alert = next(a for a in c.read("/v1/alerts")["alerts"] if a["alert"] == one["data"]["alert"])
    checks.same("as the alert is", one["data"], {k: alert[k] for k in one["data"]})
    checks.same("since the midnight of its day", one["timestamp"][:19], alert["since"] + "T00:00:00")
    seq = c.do("record_contact", participants[0], channel="interview", signed=True)["seq"]
    c.tick(hours=1)
    settled = lambda: said_of(hooks.of("/told"), "alert.settled")
    checks.that("what settles it is told", wait_until(lambda: any(m["data"]["settled"] and m["data"]["settled"]["event"] == seq for m in settled())), settled())
    checks.that("of an alert that was told", all(m["data"]["alert"] in {s["data"]["alert"] for s in shown()} for m in settled()))
    c.tick(days=20)
    checks.that("it is escalated", wait_until(lambda: said_of(hooks.of("/told"), "alert.escalated")))
    plie.settles()
    escalated = {a["alert"] for a in c.read("/v1/alerts?escalated=1")["alerts"]}
    got = {m["data"]["alert"] for m in said_of(hooks.of("/told"), "alert.escalated")}
    over = {m["data"]["alert"] for m in settled()}
    checks.that("those that are, and one that was until it was settled", escalated <= got and got - escalated <= over, (got - escalated, escalated - got))


def heeded(checks, plie, hooks):
    c = plie.c
    plie.open("/heeded", topics=["alert_shown"])
    c.tick(days=30)
    checks.that("an alert shows", wait_until(lambda: hooks.of("/heeded")))
    plie.settles(1)
    before = len(hooks.of("/heeded"))
    alerts = c.read("/v1/alerts?status=open")["alerts"]
    put_off = next(a for a in alerts if a["rule"] == "agenda-weekly")
    until = (c.now + timedelta(days=5)).date()
    c.do("snooze_alert", put_off["referent"], rule=put_off["rule"], since=put_off["since"], until_day=str(until), reason="congés")
    c.tick(days=4)
    plie.settles(1)
    of_it = lambda: [m for m in hooks.of("/heeded")[before:] if json.loads(m.body)["data"]["alert"] == put_off["alert"]]
    checks.same("put off, it is not told before its day", len(of_it()), 0)
    c.tick(days=1)
    checks.that("and again on it", wait_until(lambda: len(of_it()) == 1), len(of_it()))
    c.tick(days=1)
    plie.settles(1)
    checks.same("once", len(of_it()), 1)


def retried(checks, plie, hooks):
    c = plie.c
    hooks.plan("/retried", 500, 500, (503, {"Retry-After": "600"}), 200)
    delivery = plie.open("/retried")
    c.tick(days=30)
    at = lambda: hooks.of("/retried")
    attempts = lambda n: wait_until(lambda: c.read("/v1/deliveries/" + delivery)["attempts"] == n)     # judged, by the clock of that moment
    checks.that("a first attempt", attempts(1), len(at()))
    for i, pause in enumerate([5, 30, 600]):
        count = len(at())
        checks.same("it fails", c.read("/v1/deliveries/" + delivery)["state"], "failing")
        c.tick(seconds=int(pause * 0.8) - 1)
        time.sleep(0.4)
        checks.same("attempt %d not before its time" % (i + 2), len(at()), count)
        c.tick(seconds=int(pause * 0.4) + 3)
        checks.that("attempt %d in its time" % (i + 2), wait_until(lambda: len(at()) > count) and attempts((i + 2) % 4), len(at()))
    four = at()[:4]
    checks.same("the same message", len({(m.id, m.body) for m in four}), 1)
    checks.that("signed each time", all(m.signed_by == [0] for m in four))
    checks.that("then the others", wait_until(lambda: len(hooks.taken("/retried")) >= 2))
    plie.settles(1)
    events = plie.events(delivery)
    checks.same("its failure is recorded once", [d["failure"] for k, d in events if k == "message_failed"], ["refused"])
    first = next(d for k, d in events if k == "messages_sent")
    checks.same("its success says after how many attempts", (first["attempts"], first["count"], first["messages"].split()[0]), (4, 1, four[0].id))


def given_up(checks, plie, hooks):
    c = plie.c
    hooks.plan("/down", 500)
    delivery, other = plie.open("/down"), plie.open("/up")
    c.tick(days=30)
    at = lambda: hooks.of("/down")
    checks.that("a first attempt", wait_until(lambda: len(at()) == 1))
    began, times = c.now, [0]
    tried = lambda: c.read("/v1/deliveries/" + delivery)["attempts"]
    while c.now - began < timedelta(hours=25) and "delivery_stopped" not in plie.kinds(delivery):
        count = tried()
        c.tick(seconds=max(3, int((c.now - began).total_seconds() * 0.2)))
        if wait_until(lambda: tried() > count, 0.3):
            times.append((c.now - began).total_seconds())
    checks.that("it stops after a day", wait_until(lambda: "delivery_stopped" in plie.kinds(delivery)), times)
    checks.that("of ten attempts or so", 10 <= len(times) <= 12, times)
    events = plie.events(delivery)
    checks.same("why", [d["reason"] for k, d in events if k == "delivery_stopped"], ["unreachable"])
    failures = [d for k, d in events if k == "message_failed"]
    checks.same("the first failure and the end are recorded", [d.get("given_up", False) for d in failures], [False, True])
    checks.that("the other one was sent to", len(hooks.taken("/up")) > 0)
    count = len(at())
    c.tick(days=1)
    alerts = c.read("/v1/alerts?rule=delivery-stopped")["alerts"]
    checks.same("the coordinator has an alert", [a["delivery"] for a in alerts], [delivery])
    checks.that("which the other one is told", wait_until(lambda: any(m["data"]["rule"] == "delivery-stopped" for m in said_of(hooks.of("/up"), "alert.shown"))))
    checks.same("nothing goes to it any more", len(at()), count)
    hooks.plan("/down", 200)
    c.do("resume_delivery", delivery)
    still = lambda: {a["alert"] for a in c.read("/v1/alerts?status=open")["alerts"] if a["rule"] != "delivery-stopped"}
    got = lambda: {m["data"]["alert"] for m in said_of(hooks.taken("/down"), "alert.shown")}
    checks.that("resumed, it is told what is still true", wait_until(lambda: got() == still()), (len(got()), len(still())))
    c.do("stop_delivery", other)


def gone(checks, plie, hooks):
    c = plie.c
    hooks.plan("/gone", 410)
    delivery = plie.open("/gone")
    c.tick(days=30)
    checks.that("410 stops it at once", wait_until(lambda: "delivery_stopped" in plie.kinds(delivery)), plie.events(delivery))
    checks.same("why", [d["reason"] for k, d in plie.events(delivery) if k == "delivery_stopped"], ["gone"])
    c.tick(days=2)
    plie.settles(1)
    checks.same("after one attempt", len(hooks.of("/gone")), 1)
    hooks.plan("/gone", 200)
    c.do("test_delivery", delivery)
    checks.that("a test goes to what is stopped, too", wait_until(lambda: said_of(hooks.of("/gone"), "delivery.test")))
    checks.that("and is recorded", wait_until(lambda: plie.kinds(delivery)[-1] == "messages_sent"), plie.kinds(delivery))
    checks.same("nothing else", len(hooks.taken("/gone")), 1)


def hanging(checks, plie, hooks):
    c = plie.c
    hooks.plan("/hang", "hang")
    plie.open("/hang")
    plie.open("/quick")
    c.tick(days=30)
    checks.that("one hangs", wait_until(lambda: len(hooks.of("/hang")) == 1))
    checks.that("the other goes on", wait_until(lambda: len(hooks.taken("/quick")) > 2))
    slowest = 0
    for _ in range(100):
        began = time.monotonic()
        c.get("/healthz")
        slowest = max(slowest, time.monotonic() - began)
    checks.that("and the loops answer", slowest < 0.25, slowest)
    began = time.monotonic()
    plie.restart()
    checks.that("nor does a stop wait for it", time.monotonic() - began < 5, time.monotonic() - began)


def renewed(checks, plie, hooks):
    c = plie.c
    delivery = plie.open("/renewed")
    c.do("renew_secret", delivery, overlap_hours=2)
    plie.learn_keys(delivery, "/renewed")
    for hours, signed_by in ((1, [1, 0]), (2, [1])):
        count = len(hooks.of("/renewed"))
        c.tick(hours=hours)
        c.do("test_delivery", delivery)
        checks.that("a test goes", wait_until(lambda: said_of(hooks.of("/renewed")[count:], "delivery.test")))
        checks.same("%d hours after" % hours, hooks.of("/renewed")[-1].signed_by, signed_by)


def replayed(checks, plie, hooks):
    c = plie.c
    delivery = plie.open("/replayed")
    c.tick(days=30)
    checks.that("some go", wait_until(lambda: len(hooks.taken("/replayed")) > 1))
    plie.settles(1)
    c.tick(days=14)
    plie.settles(1)
    c.tick(minutes=5)
    plie.settles(1)
    day, sent = c.now.date(), [m.id for m in hooks.taken("/replayed")]
    lines = {line.split()[0]: d["day"] for k, d in plie.events(delivery) if k == "messages_sent" for line in d["messages"].splitlines()}
    checks.same("all are recorded", set(lines), set(sent))
    wanted = [i for i in sent if lines[i] == str(day)]
    checks.that("some of that day", 0 < len(wanted) < len(sent), lines)
    c.do("replay_delivery", delivery, from_day=str(day))
    again = lambda: [m.id for m in hooks.taken("/replayed")[len(sent):]]
    checks.that("those of that day go again, under their ids", wait_until(lambda: again() == wanted), (again(), wanted))
    plie.settles(1)
    plie.restart()
    c = plie.c
    c.tick(hours=1)
    plie.settles(1)
    checks.same("once", again(), wanted)


def killed(checks, plie, hooks):
    delivery = plie.open("/killed")
    dice = random.Random(20)
    for _ in range(20):
        c = plie.c
        c.now += timedelta(days=1)
        for name in ("EXEMPLE A", "EXEMPLE B"):
            c.do("register_referent", name=name)
        c.now += timedelta(days=13)
        count = len(hooks.of("/killed"))
        c.tick(days=0)
        wait_until(lambda: len(hooks.of("/killed")) > count)
        time.sleep(dice.random() * 0.02)
        plie.restart(kill=True)
    c = plie.c
    c.tick(hours=1)
    plie.settles()
    plie.restart()
    c = plie.c
    stands = {a["alert"] for a in c.read("/v1/alerts?status=open")["alerts"]}
    shown = {}
    for m in hooks.taken("/killed"):
        said = json.loads(m.body)
        if said["type"] == "alert.shown":
            shown.setdefault(said["data"]["alert"], set()).add((m.id, m.body))
    checks.that("nothing is missing", stands <= set(shown), sorted(stands - set(shown))[:3])
    checks.same("what went twice has one id and one body", [a for a, s in shown.items() if len(s) != 1], [])
    recorded = [line.split()[0] for k, d in plie.events(delivery) if k == "messages_sent" for line in d["messages"].splitlines()]
    checks.same("and is recorded once", len(recorded), len(set(recorded)))
    taken = {m.id for m in hooks.taken("/killed")}
    checks.that("of what was sent", set(recorded) <= taken)
    checks.that("all that still stands", all(any(i in recorded for i, _ in shown[a]) for a in stands), len(stands))
    print("killed 20 times: %d messages, %d of them twice" % (len(set(recorded)), len(hooks.taken("/killed")) - len(set(recorded))))


def away(checks, plie, hooks):
    plie.open("/away")
    plie.restart("--deliveries", "0")
    for _ in range(3):
        plie.c.tick(days=7)
    time.sleep(0.5)
    checks.same("deliveries=0: nothing leaves", len(hooks.of("/away")), 0)
    plie.restart()
    c = plie.c
    wanted = {a["alert"] for a in c.read("/v1/alerts?status=open")["alerts"]}
    got = lambda: {m["data"]["alert"] for m in said_of(hooks.taken("/away"), "alert.shown")}
    checks.that("back, it is told all that is open", wait_until(lambda: got() == wanted), (len(got()), len(wanted)))
    checks.same("once each", len(hooks.of("/away")), len(wanted))


def asked(checks, plie, hooks):
    """What the routes and parcoursctl tell."""
    c = plie.c
    delivery = plie.open("/asked", language="en")
    c.tick(days=30)
    plie.settles(1)
    row = c.read("/v1/deliveries")["deliveries"][0]
    checks.same("it runs", (row["delivery"], row["kind"], row["state"], row["waiting"], row["attempts"]), (delivery, "webhook", "running", 0, 0))
    checks.that("the list has no address and no key", "url" not in row and "secret" not in row, row)
    one = c.read("/v1/deliveries/" + delivery)
    checks.same("the coordinator sees both", (one["url"], [one["secret"]]), (hooks.url("/asked"), hooks.secrets["/asked"]))
    sent = c.read("/v1/deliveries/%s/sent" % delivery)["messages"]
    checks.same("what was sent", [m["id"] for m in sent], [m.id for m in hooks.taken("/asked")])
    page = c.read("/v1/deliveries/%s/sent?limit=2" % delivery)
    rest = c.read("/v1/deliveries/%s/sent?after=%s" % (delivery, page["next_cursor"]))
    checks.same("by pages", page["messages"] + rest["messages"], sent)
    alert = sent[0]["subject"]
    checks.that("of one alert", {m["subject"] for m in c.read("/v1/deliveries/%s/sent?subject=%s" % (delivery, alert))["messages"]} == {alert})
    checks.that("in English", "Agenda" in json.loads(hooks.of("/asked")[0].body)["data"]["sentence"] or "week" in json.loads(hooks.of("/asked")[0].body)["data"]["sentence"],
                hooks.of("/asked")[0].body)
    where = ("--url", "http://%s:%d" % plie.daemon.address, "--token", plie.store.token, "--lang", "en")
    good = plie.store.ctl("delivery", "test", delivery, *where)
    checks.same("a test that is received", (good.returncode, good.stdout), (0, "Received: the other side answered 200.\n"))
    hooks.plan("/asked", 500)
    bad = plie.store.ctl("delivery", "test", delivery, *where)
    checks.same("one that is not", (bad.returncode, bad.stdout), (1, "Not received (refused): the other side answered 500.\n"))
    opened = plie.store.ctl("delivery", "open-digest", "address=a@example.org", "time=07:30", *where)
    checks.that("a digest at half past seven", opened.returncode == 0 and wait_until(lambda: [x.get("time") for x in c.read("/v1/deliveries")["deliveries"]][1:] == ["07:30"]), opened.stderr)
    checks.that("/readyz counts", wait_until(lambda: c.read("/readyz")["deliveries"]["subscriptions"] == 2))
    plie.daemon.stop()
    token = plie.store.new_token("officer")
    officer = Client(plie.start().address, token)
    checks.that("an officer sees neither", not {"url", "secret"} & set(officer.read("/v1/deliveries/" + delivery)))
    checks.same("nor opens one", officer.post({"command": "open_webhook", "data": {"url": hooks.url("/x")}}).status, 403)


def each_event(checks, plie, hooks):
    c = plie.c
    first = c.position()
    delivery = plie.open("/events", topics=["event", "alert_shown"])
    plie.admit(3)
    c.tick(days=30)
    settled = plie.settles(3)
    time.sleep(2)
    checks.same("it does not go round", c.position(), settled)
    page = c.read("/v1/events?limit=1000&after=%d" % first)["events"]
    wanted = [e["seq"] for e in page if e["type"] not in ("delivery", "sending")]
    got = [m["data"] for m in said_of(hooks.taken("/events"), "event.recorded")]
    checks.same("each event once, in order, none of deliveries", [e["seq"] for e in got], wanted)
    feed = {e["seq"]: e for e in c.read("/v1/events?limit=1000&after=%d" % first)["events"]}
    checks.that("without what is sealed", all("name" not in e["data"] for e in got), got[0])
    checks.that("as the feed has them", all(e["kind"] == feed[e["seq"]]["kind"] and e["stream"] == feed[e["seq"]]["stream"] for e in got))
    runs = [line for k, d in plie.events(delivery) if k == "messages_sent" for line in d["messages"].splitlines() if line.startswith("- event")]
    checks.that("recorded by runs", 0 < len(runs) < len(wanted), runs)
    plie.restart()
    plie.settles(1)
    checks.same("nothing again after a restart", len(said_of(hooks.of("/events"), "event.recorded")), len(wanted))
    c = plie.c
    c.do("replay_delivery", delivery, from_day=FIRST)
    checks.that("replayed, with the ids they had", wait_until(lambda: [m.id for m in hooks.taken("/events") if b"event.recorded" in m.body][len(wanted):] ==
                                                               [m.id for m in hooks.taken("/events") if b"event.recorded" in m.body][:len(wanted)], 15))


def private(checks, plie, hooks):
    bodies = b"".join(m.body for m in hooks.messages).decode()
    said = plie.said + plie.daemon.said()
    for word in PRIVATE:
        checks.that("%s is in no message" % word, word not in bodies)
        checks.that("%s is in no line that the daemon says" % word, word not in said)
    checks.that("nor an address", str(hooks.port) not in said, said[-300:])


def changed(checks, plie, hooks):
    """What is said later counts: another address, a correction, an opening that is taken out."""
    c = plie.c
    delivery, mistaken = plie.open("/before"), plie.open("/mistaken")
    c.do("change_delivery", delivery, url=hooks.url("/after"))
    opened = c.read("/v1/deliveries/%s/events" % mistaken)["events"][0]["seq"]
    c.do("void", mistaken, event=opened, reason="par erreur")
    c.tick(days=30)
    checks.that("the new address is told", wait_until(lambda: len(hooks.taken("/after")) > 3))
    checks.same("the old one is not, nor one that was opened by mistake", (len(hooks.of("/before")), len(hooks.of("/mistaken"))), (0, 0))
    checks.same("which is listed no more", [d["delivery"] for d in c.read("/v1/deliveries")["deliveries"]], [delivery])
    c.do("change_delivery", delivery, topics=["alert_settled"])
    count = len(hooks.taken("/after"))
    c.tick(days=30)
    plie.settles(1)
    checks.same("another topic: what shows is not told", said_of(hooks.taken("/after")[count:], "alert.shown"), [])


def routed(checks, plie, hooks):
    """Each is told what is theirs that day: the substitute's during an absence, and what leaves them is not settled for that."""
    c = plie.c
    mine, theirs = c.referent, c.do("register_referent", name="EXEMPLE Dominique")["referent"]
    for path, referent in (("/mine", mine), ("/theirs", theirs)):
        plie.open(path, referent=referent)
    c.tick(days=20)
    told = lambda path, kind="alert.shown": {m["data"]["alert"] for m in said_of(hooks.taken(path), kind)}
    wanted = lambda referent: {a["alert"] for a in c.read("/v1/alerts?status=open")["alerts"] if a["to"] == referent}
    checks.that("each is told their own", wait_until(lambda: told("/mine") == wanted(mine) and told("/theirs") == wanted(theirs)), (told("/mine"), wanted(mine)))
    checks.that("there is some", told("/mine") and told("/theirs"))
    own = told("/mine")
    c.do("start_absence", mine)
    c.do("name_substitute", mine, substitute=theirs)
    c.tick(hours=1)
    checks.that("absent: who stands in is told", wait_until(lambda: told("/theirs") >= own & wanted(theirs) and own & wanted(theirs)), (own, wanted(theirs)))
    plie.settles(1)
    checks.same("and nothing is settled by that", told("/mine", "alert.settled"), set())


LOAD_SECONDS = 2.5


def rate(client, referent):
    """Facts recorded a second, by one client that sends two hundred at once."""
    lines = "".join(json.dumps({"command": "record_time", "referent": referent, "data": {"minutes": 5}}) + "\n" for _ in range(200)).encode()
    began, done = time.monotonic(), 0
    while time.monotonic() - began < LOAD_SECONDS:
        answer = client.post(lines, Content_Type="application/x-ndjson")
        done += sum(line["status"] == 201 for line in answer.lines)
    return done / (time.monotonic() - began)


def undisturbed(checks, _plie, hooks):
    """A store that is no demonstration, by the real clock: sixteen receivers that hang, and the writer and the loops do not wait for them."""
    hooks.plan("/hang", "hang")
    rates = {"0": [], "1": []}
    with Store(BUILD) as store:
        with Daemon(store) as d:
            c = d.client()
            referents = [c.do("register_referent", on="2026-01-05", name="EXEMPLE")["referent"] for _ in range(20)]
            for _ in range(16):
                c.do("open_webhook", url=hooks.url("/hang"), topics=["alert_shown", "event"])
            checks.that("all hang", wait_until(lambda: len(hooks.of("/hang")) == 16), len(hooks.of("/hang")))
            checks.same("nothing was sent", c.read("/readyz")["deliveries"]["failing"], 0)
        referent = iter(referents)      # one a round: a stream holds 20,000 events
        for deliveries in ("0", "1", "1", "0", "0", "1"):
            with Daemon(store, "--deliveries", deliveries) as d:
                c = d.client()
                rates[deliveries].append(rate(c, next(referent)))
                c.close()
        ratio = max(rates["1"]) / max(rates["0"])
        print("with sixteen that hang: %.2f of %.0f facts a second without" % (ratio, max(rates["0"])))
        checks.that("the writer goes on", ratio > 0.6, rates)       # others use this machine, too; a writer that waited would do nothing at all
        with Daemon(store) as d:
            c = d.client()
            slowest = max(timed(lambda: c.get("/healthz")) for _ in range(200))
            checks.that("and the loops", slowest < 0.25, slowest)
            wait_until(lambda: c.read("/readyz")["deliveries"]["failing"] == 16, 30)
            checks.same("they are timed out", c.read("/readyz")["deliveries"]["failing"], 16)
            hooks.released.set()
            hooks.plan("/hang", 200)
            checks.that("and tried again by the real clock", wait_until(lambda: len(hooks.taken("/hang")) > 16, 15), len(hooks.taken("/hang")))


def timed(function):
    began = time.monotonic()
    function()
    return time.monotonic() - began


def main():
    parts = (told, heeded, retried, given_up, gone, hanging, renewed, replayed, killed, away, asked, changed, routed, each_event, undisturbed, private)
    checks = Checks()
    for part in parts:
        if len(sys.argv) > 2 and part.__name__ not in sys.argv[2:]:
            continue
        with Hooks() as hooks, Plie(hooks) as plie:
            plie.said = ""
            began = time.monotonic()
            if part is private:
                plie.admit(1)
                plie.open("/private")
                plie.c.tick(days=60)
                plie.settles(1)
            checks.run(part.__name__, part, plie, hooks)
            print("%s: %.1f s" % (part.__name__, time.monotonic() - began), flush=True)
    checks.finish()


BUILD = Path(sys.argv[1]).resolve()
if __name__ == "__main__":
    main()
