"""Verdicts: who opened a mail and who did not, each line explained, and corrected by its sender."""

import asyncio
import json
from email.message import EmailMessage
from typing import Any

import pytest

from tests.flows.conftest import SENDER, USER, Product, until
from tests.standins.mail_clients import MAIL_CLIENTS
from tests.standins.mail_opening import open_mail
from tests.standins.slack_words import words_of

# Domains at which anybody can have an address: whose mail system takes their mail is known without looking.
ADA, GRACE = "ada@gmail.com", "grace@outlook.com"
_NAMES = {ADA: "Ada Lovelace", GRACE: "Grace Hopper"}


@pytest.fixture(autouse=True)
def mailboxes(product: Product) -> None:
    for address, name in _NAMES.items():
        product.gmail.add_mailbox(address, name)


def a_mail(*recipients: str, subject: str = "Q3 proposal") -> bytes:
    mail = EmailMessage()
    mail["To"] = ", ".join(f"{_NAMES[one]} <{one}>" for one in recipients)
    mail["Subject"] = subject
    mail.set_content("See our offer")
    links = "".join(f'<a href="https://acme.example/{page}">{page}</a>' for page in ("offer", "prices", "terms"))
    mail.add_alternative(f"<p>See our offer {links}</p>", subtype="html")
    return mail.as_bytes()


async def send(product: Product, mail: bytes, *options: str) -> str:
    return (await product.twotick("send", "--account", SENDER, "--file", "-", *options, stdin=mail)).strip()


async def looked_at_by_sender(product: Product, recipient: str) -> None:
    """The sender opens their own Sent mail to somebody, in Gmail."""
    sent = product.gmail.mailboxes[SENDER].labelled("SENT")
    (mail,) = (one for one in sent if recipient.encode() in one.raw)
    await open_mail(mail.raw, MAIL_CLIENTS["own-look"])


async def timeline(product: Product) -> list[dict[str, Any]]:
    """The lines of the one message there is, oldest first."""
    told = json.loads(await product.twotick("opens", "--account", SENDER, "--json", "q3"))
    return list(reversed(told["timeline"]))


async def recorded(product: Product, number: int) -> None:
    async def enough() -> bool:
        return len(await timeline(product)) >= number

    await until(enough, f"{number} hits are recorded")


async def read_by_everybody(product: Product) -> None:
    """One mail each to Ada (Gmail) and Grace (Outlook): machines first, then the sender's own look, then people."""
    await send(product, a_mail(ADA, GRACE), "--per-recipient")
    await product.opened_by(GRACE, "microsoft-scanner")
    await product.opened_by(ADA, "apple-privacy")
    await product.opened_by(ADA, "gmail-prefetch")
    await looked_at_by_sender(product, GRACE)
    await asyncio.sleep(3.1)  # nobody reads a mail within three seconds of its sending
    await product.opened_by(ADA, "gmail")
    await product.opened_by(GRACE, "outlook")
    await recorded(product, 6)


async def test_five_ways_to_load_one_mail_are_five_right_lines_and_one_alert_for_the_people(product: Product) -> None:
    await read_by_everybody(product)
    await until(lambda: "Grace Hopper" in str(product.dm()), "the sender is told of the last reader")

    lines = {(line["what"], line["client"]): line for line in await timeline(product)}

    assert set(lines) == {
        ("Checked by a machine", "Chrome on Windows"),
        ("Loaded by a privacy proxy", "through Apple's privacy proxy"),
        ("Loaded ahead of time", "through Gmail"),
        ("Loaded by you", "through Gmail"),
        ("Opened", "through Gmail"),
        ("Opened", "Outlook on Windows"),
    }
    assert {line["who"] for line in lines.values() if line["counts"]} == {"Ada Lovelace", "Grace Hopper"}
    assert len({line["reason"] for line in lines.values()}) == 6
    assert len(product.dm()) == 1
    assert (await product.twotick("judge", "--replay")).startswith("Nothing changes")


async def test_the_sender_says_that_was_me_and_card_and_counts_follow(product: Product) -> None:
    await send(product, a_mail(GRACE))
    await asyncio.sleep(3.1)
    await product.opened_by(GRACE, "outlook")
    await until(lambda: len(product.dm()) == 1, "the sender is told")
    card = product.dm()[0]
    (line,) = await timeline(product)

    (answer,) = await product.slack.press(USER, card["ts"], "correct", f"self:{line['hit']}")

    await until(lambda: "Not opened after all" in product.dm()[0]["text"], "the card follows")
    assert "Noted: that was you." in words_of(answer)
    assert [message["ts"] for message in product.dm()] == [card["ts"]]
    assert "not opened" in await product.twotick("opens", "--account", SENDER, "q3")


async def test_a_correction_in_the_terminal_is_learnt_for_later_looks(product: Product) -> None:
    await send(product, a_mail(GRACE))
    await asyncio.sleep(3.1)
    await product.opened_by(GRACE, "outlook")
    await recorded(product, 1)
    (line,) = await timeline(product)
    code, _, errors = await product.tried("correct", "--account", SENDER, "no such hit", "--as", "me")
    await product.twotick("correct", "--account", SENDER, line["hit"], "--as", "me")

    await product.opened_by(GRACE, "outlook")

    await recorded(product, 2)
    assert [line["who"] for line in await timeline(product)] == ["You", "You"]
    assert (code, f"twotick opens --account {SENDER} --hits" in errors) == (1, True)


async def test_another_mail_system_is_a_message_of_its_own_and_no_claim(product: Product) -> None:
    await send(product, a_mail(ADA))
    await product.opened_by(ADA, "gmail-prefetch")
    await asyncio.sleep(3.1)
    await product.opened_by(ADA, "gmail")
    await until(lambda: len(product.dm()) == 1, "the sender is told of the reader")

    await product.opened_by(ADA, "forward")

    await until(lambda: len(product.dm()) == 2, "the sender is told of another mail system")
    assert "Also loaded from another mail system: Yahoo. The same person elsewhere, or a forward." in words_of(
        product.dm()[1]
    )
