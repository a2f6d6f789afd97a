import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.plaintext import code, escape, one_line


@pytest.mark.parametrize("ping", ["<!channel>", "<!here>", "<@U0SENDER>", "<#C1|general>", "<!subteam^S1>"])
def test_nobody_can_be_pinged(ping: str) -> None:
    assert "<" not in escape(ping)


@pytest.mark.parametrize("mark", ["*bold*", "_italic_", "~gone~", "`code`", "```code```"])
def test_no_mark_of_slacks_formatting_survives(mark: str) -> None:
    assert not set(escape(mark)) & set("*_~`")


@pytest.mark.parametrize(
    "link", ["https://evil.example/x", "see evil.example", "<https://a.example|b>", "www.evil.example"]
)
def test_no_page_is_linked(link: str) -> None:
    shown = escape(link)

    assert "://" not in shown
    assert "evil.example" not in shown


def test_a_mail_address_stays_as_it_is() -> None:
    assert escape("ada@acme.example") == "ada@acme.example"


def test_an_emoji_name_stays_a_name() -> None:
    assert ":tada:" not in escape("well done :tada:")


def test_a_time_of_day_keeps_its_colon() -> None:
    assert escape("Lunch at 12:30") == "Lunch at 12:30"


def test_entities_are_escaped_once() -> None:
    assert escape("R&D &amp; <b>") == "R&amp;D &amp;amp; &lt;b&gt;"


def test_tricks_of_direction_are_taken_out() -> None:
    assert escape("invoice\u202egnp.exe") == "invoicegnp." + "\u2060exe"


def test_a_right_to_left_subject_is_kept_from_turning_the_sentence() -> None:
    assert one_line("הצעה", 100) == "\u2068הצעה\u2069"


def test_control_characters_and_line_breaks_become_one_space() -> None:
    assert one_line("a\r\n\x00\x1b[31m b\u2028c", 100) == "a [31m b c"


def test_a_family_keeps_together() -> None:
    assert one_line("👩\u200d👧", 100) == "👩\u200d👧"


def test_a_heap_of_accents_is_cut_down() -> None:
    assert len(one_line("a" + "\u0301" * 50, 100)) == 4


def test_ten_thousand_characters_end_in_an_ellipsis() -> None:
    assert escape("x" * 10_000, 120) == "x" * 119 + "…"


def test_what_is_to_be_copied_is_not_replaced_by_look_alikes() -> None:
    assert code("--email a_b@x.example") == "`--email a_b@x.example`"


def test_a_backtick_cannot_end_what_is_to_be_copied() -> None:
    assert code("a`<!channel>`b") == "`a'&lt;!channel&gt;'b`"


@given(st.text(alphabet=st.characters(), max_size=300))
def test_any_text_can_be_sent_and_pings_nobody(text: str) -> None:
    shown = escape(text, 150)

    assert not set(shown) & set("<>*_~`\n\r\0")
    assert shown.encode("utf-8", "strict").decode() == shown
