"""Documents at rest: unreadable without a key, bound to their place, and honest about a full disk."""

import sqlite3
from contextlib import closing

import pytest

from tests.makers import NOON
from tests.ports.givens import given_message
from tests.ports.test_document_shelf import DATA, a_document, given_document
from tracker.documents import PIECE
from tracker.ports import NoRoom
from tracker.store.opening import open_store

KEY = bytes(range(32))


def changed(url: str, sql: str) -> list[tuple[bytes, ...]]:
    with closing(sqlite3.connect(url.removeprefix("sqlite://"), isolation_level=None)) as connection:
        return connection.execute(sql).fetchall()


async def test_nobody_reads_a_document_in_the_database(sqlite_url: str) -> None:
    async with await open_store(sqlite_url, [KEY]) as store:
        await given_document(store, await given_message(store))

    [(kept,)] = changed(sqlite_url, "SELECT data FROM shelved_piece")
    assert DATA[:16] not in bytes(kept)


async def test_a_piece_put_in_the_place_of_another_does_not_open(sqlite_url: str) -> None:
    async with await open_store(sqlite_url, [KEY]) as store:
        given = await given_message(store)
        mine, other = await given_document(store, given), await given_document(store, given)

        swap = f"SELECT data FROM shelved_piece WHERE id = '{other.id}/0'"  # noqa: S608
        changed(sqlite_url, f"UPDATE shelved_piece SET data = ({swap}) WHERE id = '{mine.id}/0'")  # noqa: S608

        assert await store.shelf.piece(mine, 0) is None
        assert await store.shelf.piece(other, 0) == DATA


async def test_without_its_key_a_document_is_gone(sqlite_url: str) -> None:
    async with await open_store(sqlite_url, [KEY]) as store:
        document = await given_document(store, await given_message(store))

    async with await open_store(sqlite_url, [bytes(32)]) as store:
        assert await store.shelf.piece(document, 0) is None


async def test_half_a_document_is_not_there_and_is_written_anew(sqlite_url: str) -> None:
    async with await open_store(sqlite_url, [KEY]) as store:
        document = await given_document(store, await given_message(store))
        changed(sqlite_url, "UPDATE shelved_document SET whole = 0")
        changed(sqlite_url, "DELETE FROM shelved_piece")
        before = await store.shelf.get(document.id, NOON)

        await store.shelf.put(document, DATA, NOON)

        assert before is None
        assert await store.shelf.piece(document, 0) == DATA


async def test_a_full_disk_is_said_in_words(sqlite_url: str) -> None:
    async with await open_store(sqlite_url, [KEY]) as store:
        document = a_document(await given_message(store), size=20 * PIECE)
        [(pages,)] = changed(sqlite_url, "PRAGMA page_count")
        async with store.messages._database.reading() as statements:  # type: ignore[attr-defined]
            await statements.rows(f"PRAGMA max_page_count = {int(pages) + 100}")

        with pytest.raises(NoRoom, match="disk of Twotick's database is full"):
            await store.shelf.put(document, bytes(20 * PIECE), NOON)

        assert await store.shelf.get(document.id, NOON) is None
