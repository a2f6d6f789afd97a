"""With NATS: hits go through the stream, and wait in it while the database or a recorder is away."""

import asyncio
import signal

import aiohttp
import pytest

from tests.flows.conftest import SENDER, Product, until
from tests.postgres import PostgresServer
from tracker.store.opening import open_store

_LETTER = b"""From: you@twotick.example\r\nTo: ada@acme.example\r\nSubject: Lunch\r\nMIME-Version: 1.0\r
Content-Type: text/html; charset=utf-8\r\n\r\n<p>Lunch?</p>"""


@pytest.fixture
def database() -> str:
    return "postgres"


@pytest.fixture
def settings_more(nats_url: str) -> dict[str, str]:
    return {"NATS_URL": nats_url}


async def sent(product: Product) -> str:
    """The address of the picture in a mail that was just sent."""
    file = product.folder / "lunch.eml"
    file.write_bytes(_LETTER)
    await product.twotick("send", "--account", SENDER, "--file", str(file))
    mail = product.gmail.mailboxes["ada@acme.example"].labelled("INBOX")[0]
    return mail.raw.decode().split('<img src="')[1].split('"')[0]


async def fetched(address: str, times: int = 1) -> None:
    async with aiohttp.ClientSession() as session:
        for _ in range(times):
            async with session.get(address, headers={"User-Agent": "Outlook"}) as answer:
                assert answer.status == 200


async def hits_of(product: Product) -> int:
    url, keys = product.environ["DATABASE_URL"], [product.environ["ENCRYPTION_KEYS"]]
    async with await open_store(url, keys) as store:
        (account,) = await store.accounts.all()
        (report,) = await store.messages.reports([account.id], None, 10)
        return len(await store.hits.timeline(report.copies[0].id))


async def test_an_open_comes_through_the_stream(product: Product) -> None:
    product.gmail.add_mailbox("ada@acme.example", "Ada")
    await sent(product)

    await asyncio.sleep(3.5)  # earlier, nobody would believe that it is a reader
    await product.opened_by("ada@acme.example", "outlook")

    await until(lambda: any("opened" in message["text"] for message in product.dm()), "Slack says that it was opened")


async def test_what_comes_while_the_database_is_away_is_recorded_later(
    product: Product, postgres_server: PostgresServer
) -> None:
    product.gmail.add_mailbox("ada@acme.example", "Ada")
    address = await sent(product)
    postgres_server.take_away(product.environ["DATABASE_URL"])

    await fetched(address, 30)
    postgres_server.give_back(product.environ["DATABASE_URL"])

    async def recorded() -> bool:
        return await hits_of(product) == 30

    await until(recorded, "all 30 hits are recorded", 30)


async def test_a_killed_web_process_loses_and_doubles_nothing(product: Product) -> None:
    product.gmail.add_mailbox("ada@acme.example", "Ada")
    address = await sent(product)
    await product.start("recorder", "tracker", "record")

    await fetched(address, 25)
    await product.end("web", signal.SIGKILL)
    await product.start_web()
    await fetched(address, 25)

    async def recorded() -> bool:
        return await hits_of(product) == 50

    await until(recorded, "all 50 hits are recorded once", 45)  # those that the killed one held wait 15 s
