"""Edits: what is to stand where, in bytes that otherwise stay."""

from collections.abc import Iterable
from dataclasses import dataclass

from tracker.tagging.outcome import Unsafe


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """`new` takes the place of the bytes from `start` to `end`.

    `broken` says the same with line breaks where HTML allows them, as LF, for
    bodies whose lines may not become too long.
    """

    start: int
    end: int
    new: bytes
    broken: bytes = b""

    def wrapped(self, newline: bytes) -> "Edit":
        return Edit(self.start, self.end, self.broken.replace(b"\n", newline)) if self.broken else self


def spliced(source: bytes, edits: Iterable[Edit]) -> bytes:
    """The source with the edits made. Raises Unsafe when two of them want the same bytes."""
    out: list[bytes] = []
    at = 0
    for edit in sorted(edits):
        if edit.start < at:
            raise Unsafe("fragile")
        out += (source[at : edit.start], edit.new)
        at = edit.end
    out.append(source[at:])
    return b"".join(out)


def newline_of(source: bytes) -> bytes:
    """How its lines end, judged by the first one; CRLF where there is none to judge by."""
    first = source.find(b"\n")
    return b"\n" if first == 0 or (first > 0 and source[first - 1 : first] != b"\r") else b"\r\n"
