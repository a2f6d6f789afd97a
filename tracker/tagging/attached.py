"""The attachments of a mail that can go out as links, and the mail without them."""

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email import message_from_bytes
from itertools import pairwise
from urllib.parse import unquote

from tracker.documents import file_name, size_words
from tracker.tagging import transfer
from tracker.tagging.entity import Entity, entity_at, fields, parameters, the_value
from tracker.tagging.mime import Leaf, html_leaves, kind_of, part_ranges, refuse_sealed
from tracker.tagging.outcome import Unsafe
from tracker.tagging.splice import Edit, spliced
from tracker.tagging.words import decoded_words

_DEEPEST = 20
_MOST_PARTS = 1_000
# An invitation, a mail in a mail and a signature are not files that somebody reads; Outlook's envelope holds the text.
_NEVER = re.compile(
    r"(?:multipart|message|text/calendar|application/ics|application/(?:x-)?pkcs7|application/pgp|application/(?:vnd\.)?ms-tnef)"
)
_NEVER_NAMED = re.compile(r"(?:smime\.p7[sm]|signature\.asc|winmail\.dat|.*\.ics)", re.IGNORECASE | re.DOTALL)
_SHOWN_INLINE = re.compile(rb"cid:([^\s\"'<>)]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Attached:
    """A file in a mail that can go out as a link."""

    name: str
    kind: str
    data: bytes
    cut: Edit


@dataclass(frozen=True, slots=True)
class Attachments:
    """What can go out as a link, and what must stay in the mail, with the reason in words for the sender."""

    files: tuple[Attached, ...]
    left: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Part:
    entity: Entity
    kind: str
    end_before: int  # where the part before it ends: its boundary line stands between

    def named(self, raw: bytes) -> str:
        return _name_of(raw, self.entity)


def attachments(raw: bytes, largest: int) -> Attachments:
    """The files in a mail; those over `largest` bytes stay. Raises Unsafe for a mail that must not be changed."""
    shown = html_leaves(raw)
    root = entity_at(raw, 0, len(raw))
    _refuse_special(raw, root)
    inline = frozenset(name for leaf in shown for name in _inline_names(raw, leaf))
    files: list[Attached] = []
    left: list[str] = []
    for part in _files(raw, root):
        name = part.named(raw)
        why_not = _why_not(raw, part, name, inline)
        found = None if why_not else _attached(raw, part, name)
        if found is None or not 0 < len(found.data) <= largest:
            left.append(f"{file_name(name)}: {why_not or _unfit(found, largest)}")
        else:
            files.append(found)
    return Attachments(tuple(files), tuple(one for one in left if not one.endswith(_SHOWN)))


def without(raw: bytes, files: Sequence[Attached]) -> bytes:
    """The mail with these files cut out and every other byte as it was. Raises Unsafe when that cannot be proved."""
    out = spliced(raw, [file.cut for file in files])
    gone = {file.cut.end for file in files}
    root, after = entity_at(raw, 0, len(raw)), entity_at(out, 0, len(out))
    kept = [raw[start:end] for start, end in _ranges(raw, root) if end not in gone]
    if [out[start:end] for start, end in _ranges(out, after)] != kept or out[: after.body] != raw[: root.body]:
        raise Unsafe("fragile")
    return out


_SHOWN = "it is shown in the mail itself"


def _files(raw: bytes, root: Entity) -> Iterator[_Part]:
    """The attachments of the outermost multipart/mixed but for its first part, which is the mail's own text."""
    if kind_of(the_value(raw, root, "Content-Type")) != "multipart/mixed":
        return
    ranges = _ranges(raw, root)
    for (_, end_before), (start, end) in pairwise(ranges):
        entity = entity_at(raw, start, end)
        word = re.split(r"[\s;]", the_value(raw, entity, "Content-Disposition").strip(), maxsplit=1)[0].lower()
        if word == "attachment":
            yield _Part(entity, kind_of(the_value(raw, entity, "Content-Type")), end_before)


def _ranges(raw: bytes, entity: Entity) -> list[tuple[int, int]]:
    boundary = parameters(the_value(raw, entity, "Content-Type")).get("boundary", "")
    return part_ranges(raw, entity, boundary)


def _refuse_special(raw: bytes, root: Entity) -> None:
    """Raises Unsafe when something in the mail is signed, encrypted, an invitation, or a second text that we miss."""
    waiting, seen = [(root, 0)], 0
    while waiting:
        entity, depth = waiting.pop()
        content_type = the_value(raw, entity, "Content-Type")
        kind, seen = kind_of(content_type), seen + 1
        refuse_sealed(kind, content_type)
        if kind == "text/calendar":
            raise Unsafe("invitation")
        if depth > _DEEPEST or seen > _MOST_PARTS or kind == "text/x-amp-html":
            raise Unsafe("malformed")
        if kind.startswith("multipart/"):
            waiting += [(entity_at(raw, start, end), depth + 1) for start, end in _ranges(raw, entity)]


def _why_not(raw: bytes, part: _Part, name: str, inline: frozenset[str]) -> str:
    own = [_text_of(raw, part.entity, "Content-ID").strip("<> "), _text_of(raw, part.entity, "Content-Location")]
    if not inline.isdisjoint(filter(None, own)):
        return _SHOWN
    if _NEVER.match(part.kind) or _NEVER_NAMED.fullmatch(name):
        return "files of this kind stay in the mail"
    return "" if name else "it has no name"


def _unfit(found: Attached | None, largest: int) -> str:
    if found is None:
        return "it cannot be read safely"
    return f"it is larger than {size_words(largest)}" if found.data else "it is empty"


def _attached(raw: bytes, part: _Part, name: str) -> Attached | None:
    try:
        encoding = transfer.transfer_named(the_value(raw, part.entity, "Content-Transfer-Encoding"))
        data = transfer.decoded(raw[part.entity.body : part.entity.end], encoding)
    except Unsafe:
        return None
    return Attached(file_name(name), part.kind, data, Edit(part.end_before, part.entity.end, b""))


def _inline_names(raw: bytes, leaf: Leaf) -> Iterator[str]:
    data = transfer.decoded(leaf.body_in(raw), leaf.transfer)
    for found in _SHOWN_INLINE.findall(data):
        written = html.unescape(found.decode("latin-1"))
        yield from (written, unquote(written))


def _text_of(raw: bytes, entity: Entity, name: str) -> str:
    return next((raw[f.value : f.end].decode("latin-1").strip() for f in fields(raw, entity, name)), "")


def _name_of(raw: bytes, entity: Entity) -> str:
    """The file's name in any of the ways in which programs write one (RFC 2231, RFC 2047, or as it is)."""
    try:
        named = message_from_bytes(raw[entity.start : entity.body]).get_filename("")
    except (ValueError, LookupError, TypeError):
        return ""
    return decoded_words(named.encode("utf-8", "surrogateescape").decode("utf-8", "replace"))
