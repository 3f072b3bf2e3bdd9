#!/usr/bin/env python3
"""Every report in every form, empty and full: reports.py BUILD

A PLIE that parcours-sim lived, and people with names that spreadsheets and browsers would run. Of each row of reports.def: the JSON
and the CSV say the same, the workbook's numbers are numbers and its days are dates (openpyxl), LibreOffice opens it and sees the same;
the page to print holds each cell, and nothing from elsewhere. A report of 200,000 lines costs the process no memory to speak of."""
import csv
import html.parser
import io
import json
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from datetime import date, datetime, timedelta
from pathlib import Path

sys.path.append("/usr/lib/python3/dist-packages")
import openpyxl

from daemon import LINES, Checks, Daemon, Store, admit, ago, hold_session, months_before, today

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DEF = (Path(__file__).resolve().parent.parent / "projections" / "reports.def").read_text()
HOSTILE, HOSTILE_FIRST = '=1+1&"<b>', "+33 6 O'Brien"
LINES_MANY, GROWTH_MAX = 200000, 32 << 20
PEOPLE, EACH = 500, 400


# ---- the rows ----
def rows_of_def():
    """name: (columns {name: type}, printed)."""
    shared = dict(re.findall(r"#define (\w+)\(report\)((?:.*\\\n)+.*\n)", DEF))
    found = {}
    for row in re.split(r"\nREPORT\(", DEF)[1:]:
        name = re.match(r'\w+, "(\w+)"', row).group(1)
        text = "".join(shared[m] for m in shared if m + "(" in row.split("#define")[0]) + row
        columns = dict(re.findall(r"COLUMN\(\w+, (\w+), (\w+)", text))
        found[name] = (columns, "| PRINTED" in row.split("TAKES")[0])
    return found


ROWS = rows_of_def()
SAID = {"A_WORD", "SAYS", "SOME_WORDS", "YES_NO"}       # a person reads a sentence there, a program a word


# ---- reading each form ----
def read_csv(body):
    """The head as a dictionary, the lines as dictionaries; a quote in front of what looks like a formula is taken off."""
    rows = list(csv.reader(io.StringIO(body.decode(), newline="")))
    plain = [[c[1:] if c[:1] == "'" and c[1:2] in set("=+-@\t\r") else c for c in r] for r in rows]
    head = {r[0][2:]: r[1] for r in plain if r[0].startswith("# ") and len(r) == 2}
    lines = [r for r in plain if not r[0].startswith("# ")]
    return head, [dict(zip(lines[0], r)) for r in lines[1:]] if lines else []


def read_xlsx(body):
    """(about, headers, lines): the last as lists of (value, kind of cell)."""
    book = openpyxl.load_workbook(io.BytesIO(body))
    about, lines = book.worksheets
    rows = list(lines.iter_rows())
    return ({r[0].value: r[1].value for r in about.iter_rows()}, [c.value for c in rows[0]], [[(c.value, c.data_type) for c in r] for r in rows[1:]])


class Page(html.parser.HTMLParser):
    """The cells of each table, row by row; and every tag and attribute."""

    def __init__(self, text):
        super().__init__()
        self.tables, self.tags, self.attributes, self.cell = [], set(), set(), None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attributes}
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.cell = ""

    def handle_endtag(self, tag):
        if tag in ("td", "th"):
            self.tables[-1][-1].append(self.cell)
            self.cell = None

    def handle_data(self, data):
        if self.cell is not None:
            self.cell += data


# ---- a cell of a program, as a spreadsheet has it ----
def as_cell(kind, value):
    """Value and kind of cell wanted; None: anything that is a text (a sentence)."""
    if value is None:
        return None, None
    if kind == "A_DAY":
        return datetime.combine(date.fromisoformat(value), datetime.min.time()), "d"
    if kind == "A_MONTH":
        return datetime.combine(date.fromisoformat(value + "-01"), datetime.min.time()), "d"
    if kind in ("A_NUMBER", "AN_EVENT"):
        return int(value), "n"
    if kind == "SOME_CENTS":
        return value / 100, "n"
    if kind == "HUNDREDTHS":
        return value, "n"
    return value, "s"


def same_cells(t, name, wanted, lines, columns):
    wrong = []
    for row, line in zip(wanted, lines):
        for (column, value), (got, kind) in zip(row.items(), line):
            should, should_kind = as_cell(columns.get(column, "A_TEXT"), value)
            if value is None or value == "":
                good = got is None
            elif columns.get(column) in SAID:
                good = isinstance(got, str) and got != "" and kind in "s" or (got is None and columns[column] == "SAYS")
            else:
                good = (got, kind if kind != "inlineStr" else "s") == (should, should_kind) and not isinstance(got, bool)
            if not good:
                wrong.append((column, value, got, kind))
    t.same(name + ": as many lines in the workbook", len(lines), len(wanted))
    t.same(name + ": each cell of the workbook is what it is", wrong[:5], [])


def as_csv(kind, value):
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if kind in ("SOME_CENTS",):
        return "%s%d.%02d" % ("-" if value < 0 else "", abs(value) // 100, abs(value) % 100)
    if kind == "HUNDREDTHS":
        return "%.2f" % value
    return str(value)


# ---- LibreOffice ----
def office():
    return shutil.which("soffice") or shutil.which("libreoffice")


CONVERT = "csv:Text - txt - csv (StarCalc):44,34,76,1,,1033,false,true,false,false,false,-1"


def converted(folder, names):
    """The sheets of workbooks, converted by LibreOffice: {file-sheet: rows}."""
    out = folder / "converted"
    subprocess.run([office(), "--headless", "-env:UserInstallation=" + (folder / "profile").as_uri(), "--convert-to", CONVERT, "--outdir", out,
                    *[folder / n for n in names]], capture_output=True, timeout=180)
    return {p.stem: list(csv.reader(p.open(newline="", encoding="utf-8"))) for p in out.glob("*.csv")} if out.exists() else {}


def as_converted(value):
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%m/%d/%Y")
    return str(value)


def equal_converted(ours, theirs):
    """One cell of openpyxl beside the same as LibreOffice prints it, in English: 01/31/2026, 1,200.00 €, 49.00."""
    if as_converted(ours) == theirs:
        return True
    if isinstance(ours, datetime):
        return theirs in (ours.strftime("%d/%m/%Y"), ours.strftime("%m/%Y"))
    try:
        return float(ours) == float(re.sub(r"[ ,€\u00a0]", "", theirs))
    except ValueError:
        return False


def opens_in_libreoffice(t, folder, books):
    if not office():
        print("skipped: LibreOffice is not installed (make trials installs it)")
        return
    for name, body in books.items():
        (folder / (name + ".xlsx")).write_bytes(body)
    sheets = converted(folder, [n + ".xlsx" for n in books])
    for name, body in books.items():
        book = openpyxl.load_workbook(io.BytesIO(body))
        for sheet in book.worksheets:
            theirs = sheets.get("%s-%s" % (name, sheet.title), [])
            ours = [[c.value for c in r] for r in sheet.iter_rows()]
            wrong = [(i, a, b) for i, (x, y) in enumerate(zip(ours, theirs)) for a, b in zip(x, y + [""] * len(x)) if not equal_converted(a, b)]
            t.same("LibreOffice sees the same in %s, %s" % (name, sheet.title), (wrong[:3], len(theirs)), ([], len(ours)))
    half = folder / "half.xlsx"
    half.write_bytes(next(iter(books.values()))[:3000])
    t.same("and it opens no half of a workbook, so this can fail", [k for k in converted(folder, ["half.xlsx"]) if k.startswith("half")], [])


# ---- every row ----
def every_form(t, c, name, query=""):
    """The report in its four forms; the workbook's bytes."""
    columns, printed = ROWS[name]
    target = "/v1/reports/%s?%s" % (name, query)
    said = c.read(target + "format=json")
    head, lines = read_csv(c.get(target + "format=csv").body)
    shown = [x["name"] for x in said["columns"]]
    t.same(name + ": the columns of its row", [x for x in shown if x not in ("name", "first_name") or x in columns], list(columns))
    t.same(name + ": the head of the CSV", (head["scope"], head["period"], head["position"], head["rows"], head["rulebook"]),
           (said["scope"], said["from"] + "/" + said["to"], str(said["position"]), str(len(said["rows"])), said["rulebook"]))
    t.same(name + ": the lines of the CSV", lines, [{k: as_csv(columns.get(k), v) for k, v in r.items()} for r in said["rows"]])
    answer = c.get(target + "format=xlsx")
    t.same(name + ": a workbook, by its name", (answer.status, answer.headers["content-type"], answer.headers["content-disposition"][-6:]), (200, XLSX, '.xlsx"'))
    about, headers, cells = read_xlsx(answer.body)
    t.same(name + ": the headers of the workbook", headers, [x["header"] for x in said["columns"]])
    t.same(name + ": what the workbook is about", (about["Rapport"], about["Périmètre"], about["Position du journal"], about["Lignes"], about["Référentiel"],
           about["Premier jour"], about["Dernier jour"]), (name, said["scope"], said["position"], len(said["rows"]), said["rulebook"],
           *(datetime.fromisoformat(said[k]) for k in ("from", "to"))))
    if said["rows"]:
        same_cells(t, name, said["rows"], cells, columns)
    else:
        t.same(name + ": an empty one says so", [x for x in cells[0] if x[0]], [("Aucune ligne.", "s")])
    page(t, c, name, target, said, printed, cells)
    return answer.body


def page(t, c, name, target, said, printed, cells):
    answer = c.get(target + "format=html")
    if not printed:
        t.same(name + ": is not printed", (answer.status, answer.code()), (406, "form"))
        return
    t.same(name + ": a page", (answer.status, answer.headers["content-type"]), (200, "text/html; charset=utf-8"))
    t.that(name + ": runs nothing", "default-src 'none'" in answer.headers["content-security-policy"])
    p = Page(answer.body.decode())
    t.same(name + ": its tags", p.tags - set("html head meta title style body h1 h2 p table thead tr th td".split()), set())
    t.same(name + ": its attributes", p.attributes - {"lang", "charset", "style", "scope"}, set())
    about = {r[0]: r[1] for r in p.tables[0]}
    t.same(name + ": its head", (about["Périmètre"], about["Lignes"], about["Position du journal"]), (said["scope"], str(len(said["rows"])), str(said["position"])))
    section = re.search(r"SECTION\(%s, (\w+)\)" % name, DEF)
    section = section.group(1) if section else "by" if "figure" in ROWS[name][0] else None
    shown = [i for i, x in enumerate(said["columns"]) if x["name"] != section]
    headers = [said["columns"][i]["header"] for i in shown]
    got = [r for table in p.tables[1:] if table[0] == headers for r in table[1:]]
    wanted = [[said_cell(line[i]) for i in shown] for line in cells] if said["rows"] else []
    t.same(name + ": its cells are the workbook's", [[r for r in zip(got, wanted) if r[0] != r[1]][:2], len(got)], [[], len(wanted)])
    if not said["rows"]:
        t.that(name + ": an empty page says so", "<p>Aucune ligne.</p>" in answer.body.decode())


def said_cell(cell):
    value, kind = cell
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%d/%m/%Y")
    if isinstance(value, float):
        return "%d" % value if value == int(value) else ("%.2f" % value).replace(".", ",")
    return str(value)


def rows_full(t, c, folder):
    books = {name: every_form(t, c, name, QUERIES.get(name, "")) for name in ROWS}
    full = [name for name in ROWS if name not in MAY_BE_EMPTY]
    empty = [name for name in full if not c.read("/v1/reports/%s?%s" % (name, QUERIES.get(name, "")))["rows"]]
    t.same("a year of a PLIE leaves none of them empty", empty, [])
    opens_in_libreoffice(t, folder, {n: books[n] for n in ("letter", "steps", "operation", "fse") if n in books})


# The sim lives its year up to today: the reports are of its last whole month.
LAST = months_before(1)
MONTH, END = LAST.isoformat()[:7], months_before(0) - timedelta(days=1)
QUERIES = {"letter": "month=%s&" % MONTH, "steps": "month=%s&" % MONTH, "activity": "month=%s&" % MONTH, "quarterly": "quarter=%s&" % MONTH,
           **{n: "year=%d&" % END.year for n in ("year", "qualitative", "key_figures", "publics", "aided_wages")},
           **{n: "from=%s&to=%s&" % (ago(300), END) for n in ("fse", "fse_participants", "control", "interview", "sessions", "reliability")},
           **{n: "on=%s&" % END for n in ("file", "portfolio", "operation", "operation_figures", "agenda")}}
MAY_BE_EMPTY = {"aided_wages", "agenda", "sessions"}


def rows_empty(t, build):
    with Store(build) as store, Daemon(store) as d:
        c = d.client()
        for name in ROWS:
            every_form(t, c, name)


# ---- names, formulas, languages ----
def names(t, c):
    """Only who asks for them sees them; nothing that a name says is run by anybody; who was erased has none."""
    p = admit(c, HOSTILE, today() - timedelta(days=200), c.do("register_referent", on=ago(300), name="R")["referent"])
    q = c.do("record_profile", p, on=ago(100), first_name=HOSTILE_FIRST)
    c.do("set_publicity", on=ago(100), mention="=Union européenne & <Fonds>")
    target = "/v1/reports/portfolio?"
    for form in ("json", "csv", "html"):
        t.that("no name unless asked: " + form, "Brien" not in c.get(target + "format=" + form).body.decode(), q)
    t.that("no name unless asked: xlsx", "Brien" not in everything_in(c.get(target + "format=xlsx").body))
    mine = [r for r in c.read(target + "names=1")["rows"] if r["participant"] == p]
    t.same("asked for", [(r["name"], r["first_name"]) for r in mine], [(HOSTILE, HOSTILE_FIRST)])
    body = c.get(target + "names=1&format=csv").body.decode()
    t.that("CSV: neutralised", "\"'=1+1&\"\"<b>\"" in body and ",'+33 6 O'Brien" in body and "# mention,'=Union" in body, body[:400])
    about, headers, cells = read_xlsx(c.get(target + "names=1&format=xlsx").body)
    line = [x for x in cells if x[0][0] == p][0]
    t.same("XLSX: texts, not formulas", [(x[0], x[1] in ("s", "inlineStr")) for x in line[1:3]], [(HOSTILE, True), (HOSTILE_FIRST, True)])
    t.same("XLSX: the mention too", about["Cofinancement"], "=Union européenne & <Fonds>")
    text = c.get(target + "names=1&format=html").body.decode()
    t.that("HTML: escaped", "<b>" not in text and "=1+1&amp;&quot;&lt;b&gt;" in text and "&lt;Fonds&gt;" in text)
    known = [r for r in c.read(target + "names=1&known_at=%sT00:00:00Z&on=%s" % (ago(50), ago(51)))["rows"] if r["name"] and "1+1" in r["name"]]
    t.same("not known before it was told", known, [])
    t.same("a report of no participant", c.get("/v1/reports/letter?names=1").pointers(), ["?names"])
    t.same("neither yes nor no", c.get(target + "names=yes").pointers(), ["?names"])
    c.do("erase", p, basis="request")
    for form in ("json", "csv", "html"):
        t.that("erased: " + form, "Brien" not in c.get("/v1/reports/session?names=1&format=" + form).body.decode())


def everything_in(workbook):
    with zipfile.ZipFile(io.BytesIO(workbook)) as z:
        return "".join(z.read(n).decode("utf-8", "replace") for n in z.namelist())


def forms(t, c):
    target = "/v1/reports/steps"
    for accept, wanted in ((XLSX, XLSX), ("text/csv", "text/csv; charset=utf-8"), ("text/html,*/*", "text/html; charset=utf-8"), ("*/*", "application/json")):
        t.same("Accept: " + accept, c.get(target, Accept=accept).headers["content-type"], wanted)
    t.same("a browser, a report that is not printed", c.get("/v1/reports/fse", Accept="text/html,*/*").headers["content-type"], "application/json")
    t.same("no such form", (c.get(target + "?format=pdf").status, c.get(target + "?format=pdf").pointers()), (400, ["?format"]))
    english = read_xlsx(c.get(target + "?format=xlsx", Accept_Language="en").body)
    t.same("in English", (english[0]["Report"], english[1][0], english[1][2]), ("steps", "participant", "kind"))
    then = "2026-01-02T03:04:05.000Z"
    head = read_csv(c.get(target + "?format=csv&as_of=%s&known_at=%s" % (ago(30), then)).body)[0]
    about = read_xlsx(c.get(target + "?format=xlsx&as_of=%s&known_at=%s" % (ago(30), then)).body)[0]
    t.same("as of when, known at when: each head says so", (head["as_of"], head["known_at"], about["Tel que c'était le"], about["Tel qu'on le savait à"]),
           (ago(30), then, datetime.fromisoformat(ago(30)), then))
    t.that("and of now they do not", "as_of" not in read_csv(c.get(target + "?format=csv").body)[0])
    first = c.get(target)
    t.same("304 for who has it", c.get(target, If_None_Match=first.headers["etag"]).status, 304)
    c.do("register_referent", name="Un autre")
    t.that("another answer has another tag", c.get(target).headers["etag"] != first.headers["etag"])


def minutes(t, c):
    """What was sealed in a session is below its decisions, on the page alone."""
    s = hold_session(c, today() - timedelta(days=3))
    c.do("file_minutes", s, on=ago(2), minutes="Compte rendu <secret>\nsur deux lignes")
    text = c.get("/v1/reports/session?format=html&session=" + s).body.decode()
    t.that("the minutes are printed", "Compte rendu &lt;secret&gt;\nsur deux lignes" in text and "le président ou la présidente" in text, text[-800:])
    t.same("a sheet for each session, signed apart", len(re.findall("le président ou la présidente", c.get("/v1/reports/session?format=html").body.decode())),
           len({r["session"] for r in c.read("/v1/reports/session")["rows"]}))
    t.that("of that session alone", "secret" not in c.get("/v1/reports/session?format=html&session=" + hold_session(c, today())).body.decode())
    t.that("nowhere else", "secret" not in c.get("/v1/reports/session?session=" + s).body.decode() and
           "secret" not in everything_in(c.get("/v1/reports/session?format=xlsx&session=" + s).body))


def by_command(t, store, d, folder):
    def ctl(*arguments):
        return subprocess.run([store.build / "parcoursctl", *arguments, "--lang", "fr", "--url", "http://%s:%d" % d.address, "--token", store.token], capture_output=True, timeout=60)
    made = ctl("report", "steps", "--month", MONTH, "--format", "xlsx", "--out", str(folder / "steps.xlsx"))
    t.same("parcoursctl writes a workbook", (made.returncode, made.stdout, made.stderr), (0, b"", b""))
    t.same("... that opens", read_xlsx((folder / "steps.xlsx").read_bytes())[0]["Rapport"], "steps")
    t.that("a page", ctl("report", "steps", "--format", "html").stdout.startswith(b"<!DOCTYPE html>"))
    t.same("one that is not printed", ctl("report", "fse", "--format", "html").returncode, 1)
    shown = ctl("report", "portfolio", "--names").stdout.decode()
    t.that("as a table, with the columns of names", "nom" in shown.split("\n\n")[1].split("\n")[0].split() and "prénom" in shown, shown[:600])
    t.that("with names", b",name,first_name," in ctl("report", "portfolio", "--csv", "--names").stdout)


# ---- memory ----
def anonymous(pid):
    return int(re.search(r"RssAnon:\s+(\d+)", Path("/proc/%d/status" % pid).read_text()).group(1)) << 10


class Watched(threading.Thread):
    """The most memory of its own that a process had meanwhile."""

    def __init__(self, pid):
        super().__init__()
        self.pid, self.most, self.done = pid, 0, False

    def run(self):
        while not self.done:
            self.most = max(self.most, anonymous(self.pid))
            time.sleep(0.002)

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.done = True
        self.join()


def loaded(c):
    """PEOPLE participants with EACH contacts recorded too late: a line of `reliability` each."""
    referent = c.do("register_referent", on=ago(900), name="R")["referent"]
    first = today() - timedelta(days=700)
    session = hold_session(c, first + timedelta(days=20))
    people = [admit(c, "N%d" % i, first, referent, session) for i in range(PEOPLE)]
    lines = [json.dumps({"command": "record_contact", "participant": p, "on": ago(600 - i), "data": {"channel": "interview", "signed": True}})
             for p in people for i in range(EACH)]
    for at in range(0, len(lines), 4000):
        answer = c.post("\n".join(lines[at:at + 4000]), Content_Type=LINES, Prefer="return=minimal")
        assert answer.status == 200 and b'"status":4' not in answer.body, answer.body[:300]


def memory(t, build):
    with Store(build, "standard") as store, Daemon(store) as d:
        c = d.client()
        loaded(c)
        target = "/v1/reports/reliability?from=%s&to=%s&format=" % (ago(700), ago(0))
        c.get("/v1/reports/steps")      # whatever a first walk leaves behind is there
        for form in ("csv", "json", "xlsx"):
            before = anonymous(d.process.pid)
            with Watched(d.process.pid) as w:
                began = time.monotonic()
                body = c.get(target + form).body
            grown = w.most - before
            n = {"csv": lambda: body.count(b"\n"), "json": lambda: len(json.loads(body)["rows"]), "xlsx": lambda: LINES_MANY}[form]()
            t.that("%s of %d lines, %.1f MB in %.1f s: the process grew by %.1f MiB" % (form, n, len(body) / 1e6, time.monotonic() - began, grown / 2**20),
                   n >= LINES_MANY and grown < GROWTH_MAX, "%d lines, %.1f MiB" % (n, grown / 2**20))
            print("%s: %d lines, %.1f MB, %.1f s, grew by %.1f MiB" % (form, n, len(body) / 1e6, time.monotonic() - began, grown / 2**20))


def main(build):
    t = Checks()
    t.run("empty", rows_empty, build)
    folder = Path(tempfile.mkdtemp(prefix="parcours-reports-"))
    try:
        with Store(build, "standard", "--demo", "--today", ago(365), "--name", "PLIE d'essai") as store, Daemon(store) as d:
            lived = subprocess.run([store.build / "parcours-sim", "--url", "http://%s:%d" % d.address, "--token", store.token, "--participants", "100",
                                    "--years", "1", "--seed", "5"], capture_output=True, text=True, timeout=300)
            t.same("parcours-sim lives a year", lived.returncode, 0)
            c = d.client()
            t.run("full", rows_full, c, folder)
            t.run("forms", forms, c)
            t.run("by command", by_command, store, d, folder)
            t.run("minutes", minutes, c)
            t.run("names", names, c)
        t.run("memory", memory, build)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    t.finish()


if __name__ == "__main__":
    main(sys.argv[1])
