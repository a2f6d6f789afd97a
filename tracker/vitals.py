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
class Load:
    """What is asked of the mailboxes: how many there are in each state, orders not done, and how far they are followed.

    `overdue_since` is when the oldest order that waits became due, `synced` when the mailbox that waits
    longest was last looked into; `never_synced` are those that were not yet.
    """

    accounts: Mapping[str, int]
    orders: int = 0
    overdue: int = 0
    overdue_since: datetime | None = None
    synced: datetime | None = None
    never_synced: int = 0


@dataclass(frozen=True, slots=True)
class Queue:
    """Batches of hits that wait somewhere; None when that does not answer. `used` is how full its tightest limit is."""

    where: str
    batches: int | None = None
    oldest: datetime | None = None
    used: float | None = None


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

    async def load(self, now: datetime) -> Load:
        """What is asked of all mailboxes."""

    async def tallies(self, team: str, since: datetime) -> Sequence[Tally]:
        """Everybody of a Slack workspace who has a mailbox, and their tracked mail since then; busiest first."""


class Queues(Protocol):
    """Where hits wait on their way to the recorder."""

    def at_the_door(self) -> int:
        """How many wait in memory for a commit."""

    async def queues(self) -> Sequence[Queue]:
        """What waits where; one that does not answer is among them, without figures."""
