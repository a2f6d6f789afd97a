"""The hits of a PostgreSQL database that was in use become parts where they lie."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.postgres import PostgresServer, database_name
from tests.tracker.store.filling import Filled, fill, put, run
from tests.tracker.store.releases import schema_of
from tracker.clock import timed_prefix, utc_now
from tracker.store.address import read_address
from tracker.store.connecting import connect
from tracker.store.migrating import migrate
from tracker.store.opening import open_store

FILE = "SELECT relfilenode FROM pg_class WHERE relname = '{0}'"
WHERE = "SELECT id || ' ' || tableoid::regclass FROM hit ORDER BY id"
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Divided:
    """A database whose hits were one table, after its migration; `file` is where that table lay."""

    url: str
    server: PostgresServer
    ids: tuple[str, ...]
    file: list[str]

    def asked(self, sql: str) -> list[str]:
        return self.server.run(sql, name=database_name(self.url)).splitlines()


@pytest.fixture(scope="module")
def once(postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Divided:
    url = postgres_server.fresh()
    ids = run(used_before(url, tmp_path_factory.mktemp("releases")))
    file = postgres_server.run(FILE.format("hit"), name=database_name(url)).splitlines()
    run(migrate(url))
    return Divided(url, postgres_server, ids, file)


@pytest.fixture
def divided(once: Divided) -> Iterator[Divided]:
    url = once.server.fresh(template=database_name(once.url))
    yield replace(once, url=url)
    once.server.drop(url)


async def used_before(url: str, folder: Path) -> tuple[str, ...]:
    """Hits of last year, of this moment, by a clock a year ahead, and one that is named in no known way."""
    await migrate(url, schema_of("0016_orders", folder))
    now = utc_now()
    prefixes = [timed_prefix(at) for at in (now - 365 * DAY, now, now + 365 * DAY)]
    ids = (*(f"{prefix}00000000000000000000" for prefix in prefixes), "hit-1")
    database = await connect(read_address(url))
    async with database.writing() as transaction:
        hit = next(row for row in await fill(transaction, "before") if row.table == "hit")
        await transaction.rows("DELETE FROM hit")
        for id in ids:
            await put(transaction, Filled("hit", {**hit.values, "id": id}))
    await database.close()
    return ids


async def test_the_old_table_is_the_first_part_and_not_written_again(divided: Divided) -> None:
    assert divided.asked(FILE.format("hit_before")) == divided.file


async def test_what_is_named_for_later_goes_to_the_rest(divided: Divided) -> None:
    old, fresh, ahead, strange = divided.ids

    assert divided.asked(WHERE) == [
        f"{old} hit_before",
        f"{fresh} hit_before",
        f"{ahead} hit_rest",
        f"{strange} hit_rest",
    ]


async def test_its_indexes_are_those_of_the_whole(divided: Divided) -> None:
    indexes = "SELECT count(*) FROM pg_inherits JOIN pg_index ON indexrelid = inhrelid WHERE indrelid = '{0}'::regclass"

    assert divided.asked(indexes.format("hit_before")) == divided.asked(indexes.format("hit_rest")) == ["3"]


async def test_new_parts_go_on_where_the_old_table_ends(divided: Divided) -> None:
    async with await open_store(divided.url, [bytes(32)]) as store:
        assert await store.hits.make_room(utc_now(), 180 * DAY) == 1
        made = await store.hits.make_room(utc_now() + 364 * DAY, 180 * DAY)

    parts = divided.asked("SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent = 'hit'::regclass ORDER BY 1")
    first = (utc_now() + 2 * DAY).strftime("hit_%Y%m%d")
    assert parts[0] == "hit_before"
    assert first in parts
    assert made > 20
    assert f"{divided.ids[2]} hit_rest" not in divided.asked(WHERE)


async def test_hits_of_the_old_table_go_one_by_one_with_their_message(divided: Divided) -> None:
    divided.asked("UPDATE hit SET is_raw = 0")
    async with await open_store(divided.url, [bytes(32)]) as store:
        await store.hits.make_room(utc_now(), 180 * DAY)
        await store.messages.forget(utc_now() + DAY)

    assert divided.asked("SELECT count(*) FROM hit") == ["0"]


async def test_the_old_table_is_dropped_when_all_of_it_is_too_old(divided: Divided) -> None:
    async with await open_store(divided.url, [bytes(32)]) as store:
        await store.messages.forget(utc_now() + 200 * DAY)
        dropped = await store.hits.forget(utc_now() + 3 * DAY)

    assert dropped == 1
    assert divided.asked("SELECT to_regclass('hit_before') IS NULL") == ["t"]
