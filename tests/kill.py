#!/usr/bin/env python3
"""kill -9 at random moments under load, with a ledger kept by the clients: kill.py BUILD CYCLES [--seed N]

Sixteen connections send keyed contacts, one by one or three at a time, all or nothing. After each kill: what was
acknowledged is there exactly once, under the seq that was told; what was under way happened once or not at all; no
position is missing; in every other cycle views are made anew all the while; and every few cycles, views filled again from the log answer as those that lived through it."""
import argparse
import http.client
import random
import threading
import time
from datetime import timedelta

from daemon import Checks, Daemon, Store, admit, ago, empty_store, today

CONNECTIONS = 16
PEOPLE = 24
REFILL_EVERY = 4
REMAKE_EVERY = 2
KILLED_STARTS = 0.3         # of the starts, another one before is killed while it starts


def contact(p, key):
    return {"command": "record_contact", "participant": p, "on": ago(key % 60), "id": "k-%d" % key,
            "data": {"channel": "interview", "minutes": key % 1440 + 1, "summary": "k-%d" % key}}


class Ledger:
    """One line an order: its commands, and the seqs it was answered with; None while nobody knows."""

    def __init__(self):
        self.lock, self.key, self.orders = threading.Lock(), 0, []

    def open(self, dice, people):
        with self.lock:
            together = 3 if dice.random() < 0.15 else 1
            order = {"keys": list(range(self.key, self.key + together)), "seqs": None,
                     "people": [dice.choice(people) for _ in range(together)]}
            self.key += together
            self.orders.append(order)
        return order


def send(client, order):
    commands = [contact(p, k) for p, k in zip(order["people"], order["keys"])]
    if len(commands) == 1:
        return [client.post(commands[0], Prefer="return=minimal").json]
    return client.post(commands, "?atomic=1", Prefer="return=minimal").json["results"]


def work(d, ledger, people, seed, stop, wrong):
    """One client, until the daemon dies under it."""
    client, dice = d.client(), random.Random(seed)
    while not stop.is_set():
        order = ledger.open(dice, people)
        try:
            results = send(client, order)
        except (OSError, http.client.HTTPException, ValueError):
            return      # under way: nobody knows
        if all(r["status"] == 201 for r in results):
            order["seqs"] = [r["seq"] for r in results]
        else:
            wrong.append(results)


def remake(d, stop, wrong):
    """Views made anew, again and again, until the daemon dies: they never differ from the old ones."""
    client = d.client()
    while not stop.is_set():
        try:
            answer = client.ask("POST", "/v1/rebuild")
        except (OSError, http.client.HTTPException):
            return
        if answer.status != 200 or answer.json["differ"]:
            wrong.append(str(answer))


def load_and_kill(d, ledger, people, dice, remakes):
    """The load of one cycle; answers that were neither a success nor the end."""
    stop, wrong = threading.Event(), []
    clients = [threading.Thread(target=remake, args=(d, stop, wrong))] if remakes else []
    clients += [threading.Thread(target=work, args=(d, ledger, people, dice.random(), stop, wrong)) for _ in range(CONNECTIONS)]
    for client in clients:
        client.start()
    time.sleep(dice.uniform(0.01, 0.6))
    d.kill()
    stop.set()
    for client in clients:
        client.join(40)
    return wrong


def start(store, dice):
    if dice.random() < KILLED_STARTS:
        half = Daemon(store, wait=False)
        time.sleep(dice.uniform(0, 0.04))
        half.kill()
    return Daemon(store, "--loops", str(dice.choice((1, 1, 3))))


def retry(t, c, orders):
    """The same orders again: what was acknowledged is answered as then; the rest happens now, or had happened."""
    happened, lost, torn = 0, [], []
    for order in orders:
        results = send(c, order)
        statuses = {r["status"] for r in results}
        seqs = [r.get("seq") for r in results]
        if order["seqs"] is not None:
            lost += [] if statuses == {200} and seqs == order["seqs"] else [(order, results)]
        else:
            torn += [] if statuses in ({200}, {201}) else [(order, results)]
            happened += statuses == {200}
        order["seqs"] = seqs
    t.same("whatever was acknowledged is there, under its seq", lost[:3], [])
    t.same("what was under way happened as a whole or not at all", torn[:3], [])
    return happened


def read_log(c, seen, last):
    """Adds what the feed tells after `last`: {key: [seqs]}. The new last seq, and whether positions went one by one."""
    gapless = True
    while True:
        page = c.read("/v1/events?after=%d&limit=5000" % last)
        for e in page["events"]:
            gapless = gapless and e["seq"] == last + 1
            last = e["seq"]
            key = e.get("data", {}).get("summary")
            if key:
                seen.setdefault(key, []).append(e["seq"])
        if not page["more"]:
            return last, gapless


def answers(c, people):
    reads = ["/v1/participants/" + p + more for p in people for more in ("", "/events", "/exit-check")]
    reads += ["/v1/participants?limit=1000", "/v1/alerts", "/v1/alerts?on=" + ago(30), "/v1/indicators"]
    return {r: c.get(r).body for r in reads}


def refill(t, store, d, people, dice):
    """The views that lived through the kills, and new ones, answer alike; the daemon that goes on."""
    c = d.client()
    lived = answers(c, people)
    d.kill() if dice.random() < 0.5 else d.stop()
    empty_store(store)
    d = Daemon(store)
    filled = answers(d.client(), people)
    t.same("views filled again answer the same", [r for r in lived if lived[r] != filled[r]], [])
    return d


def cycle(t, store, state, dice, number):
    d, ledger, people = state["daemon"], state["ledger"], state["people"]
    first = len(ledger.orders)
    remakes = number % REMAKE_EVERY == 0
    wrong = load_and_kill(d, ledger, people, dice, remakes)
    t.same("under load every answer was a success", wrong[:3], [])
    d = state["daemon"] = start(store, dice)
    t.that("its views are trusted", "filled again" not in d.said(), d.said())
    c, mine = d.client(), ledger.orders[first:]
    state["unknown"] += sum(1 for o in mine if o["seqs"] is None)
    state["happened"] += retry(t, c, mine)
    state["last"], gapless = read_log(c, state["seen"], state["last"])
    t.that("positions have no gap", gapless and state["last"] == c.position(), (state["last"], c.position()))
    expected = {"k-%d" % k: [s] for o in mine for k, s in zip(o["keys"], o["seqs"])}
    doubled = {k: state["seen"].get(k) for k, seqs in expected.items() if state["seen"].get(k) != seqs}
    t.same("each is in the log exactly once, at its seq", doubled, {})
    c.close()
    if number % REFILL_EVERY == REFILL_EVERY - 1:
        state["daemon"] = refill(t, store, d, people, dice)


def end(t, state):
    c, ledger = state["daemon"].client(), state["ledger"]
    keys = {"k-%d" % k for o in ledger.orders for k in o["keys"]}
    t.same("nothing is in the log that nobody sent", set(state["seen"]) - keys, set())
    for at in range(0, len(ledger.orders), 5000):
        orders = [(k, p, s) for o in ledger.orders[at:at + 5000] for k, p, s in zip(o["keys"], o["people"], o["seqs"])]
        results = c.post([contact(p, k) for k, p, _ in orders], Prefer="return=minimal").json["results"]
        t.that("at the end every key of all cycles is remembered", [(r["status"], r.get("seq")) for r in results] == [(200, s) for _, _, s in orders])


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("build")
    arguments.add_argument("cycles", type=int)
    arguments.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    a = arguments.parse_args()
    print("seed %d" % a.seed, flush=True)
    dice, t, began = random.Random(a.seed), Checks(), time.monotonic()
    with Store(a.build, "standard") as store:
        d = Daemon(store)
        state = {"daemon": d, "ledger": Ledger(), "seen": {}, "last": 0, "unknown": 0, "happened": 0}
        try:
            c = d.client()
            referent = c.do("register_referent", on=ago(500), name="R")["referent"]
            state["people"] = [admit(c, "N%d" % i, today() - timedelta(days=120 + i), referent) for i in range(PEOPLE)]
            for number in range(a.cycles):
                t.run("cycle %d of seed %d" % (number, a.seed), cycle, store, state, dice, number)
            t.run("the end, seed %d" % a.seed, end, state)
        finally:
            state["daemon"].kill()
        acknowledged = len(state["ledger"].orders) - state["unknown"]
        print("%d cycles in %.0f s: %d orders acknowledged, %d under way at a kill of which %d had happened" %
              (a.cycles, time.monotonic() - began, acknowledged, state["unknown"], state["happened"]))
    t.finish()


if __name__ == "__main__":
    main()
