"""Judging: the first rule that holds gives the verdict."""

from tracker.classify.evidence import Evidence
from tracker.classify.known import Known
from tracker.classify.rules import RULES, RULESET
from tracker.model import Hit, Verdict


def classify(hit: Hit, known: Known) -> Verdict:
    """Name the cause of a hit, and the first rule that explains it.

    Rules run from the most to the least certain, so a verdict can always be
    defended by pointing at one line.
    """
    evidence = Evidence.of(hit, known)
    rule = next(rule for rule in RULES if rule.holds(evidence))
    return Verdict(rule.cause, rule.confidence, rule.reason, (rule.name,), RULESET)
