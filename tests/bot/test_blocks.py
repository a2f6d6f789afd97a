from bot.blocks import (
    MAX_TEXT,
    Card,
    actions,
    button,
    checked,
    context,
    faults,
    link_button,
    section,
    when,
)
from tests.makers import NOON
from tests.standins.slack_blocks import faults_of

HUGE = "word " * 4000


def test_every_block_keeps_to_slacks_limits_however_much_it_is_given() -> None:
    blocks = [
        section(HUGE, beside=button(HUGE, "a", HUGE)),
        section(*["line " * 20] * 200),
        context(*[HUGE] * 20),
        actions(*[button(HUGE, f"a{number}", "v") for number in range(40)]),
        actions(link_button("Open", "o", "https://mail.google.com/")),
    ]

    assert faults_of(blocks) == []


def test_whole_lines_are_dropped_rather_than_cut() -> None:
    block = section(*["x" * 999] * 4)

    assert block["text"]["text"].split("\n") == ["x" * 999] * 2 + ["…"]


def test_a_line_that_is_cut_leaves_no_half_entity() -> None:
    block = section("&lt;" * 2000)

    assert set(block["text"]["text"].replace("&lt;", "")) == {"…"}


def test_a_moment_is_shown_in_the_readers_timezone() -> None:
    assert when(NOON) == "<!date^1793620800^{date_short_pretty} at {time}|Nov 2, 2026 at 12:00 UTC>"


def test_a_card_that_slack_would_refuse_is_said_as_text_alone() -> None:
    card = Card("Ada opened it", tuple([section("x")] * 51))

    assert checked(card) == Card("Ada opened it")


def test_a_card_within_the_limits_stays_as_it_is() -> None:
    card = Card("Ada opened it", (section("x"), context("y")))

    assert checked(card) == card


def test_a_text_is_never_empty_and_never_too_long() -> None:
    assert checked(Card("")).text
    assert len(checked(Card("&amp;" * 5000)).text) <= MAX_TEXT


def test_an_empty_text_is_a_fault() -> None:
    assert list(faults([section("")])) == ["block 0, text: 0 characters, expected 1 to 3000"]
