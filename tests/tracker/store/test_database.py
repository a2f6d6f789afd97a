"""What goes wrong in a database comes out as TryLater, leaves nothing half done, and passes when it has passed."""

import asyncio
import shutil
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.makers import after, an_account
from tests.ports.givens import given_account, given_message, judged_hit, recorded
from tests.postgres import PostgresServer, database_name
from tracker.ports import Store, TryLater
from tracker.store.address import read_address
from tracker.store.connecting import connect
from tracker.store.database import Database, Statements
from tracker.store.hits import SqlHitLog
from tracker.store.migrating import migrate
from tracker.store.opening import open_store

KEY = bytes(32)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = await connect(read_address(database_url), patience=0.1)
    yield database
    await database.close()


async def accounts(database: Database) -> int:
    async with database.reading() as statements:
        return len(await statements.rows("SELECT id FROM account"))


INSERT = """
INSERT INTO account (id, email, email_key, slack_user, slack_team, state, refresh_token)
VALUES ($1, '', $2, '', '', '', '')
"""


async def add(transaction: Statements, name: str) -> None:
    await transaction.rows(INSERT, name, name)


class Failure(Exception):
    """What goes wrong in the middle of a transaction."""


async def test_a_failed_transaction_leaves_nothing(database: Database) -> None:
    async def write() -> None:
        async with database.writing() as transaction:
            await add(transaction, "a")
            raise Failure

    with pytest.raises(Failure):
        await write()

    assert await accounts(database) == 0


async def test_a_cancelled_transaction_leaves_nothing_and_the_next_one_works(database: Database) -> None:
    inside = asyncio.Event()

    async def write() -> None:
        async with database.writing() as transaction:
            await add(transaction, "a")
            inside.set()
            await asyncio.sleep(60)

    writing = asyncio.create_task(write())
    await inside.wait()
    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing

    async with database.writing() as transaction:
        await add(transaction, "b")
    assert await accounts(database) == 1


async def test_transactions_cancelled_at_any_step_leave_the_database_usable(database: Database) -> None:
    async def write(name: str) -> None:
        async with database.writing() as transaction:
            await add(transaction, name)

    for steps in range(30):
        writing = asyncio.create_task(write(f"cancelled-{steps}"))
        for _ in range(steps):
            await asyncio.sleep(0)
        writing.cancel()
        await asyncio.gather(writing, return_exceptions=True)

    await write("the next one")
    async with database.reading() as statements:
        assert await statements.rows("SELECT id FROM account WHERE id = 'the next one'")


async def test_a_list_may_be_longer_than_a_statement_has_places_for_values(database: Database) -> None:
    async with database.writing() as transaction:
        await transaction.each(INSERT, [[f"a{number}"] * 2 for number in range(5)])

        found = await transaction.rows(
            "SELECT id FROM account WHERE id IN ($many)", many=[f"a{number}" for number in range(40_000)]
        )

    assert {row["id"] for row in found} == {f"a{number}" for number in range(5)}


async def test_a_file_locked_too_long_is_tried_later(sqlite_url: str) -> None:
    database = await connect(read_address(sqlite_url), patience=0.05)
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite://"), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")

        with pytest.raises(TryLater, match="locked"):
            async with database.writing():
                pass

        other.execute("ROLLBACK")
    async with database.writing() as transaction:
        await add(transaction, "a")
    assert await accounts(database) == 1
    await database.close()


async def test_a_full_disk_is_tried_later_and_leaves_whole_batches(sqlite_url: str) -> None:
    async with await open_store(sqlite_url, [KEY]) as store:
        given = await given_message(store)
    database = await connect(read_address(sqlite_url))
    async with database.reading() as statements:
        [pages] = await statements.rows("PRAGMA page_count")
        await statements.rows(f"PRAGMA max_page_count = {pages['page_count'] + 60}")
    hits = SqlHitLog(database)

    async def fill() -> None:
        for batch in range(1000):
            judged = [judged_hit(given.copy, headers={"user-agent": "x" * 1000}) for _ in range(10)]
            await hits.record([recorded(given.copy, *judged, version=batch)])

    with pytest.raises(TryLater, match="full"):
        await fill()

    history = (await hits.histories([given.copy.id]))[given.copy.id]
    assert history.version > 0
    assert len(await hits.timeline(given.copy.id)) == 10 * history.version
    await database.close()


@pytest.fixture
async def fragile(postgres_server: PostgresServer, empty_postgres_url: str) -> AsyncIterator[tuple[Store, str]]:
    """A store whose database can be taken away."""
    await migrate(empty_postgres_url)
    async with await open_store(empty_postgres_url, [KEY]) as store:
        yield store, empty_postgres_url


async def test_a_database_that_is_away_is_tried_later(
    fragile: tuple[Store, str], postgres_server: PostgresServer
) -> None:
    store, url = fragile
    await given_account(store)
    postgres_server.take_away(url)

    for _ in range(12):  # more often than there are connections: none may be lost by failing
        with pytest.raises(TryLater):
            await store.accounts.all()
        with pytest.raises(TryLater):
            await store.accounts.add(an_account(), "grant")

    postgres_server.give_back(url)
    assert len(await store.accounts.all()) == 1


async def test_the_reader_of_the_outbox_hears_again_after_its_connection_was_cut(
    fragile: tuple[Store, str], postgres_server: PostgresServer
) -> None:
    store, url = fragile
    given = await given_message(store)
    await store.alerts.lease(after(), after(60), 1)
    postgres_server.take_away(url)
    postgres_server.give_back(url)
    await store.alerts.wait(20)  # the cut itself ends a wait
    await store.alerts.lease(after(), after(60), 1)

    waiting = asyncio.create_task(store.alerts.wait(20))
    await asyncio.sleep(0.05)
    put_at = time.monotonic()
    postgres_server.run("NOTIFY twotick_alerts", name=database_name(url))
    await waiting

    assert time.monotonic() - put_at < 2
    assert given.copy.id in await store.hits.histories([given.copy.id])


async def test_a_transaction_cut_in_the_middle_leaves_nothing(
    fragile: tuple[Store, str], postgres_server: PostgresServer
) -> None:
    _, url = fragile
    database = await connect(read_address(url))

    async def write() -> None:
        async with database.writing() as transaction:
            await add(transaction, "a")
            postgres_server.take_away(url)
            await add(transaction, "b")

    with pytest.raises(TryLater):
        await write()

    postgres_server.give_back(url)
    assert await accounts(database) == 0
    await database.close()


def _moved_away(url: str) -> Path:
    """Rename a SQLite database with all that belongs to it; the folder it is in now."""
    file = Path(url.removeprefix("sqlite://"))
    away = file.parent / "away"
    away.mkdir()
    for part in file.parent.glob(f"{file.name}*"):
        part.rename(away / part.name)
    return away


@pytest.fixture
async def on_a_file(sqlite_url: str) -> AsyncIterator[Database]:
    database = await connect(read_address(sqlite_url))
    yield database
    await database.close()


async def test_a_restored_copy_is_what_is_written_to_from_then_on(
    on_a_file: Database, sqlite_url: str, migrated_file: Path
) -> None:
    async with on_a_file.writing() as transaction:
        await add(transaction, "lost with the old file")

    _moved_away(sqlite_url)
    shutil.copy(migrated_file, sqlite_url.removeprefix("sqlite://"))
    async with on_a_file.writing() as transaction:
        await add(transaction, "kept")

    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite://"))) as reader:
        assert reader.execute("SELECT id FROM account").fetchall() == [("kept",)]


async def test_nothing_is_written_to_a_file_that_is_gone_until_it_is_back(on_a_file: Database, sqlite_url: str) -> None:
    away = _moved_away(sqlite_url)
    with pytest.raises(TryLater, match="is gone"):
        async with on_a_file.writing() as transaction:
            await add(transaction, "a")

    for part in away.iterdir():
        part.rename(away.parent / part.name)

    async with on_a_file.writing() as transaction:
        await add(transaction, "b")
    assert await accounts(on_a_file) == 1


async def test_a_commit_is_durable_also_where_the_server_would_not_wait_for_its_disk(postgres_url: str) -> None:
    database = await connect(read_address(postgres_url))

    async with database.writing() as transaction:
        [setting] = await transaction.rows("SHOW synchronous_commit")
    await database.close()

    assert setting["synchronous_commit"] == "on"
