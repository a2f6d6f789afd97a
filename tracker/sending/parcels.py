"""A copy's mail as it is before tagging: the source itself, or the source addressed to one person."""

from dataclasses import dataclass
from hashlib import sha256

from tracker.model import Account, Copy, Message, Recipient
from tracker.ports import Draft
from tracker.tagging import addressed_to, recipients_of, with_message_id, with_own_message_id


@dataclass(frozen=True, slots=True)
class Parcel:
    """A copy's mail before tagging. `draft_id` and `version` name the draft that it stands in, if any."""

    raw: bytes
    recipients: tuple[Recipient, ...]
    thread_id: str | None = None
    draft_id: str | None = None
    version: str | None = None


def parcel_for(copy: Copy, account: Account, message: Message, original: Draft | None, *, last: bool) -> Parcel | None:
    """The copy's mail, made from its source; None when the source is gone.

    The last copy takes the source draft with it: until then the draft is what
    an interrupted sending goes on from.
    """
    if original is None:
        return None
    own_draft = original.id if last and original.id else None
    version = original.version if own_draft else None
    if not message.per_recipient:
        raw = original.raw if own_draft else with_message_id(original.raw, _message_id(account, copy))
        return Parcel(raw, recipients_of(original.raw), original.thread_id, own_draft, version)
    raw = addressed_to(original.raw, copy.recipients[0])
    # Mails that share a Message-ID are one mail to many servers, and only one of them would be kept.
    raw = with_own_message_id(raw, _message_id(account, copy))
    return Parcel(raw, copy.recipients, original.thread_id, own_draft, version)


def _message_id(account: Account, copy: Copy) -> str:
    """The same for every try, so that an interrupted one is found again; it does not give the copy's name away."""
    return f"<{sha256(copy.id.encode()).hexdigest()[:32]}@{account.email.rpartition('@')[2]}>"
