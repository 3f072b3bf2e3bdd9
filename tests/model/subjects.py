"""The rules of every subject in one table each. Whatever rules.def has and this model does not is said, and not compared."""
import rules_employment
import rules_entry
import rules_exit
import rules_file
import rules_follow_up
import rules_steps
import rules_time
import rules_told
import rules_training_fund
from log import KIND_SETS, RULES

SUBJECTS = (rules_time, rules_entry, rules_follow_up, rules_steps, rules_training_fund, rules_employment, rules_exit, rules_file, rules_told)


def joined(table):
    """One table out of all subjects'. A rule has one reading: two subjects that claim it are a mistake."""
    rules = {}
    for subject in SUBJECTS:
        for rule, reading in getattr(subject, table).items():
            if rule in rules:
                raise SystemExit(f"the model reads {rule} twice ({table})")
            rules[rule] = reading
    return rules


ALLOWS, DUES, CONCERNS = joined("ALLOWS"), joined("DUES"), joined("CONCERNS")

SETS_UNKNOWN = {name: [k for k in rule.named if not k.startswith("KIND_") and k not in KIND_SETS] for name, rule in RULES.items()}
UNREAD_MARKS = {name for name, rule in RULES.items() if rule.allows and (name not in ALLOWS or SETS_UNKNOWN[name])}
UNREAD_DUES = {name for name, rule in RULES.items() if rule.due and name not in DUES}


def unread():
    """Sentences about the rules of rules.def that have no reading here, and about readings of no rule."""
    said = [f"the kinds {' '.join(SETS_UNKNOWN[name])} of {name}, unknown to the model" for name in RULES if SETS_UNKNOWN[name]]
    said += [f"the marks of {name}, which the model does not read" for name in sorted(UNREAD_MARKS)]
    said += [f"the deadlines of {name}, which the model does not read" for name in sorted(UNREAD_DUES)]
    for table, known, rules in (("marks", ALLOWS, {n for n, r in RULES.items() if r.allows}), ("deadlines", DUES, {n for n, r in RULES.items() if r.due})):
        said += [f"{name}, of which the model reads {table} and rules.def has none" for name in sorted(set(known) - rules)]
    return ["skipped: " + one for one in said]
