"""Pages are named by the member at their edge."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.makers import after
from tracker.paging import Edge, Page, Turn, read_turn

MOMENTS = st.datetimes(datetime(2001, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))


@given(MOMENTS, st.from_regex(r"[0-9a-f]{16,44}", fullmatch=True), st.booleans())
def test_a_turn_comes_back_from_its_button_to_the_microsecond(at: datetime, name: str, newer: bool) -> None:
    turn = Turn(Edge(at, name), newer)

    assert read_turn(turn.text) == turn


@given(st.text(max_size=60))
def test_any_text_is_a_turn_or_none(text: str) -> None:
    read_turn(text)


@pytest.mark.parametrize("text", ["", "o", "o1.", "x1.h", "o-1.h", "o1.h h", "o999999999999999999.h", "o١.h"])
def test_what_no_button_of_ours_carries_is_none(text: str) -> None:
    assert read_turn(text) is None


def edge_of(number: int) -> Edge:
    return Edge(after(number), str(number))


def test_a_first_page_leads_to_what_is_older() -> None:
    page = Page.of([9, 8, 7], 2, None, edge_of)

    assert page == Page((9, 8), older=Turn(edge_of(8)))


def test_the_last_page_leads_back_only() -> None:
    page = Page.of([2, 1], 2, Turn(edge_of(3)), edge_of)

    assert page == Page((2, 1), newer=Turn(edge_of(2), newer=True))


def test_a_page_back_keeps_those_next_to_where_it_came_from() -> None:
    page = Page.of([6, 5, 4], 2, Turn(edge_of(3), newer=True), edge_of)

    assert page == Page((5, 4), older=Turn(edge_of(4)), newer=Turn(edge_of(5), newer=True))


def test_nothing_found_turns_nowhere() -> None:
    assert Page.of([], 2, Turn(edge_of(3)), edge_of) == Page(())
