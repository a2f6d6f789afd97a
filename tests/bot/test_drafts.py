"""Drafts in Slack, over a real store, between a strict Gmail and a strict Slack; the worker works when told."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.door import routes
from tests.bot.books import HandClock
from tests.makers import an_account
from tests.standins.gmail import GmailStandin, start_gmail
from tests.standins.slack import SlackStandin
from tests.standins.slack_words import words_of
from tests.tracker.sending.conftest import BASE, TOKENS, Directory, a_mail
from tracker.assembly import recording_of
from tracker.clock import new_id
from tracker.doors import Services
from tracker.gmail.asking import Patience
from tracker.gmail.mailers import GoogleMailers
from tracker.granting import Granting
from tracker.model import Account
from tracker.ordering import Ordering
from tracker.ports import Store
from tracker.reporting import Reporting
from tracker.sending import Sending
from tracker.settings import Settings, load_settings
from tracker.store.opening import open_store
from tracker.tagger import Tagger
from tracker.wishes import OrderState, SendOrder

USER = "U0SENDER"


@dataclass
class Desk:
    """A person in Slack with a mailbox, and a worker that works when told."""

    slack: SlackStandin
    gmail: GmailStandin
    store: Store
    account: Account
    mailers: GoogleMailers
    settings: Settings
    clock: HandClock

    def saved(self, subject: str, to: str = "ada@acme.example", email: str = "") -> str:
        return self.gmail.save_draft(email or self.account.email, a_mail(to, subject=subject))

    async def says(self, text: str) -> str:
        return await self.slack.says(text, USER)

    async def typed(self, text: str) -> dict[str, Any]:
        """The message that answers a command."""
        (answer,) = await self.slack.command(USER, text)
        return answer

    async def press(self, message: dict[str, Any], action: str, nth: int = 0) -> dict[str, Any]:
        """Press the nth button of its kind; the message that answers."""
        answers = await self.slack.press(USER, message["ts"], action, buttons(message, action)[nth])
        return answers[0]

    def shown(self, message: dict[str, Any]) -> str:
        """What stands where this message stood."""
        return words_of(self.slack.workspace.find(USER, message["ts"])[1])

    async def orders(self) -> list[SendOrder]:
        return list(await self.store.orders.latest(self.account.id, self.clock() - timedelta(days=1), 50))

    async def work(self) -> None:
        """What the worker does now."""
        await self._ordering().run_once()

    def sent(self) -> list[Any]:
        return list(self.gmail.mailboxes[self.account.email].labelled("SENT"))

    def drafts(self) -> dict[str, Any]:
        return self.gmail.mailboxes[self.account.email].drafts

    def _ordering(self) -> Ordering:
        granting, recording = Granting(self.store.accounts, self.clock), recording_of(self.settings, self.store)
        tagger, judge = Tagger(TOKENS, BASE), recording.judge_again
        sending = Sending(self.store.messages, self.mailers, tagger, judge, granting, Directory(), self.clock, ())
        books = self.store.orders, self.store.accounts
        return Ordering(*books, self.mailers, sending, granting, TOKENS.pixel, self.clock)


def buttons(message: dict[str, Any], action: str) -> list[str]:
    """The values of the buttons of one kind, from top to bottom."""
    elements = [
        element
        for block in message["blocks"]
        for element in [*block.get("elements", ()), *([block["accessory"]] if "accessory" in block else ())]
    ]
    return [element["value"] for element in elements if element.get("action_id") == action]


@asynccontextmanager
async def _served(services: Services, slack: SlackStandin, clock: HandClock) -> AsyncIterator[None]:
    app = web.Application()
    app.add_routes(routes(services, clock))
    async with TestServer(app, host="127.0.0.1") as server:
        slack.app_url_events = str(server.make_url("/slack/events"))
        yield


@pytest.fixture
async def desk(slack: SlackStandin, clock: HandClock, sqlite_url: str, tmp_path: Path) -> AsyncIterator[Desk]:
    async with opened_desk(slack, clock, sqlite_url, tmp_path) as made:
        yield made


@asynccontextmanager
async def opened_desk(slack: SlackStandin, clock: HandClock, sqlite_url: str, tmp_path: Path) -> AsyncIterator[Desk]:
    environ = {
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_SIGNING_SECRET": slack.signing_secret,
        "SLACK_API_URL": slack.own_url + "api/",
    }
    settings = load_settings(environ, tmp_path)
    async with await open_store(sqlite_url, [bytes(32)]) as store, start_gmail() as served:
        gmail = served.standin
        mailers = GoogleMailers(
            gmail.client_id,
            gmail.client_secret,
            served.api_url,
            served.token_url,
            store.accounts.refresh_token,
            patience=Patience(delays=(), seconds=2.0),
            units_a_minute=10**9,
        )
        made = an_account(email="mara@studio.example", slack_user=USER)
        account = await store.accounts.add(made, gmail.add_mailbox(made.email))
        reporting = Reporting(store.messages, store.hits)
        async with _served(Services(settings, store, reporting, mailboxes=mailers), slack, clock):
            yield Desk(slack, gmail, store, account, mailers, settings, clock)
        await mailers.close()


async def test_drafts_are_listed_with_subject_and_recipient_the_latest_first(desk: Desk) -> None:
    desk.saved("Q3 proposal")
    desk.saved("Lunch", "grace@navy.example")

    shown = await desk.says("/opens drafts")

    assert "1. Lunch\nto grace@navy.example" in shown
    assert "2. Q3 proposal\nto ada@acme.example" in shown


async def test_a_press_sends_the_draft_tracked_and_says_when_it_is_out(desk: Desk) -> None:
    desk.saved("Lunch")
    listed = await desk.typed("drafts")

    answer = await desk.press(listed, "send_draft")
    at_first = words_of(answer)
    desk.clock.forward(seconds=11)
    await desk.work()
    await _until(lambda: "✓ Sent tracked" in desk.shown(listed))

    assert "On its way\nLunch to ada@acme.example" in at_first
    assert b"/o/" in desk.sent()[0].raw
    assert "Lunch to ada@acme.example" in desk.shown(listed)


async def test_a_draft_waits_for_the_time_to_cancel_that_its_owner_chose(desk: Desk) -> None:
    wanted = await desk.store.preferences.of(desk.account.id)
    await desk.store.preferences.keep(replace(wanted, undo_seconds=30, links=True, per_recipient=True, documents=True))
    desk.saved("Lunch")

    shown = words_of(await desk.press(await desk.typed("drafts"), "send_draft"))

    (order,) = await desk.orders()
    assert order.not_before - order.asked_at == timedelta(seconds=30)
    assert (order.links, order.per_recipient, order.documents) == (True, True, True)
    assert "Links are tracked, too · one mail to each recipient" in shown


async def test_pressing_twice_is_one_order(desk: Desk) -> None:
    desk.saved("Lunch")
    listed = await desk.typed("drafts")
    value = buttons(listed, "send_draft")[0]
    again = await desk.typed("drafts")

    await desk.press(listed, "send_draft")
    twice = await desk.slack.press(USER, again["ts"], "send_draft", value)

    assert len(await desk.orders()) == 1
    assert "On its way" in words_of(twice[0])


async def test_cancelled_in_time_nothing_goes_out_and_the_draft_stays(desk: Desk) -> None:
    desk.saved("Lunch")
    listed = await desk.typed("drafts")

    ordered = await desk.press(listed, "send_draft")
    cancelled = words_of(await desk.press(ordered, "cancel_order"))
    desk.clock.forward(minutes=1)
    await desk.work()

    assert "Cancelled\nLunch to ada@acme.example\nThe draft is still in Gmail." in cancelled
    assert (len(desk.sent()), len(desk.drafts())) == (0, 1)


async def test_a_late_repeat_of_a_press_does_not_undo_the_cancel(desk: Desk) -> None:
    desk.saved("Lunch")
    listed, other = await desk.typed("drafts"), await desk.typed("drafts")
    ordered = await desk.press(listed, "send_draft")
    await desk.press(ordered, "cancel_order")

    shown = words_of(await desk.press(other, "send_draft"))
    desk.clock.forward(minutes=1)
    await desk.work()

    assert "Cancelled" in shown
    assert desk.sent() == []


async def test_after_a_cancel_the_draft_can_be_sent_after_all(desk: Desk) -> None:
    desk.saved("Lunch")
    ordered = await desk.press(await desk.typed("drafts"), "send_draft")
    cancelled = await desk.press(ordered, "cancel_order")

    again = words_of(await desk.press(cancelled, "send_draft"))
    desk.clock.forward(minutes=1)
    await desk.work()

    assert "On its way" in again
    assert len(desk.sent()) == 1


async def test_an_older_list_shows_the_order_that_is_under_way(desk: Desk) -> None:
    desk.saved("Lunch")
    listed, old = await desk.typed("drafts"), await desk.typed("drafts")
    ordered = await desk.press(listed, "send_draft")
    cancelled = await desk.press(ordered, "cancel_order")
    await desk.press(cancelled, "send_draft")

    assert "Cancel" in buttons_named(await desk.press(old, "send_draft"))
    assert len([order for order in await desk.orders() if not order.over]) == 1


async def test_too_late_to_cancel_is_said_with_what_became_of_it(desk: Desk) -> None:
    desk.saved("Lunch")
    other = await desk.typed("drafts")
    ordered = await desk.press(await desk.typed("drafts"), "send_draft")
    waiting = await desk.typed("waiting")
    desk.clock.forward(seconds=11)
    await desk.work()

    shown = words_of(await desk.press(waiting, "cancel_order"))

    assert "✓ Sent tracked\nLunch to ada@acme.example\nToo late to cancel: it was out already." in shown
    assert other["ts"] != ordered["ts"]


async def test_an_order_that_is_being_sent_is_too_late_to_cancel(desk: Desk) -> None:
    desk.saved("Lunch")
    await desk.press(await desk.typed("drafts"), "send_draft")
    waiting = await desk.typed("waiting")
    desk.clock.forward(seconds=11)
    await desk.store.orders.lease(desk.clock(), desk.clock() + timedelta(minutes=5), 1)

    shown = words_of(await desk.press(waiting, "cancel_order"))

    assert shown == "Too late to cancel\nLunch to ada@acme.example\nIt was being sent already."


async def test_a_mail_that_cannot_be_tracked_says_so_once_it_is_out(desk: Desk) -> None:
    plain = b"To: ada@acme.example\r\nSubject: Plain\r\n\r\nNo HTML here.\r\n"
    desk.gmail.save_draft(desk.account.email, plain)
    listed = await desk.typed("drafts")
    await desk.press(listed, "send_draft")
    desk.clock.forward(seconds=11)

    await desk.work()
    await _until(lambda: "Sent, but not tracked" in desk.shown(listed))


async def test_a_draft_deleted_meanwhile_is_said_in_place_of_the_answer(desk: Desk) -> None:
    draft_id = desk.saved("Lunch")
    listed = await desk.typed("drafts")
    await desk.press(listed, "send_draft")
    desk.gmail.delete_draft(desk.account.email, draft_id)
    desk.clock.forward(seconds=11)

    await desk.work()
    await _until(lambda: "Not sent" in desk.shown(listed))

    assert "The draft is no longer in Gmail" in desk.shown(listed)


async def test_a_number_shows_which_draft_it_means_now_and_sends_nothing(desk: Desk) -> None:
    desk.saved("Q3 proposal")
    await desk.says("/opens drafts")
    desk.saved("Lunch")  # the list moved

    shown = await desk.says("/opens send 1 links each")

    assert "Send this draft, tracked?\nLunch to ada@acme.example" in shown
    assert "links are tracked, too · one mail to each recipient" in shown
    assert await desk.orders() == []


async def test_the_button_sends_the_draft_it_was_drawn_for_however_the_list_moved(desk: Desk) -> None:
    desk.saved("Q3 proposal")
    offered = await desk.typed("send 1")
    desk.saved("Lunch")

    await desk.press(offered, "send_draft")
    desk.clock.forward(seconds=11)
    await desk.work()

    assert b"Subject: Q3 proposal" in desk.sent()[0].raw


async def test_a_number_that_is_not_there_gets_the_list(desk: Desk) -> None:
    desk.saved("Lunch")

    assert "There is no draft 7. These are the latest:\n1. Lunch" in await desk.says("/opens send 7")


@pytest.mark.parametrize("text", ['send "q3 PROPOSAL"', "send proposal q3", "send acme q3"])
async def test_words_find_the_only_draft_with_them(desk: Desk, text: str) -> None:
    desk.saved("Q3 proposal")
    desk.saved("Lunch", "grace@navy.example")

    assert "Send this draft, tracked?\nQ3 proposal" in await desk.says(f"/opens {text}")


async def test_words_that_several_drafts_have_get_a_button_for_each(desk: Desk) -> None:
    for subject in ("Q3 proposal", "Q3 numbers", "Lunch"):
        desk.saved(subject)

    answer = await desk.typed('send "q3"')

    assert "2 drafts with “q3”" in words_of(answer)
    assert len(buttons(answer, "send_draft")) == 2


async def test_words_that_no_draft_has_get_the_latest(desk: Desk) -> None:
    desk.saved("Lunch")

    assert "No draft is called “budget”. These are the latest:\n1. Lunch" in await desk.says("/opens send budget")


async def test_no_drafts_says_what_to_do(desk: Desk) -> None:
    assert "Write a mail there, wait until Gmail says that it is saved" in await desk.says("/opens drafts")


async def test_a_draft_to_nobody_is_shown_without_a_button(desk: Desk) -> None:
    desk.gmail.save_draft(desk.account.email, b"Subject: Half\r\n\r\nDear\r\n")

    answer = await desk.typed("drafts")

    assert "1. Half\nto nobody yet: add a recipient in Gmail first" in words_of(answer)
    assert buttons(answer, "send_draft") == []


async def test_who_gets_a_copy_only_is_shown_as_a_recipient(desk: Desk) -> None:
    raw = b"Bcc: ada@acme.example\r\nSubject: Quietly\r\n\r\nDear\r\n"
    desk.gmail.save_draft(desk.account.email, raw)

    assert "1. Quietly\nto ada@acme.example" in await desk.says("/opens drafts")


async def test_whoever_tracked_nothing_yet_is_shown_how_to_begin_in_slack(desk: Desk) -> None:
    assert "type /opens drafts, and press Send tracked" in await desk.says("/opens")


async def test_a_gmail_that_is_asleep_is_said(desk: Desk) -> None:
    desk.gmail.faults.fail("gmail.users.drafts.list", 503)

    assert "Gmail does not answer for mara@studio.example just now." in await desk.says("/opens drafts")


async def test_a_mailbox_that_only_sends_is_told_how_to_let_more(desk: Desk) -> None:
    sending_alone = desk.gmail.add_mailbox(desk.account.email, scopes={"https://www.googleapis.com/auth/gmail.send"})
    await desk.store.accounts.add(desk.account, sending_alone)

    shown = await desk.says("/opens drafts")

    assert "was connected for sending alone" in shown
    assert "/opens connect" in shown


async def test_a_withdrawn_grant_is_told_with_the_way_back(desk: Desk) -> None:
    desk.gmail.revoke(desk.account.email)

    assert "Google withdrew Twotick's access to mara@studio.example." in await desk.says("/opens drafts")


async def test_several_mailboxes_are_named_and_counted_through(desk: Desk) -> None:
    other = await _connected(desk, "second@studio.example")
    desk.saved("Lunch")
    desk.saved("Dinner", email=other.email)

    shown = await desk.says("/opens drafts")
    offered = await desk.says("/opens send 2")

    assert "mara@studio.example\n1. Lunch" in shown
    assert "second@studio.example\n2. Dinner" in shown
    assert "Dinner to ada@acme.example\nfrom second@studio.example" in offered


async def test_numbers_are_not_guessed_while_one_of_several_mailboxes_is_asleep(desk: Desk) -> None:
    other = await _connected(desk, "second@studio.example")
    desk.saved("Lunch")
    desk.saved("Dinner", email=other.email)
    desk.gmail.revoke(desk.account.email)

    answer = await desk.typed("send 1")

    assert "The numbers cannot be told just now" in words_of(answer)


async def test_waiting_shows_every_order_of_ones_own_with_a_way_back(desk: Desk) -> None:
    stranger = await _connected(desk, "pete@studio.example", "U0PETE")
    draft_id = desk.saved("Lunch")
    at = desk.clock() + timedelta(hours=3)
    for account, draft in ((desk.account, draft_id), (stranger, "r-secret"), (desk.account, None)):
        mark = None if draft else new_id()
        await desk.store.orders.put(
            SendOrder(new_id(), account.id, f"{draft}@{at}", desk.clock(), at, draft_id=draft, mark=mark)
        )

    answer = await desk.typed("waiting")
    cancelled = [words_of(await desk.press(answer, "cancel_order"))]
    cancelled += [words_of(await desk.press(await desk.typed("waiting"), "cancel_order"))]

    assert "2 mails on the way out" in words_of(answer)
    assert "Lunch to ada@acme.example\nGoes out tracked Nov 2, 2026 at 15:00 UTC" in words_of(answer)
    assert "The mail that you were writing in Gmail" in words_of(answer)
    assert len(buttons(answer, "cancel_order")) == 2
    assert all("The draft is still in Gmail." in said for said in cancelled)
    assert {order.state for order in await desk.orders()} == {OrderState.TAKEN_BACK}


async def test_waiting_works_while_gmail_is_asleep(desk: Desk) -> None:
    desk.saved("Lunch")
    await desk.press(await desk.typed("drafts"), "send_draft")
    desk.gmail.faults.fail("gmail.users.drafts.list", 503)

    answer = await desk.typed("waiting")
    cancelled = await desk.press(answer, "cancel_order")

    assert "A draft in Gmail" in words_of(answer)
    assert "Cancelled" in words_of(cancelled)


async def test_nothing_waiting_says_how_to_send_later(desk: Desk) -> None:
    assert "Nothing waits to be sent.\n/opens send 1 at 9:00" in await desk.says("/opens waiting")


async def test_somebody_elses_order_and_draft_are_as_good_as_none(desk: Desk) -> None:
    stranger = await _connected(desk, "pete@studio.example", "U0PETE")
    theirs = await desk.store.orders.put(
        SendOrder(new_id(), stranger.id, "theirs", desk.clock(), desk.clock() + timedelta(hours=1), draft_id="r1")
    )
    desk.saved("Lunch")
    listed = await desk.typed("drafts")
    forged = {**json.loads(buttons(listed, "send_draft")[0]), "account_id": stranger.id, "order_id": theirs.id}
    desk.slack.workspace.find(USER, listed["ts"])[1]["blocks"][1]["accessory"]["value"] = json.dumps(forged)

    sent = await desk.slack.press(USER, listed["ts"], "send_draft", json.dumps(forged))

    assert "not waiting any more" in words_of(sent[0])
    assert len(await desk.store.orders.latest(stranger.id, desk.clock(), 10)) == 1


async def test_a_time_is_read_on_the_persons_own_clock(desk: Desk) -> None:
    desk.saved("Lunch")

    offered = await desk.typed("send 1 tomorrow at 9:00")
    ordered = words_of(await desk.press(offered, "send_draft"))

    (order,) = await desk.orders()
    assert order.not_before.isoformat() == "2026-11-03T08:00:00+00:00"  # nine in Berlin
    assert "goes out Nov 3, 2026 at 08:00 UTC" in words_of(offered)
    assert "It goes out tracked Nov 3, 2026 at 08:00 UTC, as it is in Gmail then." in ordered


async def test_a_time_that_went_by_before_the_press_sends_nothing(desk: Desk) -> None:
    desk.saved("Lunch")
    offered = await desk.typed("send 1 tomorrow at 9:00")
    desk.clock.forward(days=2)

    shown = words_of(await desk.press(offered, "send_draft"))

    assert "That time is past. Nothing was sent." in shown
    assert await desk.orders() == []


async def test_a_past_time_is_refused(desk: Desk) -> None:
    desk.saved("Lunch")

    assert "09:00 on Nov 2, 2026 is past." in await desk.says("/opens send 1 today 9:00")


async def test_a_scope_that_is_missing_is_named(desk: Desk) -> None:
    desk.slack.workspace.scopes = desk.slack.workspace.scopes - {"users:read"}

    shown = await desk.says("/opens send 1 at 9:00")

    assert "users:read" in shown
    assert "Nothing was ordered" in shown


async def test_a_draft_that_waits_already_is_shown_with_its_time(desk: Desk) -> None:
    desk.saved("Lunch")
    await desk.press(await desk.typed("send 1 tomorrow at 9:00"), "send_draft")

    listed = await desk.typed("drafts")
    offered = await desk.says("/opens send 1")

    assert "goes out tracked Nov 3, 2026 at 08:00 UTC" in words_of(listed)
    assert buttons(listed, "send_draft") == []
    assert "This draft waits already" in offered


async def test_a_cancel_takes_back_every_order_for_the_draft(desk: Desk) -> None:
    draft_id = desk.saved("Lunch")
    for hours in (1, 2):
        at = desk.clock() + timedelta(hours=hours)
        await desk.store.orders.put(
            SendOrder(new_id(), desk.account.id, f"draft:{draft_id}@{at}", desk.clock(), at, draft_id=draft_id)
        )

    await desk.press(await desk.typed("drafts"), "cancel_order")

    assert {order.state for order in await desk.orders()} == {OrderState.TAKEN_BACK}


@pytest.mark.parametrize(("text", "track"), [("on", True), ("off", False)])
async def test_tracking_by_default_is_kept_and_said(desk: Desk, text: str, track: bool) -> None:
    wanted = await desk.store.preferences.of(desk.account.id)
    await desk.store.preferences.keep(replace(wanted, track=not track, undo_seconds=20))

    first, second = await desk.says(f"/opens {text}"), await desk.says(f"/opens {text}")

    kept = await desk.store.preferences.of(desk.account.id)
    assert (kept.track, kept.undo_seconds) == (track, 20)
    assert f"Tracking by default is {text}." in first
    assert f"Tracking by default is {text} already." in second
    assert "The Gmail add-on is not set up here" in first


async def test_hostile_subjects_do_nothing_in_any_card(desk: Desk) -> None:
    desk.saved("<!channel> *sale* `x` " + "x" * 5000)

    listed = await desk.typed("drafts")
    offered, drawn = await desk.typed("send 1"), json.dumps(listed["blocks"])
    ordered = await desk.press(listed, "send_draft")
    waiting = await desk.typed("waiting")

    texts = [
        block["text"]["text"] for m in (listed, offered, ordered, waiting) for block in m["blocks"] if "text" in block
    ]
    assert len(drawn) < 6000
    assert not any("<!channel>" in text or "`x`" in text for text in texts)


async def test_a_person_without_a_mailbox_is_shown_the_way(desk: Desk) -> None:
    desk.slack.add_user("U0NEW", "new")

    assert "/opens connect" in await desk.slack.says("/opens drafts", "U0NEW")


def buttons_named(message: dict[str, Any]) -> list[str]:
    return [
        e["text"]["text"] for block in message["blocks"] for e in block.get("elements", ()) if e["type"] == "button"
    ]


async def _connected(desk: Desk, email: str, user: str = USER) -> Account:
    made = an_account(email=email, slack_user=user)
    return await desk.store.accounts.add(made, desk.gmail.add_mailbox(email))


async def _until(happens: Any, seconds: float = 5.0) -> None:
    for _ in range(int(seconds / 0.02)):
        if happens():
            return
        await asyncio.sleep(0.02)
    assert happens()
