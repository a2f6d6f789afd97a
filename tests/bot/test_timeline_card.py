"""The timeline: one explained line a hit, each with a way to correct it."""

from bot.blocks import Card
from bot.cards import read_page, timeline_card
from tests.bot.books import a_check, a_line, a_report
from tests.makers import a_sent_copy, a_summary, after
from tests.standins.slack_blocks import faults_of
from tests.standins.slack_words import words_of
from tracker.model import Recipient
from tracker.reporting import Story, TimelineLine

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


def test_thousands_of_looks_are_shown_a_page_at_a_time() -> None:
    lines = [a_line() for _ in range(2000)]

    card = timeline_card(story(*lines))

    assert faults_of(list(card.blocks)) == []
    assert "1,980 earlier looks" in presses(card)


def test_the_next_page_goes_on_after_the_last_line_shown_though_new_ones_came() -> None:
    lines = [a_line(client=f"client {number}") for number in range(45)]
    (_, page), *_ = presses(timeline_card(story(*lines))).items()

    second = timeline_card(story(a_line(), *lines), read_page(page)[1])

    assert [number for number in range(45) if f"Client {number}\n" in words(second)] == [*range(20, 40)]
    assert "5 earlier looks" in presses(second)


def test_a_page_that_is_gone_begins_anew() -> None:
    assert "Outlook on Windows" in words(timeline_card(story(a_line()), "gone"))


def test_what_stayed_attached_is_told_with_the_reason() -> None:
    report = a_report(left_attached="invite.ics: files of this kind stay in the mail")

    assert "Still attached: invite.ics: files of this kind" in words(timeline_card(Story(report, ())))
