"""The independent model: answers about participants, recomputed from the whole feed each time.

    model.py EVENTS.jsonl [--as-of DAY] [--known-at INSTANT] [--alerts DAY] [--exit-check DAY]
    model.py --compare EVENTS.jsonl ANSWERS.jsonl
    model.py --compare-all FOLDER       every NAME.events.jsonl there with its NAME.answers.jsonl; "N passed, N failed", one a name
"""
import argparse
import contextlib
import io
import json
import multiprocessing
import sys
from bisect import bisect_right
from pathlib import Path

import exits
from days import day
from deadlines import limit_shown
from figures import NAMES, figure_differences
from fold import fold, iso
from log import Kept, Log, instant, read_lines
from subjects import UNREAD_DUES, UNREAD_MARKS, unread


def answer(log, participant, as_of=None, today=None):
    """`today`: the day on which it is asked, where what is shown depends on it."""
    folded = fold(log, participant, as_of)
    if today not in folded.shown:
        folded.shown[today] = shown(folded, log, today)
    return {"participant": participant, "version": log.version(participant), **folded.shown[today]}


def shown(folded, log, today):
    """What a fold says of itself, whoever asks."""
    p = folded.p
    limit, book = limit_shown(p, log.regimes, today)
    if book is None:
        book = log.in_force(folded.event.on) if folded.event else log.regimes.spans[0][2]
    return {
        "state": p.state(), "parcours": p.number,
        "started": iso(p.start), "limit": iso(limit), "uncounted_days": p.uncounted(book, p.shown_on(today)),
        "extensions": p.extensions, "referent": p.referent,
        "deadlines": [{"rule": rule, "due": iso(due), "since": iso(since), "cause": cause}
                      for rule, (due, since, cause) in folded.open.items()],
        "marks": folded.marks, "late": folded.late,
    }


def exit_check(log, participant, asked, as_of=None):
    return exits.exit_check(fold(log, participant, as_of).p, asked, log.regimes)


def alerts(log, asked):
    """(rule, participant, since, due) shown on a day: open then, and since that day or before."""
    found = []
    for participant in log.participants():
        for rule, (due, since, _) in fold(log, participant, asked).open.items():
            if since <= asked:
                found.append((rule, participant, iso(since), iso(due)))
    return sorted(found)


class Logs:
    """One log for the instants between two events, so that many questions about them read the feed once."""

    def __init__(self, raws):
        self.raws, self.logs, self.kept = raws, {}, Kept()
        self.recorded = [instant(r["recorded"]) for r in raws]
        self.in_order = self.recorded == sorted(self.recorded)

    def known_at(self, moment):
        if moment is not None and not self.in_order:
            return Log(self.raws, moment)
        count = len(self.raws) if moment is None else bisect_right(self.recorded, instant(moment))
        if count not in self.logs:
            self.logs[count] = Log(self.raws[:count], None, self.kept)
        return self.logs[count]


# ---- comparison

def flat(entry, keys):
    """As text, which tells true from 1, and can be sorted."""
    return repr([entry.get(k) for k in keys])


FLAGS = ("unfounded", "waived")


def same_list(ours, theirs, keys):
    """In whatever order, on either side; equal is not the same where true equals 1."""
    alike = ours == theirs and ("unfounded" not in keys or all(type(e[f]) is bool for e in theirs for f in FLAGS))
    return alike or sorted(flat(e, keys) for e in ours) == sorted(flat(e, keys) for e in theirs)


LIST_KEYS = {
    "deadlines": ("rule", "due", "since", "cause"),
    "marks": ("event", "rule", "unfounded", "waived"),
    "late": ("rule", "due", "since", "settled_on", "cause", "settled"),
}
UNREAD = {"deadlines": UNREAD_DUES, "marks": UNREAD_MARKS, "late": UNREAD_DUES}


def only(entries, others, keys):
    """Entries that the other side does not have, for a readable difference."""
    there = [flat(e, keys) for e in others]
    return [{k: e.get(k) for k in keys} for e in entries if flat(e, keys) not in there]


def participant_differences(ours, theirs):
    found = []
    for key, mine in ours.items():
        if key in LIST_KEYS:
            keys, other = LIST_KEYS[key], theirs.get(key) or []
            if UNREAD[key]:
                other = [one for one in other if one["rule"] not in UNREAD[key]]
            if not same_list(mine, other, keys):
                found.append((key, only(mine, other, keys), only(other, mine, keys)))
        elif mine != theirs.get(key):
            found.append((key, mine, theirs.get(key)))
    return found


def alert_tuple(entry):
    if isinstance(entry, dict):
        return tuple(entry.get(k) for k in ("rule", "participant", "since", "due"))
    return tuple(entry)


def differences(logs, line):
    """[(participant, key, ours, theirs)] of one answer."""
    question = line["question"]
    log = logs.known_at(question.get("known_at"))
    if "figures" in question:
        return figure_differences(log, line)
    if "alerts" in question:
        mine, other = set(alerts(log, day(question["alerts"]))), {alert_tuple(a) for a in line["alerts"]}
        other = {alert for alert in other if alert[0] not in UNREAD_DUES}
        wrong = sorted(mine ^ other, key=str)
        return [(a[1], "alert " + a[0], a[2:] if a in mine else None, a[2:] if a in other else None) for a in wrong]
    who = question.get("participant") or line["participant"].get("participant") or line["participant"].get("id")
    if who not in log.streams:
        return [(who, "participant", None, "known")]
    as_of = day(question.get("as_of"))
    if "exit_check" in question:
        mine = exit_check(log, who, day(question["exit_check"]), as_of)
        other = {c["criterion"]: c for c in line["criteria"]}
        return [(who, "exit " + c["criterion"], c, other.get(c["criterion"])) for c in mine
                if flat(c, ("criterion", "met", "earliest")) != flat(other.get(c["criterion"], {}), ("criterion", "met", "earliest"))]
    return [(who, *d) for d in participant_differences(answer(log, who, as_of, day(question.get("today"))), line["participant"])]


def compare(raws, answers):
    logs, differ = Logs(raws), 0
    for line in answers:
        found = differences(logs, line)
        differ += 1 if found else 0
        for who, key, mine, other in found:
            print(f"{who} {key}: ours {text(mine)} theirs {text(other)}  {text(line['question'])}")
    print(f"{len(answers)} compared, {differ} differ")
    return 1 if differ else 0


def not_counted(answers):
    """The figures that the model counts and the answers do not have."""
    given = [line["figures"] for line in answers if "figures" in line]
    return [name for name in NAMES if given and name not in given[0]]


def compare_stem(stem):
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        answers = read_lines(stem + ".answers.jsonl")
        wrong = compare(read_lines(stem + ".events.jsonl"), answers)
    return stem, said.getvalue().splitlines() if wrong else [], not_counted(answers)


LINES_SHOWN = 20


def compare_all(folder):
    stems = [str(path).removesuffix(".events.jsonl") for path in sorted(Path(folder).glob("*.events.jsonl"))]
    differ, uncounted = 0, {}
    with multiprocessing.Pool() as pool:
        for stem, said, names in pool.imap(compare_stem, stems):
            uncounted.update(dict.fromkeys(names))
            if said:
                differ += 1
                print("\n".join([Path(stem).name + ": the model says otherwise"] + said[:LINES_SHOWN]))
    for sentence in unread() + [f"skipped: the figure {name}, which the answers do not have" for name in uncounted]:
        print(sentence)
    print(f"{len(stems) - differ} passed, {differ} failed")
    return 1 if differ else 0


# ---- command line

def text(value):
    return json.dumps(value, ensure_ascii=False, default=str)


def answer_all(raws, args):
    log = Log(raws, args.known_at)
    if args.alerts:
        for rule, participant, since, due in alerts(log, day(args.alerts)):
            print(text({"rule": rule, "participant": participant, "since": since, "due": due}))
        return 0
    for participant in log.participants():
        if args.exit_check:
            print(text({"participant": participant, "criteria": exit_check(log, participant, day(args.exit_check), day(args.as_of))}))
        else:
            print(text(answer(log, participant, day(args.as_of))))
    return 0


def main():
    parser = argparse.ArgumentParser(description="The independent model of the participants.")
    parser.add_argument("events", help="the feed, JSON Lines, in seq order; or a folder of them")
    parser.add_argument("answers", nargs="?", help="with --compare: the answers to compare, JSON Lines")
    parser.add_argument("--compare", action="store_true")
    parser.add_argument("--compare-all", action="store_true")
    parser.add_argument("--as-of", metavar="DAY")
    parser.add_argument("--known-at", metavar="INSTANT")
    parser.add_argument("--alerts", metavar="DAY")
    parser.add_argument("--exit-check", metavar="DAY")
    args = parser.parse_args()
    if args.compare_all:
        return compare_all(args.events)
    raws = read_lines(args.events)
    if args.compare:
        if not args.answers:
            parser.error("--compare needs EVENTS and ANSWERS")
        print("".join(sentence + "\n" for sentence in unread()), end="")
        return compare(raws, read_lines(args.answers))
    return answer_all(raws, args)


if __name__ == "__main__":
    sys.exit(main())
