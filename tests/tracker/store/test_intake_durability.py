"""An acknowledged hit is on the disk: what the engines promise only when they are told to."""

import asyncpg
import pytest

from tracker.store.intake import intake_file
from tracker.store.intake_postgres import PostgresBatches
from tracker.store.intake_sqlite import SqliteBatches

FULL = 2  # https://www.sqlite.org/pragma.html#pragma_synchronous


@pytest.fixture
async def careless_url(empty_postgres_url: str) -> str:
    """A database that answers a commit before it is on the disk, unless it is told otherwise."""
    connection = await asyncpg.connect(empty_postgres_url)
    name = await connection.fetchval("SELECT current_database()")
    await connection.execute(f'ALTER DATABASE "{name}" SET synchronous_commit = off')
    await connection.close()
    return empty_postgres_url


async def test_sqlite_waits_for_the_disk(empty_sqlite_url: str) -> None:
    rows = SqliteBatches(intake_file(empty_sqlite_url))
    await rows.open()

    [synchronous] = rows._connection.execute("PRAGMA synchronous").fetchone()

    assert synchronous == FULL
    await rows.close()


async def test_a_postgres_that_would_not_wait_for_the_disk_is_told_to(careless_url: str) -> None:
    rows = PostgresBatches(careless_url)
    await rows.open()

    waits = await rows._writer.fetchval("SHOW synchronous_commit")

    assert waits == "on"
    await rows.close()
