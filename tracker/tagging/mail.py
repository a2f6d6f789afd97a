"""A mail tagged: every HTML part edited in its place, or the mail as it came with the reason."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tracker.tagging import transfer
from tracker.tagging.entity import entity_at, fields, value
from tracker.tagging.html import Changes, Proof, changes, pixel_edit
from tracker.tagging.links import LONGEST
from tracker.tagging.marks import Tagging
from tracker.tagging.mime import Leaf, html_leaves
from tracker.tagging.outcome import GMAIL_LIMIT, Tagged, Unsafe, Untaggable, untaggable
from tracker.tagging.page import Page
from tracker.tagging.splice import Edit, newline_of, spliced
from tracker.tagging.transfer import Rewritten, Transfer


def tag_mail(raw: bytes, tagging: Tagging) -> Tagged | Untaggable:
    """Put the pixel at the top of what the reader sees, and track the links when asked.

    The pixel goes into one HTML part; links are tracked, and our own earlier
    marks taken out, in all that are shown. Every other byte stays. What cannot
    be proved safe comes back as it was.
    """
    try:
        return _tagged(raw, tagging)
    except Unsafe as problem:
        return untaggable(raw, problem.code)


def _tagged(raw: bytes, tagging: Tagging) -> Tagged:
    if len(raw) > GMAIL_LIMIT:
        raise Unsafe("too_large")
    leaves = html_leaves(raw)
    declared = _list_unsubscribe(raw)
    done = [_tag_leaf(raw, leaves[0], tagging, declared, with_pixel=True)]
    done += [_tag_further_leaf(raw, leaf, tagging, declared) for leaf in leaves[1:]]
    out = spliced(raw, [edit for part in done for edit in part.edits])
    if len(out) > GMAIL_LIMIT:
        raise Unsafe("too_large")
    # What we wrote must be what others read: the same parts, with these bodies in these encodings.
    if [(leaf.charset, leaf.transfer, leaf.body_in(out)) for leaf in html_leaves(out)] != [part.made for part in done]:
        raise Unsafe("fragile")
    made = [part.changes for part in done if part.changes]
    return Tagged(
        out,
        links=sum(change.links for change in made),
        pixels_cut=sum(change.pixels_cut for change in made),
        restored=sum(change.restored for change in made),
        notes=tuple(_notes(done)),
    )


@dataclass(frozen=True, slots=True)
class _Done:
    edits: tuple[Edit, ...]  # in the mail
    changes: Changes | None  # in the HTML; None when it had to stay as it was
    made: tuple[str, Transfer, bytes]  # the part's charset, encoding and body afterwards


def _tag_leaf(raw: bytes, leaf: Leaf, tagging: Tagging, declared: Sequence[str], *, with_pixel: bool) -> _Done:
    body = leaf.body_in(raw)
    page = Page(transfer.decoded(body, leaf.transfer), leaf.charset)
    planned = changes(page, tagging, declared)
    if not (with_pixel or planned.edits):
        return _Done((), planned, (leaf.charset, leaf.transfer, body))
    attempts = [[pixel_edit(place, tagging.pixel_url)] for place in _places(page, planned)] if with_pixel else [[]]
    proof = Proof(page, planned, tagging)
    for pixel in attempts:
        made = transfer.rewritten(body, [*pixel, *planned.edits], leaf.transfer, newline_of(raw))
        if proof.holds(Page(transfer.decoded(made.body, made.transfer), leaf.charset), pixels=len(pixel)):
            after = (leaf.charset, made.transfer, made.body)
            return _Done(tuple(body_edits(raw, leaf, made)), planned, after)
    raise Unsafe("fragile")


def _places(page: Page, planned: Changes) -> list[int]:
    """Where the pixel may go, each place once, and none inside what is cut out or rewritten."""
    taken = planned.edits
    return [p for p in dict.fromkeys(page.places()) if not any(edit.start < p < edit.end for edit in taken)]


def _tag_further_leaf(raw: bytes, leaf: Leaf, tagging: Tagging, declared: Sequence[str]) -> _Done:
    """Tag the links of a part that needs no pixel; a part that cannot be changed safely stays as it is."""
    try:
        return _tag_leaf(raw, leaf, tagging, declared, with_pixel=False)
    except Unsafe:
        return _Done((), None, (leaf.charset, leaf.transfer, leaf.body_in(raw)))


def body_edits(raw: bytes, leaf: Leaf, made: Rewritten) -> Iterator[Edit]:
    yield Edit(leaf.entity.body, leaf.entity.end, made.body)
    if made.transfer is leaf.transfer:
        return
    line = b"Content-Transfer-Encoding: " + made.transfer.encode() + newline_of(raw)
    named = list(fields(raw, leaf.entity, "Content-Transfer-Encoding"))
    for field in named:
        yield Edit(field.start, field.end, line if field is named[0] else b"")
    if not named:
        yield Edit(leaf.entity.start, leaf.entity.start, line)


def _list_unsubscribe(raw: bytes) -> tuple[str, ...]:
    found = [value(raw, field) for field in fields(raw, entity_at(raw, 0, len(raw)), "List-Unsubscribe")]
    return tuple(piece.partition(">")[0].strip() for text in found for piece in text.split("<")[1:])


def _notes(done: Sequence[_Done]) -> Iterator[str]:
    too_long = sum(part.changes.too_long for part in done if part.changes)
    if too_long:
        yield f"{too_long} link{'s' if too_long > 1 else ''} left untracked: longer than {LONGEST:,} characters."
    if any(part.changes is None for part in done):
        yield "The links in one part of the mail were left as they are: that part cannot be changed safely."
