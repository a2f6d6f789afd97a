"""A database that was used under every released schema, one after the other, keeps every row through all migrations."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.makers import after
from tests.postgres import PostgresServer
from tests.tracker.store.filling import Filled, fill, put, run, tables_of
from tests.tracker.store.releases import RELEASES, schema_of
from tracker.account import Profile
from tracker.noise import DigestEvery
from tracker.rights import Entry
from tracker.store.address import read_address
from tracker.store.connecting import connect
from tracker.store.database import Database, Statements
from tracker.store.migrating import migrate
from tracker.store.opening import open_store

# Two rows a release in each table: one with every value, one with what must be there alone.
FAMILIES = [f"{how}-{release}" for release in RELEASES for how in ("full", "bare")]
ACCOUNTS = [f"account-{family}" for family in FAMILIES]
# What migrations work out for the rows that they find.
WORKED_OUT = ("UPDATE alert SET is_buried = 1 WHERE buried IS NOT NULL",)


@dataclass(frozen=True, slots=True)
class Walked:
    """A database that has seen all releases, and the rows that were put in under each."""

    url: str
    rows: Sequence[Filled]


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def walked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walked]:
    folder = tmp_path_factory.mktemp("releases")
    if request.param == "sqlite":
        url = f"sqlite://{folder / 'walked.sqlite3'}"
        yield Walked(url, run(filled_by_all(url, folder)))
    else:
        server: PostgresServer = request.getfixturevalue("postgres_server")
        url = server.fresh()
        yield Walked(url, run(filled_by_all(url, folder)))
        server.drop(url)


async def filled_by_all(url: str, folder: Path) -> list[Filled]:
    rows = []
    for release in RELEASES:
        await migrate(url, schema_of(release, folder))
        async with opened(url) as database, database.writing() as transaction:
            rows += await fill(transaction, release)
    return rows


@asynccontextmanager
async def opened(url: str) -> Iterator[Database]:
    database = await connect(read_address(url))
    try:
        yield database
    finally:
        await database.close()


async def lost_from(statements: Statements, row: Filled) -> dict[str, object]:
    """What was put into a row and stands there no more."""
    key = next(iter(row.values))
    [found] = await statements.rows(f"SELECT * FROM {row.table} WHERE {key} = $1", row.values[key])  # noqa: S608
    return {name: found[name] for name, value in row.values.items() if name in found and found[name] != value}


async def exported(url: str) -> list[Entry]:
    async with await open_store(url, [bytes(32)]) as store:
        return [entry for account in ACCOUNTS async for entry in store.rights.everything(account)]


async def test_every_row_is_kept_with_every_value(walked: Walked) -> None:
    async with opened(walked.url) as database, database.reading() as statements:
        lost = [(row.table, lost) for row in walked.rows if (lost := await lost_from(statements, row))]
        counted = {table: await statements.rows(f"SELECT count(*) AS n FROM {table}") for table in _tables(walked)}  # noqa: S608

    assert lost == []
    assert {table: rows[0]["n"] for table, rows in counted.items()} == Counter(row.table for row in walked.rows)


def _tables(walked: Walked) -> set[str]:
    return {row.table for row in walked.rows}


async def test_every_table_was_in_use(walked: Walked) -> None:
    async with opened(walked.url) as database, database.reading() as statements:
        assert set(await tables_of(statements)) == _tables(walked)


async def test_an_export_tells_what_it_told_of_rows_that_were_never_migrated(
    walked: Walked, request: pytest.FixtureRequest
) -> None:
    fresh = str(request.getfixturevalue("sqlite_url" if walked.url.startswith("sqlite") else "postgres_url"))
    async with opened(fresh) as database, database.writing() as transaction:
        tables = await tables_of(transaction)
        for row in walked.rows:
            names = {column.name for column in tables[row.table]}
            await put(transaction, replace(row, values={n: v for n, v in row.values.items() if n in names}))
        for sql in WORKED_OUT:
            await transaction.rows(sql)

    told = await exported(walked.url)
    assert len(told) > 10 * len(RELEASES)
    assert told == await exported(fresh)


async def test_the_books_can_be_read(walked: Walked) -> None:
    async with await open_store(walked.url, [bytes(32)]) as store:
        accounts = await store.accounts.all()
        reports = await store.messages.reports(ACCOUNTS, None, 1000)
        histories = await store.hits.histories([f"copy-{family}" for family in FAMILIES])
        noise = [await store.noise.of(account) for account in ACCOUNTS]
        reminders = await store.reminders.waiting(ACCOUNTS, 1000)
        leased = await store.alerts.lease(after(days=1), after(days=2), 1000)

    assert {account.id for account in accounts} == set(ACCOUNTS)
    assert Profile.STANDARD in {account.profile for account in accounts}
    assert len(reports) == len(histories) == len(FAMILIES)
    assert all(len(history.judged) == 1 for history in histories.values())
    assert DigestEvery.DAILY in {one.digest for one in noise}
    assert len(reminders) > 10
    assert len(leased) > 10
