"""What every DocumentShelf promises."""

import asyncio
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from tests.makers import NOON, after
from tests.ports.givens import Given, given_message
from tracker.clock import new_id
from tracker.documents import PIECE, Document
from tracker.ports import Store

DATA = bytes(range(256)) * 4


def a_document(given: Given, **facts: Any) -> Document:
    made = Document(new_id(), given.message.id, "Offer.pdf", "application/pdf", len(DATA), expires_at=after(days=30))
    return replace(made, **facts)


async def given_document(store: Store, given: Given, at: datetime = NOON, **facts: Any) -> Document:
    document = a_document(given, **facts)
    await store.shelf.put(document, DATA, at)
    return document


async def read(store: Store, document: Document) -> bytes:
    found = b""
    for number in range(-(-document.size // PIECE)):
        found += await store.shelf.piece(document, number) or b"(gone)"
    return found


async def test_what_is_put_is_there_with_its_sender(store: Store) -> None:
    given = await given_message(store)
    document = await given_document(store, given)

    shelved = await store.shelf.get(document.id, NOON)

    assert shelved is not None
    assert (shelved.document, shelved.sender) == (document, given.account.email)
    assert await read(store, document) == DATA


async def test_a_large_document_comes_back_piece_by_piece(store: Store) -> None:
    data = bytes(range(251)) * 4000
    document = a_document(await given_message(store), size=len(data))

    await store.shelf.put(document, data, NOON)

    assert await read(store, document) == data
    assert len(await store.shelf.piece(document, 0) or b"") == PIECE


async def test_behind_its_end_there_is_nothing(store: Store) -> None:
    document = await given_document(store, await given_message(store))

    assert await store.shelf.piece(document, 1) is None


async def test_put_twice_or_at_once_it_is_kept_once(store: Store) -> None:
    given = await given_message(store)
    document = a_document(given)

    await asyncio.gather(*(store.shelf.put(document, DATA, NOON) for _ in range(3)))

    assert list(await store.shelf.of_message(given.message.id)) == [document]
    assert await read(store, document) == DATA


async def test_for_a_message_that_is_gone_nothing_is_kept(store: Store) -> None:
    given = await given_message(store)
    await store.accounts.remove(given.account.email)

    with pytest.raises(LookupError):
        await store.shelf.put(a_document(given), DATA, NOON)


async def test_an_expired_document_is_not_there_and_is_erased_in_time(store: Store) -> None:
    given = await given_message(store)
    document = await given_document(store, given, expires_at=after(days=1))
    await store.messages.attempted(given.copy.id, NOON, None)

    assert await store.shelf.get(document.id, after(days=1)) is None
    assert await store.shelf.piece(document, 0) is not None
    assert await store.shelf.tidy(after(days=1), NOON) == 1
    assert await store.shelf.piece(document, 0) is None


async def test_a_document_whose_mail_never_left_is_erased_and_one_that_may_be_out_is_not(store: Store) -> None:
    unsent, attempted = await given_message(store), await given_message(store)
    await store.messages.attempted(attempted.copy.id, NOON, None)
    orphan, kept = await given_document(store, unsent), await given_document(store, attempted)

    assert await store.shelf.tidy(after(days=2), after(days=1)) == 1
    assert await store.shelf.get(orphan.id, NOON) is None
    assert await store.shelf.get(kept.id, NOON) is not None


async def test_putting_again_what_was_nearly_tidied_keeps_it(store: Store) -> None:
    given = await given_message(store)
    document = await given_document(store, given)

    await store.shelf.put(document, DATA, after(days=2))

    assert await store.shelf.tidy(after(days=2), after(days=1)) == 0
    assert await read(store, document) == DATA


async def test_documents_go_with_their_account(store: Store) -> None:
    given = await given_message(store)
    document = await given_document(store, given)

    await store.accounts.remove(given.account.email)

    assert await store.shelf.get(document.id, NOON) is None
    assert await store.shelf.piece(document, 0) is None


async def test_documents_go_with_their_message(store: Store) -> None:
    document = await given_document(store, await given_message(store, created_at=NOON))

    await store.messages.forget(after(1))

    assert await store.shelf.piece(document, 0) is None


async def test_many_are_tidied_in_one_go(store: Store) -> None:
    given = await given_message(store)
    for _ in range(12):
        await given_document(store, given)

    assert await store.shelf.tidy(after(days=31), NOON) == 12
