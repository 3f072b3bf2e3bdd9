#!/usr/bin/env python3
"""What a client of the daemon may count on, tried over HTTP from outside: end_to_end.py BUILD

Whole parcours under two rulebooks, the forms of commands, keys and versions, corrections, the two times, every read;
what is asked wrongly, and in which language (end_to_end_asking.py), one person in two files (end_to_end_duplicates.py), what is corrected that is not a participant's (end_to_end_elsewhere.py), answers that take long (end_to_end_long.py), views made anew (end_to_end_rebuild.py); then (end_to_end_lasting.py) what must survive a stop, a kill of the views, another listener."""
import json
import subprocess
import sys
import time
from datetime import date, timedelta

import end_to_end_asking as asking
import end_to_end_duplicates as duplicates
import end_to_end_elsewhere as elsewhere
import end_to_end_lasting as lasting
import end_to_end_long as long_answers
import end_to_end_rebuild as rebuild
from daemon import LINES, Checks, Daemon, Store, admit, ago, hold_session, propose, today

CONTACT = {"channel": "interview", "signed": True, "minutes": 45}


def contact(p, on=None, **more):
    return {"command": "record_contact", "participant": p, "on": on or ago(20), "data": CONTACT, **more}


def add_months(day, months):
    index = day.year * 12 + day.month - 1 + months
    first, following = (date((index + k) // 12, (index + k) % 12 + 1, 1) for k in (0, 1))
    return min(first + timedelta(days=day.day - 1), following - timedelta(days=1))


def path(p, what=""):
    return "/v1/participants/" + p + ("/" + what if what else "")


# ---- whole parcours ----
def positive_exit(t, c, referent):
    """Orientation, entry, a step, a job, evidence, the committee: a positive exit; refused while something is missing."""
    p = admit(c, "Delmas", today() - timedelta(days=400), referent)
    t.same("is active once the contract is signed", c.read(path(p))["state"], "active")
    step = {"kind": "remobilisation", "planned_start": ago(340), "planned_end": ago(280), "contractualised": True}
    refused = c.do("prescribe_step", p, on=ago(350), expect=422, **step)
    t.same("a step without a shared objective is refused by its rule", refused["rule"], "step-objective")
    s = c.do("prescribe_step", p, on=ago(350), objective="tenir un rythme", objective_shared=True, **step)["seq"]
    c.do("start_step", p, on=ago(340), step=s, interviews_a_month=2)
    c.do("review_step", p, on=ago(335), step=s, review="reception", referent_present=True)
    c.do("end_step", p, on=ago(280), step=s, result="met")
    c.do("review_step", p, on=ago(279), step=s, review="closing", referent_present=True, result="met")
    job = c.do("start_employment", p, on=ago(220), kind="cdi", purpose="consolidation", weekly_hours=35, employer="Atelier Naval")
    t.same("a job meant to last opens the consolidation", job["state"], "in_consolidation")
    c.do("propose_exit", p, on=ago(5), outcome="positive", criterion="employment", participant_agrees=True)
    session = hold_session(c, today() - timedelta(days=1), kind="follow_up")
    decision = {"outcome": "positive", "criterion": "employment", "session": session}
    refused = c.do("decide_exit", p, on=ago(1), expect=422, **decision)
    t.same("no positive exit without its evidence", refused["rule"], "exit-evidence-employment")
    c.do("file_evidence", p, on=ago(3), evidence="employment_contract", dated=ago(4), employment=job["seq"])
    done = c.do("decide_exit", p, on=ago(1), **decision)
    t.same("exits", done["state"], "exited")
    read = c.read(path(p))
    t.same("the exit is positive, for employment", (read["exit"]["outcome"], read["exit"]["criterion"]), ("positive", "employment"))
    t.same("nothing in it is unfounded", [m for m in read["marks"] if m["unfounded"]], [])
    t.same("an ended parcours has no step to prescribe", c.do("prescribe_step", p, expect=409, kind="other")["state"], "exited")
    c.do("record_situation", p, point="four_weeks", situation="employment")
    t.same("one job, one step", (len(read["jobs"]), len(read["steps"])), (1, 1))


def other_exit(t, c, referent):
    """An exit for a move; and under the rulebook that asks for it, no exit without news before a letter."""
    p = admit(c, "Ferrer", today() - timedelta(days=300), referent)
    c.do("propose_exit", p, on=ago(30), outcome="other", reason="move", relay_searched=True)
    c.do("withdraw_exit", p, on=ago(29))
    t.same("a proposal taken back leaves the parcours running", c.read(path(p))["state"], "active")
    refused = c.do("propose_exit", p, on=ago(28), expect=422, outcome="other")
    t.same("an exit other than positive has a reason", refused["rule"], "other-exits")
    c.do("propose_exit", p, on=ago(20), outcome="other", reason="move")
    done = c.do("decide_exit", p, on=ago(10), outcome="other", reason="move", session=hold_session(c, today() - timedelta(days=10)))
    t.same("exits", done["state"], "exited")
    t.same("the reason is told", c.read(path(p))["exit"]["reason"], "move")
    again = c.do("orient", p, on=ago(2))
    t.same("may be oriented again", again["state"], "oriented")
    t.same("a second parcours of the same person", (c.read(path(p))["parcours"], len(c.read(path(p))["past"])), (2, 1))


def refusal_of_entry(t, c):
    p = propose(c, "Gauthier", today() - timedelta(days=100))
    session = hold_session(c, today() - timedelta(days=80))
    t.same("a refusal of entry names an alternative", c.do("decide_entry", p, on=ago(80), expect=422, outcome="refused", session=session)["rule"],
           "refusal-alternative")
    alone = hold_session(c, today() - timedelta(days=80), members=1)
    refused = c.do("decide_entry", p, on=ago(80), expect=422, outcome="accepted", session=alone)
    t.same("one member decides nothing", (refused["rule"], refused["value"], refused["waivable"]), ("collegial-decision", 2, True))
    t.that("a refusal by a rule quotes the rulebook", refused["rulebook"] and refused["words"] and refused["source"] and refused["why"], refused)
    t.same("refused", c.do("decide_entry", p, on=ago(80), outcome="refused", alternative="mission-locale", session=session)["state"], "refused")


# ---- forms ----
def forms(t, c, p):
    one = c.post(contact(p))
    t.same("one: 201", one.status, 201)
    for name in ("parcours-position", "etag", "location"):
        t.that("one: has " + name, name in one.headers, one.headers)
    t.same("one: its position is its seq", one.position, one.json["seq"])
    t.same("one: the place", one.headers["location"], path(p))
    t.that("one: version, state, deadlines, allowed", {"version", "state", "deadlines", "allowed"} <= set(one.json), one)
    t.same("one: the ETag opens with the version", one.headers["etag"].strip('"').split("-")[0], str(one.json["version"]))
    two = c.post([contact(p), contact("p_22222222"), contact(p)])
    t.same("an array: one result each, in order", [r["status"] for r in two.json["results"]], [201, 404, 201])
    lines = "".join(json.dumps(x) + "\n" for x in (contact(p), {"command": "nonsense"}, contact(p)))
    three = c.post(lines, Content_Type=LINES)
    t.same("lines: answered as lines", three.headers["content-type"], LINES)
    t.same("lines: one result each, in order", [r["status"] for r in three.lines], [201, 400, 201])
    t.same("lines: seqs follow", three.lines[2]["seq"], three.lines[0]["seq"] + 1)
    small = c.post(contact(p), Prefer="return=minimal")
    t.that("a client may do without deadlines", "deadlines" not in small.json and small.json["seq"], small)
    kinds = c.read("/v1/commands")
    t.that("every command and its schema are listed", '"record_contact"' in json.dumps(kinds) and '"$schema"' in json.dumps(kinds) or
           '"properties"' in json.dumps(kinds), str(kinds)[:200])


def with_curl(t, c, p, d):
    url = "http://%s:%d" % d.address
    say = ["curl", "-sS", "-i", "-H", "Authorization: Bearer " + c.token]
    posted = subprocess.run([*say, "-d", json.dumps(contact(p)), url + "/v1/commands"], capture_output=True, text=True, timeout=20)
    t.that("curl: a command is recorded", posted.stdout.startswith("HTTP/1.1 201 "), posted.stdout + posted.stderr)
    read = subprocess.run([*say, "--compressed", url + path(p)], capture_output=True, text=True, timeout=20)
    t.that("curl: and read back", read.stdout.startswith("HTTP/1.1 200 ") and p in read.stdout, read.stdout + read.stderr)
    large = "".join(json.dumps(contact(p)) + "\n" for _ in range(2000))     # large enough for Expect: 100-continue
    sent = subprocess.run([*say, "-H", "Content-Type: " + LINES, "--data-binary", "@-", url + "/v1/commands?dry_run=1"],
                          input=large, capture_output=True, text=True, timeout=30)
    t.same("curl: a long body of lines", sent.stdout.count('"dry_run":true'), 2000)


def dry_run(t, c, p):
    before, version = c.position(), c.read(path(p))["version"]
    key = {"id": "dry-1"}
    dry = c.post({**contact(p), **key}, "?dry_run=1")
    t.same("dry run: 200, and says so", (dry.status, dry.json["dry_run"], dry.json["version"]), (200, True, version + 1))
    t.same("dry run: nothing written", (c.position(), c.read(path(p))["version"]), (before, version))
    t.same("dry run: a refusal is the same", c.post({"command": "suspend", "participant": p}, "?dry_run=1").code(), "rule")
    new = c.post({"command": "orient", "on": ago(3)}, "?dry_run=1")
    t.same("dry run: nobody was created", c.get(path(new.json["participant"])).status, 404)
    t.same("dry run: the key is free", c.post({**contact(p), **key}).status, 201)
    several = c.post([contact(p), contact(p)], "?dry_run=1").json["results"]
    t.same("dry run: each sees the one before", several[1]["version"], several[0]["version"] + 1)


def atomic(t, c, p):
    before = c.position()
    mixed = c.post([contact(p, id="at-1"), contact("p_22222222"), contact(p)], "?atomic=1")
    t.same("atomic: one refusal spares all", [r["status"] for r in mixed.json["results"]], [424, 404, 424])
    t.same("atomic: the order is refused as that command is", (mixed.status, mixed.headers["content-type"], mixed.json["code"], mixed.json["item"]),
           (404, "application/problem+json", "unknown", 1))
    tried = c.post([contact(p), contact("p_22222222")], "?atomic=1&dry_run=1")
    t.same("atomic: a dry run says the same", (tried.status, tried.json["item"], [r["status"] for r in tried.json["results"]]), (404, 1, [424, 404]))
    unread = c.post([{"command": "fly"}, {"command": "swim"}], "?atomic=1")
    t.same("atomic: nothing that can be read", (unread.status, unread.json["item"]), (400, 0))
    lines = c.post("\n".join(json.dumps(x) for x in [contact(p), contact("p_22222222")]), "?atomic=1", Content_Type=LINES)
    t.same("atomic: in lines", (lines.status, lines.headers["content-type"], [r["status"] for r in lines.lines]), (404, "application/x-ndjson", [424, 404]))
    one_by_one = c.post([contact(p), contact("p_22222222")])
    t.same("one by one, each has its own", (one_by_one.status, [r["status"] for r in one_by_one.json["results"]], "code" in one_by_one.json), (200, [201, 404], False))
    before = c.position()
    t.same("atomic: nothing written", c.position(), before)
    t.same("atomic: no key was consumed", c.post(contact(p, on=ago(2), id="at-1")).status, 201)
    good = c.post([contact(p), contact(p)], "?atomic=1")
    t.same("atomic: all", (good.status, [r["status"] for r in good.json["results"]]), (200, [201, 201]))
    twice = c.post([contact(p, id="at-2"), contact(p, id="at-2")], "?atomic=1").json["results"]
    t.that("atomic: one key twice is not done twice", [r["status"] for r in twice].count(201) <= 1, twice)


def keys(t, c, p):
    k = contact(p, id="key-1")
    first, again = c.post(k), c.post(k)
    t.same("a repeat is 200", (first.status, again.status), (201, 200))
    t.same("with the original seq and version", (again.json["seq"], again.json["version"]), (first.json["seq"], first.json["version"]))
    t.same("and says it is one", (again.headers.get("idempotency-replayed"), again.json["replayed"]), ("true", True))
    reordered = json.dumps(dict(reversed(list(k.items()))), indent=2)
    t.same("the order of keys and white space do not matter", c.post(reordered).status, 200)
    other = c.post({**k, "data": {**CONTACT, "minutes": 46}})
    t.same("the same key with another command is 422", (other.status, other.code()), (422, "other_command"))
    t.same("header, quoted or bare", [c.post(contact(p), Idempotency_Key=h).status for h in ('"h-1"', "h-1", "h-2")], [201, 200, 201])
    many = [contact(p), contact(p)]
    t.same("header and index for an array", [[r["status"] for r in c.post(many, Idempotency_Key="h-3").json["results"]] for _ in "ab"],
           [[201, 201], [200, 200]])
    t.same("a refusal", c.post({**contact(p), "id": "key-2", "expected_version": 1}).status, 412)
    t.same("consumes no key", c.post(contact(p, id="key-2")).status, 201)
    late = c.post({**contact(p, id="key-1"), "expected_version": 1})
    t.same("repeated comes before version", late.status, 200)
    return k, first.json["seq"]


def versions(t, c, p):
    now = c.read(path(p))["version"]
    old = c.post({**contact(p), "expected_version": now - 1})
    seqs = [e["seq"] for e in c.read(path(p) + "/events")["events"]]
    t.same("and the event missed", old.json["missed"], seqs[-1:])
    t.same("an old version is 412, with the current one", (old.status, old.code(), old.json["current_version"]), (412, "version", now))
    t.same("the current one stands", c.post({**contact(p), "expected_version": now}).status, 201)
    t.same("If-Match, too", [c.post(contact(p), If_Match='"%d"' % v).status for v in (now, now + 1)], [412, 201])
    tag = c.post(contact(p)).headers["etag"]
    t.same("the ETag of an answer serves as If-Match", [c.post(contact(p), If_Match=tag).status for _ in "ab"], [201, 412])
    before = c.position()
    for mangled in ('"abc"', "W/", '""', '"1f"'):
        t.that("an If-Match that names no version is never passed over: " + mangled, c.post(contact(p), If_Match=mangled).status in (400, 412))
    t.same("nothing was written by those", c.position(), before)


# ---- corrections and the two times ----
def waivers(t, c, p_old):
    step = {"kind": "training", "objective_shared": True, "contractualised": True, "planned_end": ago(-30)}
    refused = c.do("prescribe_step", p_old, expect=422, **step)
    t.same("past the limit no step is prescribed", refused["rule"], "parcours-length")
    t.that("since the day after it", refused["since"] and refused["since"] > refused["words"][:0], refused)
    waived = c.do("prescribe_step", p_old, more={"waive": [{"rule": "parcours-length", "reason": "comité du mois"}]}, **step)
    t.same("unless waived, and marked so", [m for m in waived["marks"] if m["rule"] == "parcours-length"],
           [{"rule": "parcours-length", "unfounded": False, "waived": True}])
    t.same("a fact is never refused: after the limit it is recorded", c.post(contact(p_old, on=ago(0))).status, 201)


def late_and_corrected(t, c, referent):
    p = admit(c, "Imbert", today() - timedelta(days=200), referent)
    c.post(contact(p, on=ago(50)))
    c.post(contact(p, on=ago(100)))
    read = c.read(path(p))
    t.same("a late event goes to its place", (read["contacts"], read["last_contact"]), (2, ago(50)))
    late = c.do("decide_entry", p, on=ago(199), expect=409, outcome="accepted")
    t.that("a late act is judged where it goes", late["state"] != "active" and late["code"] == "state", late)
    seq = c.post(contact(p, on=ago(40))).json["seq"]
    fix = {"event": seq, "content": {"on": ago(60), "data": {"channel": "telephone"}}, "reason": "erreur de saisie"}
    corrected = c.do("correct", p, **fix)
    t.same("a corrected event counts with its new day", c.read(path(p))["last_contact"], ago(50))
    c.do("void", p, event=corrected["seq"], reason="c'était juste")
    t.same("a correction taken out restores what was", c.read(path(p))["last_contact"], ago(40))
    c.do("void", p, event=seq, reason="doublon")
    t.same("an event taken out counts no more", (c.read(path(p))["contacts"], c.read(path(p))["last_contact"]), (2, ago(50)))
    events = {e["seq"]: e for e in c.read(path(p, "events"))["events"]}
    t.same("the timeline tells what became of it", (events[seq]["standing"], events[corrected["seq"]]["standing"]), (False, False))
    check = next(e["seq"] for e in events.values() if e["kind"] == "eligibility_checked")
    entry = next(e["seq"] for e in events.values() if e["kind"] == "entry_decided")
    refused = c.do("void", p, expect=422, event=check, reason="pièce fausse")
    t.that("what would leave acts unfounded is refused, naming them", refused["code"] == "unfounded" and entry in refused["unfounded"], refused)
    t.same("and nothing changed", c.read(path(p))["state"], "active")
    c.do("void", p, more={"accept_unfounded": True}, event=check, reason="pièce fausse")
    marks = [m["event"] for m in c.read(path(p))["marks"] if m["unfounded"]]
    t.that("accepted, it is marked", entry in marks, marks)


def two_times(t, c, referent):
    p = admit(c, "Jourdan", today() - timedelta(days=150), referent)
    c.post(contact(p, on=ago(90)))
    time.sleep(0.01)
    events = c.read(path(p, "events"))["events"]
    instant = events[-1]["recorded"]
    time.sleep(0.01)
    late = c.post(contact(p, on=ago(70))).json["seq"]
    t.same("as of a day: what had happened", c.read(path(p) + "?as_of=" + ago(80))["last_contact"], ago(90))
    t.same("as of a day before the entry", c.read(path(p) + "?as_of=" + ago(148))["state"], "oriented")
    t.same("known at an instant: without what came later", c.read(path(p) + "?known_at=" + instant)["last_contact"], ago(90))
    t.same("now: with it", c.read(path(p))["last_contact"], ago(70))
    both = "?as_of=" + ago(60) + "&known_at=" + instant
    t.same("both at once, of the timeline", late in [e["seq"] for e in c.read(path(p, "events") + both)["events"]], False)
    t.same("both at once, of the contacts", c.read(path(p) + both)["contacts"], 1)


# ---- reads about one participant ----
def explanations(t, c, p, p_old):
    x = c.read(path(p, "explain?of=limit"))
    start = date.fromisoformat(c.read(path(p))["started"])
    t.same("the limit: 18 months from the start", (x["limit"], x["months"]), (add_months(start, 18).isoformat(), 18))
    t.same("the limit: the event it starts with", (x["start"]["on"], x["started"]), (start.isoformat(), start.isoformat()))
    t.that("the limit: a sentence in French", "mois" in x["sentence"], x["sentence"])
    alert = c.read(path(p, "explain?of=alert:plie-review"))
    t.that("an alert: rule, cause and day", alert["open"] and alert["rule"]["value"] == 3 and alert["due"] and alert["cause"], alert)
    refusal = c.read(path(p_old, "explain?of=refusal:prescribe_step"))
    t.that("a refusal: the rule in the way, since when", not refusal["allowed"] and refusal["why"] == "rule" and
           refusal["rule"]["rule"] == "parcours-length" and refusal["since"] < ago(0), refusal)
    check = c.read(path(p, "exit-check"))
    by = {k["criterion"]: k for k in check["criteria"]}
    t.that("exit-check: every criterion, and what is missing", len(by) == 10 and not by["employment"]["met"] and by["employment"]["missing"], check)
    job = c.do("start_employment", p, on=ago(10), kind="cdi", purpose="step", weekly_hours=20)["seq"]
    started = today() - timedelta(days=10)
    job_check = {k["criterion"]: k for k in c.read(path(p, "exit-check"))["criteria"]}["employment"]
    t.same("exit-check: the earliest day, and the job behind it", (job_check["earliest"], job_check["cause"]),
           ((add_months(started, 6) - timedelta(days=1)).isoformat(), job))
    c.do("file_evidence", p, on=ago(9), evidence="cv", valid_until=ago(2), document="a1b2c3")
    file = c.read(path(p, "file"))
    pieces = {x["piece"]: x for x in file["pieces"]}
    t.same("the file: what is there, what has expired, what is missing, and where the document is",
           (file["complete"], pieces["cv"]["state"], pieces["cv"]["document"], pieces["engagement_contract"]["state"]), (False, "expired", "a1b2c3", "missing"))
    t.same("the file, two days before", {x["piece"]: x["state"] for x in c.read(path(p, "file") + "?on=" + ago(2))["pieces"]}["cv"], "present")
    allowed = {a["command"]: a for a in c.read(path(p, "commands"))["commands"]}
    t.that("what is allowed now, and why not the rest", allowed["record_contact"]["allowed"] and allowed["decide_exit"]["why"] == "state" and
           allowed["decide_exit"]["states"] == ["exit_proposed"], allowed["decide_exit"])
    said = c.post({"command": "decide_exit", "participant": p, "data": {"outcome": "other", "reason": "move"}})
    t.that("a refused state names itself and what is allowed", said.status == 409 and said.json["state"] == "active" and
           "record_contact" in said.json["allowed"] and "decide_exit" not in said.json["allowed"], said)


def erasure(t, c):
    """The key goes: what was sealed is read by nobody any more, and the proofs and figures keep what is in clear."""
    p = c.do("orient", on=ago(20), name="Zorglubine", prescriber="ccas")["participant"]
    t.that("the name is there before", "Zorglubine" in json.dumps(c.read(path(p) + "/events")))
    before = c.read("/v1/events?limit=10000")["events"]
    t.same("erase", c.post({"command": "erase", "participant": p, "data": {"basis": "request"}}).status, 201)
    after = c.read("/v1/events?limit=10000")["events"]
    own = [e for e in after if e["stream"] == p]
    t.same("no name in the feed", ["name" in e["data"] for e in own], [False, False])
    t.same("what is in clear stays", own[0]["data"], {"prescriber": "ccas"})
    t.same("nobody else's changed", [e for e in before if e["stream"] != p], [e for e in after if e["stream"] != p])
    t.same("gone", (c.get(path(p)).status, c.post(contact(p)).status), (410, 410))


def main(build):
    t = Checks()
    for rulebook in ("provence-mediterranee", "standard"):
        with Store(build, rulebook, "--name", "PLIE d'essai") as store, Daemon(store) as d:
            c = d.client()
            referent = c.do("register_referent", on=ago(900), name="Camille Roux")["referent"]
            t.run(rulebook + ", positive exit", positive_exit, c, referent)
            t.run(rulebook + ", another exit", other_exit, c, referent)
            t.run(rulebook + ", refusal of entry", refusal_of_entry, c)
    with Store(build, "standard") as store, Daemon(store) as d:
        c = d.client()
        referent = c.do("register_referent", on=ago(900), name="Camille Roux")["referent"]
        p = admit(c, "Bernard", today() - timedelta(days=200), referent)
        p_old = admit(c, "Carlier", today() - timedelta(days=700), referent)
        t.run("curl", with_curl, c, p, d)
        for part, function in (("forms", forms), ("dry run", dry_run), ("atomic", atomic), ("keys", keys), ("versions", versions)):
            t.run(part, function, c, p)
        t.run("waivers", waivers, c, p_old)
        t.run("late, corrected, void", late_and_corrected, c, referent)
        t.run("two times", two_times, c, referent)
        t.run("explanations", explanations, c, p, p_old)
        t.run("portfolio and alerts", lasting.portfolio_and_alerts, c, p, p_old, referent)
        t.run("erasure", erasure, c)
        t.run("feed", lasting.feed, c, p, d)
        t.run("HTTP", lasting.manners, c, p, d)
    with Store(build, "standard") as store:
        long_answers.run(t, store)
    asking.run(t, build)
    duplicates.run(t, build)
    elsewhere.run(t, build)
    rebuild.run(t, build)
    lasting.run(t, build)
    t.finish()


if __name__ == "__main__":
    main(sys.argv[1])
