"""What is the person's own, whichever parcours they are in: age, consents, benefits."""
from days import day

COARSE_AGE = 55     # the feed keeps the month of turning so old


class Person:
    def __init__(self):
        self.birth_month = None         # (year, month)
        self.consents = set()
        self.benefits = set()
        self.rsa_since = None           # (day, seq) from which RSA is known without a break
        self.rejected = set()           # pieces, by the last verdict on each

    def note(self, event):
        if event.get("born_coarse"):
            year, month = event.get("born_coarse").split("-")
            self.birth_month = (int(year) - COARSE_AGE, int(month))
        if event.name == "consent_given":
            self.consents.add(event.get("consent"))
        elif event.name == "consent_withdrawn":
            self.consents.discard(event.get("consent"))
        elif event.name == "evidence_rejected":
            self.rejected.add(event.get("evidence"))
        elif event.name == "evidence_accepted":
            self.rejected.discard(event.get("evidence"))
        if event.get("benefits") is not None:
            self.benefits = set(event.get("benefits"))
            if "rsa" not in self.benefits:
                self.rsa_since = None
            elif self.rsa_since is None:
                self.rsa_since = (event.on, event.seq)

    def day_of_age(self, years):
        """An age is reached on the first of its month, for the day of birth is sealed; None when nobody knows the birth."""
        if self.birth_month is None:
            return None
        year, month = self.birth_month
        return day(f"{year + years:04}-{month:02}-01")

    def is_old_enough(self, years, on):
        reached = self.day_of_age(years)
        return None if reached is None else reached <= on
