#!/usr/bin/env python3
"""A référent's calendar at its secret address, read by somebody else's parser (python3-icalendar): appointments that move, are cancelled and taken out,
deadlines, whoever stands in, Paris in winter and in summer, the same bytes twice, an address that is renewed.
Every command says when it was recorded: a demonstration's clock is its last record. Ends with "N passed, N failed"."""
import sys
from datetime import date, timedelta

from daemon import Checks, Daemon, Store, hold_session
from virtual_plie import BEGUN, Plie

sys.path.append("/usr/lib/python3/dist-packages")      # Debian's, when `python3` is another one
from icalendar import Calendar      # noqa: E402

SECRET_CHARACTERS = 52


class Calendars(Plie):
    """... and what its calendars say."""

    def open(self, referent, **more):
        d = self.do("open_calendar", referent=referent, **more)["delivery"]
        return "/v1/calendars/%s/%s" % (d, self.secret(d)), d

    def get(self, path, **headers):
        """As a calendar's program does: without a token."""
        return self.client.get(path, Authorization="", **headers)

    def entries(self, path):
        """By UID, once looked at as a whole."""
        answer = self.get(path)
        if answer.status != 200:
            raise AssertionError("GET %s: %s" % (path, answer))
        found = {}
        for e in Calendar.from_ical(answer.body).walk("VEVENT"):
            if str(e["UID"]) in found:
                raise AssertionError("%s twice" % e["UID"])
            found[str(e["UID"])] = e
        return found

    def entry(self, path, seq):
        return next((e for uid, e in self.entries(path).items() if uid.startswith("appointment-%s@" % seq)), None)

    def deadline(self, path, rule, participant):
        return next((e for uid, e in self.entries(path).items() if uid.startswith("deadline-%s-%s-" % (rule, participant))), None)


def hours(entry):
    begins = entry["DTSTART"].dt
    return begins.strftime("%Y-%m-%d %H:%M %z") if hasattr(begins, "hour") else begins.isoformat()


def told(entry):
    return (hours(entry), str(entry["STATUS"])) if entry else None


def well_formed(t, body):
    lines = body.split(b"\r\n")
    t.same("lines end with CRLF, and nothing else ends one", (body.count(b"\n"), body.count(b"\r"), lines[-1]), (len(lines) - 1, len(lines) - 1, b""))
    t.that("lines are of 75 bytes at most", max(map(len, lines)) <= 75, max(lines, key=len))
    for line in lines:
        line.decode("utf-8")        # a fold within a character would raise


# ---- parts ----
def appointments(t, plie):
    r = plie.do("register_referent", name="Camille Roux")["referent"]
    p = plie.followed(r, "DUPONTEL")
    path, delivery = plie.open(r)
    t.same("an opaque address", (len(path.rsplit("/", 1)[1]), delivery[:2]), (SECRET_CHARACTERS, "d_"))
    winter = plie.do("plan_appointment", p, day="2026-01-28", minute=870, channel="interview", where="Maison de quartier")["seq"]
    summer = plie.do("plan_appointment", p, day="2026-07-10", minute=870)["seq"]
    whole = plie.do("plan_appointment", p, day="2026-02-03")["seq"]
    t.same("an hour of winter", told(plie.entry(path, winter)), ("2026-01-28 14:30 +0100", "CONFIRMED"))
    t.same("an hour of summer", told(plie.entry(path, summer)), ("2026-07-10 14:30 +0200", "CONFIRMED"))
    t.same("no hour: the day", told(plie.entry(path, whole)), ("2026-02-03", "CONFIRMED"))
    first = plie.entry(path, summer)
    t.same("who, by their id alone", str(first["SUMMARY"]), "Rendez-vous " + p)
    body = plie.get(path).body
    well_formed(t, body)
    t.that("one zone, and no method", body.count(b"BEGIN:VTIMEZONE") == 1 and b"METHOD" not in body, body[:400])
    t.that("no name, no place", not any(word in body for word in (b"DUPONTEL", b"Ana", b"Camille", b"Maison")), body)
    moved = plie.do("correct", p, event=summer, content={"on": plie.day.isoformat(), "data": {"day": "2026-07-11", "minute": 540}}, reason="autre jour")["seq"]
    again = plie.entry(path, summer)
    t.same("moved: the same entry, elsewhere", (told(again), int(again["SEQUENCE"]), again["UID"]), (("2026-07-11 09:00 +0200", "CONFIRMED"), moved, first["UID"]))
    t.that("its sequence grows", int(again["SEQUENCE"]) > int(first["SEQUENCE"]) > 0, again["SEQUENCE"])
    t.same("changed when it was recorded", again["DTSTAMP"].dt.strftime("%Y-%m-%d %H:%M:%S"), plie.now.strftime("%Y-%m-%d %H:%M:%S"))
    off = plie.do("cancel_appointment", p, appointment=winter, reason="malade")["seq"]
    entry = plie.entry(path, winter)
    t.same("cancelled: told, and told so", (told(entry), int(entry["SEQUENCE"])), (("2026-01-28 14:30 +0100", "CANCELLED"), off))
    void = plie.do("void", p, event=summer, reason="erreur")["seq"]
    entry = plie.entry(path, summer)
    t.same("taken out: told as cancelled", (told(entry), int(entry["SEQUENCE"])), (("2026-07-11 09:00 +0200", "CANCELLED"), void))
    back = plie.do("void", p, event=void, reason="si")["seq"]
    entry = plie.entry(path, summer)
    t.same("and put back", (told(entry), int(entry["SEQUENCE"])), (("2026-07-11 09:00 +0200", "CONFIRMED"), back))
    t.same("what happened to one is nothing to another", int(plie.entry(path, whole)["SEQUENCE"]), whole)
    plie.until(date(2026, 2, 3))
    plie.do("excuse_appointment", p, appointment=whole)
    t.same("excused", told(plie.entry(path, whole)), ("2026-02-03", "CANCELLED"))
    plie.until(date(2026, 4, 4))
    plie.do("attempt_contact", p, channel="telephone")
    t.same("what is off is told for sixty days", told(plie.entry(path, whole)), ("2026-02-03", "CANCELLED"))
    plie.until(date(2026, 4, 5))
    plie.do("attempt_contact", p, channel="telephone")
    t.same("and no longer", plie.entry(path, whole), None)


def the_same_bytes(t, plie):
    r = plie.do("register_referent", name="Noa Blanc")["referent"]
    p = plie.followed(r, "MERCIER")
    path, _ = plie.open(r)
    seq = plie.do("plan_appointment", p, day=(plie.day + timedelta(days=9)).isoformat(), minute=600)["seq"]
    first = plie.get(path)
    t.same("a calendar", first.headers["content-type"], "text/calendar; charset=utf-8")
    t.same("twice", plie.get(path).body, first.body)
    known = plie.get(path, If_None_Match=first.headers["etag"])
    t.same("known already", (known.status, known.body), (304, b""))
    other = plie.do("register_referent", name="Somebody Else")["referent"]
    same = plie.get(path)
    t.same("what is recorded elsewhere changes nothing", (same.body, same.headers["etag"]), (first.body, first.headers["etag"]))
    t.that("though the log went on", same.position > first.position, same.position)
    plie.do("cancel_appointment", p, appointment=seq, reason="non")
    t.that("what is recorded here does", plie.get(path, If_None_Match=first.headers["etag"]).status == 200)
    t.same("with a suffix for those who need one", plie.get(path + ".ics").body, plie.get(path).body)
    t.same("nobody's is empty", plie.entries(plie.open(other)[0]), {})


def deadlines(t, plie):
    r = plie.do("register_referent", name="Sacha Noir")["referent"]
    p = plie.followed(r, "BERNARDIN")
    path, _ = plie.open(r)
    plie.do("decide_entry", p, outcome="accepted", session=hold_session(plie.client, plie.day))
    plie.do("sign_contract", p, by_participant=True, by_referent=True)
    entry = plie.deadline(path, "contract-transmission", p)
    t.that("a deadline is of a whole day and takes no time", entry and not hasattr(entry["DTSTART"].dt, "hour") and str(entry["TRANSP"]) == "TRANSPARENT", entry)
    due = entry["DTSTART"].dt
    t.that("its sentence, and who", str(entry["SUMMARY"]).endswith(" " + p) and len(str(entry["SUMMARY"])) > 30, entry["SUMMARY"])
    well_formed(t, plie.get(path).body)
    last = plie.do("attempt_contact", p, channel="telephone")["seq"]
    later = plie.deadline(path, "contract-transmission", p)
    t.same("the same entry whatever happens", (later["UID"], later["DTSTART"].dt, int(later["SEQUENCE"])), (entry["UID"], due, last))
    plie.until(due + timedelta(days=2))
    sent = plie.do("transmit_contract", p)["seq"]
    over = plie.deadline(path, "contract-transmission", p)
    t.same("settled late: cancelled", (over["UID"], told(over), int(over["SEQUENCE"])), (entry["UID"], (due.isoformat(), "CANCELLED"), sent))
    said = {str(e["SUMMARY"]) for e in plie.entries(path).values()}
    english, _ = plie.open(r, language="en")
    t.that("in English when it is asked for", said.isdisjoint({str(e["SUMMARY"]) for e in plie.entries(english).values()}), said)
    plie.do("void", p, event=sent, reason="erreur")
    t.same("open again", told(plie.deadline(path, "contract-transmission", p)), (due.isoformat(), "CONFIRMED"))


def substitutes(t, plie):
    mine = plie.do("register_referent", name="Lou Martin")["referent"]
    theirs = plie.do("register_referent", name="Eden Petit")["referent"]
    p, q = plie.followed(mine, "LEFEBVRE"), plie.followed(theirs, "GARNIER")
    a = plie.do("plan_appointment", p, day=(plie.day + timedelta(days=5)).isoformat(), minute=600)["seq"]
    b = plie.do("plan_appointment", q, day=(plie.day + timedelta(days=6)).isoformat(), minute=600)["seq"]
    path, other = plie.open(mine)[0], plie.open(theirs)[0]
    seen = lambda: (bool(plie.entry(path, a)), bool(plie.entry(path, b)), bool(plie.entry(other, a)), bool(plie.entry(other, b)))   # noqa: E731
    t.same("each their own", seen(), (True, False, False, True))
    away = plie.do("start_absence", theirs, reason="illness", substitute=mine)["seq"]
    t.same("and of whom they stand in for", seen(), (True, True, False, True))
    uid = plie.entry(other, b)["UID"]
    t.same("under the same name", plie.entry(path, b)["UID"], uid)
    plie.do("end_absence", theirs)
    t.same("until they are back", seen(), (True, False, False, True))
    plie.do("void", theirs, event=away, reason="non")
    plie.do("assign_referent", q, referent=mine)
    t.same("who is handed over changes hands", seen(), (True, True, False, False))


def names(t, plie):
    r = plie.do("register_referent", name="Alix Morel")["referent"]
    p = plie.followed(r, "ÉLUARDIN")
    seq = plie.do("plan_appointment", p, day=(plie.day + timedelta(days=5)).isoformat(), minute=600)["seq"]
    quiet, named = plie.open(r)[0], plie.open(r, names=True)[0]
    t.same("the first name and an initial", str(plie.entry(named, seq)["SUMMARY"]), "Rendez-vous %s Ana É." % p)
    t.that("for nobody else", b"Ana" not in plie.get(quiet).body)
    t.that("and never the name", "ÉLUARDIN".encode() not in plie.get(named).body)
    plie.do("record_profile", p, first_name="Anaïs", name="ZOLAND")
    t.same("as told last", str(plie.entry(named, seq)["SUMMARY"]), "Rendez-vous %s Anaïs Z." % p)
    plie.do("erase", p, basis="request")
    t.same("who is erased is in no calendar", plie.entry(named, seq), None)


def secrets(t, plie):
    r = plie.do("register_referent", name="Charlie Dupuis")["referent"]
    path, delivery = plie.open(r)
    hook = plie.do("open_webhook", url="https://localhost:1/x")["delivery"]
    secret = path.rsplit("/", 1)[1]
    t.same("there", plie.get(path).status, 200)
    other = "0" if secret[-1] != "0" else "1"
    for name, wrong in {"one character is another": path[:-1] + other, "shorter": path[:-1], "longer": path + "0", "none": path[:-SECRET_CHARACTERS],
                        "no such delivery": "/v1/calendars/d_22222222/" + secret, "no id": "/v1/calendars/x/" + secret, "a référent's id": "/v1/calendars/%s/%s" % (r, secret),
                        "a web-hook": "/v1/calendars/%s/%s" % (hook, plie.secret(hook)), "encoded": path[:-1] + "%%%02x" % ord(secret[-1])}.items():
        answer = plie.get(wrong)
        t.same(name + ": nothing is there", (answer.status, answer.code()), (404, "unknown"))
    t.that("the secret is in no answer", not any(secret.encode() in body for body in plie.client.refusals))
    asked = plie.get(path + "?min_position=1")
    t.that("it takes no parameter", asked.status == 400, asked)
    plie.do("renew_secret", delivery)
    t.same("renewed: the old one is nothing at once", plie.get(path).status, 404)
    path = "/v1/calendars/%s/%s" % (delivery, plie.secret(delivery))
    t.same("the new one is", plie.get(path).status, 200)
    plie.do("stop_delivery", delivery)
    t.same("stopped", plie.get(path).status, 404)
    plie.do("resume_delivery", delivery)
    t.same("resumed", plie.get(path).status, 200)


def elsewhere(t, build):
    with Store(build, "standard", "--demo", "--today", BEGUN.isoformat(), "--zone", "Indian/Reunion") as store, Daemon(store) as d:
        plie = Calendars(d, zone="Indian/Reunion")
        r = plie.do("register_referent", name="Camille Roux")["referent"]
        path, _ = plie.open(r)
        seq = plie.do("plan_appointment", plie.followed(r, "PAYET"), day="2026-07-10", minute=870)["seq"]
        body = plie.get(path).body
        t.same("another zone is told in UTC", told(plie.entry(path, seq)), ("2026-07-10 10:30 +0000", "CONFIRMED"))
        t.that("with no rules of a zone", b"VTIMEZONE" not in body and b"TZID" not in body, body)


def main():
    build = sys.argv[1] if len(sys.argv) > 1 else "build"
    t = Checks()
    with Store(build, "standard", "--demo", "--today", BEGUN.isoformat(), "--zone", "Europe/Paris") as store, Daemon(store) as d:
        plie = Calendars(d)
        for part in (appointments, the_same_bytes, deadlines, substitutes, names, secrets):
            t.run(part.__name__, part, plie)
        t.that("alive", d.alive(), d.said())
        t.that("nobody's name in what it says", not any(word in d.said() for word in ("DUPONTEL", "Ana", "/v1/calendars")), d.said())
    t.run("elsewhere", elsewhere, build)
    t.finish()


if __name__ == "__main__":
    main()
