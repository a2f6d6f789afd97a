"""Drafts are sent, and taken back, from Slack."""

import signal
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.flows.conftest import SENDER, USER, Product, until
from tests.flows.test_main_line import a_mail
from tests.standins.gmail import StoredMessage
from tests.standins.slack_words import words_of

ADA = "ada@acme.example"


async def test_a_draft_picked_in_slack_goes_out_tracked_and_its_opening_is_told(product: Product) -> None:
    product.gmail.add_mailbox(ADA, "Ada Lovelace")
    product.gmail.save_draft(SENDER, a_mail("Lunch"))

    listed = await _typed(product, "drafts")
    ordered = await _press(product, listed, "send_draft")
    await until(lambda: "✓ Sent tracked" in _shown(product, listed), "the answer says that it is out", 25)

    assert "1. Lunch" in words_of(listed)
    assert "On its way" in words_of(ordered)
    assert b"/o/" in product.gmail.mailboxes[ADA].labelled("INBOX")[0].raw
    assert "Lunch" in await product.says("/opens lunch")


async def test_cancelled_in_time_nothing_arrives_and_the_draft_stays(product: Product) -> None:
    product.gmail.add_mailbox(ADA, "Ada Lovelace")
    for subject in ("Kept", "Sent"):
        product.gmail.save_draft(SENDER, a_mail(subject))

    ordered = await _press(product, await _typed(product, 'send "kept"'), "send_draft")
    cancelled = await _press(product, ordered, "cancel_order")
    await _press(product, await _typed(product, 'send "sent"'), "send_draft")
    await until(lambda: _sent(product), "the other one goes out", 25)

    assert "The draft is still in Gmail." in words_of(cancelled)
    assert [mail.subject for mail in _sent(product)] == ["Sent"]
    assert "1. Kept" in await product.says("/opens drafts")


async def test_killed_between_press_and_sending_it_goes_out_once_and_the_old_card_tells_the_truth(
    product: Product,
) -> None:
    product.gmail.save_draft(SENDER, a_mail("Lunch"))
    ordered = await _press(product, await _typed(product, "drafts"), "send_draft")

    await product.end("web", signal.SIGKILL)
    await product.end("worker", signal.SIGKILL)
    await product.start_web()
    await product.start_worker()
    await until(lambda: _sent(product), "it goes out", 25)
    await _press(product, ordered, "cancel_order")
    await until(lambda: "✓ Sent tracked" in _shown(product, ordered), "the old card's Cancel says that it is out", 25)

    assert len(_sent(product)) == 1
    assert b"/o/" in _sent(product)[0].raw


async def test_what_was_scheduled_on_the_command_line_is_cancelled_in_slack(product: Product) -> None:
    draft_id = product.gmail.save_draft(SENDER, a_mail("Lunch"))
    at = (datetime.now(UTC) + timedelta(hours=2)).isoformat()
    order_id = (await product.twotick("send", "--account", SENDER, "--at", at, "--draft", draft_id)).strip()

    waiting = await _typed(product, "waiting")
    cancelled = await _press(product, waiting, "cancel_order")

    assert "1 mail on the way out\nLunch to" in words_of(waiting)
    assert order_id in str(waiting["blocks"])
    assert "Cancelled\nLunch to" in words_of(cancelled)
    assert "Nothing waits to be sent." in await product.says("/opens waiting")


async def test_a_draft_scheduled_in_slack_waits_for_its_time(product: Product) -> None:
    product.gmail.save_draft(SENDER, a_mail("Lunch"))

    ordered = await _press(product, await _typed(product, "send 1 tomorrow at 9:00 links"), "send_draft")

    assert "as it is in Gmail then.\nCancel" in words_of(ordered)
    assert "Lunch to" in await product.says("/opens waiting")
    assert not _sent(product)


async def _typed(product: Product, text: str) -> dict[str, Any]:
    (answer,) = await product.slack.command(USER, text)
    return answer


async def _press(product: Product, message: dict[str, Any], action: str) -> dict[str, Any]:
    answers = await product.slack.press(USER, message["ts"], action)
    return answers[0]


def _shown(product: Product, message: dict[str, Any]) -> str:
    return words_of(next(one for one in product.slack.dm_of(USER) if one["ts"] == message["ts"]))


def _sent(product: Product) -> list[StoredMessage]:
    return list(product.gmail.mailboxes[SENDER].labelled("SENT"))
