"""What a checkup finds: one line each."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    OK = "ok"
    LOOK = "look"  # it works, and somebody should look at it
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Finding:
    """How one thing is; `what_to_do` is empty where nothing needs to be done. Neither holds a secret."""

    about: str
    state: State
    says: str
    what_to_do: str = ""


def ok(about: str, says: str) -> Finding:
    return Finding(about, State.OK, says)


def look(about: str, says: str, what_to_do: str) -> Finding:
    return Finding(about, State.LOOK, says, what_to_do)


def broken(about: str, says: str, what_to_do: str) -> Finding:
    return Finding(about, State.BROKEN, says, what_to_do)


def worst_first(findings: Iterable[Finding]) -> list[Finding]:
    """Those that somebody must act on first; what is alike stays in its order."""
    order = (State.BROKEN, State.LOOK, State.OK)
    return sorted(findings, key=lambda finding: order.index(finding.state))
