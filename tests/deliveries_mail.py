#!/usr/bin/env python3
"""Digests: what they say (golden files, both languages), and that they reach a real mail server once a day, at their hour, whatever happens to
the daemon or to the server. Ends with "N passed, N failed". With --golden the golden files are written anew: look at the difference."""
import hashlib
import json
import random
import re
import sys
import time
from datetime import date, timedelta
from pathlib import Path

from daemon import Checks, Daemon, Store, hold_session, propose
from receivers import Smtp, make_certificate, wait_until
from virtual_plie import BEGUN, Plie

GOLDEN = Path(__file__).resolve().parent / "golden"
ID = re.compile(r"\b([a-z])_[0-9a-z]{8}\b")
SATURDAY = date(2026, 3, 14)
PEOPLE = ("DUPONTEL", "MERCIER", "BERNARDIN", "LEFEBVRE", "GARNIER")
PRIVATE = (*PEOPLE, "Ana", "Camille Roux", "Noa Blanc", "0612345678", "ana@example.org")


def settled_ids(text):
    """Ids depend on the store: numbered as they appear, as long as they were."""
    seen = {}
    return ID.sub(lambda m: seen.setdefault(m.group(0), "%s_%08d" % (m.group(1), len(seen) + 1)), text)


def golden(t, name, text):
    text = re.sub(r"position \d+", "position N", settled_ids(text))
    path = GOLDEN / name
    if "--golden" in sys.argv:
        path.write_text(text)
    wanted = path.read_text()
    if not t.that("%s is what it was" % name, text == wanted):
        for a, b in zip(text.splitlines() + [""], wanted.splitlines() + [""]):
            if a != b:
                print("  got    %s\n  wanted %s" % (a, b))


# ---- what it says ----
def enter(plie, p, referent):
    if referent:
        plie.do("assign_referent", p, referent=referent)
    plie.do("decide_entry", p, outcome="accepted", session=hold_session(plie.client, plie.day))
    plie.do("sign_contract", p, by_participant=True, by_referent=True)


def a_portfolio(plie):
    """Two référents, one of them away and replaced by the other; on a Saturday of March."""
    plie.do("set_publicity", mention="Opération soutenue par le Fonds social européen plus")
    r = plie.do("register_referent", name="Camille Roux", email="camille@example.org")["referent"]
    away = plie.do("register_referent", name="Noa Blanc")["referent"]
    p = [plie.followed(r, name) for name in PEOPLE[:4]] + [plie.followed(away, PEOPLE[4])]
    for one in p[:3]:
        enter(plie, one, r)
    plie.do("record_profile", p[0], telephone="0612345678", email="ana@example.org")
    enter(plie, propose(plie.client, "PERSONNE", plie.day), None)
    plie.until(date(2026, 3, 2))
    plie.do("transmit_contract", p[0])
    for month in ("2026-01", "2026-02"):
        for report in ("activity", "steps"):
            plie.do("send_report", r, report=report, month=month)
    plie.until(date(2026, 3, 5))
    enter(plie, p[3], r)
    plie.until(date(2026, 3, 12))
    plie.do("start_absence", away, reason="illness", substitute=r)
    plie.do("plan_appointment", p[0], day=SATURDAY.isoformat(), minute=630, channel="interview")
    plie.do("plan_appointment", p[1], day="2026-03-16", minute=540)
    plie.do("plan_appointment", p[4], day="2026-03-16", channel="telephone")
    off = plie.do("plan_appointment", p[2], day="2026-03-16", minute=600)["seq"]
    plie.do("cancel_appointment", p[2], appointment=off, reason="malade")
    plie.do("plan_appointment", p[2], day="2026-03-17", minute=600)
    alerts = plie.client.read("/v1/alerts?referent=%s" % r)["alerts"]
    seen = next(a for a in alerts if a["participant"] == p[1])
    plie.do("acknowledge_alert", p[1], rule=seen["rule"], since=seen["since"])
    put_off = next(a for a in alerts if a["participant"] == p[2])
    plie.do("snooze_alert", p[2], rule=put_off["rule"], since=put_off["since"], until_day="2026-03-20", reason="vacances de la personne")
    plie.tick(SATURDAY, 7)
    return r


def preview(plie, delivery, kind, on=None):
    answer = plie.client.get("/v1/deliveries/%s/preview%s" % (delivery, "?on=" + on if on else ""), Accept=kind)
    if answer.status != 200:
        raise AssertionError(answer)
    return answer.body.decode()


def what_it_says(t, plie):
    r = a_portfolio(plie)
    opened = {"referent-fr": {"referent": r}, "referent-en": {"referent": r, "language": "en"}, "coordinator-fr": {}, "coordinator-en": {"language": "en"},
              "names-fr": {"referent": r, "names": True}}
    for name, more in opened.items():
        d = plie.do("open_digest", address="somebody@example.org", minute=450, **more)["delivery"]
        plain, page, whole = (preview(plie, d, kind) for kind in ("text/plain", "text/html", "application/json"))
        golden(t, "digest-%s.txt" % name, plain)
        if name == "referent-fr":
            golden(t, "digest-%s.html" % name, page)
        whole = plie.client.read("/v1/deliveries/%s/preview" % d)
        t.same(name + ": the same three ways", (whole["text"], whole["html"], whole["empty"]), (plain, page, False))
        t.same(name + ": the subject says nothing of anybody", whole["subject"],
               "[PLIE de la vallée] " + ("Your day, 14 March 2026" if name.endswith("-en") else "Votre journée du 14 mars 2026"))
        for line in plain.splitlines():
            for cell in re.split(r"\s{3,}", line.strip()):
                escaped = cell.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;").replace("'", "&#39;")
                if cell not in ("--",) and not cell.endswith("..."):
                    t.that(name + ": the page has it too", escaped in page, cell)
        t.that(name + ": no picture, no script, no address but the PLIE's", not re.search(r"<(img|script|a|link|style)\b", page), page)
        told = [word for word in PRIVATE if word in plain or word in page]
        t.same(name + ": who is named", told, ["Ana"] if name == "names-fr" else [])
    newcomer = plie.do("register_referent", name="Alix Morel")["referent"]
    empty = plie.do("open_digest", address="somebody@example.org", minute=450, referent=newcomer)["delivery"]
    t.same("who follows nobody has nothing to do", ("Rien à faire ce jour." in preview(plie, empty, "text/plain"),
                                                    plie.client.read("/v1/deliveries/%s/preview" % empty)["empty"]), (True, True))
    calendar = plie.do("open_calendar", referent=r)["delivery"]
    for wrong in (calendar, "d_22222222"):
        t.same("only digests are previewed", plie.client.get("/v1/deliveries/%s/preview" % wrong).status, 404)


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
    t.same("from whom, to whom", (mail.sender, mail.recipients, str(message["To"])), ("plie@example.org", ["a@example.org"], "<a@example.org>"))
    t.same("who sends it is said", message["From"].addresses[0].display_name, "PLIE de la vallée")
    t.same("its subject", str(message["Subject"]), "[PLIE de la vallée] Votre journée du 14 mars 2026")
    t.same("its name", mail.id, "<digest.2026-03-14.%s@example.org>" % d)
    t.same("dated by its hour", message["Date"].datetime.isoformat(), "2026-03-14T06:30:00+00:00")
    t.same("no machine answers it", str(message["Auto-Submitted"]), "auto-generated")
    t.same("two parts", [part.get_content_type() for part in message.iter_parts()], ["text/plain", "text/html"])
    position = lambda text: re.sub(r"position \d+", "position N", text)     # noqa: E731
    for kind, part in (("text/plain", "plain"), ("text/html", "html")):
        t.same("it says what the preview says: " + part, position(mail.part(part)), position(preview(plie, d, kind, on="2026-03-14")))
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
    """After the server took it and before it was noted: the same mail goes again."""
    plie, smtp = mailing.plie, mailing.smtp
    d = digest(plie, "killed@example.org", 450, even_empty=True)
    smtp.mode, smtp.seconds = "slow", 2
    before = smtp.attempts
    plie.tick(plie.day + timedelta(days=1), 7, 31)
    wait_until(lambda: smtp.attempts > before)
    time.sleep(0.3)
    mailing.stop(kill=True)
    smtp.mode = "ok"
    mailing.start()
    t.that("it comes", wait_until(lambda: mailing.recorded("messages_sent", d, 1, 1)), mailing.said[-300:])
    time.sleep(2)
    mails = mailing.to("killed@example.org")
    t.that("under one name, and with the same bytes but for the log's position", mails and len({m.id for m in mails}) == 1, [m.id for m in mails])
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
    state = lambda: plie.client.read("/v1/deliveries/%s" % d)["state"]      # noqa: E731
    plie.tick(plie.day + timedelta(days=1), 7, 31)
    first = mailing.recorded("message_failed", d, 1)
    t.same("550: noted", [(f["failure"], f["answered"]) for f in first], [("address", 550)])
    plie.tick(plie.day + timedelta(days=1), 7, 31)
    wait_until(lambda: len(mailing.records("delivery_stopped")) > 0)
    t.that("twice in a row: it is stopped", "stopped" in json.dumps(state()) and "refused" in json.dumps(state()), state())
    smtp.mode = "ok"


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


def new_store(build):
    return Store(build, "standard", "--demo", "--today", BEGUN.isoformat(), "--zone", "Europe/Paris", "--name", "PLIE de la vallée")


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


def main():
    build = sys.argv[1] if len(sys.argv) > 1 else "build"
    t = Checks()
    with new_store(build) as store, Daemon(store, "--public-url", "https://plie.example.org") as d:
        t.run("what it says", what_it_says, Plie(d))
    sending(t, build)
    t.finish()


if __name__ == "__main__":
    main()
