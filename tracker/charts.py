"""Charts as SVG: one template of bars, for pages and, drawn as a picture, for Slack."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_WIDTH, _HEIGHT = 640, 260
_LEFT, _RIGHT, _TOP, _BOTTOM = 16, 16, 56, 40
_GAP = 0.28  # of a bar's room, left empty beside it


@dataclass(frozen=True, slots=True)
class Bars:
    """A row of bars: each a label and a count."""

    title: str
    bars: tuple[tuple[str, int], ...]
    unit: str = "openings"

    @property
    def words(self) -> str:
        """The chart for who cannot see it; bars of height nought are left out."""
        shown = ", ".join(f"{label}: {value:,}" for label, value in self.bars if value)
        return f"{self.title}. {shown or 'Nothing yet'}."


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours as CSS writes them; each text stands out from the ground by 4.5 to 1 at least."""

    ground: str
    text: str
    faint: str
    bar: str


# One that can be read on Slack's light and dark grounds alike, as a picture cannot know which it is shown on.
PAPER = Palette(ground="#ffffff", text="#1d1c1d", faint="#616061", bar="#1264a3")


def bars_svg(chart: Bars, palette: Palette = PAPER, font: str = "Roboto, system-ui, sans-serif") -> str:
    """The chart as an SVG document, whose text is the chart's own words for screen readers."""
    highest = max((value for _, value in chart.bars), default=0) or 1
    room = (_WIDTH - _LEFT - _RIGHT) / max(len(chart.bars), 1)
    parts = [_bar(index, bar, room, highest, palette) for index, bar in enumerate(chart.bars)]
    floor = _HEIGHT - _BOTTOM
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}"'
        f' height="{_HEIGHT}" role="img" aria-label="{escape(chart.words)}" font-family="{escape(font)}">'
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" rx="8" fill="{palette.ground}"/>'
        f'<text x="{_LEFT}" y="32" font-size="18" fill="{palette.text}">{escape(chart.title)}</text>'
        f'<path d="M{_LEFT} {floor}.5H{_WIDTH - _RIGHT}" stroke="{palette.faint}"/>'
        f"{''.join(parts)}</svg>"
    )


def _bar(index: int, bar: tuple[str, int], room: float, highest: int, palette: Palette) -> str:
    label, value = bar
    floor = _HEIGHT - _BOTTOM
    height = (floor - _TOP - 22) * value / highest
    left, middle = _LEFT + index * room + room * _GAP / 2, _LEFT + (index + 0.5) * room
    column = (
        f'<rect x="{left:.1f}" y="{floor - height:.1f}" width="{room * (1 - _GAP):.1f}" height="{height:.1f}"'
        f' rx="3" fill="{palette.bar}"/>'
        if value
        else ""
    )
    count = _text(middle, floor - height - 7, f"{value:,}", palette.text) if value else ""
    return column + count + _text(middle, floor + 20, label, palette.faint)


def _text(x: float, y: float, words: str, colour: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="12" text-anchor="middle" fill="{colour}">{escape(words)}</text>'


def two_hour_bars(by_hour: Sequence[int]) -> tuple[tuple[str, int], ...]:
    """24 counts as twelve bars, which a phone still shows side by side."""
    return tuple((f"{hour}-{hour + 2}", by_hour[hour] + by_hour[hour + 1]) for hour in range(0, 24, 2))
