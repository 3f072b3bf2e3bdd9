"""The other side of what the daemon sends: a mail server (aiosmtpd) and a receiver of web-hooks. Real ones, on this machine, that can fail in all the ways
that others do. They share nothing with the daemon: signatures and mails are read here by Python's own modules."""
import asyncio
import base64
import email
import email.policy
import hashlib
import hmac
import logging
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

sys.path.append("/usr/lib/python3/dist-packages")      # Debian's, when `python3` is another one
from aiosmtpd.controller import Controller              # noqa: E402
from aiosmtpd.smtp import SMTP, AuthResult              # noqa: E402

HANG_SECONDS = 60
logging.getLogger("mail.log").setLevel(logging.CRITICAL)       # a client that does not trust it is what some tests are about


def make_certificate(directory, name="localhost"):
    """A certificate for this machine, signed by itself: (certificate, key), two paths. The former is what a client must trust."""
    certificate, key = directory / (name + ".pem"), directory / (name + ".key")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=" + name, "-addext",
                    "subjectAltName=DNS:%s,IP:127.0.0.1" % name, "-keyout", key, "-out", certificate], check=True, capture_output=True, timeout=60)
    return certificate, key


def server_context(certificate, key):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


def wait_until(condition, seconds=20):
    """Whether it came true in time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.01)
    return bool(condition())


# ---- mails ----
@dataclass
class Mail:
    sender: str
    recipients: list
    content: bytes          # as it was sent, byte for byte
    at: float
    secured: bool           # by TLS
    user: str = None

    @property
    def message(self):
        return email.message_from_bytes(self.content, policy=email.policy.default)

    @property
    def id(self):
        return str(self.message["Message-ID"])

    def part(self, kind):
        """The text of text/plain or text/html."""
        return self.message.get_body((kind,)).get_content()


class Smtp:
    """A mail server. `certificate`: it offers STARTTLS, and takes nothing before it; `user` and `password`: nor without them.
    `mode` of the next mails: "ok", "recipient" (550), "full" (452), "slow" (answers after `seconds`), "late" (so, too, but has kept the mail by then), "drop" (keeps the mail and hangs up before its
    yes), "content" (554 after the last line)."""

    def __init__(self, certificate=None, key=None, user=None, password=None):
        self.mails, self.mode, self.seconds, self.attempts = [], "ok", 0, 0
        self.user, self.password = user, password
        options = {"hostname": "127.0.0.1", "port": 0}
        if certificate:
            options.update(tls_context=server_context(certificate, key), require_starttls=True)
        if user:
            options.update(authenticator=self.authenticate, auth_required=True, auth_require_tls=bool(certificate))
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            options["port"] = s.getsockname()[1]
        self.controller = Controller(self, **options)
        self.port = options["port"]

    @property
    def url(self):
        return "smtp://localhost:%d" % self.port

    def authenticate(self, _server, _session, _envelope, _mechanism, data):
        good = data.login.decode() == self.user and data.password.decode() == self.password
        return AuthResult(success=good, handled=False, auth_data=data.login.decode())

    async def handle_RCPT(self, _server, _session, envelope, address, _options):
        self.attempts += 1
        if self.mode == "recipient":
            return "550 5.1.1 no such mailbox"
        if self.mode == "full":
            return "452 4.2.2 mailbox full"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        mode, seconds = self.mode, self.seconds
        if mode == "content":
            return "554 5.7.1 not this one"
        if mode == "slow":
            await asyncio.sleep(seconds)
        self.mails.append(Mail(envelope.mail_from, envelope.rcpt_tos, envelope.original_content, time.time(), session.ssl is not None,
                               session.auth_data if session.authenticated else None))
        if mode == "late":
            await asyncio.sleep(seconds)
        if mode == "drop":
            server.transport.abort()
        return "250 OK"

    def __enter__(self):
        self.controller.start()
        return self

    def __exit__(self, *_):
        self.controller.stop()


# ---- web-hooks ----
@dataclass
class Message:
    path: str
    id: str
    timestamp: int
    body: bytes
    at: float
    signed_by: list         # which of the secrets of its path, by their places; -1: by one that is not known
    headers: dict = field(default_factory=dict)
    answered: object = None


def signature(secret, message_id, timestamp, body):
    """Of Standard Webhooks, by Python's own modules."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    return base64.b64encode(hmac.new(key, b"%s.%s.%s" % (message_id.encode(), timestamp.encode(), body), hashlib.sha256).digest()).decode()


class Hooks:
    """A receiver of web-hooks. What a path answers is planned by `plan(path, step, step...)`; the last step goes on for ever. A step is a status,
    (status, {header: value}), or "hang" (says nothing), "cut" (half an answer), "flood" (200 and a megabyte), "slow" (200 after a second)."""

    def __init__(self, certificate=None, key=None):
        self.messages, self.steps, self.secrets = [], defaultdict(lambda: [200]), defaultdict(list)
        self.lock, self.released = threading.Lock(), threading.Event()
        self.before_answer = None       # called with the message before its answer leaves
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                receiver.take(self)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.handle_error = lambda *_: None      # nor one that hangs up
        self.secure = certificate is not None
        if certificate:
            self.server.socket = server_context(certificate, key).wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_address[1]

    def url(self, path="/"):
        return "%s://localhost:%d%s" % ("https" if self.secure else "http", self.port, path)

    def plan(self, path, *steps):
        self.steps[path] = list(steps) or [200]

    def knows(self, path, *secrets):
        self.secrets[path] = list(secrets)

    def of(self, path):
        with self.lock:
            return [m for m in self.messages if m.path == path]

    def taken(self, path):
        """Those that were answered by 2xx."""
        return [m for m in self.of(path) if m.answered in (200, 202, 204)]

    def _read(self, handler):
        body = handler.rfile.read(int(handler.headers.get("content-length", 0)))
        message_id, timestamp = handler.headers.get("webhook-id", ""), handler.headers.get("webhook-timestamp", "0")
        given = [s.split(",", 1)[1] for s in handler.headers.get("webhook-signature", "").split() if s.startswith("v1,")]
        known = [signature(s, message_id, timestamp, body) for s in self.secrets[handler.path]]
        signed_by = [known.index(s) if s in known else -1 for s in given]
        return Message(handler.path, message_id, int(timestamp), body, time.time(), signed_by, {k.lower(): v for k, v in handler.headers.items()})

    def take(self, handler):
        m = self._read(handler)
        with self.lock:
            steps = self.steps[m.path]
            step = steps.pop(0) if len(steps) > 1 else steps[0]
            m.answered = step[0] if isinstance(step, tuple) else 200 if step in ("flood", "slow") else step
            self.messages.append(m)
        if self.before_answer:
            self.before_answer(m)
        try:
            self._answer(handler, step)
        except OSError:
            pass            # whoever asked has left

    def _answer(self, handler, step):
        headers = {}
        body = b""
        if isinstance(step, tuple):
            step, headers = step
        if step == "hang":
            self.released.wait(HANG_SECONDS)
            handler.close_connection = True
            return
        if step == "cut":
            handler.wfile.write(b"HTTP/1.1 2")
            handler.close_connection = True
            return
        if step == "slow":
            time.sleep(1)
        if step == "flood":
            body = b"x" * (1 << 20)
        handler.send_response(step if isinstance(step, int) else 200)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("content-length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self.released.set()
        self.server.shutdown()
        self.server.server_close()
