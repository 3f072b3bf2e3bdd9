#!/usr/bin/env python3
"""A disk that fills while commands come: faults_room.py BUILD

The store lives on a small file system of its own, filled to one level after the other, down to the last page. Whatever was
acknowledged is there, nothing of what was refused is, every refusal is a 507 that says so, reading never stops, and
commands are taken again as soon as there is room, without a restart. A death by SIGBUS (a map over blocks that the disk
does not have) fails like any other death."""
import http.client
import itertools
import json
import multiprocessing
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time

from daemon import PROBLEM, Checks, Daemon, Store, ago, raw

PAGE = 4096
DISK_MIB = 96
LEVELS = (0, 1, 2, 3, 5, 8, 16, 32, 64, 96, 128, 160, 220, 300)     # pages left
ERASURE_LEVELS = (0, 30, 60, 90, 105, 120, 135, 150, 170, 190, 220, 260, 300, 400)
LIMITS = ((240, 0), (255, 0), (350, 20), (700, 3000))    # KiB, and letters of each contact; 0: new files, whose rows fill the views first
SENT_AT_A_LEVEL = 15
SQUEEZED_SECONDS = 2
RESENT = 200            # keys asked about at once
PEOPLE = 6
FULL = (507, "full")


# ---- a disk of our own ----
def in_own_mounts():
    """This very program again, where it may mount: as root in mounts of its own, or else in a user namespace, too."""
    if os.environ.get("FAULTS_IN_OWN_MOUNTS"):
        return True
    for flags in (["-m"], ["-rm"]):
        if subprocess.run(["unshare", *flags, "mount", "-t", "tmpfs", "tmpfs", "/mnt"], capture_output=True).returncode == 0:
            os.environ["FAULTS_IN_OWN_MOUNTS"] = "1"
            os.execvp("unshare", ["unshare", *flags, sys.executable, *sys.argv])
    return False


class Disk:
    """A tmpfs under the store, and a file that takes all of it but so many pages."""

    def __init__(self, build):
        self.build = build

    def __enter__(self):
        self.store = SmallStore(self.build)
        self.filler = open(self.store.path / "filler", "wb")
        return self

    def __exit__(self, *_):
        self.filler.close()
        subprocess.run(["umount", "-l", str(self.store.path)], check=True)
        self.store.remove()

    def left(self):
        return os.statvfs(self.store.path).f_bavail

    def leave(self, pages):
        """The daemon may be writing: until the level is there, or the filler is empty."""
        have = os.fstat(self.filler.fileno()).st_size // PAGE
        wanted = max(0, have + self.left() - pages)
        if wanted < have:
            os.ftruncate(self.filler.fileno(), wanted * PAGE)
        elif wanted > have:
            try:
                os.posix_fallocate(self.filler.fileno(), have * PAGE, (wanted - have) * PAGE)
            except OSError:
                pass        # somebody was quicker

    def empty(self):
        os.ftruncate(self.filler.fileno(), 0)


class SmallStore(Store):
    def init(self, rulebook, *flags):
        os.mkdir(self.path)
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=%dm" % DISK_MIB, "tmpfs", str(self.path)], check=True)
        return super().init(rulebook, *flags)


# ---- what is sent, and what became of it ----
class Ledger:
    """Every keyed command with its answer; `check` once there is room: kept and refused are told apart by their keys."""

    def __init__(self, people):
        self.people, self.number, self.lock = people, itertools.count(), threading.Lock()
        self.kept, self.refused, self.checked = {}, {}, set()

    def contact(self, words=20):
        n = next(self.number)
        return {"command": "record_contact", "participant": self.people[n % len(self.people)], "on": ago(n % 60), "id": "c-%d" % n,
                "data": {"channel": "mail", "minutes": n % 1440 + 1, "summary": "x" * words}}

    def opening(self):
        return {"command": "orient", "on": ago(3), "id": "o-%d" % next(self.number)}

    def note(self, command, result):
        with self.lock:
            if result["status"] == 201:
                self.kept[command["id"]] = (command, result["seq"])
            else:
                self.refused[command["id"]] = command

    def orders(self):
        """(query, commands, a list?) in turn, for ever: one, a new file, several, all or nothing, many lines."""
        while True:
            yield "", [self.contact()]
            yield "", [self.opening()]
            yield "", [self.contact(), self.opening(), self.contact()]
            yield "?atomic=1", [self.contact(), self.opening(), self.contact(2000)]
            yield "", [self.contact(1500) for _ in range(30)]


def refusal_is_whole(answer):
    """A 507 has the whole form of a problem, and says that it may be tried again."""
    problem = answer.json
    return (answer.headers["content-type"] == PROBLEM and answer.headers.get("retry-after") and problem["code"] == "full" and
            problem["retryable"] is True and problem["status"] == 507 and problem["title"] and problem["trace_id"])


def send(t, client, ledger, query, commands):
    """One order; True when any of it was refused."""
    answer = client.post(commands[0] if len(commands) == 1 else commands, query, Prefer="return=minimal")
    if len(commands) == 1:
        t.that("a command is kept, or refused for want of room", answer.status == 201 or refusal_is_whole(answer), answer)
        results = [answer.json]
    else:
        results = answer.json["results"] if answer.status == 200 else [answer.json] * len(commands)
        wrong = [r for r in results if r["status"] != 201 and (r["status"], r["code"]) != FULL]
        t.same("of several, each is kept, or refused for want of room", wrong, [])
    if query:
        t.that("all or nothing", len({r["status"] for r in results}) == 1, results)
    for command, result in zip(commands, results):
        ledger.note(command, result)
    return any(r["status"] != 201 for r in results)


def reads(t, client, ledger, level):
    p = ledger.people[0]
    for target in ("/v1/participants/" + p, "/v1/participants/%s/events" % p, "/v1/alerts", "/v1/events?after=0&limit=5", "/healthz"):
        t.same("%s is read" % target.split("?")[0].replace(p, "ID"), client.get(target).status, 200)
    if ledger.kept:
        command, seq = ledger.kept[next(iter(ledger.kept))]
        again = client.post(command)
        t.same("a key is remembered on a full disk", (again.status, again.json.get("seq")), (200, seq))
    dry = client.post({**ledger.contact(), "id": "dry-%d" % level}, "?dry_run=1")
    t.same("a dry run needs no room", (dry.status, dry.json.get("dry_run")), (200, True))


def again(client, commands):
    """Each command sent once more with its key: the results."""
    results = []
    for at in range(0, len(commands), RESENT):
        results += client.post(commands[at:at + RESENT], Prefer="return=minimal").json["results"]
    return results


def each_its_own(t, d, client, ledger):
    """In one batch on a full disk: only what wants to be kept is told that there is no room."""
    p, kept = ledger.people[0], next(iter(ledger.kept.values()))[0]
    order = [ledger.contact(), kept, {"command": "decide_exit", "participant": p, "data": {"outcome": "other"}},
             {"command": "record_contact", "participant": p, "data": {}}, {"command": "nothing"}]
    results = client.post(order).json["results"]
    t.same("kept, repeated, forbidden by the state, malformed twice", [(r["status"], r.get("code")) for r in results],
           [FULL, (200, None), (409, "state"), (400, "malformed"), (400, "malformed")])
    bodies = [("", ledger.contact()), ("?dry_run=1", ledger.contact()), ("", kept)]
    lines = b""
    for query, command in bodies:       # in one piece: the loop hands them to the writer together
        body = json.dumps(command).encode()
        lines += b"POST /v1/commands%s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Length: %d\r\n\r\n%s" % (
            query.encode(), client.token.encode(), len(body), body)
    answer = raw(d.address, lines)[1]
    t.same("side by side: a new one, a dry run, a repeat", [int(part[:3]) for part in answer.split(b"HTTP/1.1 ")[1:]], [507, 200, 200])


def written(path):
    """What the file holds; the views' is as long as its map, and nearly all of it was never written."""
    parts, at = [], 0
    with open(path, "rb") as f:
        while True:
            try:
                at = os.lseek(f.fileno(), at, os.SEEK_DATA)
            except OSError:     # nothing more
                return parts
            end = os.lseek(f.fileno(), at, os.SEEK_HOLE)
            parts.append((at, os.pread(f.fileno(), end - at, at).rstrip(b"\0")))
            at = end


def writes_nothing(t, disk, client, ledger):
    files = [disk.store.path / name / "data.mdb" for name in ("log", "views", "vault")]
    before = [written(f) for f in files]
    client.post(ledger.contact(), "?dry_run=1")
    client.post(next(iter(ledger.kept.values()))[0])
    client.post({"command": "decide_exit", "participant": ledger.people[0], "data": {"outcome": "other"}})
    t.that("a dry run, a repeat and a refusal write no byte", [written(f) for f in files] == before)


def check(t, client, ledger, name, everything=False):
    """With room again: the kept are there under their seq, the refused are not, and the log has no gap."""
    t.same("%s: there is room, a command is kept" % name, client.post(ledger.opening()).status, 201)
    kept = [pair for key, pair in ledger.kept.items() if everything or key not in ledger.checked]
    refused = list(ledger.refused.values())
    ledger.checked |= set(ledger.kept)
    results = again(client, [c for c, _ in kept])
    lost = [(c["id"], s, r) for (c, s), r in zip(kept, results) if (r["status"], r.get("seq")) != (200, s)]
    t.same("%s: whatever was acknowledged is there, at its place" % name, lost[:3], [])
    results = again(client, refused)
    t.same("%s: nothing of what was refused is there" % name, [r for r in results if r["status"] != 201][:3], [])
    ledger.refused.clear()
    for command, result in zip(refused, results):
        ledger.note(command, result)
    seqs, after = [], 0
    while True:
        page = client.read("/v1/events?after=%d&limit=10000" % after)
        seqs += [e["seq"] for e in page["events"]]
        after = page["next"]
        if not page["more"]:
            break
    t.same("%s: positions have no gap" % name, seqs == list(range(1, client.position() + 1)), True)


def lives(t, d, name):
    if d.alive():
        return True
    died = d.process.returncode
    return t.that("%s: the daemon lives" % name, False, "%s %s" % ("SIGBUS" if died == -signal.SIGBUS else died, d.said()))


def stops_well(t, d, client):
    client.close()      # or the daemon waits for it
    t.same("it stops well", d.stop(), 0)


# ---- the parts ----
def settle(client):
    return Ledger([client.do("orient", on=ago(90), name="N%d" % i)["participant"] for i in range(PEOPLE)])


def at_each_level(t, disk):
    refusals = 0
    with Daemon(disk.store) as d:
        client = d.client()
        ledger = settle(client)
        for level in LEVELS:
            t.part = "%d pages left" % level
            orders, refused_here = ledger.orders(), 0
            for _ in range(SENT_AT_A_LEVEL):
                disk.leave(level)
                refused_here += send(t, client, ledger, *next(orders))
            refusals += refused_here
            reads(t, client, ledger, level)
            if level < 16:
                t.that("nothing fits into so little", refused_here == SENT_AT_A_LEVEL, refused_here)
                t.same("the service says that it only reads", client.get("/readyz").status, 507)
            disk.empty()
            check(t, client, ledger, "%d pages" % level, level == LEVELS[-1])
            t.same("the service is ready", client.get("/readyz").status, 200)
        t.part = "no page left"
        disk.leave(0)
        each_its_own(t, d, client, ledger)
        writes_nothing(t, disk, client, ledger)
        t.that("some were refused and some kept", 0 < refusals < SENT_AT_A_LEVEL * len(LEVELS), refusals)
        begins, ends = d.said().count("the store only reads: "), d.said().count("the store writes again")
        t.that("said when it begins and when it ends, not at each refusal", 0 < begins <= 4 and begins - 1 <= ends <= begins, d.said())
        stops_well(t, d, client)


def starts_on_a_full_disk(t, disk):
    """Stopped or killed when no page is left: what starts there reads, and takes commands when there is room."""
    d = Daemon(disk.store)
    try:
        ledger = settle(d.client())
        for end in (signal.SIGKILL, signal.SIGTERM, signal.SIGKILL, signal.SIGTERM):
            t.part = "started on a full disk after %s" % end.name
            for level in (200, 0):
                disk.leave(level)
                send(t, d.client(), ledger, "", [ledger.opening()])
            d.stop(end)
            d = Daemon(disk.store)
            t.that("the views are trusted", "filled again" not in d.said(), d.said())
            reads(t, d.client(), ledger, 0)
            t.same("nothing is kept", send(t, d.client(), ledger, "", [ledger.contact()]), True)
            disk.empty()
            check(t, d.client(), ledger, end.name)
    finally:
        d.kill()


def squeeze(disk):
    """Another process takes the room and gives it back, some hundreds of times a second."""
    dice, until = random.Random(7), time.monotonic() + SQUEEZED_SECONDS
    while time.monotonic() < until:
        disk.leave(dice.choice((60, 110, 130, 180, 260, 400)))
        time.sleep(dice.random() * 0.002)
        disk.leave(dice.choice((0, 1, 7, 30)))
        time.sleep(dice.random() * 0.0005)


def squeezed(t, disk):
    """Six clients send while room comes and goes under them, also between the commits of one batch."""
    stop = threading.Event()
    with Daemon(disk.store, environment={"LD_PRELOAD": str(disk.store.build / "slow_sync.so")}) as d:
        ledger = settle(d.client())

        def work():
            client, orders = d.client(), ledger.orders()
            for query, commands in orders:
                if stop.is_set() or not d.alive():
                    return
                try:
                    send(t, client, ledger, query, commands)
                except (OSError, http.client.HTTPException):
                    return      # it died: said below

        threads = [threading.Thread(target=work) for _ in range(6)]
        for thread in threads:
            thread.start()
        squeezing = multiprocessing.Process(target=squeeze, args=(disk,))
        squeezing.start()
        squeezing.join(SQUEEZED_SECONDS + 20)
        stop.set()
        for thread in threads:
            thread.join(20)
        if not lives(t, d, "squeezed"):
            return
        disk.empty()
        client = d.client()
        check(t, client, ledger, "squeezed")
        t.that("some were refused and some kept", len(ledger.kept) > 20, len(ledger.kept))
        stops_well(t, d, client)


def erasures(t, disk):
    """A key destroyed rewrites the vault: either there is room for all of it, or the file stays as it is."""
    with Daemon(disk.store) as d:
        client = d.client()
        client.post([{"command": "orient", "on": ago(3), "data": {"name": "N"}}] * 5000, Prefer="return=minimal")
        erased = []
        for level in ERASURE_LEVELS:
            t.part = "erasure, %d pages left" % level
            p = client.do("orient", on=ago(90), name="Bernard")["participant"]
            disk.leave(level)
            answer = client.post({"command": "erase", "participant": p, "data": {"basis": "request"}})
            if not lives(t, d, "an erasure"):
                return
            t.that("erased, or refused for want of room", answer.status == 201 or refusal_is_whole(answer), answer)
            erased.append(answer.status == 201)
            read = client.get("/v1/participants/%s/events" % p)
            t.that("and so it is read", read.status == 410 if erased[-1] else read.json["events"][0]["data"]["name"] == "Bernard", read)
            disk.empty()
        t.that("some had room and some had not", {True, False} == set(erased), erased)
        stops_well(t, d, client)


# ---- a limit on the size of files ----
class limited:
    """What starts inside may not make a file larger than that."""

    def __init__(self, most):
        self.most = most

    def __enter__(self):
        self.before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (self.most, self.before[1]))

    def __exit__(self, *_):
        resource.setrlimit(resource.RLIMIT_FSIZE, self.before)


def file_limit(t, build):
    for most_kib, words in LIMITS:
        t.part = "files of %d KiB at most, %d letters each" % (most_kib, words)
        with Store(build) as store:
            with limited(most_kib << 10):
                d = Daemon(store)
            with d:
                client = d.client()
                ledger, sent = settle(client), 0
                one = lambda: ledger.contact(words) if words else ledger.opening()
                while words and not send(t, client, ledger, "", [one() for _ in range(20)]):
                    sent += 20
                while sent < 2000 and not send(t, client, ledger, "", [one()]):
                    sent += 1
                t.that("some of it was kept, then nothing", 10 < sent < 2000, sent)
                reads(t, client, ledger, most_kib)
                stops_well(t, d, client)
            with limited(most_kib << 10), Daemon(store) as d:
                reads(t, d.client(), ledger, most_kib)
            with Daemon(store) as d:
                t.that("without the limit: the views are trusted", "filled again" not in d.said(), d.said())
                check(t, d.client(), ledger, "without the limit", True)


def main():
    t, build = Checks(), sys.argv[1]
    may_mount = in_own_mounts()
    if os.access("/dev/shm", os.W_OK):
        tempfile.tempdir = "/dev/shm"       # a disk's syncs are not what is tried here
    t.run("file limit", file_limit, build)
    if not may_mount:
        print("skipped: no right to mount a small file system here, so no disk was filled")
        t.finish()
    for part in (at_each_level, starts_on_a_full_disk, squeezed, erasures):
        with Disk(build) as disk:
            t.run(part.__name__.replace("_", " "), part, disk)
    t.finish()


if __name__ == "__main__":
    main()
