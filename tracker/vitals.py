"""Vital signs: what tells an operator that everything runs, and how much it is used."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits in the outbox although it is due, since when, and what could never be said lately, by reason."""

    waiting: int = 0
    oldest: datetime | None = None
    buried: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Tally:
    """How much one person uses Twotick: numbers, and nothing of what they wrote or to whom."""

    slack_user: str
    mailboxes: int
    sent: int
    opened: int
    replied: int


class VitalSigns(Protocol):
    async def beat(self, name: str, at: datetime) -> None:
        """This process lives at this moment."""

    async def beats(self) -> Mapping[str, datetime]:
        """When each was alive last."""

    async def backlog(self, now: datetime, since: datetime, account_ids: Sequence[str] | None = None) -> Backlog:
        """The outbox of these accounts, or of all; buried are those since a moment."""

    async def tallies(self, team: str, since: datetime) -> Sequence[Tally]:
        """Everybody of a Slack workspace who has a mailbox, and their tracked mail since then; busiest first."""
