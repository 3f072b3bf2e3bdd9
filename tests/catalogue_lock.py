#!/usr/bin/env python3
"""Numbers are never reused and shipped rows only grow at their end: what tests/catalogue.lock holds must still be there.

usage: catalogue_lock.py            compares; ends with "N passed, N failed"
       catalogue_lock.py --write    adds what is new (never takes anything out)
"""
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE, LOCK = ROOT / "events" / "catalogue", ROOT / "tests" / "catalogue.lock"
STREAMS = ("participant", "referent", "enterprise", "session", "market", "operation", "action", "plie")


def text_of(name):
    text = re.sub(r"/\*.*?\*/", "", (CATALOGUE / name).read_text(), flags=re.S)
    return re.sub(r'#include "([^"]+)"', lambda m: text_of(m.group(1)), text)


def kinds():
    for stream in STREAMS:
        for row in re.split(r"\bEVENT\(", text_of(stream + ".def"))[1:]:
            number, name, command, nature = [part.strip() for part in row.split(",")[:4]]
            fields = re.findall(r"FIELD\(\s*([a-z_]+(?:\([^)]*\))?)\s*,\s*([A-Z]+)[^,]*,\s*([A-Z]+(?:\([a-z]+\))?)\s*,\s*([a-z_]+)", row)
            yield "kind", number, [stream, name, nature] + ["%s:%s:%s" % (name, kind.replace(" ", ""), protection) for kind, _, protection, name in fields]


def vocabularies():
    for name, body in re.findall(r"\bVOCABULARY\((\w+),(.*?)(?=\bVOCABULARY\(|\Z)", text_of("vocabularies.def"), flags=re.S):
        yield "words", name, re.findall(r"WORD\(\w+,\s*(\w+)", body)


def lists():
    yield "states", "-", re.findall(r"STATE\((\w+)", text_of("states.def"))
    yield "streams", "-", re.findall(r"STREAM\((\w+)", text_of("streams.def"))


def now():
    return {(what, key): items for source in (kinds(), vocabularies(), lists()) for what, key, items in source}


def locked():
    rows = [line.split() for line in LOCK.read_text().splitlines() if line and not line.startswith("#")] if LOCK.exists() else []
    return {(row[0], row[1]): row[2:] for row in rows}


def main():
    have, held = now(), locked()
    wrong = [(key, items) for key, items in held.items() if have.get(key, [])[:len(items)] != items]
    for (what, key), items in wrong:
        print("%s %s was %s, is %s" % (what, key, " ".join(items), " ".join(have.get((what, key), ["gone"]))))
    missing = [key for key in have if key not in held or len(have[key]) > len(held[key])]
    if "--write" in sys.argv and not wrong:
        rows = {**held, **have}
        order = sorted(rows, key=lambda k: (k[0], int(k[1]) if k[1].isdigit() else 0, k[1]))
        LOCK.write_text("# What has shipped: a row here may grow at its end, and never change. Written by catalogue_lock.py --write.\n" +
                        "".join("%s %s %s\n" % (*key, " ".join(rows[key])) for key in order))
        missing = []
    for what, key in missing:
        print("%s %s is not in the lock: run tests/catalogue_lock.py --write" % (what, key))
    print("%d passed, %d failed" % (len(held) - len(wrong), len(wrong) + len(missing)))
    return 1 if wrong or missing else 0


if __name__ == "__main__":
    sys.exit(main())
