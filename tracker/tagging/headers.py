"""A mail's own header, read and edited in place: what sending needs to know and to change."""

import re
from collections.abc import Iterator

from tracker.model import Recipient
from tracker.tagging.addresses import mailbox, recipients_in
from tracker.tagging.entity import Entity, Field, entity_at, fields, value
from tracker.tagging.splice import Edit, newline_of, spliced
from tracker.tagging.words import decoded_words

_NOT_FIRST = re.compile(rb"(?:From [^\n]*+\n?)?(?:[ \t][^\n]*+\n?)*+")
_LONGEST_SUBJECT = 10_000  # characters that are looked at; a subject is for showing


def subject_of(raw: bytes) -> str:
    """The subject as people read it, on one line; empty when there is none."""
    found = next(_fields(raw, "Subject"), None)
    return " ".join(decoded_words(value(raw, found)[:_LONGEST_SUBJECT]).split()) if found else ""


def recipients_of(raw: bytes) -> tuple[Recipient, ...]:
    """Everybody in To, Cc and Bcc, in this order, each address once whatever its case."""
    known: dict[str, Recipient] = {}
    for name in ("To", "Cc", "Bcc"):
        for found in _fields(raw, name):
            for recipient in recipients_in(value(raw, found)):
                known.setdefault(recipient.address.lower(), recipient)
    return tuple(known.values())


def message_id_of(raw: bytes) -> str | None:
    """The Message-ID as it is written, brackets included; None when there is none."""
    found = next(_fields(raw, "Message-ID"), None)
    return (value(raw, found) or None) if found else None


def with_message_id(raw: bytes, message_id: str) -> bytes:
    """The mail with this Message-ID if it has none, else as it is."""
    return raw if message_id_of(raw) is not None else with_own_message_id(raw, message_id)


def with_own_message_id(raw: bytes, message_id: str) -> bytes:
    """The mail with this Message-ID and no other."""
    name = re.sub(r"[^!-~]|[<>]", "", message_id)
    others = [Edit(found.start, found.end, b"") for found in _fields(raw, "Message-ID")]
    return spliced(raw, [_added(raw, b"Message-ID: <" + name.encode() + b">"), *others])


def addressed_to(raw: bytes, recipient: Recipient) -> bytes:
    """The mail as one recipient gets it: To names nobody else, Cc and Bcc are gone, all other bytes stay."""
    newline = newline_of(raw)
    line = f"To: {mailbox(recipient, newline.decode())}".encode()
    to = list(_fields(raw, "To"))
    others = [*to[1:], *_fields(raw, "Cc"), *_fields(raw, "Bcc")]
    named = Edit(to[0].start, to[0].end, line + newline) if to else _added(raw, line)
    return spliced(raw, [named, *(Edit(other.start, other.end, b"") for other in others)])


def without_bcc(raw: bytes, address: str) -> bytes:
    """The mail without this address in Bcc, whatever the case of its letters; a Bcc that names nobody else is gone."""
    newline = newline_of(raw)
    edits: list[Edit] = []
    for found in _fields(raw, "Bcc"):
        named = list(recipients_in(value(raw, found)))
        left = [one for one in named if one.address.lower() != address.lower()]
        if len(left) < len(named):
            # One a line: an address list may be longer than a line may be.
            listed = f",{newline.decode()} ".join(mailbox(one, newline.decode()) for one in left)
            edits.append(Edit(found.start, found.end, f"Bcc: {listed}".encode() + newline if left else b""))
    return spliced(raw, edits)


def _fields(raw: bytes, name: str) -> Iterator[Field]:
    return fields(raw, _header(raw), name)


def _header(raw: bytes) -> Entity:
    return entity_at(raw, 0, len(raw))


def _added(raw: bytes, line: bytes) -> Edit:
    """A field more: the first, but for a mailbox file's own line and for lines that would seem to continue ours."""
    before = _NOT_FIRST.match(raw)
    at = before.end() if before else 0
    newline = newline_of(raw)
    return Edit(at, at, (b"" if at == 0 or raw[at - 1 : at] == b"\n" else newline) + line + newline)
