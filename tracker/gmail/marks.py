"""Finding our own marks (tokens, Message-IDs) in a mail that Gmail may have encoded anew."""

from collections.abc import Iterator, Sequence
from email import message_from_bytes
from email.message import Message as Mail

_WIDE = ("utf-16", "utf-32", "utf16", "utf32", "ucs-2", "ucs-4")


def carries(raw: bytes, marks: Sequence[str]) -> bool:
    """Whether a mail's source, or one of its texts once decoded, contains one of these marks, which are ASCII."""
    wanted = [mark.encode() for mark in marks if mark]
    if any(mark in raw for mark in wanted):
        return True
    try:
        return any(mark in text for text in _texts(message_from_bytes(raw)) for mark in wanted)
    except (RecursionError, ValueError, LookupError, TypeError, AttributeError):
        # Mail that the standard library cannot take apart is none of ours, and must not
        # keep us from looking into the next one.
        return False


def _texts(mail: Mail) -> Iterator[bytes]:
    for part in mail.walk():
        if part.get_content_maintype() != "text" or part.is_multipart():
            continue
        body = part.get_payload(decode=True)
        if isinstance(body, bytes):
            yield _narrow(body, str(part.get_content_charset("")))


def _narrow(body: bytes, charset: str) -> bytes:
    """The text with one byte for each ASCII character, as every charset but the wide ones has it."""
    if not charset.startswith(_WIDE):
        return body
    return body.decode(charset, "replace").encode("utf-8", "replace")
