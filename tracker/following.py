"""What is remembered of mailboxes that are followed: how far, and what came back about our mail."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from tracker.model import Alert, Copy, Message


class AnswerKind(StrEnum):
    REPLY = "reply"
    BOUNCE = "bounce"


@dataclass(frozen=True, slots=True)
class Answer:
    """Something that came back about a copy.

    Of a reply, `who` is the name or address of its author; of a bounce, the
    address that was not reached, and `why` says it in words for the sender.
    """

    copy_id: str
    gmail_id: str
    kind: AnswerKind
    who: str
    at: datetime
    why: str = ""


@dataclass(frozen=True, slots=True)
class Followed:
    """How far a mailbox is followed: everything up to the mark is handled, as of then. No mark: it never was."""

    mark: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LookThrough:
    """A look through a mailbox that is under way: the mark to go on from after it, and how far it came.

    It began at `at` and looks at `total` mails that came since `since`, of
    which `done` are handled, up to the one that Gmail calls `last`.
    """

    mark: str
    at: datetime
    since: datetime
    last: str = ""
    done: int = 0
    total: int = 0


class FollowBook(Protocol):
    async def where(self, account_id: str) -> Followed: ...

    async def keep(self, account_id: str, before: Followed, after: Followed) -> None:
        """Everything up to the new mark is handled. Nothing happens when somebody else went on from the old one.

        A look through the mailbox is over with it.
        """

    async def look_through(self, account_id: str) -> LookThrough | None:
        """The look through the account's mailbox that was begun and not ended."""

    async def note_look(self, account_id: str, look: LookThrough) -> None:
        """How far a look through the mailbox came."""

    async def copy(self, account_id: str, copy_id: str) -> tuple[Message, Copy] | None:
        """A copy of a mail of this account's."""

    async def awaited_since(self, account_id: str, begun_after: datetime) -> datetime | None:
        """When the earliest of the account's messages that may yet be found sent was begun, of those after then."""

    async def deleted(self, account_id: str, gmail_ids: Collection[str]) -> None:
        """Gmail has these mails no more: forget their names there, and nothing else about them."""

    async def began_since(self, account_id: str, since: datetime) -> bool:
        """Whether the account has a message begun since then."""

    async def in_threads(self, account_id: str, thread_ids: Collection[str]) -> Sequence[Copy]:
        """The account's armed copies in these Gmail threads; those of stopped messages are let be."""

    async def with_message_ids(self, account_id: str, rfc_message_ids: Collection[str]) -> Sequence[Copy]:
        """The account's armed copies with these Message-IDs; those of stopped messages are let be."""

    async def note(self, answer: Answer, alert: Alert) -> None:
        """Remember what came back, and put the alert about it, in one transaction; each once."""

    async def answers(self, copy_id: str) -> Sequence[Answer]:
        """What came back about a copy, earliest first."""
