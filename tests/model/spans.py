"""What lasts: jobs, businesses, long trainings, chosen situations; steps."""
from days import add_days


class Span:
    """Something that starts, may end, and has details: a job, a business, a long training, a chosen situation."""

    def __init__(self, event):
        self.seq, self.turn, self.start = event.seq, event.turn, event.on
        self.end = self.end_seq = None
        self.cause = event.seq          # what it began with: for what an amended job became, the amendment
        self.hiring = event             # of a job, whatever became of it
        self.earlier = []               # what it was before it became something else, each until the day before
        self.details = dict(event.data)

    def is_open(self):
        return self.end is None

    def stretches(self):
        return self.earlier + [self]

    def becomes_another(self, event):
        """An amendment that changes the purpose, or the kind otherwise than between a CDD and a CDI."""
        def changed(field):
            return event.get(field) is not None and event.get(field) != self.details.get(field)
        lasting = {self.details.get("kind"), event.get("kind")} <= {"cdd", "cdi"}
        return event.name == "employment_amended" and (changed("purpose") or (changed("kind") and not lasting))

    def turn_into_another(self, event):
        """From the day of the event on; until the day before it stays what it was."""
        if event.on > self.start:
            before = Span.__new__(Span)
            before.__dict__.update(self.__dict__, earlier=[], end=add_days(event.on, -1), end_seq=event.seq)
            self.earlier = self.earlier + [before]
        self.start, self.cause, self.turn = event.on, event.seq, event.turn


class Step:
    def __init__(self, event):
        self.seq, self.turn, self.prescription = event.seq, event.turn, event
        self.kind = event.get("kind")
        self.planned_end = event.day("planned_end")
        self.start = self.start_seq = self.rhythm = self.contacts_wanted = None
        self.end = self.end_seq = None
        self.ended = False          # by end_step, not abandoned nor dropped
        self.closed = False         # ended, abandoned or dropped
        self.never_was = False      # closed as refused or not started
        self.has_result = False
        self.received = self.reviewed_at_end = False
        self.evaluated_together = False     # with the participant
        self.contacts_before = 0    # contacts already in the list when it started

    def is_open(self):
        return self.start is not None and not self.closed
