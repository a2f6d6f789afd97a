"""Reminders: what somebody wants to be told when nothing happens to a message, and the promises of their books."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from tracker.model import Alert

_A_DAY = timedelta(days=1)
_SATURDAY = 5


class ReminderKind(StrEnum):
    UNOPENED = "unopened"  # nobody opened it
    UNANSWERED = "unanswered"  # it was opened, and nobody replied


class ReminderState(StrEnum):
    WAITING = "waiting"
    SAID = "said"
    DROPPED = "dropped"  # when its moment came, there was nothing to remind of


@dataclass(frozen=True, slots=True)
class Reminder:
    """One wish about one message: to hear of it at `due_at`, `after` so long since `set_at`, if need be.

    A message has at most one of each kind; one that is set anew gets a new
    `id`, and with it the right to be said again. `by_hand` tells a wish for
    this message from the owner's default.
    """

    id: str
    account_id: str
    message_id: str
    kind: ReminderKind
    set_at: datetime
    after: timedelta
    due_at: datetime
    by_hand: bool = False
    state: ReminderState = ReminderState.WAITING


def moment_after(begin: datetime, after: timedelta) -> datetime:
    """When a span from then on is over; one of days does not end on a weekend, but at the same time on Monday."""
    end = begin + after
    if after < _A_DAY or end.weekday() < _SATURDAY:
        return end
    return end + (7 - end.weekday()) * _A_DAY


class ReminderBook(Protocol):
    """Reminders of messages. The defaults of their owner are put by `MessageBook.finish`, with the sent message."""

    async def put(self, reminder: Reminder) -> bool:
        """Remember it, in place of the message's one of its kind; False when the message is gone."""

    async def of(self, message_id: str) -> Sequence[Reminder]:
        """All that were set for a message, the earliest due first, said and dropped ones among them."""

    async def waiting(self, account_ids: Sequence[str], limit: int) -> Sequence[Reminder]:
        """What these accounts wait for, the earliest due first."""

    async def due(self, now: datetime, limit: int) -> Sequence[Reminder]:
        """Waiting reminders whose moment has come, the earliest due first."""

    async def say(self, reminder: Reminder, alert: Alert) -> bool:
        """It is said, and its alert put, in one transaction; False when it waits no more, as it does for one only."""

    async def drop(self, reminder: Reminder) -> bool:
        """It came to nothing; False when it waits no more."""

    async def postpone(self, reminder: Reminder, due_at: datetime) -> bool:
        """Look again then; False when it waits no more."""

    async def forget(self, message_id: str) -> bool:
        """Forget all that were set for a message; False when there were none that wait."""


@dataclass(frozen=True, slots=True)
class NudgeNote:
    """A draft that is made, or was begun to be made: the `number`-th one of this copy.

    `fresh` says that nobody began it before.
    """

    copy_id: str
    number: int
    draft_id: str | None
    fresh: bool = False


class NudgeBook(Protocol):
    """Which drafts were made to nudge whom, so that asking twice makes one."""

    async def begin(self, copy_id: str) -> NudgeNote | None:
        """Note, before Gmail is asked, that one is about to be made; the noted one. None when the copy is gone."""

    async def begin_anew(self, note: NudgeNote) -> NudgeNote | None:
        """The same for the next one, as the noted draft is there no more; whoever comes second gets the first's."""

    async def drafted(self, note: NudgeNote, draft_id: str) -> str:
        """Note its draft, unless one is noted; the noted one is returned."""
