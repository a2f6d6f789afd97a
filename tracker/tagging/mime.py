"""The parts of a mail: where its HTML stands, and which parts are not to be touched."""

import re
from dataclasses import dataclass

from tracker.tagging.entity import Entity, entity_at, has_header, has_junk, parameters, the_value
from tracker.tagging.outcome import Unsafe
from tracker.tagging.transfer import Transfer, transfer_named

_DEEPEST = 100  # real mail stays below 10; every level costs one more look over what it contains
_MOST_PARTS = 10_000
_SIGNED = frozenset({"multipart/signed"})
_ENCRYPTED = frozenset({"multipart/encrypted", "application/pgp-encrypted"})
_PKCS7 = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
# A digest's parts are mails by default, appledouble's are the halves of one file.
_CLOSED = frozenset({"multipart/digest", "multipart/appledouble"})
_TYPE = re.compile(r"\s*+([^\s;(/]++/[^\s;(]++)")


@dataclass(frozen=True, slots=True)
class Leaf:
    """An HTML part that is shown to the reader."""

    entity: Entity
    transfer: Transfer
    charset: str

    def body_in(self, raw: bytes) -> bytes:
        return raw[self.entity.body : self.entity.end]


@dataclass(frozen=True, slots=True)
class _Waiting:
    start: int
    end: int
    depth: int


def html_leaves(raw: bytes) -> tuple[Leaf, ...]:
    """The HTML parts that a reader sees, the one for the pixel first.

    Attachments, forwarded mails, AMP, and signed or encrypted parts are not
    entered. Of alternatives the last that has HTML comes first, as mail clients
    show the last they can. Raises Unsafe when there is none, or something signed comes first.
    """
    if not has_header(raw, entity_at(raw, 0, len(raw))):
        raise Unsafe("malformed")
    return _Walk(raw).leaves()


class _Walk:
    """One walk over the parts with a stack of our own: hostile mail nests deeper than Python may call."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._stack = [_Waiting(0, len(raw), 0)]
        self._found: list[Leaf] = []
        self._damaged = False
        self._parts = 0

    def leaves(self) -> tuple[Leaf, ...]:
        while self._stack:
            waiting = self._stack.pop()
            try:
                self._visit(entity_at(self._raw, waiting.start, waiting.end), waiting.depth)
            except Unsafe as problem:
                if problem.code != "malformed" and not self._found:
                    raise
                self._damaged = True
        if not self._found:
            raise Unsafe("malformed" if self._damaged else "plain_text")
        return tuple(self._found)

    def _visit(self, entity: Entity, depth: int) -> None:
        content_type = the_value(self._raw, entity, "Content-Type")
        kind = kind_of(content_type)
        if depth and self._is_file(entity, content_type):
            return
        refuse_sealed(kind, content_type)  # at the top even with a file name: S/MIME mail has one
        if self._is_file(entity, content_type):
            return
        if kind.startswith("multipart/") and kind not in _CLOSED:
            self._enter(entity, kind, parameters(content_type).get("boundary", ""), depth)
        elif kind == "text/html":
            self._keep(entity, content_type)

    def _is_file(self, entity: Entity, content_type: str) -> bool:
        disposition = the_value(self._raw, entity, "Content-Disposition")
        word = re.split(r"[\s;]", disposition.strip(), maxsplit=1)[0].lower()
        # RFC 2183, 2.8: a disposition one does not know is an attachment.
        names = {name.split("*")[0] for text in (disposition, content_type) for name in parameters(text)}
        return word not in ("", "inline") or not names.isdisjoint({"filename", "name"})

    def _keep(self, entity: Entity, content_type: str) -> None:
        if has_junk(self._raw, entity):
            raise Unsafe("malformed")
        transfer = transfer_named(the_value(self._raw, entity, "Content-Transfer-Encoding"))
        self._found.append(Leaf(entity, transfer, parameters(content_type).get("charset", "us-ascii").strip()))

    def _enter(self, entity: Entity, kind: str, boundary: str, depth: int) -> None:
        if has_junk(self._raw, entity) or depth >= _DEEPEST:
            raise Unsafe("malformed")
        parts = part_ranges(self._raw, entity, boundary)
        self._parts += len(parts)
        if not parts or self._parts > _MOST_PARTS:
            raise Unsafe("malformed")
        order = parts if kind == "multipart/alternative" else reversed(parts)
        self._stack += [_Waiting(start, end, depth + 1) for start, end in order]


def kind_of(content_type: str) -> str:
    """The media type that a Content-Type names, in lower case."""
    named = _TYPE.match(content_type)
    return named.group(1).lower() if named else "text/plain"


def refuse_sealed(kind: str, content_type: str) -> None:
    """Raises Unsafe for a signed or an encrypted part."""
    if kind in _SIGNED:
        raise Unsafe("signed")
    if kind in _ENCRYPTED:
        raise Unsafe("encrypted")
    if kind in _PKCS7:
        raise Unsafe("signed" if "signed" in parameters(content_type).get("smime-type", "").lower() else "encrypted")


def part_ranges(raw: bytes, entity: Entity, boundary: str) -> list[tuple[int, int]]:
    """Where the parts of a multipart begin and end; none when its boundary stands nowhere."""
    delimiter = b"--" + boundary.rstrip().encode("utf-8", "surrogateescape")
    line = re.compile(re.escape(delimiter) + rb"(--)?[ \t]*+\r?(?:\n|\Z)")
    ranges: list[tuple[int, int]] = []
    start = -1
    at = entity.body
    while boundary.strip() and at >= 0 and len(ranges) <= _MOST_PARTS:
        found = line.match(raw, at, entity.end)
        if found:
            if start >= 0:
                ranges.append((start, max(start, _before_newline(raw, at))))
            start = found.end()
            if found.group(1):
                return ranges
        at = raw.find(b"\n" + delimiter, max(at, found.end() - 1 if found else at), entity.end) + 1 or -1
    # The last part of a mail that lacks its closing boundary ends with the mail.
    return [*ranges, (start, entity.end)] if start >= 0 else ranges


def _before_newline(raw: bytes, at: int) -> int:
    if raw[at - 1 : at] == b"\n":
        at -= 1
    return at - 1 if raw[at - 1 : at] == b"\r" else at
