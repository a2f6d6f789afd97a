"""Sending in the Gmail stand-in: what Gmail checks, what it changes, and whom it reaches."""

import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Protocol

from tests.standins import gmail_mime as mime
from tests.standins.gmail_errors import GoogleError, invalid
from tests.standins.gmail_mailbox import Mailbox, StoredMessage

MOST_BYTES = 25 * 1024 * 1024
_ADDRESS = re.compile(r"[^\s@<>,;:\"\\()\[\]]+@[^\s@<>,;:\"\\()\[\]]+\.[^\s@<>,;:\"\\()\[\].]+")


class World(Protocol):
    """What sending needs of the stand-in."""

    keeps_message_ids: bool

    def now_ms(self) -> int: ...

    def recipient_mailbox(self, address: str, name: str) -> Mailbox | None: ...

    def returned(self, sender: Mailbox, sent: StoredMessage, address: str) -> None:
        """A mail to this address, which has no mailbox: bring a bounce, where its domain sends one."""


@dataclass(frozen=True, slots=True)
class Envelope:
    raw: bytes
    recipients: tuple[tuple[str, str], ...]


def stored_as_draft(raw: bytes, mailbox: Mailbox) -> bytes:
    """A draft as Gmail keeps it: from this mailbox, with a Message-ID, lines ended by CRLF."""
    raw = mime.sent_by(mime.canonical(raw), mailbox.email, mailbox.name, mailbox.aliases)
    return raw if mime.message_id_of(raw) else mime.with_field(raw, "Message-ID", _new_message_id())


def send(world: World, mailbox: Mailbox, raw: bytes, thread: str | None) -> StoredMessage:
    """Put the sender's copy under SENT and a copy into every reachable inbox. Raises GoogleError before it does any."""
    envelope = _checked(raw)
    ours = _ready(world, mailbox, envelope.raw)
    now = world.now_ms()
    sent = mailbox.add(ours, ("SENT",), now, thread)
    for name, address in envelope.recipients:
        there = world.recipient_mailbox(address, name)
        if there is mailbox:  # to oneself is one mail under both labels
            mailbox.relabel(sent.id, ("SENT", "INBOX", "UNREAD"))
        elif there:
            _deliver(there, sent, mailbox, address, now)
        else:
            world.returned(mailbox, sent, address)
    return mailbox.messages[sent.id]


def _checked(raw: bytes) -> Envelope:
    if len(raw) > MOST_BYTES:
        raise GoogleError(413, "uploadTooLarge", "Message is larger than 25 MB.")
    raw = mime.canonical(raw)
    for field in mime.RECIPIENT_FIELDS:
        if not all(_ADDRESS.fullmatch(address) for _, address in mime.addresses(raw, field)):
            raise invalid(f"Invalid {field} header")
    recipients = {address.lower(): (name, address) for name, address in mime.addresses(raw, *mime.RECIPIENT_FIELDS)}
    if not recipients:
        raise invalid("Recipient address required")
    return Envelope(raw, tuple(recipients.values()))


def _ready(world: World, mailbox: Mailbox, raw: bytes) -> bytes:
    """The sender's own copy: our From, a Message-ID, a Date, and Gmail's trace on top; Bcc stays in it."""
    raw = mime.sent_by(raw, mailbox.email, mailbox.name, mailbox.aliases)
    message_id = mime.message_id_of(raw)
    if not world.keeps_message_ids or not re.fullmatch(r"<[^<>\s@]+@[^<>\s@]+>", message_id):
        raw = mime.with_field(raw, "Message-ID", _new_message_id())
    date = format_datetime(datetime.fromtimestamp(world.now_ms() // 1000, UTC))
    if mime.field_of(raw, "Date") is None:
        raw = mime.with_field(raw, "Date", date)
    return f"Received: from 1 named unknown by gmailapi.google.com with HTTPREST; {date}\r\n".encode() + raw


def _deliver(there: Mailbox, sent: StoredMessage, sender: Mailbox, address: str, now: int) -> None:
    trace = f"Delivered-To: {address}\r\nReturn-Path: <{sender.email}>\r\n".encode()
    raw = trace + mime.without_field(sent.raw, "Bcc")
    there.add(raw, ("INBOX", "UNREAD"), now, there.thread_of_reply(raw))


def _new_message_id() -> str:
    return f"<CA{secrets.token_urlsafe(30)}@mail.gmail.com>"
