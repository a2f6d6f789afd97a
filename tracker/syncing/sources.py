"""Reading the source of a mail that anybody may have written: its texts, decoded, or nothing. Pure."""

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message as Mail
from email.policy import compat32

# What the standard library raises over mail that it cannot take apart.
UNREADABLE = (RecursionError, ValueError, LookupError, TypeError, AttributeError)

_PIXEL = re.compile(r"/o/([\w-]{24})\.gif", re.ASCII)
_LINK = re.compile(r"/c/([\w-]{24,4096})", re.ASCII)


def parsed(raw: bytes) -> Mail:
    """The mail, read as forgivingly as the standard library can."""
    return message_from_bytes(raw, policy=compat32)


def pixel_tokens(raw: bytes) -> tuple[str, ...]:
    """What may be tokens of pixels in the mail's HTML, each once, in order; whose they are is for others to say."""
    return tuple(dict.fromkeys(_found(_PIXEL, raw)))


def link_tokens(raw: bytes) -> tuple[str, ...]:
    """What may be tokens of tracked links in the mail's HTML, each as often as it stands there."""
    return _found(_LINK, raw)


def _found(pattern: re.Pattern[str], raw: bytes) -> tuple[str, ...]:
    try:
        texts = list(_html(parsed(raw)))
    except UNREADABLE:
        return ()
    return tuple(token for text in texts for token in pattern.findall(text))


def _html(mail: Mail) -> Iterator[str]:
    for part in mail.walk():
        body = part.get_payload(decode=True) if part.get_content_type() == "text/html" else None
        if isinstance(body, bytes):
            yield _decoded(body, str(part.get_content_charset("utf-8")))


def _decoded(body: bytes, charset: str) -> str:
    try:
        return body.decode(charset, "replace")
    except LookupError:
        return body.decode("latin-1")
