"""Reminders in Slack: what did not happen, what is known, what can be done."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.blocks import Card
from bot.cards import open_card
from bot.cards.nudges import cannot_nudge_card, nudge_failed_card, nudged_card, stopped_card, tracked_again_card
from bot.cards.reminders import (
    forgotten_card,
    nothing_to_remind_card,
    reminded_card,
    reminder_card,
    reminders_card,
    which_card,
)
from tests.bot.books import a_report
from tests.makers import NOON, a_sent_copy, a_summary, after
from tests.standins.slack_blocks import faults_of
from tests.standins.slack_words import words_of
from tracker.model import Recipient, Summary
from tracker.ports import Report
from tracker.reminders import Reminder, ReminderKind
from tracker.reporting import Story

OPENED = a_summary(opens=4, first_open_at=after(hours=1), last_open_at=after(days=2))
HOSTILE = "<!channel> *_~`" + "\u202e\x00" + "x" * 5000
UNOPENED, UNANSWERED = ReminderKind.UNOPENED, ReminderKind.UNANSWERED


def told(kind: ReminderKind, *summaries: Summary, **facts) -> Card | None:
    """The card three days after sending, or an hour later than three days after the first opening."""
    names = ["Ada Lovelace", "Grace", "Alan"][: len(summaries)]
    copies = [a_sent_copy(recipients=(Recipient(f"{name[:3].lower()}@x.example", name),)) for name in names]
    report = a_report(*copies, summaries=summaries, **facts)
    return reminder_card(Story(report, ()), kind, after(days=3, hours=2))


def words(card: Card | None) -> str:
    assert card
    return words_of({"text": card.text, "blocks": list(card.blocks)})


def pressable(card: Card | None) -> dict[str, str]:
    assert card
    elements = [one for block in card.blocks for one in block.get("elements", ()) if "action_id" in one]
    return {one["text"]["text"]: one.get("value", one.get("url")) for one in elements if one["type"] == "button"}


def test_the_phone_says_what_was_not_opened_for_how_long() -> None:
    card = told(UNOPENED, Summary())

    assert card
    assert card.text == 'Not opened for 3 days: "Q3 proposal" to Ada Lovelace'


def test_the_phone_says_what_was_not_answered() -> None:
    card = told(UNANSWERED, OPENED)

    assert card
    assert card.text == 'Opened, and no reply for 3 days: "Q3 proposal" to Ada Lovelace'
    assert "4 opens · last" in words(card)


def test_what_only_hidden_services_loaded_is_never_called_unopened() -> None:
    card = told(UNOPENED, a_summary(unsure=2))

    assert card
    assert card.text.startswith("Cannot tell if it was read in 3 days")
    assert "Not opened" not in str(card)
    assert "loaded 2 times, perhaps by a person" in words(card)


def test_where_each_has_a_copy_those_are_named_who_are_waited_for() -> None:
    shown = words(told(UNOPENED, OPENED, Summary(), a_summary(unsure=1)))

    assert "Grace: not opened yet" in shown
    assert "Alan: cannot tell" in shown
    assert shown.startswith("✓ No open seen for 3 days")
    assert "(2 of 3)" in shown
    assert "Ada" not in shown


@pytest.mark.parametrize(
    ("kind", "summary"),
    [
        (UNOPENED, OPENED),
        (UNOPENED, a_summary(replied_at=after(hours=1))),
        (UNOPENED, a_summary(bounced_at=after(hours=1))),
        (UNANSWERED, replace(OPENED, replied_at=after(hours=1))),
        (UNANSWERED, Summary()),
    ],
)
def test_what_happened_after_all_is_no_card(kind: ReminderKind, summary: Summary) -> None:
    assert told(kind, summary) is None


def test_what_its_sender_stopped_is_no_card() -> None:
    assert told(UNOPENED, Summary(), stopped_at=NOON) is None


def test_the_buttons_name_their_message() -> None:
    report = a_report()
    name = report.message.id
    pressed = pressable(reminder_card(Story(report, ()), UNOPENED, after(days=3)))

    assert pressed == {"Draft a nudge": f"unopened:{name}", "Snooze 3 days": f"3:unopened:{name}"}


def test_what_is_seldom_wanted_under_a_reminder_is_behind_three_dots() -> None:
    report = a_report()
    card = reminder_card(Story(report, ()), UNOPENED, after(days=3))

    assert card
    *_, menu = card.blocks[-1]["elements"]
    assert [one["text"]["text"] for one in menu["options"]] == ["Timeline", "Stop tracking", "Open in Gmail"]
    assert menu["options"][-1]["url"].endswith("#all/t1")


def test_under_an_opened_mail_one_can_ask_to_be_reminded_until_it_is_answered() -> None:
    def shown(summary: Summary) -> str:
        return str(open_card(Story(a_report(summaries=[summary]), ())))

    assert "Remind me in 3 days" in shown(OPENED)
    assert "Remind me in 3 days" not in shown(replace(OPENED, replied_at=after(hours=3)))


def test_a_link_leads_to_each_draft() -> None:
    copies = [a_sent_copy(recipients=(Recipient(f"{n}@x.example", n),), thread_id=f"t{n}") for n in ("Ada", "Bob")]
    card = nudged_card(a_report(*copies), copies, left=3)

    assert [(text, url.rpartition("/")[2]) for text, url in pressable(card).items()] == [
        ("Draft to Ada", "tAda"),
        ("Draft to Bob", "tBob"),
    ]
    assert "3 more are not nudged" in words(card)
    assert "Nothing is sent" in words(card)


def every_card(report: Report) -> list[Card]:
    story = Story(report, ())
    reminder = Reminder("r", "a", report.message.id, UNOPENED, NOON, timedelta(days=3), after(days=3))
    drawn = [reminder_card(story, kind, after(days=3)) for kind in ReminderKind]
    return [
        *(card for card in drawn if card),
        reminded_card(report, reminder),
        nothing_to_remind_card(report),
        reminders_card([(reminder, report)] * 30, more=True),
        reminders_card([], more=False),
        forgotten_card(report, were=True),
        forgotten_card(report, were=False),
        which_card(HOSTILE, [report] * 11, "Remind me", "remind", "3:"),
        nudged_card(report, report.copies[:5], left=9),
        nudge_failed_card(report, HOSTILE),
        cannot_nudge_card(),
        stopped_card(report),
        tracked_again_card(report),
        open_card(story),
    ]


@pytest.mark.parametrize("summary", [Summary(), OPENED, a_summary(unsure=1)])
@pytest.mark.parametrize("number", [1, 40])
def test_whatever_strangers_wrote_slack_takes_it_and_nobody_is_pinged(summary: Summary, number: int) -> None:
    copies = [a_sent_copy(recipients=(Recipient("a@x.example", HOSTILE),) * 3) for _ in range(number)]

    for card in every_card(a_report(*copies, subject=HOSTILE, summaries=[summary] * number)):
        assert faults_of(list(card.blocks)) == []
        assert "<!channel>" not in str(card)


@pytest.mark.parametrize("kind", ReminderKind)
def test_a_phone_shows_the_reminder_in_a_hundred_letters(kind: ReminderKind) -> None:
    names = ["Christopher Bartholomew Longfellow-Featherstone"] * 3
    copies = [a_sent_copy(recipients=(Recipient("c@x.example", name),)) for name in names]
    unread = OPENED if kind is UNANSWERED else Summary()
    report = a_report(*copies, summaries=[unread] * 3, subject="A subject that goes on and on " * 9)

    card = reminder_card(Story(report, ()), kind, after(days=3, hours=2))

    assert card
    assert len(card.text) <= 100
    assert "and 2 more" in card.text
    assert names[0] in str(card.blocks)
