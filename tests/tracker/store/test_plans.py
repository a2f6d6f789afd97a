"""However many hits there are, nobody's question reads them all: what is asked is found by an index."""

import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing
from datetime import datetime, timedelta

import pytest

from benchmarks.generate import Size, generate
from tests.makers import a_hit
from tests.postgres import PostgresServer, database_name
from tests.tracker.store.filling import run
from tracker.judging import judge
from tracker.ports import Store
from tracker.questions import Wanted
from tracker.recording import Recording
from tracker.store.opening import open_store

NOW = datetime.fromisoformat("2026-12-01T12:00:00+00:00")
DAY = timedelta(days=1)
SIZE = Size(messages=1500, hits=60_000, people=10)
MINE = ["account3"]
MESSAGES = [f"m{number:015x}" for number in range(1400, 1500)]
COPIES = [f"c{number:015x}" for number in range(1400, 1500)]


async def lists(store: Store) -> None:
    await store.messages.page(MINE, Wanted(), None, 10)
    await store.messages.page(MINE, Wanted(words=("ada",)), None, 10)
    await store.messages.page(MINE, Wanted(alive_since=NOW - 7 * DAY), None, 10)
    await store.messages.page(MINE, Wanted(unopened_before=NOW - 3 * DAY), None, 10)
    await store.messages.hot(MINE, NOW - 30 * DAY, None, 10)


async def one_message(store: Store) -> None:
    await store.messages.report(MESSAGES[3])
    await store.hits.page(COPIES[:3], None, 10)
    await store.hits.timeline(COPIES[3])
    await store.hits.timeline(COPIES[3], 10)
    await store.hits.hit("no such hit")


async def figures(store: Store) -> None:
    await store.messages.sums(MINE, NOW - 30 * DAY)
    await store.vitals.tallies("T1", NOW - 30 * DAY)
    await store.vitals.backlog(NOW, NOW - 7 * DAY)


async def recording(store: Store) -> None:
    hits = [a_hit(copy_id=copy, at=NOW + timedelta(seconds=number)) for number, copy in enumerate(COPIES)]
    await Recording(store.hits, judge, timedelta(0), lambda: NOW).record(hits)
    await store.hits.seen([hit.id for hit in hits])
    await store.hits.siblings(MESSAGES, NOW - DAY, NOW)


async def tidying(store: Store) -> None:
    await store.hits.forget_raw(NOW - 2 * DAY)
    await store.messages.forget(NOW - 170 * DAY)
    await store.hits.make_room(NOW, 180 * DAY)


async def rights(store: Store) -> None:
    async for _ in store.rights.everything("account3"):
        pass
    await store.rights.erase("ada.hopper12@company12.example", MINE)


Use = Callable[[Store], Awaitable[None]]
USES = (lists, one_message, figures, recording, tidying, rights)
# Each more often than PostgreSQL plans for the very values that it is given.
TIMES = 7


@pytest.fixture(scope="module")
def much_on_postgres(postgres_server: PostgresServer) -> Iterator[str]:
    url = postgres_server.fresh()
    run(generate(url, SIZE, NOW))
    yield url
    postgres_server.drop(url)


@pytest.fixture(scope="module")
def much_on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> str:
    url = f"sqlite://{tmp_path_factory.mktemp('plans') / 'much.sqlite3'}"
    run(generate(url, SIZE, NOW))
    return url


@pytest.mark.parametrize("use", USES, ids=lambda use: use.__name__)
async def test_postgres_reads_no_part_of_the_hits_from_end_to_end(
    much_on_postgres: str, postgres_server: PostgresServer, use: Use
) -> None:
    name = database_name(much_on_postgres)
    before = whole_reads(postgres_server, name)

    async with await open_store(much_on_postgres, [bytes(32)]) as store:
        for _ in range(TIMES):
            await use(store)

    assert whole_reads(postgres_server, name) == before


def whole_reads(server: PostgresServer, name: str) -> list[str]:
    """The parts of the hits that were read whole, and how many rows came of it. Few rows are best read so."""
    sql = """
        SELECT relname, seq_tup_read FROM pg_stat_user_tables JOIN pg_class USING (relname)
        WHERE relname LIKE 'hit%' AND reltuples > 2000 ORDER BY relname
    """
    return server.run(sql, name=name).splitlines()


@pytest.mark.parametrize("use", USES, ids=lambda use: use.__name__)
async def test_sqlite_reads_the_hits_from_end_to_end_for_nobody(much_on_sqlite: str, use: Use) -> None:
    asked: list[str] = []
    file = much_on_sqlite.removeprefix("sqlite://")
    opened = await open_store(much_on_sqlite, [bytes(32)])
    async with opened as store:
        await traced(store, asked)
        await use(store)

    with closing(sqlite3.connect(file)) as connection:
        steps = [step for sql in asked for *_, step in connection.execute(f"EXPLAIN QUERY PLAN {sql}")]
    assert len(asked) > 3
    assert [step for step in steps if step.startswith("SCAN hit")] == []


async def traced(store: Store, asked: list[str]) -> None:
    """From now on, note every statement that the store sends to its file."""
    await store.hits._database._client._connection.set_trace_callback(asked.append)  # type: ignore[attr-defined]


# What a planner knows that looked last while nobody waited.
_CROWD = """
INSERT INTO alert (id, key, topic, kind, account_id, due_at, tries, refusals)
SELECT n, n, n, 'first_open', 'account3', n, 0, 0 FROM generate_series(1, 3000) AS n
"""
_READ = """
SELECT seq_tup_read + (SELECT sum(idx_tup_read) FROM pg_stat_user_indexes WHERE relname = 'alert')
FROM pg_stat_user_tables WHERE relname = 'alert'
"""


async def test_leasing_from_a_crowded_outbox_looks_at_each_alert_a_few_times(
    much_on_postgres: str, postgres_server: PostgresServer
) -> None:
    name = database_name(much_on_postgres)
    postgres_server.run("DELETE FROM alert", "VACUUM ANALYZE alert", _CROWD, name=name)
    before = int(postgres_server.run(_READ, name=name))

    async with await open_store(much_on_postgres, [bytes(32)]) as store:
        leased = await store.alerts.lease(NOW, NOW + DAY, 20)

    assert len(leased) == 20
    assert int(postgres_server.run(_READ, name=name)) - before < 10 * 3000
