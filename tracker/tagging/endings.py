"""Where the author's own text ends: before the signature and what is quoted, if nothing of theirs comes after."""

import re
from collections.abc import Iterator, Sequence

from tracker.tagging.page import Page

_QUOTED = (
    ".gmail_quote_container, .gmail_quote, blockquote[type=cite], .moz-cite-prefix, .protonmail_quote, .yahoo_quoted"
)
_SIGNATURE = ".gmail_signature_prefix, .gmail_signature, .moz-signature, .protonmail_signature_block"
_SIGNATURE_LINE = re.compile(r"-- ?\s*")
_ATTRIBUTION_LINES = 3  # "On Monday, Ada Lovelace <ada@acme.example>" may be broken before "wrote:"


def html_endings(page: Page) -> Iterator[int]:
    """Where lines may be added to a page, the best place first; only parsing again shows which is right."""
    marked = _merged(_marked(page))
    if marked and not any(map(page.has_text, _between(marked, page.length))):
        yield marked[0][0]
    yield from page.ends()


def text_ending(view: str) -> int:
    """Where lines may be added to a plain text, seen as one character a byte."""
    lines = view.split("\n")
    quoted = _quote_start(lines)
    end = next((number for number, line in enumerate(lines) if _SIGNATURE_LINE.fullmatch(line)), None)
    known = [number for number in (quoted, end) if number is not None]
    if not known:
        return len(view)
    return sum(len(line) + 1 for line in lines[: min(known)])


def _marked(page: Page) -> list[tuple[int, int]]:
    return [*page.spans(_QUOTED), *page.spans(_SIGNATURE)]


def _merged(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The outermost spans, in order: a quoted mail holds signatures and quotes of its own."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if not found or start >= found[-1][1]:
            found.append((start, end))
    return found


def _between(spans: Sequence[tuple[int, int]], length: int) -> Iterator[tuple[int, int]]:
    starts = [start for start, _ in spans[1:]] + [length]
    return zip((end for _, end in spans), starts, strict=True)


def _quote_start(lines: Sequence[str]) -> int | None:
    """The line with which a quote that runs to the end begins, the words "… wrote:" above it included."""
    first = next((number for number, line in enumerate(lines) if line.startswith(">")), None)
    if first is None or any(line.strip() and not line.startswith(">") for line in lines[first:]):
        return None
    above = first
    while above and not lines[above - 1].strip():
        above -= 1
    if not above or not lines[above - 1].rstrip().endswith(":"):
        return first
    top = above
    while top and lines[top - 1].strip():
        top -= 1
    return top if above - top <= _ATTRIBUTION_LINES else first
