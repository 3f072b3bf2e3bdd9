"""The second half of end_to_end.py: lists and the feed, the manners of HTTP, and what outlives the process."""
import http.client
import json
import os
import signal
import threading
import time
from datetime import date, timedelta

from daemon import LINES, PROBLEM, Daemon, Store, admit, ago, empty_store, raw, today

CONTACT = {"channel": "telephone", "minutes": 5}
IN_FLIGHT = 12000       # commands of the request that is under way at the stop


def contact(p, **more):
    return {"command": "record_contact", "participant": p, "on": ago(1), "data": CONTACT, **more}


def portfolio_and_alerts(t, c, p, p_old, referent):
    portfolio = c.read("/v1/referents/%s/portfolio" % referent)
    listed = [x["participant"] for x in portfolio["participants"]]
    t.that("the portfolio holds those who are followed", p in listed and p_old in listed, listed)
    since = [x["next"]["since"] for x in portfolio["participants"] if x["next"]]
    t.same("sorted by what is due", since, sorted(since))
    t.that("with its counts", portfolio["counts"]["participants"] == len(listed) and portfolio["caseload_target"] == 60, portfolio["counts"])
    mine = lambda day, q="": [a["rule"] for a in c.read("/v1/alerts?on=%s&participant=%s%s" % (day, p, q))["alerts"]]
    now = mine(ago(0))
    t.same("today without a day is today", [a["rule"] for a in c.read("/v1/alerts?participant=" + p)["alerts"]], now)
    t.that("today: a review with the PLIE is due", "plie-review" in now, now)
    t.that("a past day before it was due", "plie-review" not in mine(ago(160)), mine(ago(160)))
    limit = date.fromisoformat(c.read("/v1/participants/" + p)["limit"])
    t.that("a day to come: the limit, from the day after", "parcours-length" in mine(limit + timedelta(days=1)) and
           "parcours-length" not in mine(limit), mine(limit + timedelta(days=1)))
    c.do("hold_review", p, on=ago(0), review="plie", with_plie=True)
    t.that("settled, it shows no more", "plie-review" not in mine(ago(0)), mine(ago(0)))
    t.that("but still on the days when it was late", "plie-review" in mine(ago(1)), mine(ago(1)))
    late = [x["rule"] for x in c.read("/v1/participants/" + p)["late"]]
    t.that("and is remembered as late", "plie-review" in late, late)
    only = {a["rule"] for a in c.read("/v1/alerts?rule=parcours-length&referent=" + referent)["alerts"]}
    t.same("alerts of one rule", only, {"parcours-length"})
    every = c.read("/v1/participants?limit=1000")["participants"]
    pages, after = [], ""
    while after is not None:
        page = c.read("/v1/participants?limit=1" + ("&after=" + after if after else ""))
        pages += page["participants"]
        after = page["next_cursor"]
    t.same("pages of one, put together, are the list", pages, every)
    t.that("by state", {x["state"] for x in c.read("/v1/participants?state=active")["participants"]} == {"active"})
    for target in ("/v1/referents/" + referent, "/v1/indicators", "/v1/reports/steps?month=" + ago(40)[:7], "/v1/rulebooks"):
        t.same("answers: " + target.split("?")[0].replace(referent, "ID"), c.get(target).status, 200)
    figures(t, c)


def figures(t, c):
    whole = {i["name"]: i for i in c.read("/v1/indicators?from=2000-01-01")["indicators"]}
    by = c.read("/v1/indicators?from=2000-01-01&by=referent,month")["indicators"]
    t.same("a figure's groups add up to it", {i["name"]: sum(g["numerator"] for g in i["groups"]) for i in by},
           {name: i["numerator"] for name, i in whole.items()})
    entries = c.read(whole["entries"]["events"])["contributions"]
    t.that("and so do the events behind it", len(entries) == whole["entries"]["value"] and all(e["seq"] and e["participant"] for e in entries), entries)
    pages, after = [], 0
    while after is not None:
        page = c.read(whole["entries"]["events"] + "&limit=1&after=%d" % after)
        pages += page["contributions"]
        after = page["next"]
    t.same("page by page, too", pages, entries)
    groups = {g["neighbourhood"]: g["value"] for g in c.read("/v1/indicators?figure=entries&from=2000-01-01&by=neighbourhood")["indicators"][0]["groups"]}
    among = {word: c.read("/v1/indicators?figure=entries&from=2000-01-01&neighbourhood=" + word)["indicators"][0] for word in groups if word}
    t.that("a figure among a public is its group", among and all(i["value"] == groups[word] == len(c.read(i["events"])["contributions"])
                                                                for word, i in among.items()), (groups, among))
    for name in ("year", "qualitative", "key_figures", "publics", "letter", "reliability", "file"):
        t.same("the report " + name, c.get("/v1/reports/" + name).status, 200)
    t.same("nothing was known before", c.read("/v1/indicators?figure=entries&from=2000-01-01&known_at=2001-01-01T00:00:00Z")["indicators"][0]["value"], 0)
    for wrong in ("figure=nothing", "by=nothing", "by=month,referent,sex", "detail=1", "from=2026-01-02&to=2026-01-01", "sex=nothing"):
        t.same("refused: " + wrong, c.get("/v1/indicators?" + wrong).status, 400)
    report = "/v1/reports/steps?month=" + ago(40)[:7]
    rows = c.read(report)["rows"]
    csv = c.get(report, Accept="text/csv")
    t.that("a report as CSV says what it is about, then as many rows", csv.body.startswith(b"# scope,plie\r\n# period,") and
           csv.body.count(b"\r\n") == 5 + (1 + len(rows) if rows else 1), csv.body)
    t.same("asked for in its address", c.get(report + "&format=csv").body, csv.body)
    t.same("no such report", c.get("/v1/reports/nothing").status, 404)


# ---- the feed ----
def listen(d, token, last, accept="text/event-stream"):
    connection = http.client.HTTPConnection(*d.address, timeout=10)
    connection.request("GET", "/v1/events", headers={"Authorization": "Bearer " + token, "Accept": accept, "Last-Event-ID": str(last)})
    return connection, connection.getresponse()


def next_event(stream):
    """id, name and data of the next event; comments passed over."""
    fields = {}
    while True:
        line = stream.readline().decode().rstrip("\n")
        if line == "" and fields:
            return int(fields["id"]), fields["event"], json.loads(fields["data"])
        if line and not line.startswith(":"):
            name, _, value = line.partition(": ")
            fields[name] = value


def feed(t, c, p, d):
    position = c.position()
    seqs, after = [], 0
    while True:
        page = c.read("/v1/events?after=%d&limit=37" % after)
        seqs += [e["seq"] for e in page["events"]]
        after = page["next"]
        if not page["more"]:
            break
    t.same("JSON: every event once, without a gap", seqs, list(range(1, position + 1)))
    lines = c.get("/v1/events?limit=10000", Accept=LINES)
    t.same("JSON Lines: the same", [e["seq"] for e in lines.lines], seqs)
    connection, stream = listen(d, c.token, position - 2)
    t.same("events: the type", stream.getheader("Content-Type"), "text/event-stream")
    t.same("events: goes on after Last-Event-ID", [next_event(stream)[0] for _ in "ab"], [position - 1, position])
    seq = c.post(contact(p)).json["seq"]
    number, name, data = next_event(stream)
    t.same("events: a new one arrives by itself", (number, name, data["seq"], data["stream"]), (seq, "contact_recorded", seq, p))
    c.post([contact(p)] * 50)
    t.same("events: and fifty, in order", [next_event(stream)[0] for _ in range(50)], list(range(seq + 1, seq + 51)))
    connection.close()
    timeline = c.read("/v1/participants/%s/events" % p)["events"]
    t.same("the timeline's versions have no gap", [e["version"] for e in timeline], list(range(1, len(timeline) + 1)))
    t.same("names are read back by whom may", timeline[0]["data"]["name"], "Bernard")


# ---- HTTP ----
def manners(t, c, p, d):
    target = "/v1/participants/" + p
    first = c.get(target)
    tag = first.headers["etag"]
    same = c.get(target, If_None_Match=tag)
    t.same("304 when nothing changed, without a body", (same.status, same.body), (304, b""))
    head = c.ask("HEAD", target)
    t.same("HEAD: the same headers, no body", (head.status, head.headers["content-length"], head.headers["etag"], head.body),
           (200, str(len(first.body)), tag, b""))
    answer = c.post(contact(p))
    t.same("a command is in the very next read", c.read(target)["version"], answer.json["version"])
    t.same("and in the feed", c.read("/v1/events?after=%d" % (answer.json["seq"] - 1))["events"][0]["seq"], answer.json["seq"])
    t.that("the read says the position it reflects", c.get(target).position >= answer.json["seq"])
    t.that("then the ETag is another", c.get(target, If_None_Match=tag).status == 200 and c.get(target).headers["etag"] != tag)
    t.same("French by default, English when asked", [c.get(target, Accept_Language=l).json["state_sentence"] for l in (None, "en-GB,en", "fr")],
           ["en parcours", "active", "en parcours"])
    refused = {"a refused command": c.post({"command": "suspend", "participant": p}), "a refused read": c.get("/v1/participants/p_22222222"),
               "a malformed command": c.post(b"{"), "no such path": c.get("/v1/nothing")}
    for name, answer in refused.items():
        t.same(name + " is a problem", answer.headers["content-type"], PROBLEM)
        missing = {"status", "code", "title", "retryable", "trace_id"} - set(answer.json)
        t.same(name + " has every field of a problem", missing, set())
        t.same(name + " has its own status", answer.json.get("status"), answer.status)
    english = c.post({"command": "suspend", "participant": p}, Accept_Language="en")
    t.same("refusals speak English, too", english.json["title"], "a rule forbids it")
    for method, path, wanted in (("DELETE", target, 405), ("GET", "/v1/commands/x", 404), ("OPTIONS", target, 204), ("POST", target, 405)):
        t.same("%s on %s" % (method, path.replace(p, "ID")), c.ask(method, path).status, wanted)
    for probe in ("/healthz", "/readyz"):
        t.same(probe + " needs no token", c.get(probe, Authorization=None).status, 200)
    status, answer = raw(d.address, b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nGET /readyz HTTP/1.1\r\nHost: x\r\n\r\n")
    t.same("pipelined: two answers, in order", (status, answer.count(b"HTTP/1.1 200 "), answer.index(b"alive") < answer.index(b"ready")), (200, 2, True))


# ---- what lasts ----
def everything(c, people):
    """The bodies of every read about them: what must be equal after whatever the process went through."""
    reads = ["/v1/participants?limit=1000", "/v1/alerts?on=" + ago(0), "/v1/alerts?on=" + ago(60), "/v1/alerts?on=" + ago(-200), "/v1/indicators",
             "/v1/rulebooks", "/v1/events?limit=10000"]
    for p in people:
        reads += ["/v1/participants/" + p + more for more in ("", "/events", "/exit-check", "/file", "/commands", "/explain?of=limit", "?as_of=" + ago(100))]
    return {r: c.get(r).body for r in reads}


def differences(one, other):
    return [r for r in one if one[r] != other.get(r)]


def settle(store, c):
    """A PLIE with something of everything; its participants."""
    referents = [c.do("register_referent", on=ago(900), name="R%d" % i)["referent"] for i in range(2)]
    people = [admit(c, "N%d" % i, today() - timedelta(days=150 + 60 * i), referents[i % 2]) for i in range(8)]
    for i, p in enumerate(people):
        seq = c.post(contact(p, id="settled-%d" % i)).json["seq"]
        c.do("hand_over", p, on=ago(30), referent=referents[(i + 1) % 2])
        if i % 3 == 0:
            c.do("correct", p, event=seq, content={"on": ago(40), "data": CONTACT}, reason="jour")
        if i % 3 == 1:
            c.do("void", p, event=seq, reason="doublon")
    c.do("merge_into", c.do("orient", on=ago(20))["participant"], into=people[7])
    for r in referents:
        portfolio = c.read("/v1/referents/%s/portfolio" % r)
        assert portfolio["counts"]["participants"] == len(portfolio["participants"])
    return people, referents


def starts_again(t, store):
    with Daemon(store) as d:
        t.that("a fresh store is filled", "views filled again" in d.said(), d.said())
        c = d.client()
        people, referents = settle(store, c)
        before, position = everything(c, people), c.position()
        t.same("SIGTERM: exit status 0", d.stop(), 0)
    with Daemon(store) as d:
        c = d.client()
        t.that("a clean restart does not fill the views again", "filled again" not in d.said() and not c.read("/readyz")["views_refilled"], d.said())
        t.same("the position is the same", c.position(), position)
        t.same("every answer is equal after a clean restart", differences(before, everything(c, people)), [])
        again = c.post(contact(people[2], id="settled-2"))
        t.same("a key is remembered", (again.status, again.headers.get("idempotency-replayed")), (200, "true"))
        t.same("and still stands for its command only", c.post(contact(people[3], id="settled-2")).code(), "other_command")
        t.same("SIGINT, too", d.stop(signal.SIGINT), 0)
    empty_store(store)
    with Daemon(store) as d:
        c = d.client()
        t.that("without views they are filled again", "views filled again" in d.said() and c.read("/readyz")["views_refilled"], d.said())
        t.same("every answer is equal after filling", differences(before, everything(c, people)), [])
        d.kill()
    with Daemon(store) as d:
        c = d.client()
        t.that("after a kill the views are trusted on the same boot", "filled again" not in d.said(), d.said())
        t.same("every answer is equal after a kill", differences(before, everything(c, people)), [])
        os.kill(d.process.pid, signal.SIGTERM)
        t.same("stops", d.process.wait(20), 0)
    token = store.new_token("officer")
    with Daemon(store) as d:
        c = d.client(token)
        t.same("a key is its actor's own", c.post(contact(people[2], id="settled-2")).status, 201)
        t.same("an officer does not read the feed", c.get("/v1/events").status, 403)


def drains(t, store):
    """Stopped while one long request is under way and sixteen clients go on sending: whoever was answered is on disk."""
    with Daemon(store) as d:
        c = d.client()
        p = c.do("orient", on=ago(5))["participant"]
        acknowledged, stop, wrong = [], threading.Event(), []

        def send(n):
            mine, i = d.client(), 0
            while not stop.is_set():
                i += 1
                try:
                    answer = mine.post(contact(p, id="d-%d-%d" % (n, i)))
                except OSError:
                    return
                except http.client.HTTPException:
                    return
                if answer.status == 201:
                    acknowledged.append(("d-%d-%d" % (n, i), answer.json["seq"]))
                elif answer.status != 503:
                    wrong.append(str(answer))

        long_answer = []

        def send_long():
            lines = "".join(json.dumps(contact(p, id="long-%d" % i)) + "\n" for i in range(IN_FLIGHT))
            long_answer.append(d.client().post(lines, Content_Type=LINES, Prefer="return=minimal"))

        follower, stream = listen(d, c.token, c.position())
        threads = [threading.Thread(target=send, args=(n,)) for n in range(16)] + [threading.Thread(target=send_long)]
        for thread in threads:
            thread.start()
        time.sleep(0.25)
        d.process.terminate()
        t.same("exit status 0 under load", d.process.wait(20), 0)
        stop.set()
        for thread in threads:
            thread.join(20)
        tail = stream.read()
        t.that("a follower's stream ends in order", b"id: " in tail, tail[-100:])
        follower.close()
        t.same("every answer was a success or a 503", wrong, [])
        t.that("the long request under way was answered", long_answer and [r["status"] for r in long_answer[0].lines] == [201] * IN_FLIGHT,
               str(long_answer[0])[:200] if long_answer else "nothing")
    with Daemon(store) as d:
        c = d.client()
        t.that("the next start says nothing of filling", "filled again" not in d.said(), d.said())
        again = c.post([contact(p, id=key) for key, _ in acknowledged], Prefer="return=minimal").json["results"] if acknowledged else []
        t.same("whatever was acknowledged is there, once", [(r["status"], r["seq"]) for r in again], [(200, seq) for _, seq in acknowledged])
        t.that("there was something to lose", len(acknowledged) > 10, len(acknowledged))


def unix_socket(t, store):
    path = str(store.root / "socket")
    with Daemon(store, listen="unix:" + path) as d:
        c = d.client()
        t.same("a command over a Unix socket", c.post({"command": "orient"}).status, 201)
        t.same("nobody else may open it", os.stat(path).st_mode & 0o777, 0o600)
        d.kill()
    with Daemon(store, listen="unix:" + path) as d:
        t.same("a socket left by a kill is taken over", d.client().get("/healthz").status, 200)
        t.same("stops", d.stop(), 0)
        t.that("and is removed", not os.path.exists(path))


def several_loops(t, store):
    with Daemon(store, "--loops", "3") as d:
        clients = [d.client() for _ in range(12)]
        seqs = [c.post({"command": "orient"}).json["seq"] for c in clients * 3]
        t.same("several loops, one order", seqs, list(range(seqs[0], seqs[0] + 36)))
        t.that("each reads what another wrote", all(c.read("/v1/events?after=%d" % (seqs[-1] - 1))["events"] for c in clients))
        t.same("stops", d.stop(), 0)


def run(t, build):
    for part in (starts_again, drains, unix_socket, several_loops):
        with Store(build, "standard") as store:
            t.run(part.__name__.replace("_", " "), part, store)
