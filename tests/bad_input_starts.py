"""The second half of bad_input.py: amounts, rulebooks, stores that cannot be made, and starts that must fail."""
import ctypes
import json
import os
import shutil
from pathlib import Path

from daemon import LINES, Daemon, Store, ago, empty_store, refuses_to_start

RULEBOOKS = Path(__file__).parent.parent / "events" / "rulebooks"
MALFORMED = (400, "malformed")
NO_STORE, DAMAGED, TAKEN, NO_KEY, NO_ADDRESS, USAGE, EXISTS = 66, 65, 75, 77, 69, 64, 73
CTL_USAGE = 2               # of parcoursctl, whatever the verb
MS_RDONLY, MS_REMOUNT, MS_BIND, MNT_DETACH = 1, 32, 4096, 2


# ---- amounts: right in every word, and too much ----
def amounts(t, w, p):
    late = [{"command": "record_contact", "participant": p, "on": ago(60 - i % 50), "data": {"channel": "mail"}} for i in range(4000)]
    item = {"many small values": b'{"command":"orient","waive":[' + b",".join([b"1"] * 34) + b"]}",
            "many wrong fields": b'{"command":"orient","data":{' + b",".join(b'"a%d":1' % i for i in range(14)) + b"}}",
            "many unknown ids": b'{"command":"record_contact","participant":"p_22222222"}'}
    bodies = {"4000 late facts of one participant": ("?dry_run=1", late)}
    bodies |= {name: ("", b"[" + b",".join([text] * 50000) + b"]") for name, text in item.items()}
    for name, (query, body) in bodies.items():
        try:
            answer = w.client.post(body, query, Prefer="return=minimal")
            t.that(name + ": an answer, whole", answer.status in (200, 400, 413) and answer.json, answer.status)
        except (OSError, ValueError) as e:
            t.that(name + ": an answer, whole", False, e)
        w.intact(name)
    people = [w.client.do("orient", on=ago(60))["participant"] for _ in range(4)]
    w.begin()
    many = "".join(json.dumps({"command": "record_contact", "participant": people[i % 4], "data": {"channel": "mail"}}) + "\n" for i in range(40000))
    before, answer = w.position, w.client.post(many, Content_Type=LINES)
    whole = answer.body.endswith(b"\n") and answer.body.count(b"\n") == 40000
    t.that("40,000 commands at once: a result each", whole and all(r["status"] == 201 for r in answer.lines),
           "%d bytes, %d lines, ...%r" % (len(answer.body), answer.body.count(b"\n"), answer.body[-60:]))
    t.same("40,000 commands at once: as many events", w.client.position() - before, 40000)
    summary = "".join(json.dumps({"command": "record_contact", "participant": people[0], "data": {"channel": "mail", "summary": "x" * 4000}}) + "\n" for _ in range(7000))
    full = [r for _ in "ab" for r in w.client.post(summary, Content_Type=LINES, Prefer="return=minimal").lines]
    t.that("a file grows up to its limit, and no further", full[0]["status"] == 201 and (full[-1]["status"], full[-1]["code"]) == (413, "too_large"), full[-1])
    read = {what: w.client.get("/v1/participants/" + people[0] + what).status for what in ("", "/events", "/explain")}
    t.same("a full file is read", set(read.values()), {200})
    w.daemon.kill()
    empty_store(w.store)
    w.daemon = Daemon(w.store)
    w.client = w.daemon.client()
    t.that("and its views are filled again", "views filled again" in w.daemon.said(), w.daemon.said())
    w.begin()
    for i in range(12):
        job = w.client.do("start_employment", p, kind="temporary", purpose="step")["seq"]   # hours of one job and day count once
        w.client.do("record_hours", p, employment=job, from_day=ago(20000 + i), until_day=ago(i), hours=1)
    w.begin()
    check = {k["criterion"]: k for k in w.client.read("/v1/participants/%s/exit-check" % p)["criteria"]}["hours"]
    t.same("twelve hours over decades are not 910 hours", check["met"], False)


# ---- rulebooks ----
def changed(change, name="standard"):
    book = json.loads((RULEBOOKS / (name + ".json")).read_text())
    change(book["rules"])
    return book


def bad_rulebooks():
    """Each with the place that the message must name."""
    return {
        "an unknown rule": (changed(lambda r: r.update({"no-such-rule": {"mode": "off"}})), "/rules/no-such-rule"),
        "out of bounds": (changed(lambda r: r["parcours-length"].update(value=61)), "/rules/parcours-length/value"),
        "below": (changed(lambda r: r["collegial-decision"].update(value=0)), "/rules/collegial-decision/value"),
        "a value of another type": (changed(lambda r: r["parcours-length"].update(value="18")), "/rules/parcours-length/value"),
        "an unknown word": (changed(lambda r: r["target-public"].update(value=["gold"])), "/rules/target-public/value"),
        "no unit": (changed(lambda r: r["parcours-length"].pop("unit")), "/rules/parcours-length/unit"),
        "another unit": (changed(lambda r: r["parcours-length"].update(unit="days")), "/rules/parcours-length/unit"),
        "no mode": (changed(lambda r: r["parcours-length"].pop("mode")), "/rules/parcours-length/mode"),
        "a missing rule": (changed(lambda r: r.pop("parcours-length")), "/rules/parcours-length"),
        "no source": (changed(lambda r: r["parcours-length"].pop("source")), "/rules/parcours-length/source"),
        "an unknown key": (changed(lambda r: r["parcours-length"].update(colour=1)), "/rules/parcours-length/colour"),
        "no rules": ({"name": "x", "title": "x", "document": "x"}, "/rules"),
        "a list": ([], ""),
    }


def rulebooks_adopted(t, w):
    """The same, through the daemon: refused like any command, whatever is wrong in it."""
    adopt = lambda values: {"command": "adopt_rulebook", "data": {"name": "essai", "from_day": ago(0), "values": values}}
    for name, (book, _) in bad_rulebooks().items():
        w.command("adopting a rulebook: " + name, adopt(json.dumps(book)), MALFORMED, "/data/values")
    w.command("adopting a rulebook: not JSON", adopt("x" * 100), MALFORMED, "/data/values")
    good = [json.dumps(changed(lambda r: r["parcours-length"].update(value=months))) for months in (24, 30)]
    first = w.client.post(adopt(good[0]))
    again = w.client.post(adopt(good[0]))
    t.that("adopted again, the same is in force already", (again.status, again.json.get("seq"), again.json.get("replayed")) == (200, first.json["seq"], True), again)
    for i in range(70):
        answer = w.client.post(adopt(good[(i + 1) % 2]))
        if answer.status != 201:
            break
    t.that("adopting rulebooks without end: refused, or done", answer.status == 201 or answer.code() == "too_large", answer)
    w.begin()
    w.intact("adopting rulebooks without end")


# ---- init ----
def cannot_be_made(t, build):
    with Store(build) as base:
        fresh = base.root / "fresh"

        def refused(name, status, words, *flags):
            made = base.ctl("init", "--store", fresh, *flags)
            t.same("init, %s: exit status" % name, made.returncode, status)
            t.that("init, %s: a precise sentence" % name, words in made.stderr and made.stdout == "", made.stderr)
            left = [x.name for x in base.root.iterdir() if x.name.startswith("fresh")]
            t.same("init, %s: nothing is created" % name, left, [])
            for x in left:
                shutil.rmtree(base.root / x) if (base.root / x).is_dir() else (base.root / x).unlink()

        for name, (book, pointer) in bad_rulebooks().items():
            file = base.root / "book.json"
            file.write_text(json.dumps(book))
            refused("a rulebook with " + name, DAMAGED, pointer, "--rulebook", file)
        whole = (RULEBOOKS / "standard.json").read_bytes()
        for name, text in {"cut": whole[:-10], "empty": b"", "trailing": whole + b"x", "not UTF-8": b"\xff" + whole, "binary": bytes(range(256)),
                           "too large": whole + b" " * 70000, "a repeated rule": whole.replace(b'"suspension"', b'"parcours-length"', 1)}.items():
            file.write_bytes(text)
            refused("a rulebook file, " + name, DAMAGED, "book.json", "--rulebook", file)
        refused("no such rulebook", NO_STORE, "neither a shipped rulebook", "--rulebook", "nowhere")
        refused("no rulebook", CTL_USAGE, "--rulebook")
        refused("a day without --demo", CTL_USAGE, "--today", "--rulebook", "standard", "--today", "2025-01-01")
        refused("a day that is none", CTL_USAGE, "--today", "--rulebook", "standard", "--demo", "--today", "2025-02-29")
        refused("an unknown zone", CTL_USAGE, "zone", "--rulebook", "standard", "--zone", "Mars/Olympus")
        for name, text in (("empty", ""), ("too long", "x" * 201), ("with a control", "a\x01b")):
            refused("a name " + name, CTL_USAGE, "name", "--rulebook", "standard", "--name", text)
        before = {x: x.read_bytes() for x in base.path.rglob("data.mdb")} | {base.key: base.key.read_bytes()}
        again = base.init("standard")
        t.same("init on an existing store: exit status", again.returncode, EXISTS)
        t.that("init on an existing store: a sentence", "there is a store already" in again.stderr and again.stdout == "", again.stderr)
        t.same("init on an existing store: untouched", {x: x.read_bytes() for x in before} == before, True)


# ---- starts ----
def fails(t, name, store, status, words, *flags, listen=None):
    got, said = refuses_to_start(store, *flags, listen=listen)
    t.same(name + ": exit status", got, status)
    t.that(name + ": one sentence", words in said and said.count("\n") == 1, said)


def cannot_start(t, build):
    with Store(build) as store:
        with Daemon(store) as d:
            people = [d.client().do("orient", name="Zorglubine")["participant"] for _ in range(20)]
            before = d.client().get("/v1/participants").body
            d.stop()
        log, vault, key = store.path / "log/data.mdb", store.path / "vault/data.mdb", store.key
        kept = {x: x.read_bytes() for x in (log, vault, key)}

        def restored(name):
            """The files as they were: the failed start changed nothing else."""
            for file, data in kept.items():
                if not file.exists() or file.read_bytes() != data:
                    file.write_bytes(data)
                    os.chmod(file, 0o600)
            with Daemon(store) as d:
                t.same(name + ": put right, everything is there", d.client().get("/v1/participants").body == before, True)
                t.same(name + ": and it stops well", d.stop(), 0)
            for file in kept:
                kept[file] = file.read_bytes()

        def damaged(name, file, data, status, words):
            if data is None:
                file.unlink()
            else:
                file.write_bytes(data)
            fails(t, name, store, status, words)
            fails(t, name + ", looked at with -n", store, status, words, "-n")
            t.that(name + ": is left as it was found", (file.read_bytes() if file.exists() else None) == data)
            restored(name)

        size = len(kept[log])
        for length in (0, 100, 4096, 8192, size // 2 // 4096 * 4096):
            damaged("the log cut to %d of %d bytes" % (length, size), log, kept[log][:length], DAMAGED, "log")
        damaged("the log is garbage", log, os.urandom(size), DAMAGED, "log")
        damaged("the log is zeros", log, bytes(size), DAMAGED, "log")
        damaged("the log's pages are garbage", log, kept[log][:8192] + os.urandom(size - 8192), DAMAGED, "")
        version = bytearray(kept[log])
        for page in (0, 4096):
            version[page + 20:page + 24] = (999).to_bytes(4, "little")
        damaged("a store of another version", log, bytes(version), DAMAGED, "another version")
        damaged("no log", log, None, NO_STORE, "no store")
        damaged("the vault cut short", vault, kept[vault][:4096], DAMAGED, "vault")
        damaged("the vault is garbage", vault, os.urandom(len(kept[vault])), DAMAGED, "vault")
        damaged("another master key", key, b"0" * 64 + b"\n", NO_KEY, "master key")
        damaged("a master key that is none", key, b"abc\n", NO_KEY, "key")
        damaged("an empty master key", key, b"", NO_KEY, "key")
        key.unlink()
        got, said = refuses_to_start(store)
        t.that("no master key: refused, with a sentence", got in (NO_STORE, NO_KEY) and str(key) in said, (got, said))
        restored("no master key")
        for mode in (0o604, 0o640, 0o622):
            os.chmod(key, mode)
            fails(t, "a master key of mode %o" % mode, store, NO_KEY, "key")
        os.chmod(key, 0o600)
        restored("the key's mode")
        views(t, store, before)
        return people


def views(t, store, before):
    """Views are only derived: whatever happened to them, the daemon starts and answers as before."""
    file = store.path / "views/data.mdb"
    for name, damage in {"cut short": lambda: os.truncate(file, 5000), "empty": lambda: os.truncate(file, 0),
                         "garbage": lambda: file.write_bytes(os.urandom(40000)), "gone": file.unlink}.items():
        damage()
        with Daemon(store, wait=False) as d:
            try:
                d.wait_ready()
                t.same("views %s: filled again, same answers" % name, d.client().get("/v1/participants").body == before, True)
            except AssertionError as e:
                t.that("views %s: started all the same" % name, False, e)
                shutil.rmtree(store.path / "views", ignore_errors=True)


def places_taken(t, build):
    with Store(build) as store, Store(build) as other, Daemon(store) as d:
        fails(t, "another process serves it", store, TAKEN, "another process serves")
        token = store.ctl("token", "--store", store.path, "--role", "officer")
        t.that("a token of a served store: refused with a sentence", token.returncode == TAKEN and "serves" in token.stderr, token.stderr)
        status, said = refuses_to_start(store, "-n")
        t.that("looked at with -n while it is served: there, in one sentence", status == 0 and "is there, with 2 events" in said and said.count("\n") == 1, (status, said))
        again = store.init("standard")
        t.same("init on a served store", again.returncode, EXISTS)
        t.same("the first one still serves", d.client().post({"command": "orient"}).status, 201)
        fails(t, "the port is taken", other, NO_ADDRESS, "listen", "--listen", "127.0.0.1:%d" % d.address[1])
        with Daemon(other) as o:
            t.that("after that the other starts well", o.client().get("/readyz").status == 200)
        file = other.root / "a-file"
        file.write_text("x")
        for name, where in {"a path that is a file": "unix:%s" % file, "no such directory": "unix:/nowhere/at/all", "no port": "127.0.0.1", "not an address": "x:y",
                            "a foreign address": "192.0.2.1:80", "a large port": "127.0.0.1:70000", "a long path": "unix:/" + "x" * 200}.items():
            fails(t, "listening on " + name, other, NO_ADDRESS, "listen", "--listen", where)
        t.same("the file is still there", file.read_text(), "x")


def settings(t, build):
    with Store(build) as store:
        for name, flags in {"no such flag": ("--colour", "1"), "a number out of bounds": ("--loops", "99"), "not a number": ("--loops", "two"),
                            "an argument": ("serve",), "a flag without value": ("--loops",)}.items():
            got, said = refuses_to_start(store, *flags)
            t.that("settings, %s: refused with a sentence" % name, got == USAGE and said.strip(), (got, said))
    nowhere = Store(build)
    nowhere.remove()
    os.mkdir(nowhere.root)
    try:
        got, said = refuses_to_start(nowhere)
        t.that("no store: exit status and sentence", got == NO_STORE and "no" in said and said.count("\n") == 1, (got, said))
        looked, words = refuses_to_start(nowhere, "-n")
        t.that("no store, looked at with -n: the same", looked == NO_STORE and "no such store" in words and words.count("\n") == 1, (looked, words))
        t.that("no store: none is made", not nowhere.path.exists() and not nowhere.key.exists())
        nowhere.path.write_text("x")
        got, said = refuses_to_start(nowhere)
        t.that("a file instead of a store: refused", got not in (None, 0) and got > 0 and said.count("\n") == 1, (got, said))
    finally:
        nowhere.remove()


def read_only_place(t, build):
    """As root, permissions bind nobody: the store is bound read-only instead."""
    libc = ctypes.CDLL(None, use_errno=True)
    with Store(build) as store:
        place = str(store.path).encode()
        if libc.mount(place, place, None, MS_BIND, None) != 0:
            print("skipped: no right to bind a store read-only here")
            return
        try:
            if libc.mount(None, place, None, MS_BIND | MS_REMOUNT | MS_RDONLY, None) != 0:
                print("skipped: no right to bind a store read-only here")
                return
            got, said = refuses_to_start(store)
            t.that("a store that cannot be written: refused with a sentence", got in (71, 74, 77) and "ead-only" in said and said.count("\n") == 1, (got, said))
        finally:
            libc.umount2(place, MNT_DETACH)
        with Daemon(store) as d:
            t.same("writable again, it serves", d.client().post({"command": "orient"}).status, 201)


def demonstration_clock(t, build):
    """In a demonstration the clock follows the last record: what was not recorded does not move it."""
    with Store(build, "standard", "--demo", "--today", ago(400)) as store, Daemon(store) as d:
        c = d.client()
        p = c.do("orient", on=ago(400), more={"recorded": ago(400) + "T10:00:00Z"})["participant"]
        t.same("the last record's day is today", c.read("/v1/alerts")["on"], ago(400))
        ahead = {"command": "record_contact", "participant": p, "recorded": ago(300) + "T10:00:00Z", "data": {"channel": "mail"}}
        wrong = {"command": "decide_exit", "participant": p, "data": {"outcome": "other"}}
        for query in ("?atomic=1", "?dry_run=1"):
            c.post([ahead, wrong], query)
            t.same("nothing written, nothing moved, " + query, c.read("/v1/alerts")["on"], ago(400))
        for value in ("yesterday", "2025-01-01", 5, "2025-02-29T10:00:00Z"):
            answer = c.post({**ahead, "recorded": value})
            t.that("recorded %s: refused" % value, answer.status == 400 and answer.pointers() == ["/recorded"], answer)


def run(t, build):
    for part in (cannot_be_made, cannot_start, places_taken, settings, read_only_place, demonstration_clock):
        t.run(part.__name__.replace("_", " "), part, build)
