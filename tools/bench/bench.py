#!/usr/bin/env python3
"""W1: durable commands over HTTP against Redis streams and against bare bufferevents, interleaved in one run. Then W7 and W9: the
alerts of a day and the figures of a year, as a PLIE grows (figures.py; --grown 0 leaves them out).

usage: bench.py BUILD [--rounds 5] [--seconds 5] [--participants 20000] [--grown 200000]
Prints a line a workload, writes BUILD/bench.json. The store lies in BUILD (a real disk), the client shares the machine.
"""
import argparse
import http.client
import json
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import tempfile
import time

import figures

CONNECTIONS = 64
HERE = os.path.dirname(os.path.abspath(__file__))


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_port(port):
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), 0.2).close()
            return
        except OSError:
            time.sleep(0.05)
    raise SystemExit(f"nothing answers on port {port}")


class Daemon:
    """A parcoursd on a fresh store, with so many active participants."""

    def __init__(self, build, home, participants):
        self.port = free_port()
        store = os.path.join(home, "plie")
        self.token = subprocess.run([f"{build}/parcoursctl", "init", "--store", store, "--rulebook", "standard"],
                                    capture_output=True, text=True, check=True).stdout.strip()
        self.process = subprocess.Popen([f"{build}/parcoursd", "--store", store, "--listen", f"127.0.0.1:{self.port}"],
                                        stderr=subprocess.DEVNULL)
        wait_port(self.port)
        self.ids = os.path.join(home, "ids")
        self.day = time.strftime("%Y-%m-%d")
        self.load(participants)

    def post(self, lines):
        body = "\n".join(json.dumps(line) for line in lines)
        self.http.request("POST", "/v1/commands", body, {"Authorization": "Bearer " + self.token, "Prefer": "return=minimal",
                                                         "Content-Type": "application/x-ndjson"})
        results = [json.loads(line) for line in self.http.getresponse().read().splitlines()]
        bad = [r for r in results if r["status"] != 201]
        if bad:
            raise SystemExit(f"the load was refused: {bad[0]}")
        return results

    def load(self, participants):
        self.http = http.client.HTTPConnection("127.0.0.1", self.port)
        on = self.day
        session = self.post([{"command": "plan_session", "on": on, "data": {"kind": "integration", "day": on}}])[0]["session"]
        self.post([{"command": "hold_session", "session": session, "on": on, "data": {"members": 3}}])
        referents = [r["referent"] for r in self.post([{"command": "register_referent", "on": on, "data": {"name": "Bench"}}] *
                                                      (participants // 80 + 1))]
        steps = [("record_diagnosis", {"agreed": True}),
                 ("check_eligibility", {"criteria": ["rsa", "in_territory", "work_permit", "difficulties", "wish"]}),
                 ("propose_entry", {}), ("decide_entry", {"outcome": "accepted", "session": session}), ("sign_contract", {})]
        with open(self.ids, "w") as out:
            for first in range(0, participants, 1000):
                n = min(1000, participants - first)
                ids = [r["participant"] for r in self.post([{"command": "orient", "on": on, "data": {"name": "Bench"}}] * n)]
                self.post([{"command": "assign_referent", "participant": p, "on": on,
                            "data": {"referent": referents[(first + k) // 80]}} for k, p in enumerate(ids)])
                for command, data in steps:
                    self.post([{"command": command, "participant": p, "on": on, "data": data} for p in ids])
                out.write("\n".join(ids) + "\n")

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()


def wrk(port, seconds, environment):
    out = subprocess.run(["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}", "--latency", "-s", f"{HERE}/w1.lua", f"http://127.0.0.1:{port}"],
                         capture_output=True, text=True, check=True, env={**os.environ, **environment}).stdout
    if "Non-2xx" in out:
        raise SystemExit("refused answers while measuring:\n" + out)
    return float(re.search(r"Requests/sec:\s*([\d.]+)", out).group(1)), re.search(r"99%\s+(\S+)", out).group(1)


def redis_xadd(port, seconds):
    count = max(20000, int(20000 * seconds))
    out = subprocess.run(["redis-benchmark", "-p", str(port), "-c", str(CONNECTIONS), "-n", str(count), "-q", "xadd", "bench", "*", "body", "x" * 150],
                         capture_output=True, text=True, check=True).stdout
    return float(re.findall(r"([\d.]+) requests per second", out)[-1])


def fsync_floor(home):
    path = os.path.join(home, "floor")
    times = []
    with open(path, "wb") as f:
        for _ in range(200):
            start = time.perf_counter()
            f.write(b"x" * 4096)
            f.flush()
            os.fdatasync(f.fileno())
            times.append(time.perf_counter() - start)
    os.unlink(path)
    return statistics.median(times) * 1000


def spread(values):
    return f"{statistics.median(values):.2f} ({min(values):.2f} to {max(values):.2f})"


def main():
    p = argparse.ArgumentParser()
    p.add_argument("build")
    p.add_argument("--rounds", type=int, default=5)
    p.add_argument("--seconds", type=int, default=5)
    p.add_argument("--participants", type=int, default=20000)
    p.add_argument("--grown", type=int, default=200000, help="participants of W7 and W9")
    a = p.parse_args()
    home = tempfile.mkdtemp(prefix="bench.", dir=a.build)
    redis_port, echo_port = free_port(), free_port()
    redis = subprocess.Popen(["redis-server", "--port", str(redis_port), "--dir", home, "--appendonly", "yes", "--appendfsync", "always",
                              "--save", ""], stdout=subprocess.DEVNULL)
    echo = subprocess.Popen([f"{a.build}/http_echo", f"127.0.0.1:{echo_port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    daemon = Daemon(a.build, home, a.participants)
    try:
        wait_port(redis_port)
        wait_port(echo_port)
        environment = {"BENCH_IDS": daemon.ids, "BENCH_TOKEN": daemon.token, "BENCH_DAY": daemon.day}
        rounds = []
        for _ in range(a.rounds):
            ours, p99 = wrk(daemon.port, a.seconds, environment)
            rounds.append({"parcoursd": ours, "p99": p99, "minimal": wrk(daemon.port, a.seconds, {**environment, "BENCH_MINIMAL": "1"})[0],
                           "redis": redis_xadd(redis_port, a.seconds), "bare": wrk(echo_port, a.seconds, environment)[0]})
        cpu = next(line for line in open("/proc/cpuinfo") if line.startswith("model name")).split(":")[1].strip()
        print(f"machine: {os.cpu_count()} cores, {cpu}; fdatasync of 4 KiB {fsync_floor(home):.2f} ms; {time.strftime('%Y-%m-%d')}; "
              f"client and server share the machine; {a.rounds} rounds interleaved, {CONNECTIONS} connections, median (range)")
        for name in ("parcoursd", "minimal", "redis", "bare"):
            print(f"   {name:10} {spread([r[name] for r in rounds])} /s")
        print(f"W1 {spread([r['parcoursd'] / r['redis'] for r in rounds])} of Redis XADD always (at least 0.35, goal 1.0)")
        print(f"W1 {spread([r['parcoursd'] / r['bare'] for r in rounds])} of bare bufferevents (at least 0.5, goal 0.8)")
        print(f"W1 with Prefer: return=minimal {spread([r['minimal'] / r['redis'] for r in rounds])} of Redis, "
              f"{spread([r['minimal'] / r['bare'] for r in rounds])} of bare bufferevents")
        told = {"date": time.strftime("%Y-%m-%d"), "cpu": cpu, "w1": rounds}
    finally:
        daemon.stop()
        for process in (redis, echo):
            process.terminate()
            process.wait()
        shutil.rmtree(home, ignore_errors=True)
    if a.grown:
        os.mkdir(home)
        try:
            told.update(figures.measure(a.build, home, free_port(), a.grown, figures.ROUNDS))
        finally:
            shutil.rmtree(home, ignore_errors=True)
    with open(os.path.join(a.build, "bench.json"), "w") as f:
        json.dump(told, f, indent=1)


if __name__ == "__main__":
    main()
