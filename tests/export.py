#!/usr/bin/env python3
"""The Fund's participants through a mapping: export.py BUILD

The example of tools/exports as it stands; mappings that are wrong, refused with line and column before anything is written; who may ask;
Windows-1252; a workbook; somebody who was erased."""
import csv
import io
import subprocess
import sys
from datetime import datetime
from pathlib import Path

sys.path.append("/usr/lib/python3/dist-packages")
import openpyxl

from daemon import Checks, Daemon, Store, admit, ago, today
from datetime import timedelta

EXAMPLE = (Path(__file__).resolve().parent.parent / "tools" / "exports" / "participants-fse.map").read_text()
ENTRY = {"education": "isced_0_2", "disability": "none", "third_country": "no", "foreign_background": "no", "minority": "prefers_not", "homeless": "no"}


class Place:
    def __init__(self, build):
        self.store = Store(build, "standard")
        self.token = {"officer": self.store.new_token("officer")}
        self.daemon = Daemon(self.store)
        self.client = c = self.daemon.client()
        referent = c.do("register_referent", on=ago(500), name="R")["referent"]
        self.operation = c.do("open_operation", on=ago(400), number="2026-1", from_day=ago(400), until_day=ago(-100))["operation"]
        self.people = [admit(c, name, today() - timedelta(days=300), referent) for name in ("Éléonore", "=cmd", "Sans-Données", "Effacée")]
        for i, p in enumerate(self.people):
            if i == 2:
                c.do("join_operation", p, on=ago(200), operation=self.operation)
                continue
            c.do("record_profile", p, on=ago(210), first_name="Zoé", sex="F" if i else "X", commune="21231", telephone="+33 6 00 00 00 0%d" % i, born="1990-05-12",
                 address="3, rue d’Œuvre ; bât. « B »", nationality="99100")
            c.do("record_fse_entry", p, on=ago(205), labour_status="unemployed_long" if i else "inactive", unemployed_months=14, rural=bool(i), **ENTRY)
            c.do("join_operation", p, on=ago(200), operation=self.operation)

    def export(self, map_text, *arguments, token=None, name="essai.map"):
        path = self.store.root / name
        path.write_text(map_text)
        return subprocess.run([self.store.build / "parcoursctl", "export", "fse", "--map", path, "--lang", "fr", "--url", "http://%s:%d" % self.daemon.address,
                               "--token", token or self.store.token, *map(str, arguments)], capture_output=True, timeout=60)


def rows_of(done, encoding="utf-8", separator=";"):
    return list(csv.DictReader(io.StringIO(done.stdout.decode(encoding), newline=""), delimiter=separator))


def french(day):
    return datetime.fromisoformat(day).strftime("%d/%m/%Y")


def example(t, p):
    done = p.export(EXAMPLE, "--operation", p.operation)
    t.same("the example works", (done.returncode, done.stderr), (0, b""))
    rows = rows_of(done)
    t.same("who can be declared", [r["Identifiant"] for r in rows], [p.people[0], p.people[1], p.people[3]])
    r = rows[0]
    t.same("who they are", (r["Nom"], r["Prénom"], r["Date de naissance"], r["Sexe"], r["Commune"], r["Adresse"]),
           ("Éléonore", "Zoé", "12/05/1990", "3", "21231", "3, rue d’Œuvre ; bât. « B »"))
    t.same("days, words, constants", (r["Date d'entrée"], r["Situation sur le marché du travail"], r["Zone rurale"], r["Minorité"], r["Pays"], r["Mois de chômage"], r["Date de sortie"]),
           (french(ago(200)), "Inactif", "Non", "Ne se prononce pas", "99100", "14", ""))
    t.that("a word that is not translated is read as a person does", r["Niveau de formation"] and "isced" not in r["Niveau de formation"], r["Niveau de formation"])
    t.same("a formula is none", (rows[1]["Nom"], rows[1]["Téléphone"]), ("'=cmd", "'+33 6 00 00 00 01"))
    t.same("everybody", len(rows_of(p.export(EXAMPLE.replace("only declarable", "only all").replace(" required", "")))), 4)
    t.same("of another period nobody who had left", rows_of(p.export(EXAMPLE, "--operation", p.operation, "--from", ago(10)))[0]["Nom"], "Éléonore")


WRONG = {
    'column "X" = nothing': (2, 14, "champ"), 'column "Sexe" = sex words F=2 M=1': (2, 8, "le mot X n'a pas de traduction"),
    'column "Sexe" = sex words F=2 M=1 X=3 Y=4': (2, 39, "n'a pas ce mot"), 'column "Nom" = name words a=b': (2, 21, "pas de mots"), 'column Nom = name': (2, 8, "column"),
    'column "Nom" name': (2, 8, "column"), 'column "Nom" = name required other': (2, 30, "de trop"), 'column "Nom': (2, 8, "guillemet"), "colonne \"Nom\" = name": (2, 1, "attendu"),
    "dates dd-mm-yyyy": (2, 7, "dd/mm/yyyy"), 'separator "|"': (2, 11, "separator"), "encoding latin1": (2, 10, "cp1252"), "only some": (2, 6, "declarable"),
}


def wrong_maps(t, p):
    out = p.store.root / "rien.csv"
    for line, (at, column, why) in WRONG.items():
        done = p.export("export essai\n" + line + '\ncolumn "P" = participant\n', "--out", out)
        said = done.stderr.decode()
        t.that("refused: " + line, done.returncode == 1 and "essai.map:%d:%d: " % (at, column) in said and why in said, said)
        t.that("and nothing is written", not out.exists() and done.stdout == b"")
    t.that("no column at all", b"une colonne au moins" in p.export("export essai\n").stderr)
    done = p.export(EXAMPLE.replace("only declarable", "only all"), "--out", out)
    said = done.stderr.decode()
    line = 1 + EXAMPLE[:EXAMPLE.index('column "Sexe"')].count("\n")
    t.that("a required datum that nobody told: who, and where in the mapping", done.returncode == 1 and
           'essai.map:%d:8: "Sexe", %s: exigé' % (line, p.people[2]) in said and p.people[0] not in said and not out.exists(), said)
    t.that("names nobody", "Sans-Données" not in said, said)


def forms(t, p):
    latin = p.export(EXAMPLE.replace("encoding utf-8", "encoding cp1252"), "--operation", p.operation)
    t.same("Windows-1252", (latin.returncode, rows_of(latin, "cp1252")[0]["Prénom"], rows_of(latin, "cp1252")[0]["Adresse"]), (0, "Zoé", "3, rue d’Œuvre ; bât. « B »"))
    greek = p.export(EXAMPLE.replace("encoding utf-8", "encoding cp1252").replace('constant "99100"', 'constant "Ελλάδα"'))
    t.same("a character that it does not have", (greek.returncode, greek.stdout), (1, b""))
    iso = rows_of(p.export(EXAMPLE.replace("dates dd/mm/yyyy", "dates yyyy-mm-dd").replace('separator ";"', 'separator ","')), separator=",")
    t.same("other days, another separator", iso[0]["Date d'entrée"], ago(200))
    out = p.store.root / "participants.xlsx"
    done = p.export(EXAMPLE, "--operation", p.operation, "--format", "xlsx", "--out", out)
    t.same("a workbook", (done.returncode, done.stderr), (0, b""))
    sheet = openpyxl.load_workbook(out)["participants-fse"]
    rows = [dict(zip([c.value for c in sheet[1]], r)) for r in sheet.iter_rows(min_row=2, values_only=True)]
    t.same("its days are dates, its texts texts", (rows[0]["Date d'entrée"], rows[1]["Nom"], rows[1]["Téléphone"]),
           (datetime.fromisoformat(ago(200)), "=cmd", "+33 6 00 00 00 01"))
    t.same("not on a terminal", p.export(EXAMPLE, "--format", "xlsx").returncode, 2)
    t.same("neither csv nor xlsx", p.export(EXAMPLE, "--format", "pdf").returncode, 2)


def who_may(t, p):
    officer = p.daemon.client(p.token["officer"])
    t.same("the coordinator alone", (officer.get("/v1/reports/fse_participants").status, officer.get("/v1/reports/fse").status), (403, 200))
    t.same("the officer's export", p.export(EXAMPLE, token=p.token["officer"]).returncode, 1)
    t.that("no name in the one that everybody may read", "Zoé" not in p.client.get("/v1/reports/fse").body.decode())
    t.that("what is logged names nobody", not any(x in p.daemon.said() for x in ("Zoé", "Éléonore", "cmd", "+33")))


def erased(t, p):
    p.client.do("erase", p.people[3], basis="request")
    rows = {r["Identifiant"]: r for r in rows_of(p.export(EXAMPLE.replace(" required", ""), "--operation", p.operation))}
    t.same("their line, and nobody in it", [rows[p.people[3]][k] for k in ("Nom", "Prénom", "Date de naissance", "Téléphone", "Adresse", "Commune", "Nationalité")], [""] * 7)
    t.same("the others as before", rows[p.people[0]]["Nom"], "Éléonore")


def main(build):
    t = Checks()
    p = Place(build)
    try:
        for name, function in (("example", example), ("wrong maps", wrong_maps), ("forms", forms), ("who may", who_may), ("erased", erased)):
            t.run(name, function, p)
    finally:
        p.daemon.stop()
        p.store.remove()
    t.finish()


if __name__ == "__main__":
    main(sys.argv[1])
