"""Transfer encodings: the body of a part decoded, and edited within its own encoding."""

import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from tracker.tagging import quoted
from tracker.tagging.outcome import Unsafe
from tracker.tagging.splice import Edit, spliced

_LONGEST_LINE = 998  # RFC 5322, 2.1.1
_SPACE = b" \t\r\n"


class Transfer(StrEnum):
    PLAIN = "7bit"  # or 8bit: lines of the data itself
    BINARY = "binary"
    QUOTED = "quoted-printable"
    BASE64 = "base64"


_NAMES = {
    **dict.fromkeys(("", "7bit", "8bit", "7-bit", "8-bit", "7bits", "8bits"), Transfer.PLAIN),
    "binary": Transfer.BINARY,
    "quoted-printable": Transfer.QUOTED,
    "base64": Transfer.BASE64,
}


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A body after its edits, in the encoding that it now needs."""

    body: bytes
    transfer: Transfer


def transfer_named(value: str) -> Transfer:
    """The encoding a header names. Raises Unsafe for one that mail clients would not agree about."""
    exact = value.strip().lower()
    first_word = re.split(r"[\s;(]", exact, maxsplit=1)[0]
    found = _NAMES.get(exact) or _NAMES.get(first_word)
    # "quoted-printable;" is decoded by some programs and shown as it is by others; "7bit;" is the same to all.
    if found is None or (found in (Transfer.QUOTED, Transfer.BASE64) and exact != found):
        raise Unsafe("malformed")
    return found


def decoded(body: bytes, transfer: Transfer) -> bytes:
    """The data in a body. Raises Unsafe when it is cut off or spoilt."""
    if transfer is Transfer.QUOTED:
        return quoted.decoded(body)
    if transfer is not Transfer.BASE64:
        return body
    try:
        return binascii.a2b_base64(body.translate(None, _SPACE), strict_mode=True) if body.strip() else b""
    except binascii.Error:
        raise Unsafe("malformed") from None


def rewritten(body: bytes, edits: Sequence[Edit], transfer: Transfer, newline: bytes) -> Rewritten:
    """The body whose decoded data has the edits made: in its own encoding wherever that can carry them."""
    match transfer:
        case Transfer.QUOTED:
            return Rewritten(quoted.spliced_quoted(body, edits, newline), transfer)
        case Transfer.BASE64:
            return Rewritten(_base64_like(body, spliced(decoded(body, transfer), edits), newline), transfer)
        case Transfer.BINARY:
            return Rewritten(spliced(body, edits), transfer)
    return _plain(body, edits, newline)


def _plain(data: bytes, edits: Sequence[Edit], newline: bytes) -> Rewritten:
    """Edited as it is, else with line breaks inside the tags, else (one long URL is enough) as quoted-printable."""
    allowed = max(_LONGEST_LINE, _longest_line(data))
    for attempt in (edits, [edit.wrapped(newline) for edit in edits]):
        body = spliced(data, attempt)
        if _longest_line(body) <= allowed:
            return Rewritten(body, Transfer.PLAIN)
    return Rewritten(quoted.encoded(spliced(data, edits), newline), Transfer.QUOTED)


def _longest_line(data: bytes) -> int:
    return max(len(line.rstrip(b"\r")) for line in data.split(b"\n"))


def _base64_like(body: bytes, data: bytes, newline: bytes) -> bytes:
    """Base64 in lines as long as the body's, between the same blank space: unchanged data makes unchanged lines."""
    content = body.strip(_SPACE)
    before = body[: len(body) - len(body.lstrip(_SPACE))] if content else b""
    after = body[len(before) + len(content) :]
    width = len(content.split(b"\n", 1)[0].rstrip(b"\r"))
    if b"\n" not in content or width % 4 or not 0 < width <= _LONGEST_LINE:
        width = 76
    text = binascii.b2a_base64(data, newline=False)
    lines = [text[at : at + width] for at in range(0, len(text), width)]
    return before + newline.join(lines) + after
