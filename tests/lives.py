"""Random lives: scenarios that expect nothing of each command, for the player's checks and the independent model to judge.
lives.py BUILD [FIRST_SEED [HOW_MANY]]   plays and compares each; prints the seeds that differ, ends with "N passed, N failed"
lives.py --print SEED                    the scenario of a seed"""
import random
import subprocess
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path

HERE = Path(__file__).resolve().parent

WORDS = {
    "eligibility": "unemployed_12_months ass rsa aah qpv senior in_territory work_permit difficulties wish".split(),
    "step": "remobilisation training qualifying_training immersion social iae".split(),
    "job": "cdi cdd temporary aided_non_market iae_aci seasonal".split(),
    "criterion": "employment hours business aided_contract atypical qualification long_training".split(),
    "reason": "move death long_illness abandonment no_news rebound limit".split(),
    "channel": "interview telephone on_site workplace letter".split(),
    "evidence": "employment_contract payslip hours_statement business_registration participant_agreement training_certificate".split(),
    "review": "progress plie partners long_parcours closing".split(),
}
TWEAKS = {
    "parcours-length": ["6", "12", "18", "24", "off"], "parcours-extension": ["6,1", "3,2", "flag:6,1", "off"],
    "contacts-monthly": ["1", "2", "1,2", "off"], "step-rhythm": ["0", "2", "3"], "step-gap": ["1", "4", "off"],
    "progress-review": ["2", "5"], "long-review": ["1,2,3", "6,12"], "recording-delay": ["0", "7", "60"],
    "suspension": ["uncounted", "forbidden", "off"], "parcours-start": ["decision", "contract"],
    "exit-employment": ["1", "6"], "exit-hours": ["100", "910"], "exit-hours-window": ["2", "9", "off"], "exit-hours-age": ["0", "3"],
    "employment-followup": ["6,0", "6,1", "1,0"], "reminder-letter": ["0", "15", "off"], "exit-attested": ["15", "off"],
    "missed-appointments": ["1", "2"], "change-relay": ["5", "30"], "objective-measured": ["yes", "off", "flag:yes"],
    "step-overdue": ["0", "9"], "exit-half-time": ["17.5", "off"], "entry-conditions": ["wish", "off"],
}


class Life:
    def __init__(self, seed):
        self.dice = random.Random(seed)
        self.today = date(2019, 1, 1) + timedelta(days=self.dice.randrange(365))
        self.lines, self.labels, self.count = [], {}, 0
        self.people = ["P%d" % i for i in range(1, 1 + self.dice.randint(1, 4))]
        self.born = set()

    def pick(self, name):
        return self.dice.choice(WORDS[name])

    def often(self, chance):
        return self.dice.random() < chance

    def some(self, name, most=4):
        return ",".join(self.dice.sample(WORDS[name], self.dice.randint(1, most)))

    def near(self, before, after):
        return (self.today + timedelta(days=self.dice.randint(-before, after))).isoformat()

    def label(self, who, kind):
        known = self.labels.get((who, kind), [])
        return self.dice.choice(known) if known else "1"

    def tell(self, command, who, *words, kind=None):
        self.count += 1
        line = ["  " + command, who, *[w for w in words if w]]
        if self.often(0.25):
            line.append("on=" + self.near(60, 0))
        if self.often(0.03):
            line.append("imported=yes")
        if self.often(0.03):
            line.append("after=" + self.label(who, "any"))
        if self.often(0.03):
            line.append('waive=parcours-length:"motif"')
        name = "L%d" % self.count
        self.labels.setdefault((who, "any"), []).append(name)
        if kind:
            self.labels.setdefault((who, kind), []).append(name)
        self.lines.append(" ".join(line + ["as", name, "-> whatever"]))

    def book(self):
        chosen = self.dice.sample(sorted(TWEAKS), self.dice.randint(0, 8))
        return " ".join([self.dice.choice(["standard", "provence-mediterranee"])] + [r + "=" + self.dice.choice(TWEAKS[r]) for r in chosen])

    # ---- what may happen
    def entry(self, p):
        self.tell("orient", p, self.often(0.6) and "prescriber=ccas")
        self.tell("record_diagnosis", p, self.often(0.8) and "agreed=" + self.dice.choice(["yes", "yes", "no"]))
        self.tell("check_eligibility", p, "criteria=" + ("rsa,in_territory,work_permit,difficulties,wish" if self.often(0.8) else self.some("eligibility")),
                  self.often(0.2) and "valid_until=" + self.near(30, 30))
        self.tell("propose_entry", p)
        self.tell("decide_entry", p, "outcome=" + self.dice.choice(["accepted"] * 6 + ["refused", "deferred"]), "session=S1",
                  self.often(0.5) and "alternative=ccas")
        if self.often(0.8):
            self.tell("sign_contract", p)
        if self.often(0.7):
            self.tell("assign_referent", p, "referent=R1")

    def step(self, p):
        self.tell("prescribe_step", p, "kind=" + self.pick("step"), self.often(0.8) and "objective_shared=yes",
                  self.often(0.7) and "planned_end=" + self.near(10, 120), self.often(0.7) and "contractualised=yes", kind="step")

    def step_goes_on(self, p):
        step = "step=" + self.label(p, "step")
        result = self.often(0.6) and "result=" + self.dice.choice(["met", "partly", "not_met"])
        how = self.dice.randrange(8)
        if how <= 2:
            self.tell("start_step", p, step, self.often(0.7) and "interviews_a_month=%d" % self.dice.randint(0, 3), self.often(0.2) and "planned_end=" + self.near(0, 60))
        elif how <= 4:
            self.tell("end_step", p, step, result)
        elif how == 5:
            self.tell("review_step", p, step, "review=" + self.dice.choice(["reception", "interim", "closing"]), self.often(0.7) and "referent_present=yes", result)
        else:
            self.tell(self.dice.choice(["abandon_step", "drop_step", "refuse_step"]), p, step)

    def job(self, p):
        self.tell("start_employment", p, "kind=" + self.pick("job"), "purpose=" + self.dice.choice(["step", "consolidation"]),
                  self.often(0.8) and "weekly_hours=" + self.dice.choice(["35", "17.5", "17.49", "20"]),
                  self.often(0.5) and "planned_end=" + self.near(-20, 250), kind="job")

    def job_goes_on(self, p):
        job = "employment=" + self.label(p, "job")
        how = self.dice.randrange(5)
        if how <= 2:
            self.tell("end_employment", p, job)
        elif how == 3:
            self.tell("amend_employment", p, job, self.often(0.5) and "purpose=" + self.dice.choice(["step", "consolidation"]),
                      self.often(0.5) and "kind=" + self.pick("job"), self.often(0.3) and "weekly_hours=24")
        else:
            self.tell("renew_employment", p, job, "planned_end=" + self.near(0, 200))

    def lasting(self, p):
        how = self.dice.randrange(9)
        if how == 0:
            self.tell("start_business", p, kind="business")
        elif how == 1:
            self.tell("end_business", p, "business=" + self.label(p, "business"))
        elif how == 2:
            self.tell("start_long_training", p, self.often(0.5) and "rncp=RNCP%d" % self.dice.randint(1, 999), self.often(0.3) and "specific_employment=yes", kind="training")
        elif how == 3:
            self.tell("end_long_training", p, "training=" + self.label(p, "training"))
        elif how == 4:
            self.tell("start_chosen_situation", p, kind="situation")
        elif how == 5:
            self.tell("end_chosen_situation", p, "situation=" + self.label(p, "situation"))
        elif how == 6:
            self.tell("obtain_qualification", p, self.often(0.8) and "rncp=" + self.dice.choice(["RNCP12", "RS12", "345"]))
        else:
            first = self.today - timedelta(days=self.dice.randint(0, 90))
            last = first + timedelta(days=self.dice.randint(0 if self.often(0.9) else -3, 40))
            self.tell("record_hours", p, "from_day=%s until_day=%s hours=%s" % (first, last, self.dice.choice(["35", "151.67", "300", "700.5"])))

    def contact(self, p):
        self.tell("record_contact", p, "channel=" + self.pick("channel"), self.often(0.3) and "step=" + self.label(p, "step"))

    def follow_up(self, p):
        how = self.dice.randrange(11)
        if how <= 2:
            self.tell("hold_review", p, "review=" + self.pick("review"), self.often(0.5) and "with_plie=yes")
        elif how == 3:
            self.tell("record_change", p, "change=" + self.dice.choice(["status", "address"]), self.often(0.5) and "commune=" + self.dice.choice(["83137", "13055"]))
        elif how == 4:
            self.tell("record_relay", p)
        elif how == 5:
            self.tell("send_letter", p, "letter=" + self.dice.choice(["reminder", "reminder", "information"]), kind="letter")
        elif how == 6:
            self.tell("return_letter", p, "letter=" + self.label(p, "letter"))
        elif how == 7:
            self.tell(self.dice.choice(["suspend", "resume"]), p)
        elif how == 8:
            self.tell("place_on_offer", p, kind="offer")
        elif how == 9:
            self.tell("answer_offer", p, "offer=" + self.label(p, "offer"), "outcome=hired")
        else:
            self.tell(self.dice.choice(["miss_appointment", "keep_appointment", "tell_prescriber", "transmit_contract", "sign_contract"]), p)

    def extension(self, p):
        if self.often(0.5):
            self.tell("request_extension", p, self.often(0.5) and "session=S2")
        else:
            self.tell("decide_extension", p, "granted=" + self.dice.choice(["yes", "no"]))

    def evidence(self, p):
        if self.often(0.7):
            self.tell("file_evidence", p, "evidence=" + self.pick("evidence"), self.often(0.6) and "dated=" + self.near(30, 5),
                      self.often(0.3) and "covers_from=%s covers_until=%s" % (self.near(90, 0), self.near(5, 30)), kind="evidence")
        else:
            self.tell(self.dice.choice(["accept_evidence", "reject_evidence"]), p, "evidence=" + self.label(p, "evidence"))

    def exit(self, p):
        positive = self.often(0.6)
        how = ["outcome=positive", self.often(0.9) and "criterion=" + self.pick("criterion")] if positive else ["outcome=other", self.often(0.9) and "reason=" + self.pick("reason")]
        if self.often(0.4):
            self.tell("propose_exit", p, *how, self.often(0.5) and "participant_agrees=yes")
        elif self.often(0.8):
            self.tell("decide_exit", p, *how, self.often(0.4) and "case_by_case=yes", self.often(0.3) and "effective_on=" + self.near(20, 20))
        else:
            self.tell("withdraw_exit", p)

    def second_thoughts(self, p):
        event = "event=" + self.label(p, "any")
        accept = self.often(0.7) and "accept_unfounded=yes"
        if self.often(0.5):
            self.tell("void", p, event, 'reason="erreur"', accept)
        else:
            self.tell("correct", p, event, 'reason="erreur"', accept)
            self.lines[-1] = self.lines[-1].replace(" as L", " to on=%s as L" % self.near(90, 0))

    def rare(self, p):
        how = self.dice.randrange(6)
        if how == 0:
            self.lines.append("  adopt %s -> whatever" % self.book().replace(" ", " from=%s " % self.near(200, 200), 1)
                              if " " in (b := self.book()) else "  adopt %s from=%s -> whatever" % (b, self.near(200, 200)))
        elif how == 1:
            self.tell("orient", p, "prescriber=cap-emploi")
        elif how == 2 and self.often(0.2):
            self.tell("merge_into", p, "into=P1")
        elif how == 3:
            self.tell("record_non_entry", p, "reason=other")
        elif how == 4 and self.often(0.2):
            self.tell("set_hold", p, "held=yes")
        else:
            self.entry(p)

    CHOICES = [(entry, 1), (step, 4), (step_goes_on, 8), (job, 3), (job_goes_on, 4), (lasting, 6), (contact, 8), (follow_up, 8), (extension, 2),
               (evidence, 3), (exit, 3), (second_thoughts, 3), (rare, 1)]

    def days(self, n):
        self.today += timedelta(days=n)
        self.lines.append("day %s" % self.today)

    def tell_all(self, length):
        self.lines.append("plie " + self.book())
        self.days(0)
        self.lines += ['  register_referent R1 name="Inès Caron"', "  plan_session S1 kind=integration day=%s" % self.today, "  hold_session S1 members=3",
                       "  plan_session S2 kind=follow_up day=%s" % self.near(-200, 500), '  set_territory communes="83137"']
        for p in self.people:
            self.entry(p)
            self.days(self.dice.randint(0, 20))
        functions, weights = zip(*self.CHOICES)
        for _ in range(length):
            self.dice.choices(functions, weights)[0](self, self.dice.choice(self.people))
            if self.often(0.4):
                self.days(self.dice.choice([1, 2, 5, 9, 16, 31, 45]))
        return "\n".join(self.lines) + "\n"


def scenario(seed):
    life = Life(seed)
    return life.tell_all(life.dice.choice([20, 60, 120]))


def plays(build, seed, folder):
    path = Path(folder) / ("life-%d.txt" % seed)
    path.write_text(scenario(seed), encoding="utf-8")
    played = subprocess.run([build + "/play", "--dump", folder, str(path)], capture_output=True, text=True)
    said = played.stdout
    if played.returncode == 0:
        stem = str(Path(folder) / ("life-%d" % seed))
        compared = subprocess.run([sys.executable, str(HERE / "model" / "model.py"), "--compare", stem + ".events.jsonl", stem + ".answers.jsonl"],
                                  capture_output=True, text=True)
        if compared.returncode == 0:
            return True
        said = compared.stdout + compared.stderr
    print("seed %d:" % seed, (said + played.stderr)[:1500])
    return False


def main():
    if sys.argv[1] == "--print":
        print(scenario(int(sys.argv[2])), end="")
        return 0
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 20
    with tempfile.TemporaryDirectory() as folder:
        passed = sum(plays(sys.argv[1], seed, folder) for seed in range(first, first + count))
    print("%d passed, %d failed" % (passed, count - passed))
    return passed != count


if __name__ == "__main__":
    sys.exit(main())
