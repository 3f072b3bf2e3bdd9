#!/usr/bin/env python3
"""The monthly letter of a PLIE like Dijon's, from events alone: letter.py BUILD [--participants 900] [--years 3] [--seed 2016]

parcours-sim lives it with the proportions that Dijon published (DB-26). The letter of the last month then says them of its year, within
what a draw of so many people leaves to chance, and each is to the unit what the simulator's own ledger has. The years past a PLIE's third
are not needed: parcours last 16 months."""
import argparse
import csv
import io
import re
import subprocess
import sys
from datetime import date

from daemon import Checks, Daemon, Store

LAST_DAY = date(2025, 12, 31)       # the letter of December says a whole year
SECONDS_MAX = 1200
# figure: (published, how far from it a year may be)
PUBLISHED = {"women": (49, 2), "rsa": (57, 2), "qpv": (35, 2), "low_level": (75, 3), "mean_months": (16, 1), "positive_exit_rate": (49, 3)}


def lived(build, store, participants, years, seed):
    """What the simulator's ledger has, figure: (numerator, denominator)."""
    with Daemon(store) as d:
        sim = subprocess.run([build + "/parcours-sim", "--url", "http://%s:%d" % d.address, "--token", store.token, "--participants", str(participants),
                              "--years", str(years), "--seed", str(seed), "--end", str(LAST_DAY), "--quiet"], capture_output=True, text=True, timeout=SECONDS_MAX)
    if sim.returncode != 0:
        raise AssertionError(sim.stdout[-600:] + sim.stderr[-300:])
    print(sim.stdout.splitlines()[-1])
    told = next(line for line in sim.stdout.splitlines() if line.startswith("letter of %s" % str(LAST_DAY)[:7]))
    return {name: (int(n), int(d)) for name, n, d in re.findall(r"(\w+) (\d+)/(\d+)", told)}


def letter(c):
    """The lines of the year, not grouped, as somebody reads the CSV: figure: line."""
    body = c.get("/v1/reports/letter?month=%s" % str(LAST_DAY)[:7], Accept="text/csv", Accept_Language="en").body.decode()
    rows = [r for r in csv.reader(io.StringIO(body, newline="")) if not r[0].startswith("#")]
    names = [column["name"] for column in c.read("/v1/reports/letter?month=%s" % str(LAST_DAY)[:7])["columns"]]
    lines = [dict(zip(names, r)) for r in rows[1:]]
    return {line["figure"]: line for line in lines if line["since"] == str(LAST_DAY.replace(month=1, day=1)) and not line["by"]}


def says(t, lines, ledger):
    t.same("the ledger tells each", set(ledger), set(PUBLISHED))
    for name, (published, tolerance) in PUBLISHED.items():
        line, (numerator, denominator) = lines[name], ledger[name]
        t.same(name + " is the ledger's", (int(line["numerator"]), int(line["denominator"])), (numerator, denominator))
        exact = numerator / denominator * (100 if line["unit"] == "percent" else 1)
        t.that(name + " is its quotient", abs(float(line["value"]) - exact) <= 0.005 + 1e-9, (line["value"], exact))
        t.that("%s is as published, %d ± %d" % (name, published, tolerance), abs(exact - published) <= tolerance, exact)
        print("%-20s %6.2f   published %d ± %d   (%d of %d)" % (name, exact, published, tolerance, numerator, denominator))


def main():
    options = argparse.ArgumentParser()
    options.add_argument("build")
    for name, value in (("participants", 900), ("years", 3), ("seed", 2016)):
        options.add_argument("--" + name, type=int, default=value)
    asked = options.parse_args()
    t = Checks()
    with Store(asked.build, "standard", "--demo", "--today", str(LAST_DAY.replace(year=LAST_DAY.year - asked.years))) as store:
        ledger = lived(asked.build, store, asked.participants, asked.years, asked.seed)
        with Daemon(store) as d:
            t.run("the letter", says, letter(d.client()), ledger)
    t.finish()


main()
