"""Noise with real processes: muted, opened and silent; unmuted, opened and told."""

import asyncio
import signal
import sqlite3
from datetime import UTC, datetime, timedelta

from tests.flows.conftest import SENDER, USER, Product, until
from tests.flows.test_main_line import ADA, a_mail
from tests.standins.slack_words import words_of

SUBJECT = "Q3 proposal"


async def sent(product: Product) -> None:
    await product.twotick("send", "--account", SENDER, "--file", "-", stdin=a_mail(subject=SUBJECT))
    await asyncio.sleep(3.1)  # nobody opens a mail within three seconds


def told(product: Product) -> list[str]:
    return [message["text"] for message in product.dm()]


def alerts(product: Product, condition: str) -> int:
    connection = sqlite3.connect(product.folder / "twotick.sqlite3", timeout=10)
    try:
        [(number,)] = connection.execute(f"SELECT count(*) FROM alert WHERE {condition}")  # noqa: S608
        return int(number)
    finally:
        connection.close()


async def test_what_is_muted_is_recorded_in_silence_and_told_again_once_it_is_not(product: Product) -> None:
    await sent(product)
    product.slack.add_user("U0STRANGER", "Stranger")
    assert "Type /opens connect" in await product.slack.says("/opens mute all", "U0STRANGER")
    assert "Muted: everything" in await product.says("/opens mute all")

    await product.opened_by(ADA, "outlook")
    await until(lambda: alerts(product, "done_at IS NOT NULL") == 1, "the alert is settled")
    silent = told(product)
    assert "1 open" in await product.says("/opens")

    assert "Not muted any more" in await product.says("/opens unmute all")
    await product.opened_by(ADA, "thunderbird")
    await until(lambda: told(product), "the second opening is told")

    assert (silent, len(told(product))) == ([], 1)


async def test_a_quiet_night_outlives_a_killed_worker_and_is_told_in_one_message(product: Product) -> None:
    await sent(product)
    now = datetime.now(UTC)
    hours = f"{now - timedelta(hours=5):%H}:00-{now + timedelta(hours=5):%H}:00"
    product.slack.workspace.users[USER]["tz"] = "Etc/UTC"
    assert "Quiet from" in await product.says(f"/opens quiet {hours}")

    await product.opened_by(ADA, "outlook")
    await until(lambda: alerts(product, "topic LIKE 'held:%'") == 1, "the alert is held back")
    await product.end("worker", signal.SIGKILL)
    await product.start_worker()
    await asyncio.sleep(1)
    at_night = told(product)
    await product.says("/opens quiet off")
    await until(lambda: told(product), "what was held back is told")

    assert at_night == []
    assert [text.startswith("While it was quiet: Ada Lovelace opened") for text in told(product)] == [True]
    [answer] = await product.slack.press(USER, product.dm()[0]["ts"], "timeline")
    assert "Opened" in words_of(answer)


async def test_a_mail_is_shared_from_its_timeline(product: Product) -> None:
    await sent(product)
    sales = product.slack.workspace.add_channel("sales", [USER, "U0TWOTICK"])

    [timeline] = await product.slack.command(USER, "q3")
    [where] = await product.slack.press(USER, timeline["ts"], "share")
    [done] = await product.slack.press(USER, where["ts"], "share_to", sales)

    assert "Shared" in words_of(done)
    assert [SUBJECT in words_of(message) for message in product.slack.workspace.said(sales)] == [True]
