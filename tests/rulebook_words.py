#!/usr/bin/env python3
"""Every sentence that a shipped rulebook quotes is in the document it names: rulebook_words.py [SEEDS]

`words` may leave out what is between two of its parts ("..."), and differ in spaces, quotes, dashes and capitals; nothing else.
The documents are not of this repository: without them this says `skipped`, and looks only at what each value must say of itself."""
import json
import re
import sys
import unicodedata
from pathlib import Path

HERE = Path(__file__).resolve().parent
SEEDS = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE.parent.parent / "shared" / "domain" / "seeds"
DOCUMENT = {"SQ": "000", "BO": "001", "DA": "002", "PM": "003", "DB": "004"}    # the prefix of a source, that of its file
NO_DOCUMENT = {"FSE", "code du travail, D. 5135-3", "parcoursd"}      # none of the five
SAME = str.maketrans({"’": "'", "‘": "'", "«": '"', "»": '"', "“": '"', "”": '"', "–": "-", "—": "-", "…": "...", "\u00a0": " ",
                      "\u202f": " "})


def plain(text):
    """Without what is of the page and not of the sentence: spaces, bold, the bullets of a list, accents written in two."""
    text = unicodedata.normalize("NFC", text).translate(SAME)
    text = re.sub(r"^\s*([-\u2022\u261e]\s+)+", "", text, flags=re.M)
    return re.sub(r"[\s*]+", "", text).lower()


def parts(words):
    """What stands between ellipses; the sentence's own last stop is ours."""
    return [p for p in (plain(x).strip(".,;:()[]") for x in re.split(r"\.\.\.|\u2026|\[\.\.\.\]", words)) if p]


def absent(words, documents):
    """The first part that none of them says."""
    return next((p for p in parts(words) if not any(p in d for d in documents)), None)


def faults(r, seeds):
    if r.get("mode", "off") == "off" and not r.get("unknown"):
        return
    if not r.get("source") or not r.get("words"):
        yield "a value without its sentence"
        return
    if (r.get("reading") or r.get("unknown")) and not r.get("why"):
        yield "a reading, or what was lost, says why"
    if r["source"] in NO_DOCUMENT:
        if not r.get("reading"):
            yield "none of the five documents says it: it is our reading"
        return
    prefixes = re.findall(r"\b(%s)\b" % "|".join(DOCUMENT), r["source"])
    lost = absent(r["words"], [seeds[p] for p in prefixes]) if seeds else None
    if not prefixes:
        yield "no such source: " + r["source"]
    elif lost:
        yield "%s does not say «%s»" % (r["source"], lost)


def main():
    seeds, checked, failed = {}, 0, 0
    if SEEDS.is_dir():
        seeds = {prefix: plain(next(SEEDS.glob(number + "_*.txt")).read_text()) for prefix, number in DOCUMENT.items()}
    else:
        print("skipped: the documents are not at %s, their words are not compared" % SEEDS)
    for f in sorted((HERE.parent / "events" / "rulebooks").glob("*.json")):
        for rule, r in json.loads(f.read_text())["rules"].items():
            said = list(faults(r, seeds))
            checked, failed = checked + 1, failed + bool(said)
            for fault in said:
                print("FAILED %s %s: %s" % (f.stem, rule, fault))
    print("%d passed, %d failed" % (checked - failed, failed))
    sys.exit(1 if failed else 0)


main()
