"""Bounces (delivery status notifications, RFC 3464) in words: who was not reached, and why. Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.message import Message as Mail

from tracker.syncing.sources import UNREADABLE, parsed

_MOST_RECIPIENTS = 500
_ENHANCED = re.compile(r"(?<![\d.])([45]\.\d{1,3}\.\d{1,3})(?![\d.])")
_ADDRESS = re.compile(r"[^\s<>;@]+@[^\s<>;@]+")
_REFUSED = "their mail server refused it"
# By the status, the longest beginning that fits.
_WHY = {
    "5.1.": "no such address",
    "5.1.2": "no such domain",
    "5.1.7": "their mail server refuses your address",
    "5.1.8": "their mail server refuses your address",
    "4.1.": "their mail server does not know the address now",
    "5.2.": "their mailbox takes no mail",
    "5.2.1": "their mailbox is switched off",
    "5.2.2": "their mailbox is full",
    "4.2.2": "their mailbox is full",
    "5.2.3": "the mail is too large for them",
    "5.3.4": "the mail is too large for them",
    "5.4.": "their mail server could not be reached",
    "4.4.": "their mail server could not be reached",
    "5.4.1": "their mail server does not take mail for this address",
    "5.4.310": "no such domain",
    "5.7.": "their mail server refused it as unwanted",
}


@dataclass(frozen=True, slots=True)
class Undelivered:
    """An address that a mail did not reach; `meant` is what the sender wrote, where mail was redirected."""

    address: str
    meant: str
    why: str


@dataclass(frozen=True, slots=True)
class Bounce:
    """What a bounce says, and the Message-IDs of the mail that it is about."""

    undelivered: tuple[Undelivered, ...]
    rfc_message_ids: tuple[str, ...]


def looks_like_bounce(headers: Mapping[str, str]) -> bool:
    """Whether a mail with these headers is worth reading as one."""
    kind = headers.get("content-type", "").lower()
    return "x-failed-recipients" in headers or ("multipart/report" in kind and "delivery-status" in kind)


def read_bounce(raw: bytes) -> Bounce | None:
    """None for a mail that reports no failure, or that nobody can read."""
    try:
        mail = parsed(raw)
        undelivered = tuple(dict.fromkeys(_undelivered(mail)))[:_MOST_RECIPIENTS]
        return Bounce(undelivered, tuple(dict.fromkeys(_about(mail)))) if undelivered else None
    except UNREADABLE:
        return None


def why_words(status: str, diagnostic: str) -> str:
    """The reason in words for the sender; the code inside the diagnosis where the status says nothing."""
    found = _ENHANCED.search(diagnostic)
    if found and (not status or status.endswith(".0.0")):
        status = found[1]
    fits = [words for words in _WHY if status == words or (words.endswith(".") and status.startswith(words))]
    return _WHY[max(fits, key=len)] if fits else _REFUSED


def _undelivered(mail: Mail) -> Iterator[Undelivered]:
    for block in _status_blocks(mail):
        final, meant = _address(block, "Final-Recipient"), _address(block, "Original-Recipient")
        if (final or meant) and str(block.get("Action", "")).strip().lower() == "failed":
            status = re.match(r"[\d.]*", str(block.get("Status", "")).strip())
            why = why_words(status[0] if status else "", str(block.get("Diagnostic-Code", "")))
            yield Undelivered(final or meant, meant or final, why)


def _status_blocks(mail: Mail) -> Iterator[Mail]:
    """The groups of fields of a delivery status, which the standard library reads as mails of their own."""
    for part in mail.walk():
        if part.get_content_type() == "message/delivery-status":
            blocks = part.get_payload()
            yield from (block for block in blocks if isinstance(block, Mail)) if isinstance(blocks, list) else ()


def _address(block: Mail, name: str) -> str:
    _, _, text = str(block.get(name, "")).partition(";")
    found = _ADDRESS.search(text)
    return found[0].lower() if found else ""


def _about(mail: Mail) -> Iterator[str]:
    """Message-IDs of the mail that came back: as the bounce answers it, and as it encloses it."""
    for part in mail.walk():
        if part is not mail and part.get_content_type() == "message/rfc822":
            enclosed = part.get_payload()
            if isinstance(enclosed, list) and enclosed and isinstance(enclosed[0], Mail):
                yield from ids_in(str(enclosed[0].get("Message-ID", "")))
        elif part.get_content_type() == "text/rfc822-headers":
            body = part.get_payload(decode=True)
            if isinstance(body, bytes):
                yield from ids_in(str(parsed(body).get("Message-ID", "")))
    yield from ids_in(f"{mail.get('In-Reply-To', '')} {mail.get('References', '')}")


def ids_in(text: str) -> list[str]:
    """The Message-IDs in a field, as they stand; of a long conversation the latest."""
    return re.findall(r"<[^<>\s]{1,990}>", text)[-50:]
