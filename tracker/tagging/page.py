"""An HTML body as its parser sees it: what stands where, and where a pixel may go."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from turbohtml import Document, Element, Namespace, parse, parse_fragment

from tracker.tagging import charsets
from tracker.tagging.outcome import Unsafe

# Blank space, comments, a doctype, the tags around the head, and end tags of nothing.
_BEFORE_CONTENT = re.compile(
    r"(?:[ \t\n\f\r]++|<!--(?:(?!-->).)*+-->|<!doctype[^>]*+>|<(?:html|head)(?=[\s>])[^>]*+>|</[a-z][^>]*+>)*+",
    re.IGNORECASE | re.DOTALL,
)

_NOT_TEXT = re.compile(r"<!--.*?-->|<[^>]*+>|&nbsp;|&#160;|\s++", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Image:
    start: int
    end: int
    src: str
    element: Element


@dataclass(frozen=True, slots=True)
class Link:
    """The href of an a or area: where `href=…` stands, and its value."""

    start: int
    end: int
    name: bytes
    href: str
    seen: str  # the value as the parser saw it, one character a byte
    words: str  # its text, as seen and as decoded


class Page:
    """The data of an HTML part, parsed. Raises Unsafe when its charset hides where tags are."""

    def __init__(self, data: bytes, charset: str) -> None:
        text = charsets.view(data, charset)
        if text is None:
            raise Unsafe("charset")
        self._data, self._charset, self._text = data, charset, text
        self.document: Document = parse(
            text, positions=False, source_locations=True, allow_declarative_shadow_roots=False
        )

    def anchors(self) -> list[Element]:
        """Every a and area in document order; the parser repeats an a that stands open across blocks."""
        return [found for found in self.document.find_all(["a", "area"]) if found.namespace is Namespace.HTML]

    def images(self) -> Iterator[Image]:
        for element in self.document.find_all("img"):
            place = element.source_location
            src = element.attrs.get("src")
            if place and isinstance(src, str) and element.namespace is Namespace.HTML:
                yield Image(place.start_tag.start_offset, place.start_tag.end_offset, src, element)

    def links(self) -> Iterator[Link]:
        for element in self.anchors():
            place = element.source_location
            seen = element.attrs.get("href")
            span = place.attrs.get("href") if place else None
            if span is None or not isinstance(seen, str):
                continue
            source = self._data[span.start_offset : span.end_offset]
            href = self._value(source, seen)
            if href is not None:
                name = re.split(rb"[\s=]", source, maxsplit=1)[0]
                yield Link(span.start_offset, span.end_offset, name, href, seen, self._words(element))

    def places(self) -> Iterator[int]:
        """Where the body's content begins, the best guess first; only parsing again shows which is right."""
        body, head = self.document.find("body"), self.document.find("head")
        if body is None:
            return  # a frameset has no place for a pixel
        if body.source_location:
            yield body.source_location.start_tag.end_offset
            return
        if head and head.source_location and head.source_location.end_tag:
            yield head.source_location.end_tag.end_offset
        yield from _ends_of_last(head)
        before = _BEFORE_CONTENT.match(self._text)
        yield before.end() if before else 0
        html = self.document.find("html")
        if html and html.source_location:
            yield html.source_location.start_tag.end_offset
        yield from sorted(_starts(body))[:1]
        yield 0

    @property
    def length(self) -> int:
        return len(self._data)

    def spans(self, selector: str) -> Iterator[tuple[int, int]]:
        """From where to where the elements that match a selector stand; those that are never closed are left out."""
        for element in self.document.select(selector):
            place = element.source_location
            if place and place.end_tag:
                yield place.start_tag.start_offset, place.end_tag.end_offset

    def has_text(self, span: tuple[int, int]) -> bool:
        """Whether a reader sees words there."""
        return bool(_NOT_TEXT.sub("", self._text[slice(*span)]))

    def ends(self) -> Iterator[int]:
        """Where the body's content ends, the best guess first."""
        for name in ("body", "html"):
            element = self.document.find(name)
            if element and element.source_location and element.source_location.end_tag:
                yield element.source_location.end_tag.start_offset
        yield len(self._data)

    def _words(self, element: Element) -> str:
        words = element.text
        if words.isascii():
            return words
        return f"{words} {charsets.text(words.encode('latin-1', 'replace'), self._charset) or ''}"

    def _value(self, source: bytes, seen: str) -> str | None:
        if source.isascii() and b"\r" not in source:
            return seen
        text = charsets.text(source, self._charset)
        if text is None:
            return None
        found = parse_fragment(f"<a {text} >").find("a")
        value = found.attrs.get("href") if found else None
        return value if isinstance(value, str) else None


def _ends_of_last(head: Element | None) -> Iterator[int]:
    elements = [child for child in head.children if isinstance(child, Element)] if head else []
    place = elements[-1].source_location if elements else None
    if place:
        yield (place.end_tag or place.start_tag).end_offset


def _starts(body: Element) -> Iterator[int]:
    for child in body.children:
        if isinstance(child, Element) and child.source_location:
            yield child.source_location.start_tag.start_offset
