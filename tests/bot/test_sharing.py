"""One mail in a channel: shown, kept true, told of in its thread, stopped; and its channel lost."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from bot.commands import Commands
from bot.grammar import Unknown, read_command
from bot.grammar_of_sharing import ShareWish
from bot.shared import Shared
from bot.sharing import Sharing
from bot.slack import SlackDoor
from tests.bot.books import HandClock
from tests.makers import NOON, a_copy, a_message, a_summary, an_alert
from tests.ports.givens import Given, given_account, given_alert, judged_hit, recorded
from tests.standins.slack import SlackStandin
from tests.standins.slack_blocks import elements_of, faults_of
from tests.standins.slack_faults import Dropped, RateLimited, Says
from tests.standins.slack_words import words_of
from tracker.following import Answer, AnswerKind
from tracker.model import Account, AlertKind, Recipient
from tracker.ports import Store
from tracker.reporting import Reporting
from tracker.store.opening import open_store

MARA, PETE = "U0SENDER", "U0PETE"
ADA = Recipient("ada@acme.example", "Ada Lovelace")


@dataclass
class Desk:
    """Mara, her mail to Ada, a channel that she and the bot are in; `work` is what the worker does."""

    store: Store
    slack: SlackStandin
    door: SlackDoor
    clock: HandClock
    account: Account
    sales: str

    async def says(self, text: str, user: str = MARA) -> str:
        reporting = Reporting(self.store.messages, self.store.hits)
        others = {ShareWish: self._sharing().answer}
        card = await Commands(self.store.accounts, reporting, self.clock, others=others).answer(
            self.slack.team_id, user, text.removeprefix("/opens ")
        )
        self.card = card
        assert faults_of(list(card.blocks)) == []
        return words_of({"text": card.text, "blocks": list(card.blocks)})

    async def presses(self, action: str, value: str, user: str = MARA) -> str:
        card = await self._sharing().presses[action](self.slack.team_id, user, value)
        return words_of({"text": card.text, "blocks": list(card.blocks)})

    def _sharing(self) -> Sharing:
        store = self.store
        return Sharing(store.shares, store.accounts, store.messages, self.door, self.clock, connect_by_command=True)

    async def sent(self, subject: str = "Q3 proposal") -> Given:
        message = a_message(account_id=self.account.id, subject=subject)
        copy = a_copy(message_id=message.id, recipients=(ADA,))
        await self.store.messages.begin(message, [copy])
        await self.store.messages.arm(replace(copy, sent_at=NOON, gmail_id=message.id, thread_id="t"))
        return Given(self.account, message, (copy,))

    async def opened(self, given: Given, opens: int = 1, **facts: Any) -> None:
        """It is opened now, and the outbox is told."""
        self.clock.forward(seconds=60)
        now = self.clock()
        summary = a_summary(opens=opens, first_open_at=now, last_open_at=now, **facts)
        hit = judged_hit(given.copy, at=now)
        await self.store.hits.record([recorded(given.copy, hit, version=opens, summary=summary)])
        await given_alert(self.store, given, due_at=now, kind=AlertKind.FIRST_OPEN, key=f"open:{given.copy.id}:{opens}")

    async def work(self) -> None:
        self.clock.forward(seconds=10)
        reporting = Reporting(self.store.messages, self.store.hits)
        await Shared(self.store.shares, reporting.story, self.door, self.clock).run_once()
        self.clock.forward(seconds=60)

    def shown(self) -> list[dict[str, Any]]:
        return self.slack.workspace.said(self.sales)

    def thread(self) -> list[str]:
        return [reply["text"] for message in self.shown() for reply in message["replies"]]

    def told(self) -> list[str]:
        return [words_of(message) for message in self.slack.dm_of(MARA)]


@pytest.fixture
async def desk(
    sqlite_url: str, encryption_key: bytes, slack: SlackStandin, door: SlackDoor, clock: HandClock
) -> AsyncIterator[Desk]:
    slack.add_user(PETE, "Pete")
    sales = slack.workspace.add_channel("sales", [MARA, "U0TWOTICK"])
    async with await open_store(sqlite_url, [encryption_key]) as store:
        account = await given_account(store, email="mara@a.example", slack_user=MARA)
        await given_account(store, email="pete@a.example", slack_user=PETE)
        yield Desk(store, slack, door, clock, account, sales)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("share", ShareWish()),
        ("share lunch #sales", ShareWish(("lunch",), "sales")),
        ('share "q3 proposal" #sales-eu', ShareWish(("q3", "proposal"), "sales-eu")),
        ("share lunch #Sales hide", ShareWish(("lunch",), "sales", hide=True)),
        ("share ticket #12 #sales", ShareWish(("ticket", "#12"), "sales")),
        ("share lunch", Unknown("share lunch", "/opens share lunch #sales")),
        ("share #sales", Unknown("share #sales", "/opens share lunch #sales")),
    ],
)
def test_sharing_is_typed_as_words_and_a_channel(typed: str, read: object) -> None:
    assert read_command(typed) == read


async def test_typed_it_is_shown_there_without_anything_to_press(desk: Desk) -> None:
    await desk.sent()

    said = await desk.says("/opens share proposal #sales")

    [shown] = desk.shown()
    assert "I keep it up to date there" in said
    assert "Q3 proposal" in words_of(shown)
    assert "not opened yet" in words_of(shown)
    assert [element for block in shown["blocks"] for element in elements_of(block)] == []
    assert "mail.google.com" not in str(shown)


async def test_an_opening_changes_the_card_and_is_told_in_its_thread(desk: Desk) -> None:
    given = await desk.sent()
    await desk.says("/opens share proposal #sales")

    await desk.opened(given)
    await desk.work()

    [shown] = desk.shown()
    assert "1 open" in words_of(shown)
    assert [line.startswith("Ada Lovelace opened it") for line in desk.thread()] == [True]


async def test_what_was_drawn_is_neither_drawn_nor_told_again(desk: Desk) -> None:
    given = await desk.sent()
    await desk.says("/opens share proposal #sales")
    await desk.opened(given)
    for _ in range(4):
        await desk.work()

    assert len(desk.thread()) == 1
    assert [call.method for call in desk.slack.calls].count("chat.update") == 1


async def test_a_reply_is_told_in_the_thread_too(desk: Desk) -> None:
    given = await desk.sent()
    await desk.says("/opens share proposal #sales")
    desk.clock.forward(seconds=60)

    about = {"account_id": desk.account.id, "message_id": given.message.id, "copy_id": given.copy.id}
    alert = an_alert(kind=AlertKind.REPLIED, key="replied", due_at=desk.clock(), **about)
    answer = Answer(given.copy.id, "g2", AnswerKind.REPLY, "Ada Lovelace", desk.clock())
    await desk.store.hits.note_reply(given.copy.id, desk.clock())
    await desk.store.following.note(answer, alert)
    await desk.work()
    await desk.work()

    assert "replied" in words_of(desk.shown()[0])
    assert desk.thread() == ["Ada Lovelace replied"]


@pytest.mark.parametrize("pressed", [True, False])
async def test_hidden_its_subject_and_its_documents_are_never_there(desk: Desk, pressed: bool) -> None:
    given = await desk.sent("Secret merger")
    if pressed:
        await desk.presses("share_to", f"{desk.sales} hide:{given.message.id}")
    else:
        await desk.says("/opens share merger #sales hide")

    await desk.opened(given)
    await desk.work()

    [shown] = desk.shown()
    assert "A message to Ada Lovelace" in words_of(shown)
    assert "1 open" in words_of(shown)
    assert "merger" not in str(
        [call.arguments for call in desk.slack.calls if call.arguments.get("channel") == desk.sales]
    )


async def test_shared_twice_it_stands_there_once(desk: Desk) -> None:
    await desk.sent()
    await desk.says("/opens share proposal #sales")

    assert "Shared already" in await desk.says("/opens share proposal #sales")
    assert len(desk.shown()) == 1


async def test_stopped_nothing_of_it_is_left_and_nothing_more_is_told(desk: Desk) -> None:
    given = await desk.sent()
    await desk.says("/opens share proposal #sales")
    listed = await desk.says("/opens share")
    [stop] = [one["value"] for block in desk.card.blocks for one in elements_of(block)]

    said = await desk.presses("unshare", stop)
    await desk.work()
    await desk.opened(given)
    await desk.work()

    assert "Q3 proposal" in listed
    assert "Not shared any more" in said
    [shown] = desk.shown()
    assert "shares this mail here no more" in words_of(shown)
    assert "proposal" not in str(shown)
    assert desk.thread() == []
    assert "You share no mail" in await desk.says("/opens share")


async def test_slack_away_when_it_is_stopped_takes_it_down_later(desk: Desk) -> None:
    await desk.sent()
    await desk.says("/opens share proposal #sales")
    [share] = await desk.store.shares.of([desk.account.id])
    await desk.presses("unshare", share.id)
    desk.slack.faults.next("chat.update", Dropped(acting=False))
    await desk.work()
    still = "proposal" in str(desk.shown())
    await desk.work()

    assert still
    assert "proposal" not in str(desk.shown())


async def test_nobody_elses_is_stopped_listed_or_shared(desk: Desk) -> None:
    given = await desk.sent()
    await desk.says("/opens share proposal #sales")
    [share] = await desk.store.shares.of([desk.account.id])

    assert "Not shared any more" in await desk.presses("unshare", share.id, PETE)
    assert "You share no mail" in await desk.says("/opens share", PETE)
    assert "proposal" not in await desk.says("/opens share q3 #sales", PETE)
    assert "not known any more" in await desk.presses("share", given.message.id, PETE)
    assert len(await desk.store.shares.of([desk.account.id])) == 1


@pytest.mark.parametrize("loss", ["archived", "taken out"])
async def test_a_channel_that_is_lost_is_told_to_its_sender_once(desk: Desk, loss: str) -> None:
    given = await desk.sent()
    await desk.says("/opens share proposal #sales")
    if loss == "archived":
        desk.slack.workspace.archive(desk.sales)
    else:
        desk.slack.workspace.leave(desk.sales, "U0TWOTICK")

    await desk.opened(given)
    for _ in range(3):
        await desk.work()

    [told] = desk.told()
    assert "Q3 proposal is not kept up to date" in told
    assert "/invite @Twotick" in told
    assert "You share no mail" in await desk.says("/opens share")


async def test_an_archived_channel_is_said_when_it_is_typed(desk: Desk) -> None:
    await desk.sent()
    desk.slack.workspace.archive(desk.sales)

    assert "that is not archived" in await desk.says("/opens share proposal #sales")
    assert desk.shown() == []


async def test_a_channel_that_its_sender_is_not_in_is_never_spoken_in(desk: Desk) -> None:
    await desk.sent()
    boards = desk.slack.workspace.add_channel("board", ["U0TWOTICK"], private=True)

    assert "I do not see you in #board" in await desk.says("/opens share proposal #board")
    assert desk.slack.workspace.said(boards) == []


async def test_a_card_that_somebody_deleted_is_not_said_again(desk: Desk) -> None:
    given = await desk.sent()
    await desk.says("/opens share proposal #sales")
    desk.slack.workspace.delete(desk.sales, desk.shown()[0]["ts"])

    await desk.opened(given)
    await desk.work()

    assert desk.shown() == []
    assert desk.told() == []
    assert "You share no mail" in await desk.says("/opens share")


async def test_a_mail_that_is_forgotten_is_taken_down(desk: Desk) -> None:
    await desk.sent()
    await desk.says("/opens share proposal #sales")

    await desk.store.accounts.remove("mara@a.example")
    await desk.work()

    assert "proposal" not in str(desk.shown())


@pytest.mark.parametrize("fault", [RateLimited(3), Says("internal_error"), Dropped(acting=True)])
async def test_what_slack_did_not_take_is_drawn_later(desk: Desk, fault: Any) -> None:
    given = await desk.sent()
    await desk.says("/opens share proposal #sales")
    await desk.opened(given)
    desk.slack.faults.next("chat.update", fault)
    await desk.work()
    await desk.work()

    assert "1 open" in words_of(desk.shown()[0])
    assert len(desk.thread()) == 1


async def test_of_several_that_match_one_is_chosen(desk: Desk) -> None:
    await desk.sent("Q3 proposal")
    await desk.sent("Q4 proposal")

    assert "Which one?" in await desk.says("/opens share proposal #sales")
    assert desk.shown() == []


async def test_a_hostile_subject_does_nothing_in_a_channel(desk: Desk) -> None:
    given = await desk.sent("<!channel> *_~`\u202e" + "x" * 5000)
    await desk.presses("share_to", f"{desk.sales} share:{given.message.id}")
    await desk.opened(given)
    await desk.work()

    assert "<!channel>" not in str(desk.shown())


async def test_without_the_right_to_see_channels_it_is_said_who_can_change_that(desk: Desk) -> None:
    await desk.sent()
    desk.slack.workspace.scopes -= {"groups:read"}

    assert "groups:read" in await desk.says("/opens share proposal #sales")
