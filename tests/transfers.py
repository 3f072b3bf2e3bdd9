"""daemon/out/transfer.c against real servers: every way an answer can come, or not. Usage: transfers.py BUILD"""
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from daemon import Checks, free_port
from receivers import Hooks, Smtp, make_certificate

MAIL = b"From: a@example.org\r\nTo: b@example.org\r\nSubject: essai\r\n\r\nligne\r\n.\r\n.point\r\n=C3=A9t=C3=A9\r\n"


@dataclass
class End:
    end: str
    answered: int
    retry_after: int
    ms: int
    sentence: str


def send(*lines, timeout=90):
    """How each line ended, in their order (tests/send_one.c)."""
    ran = subprocess.run([BUILD / "send_one"], input="\n".join(lines) + "\n", capture_output=True, text=True, timeout=timeout)
    assert ran.returncode == 0, ran.stderr
    ends = {}
    for line in ran.stdout.splitlines():
        number, end, answered, retry, ms, sentence = line.split(" ", 5)
        ends[int(number)] = End(end, int(answered), int(retry), int(ms), sentence)
    return [ends[i] for i in range(len(lines))]


def statuses(checks, _root):
    with Hooks() as h:
        h.plan("/gone", 410)
        h.plan("/later", (503, {"Retry-After": "7"}))
        h.plan("/elsewhere", (302, {"Location": h.url("/ok")}))
        ends = send("post %s header=webhook-id:msg_1 header=x-two:2" % h.url("/ok"), "post " + h.url("/gone"), "post " + h.url("/later"),
                    "post " + h.url("/elsewhere"))
        checks.same("2xx is sent", (ends[0].end, ends[0].answered), ("sent", 200))
        checks.same("410", (ends[1].end, ends[1].answered), ("refused", 410))
        checks.same("503 says when", (ends[2].end, ends[2].answered, ends[2].retry_after), ("refused", 503, 7))
        checks.same("a redirect is refused", (ends[3].end, ends[3].answered), ("refused", 302))
        checks.same("and not followed", len(h.of("/ok")), 1)
        m = h.of("/ok")[0]
        checks.same("the body", m.body, b'{"n": 0}')
        checks.same("its headers", (m.id, m.headers["x-two"]), ("msg_1", "2"))
        checks.that("no Expect", "expect" not in m.headers, m.headers)


def unanswered(checks, _root):
    with Hooks() as h:
        h.plan("/cut", "cut")
        h.plan("/flood", "flood")
        h.plan("/hang", "hang")
        began = time.monotonic()
        ends = send("post " + h.url("/hang"), "post " + h.url("/cut"), "post " + h.url("/flood"), "post http://localhost:%d/" % free_port(),
                    "post http://nobody.invalid/", "post ftp://localhost/", "post http://user:word@localhost:%d/" % h.port)
        checks.same("a hang is timed out", (ends[0].end, ends[0].answered), ("timeout", 0))
        checks.that("after 15 s", 14000 < ends[0].ms < 17000, ends[0].ms)
        checks.that("alone: the others did not wait for it", max(e.ms for e in ends[1:]) < 8000, [e.ms for e in ends])
        checks.that("and all went on together", time.monotonic() - began < 20)
        checks.same("half an answer", (ends[1].end, ends[1].answered), ("unreachable", 0))
        checks.same("a megabyte is cut, its status counts", (ends[2].end, ends[2].answered), ("sent", 200))
        checks.same("nobody listens", ends[3].end, "unreachable")
        checks.same("no such host", ends[4].end, "unreachable")
        checks.same("another protocol", ends[5].end, "address")
        checks.that("a URL with a password", ends[6].end != "sent" and not h.of("/"), ends[6])


def certificates(checks, root):
    good = make_certificate(root)
    other, _ = make_certificate(root, "elsewhere.example.org")
    with Hooks(*good) as h:
        ends = send("post " + h.url(), "post %s ca=%s" % (h.url(), good[0]), "post %s ca=%s" % (h.url(), other))
        checks.same("an unknown certificate", ends[0].end, "tls")
        checks.same("one that is trusted by ca-file", ends[1].end, "sent")
        checks.same("another one", ends[2].end, "tls")
    with Hooks(other, root / "elsewhere.example.org.key") as h:
        checks.same("trusted, of another name", send("post %s ca=%s" % (h.url(), other))[0].end, "tls")


def kept_connections(checks, _root):
    with Hooks() as h:
        began = time.monotonic()
        ends = send(*["post " + h.url("/many")] * 300)
        checks.same("300 posts, 16 at once", [e.end for e in ends].count("sent"), 300)
        checks.same("each once", sorted(m.body for m in h.of("/many")), sorted(b'{"n": %d}' % i for i in range(300)))
        checks.that("in no time", time.monotonic() - began < 10, time.monotonic() - began)


def mails(checks, root):
    certificate, key = make_certificate(root)
    path = root / "mail"
    path.write_bytes(MAIL)
    line = "mail %%s a@example.org b@example.org %s" % path
    with Smtp(certificate, key, "plie", "secret") as s:
        whole = line % s.url + " ca=%s user=plie" % certificate
        ends = send(whole + " tls password=secret", whole + " tls password=wrong", line % s.url + " ca=%s tls" % certificate,
                    line % s.url + " user=plie password=secret tls", whole + " password=secret")
        checks.same("STARTTLS and a password", (ends[0].end, ends[0].answered), ("sent", 250))
        checks.same("received byte for byte", [m.content for m in s.mails], [MAIL])
        checks.same("from and to", (s.mails[0].sender, s.mails[0].recipients, s.mails[0].secured, s.mails[0].user),
                    ("a@example.org", ["b@example.org"], True, "plie"))
        checks.same("a wrong password", (ends[1].end, ends[1].answered), ("authentication", 535))
        checks.same("none, where one is wanted", ends[2].end, "authentication")
        checks.same("an unknown certificate", ends[3].end, "tls")
        checks.that("no TLS where it is wanted", ends[4].end != "sent", ends[4])
    with Smtp() as s:
        checks.same("no TLS to be had", send(line % s.url + " tls")[0].end, "tls")
        checks.same("none asked for", send(line % s.url)[0].end, "sent")
        s.mode = "recipient"
        checks.same("an unknown recipient", (lambda e: (e.end, e.answered))(send(line % s.url)[0]), ("address", 550))
        s.mode = "full"
        checks.same("a full mailbox", (lambda e: (e.end, e.answered))(send(line % s.url)[0]), ("refused", 452))
        s.mode = "content"
        checks.same("a refused content", (lambda e: (e.end, e.answered))(send(line % s.url)[0]), ("refused", 554))
        s.mode = "drop"
        checks.same("hung up before its yes", send(line % s.url)[0].end, "unreachable")
        checks.same("but it was kept", len(s.mails), 2)
        s.mode, s.seconds = "slow", 2
        checks.same("a slow yes", send(line % s.url)[0].end, "sent")
        with Hooks() as h:
            first, second, post = send(line % s.url, line % s.url, "post " + h.url("/ok"))
        checks.that("it holds up nothing else", post.end == "sent" and post.ms < 1000 and first.ms < 3000 and second.ms < 3000, (first, second, post))
    checks.same("nobody listens", send(line % ("smtp://localhost:%d" % free_port()))[0].end, "unreachable")


def main():
    checks = Checks()
    with tempfile.TemporaryDirectory(prefix="parcours-test-") as directory:
        root = Path(directory)
        for part in (statuses, unanswered, certificates, kept_connections, mails):
            checks.run(part.__name__, part, root)
    checks.finish()


BUILD = Path(sys.argv[1]).resolve()
if __name__ == "__main__":
    main()
