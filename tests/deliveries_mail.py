#!/usr/bin/env python3
"""Digests: what they say (digest_words.py), and that they reach a real mail server once a day, at their hour, whatever happens to the daemon or to
the server. Ends with "N passed, N failed"; --golden: see there."""
import hashlib
import json
import random
import re
import sys
import time
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from daemon import Checks, Daemon, Store
from digest_words import PRIVATE, SATURDAY, a_portfolio, new_store, preview, what_it_says
from faults import Clock
from receivers import Smtp, make_certificate, wait_until
from virtual_plie import Plie


# ---- that it is sent ----
class Mailing:
    """A PLIE whose mails go to a server of ours, and the processes that serve it one after the other."""

    def __init__(self, store, smtp, *flags):
        self.store, self.smtp = store, smtp
        self.flags = ("--mail", smtp.url, "--mail-from", "plie@example.org", "--public-url", "https://plie.example.org", *flags)
        self.plie, self.said = None, ""

    def start(self):
        daemon = Daemon(self.store, *self.flags)
        if self.plie:
            self.plie.serve(daemon)
        else:
            self.plie = Plie(daemon)
        return self.plie

    def stop(self, kill=False):
        d = self.plie.daemon
        self.plie.client.close()        # a connection that is kept would be waited for
        status = d.kill() if kill else d.stop()
        self.said += d.said()
        return status

    def again(self, kill=False):
        self.stop(kill)
        return self.start()

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop(kill=True)

    def to(self, address):
        return [m for m in self.smtp.mails if m.recipients == [address]]

    def arrives(self, address, count, seconds=10):
        """So many have come to that address, and no more come at once."""
        wait_until(lambda: len(self.to(address)) >= count, seconds)
        time.sleep(0.2)
        return len(self.to(address)) == count

    def records(self, kind, delivery=None):
        """What the log says was sent, or not."""
        seen, after = [], 0
        while True:
            page = self.plie.client.read("/v1/events?after=%d" % after)["events"]
            if not page:
                break
            seen += page
            after = int(page[-1]["seq"])
        return [e["data"] for e in seen if e["kind"] == kind and (delivery is None or delivery in json.dumps(e["data"]))]

    def recorded(self, kind, delivery, count, seconds=10):
        wait_until(lambda: len(self.records(kind, delivery)) >= count, seconds)
        return self.records(kind, delivery)


def digest(plie, address, minute, **more):
    return plie.do("open_digest", address=address, minute=minute, **more)["delivery"]


def is_the_mail(t, mailing):
    plie = mailing.plie
    r = a_portfolio(plie)
    d = digest(plie, "a@example.org", 450, referent=r)
    plie.tick(SATURDAY, 7, 29, 50)
    t.same("not before its hour", mailing.arrives("a@example.org", 0), True)
    plie.tick(SATURDAY, 7, 30, 5)
    if not t.that("at its hour", mailing.arrives("a@example.org", 1), len(mailing.smtp.mails)):
        return
    mail = mailing.to("a@example.org")[0]
    message = mail.message
    t.same("from whom, to whom", (mail.sender, mail.recipients, str(message["To"])), ("plie@example.org", ["a@example.org"], "a@example.org"))
    t.same("who sends it is said", message["From"].addresses[0].display_name, "PLIE de la vallée")
    t.same("its subject", str(message["Subject"]), "[PLIE de la vallée] Votre journée du 14 mars 2026")
    t.same("its name", mail.id, "<digest.2026-03-14.%s@example.org>" % d)
    t.same("dated by its hour", message["Date"].datetime.isoformat(), "2026-03-14T06:30:00+00:00")
    t.same("no machine answers it", str(message["Auto-Submitted"]), "auto-generated")
    t.same("two parts", [part.get_content_type() for part in message.iter_parts()], ["text/plain", "text/html"])
    position = lambda text: re.sub(r"position \d+", "position N", text).replace("\r\n", "\n")     # noqa: E731
    for kind, part in (("text/plain", "plain"), ("text/html", "html")):
        sent, shown = position(mail.part(part)).splitlines(), position(preview(plie, d, kind, on="2026-03-14")).splitlines()
        t.same("it says what the preview says: " + part, [line for line in zip(sent, shown) if line[0] != line[1]], [])
        t.same("all of it: " + part, len(sent), len(shown))
    t.that("by TLS, as somebody", mail.secured and mail.user == "plie", (mail.secured, mail.user))
    told = [word for word in PRIVATE if word in mail.part("plain") + mail.part("html") + str(message["Subject"])]
    t.same("nobody is named", told, [])
    noted = mailing.recorded("messages_sent", d, 1)
    t.same("and noted: which, of what day, the hash of what went", [(n["count"], n["day"], n["answered"], n["digest_of"]) for n in noted],
           [(1, "2026-03-14", 250, hashlib.sha256(mail.content).hexdigest())])
    t.that("by its id", noted and d in noted[0]["messages"] and "2026-03-14" in noted[0]["messages"], noted)


def once_a_day(t, mailing):
    plie, dice = mailing.plie, random.Random(2026)
    d = digest(plie, "daily@example.org", 450, even_empty=True, weekdays=["monday", "tuesday", "wednesday", "thursday", "friday"])
    first, wanted = plie.day, 0
    for days in range(1, 31):
        day = first + timedelta(days=days)
        if dice.random() < 0.2:
            mailing.again(kill=dice.random() < 0.5)
        plie.tick(day, 7, dice.randrange(0, 30))
        if dice.random() < 0.2:
            mailing.again(kill=dice.random() < 0.5)
        plie.tick(day, dice.randrange(8, 20), dice.randrange(60))
        wanted += day.weekday() < 5
        if not t.that("day %s: once" % day, mailing.arrives("daily@example.org", wanted), "%d instead of %d" % (len(mailing.to("daily@example.org")), wanted)):
            return
        plie.tick(day, 21, dice.randrange(60))
        mailing.recorded("messages_sent", d, wanted)
    mailing.again()
    plie.tick(first + timedelta(days=31), 0, 1)
    t.that("and never twice", mailing.arrives("daily@example.org", wanted), len(mailing.to("daily@example.org")))
    t.same("each of its own day", len({m.id for m in mailing.to("daily@example.org")}), wanted)
    plie.do("stop_delivery", d)


def after_a_stop(t, mailing):
    plie = mailing.plie
    plie.tick(plie.day, 12, 0)
    d = digest(plie, "stop@example.org", 450, even_empty=True)
    plie.tick(plie.day + timedelta(days=1), 7, 0)
    mailing.stop()
    mailing.start()
    plie.tick(plie.day, 11, 0)
    t.that("stopped over the hour: one, at the start", mailing.arrives("stop@example.org", 1), len(mailing.to("stop@example.org")))
    mailing.recorded("messages_sent", d, 1)
    last = plie.day
    mailing.stop()
    mailing.start()
    plie.tick(last + timedelta(days=3), 11, 0)
    t.that("stopped for three days: one", mailing.arrives("stop@example.org", 2), len(mailing.to("stop@example.org")))
    t.same("of the last of them", [m.id[8:18] for m in mailing.to("stop@example.org")], [last.isoformat(), (last + timedelta(days=3)).isoformat()])
    plie.tick(plie.day + timedelta(days=1), 7, 0)
    t.that("none before the next hour", mailing.arrives("stop@example.org", 2), len(mailing.to("stop@example.org")))
    plie.do("stop_delivery", d)


def killed(t, mailing):
    """Stopped, then killed, after the server took it and before it was noted: the same mail goes again."""
    plie, smtp = mailing.plie, mailing.smtp
    d = digest(plie, "killed@example.org", 450, even_empty=True)
    smtp.mode, smtp.seconds = "late", 30
    plie.tick(plie.day + timedelta(days=1), 7, 31)
    t.that("the server has it", wait_until(lambda: mailing.to("killed@example.org")), plie.client.get("/v1/deliveries/%s" % d))
    began = time.monotonic()
    mailing.stop()
    t.that("a stop waits for no server", time.monotonic() - began < 5, time.monotonic() - began)
    mailing.start()
    t.that("it has it again", wait_until(lambda: len(mailing.to("killed@example.org")) == 2))
    mailing.stop(kill=True)
    smtp.mode = "ok"
    mailing.start()
    t.that("it is noted once", len(mailing.recorded("messages_sent", d, 1)) == 1, mailing.said[-300:])
    mails = mailing.to("killed@example.org")
    t.same("three times, under one name", (len(mails), len({m.id for m in mails})), (3, 1))
    t.same("saying the same, but for the log's position", len({re.sub(r"position \d+", "", m.part("plain")) for m in mails}), 1)
    plie.do("stop_delivery", d)


def dropped(t, mailing):
    """The server hangs up before its yes: it is tried again, and both are one mail."""
    plie, smtp = mailing.plie, mailing.smtp
    d = digest(plie, "dropped@example.org", 450, even_empty=True)
    smtp.mode = "drop"
    plie.tick(plie.day + timedelta(days=1), 7, 31)
    failed = mailing.recorded("message_failed", d, 1)
    t.same("noted as unreachable", [f["failure"] for f in failed], ["unreachable"])
    smtp.mode = "ok"
    for minutes in (2, 10, 30):
        plie.tick(plie.day, 8, minutes)
        if wait_until(lambda: len(mailing.to("dropped@example.org")) > 1, 2):
            break
    mails = mailing.to("dropped@example.org")
    t.same("again, byte for byte", (len(mails), len({m.content for m in mails})), (2, 1))
    plie.do("stop_delivery", d)


def twice_a_year(t, mailing):
    plie = mailing.plie
    plie.tick(date(2026, 3, 28), 12, 0)
    d = digest(plie, "clock@example.org", 150, even_empty=True)     # 02:30
    plie.tick(date(2026, 3, 29), 1, 59)
    t.that("an hour that does not exist: not before", mailing.arrives("clock@example.org", 0))
    plie.tick(date(2026, 3, 29), 3, 0, 1)
    t.that("the next one that does", mailing.arrives("clock@example.org", 1), len(mailing.to("clock@example.org")))
    plie.tick(date(2026, 10, 24), 12, 0)
    mailing.arrives("clock@example.org", 2)
    plie.tick(date(2026, 10, 25), 2, 31)
    t.that("an hour that comes twice: the first", mailing.arrives("clock@example.org", 3), len(mailing.to("clock@example.org")))
    mailing.recorded("messages_sent", d, 3)
    plie.now += timedelta(hours=1)
    plie.tick()
    t.that("and not the second", mailing.arrives("clock@example.org", 3), len(mailing.to("clock@example.org")))
    plie.do("stop_delivery", d)


def nothing_to_say(t, mailing):
    plie = mailing.plie
    r = plie.do("register_referent", name="Sacha Noir")["referent"]
    d = digest(plie, "quiet@example.org", 450, referent=r)
    plie.tick(plie.day + timedelta(days=1), 7, 31)
    noted = mailing.recorded("messages_sent", d, 1)
    t.same("decided, and nothing sent", [(n["count"], n["answered"], n["day"]) for n in noted], [(0, 0, plie.day.isoformat())])
    t.that("nothing came", mailing.arrives("quiet@example.org", 0))
    plie.do("stop_delivery", d)


def refused(t, mailing):
    plie, smtp = mailing.plie, mailing.smtp
    d = digest(plie, "refused@example.org", 450, even_empty=True)
    smtp.mode = "recipient"
    plie.tick(plie.day + timedelta(days=1), 7, 31)
    first = mailing.recorded("message_failed", d, 1)
    t.same("550: noted", [(f["failure"], f["answered"]) for f in first], [("address", 550)])
    plie.tick(plie.day + timedelta(days=1), 7, 31)
    stopped = lambda: [e["data"].get("reason") for e in plie.client.read("/v1/deliveries/%s/events" % d)["events"] if e["kind"] == "delivery_stopped"]     # noqa: E731
    t.that("twice in a row: it is stopped", wait_until(lambda: stopped() == ["refused"]), stopped())
    smtp.mode = "ok"
    plie.tick(plie.day + timedelta(days=1), 7, 31)
    t.that("then nothing goes", mailing.arrives("refused@example.org", 0))
    plie.do("resume_delivery", d)
    t.that("until it is resumed", mailing.arrives("refused@example.org", 1), len(mailing.to("refused@example.org")))


def untrusted(t, build, certificate, key):
    """Nothing leaves in clear, to a stranger, or under a wrong password."""
    other, other_key = make_certificate(certificate.parent, "elsewhere")
    password = certificate.parent / "wrong"
    password.write_text("wrong")
    password.chmod(0o600)
    cases = {
        "a certificate that nobody vouches for": (Smtp(certificate, key), ("--ca-file", str(other)), "tls"),
        "a certificate of another machine": (Smtp(other, other_key), ("--ca-file", str(other)), "tls"),
        "no STARTTLS, though a password would travel": (Smtp(), ("--mail-user", "plie", "--mail-password", str(password)), "tls"),
        "a wrong password": (Smtp(certificate, key, "plie", "right"), ("--ca-file", str(certificate), "--mail-user", "plie", "--mail-password", str(password)), "authentication"),
    }
    for name, (server, flags, wanted) in cases.items():
        if "password" not in name:
            secret = certificate.parent / "password"
            flags = (*flags, "--mail-user", "plie", "--mail-password", str(secret))
        with new_store(build) as store, server as smtp, Mailing(store, smtp, *flags) as mailing:
            plie = mailing.plie
            d = digest(plie, "x@example.org", 450, even_empty=True)
            plie.tick(plie.day + timedelta(days=1), 7, 31)
            failed = mailing.recorded("message_failed", d, 1)
            t.same(name, ([f["failure"] for f in failed][:1], len(smtp.mails)), ([wanted], 0))
            t.that(name + ": no password is said", "wrong" not in mailing.plie.daemon.said() and "right" not in mailing.plie.daemon.said(), mailing.plie.daemon.said())


def by_the_clock(t, build):
    """A store that is no demonstration, by a clock that is the machine's for all it knows."""
    zone = ZoneInfo("Europe/Paris")
    with Store(build, "standard", "--zone", "Europe/Paris", "--name", "PLIE de la vallée") as store, Smtp() as smtp:
        clock = Clock(store)
        day = datetime.now(zone).date() + timedelta(days=1)
        at = lambda *when: clock.set(round(datetime(*when, tzinfo=zone).timestamp() - time.time()))     # noqa: E731
        flags = ("--mail", smtp.url, "--mail-from", "plie@example.org")
        at(day.year, day.month, day.day, 7, 29, 52)
        with Daemon(store, *flags, environment=clock.environment) as d:
            c = d.client()
            c.do("open_digest", address="a@example.org", minute=450, even_empty=True)
            t.same("before the hour", (time.sleep(2), len(smtp.mails))[1], 0)
            t.that("at the hour", wait_until(lambda: len(smtp.mails) == 1, 20), len(smtp.mails))
            c.close()
        later = day + timedelta(days=3)
        at(later.year, later.month, later.day, 11, 0, 0)
        with Daemon(store, *flags, environment=clock.environment):
            t.that("and once after three days", wait_until(lambda: len(smtp.mails) == 2, 20), len(smtp.mails))
            time.sleep(1)
        t.same("of these days", [m.id[8:18] for m in smtp.mails], [day.isoformat(), later.isoformat()])


def sending(t, build):
    with new_store(build) as store:
        certificate, key = make_certificate(store.root)
        password = store.root / "password"
        password.write_text("s3cret\n")
        password.chmod(0o600)
        flags = ("--ca-file", str(certificate), "--mail-user", "plie", "--mail-password", str(password))
        with Smtp(certificate, key, "plie", "s3cret") as smtp, Mailing(store, smtp, *flags) as mailing:
            for part in (is_the_mail, once_a_day, after_a_stop, killed, dropped, nothing_to_say, refused):
                t.run(part.__name__, part, mailing)
            t.that("alive", mailing.plie.daemon.alive(), mailing.plie.daemon.said())
            mailing.stop()
            told = [word for word in (*PRIVATE, "s3cret", "example.org>", "@example.org") if word in mailing.said]
            t.same("what it says names nobody", told, [])
        t.run("untrusted", untrusted, build, certificate, key)
    with new_store(build) as store, Smtp() as smtp, Mailing(store, smtp) as mailing:
        t.run("twice a year", twice_a_year, mailing)
    t.run("by the clock", by_the_clock, build)


def main():
    build = sys.argv[1] if len(sys.argv) > 1 else "build"
    t = Checks()
    with new_store(build) as store, Daemon(store, "--public-url", "https://plie.example.org") as d:
        t.run("what it says", what_it_says, Plie(d))
    sending(t, build)
    t.finish()


if __name__ == "__main__":
    main()
