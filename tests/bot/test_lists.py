"""Lists and timelines turn their pages in place, whatever is in them and whatever comes in meanwhile."""

from dataclasses import replace
from datetime import timedelta, timezone, tzinfo

import pytest

from bot.blocks import Card
from bot.cards.turning import read_turning, turning_buttons
from bot.grammar import Ask
from bot.lists import Lists
from bot.ports import NoAnswer
from tests.bot.books import HandClock
from tests.makers import a_copy, a_message, after
from tests.ports.givens import given_account, judged_hit, recorded
from tests.standins.slack_blocks import faults_of
from tests.standins.slack_words import words_of
from tracker.model import Account, MessageState, Recipient
from tracker.paging import Edge, Turn
from tracker.ports import Store
from tracker.questions import Question, QuestionKind, parse_question
from tracker.reporting import Reporting
from tracker.summing import sum_of

HOSTILE = "<!channel> *_~`|:bomb:" + "\u202e\x00" + "x" * 10_000


@pytest.fixture
def lists(store: Store) -> Lists:
    return Lists(store.accounts, Reporting(store.messages, store.hits), HandClock())


async def given_mails(store: Store, number: int, **facts: object) -> Account:
    account = await given_account(store, slack_user="U0SENDER")
    for place in range(number):
        await given_mail(store, account, created_at=after(-1000 + place), **{"subject": f"Mail {place:03}", **facts})
    return account


async def given_mail(store: Store, account: Account, recipients: int = 1, **facts: object) -> str:
    message = a_message(account_id=account.id, **facts)
    people = [(Recipient(f"{n}@x.example", f"Reader {n}"),) for n in range(recipients)]
    copies = [a_copy(message_id=message.id, recipients=one) for one in people]
    await store.messages.begin(message, copies)
    await store.messages.finish(replace(message, state=MessageState.SENT, sent_at=message.created_at))
    return message.id


async def asked(lists: Lists, account: Account, text: str) -> Card:
    return await lists.told([account], "T1", "U0SENDER", Ask(parse_question(text)))


def press_of(card: Card, text: str) -> str:
    presses = [press for block in card.blocks if block["type"] == "actions" for press in block["elements"]]
    [value] = [press["value"] for press in presses if press["text"]["text"] == text]
    return str(value)


def words(card: Card) -> str:
    assert faults_of(list(card.blocks)) == []
    return words_of({"text": card.text, "blocks": list(card.blocks)})


def mails_in(card: Card) -> list[int]:
    return [number for number in range(100, -1, -1) if f"Mail {number:03}" in words(card)]


@pytest.mark.parametrize("question", ["", "mail", "unopened", "week"])
async def test_every_page_follows_and_replaces_the_one_before(lists: Lists, store: Store, question: str) -> None:
    account = await given_mails(store, 25)

    first = await asked(lists, account, question)
    second = await lists.turn("T1", "U0SENDER", press_of(first, "Older"))
    third = await lists.turn("T1", "U0SENDER", press_of(second, "Older"))

    assert [*mails_in(first), *mails_in(second), *mails_in(third)] == [*range(24, -1, -1)]
    assert [first.replaces, second.replaces, third.replaces] == [False, True, True]
    assert "Older" not in words(third)


async def test_back_from_the_second_page_shows_what_came_in_and_a_whole_page(lists: Lists, store: Store) -> None:
    account = await given_mails(store, 25)
    second = await lists.turn("T1", "U0SENDER", press_of(await asked(lists, account, ""), "Older"))
    await given_mail(store, account, created_at=after(-10), subject="Mail 099")

    back = await lists.turn("T1", "U0SENDER", press_of(second, "Newer"))
    newest = await lists.turn("T1", "U0SENDER", press_of(back, "Newer"))

    assert mails_in(second) == [*range(14, 4, -1)]
    assert mails_in(back) == [*range(24, 14, -1)]
    assert mails_in(newest) == [99, *range(24, 15, -1)]
    assert "Newer" not in words(newest)


async def test_hot_mails_are_listed_with_the_reason_hottest_first(lists: Lists, store: Store) -> None:
    account = await given_mails(store, 12)
    for place, report in enumerate(await store.messages.reports([account.id], None, 100)):
        [copy] = report.copies
        hits = [judged_hit(copy, at=after(hours=-place - hour)) for hour in (9, 8, 7)]
        await store.hits.record([recorded(copy, *hits, version=0, summary=sum_of(hits))])

    first = await asked(lists, account, "hot")
    second = await lists.turn("T1", "U0SENDER", press_of(first, "Older"))

    assert mails_in(first) == [*range(11, 1, -1)]
    assert mails_in(second) == [1, 0]
    assert "3 openings within a day" in words(first)


@pytest.mark.parametrize("question", ["hot", "today", "week", "unopened 3d", "nothing like it"])
async def test_nothing_is_said_so_with_what_to_do_next(lists: Lists, store: Store, question: str) -> None:
    account = await given_account(store, slack_user="U0SENDER")

    assert "/opens" in words(await asked(lists, account, question))


async def test_the_largest_mail_is_within_slacks_limits_on_every_page(lists: Lists, store: Store) -> None:
    account = await given_account(store, slack_user="U0SENDER")
    message_id = await given_mail(store, account, recipients=100, subject=HOSTILE)
    report = await store.messages.report(message_id)
    assert report
    copy = report.copies[0]
    await store.hits.record([recorded(copy, *(judged_hit(copy, at=after(n)) for n in range(5000)))])

    card, pages = await lists.timeline("T1", "U0SENDER", message_id), 1
    while pages < 6:
        assert words(card)
        card = await lists.timeline("T1", "U0SENDER", press_of(card, "Older looks"))
        pages += 1

    assert card.replaces
    assert "Newer looks" in words(card)


async def test_a_list_of_hostile_subjects_is_within_slacks_limits(lists: Lists, store: Store) -> None:
    account = await given_mails(store, 12, subject=HOSTILE, recipients=100)

    assert words(await asked(lists, account, ""))


class Clocks:
    """Everybody's clock stands in this zone."""

    def __init__(self, zone: tzinfo | Exception) -> None:
        self.zone = zone

    async def zone_of(self, user: str, team: str = "") -> tzinfo:
        if isinstance(self.zone, Exception):
            raise self.zone
        return self.zone


@pytest.mark.parametrize(
    ("zone", "listed"),
    [(timezone(timedelta(hours=-11)), True), (timezone(timedelta(hours=9)), False), (NoAnswer("x"), False)],
)
async def test_a_day_begins_on_the_askers_own_clock(store: Store, zone: tzinfo | Exception, listed: bool) -> None:
    account = await given_account(store, slack_user="U0SENDER")
    await given_mail(store, account, created_at=after(hours=-22.5), subject="Mail 001")  # 13:30 UTC the day before
    clock = HandClock()
    clock.now = after(hours=-2)  # 10:00 UTC: the day before, still, eleven hours to the west
    lists = Lists(store.accounts, Reporting(store.messages, store.hits), clock, Clocks(zone))

    assert ("Mail 001" in words(await asked(lists, account, "today"))) is listed


@pytest.mark.parametrize(
    "value", ["", "{}", "[]", '["latest",0,"o1.h"]', '["no",0,"o1.h",[]]', '["latest",0,"x",[]]', "[" * 999]
)
async def test_a_value_that_no_button_of_ours_carries_is_answered(lists: Lists, store: Store, value: str) -> None:
    await given_mails(store, 1)

    assert "not known any more" in words(await lists.turn("T1", "U0SENDER", value))


def test_the_longest_question_fits_a_button() -> None:
    question = Question(QuestionKind.MATCHING, tuple("wörd" * 3 for _ in range(400)))
    turn = Turn(Edge(after(), "m" * 44))

    [button] = turning_buttons(question, turn, None)

    assert len(button["value"]) <= 2000
    assert read_turning(button["value"])


async def test_a_stranger_who_turns_a_page_is_told_how_to_connect(lists: Lists, store: Store) -> None:
    assert "twotick accounts add" in words(await lists.turn("T1", "U0NEW", "[]"))
