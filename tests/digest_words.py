#!/usr/bin/env python3
"""What digests say: golden files, in both languages; who is named, and who is not. With --golden the files are written anew: look at the difference."""
import re
import sys
from datetime import date
from pathlib import Path

from daemon import Store, hold_session, propose
from virtual_plie import BEGUN

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
    said = plie.daemon.store.ctl("--url", "http://%s:%d" % plie.daemon.address, "--token", plie.daemon.store.token, "delivery", "preview", d, "--on", "2026-03-14")
    t.same("by the command line", (said.returncode, said.stdout), (0, plain))
    newcomer = plie.do("register_referent", name="Alix Morel")["referent"]
    empty = plie.do("open_digest", address="somebody@example.org", minute=450, referent=newcomer)["delivery"]
    t.same("who follows nobody has nothing to do", ("Rien à faire ce jour." in preview(plie, empty, "text/plain"),
                                                    plie.client.read("/v1/deliveries/%s/preview" % empty)["empty"]), (True, True))
    calendar = plie.do("open_calendar", referent=r)["delivery"]
    for wrong in (calendar, "d_22222222"):
        t.same("only digests are previewed", plie.client.get("/v1/deliveries/%s/preview" % wrong).status, 404)


def new_store(build):
    return Store(build, "standard", "--demo", "--today", BEGUN.isoformat(), "--zone", "Europe/Paris", "--name", "PLIE de la vallée")
