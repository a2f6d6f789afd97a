"""What is asked of sending, and what comes of it."""

from dataclasses import dataclass
from hashlib import sha256

from tracker.clock import Clock, new_id
from tracker.model import Account, Copy, Message, Recipient
from tracker.sending.addressing import taken_by
from tracker.tagging import subject_of


@dataclass(frozen=True, slots=True)
class Order:
    """What to send and how: a Gmail draft by id, or a whole mail (`raw`) from elsewhere.

    With a `version`, the draft is sent as it was saved then or not at all. `cue` is an
    address in its Bcc that told us to send it, and that gets no mail.
    With `documents` its attachments go out as links.
    """

    draft_id: str | None = None
    raw: bytes | None = None
    links: bool = False
    per_recipient: bool = False
    level: str = "full"
    version: str | None = None
    cue: str | None = None
    documents: bool = False

    @property
    def source(self) -> str:
        """The name under which a repeated order finds what the first one began."""
        return f"draft:{self.draft_id}" if self.draft_id else f"file:{sha256(self.raw or b'').hexdigest()}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """A message that is out; `repeated` when it was out before this order."""

    message: Message
    copies: tuple[Copy, ...]
    repeated: bool = False


def begun(
    account: Account,
    order: Order,
    raw: bytes,
    recipients: tuple[Recipient, ...],
    untracked: str | None,
    clock: Clock,
) -> tuple[Message, list[Copy]]:
    """A new message and its copies for an order: one for all, or one for each when that was asked for and can be."""
    message = Message(
        id=new_id(),
        account_id=account.id,
        source=order.source,
        subject=subject_of(raw),
        created_at=clock(),
        links=order.links,
        per_recipient=order.per_recipient and not untracked and len(recipients) > 1,
        level=order.level,
        untracked=untracked,
        documents=order.documents and not untracked,
    )
    groups = [(one,) for one in recipients] if message.per_recipient else [recipients]
    return message, [_copy_for(message, group) for group in groups]


def _copy_for(message: Message, recipients: tuple[Recipient, ...]) -> Copy:
    return taken_by(Copy(id=new_id(), message_id=message.id, recipients=()), recipients)
