#!/usr/bin/env python3
"""A PLIE's life lived by parcours-sim over HTTP (late events, corrections, voids, hand-overs), then every answer of the
daemon compared with the independent model: participants now, on past days, as known at an instant; alerts of days past
and to come; exit checks.

usage: model_over_sim.py BUILD [--participants 40] [--years 2] [--seed 7]
"""
import argparse
import datetime
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
AS_OF_SHARE, EXIT_SHARE = 5, 5      # one participant in so many is asked these, too


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Service:
    def __init__(self, build, home, first_day):
        self.port = free_port()
        store = os.path.join(home, "plie")
        init = [f"{build}/parcoursctl", "init", "--store", store, "--rulebook", "standard", "--demo", "--today", first_day]
        self.token = subprocess.run(init, check=True, capture_output=True, text=True).stdout.strip()
        self.process = subprocess.Popen([f"{build}/parcoursd", "--store", store, "--listen", f"127.0.0.1:{self.port}"], stderr=subprocess.DEVNULL)
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", self.port), 0.2).close()
                return
            except OSError:
                time.sleep(0.02)
        raise SystemExit("parcoursd does not answer")

    def ask(self, path, accept="application/json"):
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}",
                                         headers={"Authorization": "Bearer " + self.token, "Accept": accept})
        return urllib.request.urlopen(request).read().decode()

    def get(self, path):
        return json.loads(self.ask(path))

    def participants(self):
        cursor, ids = None, []
        while True:
            page = self.get("/v1/participants?limit=1000" + (f"&after={cursor}" if cursor else ""))
            ids += [p["participant"] for p in page["participants"]]
            cursor = page["next_cursor"]
            if not cursor:
                return ids


def questions(service, ids, last, events):
    past = [(last - datetime.timedelta(days=d)).isoformat() for d in (30, 200, 400)]
    known_at, today = events[len(events) * 2 // 3]["recorded"], last.isoformat()        # a demonstration lives on the day it was told last
    for i, one in enumerate(ids):
        yield {"question": {"today": today}, "participant": service.get(f"/v1/participants/{one}")}
        if i % AS_OF_SHARE == 0:
            for day in past:
                yield {"question": {"as_of": day, "today": day}, "participant": service.get(f"/v1/participants/{one}?as_of={day}")}
            answer = service.get(f"/v1/participants/{one}?known_at={known_at}")
            if answer["state"] == "nobody":
                continue    # nobody had heard of them yet: the model has no line for whom it does not know
            yield {"question": {"known_at": known_at, "today": today}, "participant": answer}
        if i % EXIT_SHARE == 0:
            check = service.get(f"/v1/participants/{one}/exit-check?on={last.isoformat()}")
            yield {"question": {"exit_check": last.isoformat(), "participant": one},
                   "criteria": [{k: c[k] for k in ("criterion", "met", "earliest")} for c in check["criteria"]]}
    for day in past + [last.isoformat(), (last + datetime.timedelta(days=20)).isoformat()]:
        alerts = [[a["rule"], a["participant"], a["since"], a["due"]] for a in service.get(f"/v1/alerts?on={day}")["alerts"] if a["participant"]]
        yield {"question": {"alerts": day}, "alerts": alerts}
    for day in past:
        known = service.get(f"/v1/alerts?on={day}&known_at={known_at}")["alerts"]
        yield {"question": {"alerts": day, "known_at": known_at},
               "alerts": [[a["rule"], a["participant"], a["since"], a["due"]] for a in known if a["participant"]]}


def feed(service):
    lines, after = [], 0
    while True:
        page = service.ask(f"/v1/events?after={after}&limit=10000", "application/x-ndjson").splitlines()
        if not page:
            return lines
        lines += page
        after = json.loads(page[-1])["seq"]


def main():
    p = argparse.ArgumentParser()
    p.add_argument("build")
    p.add_argument("--participants", type=int, default=40)
    p.add_argument("--years", type=int, default=2)
    p.add_argument("--seed", type=int, default=7)
    a = p.parse_args()
    first_day = (datetime.date.today() - datetime.timedelta(days=366 * a.years)).isoformat()
    with tempfile.TemporaryDirectory() as home:
        service = Service(a.build, home, first_day)
        try:
            sim = subprocess.run([f"{a.build}/parcours-sim", "--url", f"http://127.0.0.1:{service.port}", "--token", service.token, "--participants",
                                  str(a.participants), "--years", str(a.years), "--seed", str(a.seed)], capture_output=True, text=True)
            print(sim.stdout.strip().splitlines()[-1] if sim.stdout else sim.stderr)
            lines = feed(service)
            events = [json.loads(line) for line in lines]
            last = datetime.date.fromisoformat(max(e["recorded_on"] for e in events))
            with open(f"{home}/events.jsonl", "w") as out:
                out.write("\n".join(lines) + "\n")
            with open(f"{home}/answers.jsonl", "w") as out:
                for answer in questions(service, service.participants(), last, events):
                    out.write(json.dumps(answer) + "\n")
        finally:
            service.process.terminate()
            service.process.wait()
        compare = subprocess.run([sys.executable, f"{HERE}/model/model.py", "--compare", f"{home}/events.jsonl", f"{home}/answers.jsonl"],
                                 capture_output=True, text=True)
    out = (compare.stdout + compare.stderr).strip().splitlines()
    print("\n".join(out[-25:]))
    compared, differ = (int(word) for word in out[-1].replace(",", "").split() if word.isdigit()) if out else (0, 1)
    if sim.returncode:
        differ += 1
    print(f"{compared - differ} passed, {differ} failed")
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
