"""Feeds written by hand, for the examples."""
import json

import model
from days import day
from log import DEFINITIONS, RULES, Log

P = "p_00000001"


def rulebook(name="standard", **changed):
    """A shipped rulebook with other values: parcours_length=24, contacts_monthly=[2], step_gap=None (off)."""
    book = json.loads((DEFINITIONS / "rulebooks" / (name + ".json")).read_text(encoding="utf-8"))
    for rule, value in changed.items():
        row = book["rules"].setdefault(rule.replace("_", "-"), {})
        mode = row.get("mode", "off")
        row.pop("unknown", None)
        row.update({"mode": "off"} if value is None else {"value": value, "mode": mode if mode != "off" else "flag"})
    return book


class Feed:
    def __init__(self, book=None, from_day="2000-01-01"):
        self.raws = []
        self.versions = {}
        self.adopt(book or rulebook(), from_day)

    def put(self, stream, kind_of_stream, kind, on, data, extra):
        self.versions[stream] = self.versions.get(stream, 0) + 1
        recorded_on = extra.pop("recorded_on", on)
        raw = {"seq": len(self.raws) + 1, "stream": stream, "type": kind_of_stream, "version": self.versions[stream],
               "kind": kind, "on": on, "recorded": recorded_on + "T09:00:00.000Z", "recorded_on": recorded_on,
               "actor": "coordinator-1", "data": data, **extra}
        self.raws.append(raw)
        return raw["seq"]

    def adopt(self, book, from_day, on=None):
        data = {"name": book["name"], "from_day": from_day, "values": json.dumps(book)}
        return self.put("plie", "plie", "rulebook_adopted", on or from_day, data, {})

    def add(self, event, on, extra=None, /, **data):
        return self.put(P, "participant", event, on, data, dict(extra or {}))

    def enter(self, on, start=True):
        self.add("participant_oriented", on)
        self.add("referent_assigned", on, referent="r_1")
        self.add("diagnosis_recorded", on, agreed=True)
        self.add("eligibility_checked", on, criteria=["rsa", "in_territory", "work_permit", "difficulties", "wish"])
        self.add("entry_proposed", on)
        decided = self.add("entry_decided", on, outcome="accepted", session_members=3)
        return self.add("contract_signed", on) if start else decided

    def answer(self, as_of=None, known_at=None):
        return model.answer(Log(self.raws, known_at), P, day(as_of))

    def exit_check(self, asked):
        return model.exit_check(Log(self.raws), P, day(asked))

    def due(self, rule, as_of=None):
        found = [d for d in self.answer(as_of)["deadlines"] if d["rule"] == rule]
        return (found[0]["due"], found[0]["since"]) if found else None

    def marks(self, seq):
        return {m["rule"]: (m["unfounded"], m["waived"]) for m in self.answer()["marks"] if m["event"] == seq}

    def criterion(self, name, on):
        return next((c["met"], c["earliest"]) for c in self.exit_check(on) if c["criterion"] == name)


def job(feed, on, until=None, purpose="consolidation", **data):
    seq = feed.add("employment_started", on, purpose=purpose, **{"kind": "cdi", "weekly_hours": 35, **data})
    if until:
        feed.add("employment_ended", until, employment=seq)
    return seq


CASES = []
WAITING = []        # examples of rules that rules.def does not have yet: (example, rule)


def case(function):
    CASES.append(function)
    return function


def case_of(rule):
    def kept(function):
        if rule in RULES:
            return case(function)
        WAITING.append((function.__name__, rule))
        return function
    return kept


def same(ours, wanted):
    if ours != wanted:
        raise AssertionError(f"{ours!r}, wanted {wanted!r}")
