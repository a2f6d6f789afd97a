"""The timeline: one explained line a hit, each with a way to correct it."""

from dataclasses import replace

import pytest

from bot.blocks import Card
from bot.cards import read_page, timeline_card
from tests.bot.books import a_check, a_line, a_report
from tests.makers import a_sent_copy, a_summary, after
from tests.standins.slack_blocks import faults_of
from tests.standins.slack_words import words_of
from tracker.model import Recipient
from tracker.paging import Edge, Turn
from tracker.reporting import LINES, Story, TimelineLine

OPENED = a_summary(opens=1, first_open_at=after(hours=2), last_open_at=after(hours=2))
SHARED = a_sent_copy(recipients=tuple(Recipient(f"{name}@x.example", name) for name in ("Ada", "Zoë", "Alan")))


def story(*lines: TimelineLine, summary=OPENED, copy=None) -> Story:
    return Story(a_report(*([copy] if copy else []), summaries=[summary]), lines)


def words(card: Card) -> str:
    return words_of({"text": card.text, "blocks": list(card.blocks)})


def menus(card: Card) -> list[dict]:
    return [block["accessory"] for block in card.blocks if "accessory" in block]


def presses(card: Card) -> dict[str, str]:
    return {press["text"]["text"]: press.get("value", "") for press in card.blocks[-1]["elements"]}


def test_each_look_is_a_line_with_its_reason() -> None:
    _, opened, why, checked, why_not = timeline_card(story(a_line(), a_check())).blocks[:5]

    assert "*Opened*" in opened["text"]["text"]
    assert opened["text"]["text"].endswith("\nOutlook on Windows")
    assert why["elements"][0]["text"] == "A mail program loaded it"
    assert "Checked by a machine" in checked["text"]["text"]
    assert why_not["elements"][0]["text"] == "It looks like a security check"


def test_what_counts_stands_out() -> None:
    card = timeline_card(story(a_line(), a_check()))

    assert [line["text"]["text"].startswith("*") for line in card.blocks[1:5:2]] == [True, False]


def test_the_place_is_told_with_the_client() -> None:
    assert "Outlook on Windows in Lyon, France" in words(timeline_card(story(a_line(place="Lyon, France"))))


def test_who_is_told_where_several_share_a_picture() -> None:
    assert "Ada or Zoë (of 3)" in words(timeline_card(story(a_line(SHARED, who="Ada or Zoë (of 3)"), copy=SHARED)))


def test_a_hint_of_another_mail_system_is_told() -> None:
    card = timeline_card(story(a_line(), summary=a_summary(opens=1, passed_on="Yahoo")))

    assert "Also loaded from another mail system: Yahoo." in words(card)


def test_every_line_can_be_corrected() -> None:
    line, check = a_line(), a_check()

    first, second = menus(timeline_card(story(line, check)))

    assert [option["text"]["text"] for option in first["options"]] == ["That was me", "A scanner", "A real open"]
    assert [option["value"].split(":") for option in second["options"]] == [
        ["self", check.hit_id],
        ["scanner", check.hit_id],
        ["human", check.hit_id],
    ]


def test_a_page_is_within_slacks_limits_and_leads_to_those_around_it() -> None:
    older, newer = Turn(Edge(after(), "h1")), Turn(Edge(after(5), "h9"), newer=True)

    card = timeline_card(replace(story(*[a_line() for _ in range(LINES)]), older=older, newer=newer))

    assert faults_of(list(card.blocks)) == []
    message_id = read_page(presses(card)["Older looks"])[0]
    assert read_page(presses(card)["Older looks"]) == (message_id, older)
    assert read_page(presses(card)["Newer looks"]) == (message_id, newer)


def test_a_whole_timeline_turns_nowhere() -> None:
    assert [name for name in presses(timeline_card(story(a_line()))) if "looks" in name] == []


@pytest.mark.parametrize("value", ["m1", "m1:", "m1:o1", "m1:x5.h", "m1:o99999999999999999999.h", ":", ""])
def test_a_page_that_no_button_of_ours_names_is_the_latest(value: str) -> None:
    assert read_page(value)[1] is None


def test_of_a_hundred_copies_those_read_last_are_told_and_the_rest_counted() -> None:
    copies = [a_sent_copy(recipients=(Recipient(f"{n}@x.example", f"Reader {n}"),)) for n in range(100)]
    read = [a_summary(opens=1, last_open_at=after(n)) if n > 80 else a_summary() for n in range(100)]

    card = timeline_card(Story(a_report(*copies, summaries=read), ()))

    assert "Reader 99: 1 open" in words(card)
    assert "and 85 more recipients, 4 of whom opened it" in words(card)
    assert faults_of(list(card.blocks)) == []


def test_what_stayed_attached_is_told_with_the_reason() -> None:
    report = a_report(left_attached="invite.ics: files of this kind stay in the mail")

    assert "Still attached: invite.ics: files of this kind" in words(timeline_card(Story(report, ())))
