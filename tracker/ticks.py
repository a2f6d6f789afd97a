"""Ticks in Gmail: labels on conversations with tracked mails, and the promises of the book that knows which are due."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Protocol


class Tick(StrEnum):
    NONE = "none"
    SENT = "sent"
    OPENED = "opened"


SHOWN = (Tick.SENT, Tick.OPENED)  # those that are labels


@dataclass(frozen=True, slots=True)
class DueThread:
    """A conversation whose tick may have to move, ours until the lease ends. `shown` is what we last saw to in Gmail.

    It is `wanted` to be opened when anybody opened or clicked any of its
    tracked mails, sent when nobody did, none when it has none.
    `version` grows with every change that bears on it.
    """

    lease: str
    account_id: str
    thread_id: str
    shown: Tick
    wanted: Tick
    version: int


@dataclass(frozen=True, slots=True)
class TickLabels:
    """What we know of one mailbox's labels: their ids, which its owner deleted, and how Gmail answered of late.

    `refused` says that the grant does not cover labels, as far as anybody
    asked. `failures` counts what failed since it last went well.
    """

    account_id: str
    ids: Mapping[Tick, str] = field(default_factory=lambda: MappingProxyType({}))
    deleted: frozenset[Tick] = frozenset()
    refused: bool = False
    failures: int = 0

    @property
    def missing(self) -> tuple[Tick, ...]:
        """Labels that are to be made."""
        return tuple(tick for tick in SHOWN if tick not in self.ids and tick not in self.deleted)


class TickBook(Protocol):
    """Which conversations are to be looked at, from what changes about their mails.

    Nothing is noted of accounts whose owner does not want ticks, whose grant was
    refused, or that are to be connected again. When that changes (the switch
    is turned on, the account is connected anew), all their conversations are looked at.
    """

    async def waiting(self, now: datetime) -> Sequence[str]:
        """The accounts that have due conversations; changes since the last time are taken in."""

    async def lease(self, account_id: str, now: datetime, until: datetime, limit: int) -> Sequence[DueThread]:
        """Due conversations of an account, what changed last first, ours until then."""

    async def settle(self, thread: DueThread, shown: Tick, now: datetime) -> None:
        """Gmail shows this now. What changed since the lease makes the conversation due again."""

    async def labels(self, account_id: str) -> TickLabels: ...

    async def made(self, account_id: str, tick: Tick, label_id: str) -> TickLabels:
        """Note which label it is; the one that was noted first stays. Nothing happens when the account is gone."""

    async def deleted(self, account_id: str, tick: Tick, label_id: str) -> TickLabels:
        """The owner deleted this label: it is not made again until they turn the switch on again."""

    async def pause(self, account_id: str, lease: str | None, until: datetime) -> None:
        """Try the account's conversations again then, those of this lease and those that nobody leased."""

    async def went_well(self, account_id: str) -> None:
        """Gmail answers again."""

    async def refuse(self, account_id: str) -> None:
        """The grant does not cover labels: ask no more until the account is connected anew."""
