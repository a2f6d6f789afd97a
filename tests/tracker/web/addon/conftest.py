"""One person with a connected mailbox, and the add-on in their Gmail."""

from collections.abc import AsyncIterator

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.makers import an_account
from tests.tracker.web.addon.gmail_page import NOW, GmailPage, gmail_page
from tests.tracker.web.addon.lending import LocalLending
from tracker.following import Followed
from tracker.ports import Store
from tracker.store.opening import open_store


@pytest.fixture(scope="session")
def google_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture
async def books(sqlite_url: str, encryption_key: bytes) -> AsyncIterator[Store]:
    async with await open_store(sqlite_url, [encryption_key]) as store:
        yield store


@pytest.fixture
def lending() -> LocalLending:
    """Gmail, awake, as the tokens of an event open it."""
    gmail = LocalLending()
    gmail.awake.set()
    return gmail


@pytest.fixture
async def page(books: Store, google_key: rsa.RSAPrivateKey, lending: LocalLending) -> AsyncIterator[GmailPage]:
    account = await books.accounts.add(an_account(email="you@twotick.example"), "grant")
    await books.following.keep(account.id, Followed(), Followed("1", NOW))
    async with gmail_page(books, account, google_key, lending=lending) as page:
        yield page
