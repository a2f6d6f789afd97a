"""Charts as SVG: well-formed whatever the labels, and readable for who cannot see them."""

from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from tracker.charts import Bars, bars_svg, two_hour_bars

_NAME = "{http://www.w3.org/2000/svg}"
_TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="￾￿"), max_size=30)


def _rects(svg: str) -> list[ElementTree.Element]:
    return ElementTree.fromstring(svg).findall(f"{_NAME}rect")[1:]  # the first is the ground


@given(_TEXT, st.lists(st.tuples(_TEXT, st.integers(0, 10**9)), max_size=24))
def test_any_words_and_counts_make_a_well_formed_picture(title: str, bars: list[tuple[str, int]]) -> None:
    chart = Bars(title, tuple(bars))

    root = ElementTree.fromstring(bars_svg(chart))

    assert root.get("aria-label") == chart.words


def test_the_tallest_bar_is_the_highest_count() -> None:
    heights = [float(rect.get("height", 0)) for rect in _rects(bars_svg(Bars("t", (("a", 1), ("b", 4), ("c", 2)))))]

    assert heights[1] == max(heights)
    assert heights[1] == 4 * heights[0]


def test_nothing_is_drawn_for_nought() -> None:
    assert _rects(bars_svg(Bars("t", (("a", 0), ("b", 0))))) == []


def test_the_words_leave_out_what_is_nought() -> None:
    assert Bars("Openings", (("8-10", 3), ("10-12", 0))).words == "Openings. 8-10: 3."
    assert Bars("Openings", (("8-10", 0),)).words == "Openings. Nothing yet."


def test_two_hours_are_one_bar() -> None:
    assert two_hour_bars([1] * 8 + [5, 2] + [0] * 14)[3:6] == (("6-8", 2), ("8-10", 7), ("10-12", 0))
