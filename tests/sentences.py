#!/usr/bin/env python3
"""What code says in English has its row in the other language: refusals in events/sentences.def, keys of answers in
tools/ctl_labels.def; and every row is said somewhere. Ends with "N passed, N failed"; each failure is a line.

The reader of HTTP itself (daemon/http_*.c) speaks English alone: it refuses what no program may send, before a language is known."""
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"')
SAYS = re.compile(r"\b(problem_add|call_refuse|call_refuse_parameter|refuse|refuse_at|refuse_of|refuse_as|refuse_body|refuse_merge|want)\("
                  r"|\[CHECK_\w+\] = \{|json_error\)\{|const char \*const why\[\]|\bwhy = |return arena_print\(r->arena")
NUMBER = re.compile(r'" (PRI\w+)(?: "|(?=[,)]))')
FORMAT = re.compile(r"%(?:\.\*)?(?:ll|l)?[sud]")
NOT_SAID = {"byte %s", "Bearer "}       # where, not why


def statements(path):
    text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S)
    text = re.sub(r"^#.*$", "", text, flags=re.M).replace("'\"'", "'Q'")
    return re.split(r";(?=\s*\n)|\n\s*\n", text)


def said():
    """Every sentence that a refusal is given in the code, with the file that says it."""
    found = {}
    for path in sorted([*(ROOT / "daemon").glob("*.c"), *(ROOT / "events").glob("*.c")]):
        if path.name.startswith("http_"):
            continue
        for s in statements(path):
            if not SAYS.search(s) or "failure_say" in s:
                continue
            s = NUMBER.sub(lambda m: "s" if m.group(0).endswith('"') else 's"', s)
            for literal in LITERAL.findall(re.sub(r'"\s*\n\s*"', "", s)):
                literal = FORMAT.sub("%s", literal)
                if " " in literal.strip() and literal not in NOT_SAID:
                    found.setdefault(literal, path.name)
    return found


def rows(path, pattern):
    return re.findall(pattern, (ROOT / path).read_text(), flags=re.M)


def keys_answered():
    text = "".join(p.read_text() for p in sorted((ROOT / "daemon").glob("*.c")))
    return set(re.findall(r'json_key\([\w>.-]+, "(\w+)"', text))


def not_french(bodies):
    """Of refusals as they were answered in French, the reasons that are none of the French rows: of sentences and of rules."""
    fr = rows("events/sentences.def", r'^SENTENCE\("(?:[^"\\]|\\.)*", "((?:[^"\\]|\\.)*)"\)')
    rules = rows("events/rules.def", r'^    "((?:[^"\\]|\\.)*)",')
    known = re.compile("|".join(re.escape(x.replace('\\"', '"').replace("\\\\", "\\")).replace("%s", ".*") for x in fr + rules), re.S)
    whys = set()
    for body in bodies:
        for line in body.splitlines():
            whys |= set(re.findall(r'"why":"((?:[^"\\]|\\.)*)"', line.decode("utf-8", "replace")))
    return sorted(w for w in (x.replace('\\"', '"').replace("\\\\", "\\") for x in whys) if not known.fullmatch(w))


def main():
    wrong = []
    sentences = rows("events/sentences.def", r'^SENTENCE\("((?:[^"\\]|\\.)*)"')
    labels = rows("tools/ctl_labels.def", r"^LABEL\((\w+),")
    code = said()
    wrong += ["%s says, and events/sentences.def does not: %s" % (where, s) for s, where in code.items() if s not in sentences]
    wrong += ["nobody says the row of events/sentences.def: %s" % s for s in sentences if " " in s and s not in code]
    wrong += ["a row twice: %s" % s for s in set(sentences) if sentences.count(s) > 1]
    wrong += ["answers write a key that tools/ctl_labels.def does not have: %s" % k for k in sorted(keys_answered() - set(labels))]
    wrong += ["a label twice: %s" % k for k in set(labels) if labels.count(k) > 1]
    for line in wrong:
        print(line)
    print("%d passed, %d failed" % (len(sentences) + len(labels), len(wrong)))
    sys.exit(1 if wrong or len(code) < 100 else 0)


if __name__ == "__main__":
    main()
