#!/usr/bin/env python3
"""The alerts of a PLIE that parcours-sim lived, over HTTP: alerts.py BUILD

Each has an id that names it alone; what was settled on a day is what showed the day before and shows no more; what was said of an alert
holds on the days since, whichever way it is asked; it goes to whom the référents' absences say; explain leads to its events. Some are drawn
(SEED) where all would take long."""
import random
import subprocess
import sys
from datetime import date, timedelta

from daemon import STREAMS, Checks, Daemon, Store, empty_store, hold_session

PARTICIPANTS, YEARS, SEED = 130, 1, 7
FIRST_DAY = "2024-10-01"
DAYS, EXPLAINED = 75, 10
OPEN_DAYS = 14      # the standard rulebook's escalation


def day(text):
    return date.fromisoformat(text)


def plus(text, days):
    return (day(text) + timedelta(days=days)).isoformat()


def alerts(c, query=""):
    return c.read("/v1/alerts" + ("?" + query if query else ""))["alerts"]


def by_id(found):
    return {a["alert"]: a for a in found}


def stream_of(alert):
    return alert["alert"].split(":")[1]


def type_of(stream):
    return "plie" if stream == "plie" else STREAMS[stream[0]]


def timeline(c, stream):
    kind = type_of(stream)
    path = "/v1/plie" if kind == "plie" else "/v1/%s/%s" % ({"delivery": "deliveries"}.get(kind, kind + "s"), stream)
    return {e["seq"]: e for e in c.read(path + "/events")["events"]}


def say(c, alert, on, command="acknowledge_alert", expect=201, **more):
    """The command that the alert itself shows, of another kind perhaps."""
    heed = dict(alert["heed"], command=command, on=on)
    heed["data"] = {**heed["data"], **more}
    answer = c.post(heed)
    if answer.status != expect:
        raise AssertionError("%s: %s" % (heed, answer))
    return answer.json


def today_of(c):
    return c.read("/v1/alerts?limit=1")["on"]


# ---- what the simulator leaves nobody to owe ----
def forgetful(c):
    """A référent who never told a month, a session without its minutes; then one and the other is settled."""
    began = plus(today_of(c), -200)
    lazy = c.do("register_referent", on=began, name="Paresse")["referent"]
    hold_session(c, plus(began, 130))
    first = date.fromisoformat(began).replace(day=1).isoformat()[:7]
    c.do("send_report", lazy, on=plus(today_of(c), -10), report="activity", month=first)


# ---- ids, and what is settled ----
def ids(t, c, today):
    found = alerts(c)
    t.that("there are alerts of participants and of others", any(a["participant"] for a in found) and not all(a["participant"] for a in found), len(found))
    t.same("each id is one alert", len(by_id(found)), len(found))
    t.that("rule, stream and day are in it", all(a["alert"] == "%s:%s:%s" % (a["rule"], stream_of(a), a["since"]) for a in found))
    drawn = random.Random(SEED).sample(found, min(EXPLAINED, len(found)))
    drawn += [next(a for a in found if type_of(stream_of(a)) == kind) for kind in sorted({type_of(stream_of(a)) for a in found})]
    for a in drawn:
        t.same("asked by its id: " + a["rule"], alerts(c, "alert=" + a["alert"]), [a])
    pages, after = [], ""
    while after is not None:
        page = c.read("/v1/alerts?limit=7" + (after and "&after=" + after))
        pages += page["alerts"]
        after = page["next_cursor"]
    t.same("page by page they are the list", pages, found)
    t.that("most of them nobody has heeded yet", sum(a["status"] == "open" for a in found) > len(found) / 2, len(found))


def settled(t, c, today):
    """Day after day: what showed and shows no more was settled, and nothing else."""
    ended, before = 0, by_id(alerts(c, "on=" + plus(today, -DAYS)))
    for back in range(DAYS - 1, -1, -1):
        on = plus(today, -back)
        now, gone = by_id(alerts(c, "on=" + on)), by_id(alerts(c, "on=%s&status=settled" % on))
        if not t.same("settled on " + on, set(gone), set(before) - set(now)):
            return
        t.that("...with its day and its event", all(a["status"] == "settled" and a["settled"]["on"] == on and "heed" not in a and
                                                    (a["settled"]["event"] or not a["participant"]) for a in gone.values()), on)
        ended, before = ended + len(gone), now
    t.that("some were", ended > DAYS, ended)


def goes_on(t, c, today):
    """Two difficulties of a day wait for an answer, then one has it: what the other owes is the same alert, with another cause."""
    owing = {a["participant"] for a in alerts(c, "rule=difficulty-answer")}
    p = next(x["participant"] for x in c.read("/v1/participants?state=active&limit=1000")["participants"] if x["participant"] not in owing)
    told = [c.do("report_difficulty", p, on=plus(today, -9), about="behaviour")["seq"] for _ in "ab"]
    before = alerts(c, "rule=difficulty-answer&participant=" + p)
    c.do("answer_difficulty", p, on=today, difficulty=told[0])
    t.same("one alert before, the same after", (len(before), [a["alert"] for a in alerts(c, "rule=difficulty-answer&participant=" + p)]), (1, [a["alert"] for a in before]))
    for query in ("status=settled", "status=settled&known_at=2099-01-01T00:00:00Z"):
        t.same("it was not settled: " + query, [a["alert"] for a in alerts(c, query) if a["alert"] == before[0]["alert"]], [])
    t.same("its cause is the other", c.read("/v1/explain?of=alert:" + before[0]["alert"])["cause"]["event"], told[1])


def asked_both_ways(t, c, today):
    """From the rows, and folded as all of it is known."""
    same = lambda found: {k: {x: a[x] for x in a if x not in ("cause", "referent", "to", "escalates_on", "escalated")} for k, a in by_id(found).items()}
    for on in (today, plus(today, -1), plus(today, -20), plus(today, -75)):
        for statuses in ("open,seen,put_off", "settled"):
            query = "on=%s&status=%s" % (on, statuses)
            t.same("rows and folds agree: " + query, same(alerts(c, query)), same(alerts(c, query + "&known_at=2099-01-01T00:00:00Z")))


# ---- heeding ----
def heeded(t, c, today):
    earlier = by_id(alerts(c, "on=" + plus(today, -5)))
    found = [a for a in alerts(c) if a["participant"] and a["alert"] in earlier and not a["seen_on"] and not a["until"]]
    seen, later, both = random.Random(SEED).sample(found, 3)
    read = lambda a, on=today: alerts(c, "alert=%s&on=%s" % (a["alert"], on))[0]
    say(c, seen, plus(today, -2))
    say(c, later, plus(today, -1), "snooze_alert", until_day=plus(today, 3), reason="congés")
    say(c, both, plus(today, -4))
    say(c, both, plus(today, -2), "snooze_alert", until_day=plus(today, -1), reason="revient hier")
    t.same("seen", [(x["status"], x["seen_on"]) for x in (read(seen), read(seen, plus(today, -2)), read(seen, plus(today, -3)))],
           [("seen", plus(today, -2)), ("seen", plus(today, -2)), ("open", None)])
    t.same("put off, until its day", [(x["status"], x["until"]) for x in (read(later, plus(today, -2)), read(later), read(later, plus(today, 2)), read(later, plus(today, 3)))],
           [("open", None), ("put_off", plus(today, 3)), ("put_off", plus(today, 3)), ("open", plus(today, 3))])
    t.same("seen, then put off, then back", [read(both, plus(today, -n))["status"] for n in (5, 4, 3, 2, 1, 0)],
           ["open", "seen", "seen", "put_off", "open", "open"])
    for status in ("open", "seen", "put_off"):
        t.same("asked by status: " + status, {a["status"] for a in alerts(c, "status=" + status)}, {status})
    t.same("the three are all of them", sorted(a["alert"] for s in ("open", "seen", "put_off") for a in alerts(c, "status=" + s)),
           sorted(a["alert"] for a in alerts(c)))
    # taken back
    seq = say(c, later, today, "snooze_alert", until_day=plus(today, 9), reason="erreur")["seq"]
    t.same("put off again: the last stands", read(later)["until"], plus(today, 9))
    c.do("void", later["participant"], event=seq, reason="erreur")
    t.same("taken back: the one before stands", read(later)["until"], plus(today, 3))


def heeded_elsewhere(t, c, today):
    found = [a for a in alerts(c) if not a["participant"]]
    for kind in sorted({type_of(stream_of(a)) for a in found}):
        a = next(x for x in found if type_of(stream_of(x)) == kind)
        seq = say(c, a, today)["seq"]
        t.same("what a %s owes is seen" % kind, alerts(c, "alert=" + a["alert"])[0]["status"], "seen")
        e = c.read("/v1/events?after=%d&limit=1" % (seq - 1))["events"][0]
        t.same("and the feed says whose it is", (e["seq"], e["stream"], e["kind"]), (seq, stream_of(a), "alert_acknowledged"))
        void = c.do("void", stream_of(a), event=seq, reason="essai")["seq"]
        t.same("taken back, nobody has", alerts(c, "alert=" + a["alert"])[0]["status"], "open")
        t.same("and whose that is", c.read("/v1/events?after=%d&limit=1" % (void - 1))["events"][0]["stream"], stream_of(a))


def wrong(t, c, officer, today):
    p = next(a for a in alerts(c) if a["participant"])
    r = next(a for a in alerts(c) if stream_of(a).startswith("r_"))
    problem = lambda answer: (answer.status, [e["pointer"] for e in answer.json.get("errors", [])])
    refused = lambda kind, target, **data: problem(c.post({"command": "acknowledge_alert", kind: target, "data": data}))
    t.same("a rule that is none", refused("participant", p["participant"], rule="no-such-rule"), (400, ["/data/rule"]))
    t.same("elsewhere an alert has its day", refused("referent", stream_of(r), rule=r["rule"]), (400, ["/data/since"]))
    t.same("a participant that is none", refused("participant", "p_00000000", rule=p["rule"])[0], 404)
    for query, key in (("status=late", "status"), ("status=open,,seen", "status"), ("to=" + p["participant"], "to"), ("alert=x", "alert"), ("escalated=2", "escalated"),
                       ("alert=progress-review:%s:2025-02-30" % p["participant"], "alert"), ("after=x", "after")):
        t.same("refused: " + query, problem(c.get("/v1/alerts?" + query))[1], ["?" + key])
    t.same("an alert of nobody", c.get("/v1/alerts?alert=progress-review:p_00000000:2025-02-01").status, 404)
    for of, status in (("alert:x", 400), ("limit", 400), ("alert:progress-review:%s:1999-01-01" % p["participant"], 404), ("alert:progress-review:p_00000000:2025-01-01", 404),
                       ("alert:%s:%s:1999-01-01" % (r["rule"], stream_of(r)), 404)):
        t.same("nothing to explain: " + of, c.get("/v1/explain?of=" + of).status, status)
    t.same("an officer heeds what participants and référents owe", [say(officer, a, today)["seq"] > 0 for a in (p, r)], [True, True])
    letter = {"command": "acknowledge_alert", "plie": "plie", "data": {"rule": "monthly-letter", "since": today}}
    t.same("what the PLIE owes is the coordinator's", [officer.post(letter).status, c.post(letter).status], [403, 201])


# ---- whose it is ----
def routes(t, c, today):
    found = alerts(c)
    referents = sorted({a["referent"] for a in found if a["referent"]})
    a, b = referents[0], referents[1]
    mine = by_id(x for x in found if x["referent"] == a and x["turn"] == "referent")
    t.that("what a référent has to do goes to them", mine and all(x["to"] == a for x in mine.values()))
    t.that("the coordinator's turn is hers", all(x["to"] is None for x in found if x["turn"] == "coordinator"))
    c.do("start_absence", a, on=today)
    t.same("absent, alone: it goes to the coordinator", {x["to"] for x in alerts(c) if x["alert"] in mine}, {None})
    c.do("name_substitute", a, on=today, substitute=b)
    t.same("to who stands in", {x["to"] for x in alerts(c) if x["alert"] in mine}, {b})
    t.same("yesterday it went to them", {x["to"] for x in alerts(c, "on=" + plus(today, -1)) if x["alert"] in mine}, {a})
    t.same("the portfolio stays theirs", {x["referent"] for x in alerts(c, "referent=" + a)}, {a})
    now = alerts(c)
    for to in referents:
        t.same("what goes to %s" % to, alerts(c, "to=" + to), [x for x in now if x["to"] == to])
    t.same("what goes to the coordinator", alerts(c, "to=coordinator"), [x for x in now if x["to"] is None or x["escalated"]])
    t.same("what came up to her", alerts(c, "escalated=1"), [x for x in now if x["escalated"]])
    t.same("explained", [c.read("/v1/explain?of=alert:" + k)["routed"] for k in sorted(mine)[:3]], ["substitute"] * 3)
    c.do("end_absence", a, on=today)
    t.same("back", {x["to"] for x in alerts(c) if x["alert"] in mine}, {a})


def escalates(t, c, today):
    now, late = alerts(c), 0
    for a in now:
        why = c.read("/v1/explain?of=alert:" + a["alert"])
        since = max(x for x in (why["shown_on"], a["seen_on"], a["until"]) if x)
        expected = plus(since, OPEN_DAYS) if a["turn"] == "referent" and a["referent"] else None
        if not t.same("escalates %s" % a["alert"], (a["escalates_on"], a["escalated"]), (expected, expected is not None and expected <= today)):
            break
        late += a["escalated"]
    t.that("some did", 0 < late < len(now), (late, len(now)))


# ---- why ----
def explained(t, c, today):
    dice = random.Random(SEED)
    found = alerts(c)
    drawn = dice.sample([a for a in found if a["participant"]], EXPLAINED - 3) + dice.sample([a for a in found if not a["participant"]], 3)
    for a in drawn:
        why = c.read("/v1/explain?of=alert:" + a["alert"])
        t.same("the alert: " + a["rule"], {k: why[k] for k in ("alert", "due", "since", "turn", "status", "seen_on", "until", "to", "escalates_on", "escalated")},
               {k: a[k] for k in ("alert", "due", "since", "turn", "status", "seen_on", "until", "to", "escalates_on", "escalated")})
        t.that("its rule, with its words", why["open"] and why["rule"]["rule"] == a["rule"] and why["rule"]["source"] and why["rule"]["words"])
        events = timeline(c, stream_of(a))
        t.that("each event is there", why["cause"] and why["events"] and all(e["event"] in events and events[e["event"]]["on"] == e["on"] and
                                                                         events[e["event"]]["kind"] == e["kind"] for e in why["events"]), why["events"])
        t.same("its cause among them", [e for e in why["events"] if e["event"] == why["cause"]["event"]], [why["cause"]])
    for a in [x for x in found if x["participant"]][:3]:
        own = c.read("/v1/participants/%s/explain?of=alert:%s" % (a["participant"], a["rule"]))
        any_ = c.read("/v1/explain?of=alert:" + a["alert"])
        t.same("asked of the participant, the same", {**own, "of": None}, {**any_, "of": None})


def explained_settled(t, c, today):
    gone = [a for back in range(DAYS) for a in alerts(c, "on=%s&status=settled" % plus(today, -back))]
    dice = random.Random(SEED)
    others = [a for a in gone if not a["participant"]]
    drawn = dice.sample([a for a in gone if a["participant"]], EXPLAINED) + dice.sample(others, min(3, len(others)))
    for a in drawn:
        on = a["settled"]["on"]
        why = c.read("/v1/explain?of=alert:%s&on=%s" % (a["alert"], on))
        t.same("settled: " + a["rule"], (why["open"], why["status"], why["settled_on"], why["settled"] and why["settled"]["event"]),
               (False, "settled", on, a["settled"]["event"]))
        t.that("by an event of that day", why["settled"] is None or why["settled"]["on"] == on, why["settled"])
        t.same("the day before it was open", c.read("/v1/explain?of=alert:%s&on=%s" % (a["alert"], plus(on, -1)))["open"], True)


def figures_explained(t, c, today):
    """Ten figures: what counts adds up to the figure, each from an event that is there; taken out, the figure is less by what it counted."""
    year = "from=%s&to=%s" % (plus(today, -365), today)
    whole = {i["name"]: i for i in c.read("/v1/indicators?" + year)["indicators"]}
    some = sorted(name for name, i in whole.items() if i["numerator"] and i["numerator"] > 2 and i["unit"] == "count")
    for name in random.Random(SEED).sample(some, EXPLAINED):
        why = c.read("/v1/explain?of=figure:%s&%s&limit=10000" % (name, year))
        t.same("the figure " + name, [why[k] for k in ("sentence", "over", "unit", "value", "numerator", "denominator", "target")],
               [whole[name][k] for k in ("sentence", "over", "unit", "value", "numerator", "denominator", "target")])
        t.same("adds up", (sum(x["numerator"] for x in why["contributions"]), why["count"], why["next"]),
               (why["numerator"], len(why["contributions"]), None))
        t.same("page by page, too", [c.read("/v1/explain?of=figure:%s&%s&limit=1&after=%d" % (name, year, n))["contributions"] for n in (0, 1)],
               [[x] for x in why["contributions"][:2]])
        for x in why["contributions"][:3]:
            stream = next(x[k] for k in x if k in STREAMS.values())
            found = timeline(c, stream).get(x["seq"])
            t.that("its event is there", found and (found["kind"], found["on"], x["seq"]) == (x["event"]["kind"], x["event"]["on"], x["event"]["event"]), (x, found))
    contacts = c.read("/v1/explain?of=figure:contacts&" + year)["contributions"]
    taken = random.Random(SEED).choice(contacts)
    c.do("void", taken["participant"], event=taken["seq"], reason="essai")
    t.same("taken out, it counts no more", c.read("/v1/explain?of=figure:contacts&" + year)["numerator"], whole["contacts"]["numerator"] - taken["numerator"])
    for query, key in (("of=figure:nothing", "of"), ("of=figure:contacts&on=" + today, "on"), ("of=alert:x&from=" + today, "from"), ("of=figure:contacts&from=x", "from")):
        t.same("refused: " + query, [e["pointer"] for e in c.get("/v1/explain?" + query).json.get("errors", [])], ["?" + key])


# ---- the command line ----
def command_line(t, c, d, store, today):
    ctl = lambda *words: store.ctl("--url", "http://%s:%d" % d.address, "--token", store.token, "--lang", "en", *words)
    a = next(x for x in alerts(c, "status=open") if x["participant"])
    duty = next(x for x in alerts(c, "status=open") if stream_of(x).startswith("r_"))
    read = lambda x: alerts(c, "alert=" + x["alert"])[0]
    t.same("acknowledge", (ctl("acknowledge", a["alert"], "--on", today).returncode, read(a)["status"]), (0, "seen"))
    t.same("snooze", (ctl("snooze", a["alert"], "--on", today, "--until", plus(today, 4), "--reason", "congés d'été").returncode, read(a)["until"]), (0, plus(today, 4)))
    t.same("of a référent", (ctl("acknowledge", "alert:" + duty["alert"], "--on", today).returncode, read(duty)["status"]), (0, "seen"))
    t.same("without its reason", ctl("snooze", a["alert"], "--until", plus(today, 4)).returncode, 2)
    t.same("no alert", ctl("acknowledge", a["participant"]).returncode, 2)
    why = ctl("explain", a["alert"]).stdout
    t.that("explain", a["alert"] in why and "An alert is put off." in why, why)
    listed = ctl("alerts", "--status", "put_off").stdout
    t.that("alerts --status", a["alert"] in listed and duty["alert"] not in listed, listed)
    t.that("explain of a figure", ctl("explain", "figure:contacts", "--from", plus(today, -30)).stdout.count("The referent met") > 3)
    t.same("explain of a participant stays", ctl("explain", a["participant"], "limit").returncode, 0)


# ---- nothing of it is only in memory ----
def filled_again(t, store, before, today):
    empty_store(store)
    with Daemon(store) as d:
        c = d.client()
        t.same("views filled again answer the same", [alerts(c, q) for q in questions(today)], before)


def questions(today):
    return ["on=%s&status=open,seen,put_off,settled" % plus(today, -n) for n in (0, 1, 2, 3, 4, 5, 20)] + ["to=coordinator"]


def main():
    build, t = sys.argv[1], Checks()
    with Store(build, "standard", "--demo", "--today", FIRST_DAY) as store:
        officer_token = store.new_token("officer")
        with Daemon(store) as d:
            lived = subprocess.run([store.build / "parcours-sim", "--url", "http://%s:%d" % d.address, "--token", store.token, "--participants", str(PARTICIPANTS),
                                    "--years", str(YEARS), "--seed", str(SEED)], capture_output=True, text=True, timeout=300)
            if not t.same("the simulator lived", lived.returncode, 0):
                t.finish()
            c, officer = d.client(), d.client(officer_token)
            forgetful(c)
            for part in (ids, settled, goes_on, asked_both_ways, heeded, heeded_elsewhere):
                t.run(part.__name__, part, c, today_of(c))
            t.run("wrong", wrong, c, officer, today_of(c))
            for part in (routes, escalates, explained, explained_settled, figures_explained):
                t.run(part.__name__, part, c, today_of(c))
            t.run("command line", command_line, c, d, store, today_of(c))
            t.run("asked both ways, heeded", asked_both_ways, c, today_of(c))
            today = today_of(c)
            before = [alerts(c, q) for q in questions(today)]
            d.stop()
        t.run("filled again", filled_again, store, before, today)
    t.finish()


main()
