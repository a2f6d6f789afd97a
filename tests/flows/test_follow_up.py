"""Reminders and nudges with real processes: set, told once, drafted once, and dropped when somebody replies."""

import asyncio
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest

from tests.flows.conftest import SENDER, USER, Product, until
from tests.flows.test_addon import asked
from tests.flows.test_main_line import ADA, a_mail
from tests.standins.gmail import StoredMessage
from tests.standins.gmail_mime import field_of
from tests.standins.slack_words import words_of
from tracker.web.addon import paths

DAY = timedelta(days=1)
SUBJECT = "Größe & Q3 – 提案"


def told(product: Product, words: str) -> list[str]:
    return [message["text"] for message in product.dm() if words in message["text"]]


def drafts(product: Product) -> list[StoredMessage]:
    return list(product.gmail.mailboxes[SENDER].drafts.values())


@contextmanager
def the_database(product: Product) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(product.folder / "twotick.sqlite3", timeout=10)
    try:
        with connection:
            yield connection
    finally:
        connection.close()


def time_passes(product: Product, span: timedelta) -> None:
    """For what was sent, opened and set: its moments move into the past."""
    back = (int(span.total_seconds() * 1_000_000),) * 2
    with the_database(product) as database:
        database.execute("UPDATE message SET sent_at = sent_at - ?", back[:1])
        database.execute("UPDATE copy SET first_open_at = first_open_at - ?, last_open_at = last_open_at - ?", back)
        database.execute("UPDATE reminder SET set_at = set_at - ?, due_at = due_at - ?", back)


def states(product: Product) -> list[str]:
    with the_database(product) as database:
        return [state for (state,) in database.execute("SELECT state FROM reminder ORDER BY kind")]


async def presses(product: Product, action: str) -> str:
    """What the sender is answered who presses something under their latest message."""
    answers = await product.slack.press(USER, product.dm()[-1]["ts"], action)
    return "\n".join(map(words_of, answers))


async def test_what_nobody_opened_is_told_once_and_nudged_by_one_draft(product: Product) -> None:
    await asked(product, paths.PREFER, chosen={"remind_unopened_days": "3"}, setting="remind_unopened_days")
    await product.twotick("send", "--account", SENDER, "--file", "-", stdin=a_mail(subject=SUBJECT))

    time_passes(product, 8 * DAY)
    await until(lambda: told(product, "Not opened for 8 days"), "the reminder is told")
    said = [await presses(product, "nudge") for _ in range(2)]

    [draft], [sent] = drafts(product), product.gmail.mailboxes[SENDER].labelled("SENT")
    assert all("is ready" in one for one in said)
    assert draft.thread_id == sent.thread_id
    assert field_of(draft.raw, "In-Reply-To") == field_of(sent.raw, "Message-ID")
    assert draft.subject == f"Re: {SUBJECT}"
    await asyncio.sleep(6)  # another look of the worker
    assert len(product.dm()) == 1


async def test_a_reply_drops_the_reminder_and_closes_the_mail(product: Product) -> None:
    await product.twotick("send", "--account", SENDER, "--file", "-", stdin=a_mail())
    await asyncio.sleep(3.1)  # nobody opens a mail within three seconds
    await product.opened_by(ADA, "outlook")
    await until(lambda: told(product, "Ada Lovelace opened"), "the opening is told")
    assert "I will remind you" in await product.says("/opens remind 3d proposal")
    [mail] = product.gmail.mailboxes[ADA].labelled("INBOX")

    product.gmail.reply(ADA, mail.id, "Yes, with pleasure.")
    await until(lambda: told(product, "replied to"), "the reply is told")
    time_passes(product, 8 * DAY)
    await until(lambda: states(product) == ["dropped"], "the reminder is dropped")
    await product.opened_by(ADA, "thunderbird")
    await until(lambda: "2 opens" in str(product.dm()[0]), "the card follows")

    assert len(product.dm()) == 2
    assert "it was answered" in await product.says("/opens remind 3d proposal")


async def test_a_worker_that_is_killed_and_comes_back_tells_it_once(product: Product) -> None:
    await product.twotick("send", "--account", SENDER, "--file", "-", stdin=a_mail())
    await product.says("/opens remind 3d proposal")
    await product.end("worker", signal.SIGKILL)
    time_passes(product, 8 * DAY)

    for _ in range(2):
        await product.start("worker", "bot")
        await until(lambda: told(product, "Not opened for"), "the reminder is told")
        await product.end("worker", signal.SIGKILL)
    await product.start("worker", "bot")
    await product.start("another worker", "bot")
    await asyncio.sleep(6)

    assert len(product.dm()) == 1


async def test_while_gmail_is_asleep_a_nudge_says_so_and_doubles_nothing(product: Product) -> None:
    await product.twotick("send", "--account", SENDER, "--file", "-", stdin=a_mail())
    await product.says("/opens remind 3d proposal")
    time_passes(product, 8 * DAY)
    await until(lambda: told(product, "Not opened for"), "the reminder is told")
    product.gmail.faults.fail("gmail.users.drafts.create", 503, times=20)

    asleep = await presses(product, "nudge")
    product.gmail.faults.clear()
    again = await presses(product, "nudge")

    assert "Gmail does not answer just now" in asleep
    assert "is ready" in again
    assert len(drafts(product)) == 1


@pytest.mark.parametrize("database", ["postgres"])
async def test_on_postgres_a_reminder_is_told_and_stopping_ends_it(product: Product) -> None:
    await product.twotick("send", "--account", SENDER, "--file", "-", stdin=a_mail())

    assert "I will remind you" in await product.says("/opens remind 1h proposal")
    assert "Q3 proposal" in await product.says("/opens remind")
    assert "Stopped tracking" in await product.says("/opens stop proposal")
    assert "you stopped tracking it" in await product.says("/opens remind 3d proposal")
