"""The little of a mail that Gmail itself reads and writes: its header fields, by their bytes."""

import re
from collections.abc import Collection, Iterator
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.utils import formataddr, getaddresses, parseaddr

RECIPIENT_FIELDS = ("To", "Cc", "Bcc")
_FIELD = re.compile(rb"([!-9;-~]+)[ \t]*:((?:[^\n]|\n[ \t])*)\n?")
_REPLY_MARK = re.compile(r"^\s*((re|aw|sv|fw|fwd|wg)\s*(\[\d+\])?\s*:\s*)+", re.IGNORECASE)


def canonical(raw: bytes) -> bytes:
    """With CRLF at every end of line, as Gmail stores mail."""
    if raw.count(b"\n") == raw.count(b"\r\n") == raw.count(b"\r"):
        return raw
    return re.sub(rb"\r\n|\r|\n", b"\r\n", raw)


def head_of(raw: bytes) -> bytes:
    if raw.startswith(b"\r\n"):
        return b""
    end = raw.find(b"\r\n\r\n")
    return raw if end < 0 else raw[: end + 2]


def fields_of(raw: bytes) -> Iterator[tuple[str, str]]:
    """Every header field, unfolded, its words not yet decoded."""
    for field in _FIELD.finditer(head_of(raw)):
        text = re.sub(rb"\r?\n(?=[ \t])|\r$", b"", field[2]).strip()
        yield field[1].decode("ascii"), text.decode("utf-8", "replace")


def field_of(raw: bytes, name: str) -> str | None:
    return next((value for field, value in fields_of(raw) if field.lower() == name.lower()), None)


def decoded(value: str) -> str:
    try:
        return str(make_header(decode_header(value)))
    except (LookupError, UnicodeError, HeaderParseError, ValueError):
        return value


def without_field(raw: bytes, name: str) -> bytes:
    head = head_of(raw)
    wanted = name.lower().encode()
    return _FIELD.sub(lambda field: b"" if field[1].lower() == wanted else field[0], head) + raw[len(head) :]


def with_field(raw: bytes, name: str, value: str) -> bytes:
    """With this field on top, instead of any of its name."""
    return f"{name}: {value}\r\n".encode() + without_field(raw, name)


def addresses(raw: bytes, *names: str) -> list[tuple[str, str]]:
    """The (name, address) pairs in these fields, the names decoded."""
    wanted = {name.lower() for name in names}
    values = [value for field, value in fields_of(raw) if field.lower() in wanted]
    return [(decoded(name), address) for name, address in getaddresses(values) if name or address]


def sent_by(raw: bytes, email: str, name: str, aliases: Collection[str] = ()) -> bytes:
    """From this mailbox, whatever the mail claimed; a From that is right, or an alias, stays as it is."""
    given_name, given = parseaddr(field_of(raw, "From") or "")
    if given.lower() == email.lower() or given.lower() in aliases:
        return raw
    return with_field(raw, "From", formataddr((decoded(given_name) or name, email)))


def message_id_of(raw: bytes) -> str:
    return (field_of(raw, "Message-ID") or "").strip()


def topic_of(raw: bytes) -> str:
    """The subject as threads compare it."""
    return " ".join(_REPLY_MARK.sub("", decoded(field_of(raw, "Subject") or "")).lower().split())


def answered_ids(raw: bytes) -> frozenset[str]:
    """The Message-IDs in References and In-Reply-To; none unless both are there, as Gmail wants for a thread."""
    answered, chain = field_of(raw, "In-Reply-To"), field_of(raw, "References")
    return frozenset(re.findall(r"<[^<>\s]+>", f"{answered} {chain}")) if answered and chain else frozenset()
