"""A daemon on a fresh store, a small HTTP client, and the walk of a participant: what the tests from outside share."""
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

READY_SECONDS = 20
LINES = "application/x-ndjson"
PROBLEM = "application/problem+json"
STREAMS = {"p": "participant", "r": "referent", "e": "enterprise", "s": "session", "m": "market", "o": "operation", "a": "action", "d": "delivery"}


def today():
    return datetime.now(ZoneInfo("Europe/Paris")).date()


def ago(days):
    """The day so many days before today, as text; negative: to come."""
    return (today() - timedelta(days=days)).isoformat()


def months_before(months, day=None):
    """The first of the month so many months before: a round day that no month lacks."""
    day = day or today()
    index = day.year * 12 + day.month - 1 - months
    return date(index // 12, index % 12 + 1, 1)


# ---- checks ----
class Checks:
    """Counts; a failure says what was expected and what came, at once."""

    def __init__(self):
        self.passed = self.failed = 0
        self.part = ""

    def that(self, name, good, got=""):
        if good:
            self.passed += 1
        else:
            self.failed += 1
            print("FAILED %s: %s%s" % (self.part, name, ": got %s" % str(got)[:600] if got != "" else ""), flush=True)
        return bool(good)

    def same(self, name, got, wanted):
        return self.that(name, got == wanted, "%r instead of %r" % (got, wanted))

    def run(self, part, function, *arguments):
        """One part; what it raises is one failure, and the others go on."""
        self.part = part
        try:
            function(self, *arguments)
        except Exception as e:      # noqa: a part that breaks must not hide the next
            line = e.__traceback__
            while line.tb_next:
                line = line.tb_next
            self.that("went on to its end", False, "%s: %s (line %d of %s)" %
                      (type(e).__name__, e, line.tb_lineno, Path(line.tb_frame.f_code.co_filename).name))

    def finish(self):
        print("%d passed, %d failed" % (self.passed, self.failed))
        sys.exit(1 if self.failed else 0)


# ---- HTTP ----
class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, {k.lower(): v for k, v in headers}, body

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def lines(self):
        return [json.loads(line) for line in self.body.splitlines()]

    @property
    def position(self):
        return int(self.headers.get("parcours-position", -1))

    def code(self):
        """The refusal's code, None for what is not a problem."""
        return self.json.get("code") if self.headers.get("content-type") == PROBLEM else None

    def pointers(self):
        return [e["pointer"] for e in self.json.get("errors", [])]

    def __str__(self):
        return "%d %s" % (self.status, self.body.decode("utf-8", "replace"))


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=30)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


class Client:
    """One connection kept alive; opened again when the daemon closed it in between."""

    def __init__(self, address, token):
        self.address, self.token, self.connection = address, token, None
        self.refusals = []      # the bytes of every refusal, to look for personal data in them

    def _connect(self):
        if isinstance(self.address, str):
            return UnixConnection(self.address)
        return http.client.HTTPConnection(*self.address, timeout=30)

    def close(self):
        if self.connection:
            self.connection.close()
        self.connection = None

    def ask(self, method, target, body=None, **headers):
        sent = {k.replace("_", "-"): v for k, v in headers.items() if v is not None}
        if "Authorization" not in headers and self.token:
            sent["Authorization"] = "Bearer " + self.token
        fresh = self.connection is None
        if fresh:
            self.connection = self._connect()
        try:
            self.connection.request(method, target, body=body, headers=sent)
            r = self.connection.getresponse()
            answer = Answer(r.status, r.getheaders(), r.read())
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            self.close()
            if fresh or method == "POST":   # a command is never sent twice behind the caller's back
                raise
            return self.ask(method, target, body, **headers)
        except Exception:
            self.close()
            raise
        if answer.status >= 400:
            self.refusals.append(answer.body)
        return answer

    def get(self, target, **headers):
        return self.ask("GET", target, **headers)

    def read(self, target):
        """The JSON of an answer that must be there."""
        answer = self.get(target)
        if answer.status != 200:
            raise AssertionError("GET %s: %s" % (target, answer))
        return answer.json

    def post(self, document, query="", **headers):
        """A command, a list of them, or bytes as they are."""
        body = document if isinstance(document, (bytes, str)) else json.dumps(document)
        return self.ask("POST", "/v1/commands" + query, body.encode() if isinstance(body, str) else body, **headers)

    def do(self, command, target=None, on=None, expect=201, more=None, **data):
        """One command, which must be answered by `expect`; its result."""
        c = {"command": command, "data": data, **(more or {})}
        if on:
            c["on"] = str(on)
        if target:
            c["plie" if target == "plie" else STREAMS[target[0]]] = target
        answer = self.post(c)
        if answer.status != expect:
            raise AssertionError("%s on %s: %s" % (command, on, answer))
        return answer.json

    def position(self):
        return self.read("/readyz")["position"]


def raw(address, data, until_end=True, timeout=10):
    """Bytes sent as they are; status and all that came back until the end. Status 0: closed without an answer."""
    family = socket.AF_UNIX if isinstance(address, str) else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as s:
        s.settimeout(timeout)
        s.connect(address)
        try:
            s.sendall(data)
            if until_end:
                s.shutdown(socket.SHUT_WR)
        except (BrokenPipeError, ConnectionResetError):
            pass
        parts = []
        try:
            while part := s.recv(65536):
                parts.append(part)
        except ConnectionResetError:
            pass
    answer = b"".join(parts)
    return int(answer[9:12]) if answer.startswith(b"HTTP/1.1 ") else 0, answer


# ---- stores and daemons ----
class Store:
    """A store in a directory of its own, which goes with it."""

    def __init__(self, build, rulebook="standard", *flags):
        self.build = Path(build).resolve()
        self.root = Path(tempfile.mkdtemp(prefix="parcours-test-"))
        self.path, self.key = self.root / "plie", self.root / "plie.key"
        made = self.init(rulebook, *flags)
        if made.returncode != 0:
            self.remove()
            raise AssertionError("init: %d %s" % (made.returncode, made.stderr))
        self.token = made.stdout.strip()

    def init(self, rulebook, *flags):
        return self.ctl("init", "--store", self.path, "--rulebook", rulebook, *flags)

    def ctl(self, *arguments):
        return subprocess.run([self.build / "parcoursctl", *map(str, arguments)], capture_output=True, text=True, timeout=30)

    def new_token(self, role, number=2):
        """For a store that nobody serves."""
        made = self.ctl("token", "--store", self.path, "--role", role, "--number", number)
        if made.returncode != 0:
            raise AssertionError("token: " + made.stderr)
        return made.stdout.strip()

    def remove(self):
        shutil.rmtree(self.root, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.remove()


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Daemon:
    def __init__(self, store, *flags, listen=None, wait=True, environment=None):
        self.store = store
        self.address = listen[5:] if listen else ("127.0.0.1", free_port())
        where = listen or "%s:%d" % self.address
        self.said_path = store.root / ("said-%d" % time.monotonic_ns())
        with open(self.said_path, "wb") as said:
            self.process = subprocess.Popen([store.build / "parcoursd", "--store", str(store.path), "--listen", where, *flags],
                                            stdout=said, stderr=said, env={**os.environ, **(environment or {})})
        if wait:
            self.wait_ready()

    def said(self):
        return self.said_path.read_text(errors="replace")

    def wait_ready(self):
        until = time.monotonic() + READY_SECONDS
        while time.monotonic() < until:
            if self.process.poll() is not None:
                raise AssertionError("the daemon ended, status %d: %s" % (self.process.returncode, self.said()))
            try:
                client = self.client()
                answer = client.get("/readyz")
                ready = answer.status == 200 or answer.code() == "clock"      # it reads, and waits to be set right
                client.close()
                if ready:
                    return
            except OSError:
                pass
            time.sleep(0.01)
        self.kill()
        raise AssertionError("the daemon was not ready in %d s: %s" % (READY_SECONDS, self.said()))

    def client(self, token=None):
        return Client(self.address, token or self.store.token)

    def alive(self):
        return self.process.poll() is None

    def stop(self, number=signal.SIGTERM):
        if self.alive():
            self.process.send_signal(number)
        return self.process.wait(20)

    def kill(self):
        return self.stop(signal.SIGKILL)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.alive():
            self.process.kill()
        self.process.wait(20)


def refuses_to_start(store, *flags, listen=None):
    """Exit status and sentences of a start that must fail; (None, ...) when it served all the same."""
    d = Daemon(store, *flags, listen=listen, wait=False)
    with d:
        try:
            return d.process.wait(10), d.said()
        except subprocess.TimeoutExpired:
            return None, d.said()


def empty_store(store):
    """The views deleted: the next start fills them again from the log."""
    shutil.rmtree(store.path / "views")
    mark = store.path / "views.mark"
    if mark.exists():
        os.unlink(mark)


# ---- the walk ----
ELIGIBLE = ["rsa", "in_territory", "work_permit", "difficulties", "wish"]


def hold_session(client, day, kind="integration", members=5):
    session = client.do("plan_session", on=day, kind=kind, day=str(day))["session"]
    client.do("hold_session", session, on=day, members=members)
    return session


def propose(client, name, first_day):
    """From the orientation to the committee's table; the participant's id."""
    p = client.do("orient", on=first_day, name=name, first_name="Ana", born="1985-04-03", prescriber="ccas")["participant"]
    day = first_day + timedelta(days=5)
    client.do("record_diagnosis", p, on=day, agreed=True, informed=True, obstacles=["mobility"])
    client.do("check_eligibility", p, on=day, criteria=ELIGIBLE)
    client.do("propose_entry", p, on=first_day + timedelta(days=10))
    return p


def admit(client, name, first_day, referent, session=None):
    """From the orientation to the engagement contract, in 30 days; the participant's id, now active."""
    p = propose(client, name, first_day)
    decided = first_day + timedelta(days=20)
    session = session or hold_session(client, decided)
    client.do("decide_entry", p, on=decided, outcome="accepted", session=session)
    client.do("assign_referent", p, on=decided, referent=referent)
    client.do("sign_contract", p, on=first_day + timedelta(days=30), by_participant=True, by_referent=True)
    client.do("transmit_contract", p, on=first_day + timedelta(days=30))
    return p
