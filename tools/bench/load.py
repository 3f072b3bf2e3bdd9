"""A large PLIE: so many participants, with a year and more behind them, loaded as JSON Lines of 2,000 commands. Used by figures.py; by hand:
load.py URL TOKEN PARTICIPANTS [CONTACTS]

Each is oriented, enters, and is seen each month; one in two starts a step, one in four ends it, one in ten leaves. The months are
spread over the participants, so that every month of the year has some of everything."""
import http.client
import json
import sys
import time
from datetime import date, timedelta

LINES = 2000
OF_A_REFERENT = 80
FIRST = date(2025, 1, 6)


class Loader:
    def __init__(self, address, token):
        self.http = http.client.HTTPConnection(*address)
        self.token, self.events = token, 0

    def post(self, lines):
        self.http.request("POST", "/v1/commands", "\n".join(lines), {"Authorization": "Bearer " + self.token, "Prefer": "return=minimal",
                                                                     "Content-Type": "application/x-ndjson"})
        results = [json.loads(line) for line in self.http.getresponse().read().splitlines()]
        bad = [r for r in results if r["status"] != 201]
        if bad:
            raise SystemExit("the load was refused: %s" % bad[0])
        self.events += len(lines)
        return results

    def one(self, command, on, data, **more):
        return self.post([json.dumps({"command": command, "on": str(on), "data": data, **more})])[0]

    def each(self, command, people, days, data):
        """The same of everybody, on days of their own."""
        said = '{"command":"%s","participant":"%%s","on":"%%s","data":%s}' % (command, json.dumps(data).replace("%", "%%"))
        return self.post([said % (p, day) for p, day in zip(people, days)])


def batch(load, people, number, referents, session, contacts):
    """One batch of at most LINES participants, all their life."""
    start = [FIRST + timedelta(days=(number * 7 + k) % 150) for k in range(len(people))]
    after = lambda days: [day + timedelta(days=days) for day in start]
    assigned = ['{"command":"assign_referent","participant":"%s","on":"%s","data":{"referent":"%s"}}' %
                (p, day, referents[(number * LINES + k) // OF_A_REFERENT % len(referents)]) for k, (p, day) in enumerate(zip(people, start))]
    load.post(assigned)
    load.each("record_diagnosis", people, after(4), {"agreed": True})
    load.each("check_eligibility", people, after(4), {"criteria": ["rsa", "in_territory", "work_permit", "difficulties", "wish"]})
    load.each("propose_entry", people, after(5), {})
    load.each("decide_entry", people, after(12), {"outcome": "accepted", "session": session})
    load.each("sign_contract", people, after(14), {})
    for month in range(contacts):
        channel = ("interview", "telephone", "interview")[month % 3]
        load.each("record_contact", people, after(20 + 30 * month), {"channel": channel, **({"signed": True} if channel == "interview" else {})})
    half, days = people[::2], after(25)[::2]
    steps = [r["seq"] for r in load.each("prescribe_step", half, days, {"kind": "remobilisation", "planned_end": "2026-12-31", "objective_shared": True, "contractualised": True})]
    load.post(['{"command":"start_step","participant":"%s","on":"%s","data":{"step":%s,"interviews_a_month":2}}' % row for row in zip(half, days, steps)])
    load.post(['{"command":"end_step","participant":"%s","on":"%s","data":{"step":%s,"result":"met"}}' % (p, day + timedelta(days=60), seq)
               for p, day, seq in list(zip(half, days, steps))[::2]])
    leave, days = people[1::10], after(200)[1::10]
    load.each("propose_exit", leave, days, {"outcome": "other", "reason": "move"})
    load.each("decide_exit", leave, days, {"outcome": "other", "reason": "move"})


class Charge:
    """A PLIE that grows: what it takes to bring more people into it."""

    def __init__(self, address, token, contacts=6):
        self.load, self.contacts, self.people, self.batches, self.referents, self.seconds = Loader(address, token), contacts, 0, 0, [], 0
        self.session = self.load.one("plan_session", FIRST, {"kind": "integration", "day": str(FIRST)})["session"]
        self.load.one("hold_session", FIRST, {"members": 3}, session=self.session)
        self.first = []             # the first people of it

    def grow(self, participants):
        """Until there are so many."""
        began = time.monotonic()
        name = json.dumps({"command": "register_referent", "on": str(FIRST), "data": {"name": "Charge"}})
        while len(self.referents) < max(1, participants // OF_A_REFERENT):
            self.referents += [r["referent"] for r in self.load.post([name] * min(LINES, max(1, participants // OF_A_REFERENT) - len(self.referents)))]
        said = '{"command":"orient","on":"%s","data":{"prescriber":"ccas","name":"Charge %d"}}'
        while self.people < participants:
            n = min(LINES, participants - self.people)
            people = [r["participant"] for r in self.load.post([said % (FIRST + timedelta(days=(self.batches * 7 + k) % 150), self.people + k) for k in range(n)])]
            batch(self.load, people, self.batches, self.referents, self.session, self.contacts)
            self.first = self.first or people
            self.people, self.batches = self.people + n, self.batches + 1
        self.seconds += time.monotonic() - began


if __name__ == "__main__":
    host, port = sys.argv[1].removeprefix("http://").split(":")
    charge = Charge((host, int(port)), sys.argv[2], *map(int, sys.argv[4:]))
    charge.grow(int(sys.argv[3]))
    print("%d events in %.0f s" % (charge.load.events, charge.seconds))
