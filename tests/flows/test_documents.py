"""An attachment goes out as a link: its recipient gets the file, its sender hears who opened which document."""

import asyncio
import signal
import sys
from email.message import EmailMessage

import aiohttp
import pytest

from tests.flows.conftest import ROOT, SENDER, Product, until
from tests.flows.test_main_line import ADA, on_every_database
from tests.standins.gmail import StoredMessage
from tests.standins.mail_clients import MAIL_CLIENTS, Browser
from tests.standins.mail_reading import read_mail

PDF = b"%PDF-1.7 our offer\n" + bytes(range(256)) * 3000
OFFER = "Offer für Ada.pdf"


def a_mail() -> bytes:
    mail = EmailMessage()
    mail["To"], mail["Subject"] = f"Ada Lovelace <{ADA}>", "Q3 proposal"
    mail.set_content("Dear Ada, our offer is attached.\n")
    mail.add_alternative("<p>Dear Ada, our offer is attached.</p>", subtype="html")
    mail.add_attachment(PDF, maintype="application", subtype="pdf", filename=OFFER)
    return mail.as_bytes()


async def fetched(url: str, browser: Browser) -> tuple[int, bytes, str]:
    """What comes of a fetch by this browser, from its network: status, body, and under which name it is saved."""
    headers = {"User-Agent": browser.ua, **browser.headers, "X-Forwarded-For": browser.network}
    async with aiohttp.ClientSession() as http, http.get(url, headers=headers) as answer:
        found = answer.content_disposition
        return answer.status, await answer.read(), (found.filename or "") if found else ""


def sent(product: Product) -> list[StoredMessage]:
    return list(product.gmail.mailboxes[SENDER].labelled("SENT"))


def links(product: Product) -> list[str]:
    """The documents that Ada's latest mail links to."""
    inbox = product.gmail.mailboxes[ADA].labelled("INBOX")
    return [link.address for link in read_mail(inbox[0].raw).links if "/d/" in link.address] if inbox else []


@on_every_database
async def test_the_recipient_gets_the_file_and_the_sender_hears_who_opened_it(product: Product) -> None:
    await product.twotick("send", "--account", SENDER, "--file", "-", "--documents", stdin=a_mail())
    (page,) = links(product)
    scanner, person = MAIL_CLIENTS["microsoft-scanner"].browser, MAIL_CLIENTS["outlook"].browser
    await fetched(page, scanner)
    await fetched(f"{page}/file", scanner)
    await asyncio.sleep(3.1)  # nobody reads a mail within three seconds of its sending

    _, shown, _ = await fetched(page, person)
    status, data, name = await fetched(f"{page}/file", person)

    await until(lambda: len(product.dm()) == 1, "the sender is told")
    assert (status, data, name) == (200, PDF, OFFER)
    assert SENDER in shown.decode()
    assert (
        product.dm()[0]["text"] == f'Ada Lovelace opened the document {OFFER.replace(".pdf", ".⁠pdf")} in "Q3 proposal"'
    )
    assert "1 click" in await product.says("/opens ada")
    told = await product.twotick("opens", "--account", SENDER, "ada")
    assert f"Opened the document {OFFER}" in told
    assert f"Checked by a machine: the document {OFFER}" in told


async def test_a_scanner_that_follows_everything_opens_nothing(product: Product) -> None:
    await product.twotick("send", "--account", SENDER, "--file", "-", "--documents", stdin=a_mail())
    (page,) = links(product)
    for client in ("microsoft-scanner", "gateway"):
        await product.opened_by(ADA, client)
        await fetched(f"{page}/file", MAIL_CLIENTS[client].browser)

    async def recorded() -> bool:
        told = await product.twotick("opens", "--account", SENDER, "ada")
        return told.count("the document") == 2

    await until(recorded, "both are recorded")
    assert product.dm() == []
    assert "not opened" in await product.twotick("opens", "--account", SENDER, "ada")


@pytest.mark.parametrize("hung", ["drafts.create", "drafts.send"])
async def test_killed_between_keeping_and_sending_it_goes_out_once_with_a_link_that_works(
    product: Product, hung: str
) -> None:
    mail = product.folder / "mail.eml"
    mail.write_bytes(a_mail())
    command = ("send", "--account", SENDER, "--file", str(mail), "--documents")
    product.gmail.faults.hang(f"gmail.users.{hung}")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tracker", *command), cwd=ROOT, env=product.environ
    )
    await until(lambda: f"gmail.users.{hung}" not in _waiting(product), "Gmail is asked")
    process.send_signal(signal.SIGKILL)
    await process.wait()
    assert sent(product) == []

    await product.twotick(*command)

    (page,) = links(product)
    assert len(sent(product)) == 1
    assert (await fetched(f"{page}/file", MAIL_CLIENTS["outlook"].browser))[1] == PDF


def _waiting(product: Product) -> list[str]:
    return [method for method, faults in product.gmail.faults._waiting.items() if faults]


async def test_when_its_sender_is_gone_a_document_is_gone_too_and_nobody_is_named(product: Product) -> None:
    await product.twotick("send", "--account", SENDER, "--file", "-", "--documents", stdin=a_mail())
    (page,) = links(product)
    await product.twotick("accounts", "remove", "--email", SENDER)

    status, body, _ = await fetched(f"{page}/file", MAIL_CLIENTS["outlook"].browser)

    assert status == 410
    assert SENDER not in body.decode()
