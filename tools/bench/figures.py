#!/usr/bin/env python3
"""W7: the alerts of a day cost what is due, not what there is. W9: the figures of a year by month and referent.

usage: figures.py BUILD [--participants 200000] [--rounds 20]        (make bench runs it, too)
One PLIE grows to so many participants (tools/bench/load.py: 14 events each); of all of them the same hundred owe something. At each size
the alerts of today are asked for; at the last one the figures, from the sums and once from the dossiers. The plot goes to
BUILD/alerts.svg."""
import argparse
import http.client
import json
import os
import re
import shutil
import signal
import statistics
import subprocess
import tempfile
import time
from datetime import date
from pathlib import Path

from load import Charge

FIGURES = "entries,exits,positive_exits,positive_exit_rate,contacts,interviews,steps_started,steps_done,immersions,signatures"
DUE = 100
SIZES = (1000, 10000, 100000, 200000)
ROUNDS = 20
GOAL_MS, MOST_MS = 50, 500
ROOT = Path(__file__).resolve().parent.parent.parent


def quiet_rulebook(path):
    """Nothing is due but the result of an offer."""
    book = json.loads((ROOT / "events" / "rulebooks" / "standard.json").read_text())
    for name, rule in book["rules"].items():
        if name != "offer-result":
            book["rules"][name] = {"mode": "off"}
    path.write_text(json.dumps(book))
    return path


class Served:
    def __init__(self, build, home, port):
        self.store, self.address = os.path.join(home, "plie"), ("127.0.0.1", port)
        book = quiet_rulebook(Path(home) / "quiet.json")
        self.token = subprocess.run([build + "/parcoursctl", "init", "--store", self.store, "--rulebook", str(book)], capture_output=True, text=True,
                                    check=True).stdout.strip()
        self.process = subprocess.Popen([build + "/parcoursd", "--store", self.store, "--listen", "%s:%d" % self.address], stderr=subprocess.DEVNULL)
        until = time.monotonic() + 10
        while time.monotonic() < until:
            try:
                return self.get("/readyz")[1] and None
            except OSError:
                time.sleep(0.05)
        raise SystemExit("the daemon does not answer")

    def get(self, path):
        """The seconds it took, and the body."""
        http_ = http.client.HTTPConnection(*self.address, timeout=600)
        began = time.monotonic()
        http_.request("GET", path, headers={"Authorization": "Bearer " + self.token})
        answer = http_.getresponse()
        body = answer.read()
        took = time.monotonic() - began
        http_.close()
        if answer.status != 200:
            raise SystemExit("GET %s: %d %s" % (path, answer.status, body[:200]))
        return took, body

    def wait_summed(self):
        while True:
            told = json.loads(self.get("/readyz")[1])
            if told["figures_summed"]["state"] == "too_large" or (told["figures_summed"]["position"] or 0) >= told["position"]:
                return told["figures_summed"]["state"]
            time.sleep(0.2)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()


def times(served, path, rounds):
    served.get(path)
    return [served.get(path)[0] * 1000 for _ in range(rounds)]


def spread(ms):
    return "%.1f ms (%.1f to %.1f)" % (statistics.median(ms), min(ms), max(ms))


# ---- W7 ----
def place_on_offers(charge):
    """A hundred of the first thousand owe the result of an offer."""
    charge.load.each("place_on_offer", charge.first[::10][:DUE], ["2026-01-05"] * DUE, {"offer": "o-1"})


def alerts(served, charge, rounds):
    served.wait_summed()        # what it does with what was loaded is over
    day = date.today()
    due = json.loads(served.get("/v1/alerts?on=%s&limit=1000" % day)[1])["alerts"]
    if len(due) != DUE:
        raise SystemExit("%d alerts are due, not %d" % (len(due), DUE))
    busiest = statistics.mode(a["referent"] for a in due)
    return {"participants": charge.people, "all": times(served, "/v1/alerts?on=%s" % day, rounds),
            "referent": times(served, "/v1/alerts?on=%s&referent=%s" % (day, busiest), rounds)}


def print_alerts(rows):
    most = max(statistics.median(r["all"]) for r in rows)
    print("W7 alerts of a day, %d due, however many participants there are; median (range)" % DUE)
    for r in rows:
        median = statistics.median(r["all"])
        print("   %7d  all %-26s one referent %-26s %s" % (r["participants"], spread(r["all"]), spread(r["referent"]), "#" * max(1, round(30 * median / most))))


def draw_alerts(rows, path):
    most = max(max(r["all"]) for r in rows) or 1
    bars = []
    for i, r in enumerate(rows):
        for k, (name, colour) in enumerate((("all", "#355c7d"), ("referent", "#f67280"))):
            high = 200 * statistics.median(r[name]) / most
            bars.append('<rect x="%d" y="%.1f" width="36" height="%.1f" fill="%s"><title>%s: %s</title></rect>' %
                        (60 + i * 110 + k * 40, 230 - high, high, colour, name, spread(r[name])))
        bars.append('<text x="%d" y="250" text-anchor="middle">%d</text>' % (98 + i * 110, r["participants"]))
    Path(path).write_text('<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="280" font-family="sans-serif" font-size="12">'
                          '<text x="10" y="20">%.1f ms</text><line x1="50" y1="30" x2="50" y2="230" stroke="#000"/>'
                          '<line x1="50" y1="230" x2="%d" y2="230" stroke="#000"/>%s'
                          '<text x="60" y="272">participants; dark: all alerts of the day, light: one referent\'s; %d due</text></svg>\n' %
                          (90 + len(rows) * 110, most, 80 + len(rows) * 110, "".join(bars), DUE))


# ---- W9 ----
def figures(served, rounds):
    asked = "/v1/indicators?figure=%s&from=2025-01-01&to=2025-12-31&by=month,referent" % FIGURES
    state = served.wait_summed()
    summed = times(served, asked, rounds)
    walk, body = served.get(asked + "&known_at=2099-01-01T00:00:00Z")
    strip = lambda text: re.sub(rb'"(known_at|events)":"[^"]*",?', b"", text)
    if strip(body) != strip(served.get(asked)[1]):
        raise SystemExit("the sums and the dossiers differ")
    return {"state": state, "summed": summed, "walk": walk * 1000, "bytes": len(body)}


def print_figures(r, events):
    median = statistics.median(r["summed"])
    said = "missed" if median >= MOST_MS else "goal missed" if median >= GOAL_MS else "met"
    print("W9 ten figures of a year by month and referent, %d events: %s, an answer of %.1f MB (sums: %s); from the dossiers %.1f s "
          "(under %d ms, goal %d: %s)" % (events, spread(r["summed"]), r["bytes"] / 1e6, r["state"], r["walk"] / 1000, MOST_MS, GOAL_MS, said))


def measure(build, home, port, participants, rounds):
    """Both, printed; what they are for bench.json."""
    served = Served(build, home, port)
    try:
        charge, rows = Charge(served.address, served.token), []
        for size in [s for s in SIZES if s < participants] + [participants]:
            charge.grow(size)
            if not rows:
                place_on_offers(charge)
            rows.append(alerts(served, charge, rounds))
        print("   %d events of %d participants loaded in %.0f s" % (charge.load.events, charge.people, charge.seconds))
        print_alerts(rows)
        draw_alerts(rows, os.path.join(build, "alerts.svg"))
        w9 = figures(served, rounds)
        print_figures(w9, charge.load.events)
        return {"w7": rows, "w9": w9, "events": charge.load.events, "load_seconds": charge.seconds}
    finally:
        served.stop()


def main():
    p = argparse.ArgumentParser()
    p.add_argument("build")
    p.add_argument("--participants", type=int, default=200000)
    p.add_argument("--rounds", type=int, default=ROUNDS)
    a = p.parse_args()
    from bench import free_port
    home = tempfile.mkdtemp(prefix="figures.", dir=a.build)
    try:
        measure(a.build, home, free_port(), a.participants, a.rounds)
    finally:
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
