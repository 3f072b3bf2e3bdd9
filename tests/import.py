#!/usr/bin/env python3
"""Files into facts: what a good one makes, what is said of each wrong one, and that nothing is made twice, blanked, or past undoing.

usage: import.py BUILD; ends with "N passed, N failed"
"""
import csv
import io
import json
import subprocess
import sys
import time
from pathlib import Path

from daemon import Checks, Daemon, Store, ago

MAP = """
mapping %s
people dossiers
key "Dossier"
command orient
  on "Orientation"
  name = "Nom"
  born = "Né le"
  prescriber = constant ccas
command record_profile
  on "Orientation"
  telephone = "Téléphone"
  sex = "Civilité" words "M."=M "Mme"=F
command record_contact each by "Entretien"
  on "Date"
  channel = "Forme" words "Face à face"=interview "Tél."=telephone
  minutes = "Durée"
  summary = "Compte rendu"
command start_employment each by "Contrat" as job
  when "Type" is "CDD" "CDI"
  on "Début"
  kind = "Type" words "CDD"=cdd "CDI"=cdi
  purpose = constant step
  weekly_hours = "Heures"
command end_employment each by "Contrat"
  on "Fin"
  employment = event job
"""
HEAD = ["Dossier", "Nom", "Né le", "Civilité", "Téléphone", "Orientation", "Entretien", "Date", "Forme", "Durée", "Compte rendu",
        "Contrat", "Type", "Début", "Heures", "Fin"]
SECRETS = ("SECRETNOM", "0600000042", "Compte-rendu-secret")


def row(dossier, contact="", day="", **more):
    cells = {"Dossier": dossier, "Nom": "SECRETNOM" + dossier, "Né le": "03/04/1985", "Civilité": "Mme", "Téléphone": "0600000042",
             "Orientation": ago(300), "Entretien": contact, "Date": day, "Forme": "Face à face" if day else ""}
    cells.update(more)
    return [cells.get(name, "") for name in HEAD]


def text_of(rows, separator=";", head=HEAD, line="\r\n"):
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator=line).writerows([head] + rows)
    return out.getvalue()


def french(day):
    y, m, d = day.split("-")
    return "%s/%s/%s" % (d, m, y)


GOOD = [row("1", "1", french(ago(200)), Durée="45", **{"Compte rendu": "Compte-rendu-secret ; \"entre guillemets\"\net une ligne de plus"}),
        row("1", "2", ago(150), Forme="tél.", Contrat="7", Type="CDD", Début=french(ago(140)), Heures="17,5", Fin=ago(50)),
        row("2", "1", ago(100)), [""] * len(HEAD), row("3")]
GOOD_FACTS = 3 + 3 + 3 + 2     # orientations, profiles, contacts, a job's two ends


class Place:
    """A served store and its own mapping; each part of the test has one."""

    def __init__(self, build, map_text=MAP % "essai"):
        self.store = Store(build)
        self.daemon = Daemon(self.store)
        self.client = self.daemon.client()
        self.map = self.store.root / "essai.map"
        self.map.write_text(map_text)
        self.said = []

    def command(self, *arguments):
        return [str(self.store.build / "parcoursctl"), "--url", "http://%s:%d" % self.daemon.address, "--token", self.store.token, *map(str, arguments)]

    def file(self, content, encoding="utf-8"):
        path = self.store.root / "fichier.csv"
        path.write_bytes(content if isinstance(content, bytes) else (content if isinstance(content, str) else text_of(content)).encode(encoding))
        return path

    def run(self, *arguments, timeout=60):
        done = subprocess.run(self.command(*arguments), capture_output=True, text=True, timeout=timeout)
        self.said.append(done.stdout + done.stderr)
        return done

    def load(self, content, *options, encoding="utf-8", map_path=None):
        """The report, with the exit status under "exit"."""
        done = self.run("--json", "import", self.file(content, encoding), "--map", map_path or self.map, *options)
        try:
            return {**json.loads(done.stdout.splitlines()[-1]), "exit": done.returncode}
        except (IndexError, ValueError):
            return {"exit": done.returncode, "said": done.stderr, "errors": []}

    def facts(self):
        """Events of people as they stand, oldest first; corrections put in their place."""
        found = []
        for p in self.client.read("/v1/participants?limit=200")["participants"]:
            events = self.client.read("/v1/participants/%s/events" % p["participant"])["events"]
            by_seq = {e["seq"]: e for e in events}
            for e in events:
                if e["standing"] and e["kind"] not in ("event_corrected", "event_voided"):
                    now = by_seq[e["corrected_by"]]["data"]["content"] if e["corrected_by"] else e
                    found.append({"seq": e["seq"], "participant": p["participant"], "event": e["kind"], "imported": e.get("imported", False),
                                  "on": now["on"], **now["data"]})
        return found

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.daemon.__exit__()
        self.store.remove()


def numbers(report, *names):
    return tuple(report.get(n) for n in names)


def wheres(report):
    return sorted((e["row"], e["column"]) for e in report["errors"])


# ---- a good file ----
def a_good_file(t, build):
    with Place(build) as p:
        before = p.client.position()
        report = p.load(GOOD, "--dry-run")
        t.same("a dry run tells", numbers(report, "exit", "rows", "rows_empty", "people", "created", "error_count"), (0, 5, 1, 3, GOOD_FACTS, 0))
        t.same("and writes nothing", p.client.position(), before)
        report = p.load(GOOD, "--name", "premier")
        t.same("the import makes the same", numbers(report, "exit", "created", "corrected", "refused", "error_count"), (0, GOOD_FACTS, 0, 0, 0))
        facts = p.facts()
        t.same("all are there", len(facts), GOOD_FACTS)
        t.that("all carry the mark", all(f["imported"] for f in facts))
        first = [f for f in facts if f["event"] == "contact_recorded"][0]
        t.same("a French day, a number, a quoted text with new lines", (first["on"], first["minutes"], first["summary"]),
               (ago(200), 45, "Compte-rendu-secret ; \"entre guillemets\"\net une ligne de plus"))
        job, end = [[f for f in facts if f["event"] == k][0] for k in ("employment_started", "employment_ended")]
        t.same("a decimal comma; an event that names the one of its row", (job["weekly_hours"], end["employment"]), (17.5, job["seq"]))
        t.same("words are translated, whatever their case", [f["channel"] for f in facts if f["event"] == "contact_recorded"].count("telephone"), 1)
        at = p.client.position()
        report = p.load(GOOD, "--name", "deuxieme")
        t.same("the same file again", numbers(report, "exit", "created", "corrected", "unchanged"), (0, 0, 0, GOOD_FACTS))
        t.same("is not one event", p.client.position(), at)
        report = p.load(list(reversed(GOOD)))
        t.same("nor are its rows in another order", (report["unchanged"], p.client.position()), (GOOD_FACTS, at))


def every_dress(t, build):
    with Place(build) as p:
        p.load(GOOD)
        at = p.client.position()
        plain = text_of(GOOD)
        for name, content, encoding in (("commas", text_of(GOOD, ","), "utf-8"), ("tabs", text_of(GOOD, "\t"), "utf-8"), ("a BOM", plain, "utf-8-sig"),
                                        ("Windows-1252", plain, "cp1252"), ("\\n alone", text_of(GOOD, line="\n"), "utf-8"),
                                        ("separators behind the last column", plain.replace("\r\n", ";;\r\n"), "utf-8"),
                                        ("no end of line at the end", plain.rstrip("\r\n"), "utf-8")):
            if name == "separators behind the last column":
                content = text_of([GOOD[1] + ["", ""], GOOD[2] + [""]])
            report = p.load(content, encoding=encoding)
            t.same("%s: nothing new, nothing wrong" % name, (report["exit"], report.get("created"), report.get("corrected"), p.client.position()), (0, 0, 0, at))
            t.same("%s: cp1252 is said" % name, report.get("cp1252"), encoding == "cp1252")
        said = p.run("import", p.file(plain, "cp1252"), "--map", p.map).stderr
        t.that("to people, too", "Windows-1252" in said, said)


# ---- each error ----
def each_error(t, build):
    with Place(build) as p:
        def wrong(name, rows, where, *, created=None, head=HEAD, content=None):
            report = p.load(content if content is not None else text_of(rows, head=head), "--dry-run")
            t.same(name, (report["exit"], wheres(report)), (1, where))
            if created is not None:
                t.same(name + ": the other rows go on", report.get("created"), created)
        good = row("9", "1", ago(90))
        wrong("a day that is none", [row("1", "1", "31/02/2026"), good], [(2, "Date")], created=3)
        wrong("a day of two digits", [row("1", "1", "31/01/26")], [(2, "Date")])
        wrong("a word that nobody translated", [good, row("1", "1", ago(90), Forme="Télépathie")], [(3, "Forme")], created=3)
        wrong("a number that is none", [row("1", "1", ago(90), Durée="une heure")], [(2, "Durée")])
        wrong("a number out of bounds", [row("1", "1", ago(90), Durée="100000")], [(2, "Durée")])
        wrong("a text too long", [row("1", Téléphone="0" * 41)], [(2, "Téléphone")])
        wrong("a row without a key", [row(""), good], [(2, "Dossier")], created=3)
        wrong("a key too long", [row("x" * 61)], [(2, "Dossier")])
        wrong("what tells rows apart is missing", [row("1", "", ago(90))], [(2, "Entretien")])
        wrong("two errors of a row, both", [row("1", "1", ago(90), Forme="Télépathie", Durée="x")], [(2, "Durée"), (2, "Forme")])
        wrong("too few columns", None, [(3, None)], content=text_of([good]) + "5;SECRETNOM\r\n", created=3)
        wrong("too many columns", None, [(3, None)], content=text_of([good]) + ";".join(row("5") + ["et encore"]) + "\r\n", created=3)
        wrong("a column twice", [good + ["x"]], [(1, None)], head=HEAD + ["Nom"])
        wrong("a mapped column that is missing", [good[:-1]], [(1, "Fin")], head=HEAD[:-1])
        wrong("a quote that never closes", None, [(2, None)], content=text_of([]) + '1;"SECRETNOM\r\n2;b\r\n')
        wrong("text behind a quote", None, [(2, None)], content=text_of([]) + '1;"SECRETNOM"x;\r\n')
        wrong("two rows that disagree on one person", [good, row("9", "2", ago(80), Nom="SECRETNOM autre")], [(3, "Nom")], created=3)
        wrong("two rows that disagree on one contact", [good, row("9", "1", ago(80))], [(3, "Date")], created=3)
        wrong("a day to come", [row("1", "1", ago(-3))], [(2, "Date")])
        wrong("a row that opens nothing, of nobody known", [row("77", "1", ago(9), Orientation="")], [(2, "Dossier")])
        wrong("a required field nowhere in the file", [row("1", "1", ago(90), Forme="")], [(2, "Forme")])
        wrong("a cell of more than 8 KiB", [row("1", "1", ago(90), **{"Compte rendu": "x" * 8193})], [(2, None)])
        wrong("more than 256 columns", None, [(1, None)], content=";".join("c%d" % i for i in range(257)) + "\n")
        wrong("more than 100,000 rows", None, [(100002, None)], content=text_of([]) + "\n" * 100001)
        wrong("an empty file", None, [(1, None)], content="")
        wrong("UTF-16", None, [(0, None)], content=text_of([good]).encode("utf-16"))
        wrong("a file without its header", None, [(1, None)] * 2, content=text_of([], head=row("1", "1", "SECRETNOM1")))
        report = p.load(b"x" * ((64 << 20) + 1))
        t.same("more than 64 MiB", report["exit"], 2)
        report = p.load([row("1", "1", ago(90)), row("2", Contrat="1", Fin=ago(9))], "--dry-run")
        t.same("an end without its beginning", (wheres(report), report["created"]), ([(3, "employment")], 5))
        report = p.load([row("1"), row("2", "1", "demain")], "--atomic")
        t.same("--atomic: one error, and nothing is written", (report["exit"], wheres(report), p.facts()), (1, [(3, "Date")], []))
        report = p.load([row("1"), row("2", "1", ago(-5))], "--atomic")
        t.same("--atomic: nor when only the daemon refuses", (report["exit"], wheres(report), p.facts()), (1, [(3, "Date")], []))
        report = p.load([row("1"), row("2", "1", ago(5))], "--atomic")
        t.same("--atomic: all of a good file", (report["exit"], report["created"]), (0, 5))
        for secret in SECRETS:
            t.that("no value in what is said", not any(secret in said for said in p.said), secret)


def each_mapping_error(t, build):
    with Place(build) as p:
        for name, text, line in (("no such command", 'mapping a\nkey "K"\ncommand fly\n', 3), ("no such field", 'mapping a\nkey "K"\ncommand orient\non "J"\ncolour = "C"\n', 5),
                                 ("a word not of the list", 'mapping a\nkey "K"\ncommand record_profile\non "J"\nsex = "C" words "Mme"=woman\n', 5),
                                 ("each without by", 'mapping a\nkey "K"\ncommand record_contact each\n', 3), ("a quote", 'mapping a\nkey "K\n', 2),
                                 ("no day", 'mapping a\nkey "K"\ncommand orient\n', 0), ("a correction", 'mapping a\nkey "K"\ncommand correct\n', 3)):
            path = p.store.root / "faux.map"
            path.write_text(text)
            done = p.run("import", p.file(GOOD), "--map", path)
            t.that(name, done.returncode == 2 and "faux.map:%d:" % line in done.stderr, done.stderr)


# ---- files that change ----
def a_changed_file(t, build):
    with Place(build) as p:
        p.load(GOOD)
        changed = [list(r) for r in GOOD]
        changed[0][HEAD.index("Durée")] = "50"
        changed[1][HEAD.index("Début")] = ago(141)
        at = p.client.position()
        report = p.load(changed, "--dry-run")
        t.same("a dry run tells corrections", (numbers(report, "exit", "created", "corrected", "unchanged"), p.client.position()), ((0, 0, 2, GOOD_FACTS - 2), at))
        report = p.load(changed, "--name", "corrige")
        facts = p.facts()
        t.same("they are made", numbers(report, "created", "corrected", "unchanged"), (0, 2, GOOD_FACTS - 2))
        t.same("of the event that was there", (len(facts), [f["minutes"] for f in facts if f.get("minutes")]), (GOOD_FACTS, [50]))
        t.same("a day, too", [f["on"] for f in facts if f["event"] == "employment_started"], [ago(141)])
        at = p.client.position()
        t.same("the corrected file again: nothing", (p.load(changed)["unchanged"], p.client.position()), (GOOD_FACTS, at))
        blank = [list(r) for r in changed]
        blank[0][HEAD.index("Durée")] = blank[0][HEAD.index("Compte rendu")] = ""
        for r in blank:
            r[HEAD.index("Téléphone")] = r[HEAD.index("Civilité")] = ""
        t.same("blank cells: nothing", (numbers(p.load(blank), "exit", "created", "corrected"), p.client.position()), ((0, 0, 0), at))
        blank[0][HEAD.index("Durée")] = "55"
        p.load(blank)
        first = [f for f in p.facts() if f.get("minutes")][0]
        t.same("a blank beside a change keeps what was there", (first["minutes"], "secret" in first["summary"]), (55, True))
        p.load(GOOD)
        t.same("the first file again: what it says", [(f["minutes"], f["summary"]) for f in p.facts() if f.get("minutes")],
               [(45, GOOD[0][HEAD.index("Compte rendu")])])
        more = GOOD + [row("1", "3", ago(20)), row("4")]
        report = p.load(more)
        t.same("rows more: only those", numbers(report, "created", "corrected", "unchanged"), (3, 0, GOOD_FACTS))


def by_hand_between(t, build):
    with Place(build) as p:
        p.load(GOOD)
        contact = [f for f in p.facts() if f.get("minutes")][0]
        content = {"on": contact["on"], "data": {"channel": contact["channel"], "minutes": 30, "summary": contact["summary"]}}
        p.client.do("correct", contact["participant"], event=contact["seq"], reason="au vu de l'agenda", content=content)
        at = p.client.position()
        t.same("what was corrected by hand stays", (p.load(GOOD)["unchanged"], p.client.position()), (GOOD_FACTS, at))
        changed = [list(r) for r in GOOD]
        changed[0][HEAD.index("Forme")] = "Tél."
        p.load(changed)
        now = [f for f in p.facts() if f.get("minutes")][0]
        t.same("another cell that changes goes beside it", (now["minutes"], now["channel"]), (30, "telephone"))
        at = p.client.position()
        t.same("and stays beside it", (p.load(changed)["unchanged"], p.client.position()), (GOOD_FACTS, at))
        changed[0][HEAD.index("Durée")] = "60"
        report = p.load(changed)
        t.same("the same cell is for a person to decide", (report["exit"], wheres(report), report["corrected"]), (1, [(2, "Durée")], 0))
        p.client.do("void", now["participant"], event=now["seq"], reason="doublon")
        at = p.client.position()
        as_it_was = [list(r) for r in changed]
        as_it_was[0][HEAD.index("Durée")] = "45"
        t.same("what was taken out by hand is not made again", (p.load(as_it_was)["unchanged"], p.client.position()), (GOOD_FACTS, at))
        report = p.load(changed)
        t.same("nor corrected", (report["exit"], report["created"], report["corrected"]), (1, 0, 0))


def other_files(t, build):
    with Place(build) as p:
        p.load(GOOD)
        second = p.store.root / "autre.map"
        second.write_text('mapping autre\npeople dossiers\nkey "Numéro"\ncommand record_contact each by day\n  on "Le"\n  channel = constant interview\n')
        report = p.load(text_of([["1", ago(8)], ["1", ago(8)], ["2", ago(7)], ["88", ago(7)]], head=["Numéro", "Le"]), map_path=second)
        t.same("another mapping of the same people; two of one day are two", (report["created"], wheres(report)), (3, [(5, "Numéro")]))
        someone = p.client.do("orient", on=ago(30), name="À la main")["participant"]
        report = p.load(text_of([[someone, ago(8)]], head=["Numéro", "Le"]), map_path=second)
        t.same("the key may be an id", (report["created"], [f["on"] for f in p.facts() if f["participant"] == someone and f["event"] == "contact_recorded"]), (1, [ago(8)]))
        report = p.load(text_of([["1", ago(8)]], head=["Dossier", "Le"]), "--key", "Dossier", map_path=second)
        t.same("--key names the column", numbers(report, "exit", "created", "unchanged"), (0, 0, 1))
        example = Path(__file__).parent.parent / "tools" / "imports" / "suivi.map"
        head = [line.split('"')[1] for line in example.read_text().splitlines() if line.strip()[:1] not in ("#", "") and '"' in line]
        head += [line.split(' by "')[1].split('"')[0] for line in example.read_text().splitlines() if line.startswith("command") and ' by "' in line]
        report = p.load(text_of([], head=sorted(set(head))), "--dry-run", map_path=example)
        t.same("the example that is shipped is a mapping", numbers(report, "exit", "error_count"), (0, 0))


def enterprises(t, build):
    """What is not of participants is corrected by a file and undone, too."""
    with Place(build) as p:
        mapping = p.store.root / "entreprises.map"
        mapping.write_text('mapping entreprises\npeople entreprises\nkey "N"\ncommand register_enterprise\n  on "Le"\n  name = "Nom"\n'
                           'command record_enterprise_need each by "Besoin"\n  on "Le"\n  posts = "Postes"\n')
        rows = [["1", ago(9), "Fonderie", "a", "3"], ["1", ago(9), "Fonderie", "b", "4"], ["2", ago(9), "Garage", "c", "5"]]
        load = lambda *options: p.load(text_of(rows, head=["N", "Le", "Nom", "Besoin", "Postes"]), *options, map_path=mapping)
        t.same("enterprises: made", numbers(load("--name", "un"), "exit", "created"), (0, 5))
        rows[0][4], rows[2][2] = "7", "Garage Sud"
        t.same("enterprises: what changed is corrected", numbers(load("--name", "deux"), "exit", "created", "corrected", "unchanged"), (0, 0, 2, 3))
        t.same("enterprises: and then is the same", numbers(load(), "exit", "corrected", "unchanged"), (0, 0, 5))
        done = [p.run("import", "undo", name).returncode for name in ("deux", "un")]
        last = p.client.read("/v1/events?after=0&limit=1000")["events"]
        voided = {e["data"]["event"] for e in last if e["kind"] == "event_voided"}
        t.same("enterprises: undone, both", (done, [e["seq"] for e in last if e["stream"][0] == "e" and e["kind"] != "event_voided" and e["seq"] not in voided]), ([0, 0], []))


# ---- undoing ----
def undoing(t, build):
    with Place(build) as p:
        p.load(GOOD, "--name", "premier")
        changed = [list(r) for r in GOOD]
        changed[0][HEAD.index("Durée")] = "50"
        p.load(changed + [row("4")], "--name", "deuxieme")
        done = p.run("import", "undo", "deuxieme", "--dry-run")
        t.that("a dry run names what it would undo", done.returncode == 0 and "event_corrected" in done.stdout and "participant_oriented" in done.stdout, done.stdout)
        t.same("and undoes nothing", len(p.facts()), GOOD_FACTS + 2)
        done = p.run("import", "undo", "deuxieme")
        t.same("the second is undone: the first stands", (done.returncode, len(p.facts()), [f["minutes"] for f in p.facts() if f.get("minutes")]), (0, GOOD_FACTS, [45]))
        at = p.client.position()
        for more in ([], ["--dry-run"], ["--accept-unfounded"]):
            done = p.run("import", "undo", "deuxieme", *more)
            t.same("twice is once, and says so", (done.returncode, p.client.position(), "is undone already" in done.stdout), (0, at, True))
        t.same("what was undone may be imported again", numbers(p.load(changed + [row("4")], "--name", "troisieme"), "created", "corrected"), (2, 1))
        p.run("import", "undo", "troisieme")
        p.run("import", "undo", "premier")
        t.same("all undone", p.facts(), [])
        people = len(p.client.read("/v1/participants?limit=200")["participants"])
        t.same("and made again", (p.load(GOOD, "--name", "quatrieme")["created"], len(p.facts())), (GOOD_FACTS, GOOD_FACTS))
        t.same("for the same people", len(p.client.read("/v1/participants?limit=200")["participants"]), people)
        at = p.client.position()
        t.same("once", (p.load(GOOD)["unchanged"], p.client.position()), (GOOD_FACTS, at))
        t.same("an import that there is not", p.run("import", "undo", "nulle-part").returncode, 1)
        t.that("a list of them", all(n in p.run("import", "list").stdout for n in ("premier", "deuxieme", "undo/", "quatrieme")))


def undoing_under_others(t, build):
    """What others have decided since on what an import said."""
    with Place(build) as p:
        p.load([row("1")], "--name", "seul")
        who = p.facts()[0]["participant"]
        p.client.do("record_diagnosis", who, on=ago(290), agreed=True, informed=True, obstacles=["mobility"])
        p.client.do("check_eligibility", who, on=ago(290), criteria=["rsa", "in_territory", "work_permit", "difficulties", "wish"])
        p.client.do("propose_entry", who, on=ago(280))
        at = p.client.position()
        done = p.run("import", "undo", "seul")
        t.same("an undo that would leave acts unfounded does nothing", (done.returncode, p.client.position()), (1, at))
        t.that("and names them", "rien n'est défait" in done.stdout + done.stderr or "nothing is undone" in done.stdout + done.stderr, done.stdout + done.stderr)
        done = p.run("import", "undo", "seul", "--accept-unfounded")
        t.same("unless that is accepted", (done.returncode, [f["event"] for f in p.facts() if f["event"] == "participant_oriented"]), (0, []))


# ---- keys, for any client ----
def by_key(t, build):
    with Place(build) as p:
        c = p.client
        orders = [{"command": "orient", "id": "k1", "on": ago(9), "data": {}}, {"command": "start_employment", "participant": "=k1", "id": "k2", "on": ago(8),
                  "data": {"kind": "cdd", "purpose": "step"}}, {"command": "end_employment", "participant": "=k1", "on": ago(7), "id": "k3", "data": {"employment": "=k2"}}]
        results = c.post(orders, "?dry_run=1").json["results"]
        t.same("a dry run knows what its own commands would make", [r["status"] for r in results], [200, 200, 200])
        results = c.post(orders, "?atomic=1").json["results"]
        t.same("so does an atomic order", ([r["status"] for r in results], len({r.get("participant") for r in results})), ([201, 201, 201], 1))
        t.same("and again", [r["status"] for r in c.post(orders).json["results"]], [200, 200, 200])
        t.same("a key that made nothing", [r["status"] for r in c.post([{**orders[1], "participant": "=nobody", "id": "k4"}]).json["results"]], [404])
        t.same("nor in a field", c.post([{**orders[2], "data": {"employment": "=nothing"}, "id": "k5"}]).json["results"][0]["errors"][0]["pointer"], "/data/employment")
        wrong = c.post([{**orders[2], "data": {"employment": "=k1"}, "id": "k6"}]).json["results"][0]
        t.same("an event of another kind", (wrong["status"], wrong["errors"][0]["pointer"]), (404, "/data/employment"))
        content = {"on": ago(7), "data": {"employment": "=k2"}}
        wrong = c.post({"command": "correct", "participant": results[0]["participant"], "data": {"event": results[2]["seq"], "reason": "x", "content": content}})
        t.same("a correction names events by number", (wrong.status, wrong.pointers()), (400, ["/data/content/data/employment"]))
        made = c.ask("POST", "/v1/commands/made", json.dumps(["k1", "none"]).encode())
        t.same("what a key of somebody's own made is not asked there", made.json["made"], [None, None])
        for body in (b"{}", b"[1]", b"[\"\"]", b"nothing"):
            t.same("made: %r" % body, c.ask("POST", "/v1/commands/made", body).status, 400)


# ---- kill -9 of the client ----
def killed(t, build):
    with Place(build) as p:
        rows = [row(str(n), str(k), ago(200 - 3 * k)) for n in range(150) for k in range(60)]
        wanted = 150 * 62
        path = p.file(rows)
        kills = 0
        for tries in range(40):
            running = subprocess.Popen(p.command("import", path, "--map", p.map), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            before, until = p.client.position(), time.monotonic() + 10
            while running.poll() is None and p.client.position() < before + 2 and time.monotonic() < until:
                time.sleep(0.001)
            if running.poll() is None:
                kills += 1
            running.kill()
            running.wait()
            if p.client.position() > 2 + wanted:
                break
        t.that("it was killed in the middle", kills >= 1, kills)
        report = p.load(rows)
        t.same("the next run ends it", (report["exit"], report["created"] + report["unchanged"]), (0, wanted))
        seen = [(f["participant"], f["event"], f["on"]) for f in p.facts()]
        t.same("everything once", (len(seen), len(set(seen))), (wanted, wanted))


def main():
    t, build = Checks(), sys.argv[1]
    for part in (a_good_file, every_dress, each_error, each_mapping_error, a_changed_file, by_hand_between, other_files, enterprises, undoing, undoing_under_others,
                 by_key, killed):
        t.run(part.__name__.replace("_", " "), part, build)
    t.finish()


main()
