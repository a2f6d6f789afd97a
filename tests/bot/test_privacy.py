"""Everybody sees and changes their own mail only, whatever ids they get hold of."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from bot.app import Listeners
from bot.blocks import Card
from bot.cards.help import COMMANDS
from bot.cards.turning import turning_buttons
from bot.figures import Figures
from bot.grammar_of_account import ShowStats, ShowTeam
from bot.listening import listening_of
from bot.offers import Offered
from tests.bot.books import HandClock
from tests.makers import a_summary, after
from tests.ports.givens import Given, given_account, given_message, judged_hit, recorded
from tests.standins.slack import SlackStandin
from tests.standins.slack_words import words_of
from tracker.doors import Services
from tracker.model import Account, MessageState
from tracker.paging import Edge, Turn
from tracker.ports import Store, TryLater
from tracker.questions import Question, QuestionKind
from tracker.reporting import Reporting
from tracker.settings import load_settings

SUBJECT = "Secret plan"
ASKED = (
    "secret",
    '"secret plan"',
    "stop secret",
    "remind 3d secret",
    "remind off secret",
    "send secret",
    "week",
    "hot",
)
NOT_THEIRS = ("U0PETE", "U0NOBODY")


class AsleepGmail:
    """Reaches no mailbox."""

    async def of(self, account: Account) -> None:
        raise TryLater("Gmail sleeps")


@pytest.fixture
async def mara(store: Store) -> Given:
    """A mail that Mara sent and Ada opened, and Pete's empty mailbox beside hers."""
    account = await given_account(store, email="mara@studio.example", slack_user="U0MARA", slack_team="T1")
    await given_account(store, email="pete@studio.example", slack_user="U0PETE", slack_team="T1")
    given = await given_message(store, account, subject=SUBJECT)
    hit = judged_hit(given.copy, at=after(-60), id="hit0123456789")
    read = a_summary(opens=3, first_open_at=after(days=-20), last_open_at=after(-60))
    await store.messages.arm(replace(given.copy, sent_at=after(-600)))
    await store.hits.record([recorded(given.copy, hit, version=1, summary=read)])
    await store.messages.finish(replace(given.message, state=MessageState.SENT, sent_at=after(-600)))
    return given


@pytest.fixture
async def listeners(store: Store, mara: Given, slack: SlackStandin, tmp_path: Path) -> Listeners:
    environ = {
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_SIGNING_SECRET": slack.signing_secret,
        "SLACK_API_URL": slack.own_url + "api/",
        "PUBLIC_URL": slack.own_url.rstrip("/"),
    }
    reporting = Reporting(store.messages, store.hits)
    services = Services(load_settings(environ, tmp_path), store, reporting, mailboxes=AsleepGmail())
    return listening_of(services, HandClock())[0]


def values_about(given: Given) -> list[str]:
    """What a button of Mara's may carry: each of her ids in each form."""
    message_id, turn = given.message.id, Turn(Edge(after(), "z"))
    [listed] = turning_buttons(Question(QuestionKind.MATCHING, ("secret",)), turn, None)
    offered = Offered(given.account.id, "r1", SUBJECT, "ada@acme.example", order_id="o1")
    return [
        *(message_id, f"{message_id}:{turn.text}", f"1:{message_id}", f"3.5:{message_id}"),
        *(f"{who}:hit0123456789" for who in ("self", "scanner", "human")),
        *(given.account.id, "ada@acme.example", listed["value"], offered.value, json.dumps([message_id])),
    ]


def told(card: Card) -> str:
    return words_of({"text": card.text, "blocks": list(card.blocks)}) + card.text


async def kept(store: Store, account: Account) -> list[object]:
    return [entry async for entry in store.rights.everything(account.id)]


async def pressed(listeners: Listeners, name: str, user: str, value: str) -> list[Card]:
    if name in listeners.presses:
        return [await listeners.presses[name]("T1", user, value)]
    return [card async for card in listeners.stories[name]("T1", user, value)]


@pytest.mark.parametrize("user", NOT_THEIRS)
async def test_no_press_with_anothers_ids_tells_or_changes_anything(
    listeners: Listeners, store: Store, mara: Given, user: str
) -> None:
    before = await kept(store, mara.account)

    for name in [*listeners.presses, *listeners.stories]:
        for value in values_about(mara):
            said = [told(card) for card in await pressed(listeners, name, user, value)]
            # What an offer carries is the presser's own words; it says nothing that they did not bring.
            leaks = [words for words in said if "Lovelace" in words or (SUBJECT in words and SUBJECT not in value)]
            assert leaks == [], f"{name} {value}"

    assert await kept(store, mara.account) == before
    assert await store.accounts.by_email("mara@studio.example")


@pytest.mark.parametrize("user", NOT_THEIRS)
async def test_no_command_tells_or_changes_anything_of_anothers(
    listeners: Listeners, store: Store, mara: Given, user: str
) -> None:
    before = await kept(store, mara.account)
    examples = [listed.removeprefix("/opens") for listed, _ in COMMANDS]

    for text in [*examples, *ASKED, "forget ada@acme.example", "disconnect mara@studio.example", mara.message.id]:
        card = await listeners.commands.answer("T1", user, text)
        assert SUBJECT not in told(card), text
        assert "Lovelace" not in told(card), text
        assert mara.account.id not in str(card.blocks), text

    assert await kept(store, mara.account) == before


async def test_her_own_presses_are_answered(listeners: Listeners, mara: Given) -> None:
    [card] = await pressed(listeners, "timeline", "U0MARA", mara.message.id)

    assert SUBJECT in told(card)


async def test_the_same_person_in_another_workspace_is_somebody_else(listeners: Listeners, mara: Given) -> None:
    card = await listeners.presses["timeline"]("T2", "U0MARA", mara.message.id)

    assert SUBJECT not in told(card)


def figures(store: Store, *admins: str) -> Figures:
    reporting = Reporting(store.messages, store.hits)
    return Figures(store.accounts, reporting, store.vitals, None, admins, HandClock())


async def test_an_admin_sees_numbers_and_nothing_else(store: Store, mara: Given) -> None:
    card = await figures(store, "U0PETE").answer("T1", "U0PETE", ShowTeam())

    assert "U0MARA" in str(card.blocks)
    for secret in (SUBJECT, "Lovelace", "acme.example", "mara@studio.example"):
        assert secret not in str(card)


async def test_who_is_no_admin_sees_no_numbers_of_others(store: Store, mara: Given) -> None:
    card = await figures(store, "U0BOSS").answer("T1", "U0PETE", ShowTeam())

    assert "U0MARA" not in str(card)


async def test_stats_count_ones_own_mail(store: Store, mara: Given) -> None:
    own = await figures(store).answer("T1", "U0MARA", ShowStats())
    others = await figures(store).answer("T1", "U0PETE", ShowStats())

    assert "1 sent" in told(own)
    assert "nothing was sent" in told(others)
