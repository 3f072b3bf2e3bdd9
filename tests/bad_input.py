#!/usr/bin/env python3
"""What the daemon says no to, tried from outside: bad_input.py BUILD

After every refusal: the status, the code and the place it names are the right ones, nothing was written, the daemon still
serves, and no word of the refusal comes from a person's file. Bad stores and starts are in bad_input_starts.py."""
import json
import sys
from datetime import timedelta

import bad_input_starts as starts
import sentences
from daemon import LINES, PROBLEM, Checks, Daemon, Store, admit, ago, raw, today

PLANTED = "Zorglubine"      # stands for a person's name: no refusal may repeat it
MALFORMED, UNKNOWN, STATE = (400, "malformed"), (404, "unknown"), (409, "state")


class Watch:
    """A served store; refuses() is one bad input and everything that must hold after it."""

    def __init__(self, t, store):
        self.t, self.store, self.daemon, self.said, self.bodies = t, store, Daemon(store), "", []
        self.client = self.daemon.client()
        self.position = self.client.position()

    def begin(self):
        self.position = self.client.position()

    def intact(self, name):
        """Nothing written, still serving. A daemon that died is one failure; another takes its place."""
        try:
            position = self.client.position()
        except Exception as e:      # noqa: whatever it was, the daemon did not answer
            self.t.that(name + ": the daemon still serves", False, "%s, status %s, %s" % (e, self.daemon.process.poll(), self.daemon.said()))
            self.end()
            self.daemon = Daemon(self.store)
            self.client = self.daemon.client()
            position = self.client.position()
        self.t.same(name + ": nothing written", position, self.position)
        self.position = position

    def refuses(self, name, answer, expected, pointer=None):
        status, code = expected
        self.t.same(name, (answer.status, answer.code()), (status, code))
        if pointer is not None:
            self.t.that(name + ": says where", answer.status >= 400 and any(x == pointer or x.startswith(pointer + "/") or (pointer == "byte" and x.startswith("byte "))
                        for x in answer.pointers()), answer)
        self.intact(name)

    def command(self, name, document, expected=MALFORMED, pointer=None, query="", **headers):
        try:
            answer = self.client.post(document, query, **headers)
        except OSError as e:
            self.t.that(name, False, e)
            self.intact(name)
            return None
        self.refuses(name, answer, expected, pointer)
        return answer

    def end(self):
        self.bodies += self.client.refusals
        self.daemon.stop()
        self.said += self.daemon.said()


# ---- bytes and JSON ----
def not_json(t, w):
    start = b'{"command":"orient","data":{"name":"%s"' % PLANTED.encode()
    deep = start + b',"reason":' + b"[" * 5000 + b"]" * 5000 + b"}}"
    cases = {
        "empty": b"", "white": b" \n ", "truncated": start, "truncated string": start + b',"reason":"abc', "trailing": start + b"}} x",
        "two documents": start + b"}}" + start + b"}}", "repeated key": b'{"command":"orient","command":"orient"}',
        "repeated key in data": start + b',"name":"x"}}', "repeated key, escaped": start + b',"n\\u0061me":"x"}}', "deep": deep,
        "deep objects": b'{"a":' * 5000 + b"1" + b"}" * 5000, "1e400": b'{"command":"orient","expected_version":1e400}',
        "a thousand digits": b'{"command":"orient","expected_version":' + b"9" * 1000 + b"}", "leading zero": b'{"command":"orient","after":01}',
        "plus": b'{"command":"orient","after":+1}', "hexadecimal": b'{"command":"orient","after":0x1}', "NaN": b'{"command":"orient","after":NaN}',
        "Infinity": b'{"command":"orient","after":-Infinity}', "invalid UTF-8": start + b',"reason":"\xff\xfe"}}',
        "overlong UTF-8": start + b',"reason":"\xc0\x80"}}', "surrogate in UTF-8": start + b',"reason":"\xed\xa0\x80"}}',
        "beyond Unicode": start + b',"reason":"\xf4\x90\x80\x80"}}', "cut UTF-8": start + b',"reason":"\xc3"}}',
        "lone surrogate": start + b',"reason":"\\ud800"}}', "escaped NUL": start + b',"reason":"a\\u0000b"}}', "raw NUL": start + b',"reason":"a\0b"}}',
        "raw control": start + b',"reason":"a\x01b"}}', "bad escape": start + b',"reason":"\\x41"}}', "trailing comma": start + b",}}",
        "single quotes": b"{'command':'orient'}", "comment": start + b"}} // x", "byte order mark": b"\xef\xbb\xbf" + start + b"}}",
        "no quotes": b"{command:orient}", "binary": bytes(range(256)), "not closed list": b"[" + start + b"}}",
    }
    for name, body in cases.items():
        w.command("JSON, " + name, body, pointer="byte")
    for name, body in {"null": b"null", "true": b"true", "number": b"5", "text": b'"orient"', "no command": b"{}",
                       "command is a number": b'{"command":5}', "command is null": b'{"command":null}', "unknown command": b'{"command":"fire"}',
                       "not the event's name": b'{"command":"participant_oriented"}'}.items():
        w.command("JSON, " + name, body, pointer="/command")
    w.command("JSON, an empty list", b"[]")
    for name, body, wanted in (("list in a list", b"[[]]", [400]), ("of nulls", b"[null,5]", [400, 400])):
        t.same("JSON, " + name, [r["status"] for r in w.client.post(body).json["results"]], wanted)
        w.intact(name)
    lines = w.client.post(b'{"command":"fire"}\n\n{"comm\n\xff\n', Content_Type=LINES)
    t.same("lines, each by itself", [(r["status"], r["errors"][0]["pointer"].split()[0]) for r in lines.lines],
           [(400, "/command"), (400, "byte"), (400, "byte"), (400, "byte")])
    w.command("no lines", b"", Content_Type=LINES)
    w.command("too many commands", b"[" + b",".join([b"5"] * 50001) + b"]")
    w.command("too many lines", b"5\n" * 50001, Content_Type=LINES)


# ---- fields ----
def fields(t, w, p):
    def contact(expected, pointer, name=None, top=None, **data):
        full = {"channel": "mail", "summary": PLANTED, **data}
        w.command(name or "%s %s" % (pointer, json.dumps(data or top)[:50]),
                  {"command": "record_contact", "participant": p, "data": {k: v for k, v in full.items() if v != "absent"}, **(top or {})}, expected, pointer)

    for value in (5, True, [], {}, "", "phone", "Interview", "interview ", PLANTED):
        contact(MALFORMED, "/data/channel", channel=value)
    for value in (0, 1441, -1, 4.5, "45", True, 1e15, "9007199254740993", []):
        contact(MALFORMED, "/data/minutes", minutes=value)
    for value in ("true", 1, []):
        contact(MALFORMED, "/data/signed", signed=value)
    for value in ("", "x" * 4001, "é" * 2001, 5, ["x"], "a\x7f\x0b"):
        contact(MALFORMED, "/data/summary", summary=value)
    for value in (0, -1, 1.5, "abc", "", "007", True):
        contact(MALFORMED, "/data/step", step=value)
    contact(MALFORMED, "/data/channel", name="a required field is missing", channel="absent")
    contact(MALFORMED, "/data/channel", name="a required field is null", channel=None)
    contact(MALFORMED, "/data/colour", colour="red")
    contact(MALFORMED, "/data", name="an unknown field that looks like a name", **{PLANTED: "x"})
    w.command("data is a text", {"command": "record_contact", "participant": p, "data": PLANTED}, pointer="/data")
    w.command("data is a list", {"command": "record_contact", "participant": p, "data": [PLANTED]}, pointer="/data")
    for day in ("2025-02-29", "2025-13-01", "2025-00-10", "2025-1-1", "2025-04-31", "1899-12-31", "2100-01-01", "01/02/2025", "", "2025-01-01T00:00:00Z",
                " 2025-01-01", 20250101, ago(-1), "2099-12-31"):
        contact(MALFORMED, "/on", top={"on": day})
    for key, values in {"id": ("", "x" * 201, 5, []), "expected_version": (-1, 1.5, "3", [], 1e300), "after": (0, -1, "1", 1.5), "imported": ("yes", 1),
                        "accept_unfounded": ("no", 0), "recorded": ("2025-01-01T00:00:00Z",), "colour": (1,), "session": ("s_22222222",)}.items():
        for value in values:
            contact(MALFORMED, "byte" if value == 1e300 else "/" + key, top={key: value})
    contact(MALFORMED, "/", name="an unknown key that looks like a name", top={PLANTED: 1})
    for value in ("x", {}, [{"rule": "no-such-rule", "reason": "x"}], [{"rule": "parcours-length"}], [{"rule": "parcours-length", "reason": ""}],
                  [{"rule": "parcours-length", "reason": "x", "by": PLANTED}], [{"rule": "parcours-length", "reason": "x" * 501}], [5],
                  [{"rule": "parcours-length", "reason": "x"}] * 500):
        at = "/waive/0" if isinstance(value, list) and len(value) == 1 else "/waive"
        contact(MALFORMED, at, name="waive " + str(value)[:60], top={"waive": value})
    many = {"command": "record_contact", "participant": p, "data": {"channel": 5, "minutes": 0, "signed": 3}}
    answer = w.command("several problems at once", many)
    t.same("each is told", sorted(answer.pointers()), ["/data/channel", "/data/minutes", "/data/signed"])
    checked = {"nir": ("185047512345600", "x", PLANTED), "commune": ("99999999", "toulon"), "born": ("1985-02-30", 5), "sex": ("F ", "W")}
    for field, values in checked.items():
        for value in values:
            w.command("%s %s" % (field, value), {"command": "record_profile", "participant": p, "data": {field: value}}, pointer="/data/" + field)
    for field, value in (("weekly_hours", 60.01), ("weekly_hours", 7.125), ("weekly_hours", -1), ("weekly_hours", "35"), ("rome", "K13"), ("naf", "9999ZZ")):
        w.command("%s %s" % (field, value), {"command": "start_employment", "participant": p, "data": {"kind": "cdi", "purpose": "step", field: value}},
                  pointer="byte" if value == 7.125 else "/data/" + field)     # more decimals than any field has
    w.command("a copied field cannot be given", {"command": "decide_entry", "participant": p, "data": {"outcome": "accepted", "session_members": 9}},
              pointer="/data/session_members")
    for value in (["rsa", "rsa"], ["gold"], "rsa", [5]):
        w.command("criteria %s" % value, {"command": "check_eligibility", "participant": p, "data": {"criteria": value}}, pointer="/data/criteria")
    w.command("a month", {"command": "file_evidence", "participant": p, "data": {"evidence": "payslip", "month": "2025-13"}}, pointer="/data/month")


# ---- ids, states, versions ----
def ids(t, w, p, other, referent):
    contact = lambda who=None, top=None, **data: {"command": "record_contact", **({"participant": who} if who is not None else {}),
                                                  "data": {"channel": "mail", **data}, **(top or {})}
    last = "2" if p[-1] != "2" else "3"
    for name, who in {"a referent's": referent, "nobody's": "p_22222222", "mistyped": p[:-1] + last, "empty": "", "cut": p[:5], "no prefix": p[2:],
                      "longer": p + "2", "a name": PLANTED, "the PLIE": "plie"}.items():
        w.command("participant: %s id" % name, contact(who), UNKNOWN, "/participant")
    w.command("participant: not a text", contact(5), pointer="/participant")
    w.command("participant: left out", contact(), pointer="/participant")
    w.command("participant: for a referent's command", {"command": "change_share", "participant": p, "data": {"full_time_percent": 50}}, pointer="/participant")
    own = w.client.read("/v1/participants/%s/events" % p)["events"]
    foreign = w.client.read("/v1/participants/%s/events" % other)["events"]
    for name, seq in {"nobody's": 999999, "of another stream": foreign[0]["seq"], "of another kind": own[0]["seq"], "a long one": "99999999999999999"}.items():
        w.command("step: an event %s" % name, contact(p, step=seq), UNKNOWN, "/data/step")
    w.command("end_step of another's event", {"command": "end_step", "participant": p, "data": {"step": foreign[0]["seq"]}}, UNKNOWN, "/data/step")
    for seq in (999999, foreign[0]["seq"]):
        w.command("after: %d" % seq, contact(p, {"after": seq}), UNKNOWN, "/after")
    w.command("performed_by: a participant", contact(p, {"performed_by": p}), UNKNOWN, "/performed_by")
    w.command("performed_by: nobody", contact(p, {"performed_by": "r_22222222"}), UNKNOWN, "/performed_by")
    w.command("a participant where a referent is expected", {"command": "hand_over", "participant": p, "data": {"referent": other}}, pointer="/data/referent")
    w.command("a referent that is nobody", {"command": "hand_over", "participant": p, "data": {"referent": "r_22222222"}}, UNKNOWN, "/data/referent")
    w.command("merged into itself", {"command": "merge_into", "participant": other, "data": {"into": other}}, UNKNOWN, "/data/into")
    contacts = [e["seq"] for e in own if e["kind"] == "contact_recorded"]
    fix = lambda event, **content: {"command": "correct", "participant": p, "data": {"event": event, "reason": PLANTED, "content": content}}
    w.command("correct: another's event", fix(foreign[0]["seq"], on=ago(3), data={}), MALFORMED, "/data/content")
    w.command("correct: an event to come", fix(999999, on=ago(3), data={}), MALFORMED, "/data/content")
    w.command("correct: without a day", fix(contacts[0], data={"channel": "mail"}), MALFORMED, "/data/content/on")
    w.command("correct: a day to come", fix(contacts[0], on=ago(-30), data={"channel": "mail"}), MALFORMED, "/data/content/on")
    w.command("correct: a word it has not", fix(contacts[0], on=ago(3), data={"channel": "x"}), MALFORMED, "/data/content/data/channel")
    w.command("correct: towards an event that is not there", fix(contacts[0], on=ago(3), data={"channel": "mail", "step": 999999}), UNKNOWN,
              "/data/content/data/step")
    w.command("correct: another kind", fix(contacts[0], on=ago(3), kind="participant_oriented", data={"channel": "mail"}), MALFORMED, "/data/content/kind")
    w.command("correct: content is a text", {**fix(contacts[0]), "data": {"event": contacts[0], "reason": "x", "content": "x"}}, MALFORMED, "/data/content")
    w.command("void: another's event", {"command": "void", "participant": p, "data": {"event": foreign[0]["seq"], "reason": "x"}}, UNKNOWN, "/data/event")
    for name, path in {"a referent's": "/v1/participants/" + referent, "nobody's": "/v1/participants/p_22222222", "mangled": "/v1/participants/" + PLANTED,
                       "a participant's": "/v1/referents/%s/portfolio" % p, "no session": "/v1/sessions/s_22222222"}.items():
        w.refuses("read of %s id" % name, w.client.get(path), UNKNOWN)


def acts(t, w, active, oriented):
    for command, p, data in (("decide_exit", active, {"outcome": "other", "reason": "move"}), ("withdraw_exit", active, {}), ("propose_entry", active, {}),
                             ("decide_entry", oriented, {"outcome": "accepted"}), ("propose_exit", oriented, {"outcome": "other", "reason": "move"}),
                             ("prescribe_step", oriented, {"kind": "other"}), ("orient", active, None)):
        answer = w.command("%s in the wrong state" % command, {"command": command, "participant": p, **({"data": data} if data else {})}, STATE) if command != "orient" else None
        if answer:
            t.that("tells the state and what is allowed", answer.json["state"] in ("active", "oriented") and answer.json["allowed"], answer)
    w.command("an act before the orientation", {"command": "assign_referent", "participant": active, "on": "2001-01-01",
                                                "data": {"referent": w.referent}}, STATE)
    w.command("an act before the entry", {"command": "propose_exit", "participant": active, "on": ago(95), "data": {"outcome": "other", "reason": "move"}}, STATE)
    for version in (0, 1, 10000):
        answer = w.command("version %d" % version, {"command": "record_contact", "participant": active, "expected_version": version, "data": {"channel": "mail"}},
                           (412, "version"))
        t.that("tells the current version", answer.json["current_version"] > 1)
    contact = next(e for e in w.client.read("/v1/participants/%s/events" % active)["events"] if e["kind"] == "contact_recorded")
    whys = {"en": "nothing may be dated before the orientation, which is of " + ago(100), "fr": "rien ne peut être daté d'avant l'orientation, qui est du " + ago(100)}
    for language, why in whys.items():
        for name, pointer, command in (
                ("a fact", "/on", {"command": "record_contact", "participant": active, "on": ago(101), "data": {"channel": "mail"}}),
                ("a fact corrected to", "/data/content/on", {"command": "correct", "participant": active, "data": {
                    "event": contact["seq"], "reason": "x", "content": {"on": ago(101), "data": {"channel": "mail"}}}})):
            answer = w.command("%s before the orientation" % name, command, STATE, pointer, Accept_Language=language)
            t.same("says since when", answer.json["errors"][0]["why"], why)


# ---- parameters, tokens, sizes ----
def parameters(t, w, p):
    for query in ("dry_run=2", "dry_run=yes", "dry_run=", "dry_run=1&dry_run=0", "atomic=-1", "atomic=" + "1" * 300):
        w.command("?" + query[:40], {"command": "orient"}, query="?" + query, pointer="?" + query.split("=")[0])
    reads = {"/v1/participants/%s?as_of=2025-02-29": "as_of", "/v1/participants/%s?known_at=yesterday": "known_at", "/v1/participants/%s/explain?of=x": "of",
             "/v1/participants/%s/explain?of=alert:x": "of", "/v1/participants/%s/explain?of=refusal:x": "of", "/v1/participants/%s/exit-check?on=x": "on",
             "/v1/participants/%s/file?on=2025-02-29": "on"}
    reads = {k % p: v for k, v in reads.items()} | {
        "/v1/participants?limit=0": "limit", "/v1/participants?limit=1001": "limit", "/v1/participants?limit=99999999999999999999": "limit",
        "/v1/participants?state=x": "state", "/v1/participants?after=x": "after", "/v1/alerts?on=2025-02-29": "on", "/v1/alerts?rule=x": "rule",
        "/v1/reports/control?operation=%s&seed=18446744073709551615" % w.operation: "seed",     # more than 64 bits: the sanitizers see it computed
        "/v1/reports/control?operation=%s&size=1000000000" % w.operation: "size",
        "/v1/events?after=x": "after", "/v1/events?limit=10001": "limit", "/v1/events?after=-1": "after"}
    for target, name in reads.items():
        w.refuses(target.replace(p, "ID"), w.client.get(target), MALFORMED, "?" + name)
    w.refuses("a participant is no referent", w.client.get("/v1/alerts?referent=" + p), (404, "unknown"), "?referent")
    w.refuses("Last-Event-ID", w.client.get("/v1/events", Accept="text/event-stream", Last_Event_ID="abc"), MALFORMED)
    for key in ("x" * 189, '""', '"' + "y" * 300 + '"'):
        w.command("an Idempotency-Key of %d bytes" % len(key), {"command": "orient"}, Idempotency_Key=key)


def tokens(t, w, roles, foreign):
    good = w.store.token
    swapped = good[:-8] + ("0" if good[-8] != "0" else "1") + good[-7:]
    bad = {"none": None, "empty": "Bearer ", "no scheme": good, "Basic": "Basic " + good, "mangled": "Bearer " + swapped, "cut": "Bearer " + good[:-1],
           "longer": "Bearer " + good + "0", "upper case": "Bearer " + good.upper(), "another store's": "Bearer " + foreign, "long": "Bearer " + "x" * 4000,
           "two": "Bearer %s %s" % (good, good), "another role": "Bearer " + good.replace("coordinator", "operator")}
    for name, header in bad.items():
        for answer in (w.client.post({"command": "orient"}, Authorization=header), w.client.get("/v1/participants", Authorization=header)):
            w.refuses("token: " + name, answer, (401, "unauthorised"))
            t.same("token: %s: says how" % name, answer.headers.get("www-authenticate"), "Bearer")
    for role, token in roles.items():
        w.refuses(role + " may not command", w.client.post({"command": "orient"}, Authorization="Bearer " + token), (403, "forbidden"))
        w.refuses(role + " may not read files", w.client.get("/v1/participants", Authorization="Bearer " + token), (403, "forbidden"))


def sizes(t, w, p):
    head = "POST %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + w.store.token + "\r\nContent-Length: %d\r\n\r\n"
    for name, path, bytes_, wanted in (("a body over 32 MiB", "/v1/commands", (32 << 20) + 1, {413}), ("elsewhere, over 1 MiB", "/v1/participants", (1 << 20) + 1, {413}),
                                       ("a length beyond any", "/v1/commands", 10 ** 30, {400, 413})):
        status, answer = raw(w.daemon.address, (head % (path, bytes_)).encode(), until_end=False)
        t.that(name, status in wanted and PROBLEM.encode() in answer, answer[:200])
        w.intact(name)
    for name, data in (("bytes of no kind", bytes(range(256)) * 20), ("a head over 8 KiB", b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 9000 + b"\r\n\r\n"),
                       ("no Host", b"GET /healthz HTTP/1.1\r\n\r\n"), ("two lengths", b"POST /v1/commands HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"),
                       ("a percent NUL", b"GET /v1/participants/%00 HTTP/1.1\r\nHost: x\r\n\r\n")):
        status, _ = raw(w.daemon.address, data)
        t.that("HTTP: " + name, 400 <= status < 500, status)
        w.intact(name)
    for method, path, expected, allowed in (
            ("POST", "/v1/participants", (405, "method"), "GET, HEAD, OPTIONS"), ("PUT", "/v1/participants/" + p, (405, "method"), "GET, HEAD, OPTIONS"),
            ("DELETE", "/v1/rebuild", (405, "method"), "POST, OPTIONS"), ("GET", "/v1/rebuild", (405, "method"), "POST, OPTIONS"),
            ("PATCH", "/v1/commands", (405, "method"), "GET, HEAD, POST, OPTIONS"), ("POST", "/v1/nowhere", UNKNOWN, None), ("GET", "/nowhere", UNKNOWN, None)):
        for body in (None, b"{}", b"x" * 70000):
            if body is None or method != "GET":
                answer = w.client.ask(method, path, body)
                w.refuses("%s %s with %s" % (method, path.replace(p, "ID"), "no body" if body is None else "%d bytes" % len(body)), answer, expected)
                t.same("Allow is that of the path", answer.headers.get("allow"), allowed)
    t.same("OPTIONS", [(a.status, a.headers.get("allow")) for a in [w.client.ask("OPTIONS", "/v1/alerts")]], [(204, "GET, HEAD, OPTIONS")])
    w.command("a text of two megabytes", {"command": "record_contact", "participant": p, "data": {"channel": "mail", "summary": "x" * (2 << 20)}})
    w.command("a value of a megabyte", {"command": "set_territory", "data": {"communes": "83137 " * 200000}}, pointer="/data/communes")
    cut = (head % ("/v1/commands", 100)).encode() + b'{"command":"orient"}'
    raw(w.daemon.address, cut)
    w.intact("a body cut by the end of the connection")


def main(build):
    t = Checks()
    with Store(build, "standard") as other, Store(build, "standard") as store:
        roles = {role: store.new_token(role, 5) for role in ("controller", "dpo", "operator", "prescriber")}
        w = Watch(t, store)
        c = w.client
        w.referent = c.do("register_referent", on=ago(900), name="Rose")["referent"]
        w.operation = c.do("open_operation", on=ago(90), number="2026-1")["operation"]
        active = admit(c, PLANTED, today() - timedelta(days=100), w.referent)
        oriented = c.do("orient", on=ago(60), name=PLANTED)["participant"]
        for i in range(3):
            c.do("record_contact", active, on=ago(20 + i), channel="mail", summary=PLANTED)
        w.begin()
        parts = (("JSON", not_json), ("fields", fields, active), ("ids", ids, active, oriented, w.referent), ("acts", acts, active, oriented),
                 ("parameters", parameters, active), ("tokens", tokens, roles, other.token), ("sizes", sizes, active), ("amounts", starts.amounts, active),
                 ("rulebooks", starts.rulebooks_adopted))
        for name, function, *arguments in parts:
            t.run(name, function, w, *arguments)
        w.end()
        t.part = "personal data"
        t.same("no refusal repeats a name", [b for b in w.bodies if PLANTED.lower().encode() in b.lower()][:3], [])
        t.that("nor what the daemon says", PLANTED.lower() not in w.said.lower(), w.said)
        t.same("every refusal gives its reason in French", sentences.not_french(w.bodies), [])
    starts.run(t, build)
    t.finish()


if __name__ == "__main__":
    main(sys.argv[1])
