"""A mail whose attachments became links: one neat line for each, where the author's own text ends."""

import codecs
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from tracker.documents import size_words
from tracker.tagging import charsets, quoted, transfer
from tracker.tagging.attached import Attached, attachments, without
from tracker.tagging.endings import html_endings, text_ending
from tracker.tagging.entity import Entity, entity_at, parameters, the_value
from tracker.tagging.mail import body_edits
from tracker.tagging.mime import Leaf, html_leaves, kind_of, part_ranges
from tracker.tagging.outcome import Unsafe
from tracker.tagging.page import Page
from tracker.tagging.splice import Edit, newline_of, spliced
from tracker.tagging.transfer import Rewritten, Transfer, transfer_named

_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_PGP = b"-----BEGIN PGP"


@dataclass(frozen=True, slots=True)
class DocumentLink:
    """What stands in the mail in the place of an attachment."""

    name: str
    size: int
    url: str


def with_links(raw: bytes, files: Sequence[Attached], links: Sequence[DocumentLink]) -> bytes:
    """The mail with these files cut out and a line for each link. Raises Unsafe when it cannot be proved to be that."""
    cut = without(raw, files)
    leaf = html_leaves(cut)[0]
    plain = _plain_beside(cut, leaf)
    made = [(leaf, _with_html_lines(cut, leaf, links))]
    if plain:
        made.append((plain, _with_text_lines(cut, plain, links)))
    out = spliced(cut, [edit for part, body in made for edit in body_edits(cut, part, body)])
    after = html_leaves(out)[0]
    beside = _plain_beside(out, after)
    found = [(one.transfer, one.body_in(out)) for one in (after, beside) if one]
    if found != [(body.transfer, body.body) for _, body in made]:
        raise Unsafe("fragile")
    return out


def linkable(raw: bytes, largest: int) -> tuple[tuple[Attached, ...], tuple[str, ...]]:
    """The files that can go out as links, and in words why others cannot; tried once with links that lead nowhere."""
    found = attachments(raw, largest)
    if found.files:
        nowhere = [DocumentLink(file.name, len(file.data), "https://nowhere.invalid/") for file in found.files]
        with_links(raw, found.files, nowhere)
    return found.files, found.left


def _with_html_lines(raw: bytes, leaf: Leaf, links: Sequence[DocumentLink]) -> Rewritten:
    body, newline = leaf.body_in(raw), newline_of(raw)
    page = Page(transfer.decoded(body, leaf.transfer), leaf.charset)
    lines = "\n".join(
        f'<div><a href="{_ascii(link.url)}">{_ascii(link.name)}</a> ({size_words(link.size)})</div>' for link in links
    )
    new = f'<div style="margin:1em 0">\n{lines}\n</div>'
    before = _unspaced(page.document.html)
    for place in html_endings(page):
        edit = Edit(place, place, new.replace("\n", "").encode(), new.encode())
        made = transfer.rewritten(body, [edit], leaf.transfer, newline)
        if _without_ours(Page(transfer.decoded(made.body, made.transfer), leaf.charset), links) == before:
            return made
    raise Unsafe("fragile")


def _without_ours(page: Page, links: Sequence[DocumentLink]) -> str | None:
    """The page without our lines, as its parser sees it; None when they are not whole."""
    first = next((anchor for anchor in page.anchors() if anchor.attrs.get("href") == links[0].url), None)
    line = first.parent if first else None
    ours = line.parent if line else None
    if ours is None or [anchor.attrs.get("href") for anchor in ours.find_all("a")] != [link.url for link in links]:
        return None
    ours.decompose()
    return _unspaced(page.document.html)


def _unspaced(html: str) -> str:
    """A line break behind </body> belongs to the last paragraph, which our lines end: blanks alone may move."""
    return "".join(html.split())


def _with_text_lines(raw: bytes, leaf: Leaf, links: Sequence[DocumentLink]) -> Rewritten:
    body = leaf.body_in(raw)
    data = transfer.decoded(body, leaf.transfer)
    view = charsets.view(data, leaf.charset)
    if view is None or _PGP in data:
        raise Unsafe("charset")
    at, newline = text_ending(view), newline_of(data)
    named = [f"{_spelled(link.name, leaf)} ({size_words(link.size)}):" for link in links]
    lines = [f"{name} {link.url}".encode(_codec(leaf)) for name, link in zip(named, links, strict=True)]
    gap = b"" if not data[:at] or data[:at].endswith(b"\n") else newline
    behind = newline if data[at:] else b""
    new = gap + newline + newline.join(lines) + newline + behind
    if leaf.transfer is Transfer.QUOTED:
        made = Rewritten(_spliced_lines(body, at, new, newline_of(raw)), leaf.transfer)
    else:
        made = transfer.rewritten(body, [Edit(at, at, new)], leaf.transfer, newline_of(raw))
    if transfer.decoded(made.body, made.transfer) != data[:at] + new + data[at:]:
        raise Unsafe("fragile")
    return made


def _spliced_lines(body: bytes, at: int, new: bytes, newline: bytes) -> bytes:
    """Whole lines put into quoted-printable, between lines of the text: their ends stay ends of lines."""
    decoded, end = 0, 0
    for line in body.splitlines(keepends=True) if at else ():
        decoded += len(quoted.decoded(line))
        end += len(line)
        if decoded >= at and not line.rstrip(b"\r\n").endswith(b"="):
            break
    return body[:end] + quoted.encoded(new, newline) + body[end:]


def _plain_beside(raw: bytes, leaf: Leaf) -> Leaf | None:
    """The plain text that is shown to those who do not see this HTML."""
    entity = entity_at(raw, 0, len(raw))
    found: Leaf | None = None
    while entity.start != leaf.entity.start or entity.end != leaf.entity.end:
        content_type = the_value(raw, entity, "Content-Type")
        parts = part_ranges(raw, entity, parameters(content_type).get("boundary", ""))
        children = [entity_at(raw, start, end) for start, end in parts]
        inner = next((one for one in children if one.start <= leaf.entity.start < one.end), None)
        if inner is None:
            raise Unsafe("malformed")
        if kind_of(content_type) == "multipart/alternative":
            found = next((_text_leaf(raw, one) for one in children if _is_plain(raw, one)), found)
        entity = inner
    return found


def _is_plain(raw: bytes, entity: Entity) -> bool:
    return kind_of(the_value(raw, entity, "Content-Type")) == "text/plain"


def _text_leaf(raw: bytes, entity: Entity) -> Leaf:
    charset = parameters(the_value(raw, entity, "Content-Type")).get("charset", "us-ascii").strip()
    return Leaf(entity, transfer_named(the_value(raw, entity, "Content-Transfer-Encoding")), charset)


def _codec(leaf: Leaf) -> str:
    """How our lines are written: in the part's own charset where every byte may stand, else in ASCII."""
    if leaf.transfer not in (Transfer.QUOTED, Transfer.BASE64):
        return "ascii"
    try:
        return codecs.lookup(leaf.charset).name
    except (LookupError, ValueError):
        return "ascii"


def _spelled(name: str, leaf: Leaf) -> str:
    try:
        name.encode(_codec(leaf))
    except (UnicodeError, LookupError):
        plain = unicodedata.normalize("NFKD", name).replace("…", "...")
        return "".join("" if unicodedata.combining(char) else char if char.isascii() else "_" for char in plain)
    return name


def _ascii(text: str) -> str:
    """Text as it stands in HTML, in ASCII, so that it reads the same in any charset."""
    return _NOT_ASCII.sub(lambda found: f"&#{ord(found.group())};", escape(text, quote=True))
