"""What is the person's own, whichever parcours they are in: age, consents, pieces rejected, participations in operations."""
from days import day

SITUATION_WORDS = ("labour_status", "unemployed_months", "education", "benefits", "disability", "third_country", "foreign_background",
                   "minority", "homeless", "rural", "single_parent", "qpv")
PROFILE_WORDS = {"birth", "sex", "commune"}         # entry data of the Fund: these, of the person
ENTRY_SITUATION = {"labour_status", "education", "disability", "third_country", "foreign_background", "minority", "homeless"}   # and of an entry
COARSE_AGE = 55     # the feed keeps the month of turning so old


def within_operation(event):
    """An operation is entered between its first day and its last, as far as they are known."""
    first, last = event.day("operation_from"), event.day("operation_until")
    return (first is None or first <= event.on) and (last is None or event.on <= last)


class Person:
    def __init__(self):
        self.birth_month = None         # (year, month)
        self.consents = set()
        self.rsa_since = None           # (day, seq) from which RSA is known without a break
        self.mutual_contract = None     # with the department, whatever becomes of the parcours: its last record
        self.rejected = set()           # pieces, by the last verdict on each
        self.told = set()               # of who they are: birth, sex, commune
        self.situation = set()          # of it, what was told since the last participation began or was complete
        self.participations = []        # in the operations of the Fund, in the order of their first entry

    def note(self, event, book):
        self.note_data(event, book)
        if event.get("born_coarse"):
            year, month = event.get("born_coarse").split("-")
            self.birth_month = (int(year) - COARSE_AGE, int(month))
        if event.name == "consent_given":
            self.consents = self.consents | {event.get("consent")}
        elif event.name == "consent_withdrawn":
            self.consents = self.consents - {event.get("consent")}
        elif event.name == "evidence_rejected":
            self.rejected = self.rejected | {event.get("evidence")}
        elif event.name == "evidence_accepted":
            self.rejected = self.rejected - {event.get("evidence")}
        elif event.name == "mutual_contract_recorded":
            self.mutual_contract = event
        if event.get("benefits") is not None:
            self.note_benefits(event)

    def note_benefits(self, event):
        if "rsa" not in event.get("benefits"):
            self.rsa_since = None
        elif self.rsa_since is None:
            self.rsa_since = (event.on, event.seq)

    def note_data(self, event, book):
        if event.get("born_coarse"):
            self.told = self.told | {"birth"}
        if event.name == "profile_recorded":
            self.told = self.told | {word for word, field in (("sex", "sex"), ("commune", "commune_bytes")) if event.get(field) is not None}
        if event.name == "fse_entry_recorded":
            self.note_situation({word for word in SITUATION_WORDS if event.get(word) is not None})
        elif event.name == "operation_joined":
            self.join(event, book)
        elif event.name == "operation_left":
            self.participations = [{**entry, "once_left": True} if entry["operation"] == event.get("operation") else entry for entry in self.participations]

    def note_situation(self, words):
        """It completes the participations under way that lack some of it; else it is of the next one."""
        def wanting(entry):
            return not entry["once_left"] and not self.has_entry_data(entry)
        if any(wanting(entry) for entry in self.participations):
            self.participations = [{**entry, "told": entry["told"] | words} if wanting(entry) else entry for entry in self.participations]
        else:
            self.situation = self.situation | words

    def has_entry_data(self, entry):
        return PROFILE_WORDS <= self.told and ENTRY_SITUATION <= entry["told"]

    def join(self, event, book):
        """Who comes back to an operation is there once, with the data of the first entry as they were on leaving: what is told from then on
        is never theirs, and nothing more is owed. Too short an operation makes no participant, and a day outside of it no entry."""
        days = event.get("operation_days")
        if book.on("operation-days") and days is not None and days < book.number("operation-days"):
            return
        if book.on("joined-within") and not within_operation(event):
            return
        if any(entry["operation"] == event.get("operation") for entry in self.participations):
            return
        entry = {"operation": event.get("operation"), "on": event.on, "seq": event.seq, "once_left": False, "told": self.situation}
        self.participations, self.situation = self.participations + [entry], set()

    def day_of_age(self, years):
        """An age is reached on the first of its month, for the day of birth is sealed; None when nobody knows the birth."""
        if self.birth_month is None:
            return None
        year, month = self.birth_month
        return day(f"{year + years:04}-{month:02}-01")

    def is_old_enough(self, years, on):
        reached = self.day_of_age(years)
        return None if reached is None else reached <= on
