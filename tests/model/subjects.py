"""The rules of every subject in one table each; whatever rules.def has and this model does not is said at once."""
import rules_employment
import rules_entry
import rules_exit
import rules_file
import rules_follow_up
import rules_steps
import rules_time
import rules_told
import rules_training_fund
from log import RULES

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


def disagreements(table, known, wanted):
    """Sentences about rules of rules.def that have no reading here, and readings of no rule."""
    said = [f"the model has no reading of {rule} ({table})" for rule in sorted(wanted - set(known))]
    return said + [f"the model reads {rule}, which rules.def does not have so ({table})" for rule in sorted(set(known) - wanted)]


ALLOWS, DUES, CONCERNS = joined("ALLOWS"), joined("DUES"), joined("CONCERNS")

UNREAD = (disagreements("ALLOWS", ALLOWS, {name for name, rule in RULES.items() if rule.allows})
          + disagreements("DUES", DUES, {name for name, rule in RULES.items() if rule.due}))
if UNREAD:
    raise SystemExit("\n".join(UNREAD))
