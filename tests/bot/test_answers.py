"""What came back about a mail is told in a message of its own."""

import pytest

from bot.blocks import Card
from bot.cards import bounced_card, replied_card
from bot.cards.words import fate
from bot.relay import Relay
from bot.saying import Saying
from bot.slack import SlackDoor
from tests.bot.books import HandClock, SmallBooks, SmallFollowing, SmallOutbox, a_report
from tests.makers import a_summary, after
from tests.standins.slack import SlackStandin
from tests.standins.slack_blocks import faults_of
from tracker.following import Answer, AnswerKind
from tracker.model import AlertKind
from tracker.reporting import Reporting, Story

REPORT = a_report(subject="Q3 <proposal>")
STORY = Story(REPORT, ())
HOSTILE = "<!channel> *_~`" + "\u202e\x00" + "x" * 5000


def a_reply(who: str = "Ada Lovelace") -> Answer:
    return Answer(REPORT.copies[0].id, "g1", AnswerKind.REPLY, who, after(hours=1))


def a_bounce(who: str = "ada@acme.example", why: str = "no such address") -> Answer:
    return Answer(REPORT.copies[0].id, "g2", AnswerKind.BOUNCE, who, after(hours=1), why)


@pytest.mark.parametrize(
    ("kind", "answer", "text"),
    [
        (AlertKind.REPLIED, a_reply(), 'Ada Lovelace replied to "Q3 &lt;proposal&gt;"'),
        (
            AlertKind.BOUNCED,
            a_bounce(),
            '"Q3 &lt;proposal&gt;" could not be delivered to ada@acme.example: no such address',
        ),
    ],
)
async def test_it_is_said_beside_the_living_card(
    slack: SlackStandin, door: SlackDoor, clock: HandClock, kind: AlertKind, answer: Answer, text: str
) -> None:
    books, outbox = SmallBooks(told=[REPORT]), SmallOutbox()
    outbox.put(kind=kind, message_id=REPORT.message.id, copy_id=answer.copy_id)
    tell, answers_of = Reporting(books, books).story, SmallFollowing([answer]).answers

    await Relay(outbox, Saying(books, tell, answers_of=answers_of), door, clock, clock.sleep).turn()

    assert [message["text"] for message in slack.dm_of("U0SENDER")] == [text]


def test_the_first_reply_is_the_one_that_is_told() -> None:
    card = replied_card(STORY, [a_reply("Ada"), a_reply("Bob")])

    assert card
    assert card.text.startswith("Ada replied")


def test_several_who_were_not_reached_are_told_together() -> None:
    card = bounced_card(STORY, [a_bounce(f"{number}@acme.example") for number in range(20)])

    assert card
    assert card.text.endswith("to 20 recipients")
    assert "and 12 more" in str(card.blocks)


def test_a_list_says_that_a_mail_came_back_or_was_replied_to() -> None:
    assert fate(a_summary(bounced_at=after())) == "could not be delivered"
    assert fate(a_summary(replied_at=after())).startswith("replied ")
    assert " · replied " in fate(a_summary(opens=1, last_open_at=after(), replied_at=after()))


@pytest.mark.parametrize("draw", [replied_card, bounced_card])
def test_nothing_that_came_back_is_no_card(draw) -> None:
    assert draw(STORY, []) is None


@pytest.mark.parametrize(
    "card",
    [
        replied_card(STORY, [a_reply(HOSTILE)]),
        bounced_card(STORY, [a_bounce(HOSTILE)]),
        bounced_card(STORY, [a_bounce(f"{n}{HOSTILE}") for n in range(500)]),
    ],
)
def test_whatever_strangers_wrote_slack_takes_it_and_nobody_is_pinged(card: Card) -> None:
    assert faults_of(list(card.blocks)) == []
    assert "<!channel>" not in str(card)
