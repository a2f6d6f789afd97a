"""Ticks in Gmail: a mailbox is connected for it, and its sent mail shows who has not opened and who has."""

import asyncio
import signal

import pytest

from tests.flows.conftest import SENDER, USER, Product, until
from tests.flows.test_addon import asked
from tests.flows.test_connecting import connected
from tests.flows.test_main_line import ADA, a_mail, grown_up
from tests.standins.gmail import Mailbox, StoredMessage
from tracker.web.addon import paths

SENT, OPENED = "✓ Sent", "✓✓ Opened"
SENDING_ALONE = [f"https://www.googleapis.com/auth/gmail.{scope}" for scope in ("compose", "readonly")]


def box(product: Product) -> Mailbox:
    return product.gmail.mailboxes[SENDER]


def mail(product: Product, subject: str) -> StoredMessage:
    return next(one for one in box(product).labelled("SENT") if one.subject == subject)


async def shows(product: Product, subject: str, *labels: str) -> None:
    def so() -> bool:
        return box(product).label_names(mail(product, subject)) == set(labels)

    await until(so, f"{subject} shows {labels}")


async def sends(product: Product, subject: str) -> None:
    await product.twotick("send", "--account", SENDER, "--file", "-", stdin=a_mail(subject))


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
async def test_ticks_follow_a_mail_through_a_crash_and_what_its_owner_does_to_the_labels(product: Product) -> None:
    await connected(product, SENDER, "connect full")
    await sends(product, "Lunch")
    await shows(product, "Lunch", SENT)
    await sends(product, "Q3 proposal")
    await shows(product, "Q3 proposal", SENT)
    await grown_up()

    await product.end("worker", signal.SIGKILL)
    product.gmail.rename_label(SENDER, OPENED, "Read")
    product.gmail.delete_label(SENDER, SENT)
    await product.opened_by(ADA, "outlook")
    await product.start_worker()

    await shows(product, "Q3 proposal", "Read")
    await sends(product, "Dinner")
    await until(lambda: _told_of_deletion(product), "the add-on says which label is gone")
    assert {str(label["name"]) for label in box(product).labels.values()} == {"Read"}
    assert box(product).label_names(mail(product, "Lunch")) == set()


async def test_a_mailbox_connected_for_less_is_told_what_is_missing_and_catches_up(product: Product) -> None:
    await product.end("worker")  # it may hold an access token of the larger grant, which is good for an hour
    grant = product.gmail.add_mailbox(SENDER, scopes=SENDING_ALONE)
    await product.twotick("accounts", "add", "--email", SENDER, "--slack-user", USER, stdin=grant.encode())
    await product.start_worker()
    await sends(product, "Q3 proposal")
    await until(lambda: _told(product, "/opens connect full"), "the add-on says what is missing")
    asked_before = _labels_asked(product)
    await asyncio.sleep(2)

    again = _labels_asked(product) - asked_before
    await connected(product, SENDER, "connect full")

    assert again == 0
    await shows(product, "Q3 proposal", SENT)


async def _told_of_deletion(product: Product) -> bool:
    return await _told(product, f"You deleted {SENT} in Gmail")


async def _told(product: Product, words: str) -> bool:
    return words in str(await asked(product, paths.HOME))


def _labels_asked(product: Product) -> int:
    return sum("labels" in name or "threads.modify" in name for name, _ in product.gmail.calls)
