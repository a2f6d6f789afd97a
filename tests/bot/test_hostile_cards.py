"""Whatever strangers write, no card of an alert pings, links, breaks a limit of Slack's or turns a sentence around."""

import html
import re
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.blocks import Card
from bot.cards import bounced_card, open_card, passed_on_card, replied_card, retracted_card
from bot.cards.crowd import crowd_card
from bot.cards.ringing import news_card
from bot.cards.thread import line_card
from tests.bot.books import a_line, a_report
from tests.makers import a_sent_copy, a_summary, after
from tests.standins.slack_blocks import faults_of
from tracker.following import Answer, AnswerKind
from tracker.model import HitKind, Recipient
from tracker.reporting import Story
from tracker.ringing import RINGING

HOSTILE = (
    "<!channel>",
    "<!here|x>",
    "<@U0SENDER>",
    "<https://evil.example|x>",
    "*b* _i_ ~s~ `c`",
    ":tada:",
    "&lt;!channel>",
)
NASTY = st.one_of(
    st.text(max_size=400),
    st.sampled_from(HOSTILE),
    st.lists(
        st.sampled_from([*HOSTILE, "\u202e", "\u2067", "\x00", "\x1b[2J", "\n", "العربية", "é\u0301" * 30]), max_size=9
    ).map("".join),
)


def cards(text: str, name: str) -> list[Card]:
    """Every card of an alert, with these words wherever somebody else wrote some."""
    copy = a_sent_copy(recipients=(Recipient(f"{name[:50]}@x.example", name), Recipient("b@x.example", text)))
    opened = [after(hours=1), after(hours=2), after(days=20)]
    words = {"who": name, "client": text, "place": name, "document": text, "begins": True}
    lines = [a_line(copy, at=at, **words) for at in opened] + [
        a_line(copy, at=after(days=21), kind=HitKind.CLICK, **words)
    ]
    lines += [replace(lines[2], hit_id="burst", at=after(hours=3))]
    lines.sort(key=lambda line: line.at, reverse=True)
    summary = a_summary(
        opens=4,
        clicks=1,
        first_open_at=opened[0],
        last_open_at=opened[2],
        first_click_at=after(days=21),
        last_click_at=after(days=21),
        last_client=text,
        last_place=name,
        passed_on="Yahoo",
        replied_at=after(days=22),
    )
    story = Story(a_report(copy, summaries=[summary], subject=text), tuple(lines))
    answers = [Answer(copy.id, "g", kind, name, after(1), "no such address") for kind in AnswerKind]
    found = [
        open_card(story, mute=True),
        retracted_card(story),
        passed_on_card(story, copy.id),
        replied_card(story, answers),
        bounced_card(story, answers),
        crowd_card([story.report] * 5, 495),
        line_card(story, lines[:1]),
        line_card(story, lines),
        news_card(story, "of nobody"),
        *(news_card(story, line.hit_id, kind, mute=True) for line in lines for kind in RINGING),
    ]
    assert all(found)
    return [card for card in found if card]


@settings(max_examples=60, deadline=None)
@example("<!channel> " * 900, "\u202e<@U0SENDER>")
@given(text=NASTY, name=NASTY)
def test_no_card_of_an_alert_does_what_a_stranger_wrote(text: str, name: str) -> None:
    for card in cards(text, name):
        shown = str(card)
        assert faults_of(list(card.blocks)) == []
        assert 0 < len(card.text) < 4000
        assert not any(ping in shown for ping in ("<!channel", "<!here", "<@U0", "<https://evil"))
        assert not any(turn in shown for turn in ("\u202e", "\u2067", "\x00", "\x1b"))


@settings(max_examples=60, deadline=None)
@example("A subject that goes on and on " * 20, "Ada Lovelace, Countess of a very long and winding name " * 4)
@example("العربية " * 40, "Zoë")
@given(text=NASTY, name=NASTY)
def test_a_phone_shows_the_news_in_a_hundred_letters(text: str, name: str) -> None:
    for card in cards(text, name):
        if card.blocks:  # without any, the text is a line in a thread, which no phone tells
            assert len(visible(card.text)) <= 100, card.text


@pytest.mark.parametrize("name", ["Ada Lovelace", "Ada, Countess of Lovelace and of much else that goes on"])
def test_a_phone_tells_who_did_what_to_which_mail(name: str) -> None:
    copy = a_sent_copy(recipients=(Recipient("a@x.example", name),))
    opened = a_summary(opens=1, first_open_at=after(hours=1), last_open_at=after(hours=1))

    told = open_card(Story(a_report(copy, summaries=[opened], subject="Q3 proposal"), ()))

    assert re.fullmatch(r'Ada.{5,} opened "Q3 proposal"', told.text)


def test_where_names_do_not_fit_a_phone_says_how_many_it_may_have_been() -> None:
    several = tuple(Recipient(f"{number}@x.example", f"Somebody {number}") for number in range(5))
    guess = "Ada Lovelace of Ockham, Grace Hopper of New York or Alan Turing of Wilmslow (of 5)"
    line = a_line(copy := a_sent_copy(recipients=several), who=guess, begins=True)
    opened = a_summary(opens=1, first_open_at=line.at, last_open_at=line.at)

    told = open_card(Story(a_report(copy, summaries=[opened], subject="A subject as long " * 4), (line,)))

    assert told.text.startswith("Someone of 5 opened ")


def visible(text: str) -> str:
    """As a phone shows it: entities undone, and what has no width left out."""
    return html.unescape(text).replace("\u2060", "")
