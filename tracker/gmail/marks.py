"""Finding our own marks (tokens, Message-IDs) in a mail that Gmail may have encoded anew."""

from collections.abc import Sequence
from email.message import Message as Mail

_WIDE = ("utf-16", "utf-32", "utf16", "utf32", "ucs-2", "ucs-4")


def carries(mail: Mail, marks: Sequence[str]) -> bool:
    """Whether a header or a decoded text of this mail contains one of these marks, which are ASCII."""
    wanted = [mark.encode() for mark in marks if mark]
    return any(mark in text for part in mail.walk() for text in _texts(part) for mark in wanted)


def _texts(part: Mail) -> list[bytes]:
    headers = [str(value).encode("utf-8", "replace") for value in part.values()]
    if part.is_multipart() or part.get_content_maintype() != "text":
        return headers
    body = part.get_payload(decode=True)
    if not isinstance(body, bytes):
        return headers
    return [*headers, _narrow(body, str(part.get_content_charset("")))]


def _narrow(body: bytes, charset: str) -> bytes:
    """The text with one byte for each ASCII character, as every charset but the wide ones has it."""
    if not charset.startswith(_WIDE):
        return body
    try:
        return body.decode(charset, "replace").encode("utf-8", "replace")
    except LookupError:
        return body
