"""What is remembered of mailboxes whose changes Gmail tells us of: until when it does, and what it told."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from tracker.model import Account


@dataclass(frozen=True, slots=True)
class Wanting:
    """A mailbox to look into at once; `told_at` is the telling that the look answers, if there was one."""

    account: Account
    told_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Watch:
    """Gmail tells the topic of changes in the account's mailbox until then; it never did where there is no topic."""

    account: Account
    topic: str | None = None
    until: datetime | None = None


class WatchBook(Protocol):
    async def told(self, email: str, mark: int, at: datetime) -> bool:
        """Note that Gmail told of news up to this mark; False for a mailbox that is not ours, or news that we had."""

    async def wanting(self, saved_before: datetime) -> Sequence[Wanting]:
        """Connected mailboxes with news that nobody looked after, or a draft that was saved before then."""

    async def heeded(self, account_id: str, told_at: datetime) -> None:
        """A look that began after this telling came to its end."""

    async def watched(self, topic: str, now: datetime) -> Collection[str]:
        """The ids of the accounts whose changes are told to this topic now."""

    async def claim(self, topic: str, now: datetime, until: datetime) -> Watch | None:
        """A connected account whose watch is due, or tells another topic: nobody else gets it until then."""

    async def release(self) -> Watch | None:
        """Forget that some account is watched, and name it, so that Gmail can be told to stop."""

    async def of(self, account_id: str) -> Watch | None: ...

    async def keep(self, watch: Watch, due: datetime) -> None:
        """It stands so, and is due then; without a topic there is no watch any more."""
