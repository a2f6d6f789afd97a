"""Where hits wait, where they are written down, and what is known of them."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Protocol

from tracker.model import Account, Alert, Copy, Correction, Hit, Judged, Message, Summary
from tracker.paging import Turn

HISTORY_LIMIT = 200  # the hits of a copy that recording looks at, however many there are


class Intake(Protocol):
    """Where hits become durable before their fetch is answered, and wait to be recorded."""

    def append(self, hit: Hit) -> asyncio.Future[None]:
        """A future that is done once the hit would survive a crash of the process and of the machine.

        Raises Unrecordable, at once or through the future. It is no coroutine, because a task a pixel is
        a seventh of what a pixel costs.
        """

    async def take(self, limit: int) -> Sequence[Hit]:
        """Some of the oldest hits not yet done, oldest first, and none only when there are none.

        The same ones again until they are done.
        """

    async def done(self, hit_ids: Sequence[str]) -> None:
        """Forget hits that are recorded."""

    async def wait(self, seconds: float) -> None:
        """Return when there may be something to take, at the latest after `seconds`."""

    async def healthy(self) -> str | None:
        """None when a hit could be made durable now, otherwise why not."""

    async def close(self) -> None:
        """Commit what was accepted, answer its waiters, release the files."""


@dataclass(frozen=True, slots=True)
class History:
    """All that is known of a copy beside a hit on it.

    `judged` are the copy's own hits, oldest first, at most the last HISTORY_LIMIT.
    `around` are hits on any copy of its message close to the hit that is judged,
    before and after it; recording fills it for each hit. `version` is the
    message's: it grows with every write about any of its copies, so that two
    writers who judge hits that bear on each other cannot overlook each other's.
    `looks` are moments at which the sender was seen looking at the message.
    """

    account: Account
    message: Message
    copy: Copy
    summary: Summary
    judged: tuple[Judged, ...]
    version: int = 0
    around: tuple[Judged, ...] = ()
    corrections: tuple[Correction, ...] = ()
    sender_ips: frozenset[str] = frozenset()
    looks: tuple[datetime, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether `judged` are all hits of the copy."""
        return len(self.judged) < HISTORY_LIMIT


@dataclass(frozen=True, slots=True)
class Recorded:
    """What hits change about one copy, given its message's `version` when it was read.

    `sender_ips` are addresses at which the account's owner was seen, and when.
    """

    copy_id: str
    version: int
    judged: tuple[Judged, ...]
    summary: Summary
    alerts: tuple[Alert, ...]
    corrections: tuple[Correction, ...] = ()
    sender_ips: Mapping[str, datetime] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Located:
    """A hit and where it belongs."""

    account_id: str
    message_id: str
    copy_id: str
    judged: Judged


class HitLog(Protocol):
    async def histories(self, copy_ids: Sequence[str]) -> Mapping[str, History]:
        """What is known of each copy; copies that do not exist (any more) are absent."""

    async def siblings(self, message_ids: Sequence[str], since: datetime, until: datetime) -> Sequence[str]:
        """The copies of these messages that were hit in this time, both ends included."""

    async def seen(self, hit_ids: Sequence[str]) -> frozenset[str]:
        """Which of these hits are recorded already: a hit is taken again when a crash came before `done`."""

    async def hit(self, hit_id: str) -> Located | None: ...

    async def record(self, changes: Sequence[Recorded]) -> None:
        """Write hits, summaries, alerts and what was learnt in one transaction.

        Raises Stale when a message's version is another by now. A hit that is
        there already gets its verdict, client and place replaced; an alert whose
        key is there already is left as it is, settled or not; a correction of a
        hit replaces an earlier one. Of the summary, `replied_at` and
        `bounced_at` are not written: they are noted.
        """

    async def note_reply(self, copy_id: str, at: datetime) -> None:
        """The copy was answered then; the earliest reply is kept. Its message's version grows."""

    async def note_bounce(self, copy_id: str, at: datetime) -> None:
        """The copy came back undelivered then; the earliest bounce is kept. Its message's version grows."""

    async def timeline(self, copy_id: str, latest: int | None = None) -> Sequence[Judged]:
        """All hits of a copy, or only the latest so many of them; oldest first."""

    async def page(self, copy_ids: Sequence[str], turn: Turn | None, limit: int) -> Sequence[Judged]:
        """The hits of these copies together, latest first: the latest of them, or those next to a turn's edge."""

    async def outdated(self, ruleset: str, after: str, limit: int) -> Sequence[str]:
        """Messages with hits that another rule set judged and that can still be judged; ids above `after`, in order."""

    async def forget_raw(self, before: datetime) -> int:
        """Destroy IP addresses and headers of hits older than this; verdicts stay. How many hits that were.

        Addresses at which senders were seen are destroyed with them.
        """

    async def make_room(self, now: datetime, kept_for: timedelta) -> int:
        """Prepare for the hits of the time to come, where that is needed; how much was missing.

        Hits are recorded with or without it. Who does it at once with others does no harm.
        """

    async def forget(self, before: datetime) -> int:
        """Destroy what forgotten messages left of hits older than this; how many stores of them, if any, that were.

        Hits of a message that is still kept stay, however old they are.
        """


class CorrectionBook(Protocol):
    """What senders taught us. Corrections are added by `HitLog.record`, with the verdicts that they change."""

    async def of_account(self, account_id: str) -> Sequence[Correction]:
        """Latest first."""
