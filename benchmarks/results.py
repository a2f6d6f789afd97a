"""The page of results: the latest run stands in it between two marks, and is replaced by the next."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from benchmarks.targets import Section, summing_up

PAGE = Path(__file__).with_name("RESULTS.md")
_BEGIN, _END = "<!-- written by make bench ARGS=--write -->", "<!-- until here -->"


def block(sections: Sequence[Section], machine: str, effort: str, now: datetime) -> str:
    """A run as Markdown."""
    return "\n".join(_lines(sections, machine, effort, now))


def with_block(page: str, text: str) -> str:
    """The page with this run in the place of the one it had, or under its first line."""
    marked = f"{_BEGIN}\n{text}\n{_END}"
    before, found, rest = page.partition(_BEGIN)
    if found:
        return before + marked + rest.partition(_END)[2]
    first, _, others = page.partition("\n")
    return f"{first}\n\n{marked}\n{others}"


def _lines(sections: Sequence[Section], machine: str, effort: str, now: datetime) -> Iterable[str]:
    yield f"## {now:%-d %B %Y}, `make bench`, {effort}"
    yield ""
    yield machine
    yield ""
    yield f"**{summing_up(sections)}**"
    for section in sections:
        yield ""
        yield from section.lines()
