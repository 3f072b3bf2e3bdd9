"""The feed, the names of the catalogue, what stands of a stream, and which rulebook judges what.

Only names and numbers are read from the definitions: kinds with nature, place and expected states, rules with the kinds they judge
and whether they judge or are owed at all.
"""
import json
import re
from datetime import datetime, timezone
from fractions import Fraction
from pathlib import Path

from days import FIRST, LAST, day

DEFINITIONS = Path(__file__).resolve().parents[2] / "events"

PLACES = ["ORIENTATION", "PROFILE", "REFERENT", "APPOINTMENT", "DIAGNOSIS", "ELIGIBILITY", "PROPOSAL", "DECISION",
          "CONTRACT", "FSE", "EXTENSION", "FOLLOW_UP", "STEP", "EMPLOYMENT", "EVIDENCE", "EXIT_PROPOSAL", "EXIT", "AFTER"]

RUNNING = {"active", "in_consolidation", "in_training", "suspended", "exit_proposed"}
ENDED = {"exited", "refused", "not_entered"}
OPEN = {"oriented", "in_diagnosis", "proposed", "deferred", "admitted"} | RUNNING
KNOWN = OPEN | ENDED
STATE_SETS = {"RUNNING": RUNNING, "ENDED": ENDED, "OPEN": OPEN, "KNOWN": KNOWN}


class Kind:
    def __init__(self, name, nature, place, states):
        self.name, self.nature, self.place, self.states = name, nature, PLACES.index(place), states


def states_of(expression):
    states = set()
    for term in expression.split("|"):
        term = term.strip()
        inside = re.fullmatch(r"IN\((\w+)\)", term)
        states |= {inside.group(1)} if inside else STATE_SETS[term]
    return states


def read_kinds():
    row = re.compile(r'EVENT\(\d+,\s*(\w+),\s*"\w+",\s*(FACT|ACT|META),\s*PLACE_(\w+),\s*([^,]+?),\s*apply_')
    kinds = {}
    catalogue = DEFINITIONS / "catalogue"
    for path in sorted((catalogue / "participant").glob("*.def")) + [catalogue / "enterprise.def"]:
        for name, nature, place, states in row.findall(path.read_text(encoding="utf-8")):
            kinds[name] = Kind(name, nature, place, states_of(states))
    return kinds


KIND_SETS = {    # kinds that rules.def names together
    "TOLD_ONCE": ["hours_recorded", "step_started", "step_refused", "step_not_started", "step_ended", "step_abandoned",
                  "employment_ended", "business_ended", "long_training_ended", "chosen_situation_ended"],
    "DAYS_IN_ORDER": ["step_prescribed", "step_refused", "step_not_started", "step_started", "step_ended", "step_abandoned", "employment_started",
                      "employment_ended", "business_ended", "long_training_ended", "chosen_situation_ended", "letter_returned",
                      "entry_decided", "exit_decided"],
}


class Rule:
    """The kinds it judges ("any": every fact), whether it has a say on events, whether something can be owed by it."""

    def __init__(self, judged, allows, due):
        self.named = [k.strip() for k in judged.split(",") if k.strip() != "0"]
        self.kinds = [kind for name in self.named for kind in KIND_SETS.get(name, [name.removeprefix("KIND_")])]
        self.allows, self.due = allows != "no_limit", due != "no_deadline"


def read_rules():
    """Rule name -> Rule, in row order."""
    text = (DEFINITIONS / "rules.def").read_text(encoding="utf-8")
    row = r'^RULE\(\w+,\s*"([\w-]+)".*?KINDS\(([^)]*)\),\s*(\w+),\s*(\w+),'
    rules = {name: Rule(judged, allows, due) for name, judged, allows, due in re.findall(row, text, re.MULTILINE)}
    rows = len(re.findall(r"^RULE\(", text, re.MULTILINE))
    if len(rules) != rows:
        raise SystemExit(f"the model reads {len(rules)} rows of rules.def, which has {rows}")
    return rules


def read_words(vocabulary):
    """In the order of the catalogue."""
    text = (DEFINITIONS / "catalogue" / "vocabularies.def").read_text(encoding="utf-8")
    return re.findall(r"WORD\(" + vocabulary + r",\s*(\w+),", text)


KINDS = read_kinds()
PIECES = read_words("evidence_kind")
META_KINDS = {k.name for k in KINDS.values() if k.nature == "META"}
RULES = read_rules()


class Rulebook:
    """Resolved values. A rule that is absent or off is off; one that waits for its value has no deadline, and refuses acts."""

    def __init__(self, seq, from_day, rules):
        self.seq, self.from_day, self.rules = seq, from_day, rules
        self.waiting = {rule for rule, row in rules.items() if row.get("unknown") is True}
        self.modes = {rule: row["mode"] for rule, row in rules.items() if row.get("mode") in ("refuse", "flag") and rule not in self.waiting}
        self.lists = {rule: as_list(row.get("value")) for rule, row in rules.items()}

    def mode(self, rule):
        return self.modes.get(rule, "off")

    def waits(self, rule):
        return rule in self.waiting

    def on(self, rule):
        return rule in self.modes

    def value(self, rule):
        return self.rules.get(rule, {}).get("value")

    def values(self, rule):
        return self.lists.get(rule, [])

    def number(self, rule):
        return self.lists[rule][0]


def as_list(value):
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


NO_RULEBOOK = Rulebook(0, FIRST, {})


class Regimes:
    """Exactly one rulebook a day: [(first day, day after the last, rulebook)]."""

    def __init__(self, spans):
        self.spans = spans
        self.asking_spans, self.asked = {}, {}

    def asking(self, rule):
        """Those in which a rule is on."""
        if rule not in self.asking_spans:
            self.asking_spans[rule] = [span for span in self.spans if span[2].on(rule)]
        return self.asking_spans[rule]


class Event:
    """One standing event of a participant, with the content it has now: its own, or that of a correction (its seq, else 0)."""

    def __init__(self, raw, content, correction):
        self.seq, self.correction = raw["seq"], correction
        self.anchor = raw.get("after") or raw["seq"]
        self.recorded_on = day(raw["recorded_on"])
        self.imported = bool(raw.get("imported"))
        self.waived = {w["rule"] for w in raw.get("waived") or []}
        self.kind = KINDS[content["kind"]]
        self.name = content["kind"]
        self.on = day(content["on"])
        self.data = content.get("data") or {}
        self.get = self.data.get
        self.numbers = [value for value in self.data.values() if type(value) is int]      # among them the events that it names
        self.order = (self.on, self.kind.place, self.anchor, self.seq)
        self.turn = 0                   # when it comes in the fold: what happened later has a higher one
        self.file = {}                  # the whole file by seq, what comes after it, too

    def coming(self, turn, file):
        """The same, at its turn in a fold."""
        twin = Event.__new__(Event)
        twin.__dict__.update(self.__dict__)
        twin.turn, twin.file = turn, file
        return twin

    def day(self, field):
        return day(self.get(field))


def instant(text):
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)


def standing(raws, kept):
    """The events that stand, with the content they have, in fold order. `raws`: one stream's events."""
    metas = [r for r in raws if r["kind"] in META_KINDS]
    voided = set()
    effective = []
    for meta in sorted(metas, key=lambda r: r["seq"], reverse=True):
        if meta["seq"] in voided:
            continue
        effective.append(meta)
        if meta["kind"] == "event_voided":
            voided.add(meta["data"]["event"])
    corrections = {}
    for meta in sorted(effective, key=lambda r: r["seq"]):
        if meta["kind"] == "event_corrected":
            corrections[meta["data"]["event"]] = meta
    events = []
    for raw in raws:
        if raw["kind"] not in META_KINDS and raw["seq"] not in voided:
            events.append(kept.event(raw, corrections.get(raw["seq"])))
    return sorted(events, key=lambda e: e.order)


def read_lines(path):
    with open(path, encoding="utf-8") as lines:
        return json.loads("[" + ",".join(line for line in lines if line.strip()) + "]", parse_float=Fraction)


class Kept:
    """What the logs of one feed have in common, whenever each was known: made once."""

    def __init__(self):
        self.events, self.rulebooks, self.regimes, self.judging = {}, {}, {}, {}
        self.standing, self.beginnings = {}, {}
        self.paths, self.lives = {}, {}     # of each participant, the last that was made: the next is often like it

    def event(self, raw, correction):
        version = raw["seq"], correction["seq"] if correction else 0
        if version not in self.events:
            self.events[version] = Event(raw, correction["data"]["content"] if correction else raw, version[1])
        return self.events[version]

    def rulebook(self, raw):
        if raw["seq"] not in self.rulebooks:
            values = json.loads(raw["data"]["values"], parse_float=Fraction)
            self.rulebooks[raw["seq"]] = Rulebook(raw["seq"], day(raw["data"]["from_day"]), values.get("rules", values))
        return self.rulebooks[raw["seq"]]


class Log:
    """All events recorded by an instant."""

    def __init__(self, raws, known_at=None, kept=None):
        if known_at is not None:
            until = instant(known_at)
            raws = [r for r in raws if instant(r["recorded"]) <= until]
        self.kept = kept or Kept()
        self.streams, self.enterprises, self.adoptions = {}, {}, []
        self.paths = {}                 # (participant, how many events): a fold an event, made by fold.py
        for raw in raws:
            if raw["type"] == "participant":
                self.streams.setdefault(raw["stream"], []).append(raw)
            elif raw["type"] == "enterprise":
                self.enterprises.setdefault(raw["stream"], []).append(raw)
            elif raw["kind"] == "rulebook_adopted":
                self.adoptions.append(self.kept.rulebook(raw))
        self.regimes = self.make_regimes()

    def participants(self):
        return sorted(self.streams)

    def version(self, participant):
        return self.streams[participant][-1]["version"]

    def events(self, participant):
        """A file that was merged into another is nobody's, on any day: what was worth keeping is told again in the one that stays."""
        raws = self.streams.get(participant) or self.enterprises[participant]
        known = participant, len(raws)      # what is known of somebody only grows
        if known not in self.kept.standing:
            events = standing(raws, self.kept)
            if any(e.name == "participant_merged" for e in events):
                events = [e for e in events if e.name in ("participant_merged", "participant_erased")]
            self.kept.standing[known] = events
        return self.kept.standing[known]

    def in_force(self, on, adoptions=None):
        """Largest from_day not after `on`, ties to the later adopted; before all, the earliest from_day."""
        adoptions = self.adoptions if adoptions is None else adoptions
        if not adoptions:
            return NO_RULEBOOK
        begun = [a for a in adoptions if a.from_day <= on]
        if begun:
            return max(begun, key=lambda a: (a.from_day, a.seq))
        earliest = min(a.from_day for a in adoptions)
        return max((a for a in adoptions if a.from_day == earliest), key=lambda a: a.seq)

    def judging(self, event):
        """Whatever was adopted later judges nothing told before."""
        told = event.seq, event.on
        if told not in self.kept.judging:
            self.kept.judging[told] = self.in_force(event.on, [a for a in self.adoptions if a.seq <= event.seq])
        return self.kept.judging[told]

    def make_regimes(self):
        adopted = len(self.adoptions)
        if adopted not in self.kept.regimes:
            starts = sorted({a.from_day for a in self.adoptions})
            bounds = [FIRST] + starts[1:] + [LAST]
            spans = [(bounds[i], bounds[i + 1], self.in_force(starts[i])) for i in range(len(starts))]
            self.kept.regimes[adopted] = Regimes(spans or [(FIRST, LAST, NO_RULEBOOK)])
        return self.kept.regimes[adopted]
