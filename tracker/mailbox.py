"""What following a mailbox needs of Gmail beyond sending: its changes, its labels, and single mails.

Each call may raise what a Mailer's may: Refused and what is declared here,
Missing, TryLater, NotAuthorized.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from tracker.model import Account
from tracker.ports import Mailer, Refused


class MarkTooOld(Refused):
    """Gmail no longer knows what happened since this mark: look through the mailbox again, from a new mark."""


class NameTaken(Refused):
    """A label of this name is there already: find it among the labels."""


class NotGranted(Refused):
    """The owner did not let us do this: only their consent to more can change it."""


class TopicClosed(Refused):
    """Gmail cannot publish to the Pub/Sub topic: only whoever runs Twotick can open it. `missing`: there is none."""

    def __init__(self, text: str, *, missing: bool = False) -> None:
        super().__init__(text)
        self.missing = missing


class ChangeKind(StrEnum):
    ADDED = "added"
    DELETED = "deleted"
    LABELS_ADDED = "labels_added"
    LABELS_REMOVED = "labels_removed"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that happened to one mail. `labels` are those after it, `moved` those that came or went."""

    kind: ChangeKind
    gmail_id: str
    thread_id: str
    labels: frozenset[str]
    moved: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Changes:
    """What happened, oldest first, and the mark to go on from. When not `complete`, go on at once."""

    changes: tuple[Change, ...]
    mark: str
    complete: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """Whose mailbox this is, and the mark of where its history stands."""

    email: str
    mark: str


@dataclass(frozen=True, slots=True)
class Watched:
    """Gmail tells the topic of changes until this moment."""

    mark: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Colour:
    """A label's colours, as #rrggbb out of Gmail's own palette."""

    text: str
    background: str


@dataclass(frozen=True, slots=True)
class Label:
    """`own` says that the mailbox's owner, or a program, made it."""

    id: str
    name: str
    own: bool
    colour: Colour | None = None


@dataclass(frozen=True, slots=True)
class MailFacts:
    """A mail without its body. Names of `headers` are lower-case; of a repeated one the first counts."""

    gmail_id: str
    thread_id: str
    labels: frozenset[str]
    headers: Mapping[str, str]
    at: datetime


class Place(StrEnum):
    SENT = "sent"
    INBOX = "inbox"


@dataclass(frozen=True, slots=True)
class MailName:
    """What Gmail calls a mail, and its conversation."""

    gmail_id: str
    thread_id: str


@dataclass(frozen=True, slots=True)
class DraftName:
    """A draft, and the mail that it is as it was last saved: each save makes another."""

    draft_id: str
    gmail_id: str


@dataclass(frozen=True, slots=True)
class Alias:
    """An address that the mailbox sends from. `confirmed` by whoever owns the address."""

    email: str
    name: str
    primary: bool
    confirmed: bool


class Mailbox(Mailer, Protocol):
    """One account's Gmail as something to follow and to keep in order."""

    async def profile(self) -> Standing: ...

    async def history(self, since: str) -> Changes:
        """What happened since a mark, at most some thousands of changes at a time. Raises MarkTooOld."""

    async def watch(self, topic: str) -> Watched:
        """Have changes told to a Pub/Sub topic, for seven days; again renews it. Raises TopicClosed.

        Refused while they are told to another topic: stop that first.
        """

    async def stop_watch(self) -> None: ...

    async def labels(self) -> Sequence[Label]: ...

    async def create_label(self, name: str, colour: Colour | None = None) -> Label:
        """Raises NameTaken, whatever the case of its letters; also when an answer to us was lost."""

    async def update_label(self, label_id: str, name: str | None = None, colour: Colour | None = None) -> Label:
        """Raises Missing, NameTaken."""

    async def relabel_thread(self, thread_id: str, add: Collection[str], remove: Collection[str]) -> None:
        """Move all mails of a conversation; its drafts stay. Raises Missing, and Refused when a label is gone."""

    async def message(self, gmail_id: str, headers: Collection[str]) -> MailFacts:
        """A mail's labels, time, and these headers. Raises Missing."""

    async def since(self, place: Place, moment: datetime, limit: int) -> Sequence[MailName]:
        """Mails that came there since then, latest first, at most 500."""

    async def raw_message(self, gmail_id: str) -> bytes:
        """A mail's source. Raises Missing."""

    async def draft_names(self) -> Sequence[DraftName]:
        """The drafts, latest first, at most 500."""

    async def send_as(self) -> Sequence[Alias]:
        """The addresses it may send from, its own among them."""

    async def delete_draft(self, draft_id: str) -> None:
        """Delete a draft for good. Raises Missing when it is gone already, also when an answer to us was lost."""


class Mailboxes(Protocol):
    async def of(self, account: Account) -> Mailbox:
        """The account's mailbox. Raises NotAuthorized."""
