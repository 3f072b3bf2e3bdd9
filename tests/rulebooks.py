#!/usr/bin/env python3
"""The same history judged under each of the six rulebooks: rulebooks.py BUILD [--mutate] [RULE...]

tests/rulebooks.txt holds the histories and the answers, column by column; this makes a scenario of each history for each rulebook
and lets the player play it. With --mutate each value of each rulebook is changed by one, and the table must notice: a value that
nothing would notice is named in the text by a line `blind RULE: why`. RULEs: those alone are changed."""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
TABLE = HERE / "rulebooks.txt"
DOMAIN = HERE.parent.parent / "shared" / "domain" / "rulebooks.md"
BOOKS = ["saint-quentin-2012", "boulonnais", "provence-mediterranee", "dijon-2018", "dijon-2021", "standard"]
SAME = '"'                  # a cell that says what the one on its left says
BATCH = 200                 # scenarios in one run of the player


# ---- the text ----
class History:
    def __init__(self, name):
        self.name, self.lines, self.rules = name, [], set()


class Table:
    """Histories; a line of one is a text, or (question, six answers)."""

    def __init__(self, path):
        self.histories, self.rows, self.blind, self.faults = [], {}, {}, []
        for number, line in enumerate(path.read_text().splitlines(), 1):
            try:
                self.take(line.strip())
            except (ValueError, IndexError) as e:
                self.faults.append("%s:%d: %s" % (path.name, number, e or "cannot be read"))

    def take(self, line):
        word, _, rest = line.partition(" ")
        if not line or word == "#":
            return
        if word == "history":
            self.histories.append(History(rest))
        elif word == "row":
            title, _, rules = rest.rpartition(": ")
            self.rows.setdefault(title, set()).update(rules.split())
            self.histories[-1].rules.update(rules.split())
        elif word == "blind":
            rule, why = rest.split(": ", 1)
            self.blind[rule] = why
        elif "|" in line:
            question, *cells = [part.strip() for part in line.split("|")]
            if len(cells) != len(BOOKS):
                raise ValueError("%d answers" % len(cells))
            for i, cell in enumerate(cells):
                cells[i] = cells[i - 1] if cell == SAME and i else cell
            self.histories[-1].lines.append((question, cells))
        else:
            self.histories[-1].lines.append(line)

    def scenario(self, history, book, changed=""):
        column = BOOKS.index(book)
        lines = ["plie %s %s" % (book, changed)]
        lines += [x if isinstance(x, str) else "%s -> %s" % (x[0], x[1][column]) for x in history.lines]
        return "\n".join(lines) + "\n"


# ---- playing ----
def play(build, texts, *flags):
    """What the player says against each text: a list of (line number, sentence)."""
    said = [[] for _ in texts]
    root = Path(tempfile.mkdtemp(prefix="parcours-table-"))
    try:
        for first in range(0, len(texts), BATCH):
            part = range(first, min(first + BATCH, len(texts)))
            for i in part:
                (root / str(i)).write_text(texts[i])
            ran = subprocess.run([build / "play", *flags, *(str(root / str(i)) for i in part)], capture_output=True, text=True, timeout=600,
                                 env={**os.environ, "TMPDIR": str(root)})
            if not re.search(r"^\d+ passed, \d+ failed$", ran.stdout, re.M):
                raise SystemExit("the player broke off: %d %s" % (ran.returncode, ran.stdout[-300:] + ran.stderr[-300:]))
            for line in ran.stdout.splitlines():
                met = re.match(r"%s/(\d+):(?:(\d+):)? (.*)" % re.escape(str(root)), line)
                if met:
                    said[int(met[1])].append((int(met[2] or 0), met[3]))
    finally:
        shutil.rmtree(root, ignore_errors=True)
    return said


def judge(build, table):
    """Each cell of the table; (passed, failures)."""
    played = [(h, b) for h in table.histories for b in BOOKS]
    failures = list(table.faults)
    for (h, b), said in zip(played, play(build, [table.scenario(h, b) for h, b in played])):
        for line, sentence in said:
            x = h.lines[line - 2] if 2 <= line <= len(h.lines) + 1 else "the whole"
            failures.append("%s, under %s: %s: %s" % (h.name, b, x if isinstance(x, str) else x[0], sentence))
    cells = sum(len(BOOKS) for h in table.histories for x in h.lines if not isinstance(x, str))
    return max(cells - len(failures), 0), failures


def rows_of(domain):
    """The rows of the domain's own table."""
    rows = [line.split("|")[1].strip() for line in domain.read_text().splitlines() if line.startswith("|")]
    return rows[2:]


def same_rows(table):
    if not DOMAIN.exists():
        print("skipped: the domain's table is not there to compare the rows with")
        return []
    wanted = rows_of(DOMAIN)
    return ["row of the domain without one here: " + r for r in wanted if r not in table.rows] + \
           ["row that the domain does not have: " + r for r in table.rows if r not in wanted]


# ---- every value, changed by one ----
def written(value):
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


def on(r):
    return not r.get("unknown") and r["mode"] != "off"


def changes(r, others):
    """The other values of a rule, as the player writes them; `others`: what the other rulebooks have."""
    value = r.get("value")
    if not on(r):
        yield from ("%s:%s" % (o["mode"], written(o.get("value", "yes"))) for o in others[:1])
        return
    yield "off"
    if r["unit"] == "set":
        yield from (written([w for w in value if w != gone]) for gone in value if len(value) > 1)
        yield from (written(value + [w]) for w in sorted({w for o in others for w in o["value"]} - set(value))[:3])
    elif r["unit"] == "word":
        yield {"contract": "decision", "decision": "contract", "forbidden": "uncounted", "uncounted": "forbidden", "any": "rncp",
               "rncp": "any", "about": "least", "least": "about"}[value]
    elif value is not None:
        numbers = value if isinstance(value, list) else [value]
        for i in range(len(numbers)):
            for by in (1, -1):
                if numbers[i] + by >= 0:
                    yield written(numbers[:i] + [numbers[i] + by] + numbers[i + 1:])


def mutants(table, books, only):
    """(rule, rulebook, history, change): each value of each rulebook of the rules that a row names, one more, one less, other."""
    for h in table.histories:
        for rule in sorted(h.rules):
            if only and rule not in only:
                continue
            others = [books[b][rule] for b in reversed(BOOKS) if on(books[b][rule])]
            for b in BOOKS:
                for change in changes(books[b][rule], others):
                    yield rule, b, h, "%s=%s" % (rule, change)


def excused(table, books, rule, book, change):
    """The line that says why nothing can notice this; None."""
    for said in table.blind:
        part = said.split(" ")
        if said == change or (len(part) == 3 and part[0] == rule and part[1] == "without" and not on(books[book][part[2]])):
            return said
    return None


def mutate(build, table, only):
    """Every change must make the table fail somewhere; (noticed, what went unnoticed)."""
    books = {b: json.loads((HERE.parent / "events" / "rulebooks" / (b + ".json")).read_text())["rules"] for b in BOOKS}
    made, seen, needed = list(mutants(table, books, only)), {}, set()
    for (rule, b, h, change), said in zip(made, play(build, [table.scenario(h, b, c) for _, b, h, c in made], "--until", "failure")):
        if not any("no rulebook" in sentence for _, sentence in said):      # else out of the rule's bounds: no rulebook can say it
            seen[rule, b, change] = seen.get((rule, b, change), False) or bool(said)
    missed = []
    for (rule, b, change), noticed in seen.items():
        why = None if noticed else excused(table, books, rule, b, change)
        needed.add(why)
        if not noticed and not why:
            missed.append("%s under %s changes no answer" % (change, b))
    missed += ["blind %s: everything of it is noticed" % said for said in table.blind if said not in needed and not only]
    return sum(seen.values()), missed


def main():
    build = Path(sys.argv[1]).resolve()
    table = Table(TABLE)
    if "--mutate" in sys.argv:
        passed, failures = mutate(build, table, [a for a in sys.argv[2:] if not a.startswith("--")])
    else:
        passed, failures = judge(build, table)
        failures += same_rows(table)
    for f in failures:
        print("FAILED " + f)
    print("%d passed, %d failed" % (passed, len(failures)))
    sys.exit(1 if failures else 0)


main()
