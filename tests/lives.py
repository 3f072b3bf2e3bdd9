"""Random lives: scenarios that expect nothing of each command, for the player's checks and the independent model to judge.
lives.py BUILD [FIRST_SEED [HOW_MANY]]   plays lives until so many participants had theirs, and compares each; prints the seeds
                                         that differ, ends with "N passed, N failed", a participant's history each
lives.py --print SEED                    the scenario of a seed
lives.py BUILD --elsewhere FIRST HOW_MANY   the same lives, and what sessions and operations said is corrected and taken out meanwhile:
                                         the player's own checks judge, one passed or failed a life"""
import contextlib
import gc
import io
import json
import multiprocessing
import random
import re
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

from lives_threads import Threads

sys.path.insert(0, str(Path(__file__).resolve().parent / "model"))
import model                                        # noqa: E402
from lives_told import Told
from lives_words import BOOKS, LOST, TWEAKS, WAIVABLE, WORDS

HERE = Path(__file__).resolve().parent
VALUES_MAX = 24     # so that the line of a rulebook is one that the player reads




def refusals(name):
    """What a shipped rulebook refuses by: rule and value, as a `plie` line says them."""
    rules = json.loads((HERE.parent / "events" / "rulebooks" / (name + ".json")).read_text(encoding="utf-8"))["rules"]
    said = {}
    for rule, row in rules.items():
        if row.get("mode") == "refuse":
            value = row.get("value", "yes")
            said[rule] = ",".join(str(v) for v in value) if isinstance(value, list) else str(value)
    return said


class Elsewhere:
    """What is corrected of sessions and operations, with dice of its own: the lives stay what they are without it."""

    OPENINGS = ("plan_session", "hold_session", "open_operation")

    def __init__(self, seed):
        self.dice, self.seen = random.Random(seed * 7 + 1), 0
        self.known = []                 # label, stream, how it reads when it is told again (None: it is not)

    def labelled(self, line):
        words = line.split()
        if words[0] not in self.OPENINGS:
            return line
        return line + self.named(words[1], words[0])

    def named(self, stream, command):
        self.known.append(("W%d" % len(self.known), stream, command))
        return " as %s -> whatever" % self.known[-1][0]

    def content(self, command, near):
        if command == "hold_session":
            return "members=%d" % self.dice.randint(1, 5)
        if command == "plan_session":
            return "kind=%s day=%s" % (self.dice.choice(["integration", "follow_up", "training"]), near)
        return "number=2021-9 from_day=2019-06-01 until_day=%s" % self.dice.choice(["2019-06-01", "2019-06-30", "2019-05-01"])

    def saw(self, lines):
        """What files say of a session or an operation may be taken out, and be restored."""
        for line in lines[self.seen:]:
            copying = re.match(r" +(?:decide_\w+|request_extension|join_operation) (P\d+) .*(?:session|operation)=.* as (L\d+)", line)
            if copying:
                self.known += [(copying.group(2), copying.group(1), None)] * 2
        self.seen = len(lines)

    def second_thoughts(self, today):
        label, stream, command = self.dice.choice(self.known if self.dice.random() < 0.5 else self.known[-6:])
        near = (today + timedelta(days=self.dice.randint(-60, 60))).isoformat()
        said = "reason=erreur" + self.dice.choice(["", " accept_unfounded=yes", " accept_unfounded=yes"])
        if stream[0] == "S" and self.dice.random() < 0.15:
            return "  hold_session %s %s" % (stream, self.content("hold_session", near)) + self.named(stream, "hold_session")
        if command is None or self.dice.random() < 0.4:
            return "  void %s event=%s %s" % (stream, label, said) + self.named(stream, None)
        return "  correct %s event=%s %s to %s" % (stream, label, said, self.content(command, near)) + self.named(stream, None)


class Life(Told, Threads):
    def __init__(self, seed, elsewhere=False):
        self.elsewhere = Elsewhere(seed) if elsewhere else None
        self.dice = random.Random(seed)
        self.today = date(2019, 1, 1) + timedelta(days=self.dice.randrange(365))
        self.lines, self.labels, self.count = [], {}, 0
        self.words = {}                 # of each label: its command and how it was told
        self.lateness = 0.2             # how much is told of days past
        self.planned = []               # (day, turn, function): what follows, when its day has come
        self.people = ["P%d" % i for i in range(1, 1 + self.dice.randint(1, 3))]

    def pick(self, name):
        return self.dice.choice(WORDS[name])

    def often(self, chance):
        return self.dice.random() < chance

    def some(self, name, most=4):
        return ",".join(self.dice.sample(WORDS[name], self.dice.randint(1, most)))

    def near(self, before, after):
        return (self.today + timedelta(days=self.dice.randint(-before, after))).isoformat()

    def label(self, who, kind):
        known = self.labels.get((who, kind), [])
        return self.dice.choice(known) if known else "1"

    def tell(self, command, who, *words, kind=None):
        self.count += 1
        line = ["  " + command, who, *[w for w in words if w]]
        if self.often(self.lateness):
            line.append("on=" + self.near(60, 0))
        if self.often(0.03):
            line.append("imported=yes")
        if self.often(0.03):
            line.append("after=" + self.label(who, "any"))
        if self.often(0.06):
            line += ['waive=%s:"motif"' % rule for rule in self.dice.sample(WAIVABLE, self.dice.randint(1, 3))]
        name = "L%d" % self.count
        self.words[name] = command, [w for w in words if w]
        self.labels.setdefault((who, "any"), []).append(name)
        if kind:
            self.labels.setdefault((who, kind), []).append(name)
        self.lines.append(" ".join(line + ["as", name, "-> whatever"]))

    def book(self):
        """One of the six, some of its values changed; in most lives what it refuses is only marked, so that more of it is lived."""
        name = self.dice.choice(BOOKS)
        chosen = self.dice.sample(sorted(TWEAKS), self.dice.choice([0, 6, 16, 32]))
        values = {rule: self.dice.choice(TWEAKS[rule]) for rule in chosen}
        if self.often(0.7):
            values = {**refusals(name), **values}
            values = {rule: value if value == "off" or ":" in value else "flag:" + value for rule, value in values.items()}
        if name == "boulonnais" and self.often(0.9):
            name += "".join(" %s=%s" % (rule, values.pop(rule, value)) for rule, value in LOST.items())
        kept = self.dice.sample(sorted(values.items()), min(len(values), VALUES_MAX))
        return " ".join([name] + ["%s=%s" % row for row in kept])

    def second_thoughts(self, p):
        which = self.label(p, "any")
        accept = self.often(0.7) and "accept_unfounded=yes"
        if self.often(0.5):
            self.tell("void", p, "event=" + which, 'reason="erreur"', accept)
        else:
            content = self.told_otherwise(which)
            self.tell("correct", p, "event=" + which, 'reason="erreur"', accept)
            self.lines[-1] = self.lines[-1].replace(" as L", " to %s as L" % content)

    def told_otherwise(self, which):
        """The words of an event, or of another like it, a few left out; on another day or on its own."""
        command, words = self.words.get(which, (None, []))
        if self.often(0.3):
            words = self.dice.choice([said for like, said in self.words.values() if like == command] or [words])
        words = [word for word in words if self.often(0.9)]
        if self.often(0.6) or not words:
            words.append("on=" + self.near(90, 0))
        return " ".join(words)

    def rare(self, p):
        how = self.dice.randrange(5)
        if how == 0:
            name, *values = self.book().split(" ")
            self.lines.append(" ".join(["  adopt", name, "from=" + self.near(200, 200), *values, "-> whatever"]))
        elif how == 1:
            self.tell("orient", p, "prescriber=cap-emploi")
        elif how == 2 and self.often(0.2):
            self.tell("merge_into", p, "into=P1")
        elif how == 3 and self.often(0.2):
            self.tell("set_hold", p, "held=yes")
        else:
            self.entry(p)

    CHOICES = [(Told.entry, 1), (Told.around_the_entry, 5), (Told.step, 4), (Told.immersion, 3), (Told.step_goes_on, 8), (Told.fund, 4), (Told.offer, 2),
               (Told.job, 3), (Told.job_goes_on, 4), (Told.lasting, 6), (Told.contact, 7), (Told.reviewed, 3), (Told.signature, 2), (Told.partner, 4),
               (Told.follow_up, 7), (Told.alert, 2), (Told.extension, 2), (Told.evidence, 4), (Told.exit, 3), (Told.leaving, 1), (Told.situation, 1), (Told.archive, 1), (Told.data, 3),
               (Threads.work, 4), (Threads.chosen, 2), (Threads.given_up, 2), (Threads.funded, 3), (Threads.stepped, 3), (Threads.immersed, 2),
               (Threads.never_in, 1), (second_thoughts, 6), (rare, 1)]

    def later(self, days, function):
        self.planned.append((self.today + timedelta(days=days), len(self.planned) + self.count, function))

    def days(self, n):
        """Lets days pass; stops on those for which something was planned."""
        end = self.today + timedelta(days=n)
        while self.planned and min(self.planned, key=lambda one: one[:2])[0] <= end:
            planned = min(self.planned, key=lambda one: one[:2])
            self.planned.remove(planned)
            if planned[0] > self.today:
                self.today = planned[0]
                self.lines.append("day %s" % self.today)
            planned[2]()
        self.today = max(self.today, end)
        self.lines.append("day %s" % self.today)

    def tell_all(self, length):
        self.lines.append("plie " + self.book())
        self.days(0)
        self.lines += ['  register_referent R1 name="Inès Caron"', "  plan_session S1 kind=integration day=%s" % self.today, "  hold_session S1 members=3",
                       "  plan_session S2 kind=follow_up day=%s" % self.near(-200, 500),
                       "  plan_session S3 kind=follow_up day=%s" % self.today, "  hold_session S3 members=%d" % self.dice.choice([1, 2, 3, 4]),
                       "  plan_session S4 kind=training day=%s" % self.today, "  hold_session S4 members=%d" % self.dice.choice([1, 2, 3]),
                       '  register_enterprise E1 name="Bâtir"', "  open_market M1 reference=anru-3", "  open_operation O1 number=2021-1",
                       "  open_operation O2 number=2021-2 from_day=2019-01-01 until_day=2019-12-31",
                       "  open_operation O3 number=2021-3 from_day=2019-06-01 until_day=2019-06-01", '  set_territory communes="83137"']
        if self.elsewhere:
            self.lines = [self.elsewhere.labelled(line) for line in self.lines]
        for p in self.people:
            self.entry(p, whole=self.often(0.8))
            self.days(self.dice.randint(0, 20))
        functions, weights = zip(*self.CHOICES)
        for _ in range(length):
            self.dice.choices(functions, weights)[0](self, self.dice.choice(self.people))
            if self.elsewhere:
                self.elsewhere.saw(self.lines)
            if self.elsewhere and self.elsewhere.dice.random() < 0.5:
                self.lines.append(self.elsewhere.second_thoughts(self.today))
            if self.often(0.4):
                self.days(self.dice.choice([1, 2, 5, 9, 16, 31, 45]))
        return "\n".join(self.lines) + "\n"


def scenario(seed, elsewhere=False):
    life = Life(seed, elsewhere)
    return life.tell_all(life.dice.choice([20, 60, 130]))


BATCH = 25      # lives that one player plays, one after the other
SECONDS_BETWEEN_WORDS = 20


def batches(first, wanted):
    """Ranges of seeds whose lives are those of so many participants, at least: each has a history."""
    lived, seed = 0, first
    while lived < wanted:
        seeds = range(seed, seed + BATCH)
        lived, seed = lived + sum(histories(one) for one in seeds), seed + BATCH
        yield seeds


def histories(seed):
    return len(Life(seed).people)


# Readings on which the model and the program still differ, each to be decided from the documents: told, not hidden.
UNDECIDED = {}


def rules_apart(line):
    """The rules on which one line of the comparison differs; None when it is about something else."""
    alert = re.match(r"\S+ alert ([\w-]+): ", line)
    if alert:
        return {alert.group(1)}
    halves = re.match(r"\S+ (?:marks|deadlines|late): ours (\[.*\]) theirs (\[.*\])  \{", line)
    if not halves:
        return None
    ours, theirs = (json.loads(half) for half in halves.groups())
    return {one["rule"] for one in ours + theirs if (one in ours) != (one in theirs)}


def differs(seed, stem):
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        wrong = model.compare(model.read_lines(stem + ".events.jsonl"), model.read_lines(stem + ".answers.jsonl"))
    if not wrong:
        return None
    apart = [rules_apart(line) for line in said.getvalue().splitlines() if not re.match(r"\d+ compared", line)]
    undecided = all(one and one <= set(UNDECIDED) for one in apart)
    return "seed %d: %s%s" % (seed, "undecided: " if undecided else "", said.getvalue()[:1500])


def plays(task):
    """One batch: how many histories were lived as they should, how many were not, and what was wrong."""
    build, seeds = task
    lived = {seed: histories(seed) for seed in seeds}
    with tempfile.TemporaryDirectory() as folder:
        files = {seed: Path(folder) / ("life-%d.txt" % seed) for seed in seeds}
        for seed, path in files.items():
            path.write_text(scenario(seed), encoding="utf-8")
        played = subprocess.run([build + "/play", "--dump", folder, *map(str, files.values())], capture_output=True, text=True)
        if played.returncode != 0:
            return 0, sum(lived.values()), ["seeds %d to %d: %s" % (seeds[0], seeds[-1], (played.stdout + played.stderr)[:1500])]
        found = {seed: differs(seed, str(path)[:-len(".txt")]) for seed, path in files.items()}
    gc.collect()
    wrong = sum(lived[seed] for seed in seeds if found[seed] and "undecided: " not in found[seed])
    return sum(lived.values()) - wrong, wrong, [said for said in found.values() if said]


def corrected_elsewhere(build, first, wanted):
    """Every life is played with the checks that follow each scenario: no copy is another than today's, no row than its recomputation."""
    passed = failed = 0
    for seed in range(first, first + wanted):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / ("life-%d.txt" % seed)
            path.write_text(scenario(seed, True), encoding="utf-8")
            played = subprocess.run([build + "/play", str(path)], capture_output=True, text=True)
        passed, failed = passed + (played.returncode == 0), failed + (played.returncode != 0)
        if played.returncode != 0:
            print("seed %d: %s" % (seed, (played.stdout + played.stderr)[:800]))
    print("%d passed, %d failed" % (passed, failed))
    return failed > 0


def main():
    if sys.argv[2:3] == ["--elsewhere"]:
        return corrected_elsewhere(sys.argv[1], int(sys.argv[3]), int(sys.argv[4]))
    if sys.argv[1] == "--print":
        print(scenario(int(sys.argv[2])), end="")
        return 0
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    wanted = int(sys.argv[3]) if len(sys.argv) > 3 else 40
    passed = failed = 0
    said_at = time.monotonic()
    with multiprocessing.Pool(initializer=gc.disable) as pool:      # nothing goes before the batch does: a sixth of the time
        for good, wrong, said in pool.imap_unordered(plays, ((sys.argv[1], seeds) for seeds in batches(first, wanted))):
            passed, failed = passed + good, failed + wrong
            for one in said:
                print(one)
            if time.monotonic() - said_at > SECONDS_BETWEEN_WORDS:
                said_at = time.monotonic()
                print("%d of %d histories so far, %d failed" % (passed + failed, wanted, failed), flush=True)
    for sentence in model.unread():
        print(sentence)
    print("%d passed, %d failed" % (passed, failed))
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
