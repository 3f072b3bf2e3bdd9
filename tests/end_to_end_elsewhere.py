"""What is not a participant's is corrected and taken out: enterprises, référents, sessions, markets, operations, actions, the PLIE; what
files copied from a session follows; killed in between; a rulebook adopted twice."""
import json
import time
from datetime import timedelta
from pathlib import Path

from daemon import STREAMS, Daemon, Store, admit, ago, today

SHIPPED = Path(__file__).resolve().parent.parent / "events" / "rulebooks" / "standard.json"


def figure(c, name, **more):
    asked = "".join("&%s=%s" % row for row in more.items())
    return c.read("/v1/indicators?figure=%s&from=%s&to=%s%s" % (name, ago(900), ago(0), asked))["indicators"][0]


def opened(c):
    """One stream of each kind, and an event of it with what it says when it is told again."""
    r = c.do("register_referent", on=ago(200), name="Camille Roux")["referent"]
    e = c.do("register_enterprise", on=ago(200), name="Fonderie")["enterprise"]
    s = c.do("plan_session", on=ago(200), kind="integration", day=ago(190))["session"]
    m = c.do("open_market", on=ago(200), reference="k-1", hours_due=100)["market"]
    o = c.do("open_operation", on=ago(200), number="2026-1")["operation"]
    a = c.do("plan_action", on=ago(200), kind="forum", day=ago(190))["action"]
    return {r: ("start_absence", {"reason": "illness"}, {"reason": "leave"}), e: ("visit_enterprise", {"referent": r}, {"referent": r, "purpose": "discovery"}),
            s: ("hold_session", {"members": 2}, {"members": 5}), m: ("change_hours_due", {"hours_due": 50}, {"hours_due": 60}),
            o: ("report_operation", {"report": "mid_term"}, {"report": "final"}), a: ("hold_action", {"people": 3}, {"people": 4}),
            "plie": ("record_cost", {"year": 2025, "cents": 100}, {"year": 2025, "cents": 200})}


def each(t, c, streams):
    for stream, (command, said, right) in streams.items():
        name = STREAMS.get(stream[0]) if stream != "plie" else "plie"
        about = c.do(command, None if stream == "plie" else stream, on=ago(100), **said)
        change = {"event": about["seq"], "content": {"on": ago(99), "data": right}, "reason": "saisi de travers"}
        dry = c.post({"command": "correct", name: stream, "data": change}, "?dry_run=1")
        t.same(name + ": a dry run writes nothing", (dry.status, c.position()), (200, about["seq"]))
        done = c.do("correct", stream, more={"id": "fix-" + name, "expected_version": about["version"]}, **change)
        t.same(name + ": the answer names it", (done[name], done["version"]), (stream, about["version"] + 1))
        t.same(name + ": again is the same", c.do("correct", stream, 0, 200, {"id": "fix-" + name, "expected_version": about["version"]}, **change)["seq"], done["seq"])
        t.same(name + ": another version", c.do("void", stream, expect=412, more={"expected_version": 1}, event=about["seq"], reason="x")["code"], "version")
        seen = c.read("/v1/events?after=%d" % about["seq"])["events"][0]
        t.same(name + ": the feed names the stream", (seen["kind"], seen["stream"]), ("event_corrected", stream))
        t.same(name + ": another's event", c.do("void", stream, expect=404, event=999999, reason="x")["code"], "unknown")
        for void in range(3):
            about = c.do("void", stream, event=about["seq"] if void else done["seq"], reason="non")
        told = c.read("/v1/%s/events" % ("plie" if stream == "plie" else name + "s/" + stream))["events"][-5:]
        t.same(name + ": the timeline tells what became of each", [(e["kind"], e["standing"]) for e in told[1:]],
               [("event_corrected", False), ("event_voided", True), ("event_voided", False), ("event_voided", True)])
    t.same("two streams are one too many", c.post({"command": "void", "plie": "plie", "participant": "plie", "data": {"event": 1, "reason": "x"}}).status, 400)
    t.same("none is not enough", c.post({"command": "void", "data": {"event": 1, "reason": "x"}}).pointers(), ["/participant"])
    for seq in (1, 2):
        refused = c.do("void", "plie", expect=409, event=seq, reason="x")
        t.that("what everything rests on is not taken out, and why", refused["errors"][0]["pointer"] == "/data/event" and len(refused["errors"][0]["why"]) > 30, refused)


def figures(t, c, r, e):
    before = figure(c, "visits")["value"]
    twice = [c.do("visit_enterprise", e, on=ago(3), referent=r)["seq"] for _ in range(2)]
    t.same("two visits", figure(c, "visits")["value"], before + 2)
    known = c.read("/v1/events?after=%d" % (twice[1] - 1))["events"][0]["recorded"]
    time.sleep(0.01)        # instants are of a millisecond
    gone = c.do("void", e, event=twice[1], reason="deux fois")["seq"]
    t.same("one was typed twice", figure(c, "visits")["value"], before + 1)
    t.same("it was known otherwise", figure(c, "visits", known_at=known)["value"], before + 2)
    c.do("void", e, event=gone, reason="non")
    t.same("a void taken out", figure(c, "visits")["value"], before + 2)


def copied(t, store, d):
    c = d.client()
    r = c.do("register_referent", on=ago(400), name="Inès Caron")["referent"]
    p = admit(c, "Hamel", today() - timedelta(days=200), r)
    events = c.read("/v1/participants/%s/events" % p)["events"]
    decided = next(e for e in events if e["kind"] == "entry_decided")
    s = decided["data"].get("session")
    if not t.that("the entry names a session", s):
        return
    held = [e for e in c.read("/v1/events?after=0")["events"] if e["stream"] == s and e["kind"] == "session_held"][0]
    refused = c.do("void", s, expect=422, event=held["seq"], reason="reportée")
    t.same("the entry rests on it", (refused["code"], refused["unfounded"]), ("unfounded", [decided["seq"]]))
    dry = c.post({"command": "void", "session": s, "accept_unfounded": True, "data": {"event": held["seq"], "reason": "reportée"}}, "?dry_run=1")
    t.same("a dry run of it tells how many files follow", (dry.status, dry.json.get("followed")), (200, 1))
    gone = c.do("void", s, more={"accept_unfounded": True}, event=held["seq"], reason="reportée")["seq"]
    d.kill()
    with Daemon(store) as d:
        c = d.client()
        marks = [m["event"] for m in c.read("/v1/participants/" + p)["marks"] if m["unfounded"]]
        t.that("killed, started: the entry is without ground", decided["seq"] in marks, marks)
        followed = c.read("/v1/participants/%s/events" % p)["events"][-1]
        t.same("its correction tells where it comes from", (followed["kind"], followed["from"]), ("event_corrected", gone))
        c.do("void", s, event=gone, reason="tenue")
        t.same("restored", [m for m in c.read("/v1/participants/" + p)["marks"] if m["unfounded"]], [])
        t.same("the views are what the log says", c.ask("POST", "/v1/rebuild").json["differ"], 0)


def together(t, c, referent):
    """Several corrections in one order, of what a long file has copied: each is judged from where the one before left it."""
    decided, first = today() - timedelta(days=180), today() - timedelta(days=200)
    s = c.do("plan_session", on=decided, kind="integration", day=str(decided))["session"]
    held = c.do("hold_session", s, on=decided, members=3)["seq"]
    p = admit(c, "Perrin", first, referent, s)
    for day in range(150, 40, -1):
        c.do("record_contact", p, on=ago(day), channel="telephone")
    fix = lambda members: {"command": "correct", "session": s, "accept_unfounded": True,
                           "data": {"event": held, "reason": "x", "content": {"on": str(decided), "data": {"members": members}}}}
    for members in ((1, 4), (1, 4, 1), (5,)):
        done = c.post([fix(n) for n in members], "?atomic=1").json["results"]
        t.same("all together", [r["status"] for r in done], [201] * len(members))
        marks = {m["rule"] for m in c.read("/v1/participants/" + p)["marks"] if m["unfounded"]}
        repeated = c.post({"command": "record_contact", "participant": p, "data": {"channel": "mail"}}, "?dry_run=1").json
        t.same("the last one counts", marks, {"collegial-decision"} if members[-1] == 1 else set())
        t.same("and what is judged next knows", repeated["state"], c.read("/v1/participants/" + p)["state"])
        t.same("the views are what the log says", c.ask("POST", "/v1/rebuild").json["differ"], 0)


def adopted_again(t, store, c):
    book = SHIPPED.read_text(encoding="utf-8")
    asked = {"command": "adopt_rulebook", "data": {"name": json.loads(book)["name"], "from_day": ago(10), "values": book}}
    first, position = c.post(asked), c.position()
    again = c.post(asked)
    t.same("a rulebook adopted again is in force already", (first.status, again.status, again.json["seq"], again.json["replayed"]), (201, 200, first.json["seq"], True))
    t.same("and nothing is written", c.position(), position)
    asked["data"]["from_day"] = ago(9)
    t.same("from another day it is another", c.post(asked).status, 201)
    t.same("a figure twice by the same", c.get("/v1/indicators?by=referent,referent").status, 400)


def secrets(t, c):
    """A delivery's secret is the daemon's own making, its address nobody's to read but the coordinator's; what was sent is the daemon's to say."""
    told = {"url": "https://agenda.example.org/alertes", "topics": ["alert_shown"]}
    t.same("a secret is not given", c.do("open_webhook", expect=400, secret="x" * 52, **told)["errors"][0]["pointer"], "/data/secret")
    t.same("nor a password in an address", c.do("open_webhook", expect=400, url="https://me:pass@example.org/")["errors"][0]["pointer"], "/data/url")
    for topics, more in ([], {}), (["alert_settled"], {}), (["event"], {"referent": c.do("register_referent", name="Odile Quentin")["referent"]}):
        wrong = c.do("open_webhook", expect=400, url=told["url"], topics=topics, **more)["errors"][0]
        t.same("what would never tell anything", wrong["pointer"], "/data/referent" if more else "/data/topics")
    t.same("no day of the week", c.do("open_digest", expect=400, address="o@example.org", minute=450, weekdays=[])["errors"][0]["pointer"], "/data/weekdays")
    d = c.do("open_webhook", more={"id": "hook-1"}, **told)
    t.same("nothing is changed by nothing", c.do("change_delivery", d["delivery"], expect=400)["errors"][0]["pointer"], "/data")
    t.same("told twice, opened once", c.do("open_webhook", expect=200, more={"id": "hook-1"}, **told)["delivery"], d["delivery"])
    c.do("renew_secret", d["delivery"])
    made = [e["data"]["secret"] for e in c.read("/v1/deliveries/%s/events" % d["delivery"])["events"]]
    t.that("two secrets of 52 characters, not the same", len(set(made)) == 2 and all(len(secret) == 52 for secret in made), made)
    content = {"on": ago(0), "data": {"url": "https://b.example.org/"}}
    t.same("what has a secret is not corrected", c.do("correct", d["delivery"], expect=400, event=d["seq"], content=content, reason="x")["errors"][0]["pointer"], "/data/event")
    t.same("what was sent is not anybody's to say", c.do("open_sending", expect=403, delivery=d["delivery"], month="2026-11")["code"], "forbidden")
    return d


def secrets_kept(t, c, d):
    for command in "open_webhook", "stop_delivery", "void":
        said = {"url": "https://example.org/"} if command == "open_webhook" else {"event": d["seq"], "reason": "x"} if command == "void" else {}
        t.same("an officer does not: " + command, c.do(command, d["delivery"] if command != "open_webhook" else None, expect=403, **said)["code"], "forbidden")
    seen = json.dumps(c.read("/v1/deliveries/%s/events" % d["delivery"]))
    t.that("an officer sees no address and no secret", "example.org" not in seen and "\"secret\"" not in seen and "alert_shown" in seen, seen)


def run(t, build):
    with Store(build, "standard") as store:
        with Daemon(store) as d:
            c = d.client()
            streams = opened(c)
            t.run("elsewhere: each stream", each, c, streams)
            r, e = list(streams)[:2]
            t.run("elsewhere: figures", figures, c, r, e)
            t.run("elsewhere: several together", together, c, r)
            t.run("elsewhere: a rulebook again", adopted_again, store, c)
            t.same("the views are what the log says", c.ask("POST", "/v1/rebuild").json["differ"], 0)
            hook = secrets(t, c)
            t.run("elsewhere: what was copied", copied, store, d)
        token = store.new_token("officer")
        with Daemon(store) as d:
            t.run("elsewhere: secrets kept", secrets_kept, d.client(token), hook)
