"""A demonstration PLIE and its clock: a demonstration lives on its last record's instant, so time is moved by recording something harmless.
Every command says when it was recorded; one that did not would move the clock to today."""
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from daemon import propose

BEGUN = date(2026, 1, 5)            # a Monday


class Plie:
    """Each command is recorded a second after the one before, on its own day if that is later."""

    def __init__(self, daemon, day=BEGUN, zone="Europe/Paris"):
        self.zone, self.clock_of = ZoneInfo(zone), None
        self.now = datetime(day.year, day.month, day.day, 8, tzinfo=timezone.utc)
        self.serve(daemon)

    def serve(self, daemon):
        """By this process, from now on."""
        self.client, self.daemon = daemon.client(), daemon
        self.post, self.client.post = self.client.post, self.recorded

    @property
    def day(self):
        return self.now.astimezone(self.zone).date()

    def recorded(self, document, query="", **headers):
        self.now += timedelta(seconds=1)
        on = date.fromisoformat(document.setdefault("on", self.day.isoformat()))
        if on > self.day:
            self.until(on)
        document["recorded"] = self.now.strftime("%Y-%m-%dT%H:%M:%SZ")
        return self.post(document, query, **headers)

    def do(self, command, target=None, on=None, **data):
        return self.client.do(command, target, on, **data)

    def until(self, day, hour=9, minute=0, second=0):
        """The clock of the next command, as the PLIE reads it; the first of two that bear the same name."""
        self.now = datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=self.zone).astimezone(timezone.utc)

    def tick(self, *when):
        """Something that changes nothing is recorded: the daemon's clock is there now."""
        if when:
            self.until(*when)
        if not self.clock_of:
            self.clock_of = self.do("plan_action", kind="forum", day=self.day.isoformat())["action"]
        return self.do("hold_action", self.clock_of, people=1)["seq"]

    def secret(self, delivery):
        told = [e["data"]["secret"] for e in self.client.read("/v1/deliveries/%s/events" % delivery)["events"] if "secret" in e.get("data", {})]
        return told[-1]

    def followed(self, referent, name, **more):
        p = propose(self.client, name, self.day)
        self.do("assign_referent", p, referent=referent, **more)
        return p
