#!/usr/bin/env python3
"""What is asked wrongly is told so: keys of queries, ids of nobody, options and words of parcoursctl; and in the language of who asks.
end_to_end_asking.py BUILD"""
import json
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

from daemon import Checks, Daemon, Store, admit, ago, today

ROWS = Path(__file__).resolve().parent.parent
ROUTE = re.compile(r'^ROUTE\((\w+), "([^"]+)", \w+, \w+, \w+, (?:NO_KEYS|KEYS\(([^)]*)\)),', re.M)
NOBODY = {"referent": "r_22222222", "participant": "p_22222222", "session": "s_22222222", "operation": "o_22222222"}


def routes():
    """The rows: method, path, keys of its query."""
    return [(m, p, [k.strip().strip('"') for k in keys.split(",")] if keys else [])
            for m, p, keys in ROUTE.findall((ROWS / "daemon" / "routes.def").read_text())]


def curl(d, token, target, *more):
    """Status and body, asked by curl."""
    said = subprocess.run(["curl", "-sS", "-w", "\n%{http_code}", "-H", "Authorization: Bearer " + token, *more, "http://%s:%d%s" % (*d.address, target)],
                          capture_output=True, text=True, timeout=30).stdout
    body, status = said.rsplit("\n", 1)
    return int(status), json.loads(body) if body.startswith("{") else body


def pointers(problem):
    return [e["pointer"] for e in problem.get("errors", [])]


# ---- over HTTP ----
def keys_of_queries(t, d, token, ids):
    """Every row: an unknown key is refused by name, with those of the row; each key of it is taken once, and not twice."""
    for method, path, keys in routes():
        target = re.sub(r"\{(\w+)\}", lambda m: ids.get(m.group(1), "steps"), path)
        send = ["-X", "POST"] if method == "POST" else []
        status = curl(d, token, target, *send)[0]       # an answer that reads a key its row does not have asserts
        t.that("%s: asked plainly" % path, 200 <= status < 500 and d.alive(), (status, d.said()))
        status, said = curl(d, token, target + "?nonsense=1", *send)
        t.same("%s: an unknown key" % path, (status, said.get("code"), pointers(said)), (400, "malformed", ["?nonsense"]))
        known = said["errors"][0]["why"]
        t.that("%s: those of its row are told" % path, all(k in known for k in keys if k[0] != "{"), known)
        t.same("%s: read as it is decoded" % path, curl(d, token, target + "?non%73ense=1", *send)[0], 400)
        for key in keys:
            if key[0] != "{":
                status, said = curl(d, token, "%s?%s=1&%s=1" % (target, key, key), *send)
                t.same("%s: %s given twice" % (path, key), (status, pointers(said)), (400, ["?" + key]))
    status, said = curl(d, token, "/v1/alerts?Dupont=1")
    t.same("what is no key is not told again", (status, pointers(said), "Dupont" in json.dumps(said)), (400, ["?"], False))
    t.same("nothing between two ampersands is nothing", curl(d, token, "/v1/alerts?limit=1&&")[0], 200)


def values_of_queries(t, d, token, ids):
    bad = {"/v1/reports/quarterly?quarter=2021-Q5": ("quarter", "2021-Q2"), "/v1/reports/quarterly?quarter=2021": ("quarter", "2021-Q2"),
           "/v1/reports/steps?month=2021-13": ("month", "AAAA-MM"), "/v1/reports/year?year=21": ("year", "AAAA"),
           "/v1/reports/control?size=many": ("size", "nombre"), "/v1/participants?state=lost": ("state", "exited"),
           "/v1/participants?limit=0": ("limit", "de 1 à 1000"), "/v1/indicators?sex=Q": ("sex", "F, M"),
           "/v1/indicators?by=colour": ("by", "referent"), "/v1/indicators?figure=none": ("figure", "/v1/figures"),
           "/v1/indicators?from=2025-02-01&to=2025-01-01": ("to", "finit"), "/v1/participants?after=x": ("after", "page")}
    for target, (key, says) in bad.items():
        status, said = curl(d, token, target)
        t.same(target, (status, pointers(said)), (400, ["?" + key]))
        t.that(target + ": what is expected", says in said["errors"][0]["why"], said)
    status, said = curl(d, token, "/v1/reports/steps?quarter=2021-Q1")
    t.same("a parameter of another report", (status, pointers(said)), (400, ["?quarter"]))
    for written in ("2021-Q2", "2021-T2", "2021-05"):
        said = curl(d, token, "/v1/reports/quarterly?quarter=" + written)[1]
        t.same("the quarter " + written, (said["from"], said["to"]), ("2021-04-01", "2021-06-30"))


def nobody(t, d, token, ids):
    """An id of nobody is 404, which names the key: not an answer about nobody."""
    for report in curl(d, token, "/v1/reports")[1]["reports"]:
        for key in [p["name"] for p in report["parameters"] if p["name"] in NOBODY]:
            target = "/v1/reports/%s?%s=%s" % (report["name"], key, NOBODY[key])
            status, said = curl(d, token, target)
            t.same(target, (status, said.get("code"), pointers(said)), (404, "unknown", ["?" + key]))
    for target, key in (("/v1/indicators?referent=", "referent"), ("/v1/alerts?referent=", "referent"), ("/v1/alerts?participant=", "participant"),
                        ("/v1/participants?referent=", "referent")):
        for one in (NOBODY[key], "ref-zzz", "", "s" + NOBODY[key][1:]):
            status, said = curl(d, token, target + one)
            t.same(target + one, (status, pointers(said)), (404, ["?" + key]))
        t.same(target + "...", curl(d, token, target + ids[key])[0], 200)
    t.same("a portfolio", curl(d, token, "/v1/referents/%s/portfolio" % NOBODY["referent"])[0], 404)


def lists(t, d, token, ids):
    reports = {r["name"]: r for r in curl(d, token, "/v1/reports")[1]["reports"]}
    rows = re.findall(r'^REPORT\(\w+, "(\w+)"', (ROWS / "projections" / "reports.def").read_text(), re.M)
    t.same("every report of the rows is listed", sorted(reports), sorted(rows))
    t.same("with its parameters", [p["name"] for p in reports["control"]["parameters"]], ["from", "to", "referent", "operation", "size", "seed"])
    t.that("each says how it is written", all(p["written"] and p["sentence"] for r in reports.values() for p in r["parameters"]))
    told = curl(d, token, "/v1/figures")[1]
    counted = curl(d, token, "/v1/indicators")[1]["indicators"]
    t.same("every figure is listed", [f["name"] for f in told["figures"]], [f["name"] for f in counted])
    t.that("and every dimension", {"referent", "sex", "public"} <= {x["name"] for x in told["dimensions"]}, told["dimensions"])


def by_key(t, d, token, ids):
    """"=KEY" is what the command of that key made: in the same request, or before."""
    step = {"kind": "remobilisation", "objective": "tenir un rythme", "objective_shared": True, "contractualised": True, "planned_end": ago(10)}
    body = [{"command": "prescribe_step", "participant": ids["participant"], "on": ago(60), "id": "step-1", "data": step},
            {"command": "start_step", "participant": ids["participant"], "on": ago(50), "data": {"step": "=step-1"}},
            {"command": "orient", "on": ago(40), "id": "alex"},
            {"command": "record_contact", "participant": "=alex", "on": ago(30), "data": {"channel": "telephone"}}]
    said = curl(d, token, "/v1/commands", "-d", json.dumps(body))[1]["results"]
    t.same("made in the same request", [r["status"] for r in said], [201] * 4)
    t.same("who is named by a key", said[3]["participant"], said[2]["participant"])
    late = {"command": "end_step", "participant": ids["participant"], "on": ago(20), "data": {"step": "=step-1", "result": "met"}}
    t.same("made long ago", curl(d, token, "/v1/commands", "-d", json.dumps(late))[0], 201)
    late["data"]["step"] = "=nothing"
    status, said = curl(d, token, "/v1/commands", "-d", json.dumps(late))
    t.same("a key that made nothing", (status, pointers(said), said["errors"][0]["why"]), (404, ["/data/step"], "aucune commande de cette clef n'a rien fait"))


# ---- languages ----
def languages(t, d, token, ids):
    def both(target, *more):
        return [curl(d, token, target, "-H", "Accept-Language: " + x, *more)[1] for x in ("fr", "en")]

    books = both("/v1/rulebooks")
    fr, en = ({n: r["sentence"] for n, r in b["rulebooks"][0]["rules"].items()} for b in books)
    t.same("every rule of the rows, in both", len(fr), len(re.findall(r"^RULE\(|^\s*RULE\(", (ROWS / "events" / "rules.def").read_text(), re.M)) or len(fr))
    t.same("no rule says the same in both", [n for n in fr if not fr[n] or not en[n] or fr[n] == en[n]], [])
    for b, name in ((0, "fr"), (1, "en")):
        allowed = [c for c in both("/v1/participants/%s/commands" % ids["participant"])[b]["commands"] if not c["allowed"]]
        words = {"fr": "l'état du parcours ne le permet pas", "en": "the state of the parcours does not allow it"}
        t.that("why not, in " + name, allowed and all(c["sentence"] == words[name] for c in allowed if c["why"] == "state"), allowed[:2])
    bad = {"command": "record_contact", "participant": ids["participant"], "on": "2025-02-29", "data": {"channel": "pigeon", "minutes": -1, "x": 1}}
    said = both("/v1/commands", "-d", json.dumps(bad))
    whys = [[e["why"] for e in s["errors"]] for s in said]
    t.that("a malformed command, in French", all(re.search(r"\b(est|un|une|pas|inconnu|attendu)\b", w) for w in whys[0]), whys[0])
    t.that("and in English", len(whys[0]) == len(whys[1]) and not set(whys[0]) & set(whys[1]), whys)
    said = both("/v1/commands", "-d", '{"command": 01}')
    t.same("the body is not JSON", [s["why"] for s in said], ["le corps n'est pas du JSON", "the body is not JSON"])
    t.same("nor a number", [s["errors"][0]["why"] for s in said], ["un nombre ne commence pas par 0", "a number does not start with 0"])
    said = [curl(d, "x", "/v1/alerts", "-H", "Accept-Language: " + x)[1]["why"] for x in ("fr", "en")]
    t.same("a token", said, ["ce n'est pas un jeton (mal recopié ?)", "this is not a token (mistyped?)"])


# ---- parcoursctl ----
def ctl(d, store, *arguments, lang="fr"):
    url = "http://%s:%d" % d.address
    done = store.ctl("--url", url, "--token", store.token, "--lang", lang, *arguments)
    return done.returncode, done.stdout, done.stderr


def command_line(t, d, store, ids):
    p, r = ids["participant"], ids["referent"]
    wrong = {("show", p, "--colour", "red"): ("--colour", "--as-of"), ("show", p, "more"): ("more", "PARTICIPANT"), ("show",): ("manque", "PARTICIPANT"),
             ("alerts", "--limit"): ("--limit", "--rule"), ("report", "nothing"): ("nothing", "quarterly"), ("nothing",): ("nothing", "portfolio"),
             ("report", "steps", "--colour", "red"): ("--colour", "--month"), ("token", "--store", "x", "--role", "king"): ("king", "coordinator"),
             ("rulebook", "burn"): ("burn", "simulate"), ("do", "nothing"): ("nothing", "parcoursctl commands"), ("-x",): ("-x", "--token"),
             ("do", "record_contact", "--participant", p, "colour=red"): ("colour", "channel")}
    for words, (named, known) in wrong.items():
        status, out, said = ctl(d, store, *words)
        t.same(" ".join(words), (status, out), (2, ""))
        t.that(" ".join(words) + ": names it, and those known", named in said and known in said, said)
        t.that(" ".join(words) + ": in French", "unrecognized" not in said and "no such" not in said, said)
    status, out, said = ctl(d, store, "report", "quarterly", "--quarter", "2021-Q7")
    t.that("a quarter that is none", status == 1 and "2021-Q2" in said, said)
    status, out, said = ctl(d, store, "report", "quarterly", "--quarter", "2021-Q2", "--json")
    t.same("a quarter", (status, json.loads(out)["from"]), (0, "2021-04-01"))
    for report in curl(d, store.token, "/v1/reports")[1]["reports"]:
        for q in report["parameters"]:
            given = {"referent": r, "participant": p, "session": ids["session"], "operation": ids["operation"], "size": "2", "seed": "7", "month": "2025-03",
                     "quarter": "2025-Q1", "year": "2025"}.get(q["name"], ago(0))
            status, out, said = ctl(d, store, "report", report["name"], "--" + q["name"], given, "--json")
            t.same("report %s --%s" % (report["name"], q["name"]), (status, said), (0, ""))
    status, out, _ = ctl(d, store, "report", "portfolio", "--referent", r, "--csv")
    t.that("a report as CSV", status == 0 and "# scope," + r in out and p in out, out)
    for name, listed in (("reports", "--quarter"), ("report", "--seed"), ("figures", "positive_exit_rate")):
        status, out, _ = ctl(d, store, name)
        t.that(name + " lists them", status == 0 and listed in out, out[:300])
    status, out, _ = ctl(d, store, "indicators", "--figure", "accompanied", "--detail", "1")
    t.that("the contributions tell whose they are", status == 0 and p in out, out)
    status, out, _ = ctl(d, store, "indicators", "--figure", "accompanied", "--by", "referent,sex")
    t.that("groups tell what they are", status == 0 and r in out and "référent" in out, out)
    t.that("a restricted figure", "0" in ctl(d, store, "indicators", "--figure", "women", "--sex", "F")[1])


def no_mixed_tables(t, d, store, ids):
    """Headings of a French table are French: none is the key as it stands in JSON, unless both are the same word."""
    p = ids["participant"]
    labels = dict(re.findall(r'^LABEL\((\w+), "([^"]+)"', (ROWS / "tools" / "ctl_labels.def").read_text(), re.M))
    told = curl(d, store.token, "/v1/figures")[1]
    figures = {x["name"] for x in told["figures"] + told["dimensions"]}
    for words in (("show", p), ("events", p), ("explain", p, "limit"), ("explain", p, "refusal:suspend"), ("exit-check", p), ("file", p), ("allowed", p),
                  ("portfolio", ids["referent"]), ("alerts",), ("participants",), ("indicators", "--by", "referent"), ("rulebooks",), ("report", "steps"),
                  ("report", "letter"), ("report", "control")):
        status, out, said = ctl(d, store, *words)
        mixed = [w for line in out.splitlines() for w in re.split(r"\s{2,}", line.strip())
                 if w in labels and w not in labels.values() and w not in figures and w != words[-1]]
        t.same(" ".join(words) + ": no heading is left in English", (status, mixed), (0, []))
    rows = [(ROWS / "events" / "catalogue" / name).read_text() for name in ("states.def", "vocabularies.def")]
    known = {w for row in rows for w in re.findall(r"\b(?:STATE\(|WORD\(\w+, *)(\w+)", row)}
    codes = re.compile(r"\b(%s)\b" % "|".join(sorted(w for w in known if "_" in w or w in ("interview", "telephone", "active", "proposed"))))
    for words in (("events", p), ("explain", p, "refusal:suspend"), ("show", p)):
        out = ctl(d, store, *words)[1]
        t.same(" ".join(words) + ": no word of a list is left in English", sorted(set(codes.findall(out))), [])
    told = curl(d, store.token, "/v1/participants/%s/explain?of=refusal:decide_entry" % p)[1]
    t.same("states, as codes and in words", (told["states"], told["states_sentence"]), (["proposed"], "proposé au comité"))
    checked = [e for e in curl(d, store.token, "/v1/participants/%s/events" % p)[1]["events"] if e["kind"] == "eligibility_checked"][0]
    t.that("a timeline in words", "habite le territoire" in checked["details"] and checked["sentence"] == "L'éligibilité est vérifiée.", checked)


def run(t, build):
    with Store(build, "standard") as store, Daemon(store) as d:
        c = d.client()
        referent = c.do("register_referent", on=ago(900), name="Camille Roux")["referent"]
        p = admit(c, "Bernard", today() - timedelta(days=200), referent)
        session = c.do("plan_session", on=ago(9), kind="integration", day=ago(2))["session"]
        operation = c.do("open_operation", on=ago(300), number="2025-01", from_day=ago(300), until_day=ago(0))["operation"]
        ids = {"referent": referent, "participant": p, "session": session, "operation": operation,
               "enterprise": c.do("register_enterprise", on=ago(9), name="Fonderie")["enterprise"],
               "market": c.do("open_market", on=ago(9), reference="k-1")["market"],
               "action": c.do("plan_action", on=ago(9), kind="forum", day=ago(2))["action"],
               "delivery": c.do("open_digest", address="o@example.org", minute=450)["delivery"]}
        for part in (keys_of_queries, values_of_queries, nobody, lists, by_key, languages):
            t.run(part.__name__.replace("_", " "), part, d, store.token, ids)
        for part in (command_line, no_mixed_tables):
            t.run(part.__name__.replace("_", " "), part, d, store, ids)


if __name__ == "__main__":
    checks = Checks()
    run(checks, sys.argv[1])
    checks.finish()
