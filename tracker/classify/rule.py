"""What a rule is: one row of the table."""

from collections.abc import Callable
from dataclasses import dataclass

from tracker.classify.evidence import Evidence
from tracker.model import Cause

Holds = Callable[[Evidence], bool]


@dataclass(frozen=True, slots=True)
class Rule:
    """One row: when it holds, this is the cause, this sure, for this reason."""

    name: str
    holds: Holds
    cause: Cause
    confidence: float
    reason: str


def both(one: Holds, other: Holds) -> Holds:
    """Holds when both do."""
    return lambda it: one(it) and other(it)
