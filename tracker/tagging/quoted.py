"""Quoted-printable, edited in place: encoded lines that no edit touches stay byte for byte."""

import re
from binascii import a2b_qp
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field

from tracker.tagging.outcome import Unsafe
from tracker.tagging.splice import Edit

_LONGEST = 76
_LINE = re.compile(rb"[^\n]*+\n|[^\n]++")
_ESCAPE = re.compile(rb"=[0-9A-Fa-f]{2}")
_TOKEN = re.compile(rb"=[0-9A-Fa-f]{2}|[\0-\xff]")
_SOFT_BREAK = re.compile(rb"=[ \t]*+(?:\r?\n|\Z)")
_LINE_END = re.compile(rb"[ \t]*+=?[ \t]*+(?:\r?\n|\Z)")
_MUST_ESCAPE = re.compile(rb"[^\t\x20-\x3c\x3e-\x7e]|[ \t](?=\r?\n|\Z)")


def decoded(body: bytes) -> bytes:
    return a2b_qp(_SOFT_BREAK.sub(b"", body))


def encoded(data: bytes, newline: bytes) -> bytes:
    """Data as a quoted-printable body with its own line breaks, and such newlines for the soft ones."""
    return b"".join(_encoded_line(line, newline) for line in _LINE.findall(data))


def spliced_quoted(body: bytes, edits: Iterable[Edit], newline: bytes) -> bytes:
    """The body whose decoded form has the edits made. Raises Unsafe when mail clients may decode it differently."""
    page = _Page(body, newline)
    for edit in sorted(edits):
        page.make(edit)
    return page.finished()


def _encoded_line(line: bytes, newline: bytes) -> bytes:
    content = line.rstrip(b"\n")
    if line.endswith(b"\r\n"):
        content = content[:-1]
    ending = line[len(content) :]
    return (b"=" + newline).join(_chunks(_escaped(content))) + ending


def _decoded_length(line: bytes) -> int:
    if b"=" not in line:
        return len(line)
    soft = _SOFT_BREAK.search(line)
    return len(line) - 2 * len(_ESCAPE.findall(line)) - (len(soft.group()) if soft else 0)


def _escaped(data: bytes) -> bytes:
    return _MUST_ESCAPE.sub(lambda found: b"=%02X" % found.group()[0], data)


def _chunks(escaped: bytes) -> list[bytes]:
    """Escaped text cut for soft breaks, none of which can be taken for a boundary or a leading dot."""
    chunks: list[bytes] = []
    at = 0
    while at < len(escaped) or not chunks:
        end = min(at + _LONGEST - 5, len(escaped))  # room for one escaped character at the start, and the soft break
        cut = escaped.rfind(b"=", end - 2, end)
        if end < len(escaped) and cut > at:
            end = cut
        chunks.append(_safe_start(escaped[at:end]))
        at = end
    return chunks


def _safe_start(chunk: bytes) -> bytes:
    return b"=%02X" % chunk[0] + chunk[1:] if chunk[:1] in (b"-", b".") or chunk[:5] == b"From " else chunk


@dataclass(slots=True)
class _Page:
    """An encoded body, its lines' places before and after decoding, and what is written of the new one so far."""

    body: bytes
    newline: bytes
    starts: list[int] = field(default_factory=list)
    decoded_starts: list[int] = field(default_factory=list)
    written: list[bytes] = field(default_factory=list)
    at: int = 0  # how far the body is written
    known: tuple[int, int] = (0, 0)  # the last place that was looked up: decoded, encoded
    column: int = 0  # how long the line is that we have written so far

    def __post_init__(self) -> None:
        end = 0
        for line in _LINE.finditer(self.body):
            self.starts.append(line.start())
            self.decoded_starts.append(end)
            end += _decoded_length(line.group())
        # Stray equals signs and lone carriage returns are read differently by different programs.
        if end != len(decoded(self.body)):
            raise Unsafe("malformed")

    def make(self, edit: Edit) -> None:
        start, end = self._place(edit.start), self._place(edit.end)
        self._put(self.body[self.at : start])
        if edit.new:
            self._write(_escaped(edit.new), end)
        self.at = end
        self._guard_rest()

    def finished(self) -> bytes:
        return b"".join(self.written) + self.body[self.at :]

    def _place(self, decoded_at: int) -> int:
        """Where in the body the decoded byte begins."""
        line = bisect_right(self.decoded_starts, decoded_at) - 1
        if line < 0:
            return 0
        # A line may be as long as the mail: go on from the last place, when that is nearer.
        known, place = max((self.decoded_starts[line], self.starts[line]), self.known)
        for _ in range(decoded_at - known):
            token = _TOKEN.match(self.body, place)
            place = token.end() if token else place
        self.known = (decoded_at, place)
        return place

    def _put(self, piece: bytes) -> None:
        if not piece:
            return
        self.written.append(piece)
        last = piece.rfind(b"\n")
        self.column = len(piece) - last - 1 if last >= 0 else self.column + len(piece)

    def _break(self) -> None:
        if self.column == _LONGEST:  # no room for the equals sign: the last character goes to the next line
            whole = self.written.pop()
            cut = len(whole) - (3 if whole[-3:-2] == b"=" else 1)
            self.written += (whole[:cut], b"=" + self.newline, whole[cut:])
            self.column = len(whole) - cut
        elif self.column:
            self._put(b"=" + self.newline)

    def _rest(self, end: int) -> int:
        """How long the body's line is from there on."""
        newline = self.body.find(b"\n", end)
        if newline < 0:
            return len(self.body) - end
        return newline - end - (self.body[end:newline][-1:] == b"\r" if newline - end < 99 else 1)

    def _write(self, escaped: bytes, end: int) -> None:
        if self.column + len(escaped) + self._rest(end) <= _LONGEST:
            self._put(escaped)
            return
        self._break()
        self._put((b"=" + self.newline).join(_chunks(escaped)))

    def _guard_rest(self) -> None:
        """Break the line before what follows, unless it fits; a line of ours never starts like a boundary."""
        if _LINE_END.match(self.body, self.at):
            if self.written and self.written[-1][-1:] in (b" ", b"\t"):
                self._put(b"=" + self.newline)  # blanks at the end of a line are dropped by decoders
            return
        if self.column and self.column + self._rest(self.at) > _LONGEST:
            self._put(b"=" + self.newline)
        if self.column == 0 and self.body[self.at : self.at + 1] == b"-":
            self._put(b"=2D")
            self.at += 1
