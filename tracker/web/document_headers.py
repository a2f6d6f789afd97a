"""How a file of strangers is answered so that no browser runs it, keeps it, or saves it under a false name."""

import re
import unicodedata
from collections.abc import Mapping
from urllib.parse import quote

from tracker.documents import Document, file_name

OCTETS = "application/octet-stream"

# What phones open better for being told what it is, and no browser runs. All else is bytes to be saved.
_TOLD = ("application/pdf", "image/png", "image/jpeg", "image/gif", "text/plain")
_NOT_QUOTABLE = re.compile(r'[^\x20-\x7e]|["\\%]')

# Saved, never shown here: what is shown could act in our name. `sandbox` is for browsers that show it all the same.
_ALWAYS = {
    "Accept-Ranges": "bytes",
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}


def document_headers(document: Document) -> Mapping[str, str]:
    return {
        **_ALWAYS,
        "Content-Disposition": disposition(document.name),
        "Content-Type": document.kind if document.kind in _TOLD else OCTETS,
        "ETag": etag(document),
    }


def etag(document: Document) -> str:
    return f'"{document.id}"'


def disposition(name: str) -> str:
    """RFC 6266: the name as it is (RFC 8187), and in ASCII for programs that read only that."""
    safe = file_name(name)
    ascii_name = _NOT_QUOTABLE.sub("_", unicodedata.normalize("NFKD", _without_marks(safe)))
    return f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(safe, safe='')}"


def wanted_range(header: str, size: int) -> tuple[int, int] | None:
    """The one range of bytes that is asked for, its end excluded; None for all of them.

    Several ranges, and what is no range of bytes, may be answered by all (RFC
    9110, 14.2). Raises ValueError for one that begins behind the end.
    """
    found = re.fullmatch(r"bytes=(\d{0,18})-(\d{0,18})", header.strip())
    if not found or found.groups() == ("", ""):
        return None
    first, last = found.groups()
    if not first:
        start, end = max(size - int(last), 0), size
    else:
        start, end = int(first), min(int(last) + 1, size) if last else size
    if first and last and int(last) < int(first):
        return None
    if start >= size or not end - start:
        raise ValueError("no such bytes")
    return start, end


def _without_marks(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
