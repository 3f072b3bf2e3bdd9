"""Views made anew while the daemon serves: asked for, or because a rulebook was adopted; killed and stopped meanwhile."""
import json
import threading
import time
from pathlib import Path

from daemon import LINES, Daemon, Store, ago, empty_store
from end_to_end_lasting import differences, everything, settle

PEOPLE, CONTACTS = 1500, 12
READY_SECONDS = 60
CONTACT = {"channel": "interview", "signed": True}


def rulebook(**values):
    """The standard one, with other values: its JSON."""
    book = json.loads((Path(__file__).parent.parent / "events/rulebooks/standard.json").read_text())
    for name, value in values.items():
        book["rules"][name.replace("_", "-")]["value"] = value
    return json.dumps(book)


def adopt(c, **values):
    return c.do("adopt_rulebook", name="essai", from_day=ago(400), values=rulebook(**values))["seq"]


def crowd(c):
    referent = c.do("register_referent", on=ago(900), name="Camille Roux")["referent"]
    people = []
    for _ in range(PEOPLE // 500):
        people += [r["participant"] for r in c.post([{"command": "orient", "on": ago(300)}] * 500, Prefer="return=minimal").json["results"]]
    lines = [json.dumps({"command": "assign_referent", "participant": p, "on": ago(290), "data": {"referent": referent}}) for p in people]
    lines += [json.dumps({"command": "record_contact", "participant": p, "on": ago(200 - i), "data": CONTACT}) for p in people for i in range(CONTACTS)]
    for at in range(0, len(lines), 5000):
        answer = c.post("\n".join(lines[at:at + 5000]), Content_Type=LINES, Prefer="return=minimal")
        assert all(r["status"] == 201 for r in answer.lines), answer.lines[:1]
    return people


def settled(c):
    """Waits until lists reflect the last rulebook."""
    until = time.monotonic() + READY_SECONDS
    while c.read("/readyz")["rulebook_pending"] is not None:
        if time.monotonic() > until:
            raise AssertionError("lists still do not reflect the rulebook")
        time.sleep(0.01)


def pending(answer):
    return answer.headers.get("parcours-rulebook-pending")


def on_demand(t, store):
    with Daemon(store) as d:
        c = d.client()
        people, _ = settle(store, c)
        before = everything(c, people)
        answer = c.ask("POST", "/v1/rebuild")
        t.same("answered", answer.status, 200)
        t.same("nothing differs", (answer.json["differ"], answer.json["same_rulebooks"], [x["differ"] for x in answer.json["tables"]]),
               (0, True, [0] * len(answer.json["tables"])))
        t.same("at the position of the log", (answer.json["position"], answer.json["compared_at"]), (c.position(), c.position()))
        rows = {x["table"]: x["rows"] for x in answer.json["tables"]}
        t.same("every event is in the index", rows["stream_events"], c.position())
        t.same("every answer is what it was", differences(before, everything(c, people)), [])
        c.do("record_contact", people[0], on=ago(1), **CONTACT)
        made = store.ctl("rebuild", "--url", "http://%s:%d" % d.address, "--token", c.token, "--json")
        t.same("parcoursctl rebuild", (made.returncode, json.loads(made.stdout)["differ"]), (0, 0))
        t.same("of a served store, from beside: no", store.ctl("rebuild", "--store", store.path).returncode, 75)
        t.same("no body is taken", c.ask("POST", "/v1/rebuild", b"{}").status, 413)
        t.same("not by reading", c.get("/v1/rebuild").status, 405)
        before = everything(c, people)
        t.same("stops", d.stop(), 0)
    made = store.ctl("rebuild", "--store", store.path, "--json")
    t.same("parcoursctl rebuild --store", (made.returncode, json.loads(made.stdout or "{}").get("differ")), (0, 0))
    empty_store(store)
    made = store.ctl("rebuild", "--store", store.path, "--json")
    t.same("of a store without views", (made.returncode, json.loads(made.stdout or "{}").get("compared")), (0, False))
    token = store.new_token("officer")
    with Daemon(store) as d:
        c = d.client()
        t.that("the next start trusts them", "filled again" not in d.said(), d.said())
        t.same("every answer is what it was, after all that", differences(before, everything(c, people)), [])
        t.same("an officer may not", d.client(token).ask("POST", "/v1/rebuild").status, 403)


def adoption(t, store):
    """Judged by it at once; lists follow, and say until when they do not; the same as filled from nothing."""
    with Daemon(store) as d:
        c = d.client()
        people = crowd(c)
        some, _ = settle(store, c)
        before = c.read("/v1/alerts?on=" + ago(0))
        due = [x["due"] for x in c.read("/v1/participants/" + some[0])["deadlines"] if x["rule"] == "plie-review"]
        started = time.monotonic()
        seq = adopt(c, plie_review=1)
        took = time.monotonic() - started
        behind = c.get("/v1/alerts?on=" + ago(0))
        t.same("lists say that they do not reflect it yet", (pending(behind), c.read("/readyz")["rulebook_pending"]), (str(seq), seq))
        t.same("and are as they were", behind.json, before)
        judged = c.read("/v1/participants/" + some[0])["deadlines"]
        t.that("who is looked at alone is judged by it", len(due) == 1 and [""] < [x["due"] for x in judged if x["rule"] == "plie-review"] < due, (judged, due))
        slowest, n = 0, 0
        while c.read("/readyz")["rulebook_pending"] is not None:
            once = time.monotonic()
            c.do("record_contact", people[n % 50], on=ago(n % 100), **CONTACT)
            slowest, n = max(slowest, time.monotonic() - once), n + 1
        t.that("commands went on meanwhile", n > 3, n)
        t.that("and none waited for the filling: adopted in %.0f ms, slowest command %.0f ms" % (took * 1000, slowest * 1000), max(took, slowest) < 0.5)
        after = c.get("/v1/alerts?on=" + ago(0))
        t.same("then lists reflect it", pending(after), None)
        t.that("and are others", after.json["alerts"] != before["alerts"])
        t.same("nothing is wrong in them", c.ask("POST", "/v1/rebuild").json["differ"], 0)
        for months in (2, 4, 5):
            adopt(c, plie_review=months)
        settled(c)
        t.same("several in a row", c.ask("POST", "/v1/rebuild").json["differ"], 0)
        known = everything(c, some)
        d.stop()
    empty_store(store)
    with Daemon(store) as d:
        t.same("filled from nothing they are the same", differences(known, everything(d.client(), some)), [])


def interrupted(t, store):
    """Killed, then stopped, while lists are made anew: the old ones are good, and the next start goes on."""
    with Daemon(store) as d:
        c = d.client()
        people = crowd(c)
        seq = adopt(c, plie_review=2)
        d.kill()
    with Daemon(store) as d:
        c = d.client()
        t.that("after a kill: the old views are trusted", "filled again" not in d.said(), d.said())
        t.same("and still behind", c.read("/readyz")["rulebook_pending"], seq)
        c.do("record_contact", people[0], on=ago(3), **CONTACT)
        c.close()
        started = time.monotonic()
        t.same("SIGTERM meanwhile: exit status 0", d.stop(), 0)
        t.that("without waiting for the end", time.monotonic() - started < 2, time.monotonic() - started)
    t.that("nothing is left aside", not (store.path / "views.aside").exists())
    with Daemon(store) as d:
        c = d.client()
        t.that("after a stop, too", "filled again" not in d.said(), d.said())
        settled(c)
        t.same("and made in the end", c.ask("POST", "/v1/rebuild").json["differ"], 0)
        known = everything(c, people[:3])
        d.kill()
    with Daemon(store) as d:
        t.that("a kill after the switch: trusted", "filled again" not in d.said(), d.said())
        t.same("the same answers", differences(known, everything(d.client(), people[:3])), [])


def beside_long_answers(t, store):
    """Made anew again and again while long answers, quick ones and commands come: all are right, none fails."""
    with Daemon(store) as d:
        c = d.client()
        people, referents = settle(store, c)
        stop, wrong, done = threading.Event(), [], [0]

        def read(target):
            mine = d.client()
            while not stop.is_set():
                answer = mine.get(target)
                done[0] += 1
                if answer.status != 200:
                    wrong.append(str(answer))

        targets = ["/v1/referents/%s/portfolio?as_of=%s" % (referents[0], ago(2)), "/v1/alerts?on=" + ago(0), "/v1/participants/" + people[1]]
        threads = [threading.Thread(target=read, args=(target,)) for target in targets]
        for thread in threads:
            thread.start()
        differ = []
        for i in range(12):
            c.do("record_contact", people[i % len(people[:6])], on=ago(i), **CONTACT)
            differ.append(c.ask("POST", "/v1/rebuild").json["differ"])
        stop.set()
        for thread in threads:
            thread.join(20)
        t.same("none differed", differ, [0] * 12)
        t.same("no read failed", wrong, [])
        t.that("and they went on", done[0] > 50, done[0])


def run(t, build):
    for part in (on_demand, adoption, interrupted, beside_long_answers):
        with Store(build, "standard") as store:
            t.run("views made anew: " + part.__name__.replace("_", " "), part, store)
