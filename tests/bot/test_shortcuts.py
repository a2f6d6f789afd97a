"""Shortcuts and their forms, over a real store, between a strict Gmail and Slack; the worker works when told."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest

from bot.cards.forms import WRITE_INSTEAD
from tests.bot.books import HandClock
from tests.bot.test_drafts import USER, Desk, opened_desk
from tests.makers import an_account
from tests.standins.slack import SlackStandin
from tests.standins.slack_hands import Hands
from tests.standins.slack_words import words_of
from tests.tracker.store.raw import raw_rows
from tracker.model import Profile
from tracker.slack_shortcuts import SEND_AS_MAIL, SEND_TRACKED
from tracker.wishes import OrderState

SEND = "gmail.users.messages.send"
GOOD = {"to": "Ada Lovelace <ada@acme.example>, grace@navy.example", "subject": "Lunch", "text": "At noon?\n\nMara"}


@pytest.fixture
async def desk(slack: SlackStandin, clock: HandClock, sqlite_url: str, tmp_path: Path) -> AsyncIterator[Desk]:
    async with opened_desk(slack, clock, sqlite_url, tmp_path) as made:
        yield made


def hands(desk: Desk) -> Hands:
    return desk.slack.hands_of(USER)


async def write_form(desk: Desk) -> dict[str, Any]:
    """The form to write a mail in."""
    await hands(desk).shortcut(SEND_TRACKED)
    await hands(desk).press(await hands(desk).reads("Write a short mail instead"), WRITE_INSTEAD)
    return await hands(desk).reads("Subject")


async def test_a_picked_draft_is_sent_as_it_was_asked_for(desk: Desk) -> None:
    draft_id = desk.saved("Lunch")
    desk.saved("Dinner")
    await hands(desk).shortcut(SEND_TRACKED)
    form = await hands(desk).reads("Gmail draft")

    await hands(desk).hand_in(form, draft=f"{desk.account.id}:{draft_id}", options=["links", "documents"])
    assert "Lunch to ada@acme.example" in words_of(await hands(desk).reads("On its way"))
    [order] = await desk.orders()
    desk.clock.forward(seconds=11)
    await desk.work()

    assert (order.links, order.per_recipient, order.documents) == (True, False, True)
    await hands(desk).reads("✓ Sent tracked")
    assert [mail.subject for mail in desk.sent()] == ["Lunch"]


async def test_a_picked_draft_waits_for_the_time_that_was_chosen(desk: Desk) -> None:
    draft_id = desk.saved("Lunch")
    await hands(desk).shortcut(SEND_TRACKED)
    form = await hands(desk).reads("Gmail draft")
    at = desk.clock() + timedelta(days=2)

    await hands(desk).hand_in(form, draft=f"{desk.account.id}:{draft_id}", at=int(at.timestamp()))

    await hands(desk).reads("Cancel")
    assert [order.not_before for order in await desk.orders()] == [at]


async def test_a_time_that_is_past_is_refused_beside_its_field(desk: Desk) -> None:
    form = await write_form(desk)

    handed = await hands(desk).hand_in(form, **GOOD, at=int(desk.clock().timestamp()) - 60)

    assert "This time is past" in handed.errors["at"]
    assert not await desk.orders()


async def test_a_written_mail_arrives_tagged_with_both_kinds_of_text(desk: Desk) -> None:
    form = await write_form(desk)

    await hands(desk).hand_in(form, **GOOD)
    assert "Lunch to ada@acme.example, grace@navy.example" in words_of(await hands(desk).reads("On its way"))
    desk.clock.forward(seconds=11)
    await desk.work()

    await hands(desk).reads("✓ Sent tracked")
    [sent] = desk.sent()
    mail = message_from_bytes(sent.raw, policy=default)
    assert mail["From"].addresses[0].addr_spec == desk.account.email
    assert mail["To"] == "Ada Lovelace <ada@acme.example>, grace@navy.example"
    assert mail.get_body(("plain",)).get_content().splitlines() == ["At noon?", "", "Mara"]
    assert "/o/" in mail.get_body(("html",)).get_content()


async def test_cancelled_in_its_window_it_stays_a_draft(desk: Desk) -> None:
    await hands(desk).hand_in(await write_form(desk), **GOOD)

    await hands(desk).press(await hands(desk).reads("Cancel"), "cancel_order")
    await hands(desk).reads("The draft is still in Gmail")
    desk.clock.forward(seconds=11)
    await desk.work()

    assert desk.sent() == []
    assert len(desk.drafts()) == 1


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("to", "ada", "“ada” is no mail address"),
        ("to", "ada@acme.example, grace@", "“grace@” is no mail address"),
        ("to", "ada@acme.example grace@navy.example", "no mail address"),
        ("to", ", ;", "Whom is it for?"),
        ("to", ",".join(f"p{number}@x.example" for number in range(51)), "51 recipients are too many"),
        ("subject", "  ", "without a subject"),
        ("text", "\n", "Write a line"),
    ],
)
async def test_what_is_wrong_is_said_beside_its_field(desk: Desk, field: str, value: str, words: str) -> None:
    handed = await hands(desk).hand_in(await write_form(desk), **{**GOOD, field: value})

    assert words in handed.errors[field]
    assert desk.drafts() == {}


async def test_a_form_that_is_handed_in_twice_is_one_mail(desk: Desk) -> None:
    form = await write_form(desk)

    await asyncio.gather(*(hands(desk).hand_in(form, **GOOD) for _ in range(3)))
    await hands(desk).hand_in(form, **{**GOOD, "subject": "Lunch!"})
    desk.clock.forward(seconds=11)
    await desk.work()
    await desk.work()

    assert [mail.subject for mail in desk.sent()] == ["Lunch"]
    assert desk.drafts() == {}


async def test_while_gmail_is_asleep_the_form_comes_back_as_it_was_filled_in(desk: Desk) -> None:
    form = await write_form(desk)
    desk.gmail.faults.fail("gmail.users.drafts.create", 503, times=20)

    await hands(desk).hand_in(form, **GOOD, options=["links"])
    form = await hands(desk).reads("Gmail does not answer just now", 10)
    desk.gmail.faults.clear()
    values = {block["block_id"]: block["element"] for block in form["blocks"] if block["type"] == "input"}
    assert values["text"]["initial_value"] == GOOD["text"]
    assert [one["value"] for one in values["options"]["initial_options"]] == ["links"]
    await hands(desk).hand_in(form)

    await hands(desk).reads("On its way")
    assert [order.links for order in await desk.orders()] == [True]


@pytest.fixture
async def sender(desk: Desk) -> Desk:
    """A desk whose mailbox lets us send, and nothing else: Gmail refuses all the rest."""
    desk.gmail.revoke(desk.account.email)
    grant = desk.gmail.add_mailbox(desk.account.email, scopes={"https://www.googleapis.com/auth/gmail.send"})
    account = await desk.store.accounts.add(replace(desk.account, profile=Profile.SEND), grant)
    return replace(desk, account=account)


async def test_a_mailbox_for_sending_alone_sends_what_is_written_here(sender: Desk) -> None:
    await hands(sender).hand_in(await write_form(sender), **GOOD)
    assert "Lunch to ada@acme.example" in words_of(await hands(sender).reads("On its way"))
    sender.clock.forward(seconds=11)
    await sender.work()

    await hands(sender).reads("✓ Sent tracked")
    [mail] = sender.sent()
    assert (mail.subject, b"/o/" in mail.raw) == ("Lunch", True)
    assert [name for name, _ in sender.gmail.calls if "send" in name or "create" in name] == [SEND]


async def test_what_waits_here_is_encrypted_and_gone_once_it_is_out(sender: Desk, sqlite_url: str) -> None:
    await hands(sender).hand_in(await write_form(sender), **GOOD)
    waiting = str(await raw_rows(sqlite_url, "SELECT mail FROM send_order"))
    listed = await sender.says("/opens waiting")
    sender.clock.forward(seconds=11)
    await sender.work()

    assert "v1." in waiting
    assert "noon" not in waiting
    assert "Lunch to ada@acme.example" in listed
    assert await raw_rows(sqlite_url, "SELECT mail FROM send_order") == [(None,)]


async def test_cancelled_in_time_nothing_goes_out_and_nothing_is_kept(sender: Desk, sqlite_url: str) -> None:
    await hands(sender).hand_in(await write_form(sender), **GOOD)
    shown = await hands(sender).reads("On its way")

    await hands(sender).press(shown, "cancel_order")
    await hands(sender).reads("Nothing went out, and nothing of it is kept.")
    sender.clock.forward(seconds=11)
    await sender.work()

    assert sender.sent() == []
    assert await raw_rows(sqlite_url, "SELECT mail FROM send_order") == [(None,)]


async def test_handed_in_twice_it_goes_out_once(sender: Desk) -> None:
    form = await write_form(sender)
    await asyncio.gather(*(hands(sender).hand_in(form, **GOOD) for _ in range(2)))
    sender.clock.forward(seconds=11)
    await sender.work()
    await hands(sender).hand_in(form, **GOOD)
    await sender.work()

    assert len(sender.sent()) == 1


@pytest.mark.parametrize("fault", ["drop_after", "drop_before"])
async def test_an_answer_of_gmail_that_never_came_is_said_honestly_and_nothing_is_sent_again(
    sender: Desk, fault: str
) -> None:
    getattr(sender.gmail.faults, fault)(SEND)
    await hands(sender).hand_in(await write_form(sender), **GOOD)
    for _ in range(3):
        sender.clock.forward(minutes=2)
        await sender.work()

    words = words_of(await hands(sender).reads("may or may not be out"))
    assert "Sent folder" in words
    assert [one[0] for one in sender.gmail.calls].count(SEND) == 1
    assert [order.state for order in await sender.orders()] == [OrderState.FAILED]


async def test_a_mailbox_of_which_less_was_granted_than_we_think_says_what_to_do(desk: Desk) -> None:
    scopes = {"https://www.googleapis.com/auth/gmail.send"}
    await desk.store.accounts.add(desk.account, desk.gmail.add_mailbox(desk.account.email, scopes=scopes))

    await hands(desk).hand_in(await write_form(desk), **GOOD)

    await hands(desk).reads("leave every box ticked", 10)
    assert not await desk.orders()


async def test_a_message_is_sent_as_mail_in_plain_words(desk: Desk) -> None:
    desk.slack.add_user("U0GRACE", "Grace Hopper")
    text = "Hi <@U0GRACE>, see <https://acme.example|the *plan*> &amp; tell <!here>"

    await hands(desk).message_shortcut(SEND_AS_MAIL, text)
    form = await hands(desk).reads("Subject")

    values = {block["block_id"]: block["element"] for block in form["blocks"] if block["type"] == "input"}
    said = values["text"]["initial_value"]
    assert said == "Hi @Grace Hopper, see the plan (https://acme.example) & tell @here"


async def test_while_gmail_takes_its_time_a_window_is_there_in_time(desk: Desk) -> None:
    desk.saved("Lunch")
    desk.gmail.faults.slow("gmail.users.drafts.list", 1.2)

    await hands(desk).shortcut(SEND_TRACKED)
    await hands(desk).reads("One moment")

    await hands(desk).reads("Gmail draft", 5)


async def test_of_several_mailboxes_the_mail_goes_out_from_the_chosen_one(desk: Desk) -> None:
    made = an_account(email="second@studio.example", slack_user=USER)
    second = await desk.store.accounts.add(made, desk.gmail.add_mailbox(made.email))

    await hands(desk).hand_in(await write_form(desk), account=second.id, **GOOD)

    await hands(desk).reads("On its way")
    assert len(desk.gmail.mailboxes[second.email].drafts) == 1
    assert desk.drafts() == {}


async def test_from_somebody_elses_mailbox_nothing_is_sent(desk: Desk) -> None:
    theirs = an_account(email="pete@studio.example", slack_user="U0PETE")
    draft = desk.saved("Secret", email=desk.account.email)
    pete = await desk.store.accounts.add(theirs, desk.gmail.add_mailbox(theirs.email))
    await hands(desk).shortcut(SEND_TRACKED)
    form = await hands(desk).reads("Gmail draft")
    option = form["blocks"][0]["element"]["options"][0]
    option["value"] = f"{pete.id}:{draft}"

    await hands(desk).hand_in(form, draft=option["value"])

    await hands(desk).sees(lambda: "On its way" not in words_of(hands(desk).modal or {}), "it is refused")
    assert not await desk.store.orders.latest(pete.id, desk.clock() - timedelta(days=1), 5)


async def test_who_is_not_connected_is_told_how(desk: Desk) -> None:
    await desk.store.accounts.remove(desk.account.email)

    await hands(desk).shortcut(SEND_TRACKED)

    await hands(desk).reads("No Gmail account is connected to you yet")


async def test_without_drafts_a_mail_can_be_written(desk: Desk) -> None:
    await hands(desk).shortcut(SEND_TRACKED)

    assert "Write a short mail instead" in words_of(await hands(desk).reads("No drafts in Gmail"))


async def test_a_mail_that_was_taken_back_does_not_come_back_when_its_form_is_handed_in_again(desk: Desk) -> None:
    form = await write_form(desk)
    await hands(desk).hand_in(form, **GOOD)
    [order] = await desk.orders()
    await desk.store.orders.take_back(desk.account.id, order.id)

    await hands(desk).hand_in(form, **GOOD)

    assert [one.state for one in await desk.orders()] == [OrderState.TAKEN_BACK]
