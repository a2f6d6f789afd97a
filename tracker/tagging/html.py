"""HTML tagged: the pixel on top, links tracked, our earlier marks taken out, and proof that nothing else changed."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from tracker.tagging import links
from tracker.tagging.marks import Marks, Tagging
from tracker.tagging.page import Link, Page
from tracker.tagging.splice import Edit

_NOT_ASCII = re.compile(r"[^\x00-\x7f]")


@dataclass(frozen=True, slots=True)
class Changes:
    """What is to change in one HTML body, but for the pixel."""

    edits: tuple[Edit, ...]
    hrefs: frozenset[tuple[str, str]]  # as the parser sees them: before, after
    links: int
    restored: int
    pixels_cut: int
    too_long: int


def changes(page: Page, tagging: Tagging, declared: Collection[str]) -> Changes:
    """Find our earlier marks and the links to track. `declared` are the addresses in List-Unsubscribe."""
    marks = Marks(tagging.own_base)
    ours = [image for image in page.images() if marks.is_pixel(image.src)]
    rewriter = _Rewriter(tagging, marks, declared)
    rewritten = [(link, after) for link in page.links() if (after := rewriter.href(link)) is not None]
    return Changes(
        edits=(
            *(Edit(image.start, image.end, b"") for image in ours),
            *(_href_edit(link, after) for link, after in rewritten),
        ),
        hrefs=frozenset((link.seen, after) for link, after in rewritten),
        links=rewriter.tracked,
        restored=rewriter.restored,
        pixels_cut=len(ours),
        too_long=rewriter.too_long,
    )


@dataclass(slots=True)
class _Rewriter:
    tagging: Tagging
    marks: Marks
    declared: Collection[str]
    tracked: int = 0
    restored: int = 0
    too_long: int = 0

    def href(self, link: Link) -> str | None:
        """What the href is to be; None when it stays as it is."""
        token = self.marks.link_token(link.href)
        original = self.tagging.original(token) if token else None
        self.restored += original is not None
        track = self.tagging.link_url
        address = links.address_in(original if original is not None else link.href)
        if track is None or address is None or not self._wanted(link, address):
            return original
        self.tracked += 1
        return track(address)

    def _wanted(self, link: Link, address: str) -> bool:
        if self.marks.is_ours(address) or links.is_unsubscribe(address, link.words, self.declared):
            return False
        too_long = links.is_too_long(address)
        self.too_long += too_long
        return not too_long


def pixel_html(pixel_url: str) -> str:
    """The pixel for a compose window, standing in a line of the writer's: no style, no comment, no data attribute."""
    return f"<img {_pixel_attributes(pixel_url)}>"


def pixel_edit(place: int, pixel_url: str) -> Edit:
    """The markup that survives mail clients: no comment, no data attribute, nothing that hides it.

    As a block it takes one pixel; in a line of its own it would push every mail down by a whole empty line.
    """
    attributes = f'{_pixel_attributes(pixel_url)} style="display:block"'
    return Edit(place, place, f"<img {attributes}>".encode(), f"<img\n{attributes}\n>".encode())


def _pixel_attributes(pixel_url: str) -> str:
    return f'src="{_attribute(pixel_url)}" width="1" height="1" alt=""'


def _href_edit(link: Link, href: str) -> Edit:
    new = link.name + b'="' + _attribute(href).encode() + b'"'
    return Edit(link.start, link.end, new, b"\n" + new + b"\n")


def _attribute(value: str) -> str:
    """A value as it stands between double quotes, in ASCII, so that it reads the same in any charset."""
    value = value.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;").replace(">", "&gt;")
    return _NOT_ASCII.sub(lambda found: f"&#{ord(found.group())};", value)


class Proof:
    """What the page must look like after tagging. It uses the page up."""

    def __init__(self, page: Page, planned: Changes, tagging: Tagging) -> None:
        marks = Marks(tagging.own_base)
        self._pixel_url = tagging.pixel_url
        self._hrefs = planned.hrefs
        self._before = [anchor.attrs.get("href") for anchor in page.anchors()]
        for image in [image for image in page.images() if marks.is_pixel(image.src)]:
            image.element.decompose()
        self._html = page.document.html

    def holds(self, page: Page, pixels: int) -> bool:
        """Whether the page has that many pixels of this copy, and apart from them only the planned hrefs differ."""
        found = [image for image in page.images() if image.src == self._pixel_url]
        if len(found) != pixels:
            return False
        for image in found:
            image.element.decompose()
        anchors = page.anchors()
        if len(anchors) != len(self._before):
            return False
        for anchor, before in zip(anchors, self._before, strict=True):
            after = anchor.attrs.get("href")
            if after != before and (before, after) in self._hrefs:
                anchor.attrs["href"] = before
        return page.document.html == self._html
