"""The main line: a draft goes out tagged, its opening reaches Slack, /opens answers."""

import asyncio
import signal
from email.message import EmailMessage

import pytest

from tests.flows.conftest import SENDER, Product, until

ADA = "ada@acme.example"

on_every_database = pytest.mark.parametrize("database", ["sqlite", "postgres"])


def a_mail(subject: str = "Q3 proposal", to: str = f"Ada Lovelace <{ADA}>") -> bytes:
    mail = EmailMessage()
    mail["To"] = to
    mail["Subject"] = subject
    mail.set_content("Dear Ada, see https://acme.example/offer")
    mail.add_alternative('<p>Dear Ada, see <a href="https://acme.example/offer">our offer</a>.</p>', subtype="html")
    return mail.as_bytes()


async def grown_up(seconds: float = 3.1) -> None:
    """Nobody opens a mail within three seconds of its sending; whatever does is no person."""
    await asyncio.sleep(seconds)


@on_every_database
async def test_a_draft_goes_out_tagged_its_opening_reaches_slack_and_opens_answers(product: Product) -> None:
    draft_id = product.gmail.save_draft(SENDER, a_mail())

    message_id = (await product.twotick("send", "--account", SENDER, "--draft", draft_id)).strip()
    await grown_up()
    opened = await product.opened_by(ADA, "outlook")
    await until(lambda: len(product.dm()) == 1, "the sender is told")
    first = product.dm()[0]
    # Outlook again within three minutes would be the same reading; Thunderbird elsewhere is another one.
    await product.opened_by(ADA, "thunderbird")
    await until(lambda: "2nd" in product.dm()[0]["text"], "the message is edited")

    assert opened.loaded == 1
    assert len(message_id) == 16
    assert first["text"].startswith('Ada Lovelace opened "Q3 proposal"')
    assert [message["ts"] for message in product.dm()] == [first["ts"]]
    assert "Ada Lovelace" in await product.says("/opens")
    told = await product.says('/opens "q3 proposal"')
    assert "2 opens" in told
    assert "Outlook" in told
    assert "2 opens" in await product.twotick("opens", "--account", SENDER, "ada")


async def test_machines_and_the_senders_own_look_do_not_ring(product: Product) -> None:
    await product.twotick("send", "--account", SENDER, "--file", "-", stdin=a_mail())
    for client in ("gmail-prefetch", "apple-privacy"):
        await product.opened_by(ADA, client)

    await until(lambda: _recorded(product, 2), "both are recorded")

    assert product.dm() == []
    assert "ahead of time" in await product.says("/opens ada")


async def _recorded(product: Product, number: int) -> bool:
    told = await product.twotick("opens", "--account", SENDER, "--json", "ada")
    return told.count('"reason"') == number


@on_every_database
async def test_killed_processes_lose_and_double_nothing(product: Product) -> None:
    await product.twotick("send", "--account", SENDER, "--file", "-", stdin=a_mail())
    await grown_up()
    await product.end("worker", signal.SIGKILL)
    await product.opened_by(ADA, "outlook")
    await product.end("web", signal.SIGKILL)

    await product.start_web()
    await product.start_worker()
    await until(lambda: len(product.dm()) == 1, "the sender is told after the crash")
    await product.opened_by(ADA, "thunderbird")
    await until(lambda: "2nd" in product.dm()[0]["text"], "the message is edited")

    assert len(product.dm()) == 1


async def test_a_slack_that_is_down_delays_and_never_drops(product: Product) -> None:
    product.slack.faults.down = True
    await product.twotick("send", "--account", SENDER, "--file", "-", stdin=a_mail())
    await grown_up()
    await product.opened_by(ADA, "outlook")
    await asyncio.sleep(2)

    product.slack.faults.down = False

    await until(lambda: len(product.dm()) == 1, "the sender is told when Slack is back", 60)


async def test_a_click_leads_on_and_is_told(product: Product) -> None:
    await product.twotick("send", "--account", SENDER, "--file", "-", "--links", stdin=a_mail())
    await grown_up()

    clicked = await product.clicked_by(ADA, "outlook")

    await until(lambda: len(product.dm()) == 1, "the sender is told")
    assert (clicked.status, clicked.leads_to) == (302, "https://acme.example/offer")
    assert "1 click" in await product.says("/opens ada")


async def test_who_does_not_know_a_drafts_id_is_shown_the_drafts(product: Product) -> None:
    draft_id = product.gmail.save_draft(SENDER, a_mail("Lunch?"))

    code, _, errors = await product.tried("send", "--account", SENDER, "--draft", "last")

    assert code == 1
    assert f"--draft {draft_id}   Lunch?, to Ada Lovelace" in errors


async def test_a_revoked_grant_asks_its_owner_to_connect_again_once(product: Product) -> None:
    product.gmail.revoke(SENDER)

    for _ in range(2):
        code, _, errors = await product.tried("send", "--account", SENDER, "--file", "-", stdin=a_mail())
        assert code == 1
        assert "accounts add" in errors

    await until(lambda: len(product.dm()) == 1, "the owner is told")
    await asyncio.sleep(1.5)
    assert len(product.dm()) == 1
    assert SENDER in str(product.dm()[0]["blocks"])


async def test_everything_ends_in_order_when_asked_to(product: Product) -> None:
    await until(lambda: "relay_started" in product.log("worker"), "the worker works")

    assert [await product.end("web"), await product.end("worker")] == [0, 0]
