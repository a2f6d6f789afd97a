"""On PostgreSQL hits lie in parts by their time: made ahead, dropped whole, and none is lost by any clock."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from tests.makers import a_hit, a_summary
from tests.ports.givens import Given, given_message, judged_hit, recorded
from tests.postgres import PostgresServer, database_name
from tracker.judging import judge
from tracker.model import Copy, Hit, Judged
from tracker.ports import Recorded, Store, TryLater
from tracker.recording import Recording
from tracker.rights import RightsBook
from tracker.store.opening import open_store
from tracker.tidying import Tidying

KEPT = timedelta(days=180)
RAW = timedelta(hours=72)
WIDTH = timedelta(days=15)
NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
Asked = Callable[[str], list[str]]


@pytest.fixture
async def store(undivided_url: str) -> AsyncIterator[Store]:
    async with await open_store(undivided_url, [bytes(32)]) as store:
        yield store


@pytest.fixture
def undivided_url(postgres_server: PostgresServer, postgres_url: str) -> Iterator[str]:
    """A database of this test alone, as tables are made and dropped in it."""
    url = postgres_server.fresh(template=database_name(postgres_url))
    yield url
    postgres_server.drop(url)


@pytest.fixture
def asked(postgres_server: PostgresServer, undivided_url: str) -> Asked:
    """Ask the database itself; what it answers, line by line."""
    return lambda sql: postgres_server.run(sql, name=database_name(undivided_url)).splitlines()


PARTS = "SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent = 'hit'::regclass ORDER BY 1"


def where(judged: Judged) -> str:
    return f"SELECT tableoid::regclass FROM hit WHERE id = '{judged.hit.id}'"  # noqa: S608


def hit_at(copy: Copy, at: datetime) -> Judged:
    """A hit without address, as it is after some hours."""
    return judged_hit(copy, at=at, ip=None, headers={})


def summed_up(copy: Copy, *hits: Judged) -> Recorded:
    """Hits of a copy, with what recording keeps of them beside it."""
    latest = max(judged.hit.at for judged in hits)
    return recorded(copy, *hits, summary=a_summary(opens=len(hits), last_hit_at=latest))


async def given_hits(store: Store, asked: Asked, *moments: datetime) -> tuple[Given, list[Judged]]:
    """A message of the earliest moment with a hit at each, whose addresses are destroyed already."""
    given = await given_message(store, created_at=min(moments))
    hits = [hit_at(given.copy, at) for at in moments]
    await store.hits.record([summed_up(given.copy, *hits)])
    asked("UPDATE hit SET is_raw = 0")
    return given, hits


async def test_parts_are_made_ahead_a_twelfth_of_what_is_kept_each(store: Store, asked: Asked) -> None:
    assert await store.hits.make_room(NOW, KEPT) == 2
    assert asked(PARTS) == ["hit_rest", "hit_20261130", "hit_20261215"]


async def test_what_is_there_is_not_made_again(store: Store) -> None:
    await store.hits.make_room(NOW, KEPT)

    assert await store.hits.make_room(NOW, KEPT) == 0


async def test_where_little_is_kept_parts_are_days_and_made_for_a_week(store: Store, asked: Asked) -> None:
    await store.hits.make_room(NOW, timedelta(days=7))

    assert asked(PARTS)[1:] == [f"hit_{NOW + timedelta(days=day):%Y%m%d}" for day in range(-1, 8)]


async def test_another_width_goes_on_where_the_last_part_ends(store: Store, asked: Asked) -> None:
    await store.hits.make_room(NOW, KEPT)
    await store.hits.make_room(NOW + timedelta(days=24), timedelta(days=24))

    assert asked(PARTS)[1:] == ["hit_20261130", "hit_20261215", "hit_20261230", "hit_20270101"]


async def test_many_workers_at_once_make_each_part_once(undivided_url: str, asked: Asked) -> None:
    workers = [await open_store(undivided_url, [bytes(32)]) for _ in range(4)]
    made = []
    for worker in workers:
        await worker.__aenter__()
    made = await asyncio.gather(*(worker.store.hits.make_room(NOW, KEPT) for worker in workers))
    for worker in workers:
        await worker.__aexit__(None, None, None)

    assert sum(made) == 2
    assert len(asked(PARTS)) == 3


async def test_a_hit_lies_in_the_part_of_its_time(store: Store, asked: Asked) -> None:
    await store.hits.make_room(NOW, KEPT)
    _, [first, second] = await given_hits(store, asked, NOW, NOW + timedelta(days=20))

    assert asked(where(first)) + asked(where(second)) == ["hit_20261130", "hit_20261215"]


@pytest.mark.parametrize("wrong", [timedelta(days=-20_000), timedelta(days=-40), timedelta(days=400)])
async def test_no_clock_is_so_wrong_that_a_hit_is_refused(store: Store, asked: Asked, wrong: timedelta) -> None:
    await store.hits.make_room(NOW, KEPT)
    given, [hit] = await given_hits(store, asked, NOW + wrong)

    assert [judged.hit.id for judged in await store.hits.timeline(given.copy.id)] == [hit.hit.id]
    assert asked(where(hit)) == ["hit_rest"]


async def test_a_hit_from_a_clock_ahead_goes_to_its_part_once_that_is_made(store: Store, asked: Asked) -> None:
    await store.hits.make_room(NOW, KEPT)
    given, [hit] = await given_hits(store, asked, NOW + timedelta(days=40))

    await store.hits.make_room(NOW + timedelta(days=30), KEPT)

    assert asked(where(hit)) == ["hit_20261230"]
    assert await store.hits.seen([hit.hit.id]) == {hit.hit.id}
    assert len(await store.hits.timeline(given.copy.id)) == 1


async def test_a_hit_recorded_twice_is_one_in_whatever_part(store: Store, asked: Asked) -> None:
    given, [hit] = await given_hits(store, asked, NOW)
    await store.hits.make_room(NOW, KEPT)

    await store.hits.record([recorded(given.copy, hit, version=1)])

    assert len(await store.hits.timeline(given.copy.id)) == 1


async def forgotten(store: Store, now: datetime) -> int:
    """What the worker does every hour; how many parts were dropped."""
    await store.messages.forget(now - KEPT)
    await store.hits.make_room(now, KEPT)
    return await store.hits.forget(now - KEPT)


async def test_what_is_too_old_goes_with_its_part_and_all_else_stays(store: Store, asked: Asked) -> None:
    for days in (0, 15, 30):
        await store.hits.make_room(NOW + timedelta(days=days), KEPT)
    old, _ = await given_hits(store, asked, NOW, NOW + timedelta(hours=3))
    young, _ = await given_hits(store, asked, NOW + timedelta(days=20), NOW + timedelta(days=33))
    before = (await store.hits.histories([young.copy.id]))[young.copy.id]

    dropped = await forgotten(store, NOW + KEPT + WIDTH)

    assert dropped == 1
    assert "hit_20261130" not in asked(PARTS)
    assert asked("SELECT to_regclass('hit_20261130') IS NULL") == ["t"]
    assert await store.messages.get(old.message.id) is None
    assert (await store.hits.histories([young.copy.id]))[young.copy.id] == before
    assert len(before.judged) == before.summary.opens == 2


async def test_a_forgotten_message_leaves_its_hits_to_the_part_that_is_next_to_go(store: Store, asked: Asked) -> None:
    await store.hits.make_room(NOW, KEPT)
    _, [early, late] = await given_hits(store, asked, NOW, NOW + timedelta(days=20))

    await forgotten(store, NOW + KEPT + timedelta(days=1))

    assert await store.hits.hit(early.hit.id) is None
    assert asked(where(early)) == ["hit_20261130"]
    assert asked(where(late)) == []


async def test_no_address_is_left_to_a_part(store: Store, asked: Asked) -> None:
    await store.hits.make_room(NOW, KEPT)
    _, [hit] = await given_hits(store, asked, NOW)
    asked("UPDATE hit SET is_raw = 1")

    await store.messages.forget(NOW + timedelta(days=1))

    assert asked(where(hit)) == []


async def test_who_is_erased_is_erased_from_every_part_at_once(store: Store, asked: Asked) -> None:
    await store.hits.make_room(NOW, KEPT)
    given, _ = await given_hits(store, asked, NOW, NOW + timedelta(days=20), NOW + timedelta(days=900))
    rights: RightsBook = store.rights

    await rights.erase(given.copy.recipients[0].address, [given.account.id])

    assert asked("SELECT count(*) FROM hit") == ["0"]


async def test_a_mailbox_that_is_removed_takes_its_hits_from_every_part(store: Store, asked: Asked) -> None:
    await store.hits.make_room(NOW, KEPT)
    given, _ = await given_hits(store, asked, NOW, NOW + timedelta(days=20), NOW + timedelta(days=900))

    await store.accounts.remove(given.account.email)

    assert asked("SELECT count(*) FROM hit") == ["0"]


async def test_a_hit_of_a_message_that_is_kept_outlives_its_part(store: Store, asked: Asked) -> None:
    await store.hits.make_room(NOW, KEPT)
    given = await given_message(store, created_at=NOW + timedelta(days=100))
    slow = hit_at(given.copy, NOW)  # by a clock a hundred days late
    await store.hits.record([summed_up(given.copy, slow)])

    assert await forgotten(store, NOW + KEPT + WIDTH) == 1

    assert [judged.hit.id for judged in await store.hits.timeline(given.copy.id)] == [slow.hit.id]
    assert asked(where(slow)) == ["hit_rest"]


async def test_such_a_hit_goes_with_its_message(store: Store, asked: Asked) -> None:
    await store.hits.make_room(NOW, KEPT)
    given = await given_message(store, created_at=NOW + timedelta(days=100))
    await store.hits.record([summed_up(given.copy, hit_at(given.copy, NOW))])
    await forgotten(store, NOW + KEPT + WIDTH)

    await forgotten(store, NOW + KEPT + timedelta(days=101))

    assert asked("SELECT count(*) FROM hit") == ["0"]


async def test_who_reads_hits_for_long_is_not_waited_for(store: Store, undivided_url: str, asked: Asked) -> None:
    reader = await asyncpg.connect(undivided_url)
    async with reader.transaction():
        await reader.fetch("SELECT id FROM hit")
        with pytest.raises(TryLater, match="lock timeout"):
            await store.hits.make_room(NOW, KEPT)
    await reader.close()

    assert await store.hits.make_room(NOW, KEPT) == 2


async def test_a_worker_whose_clock_steps_back_makes_and_drops_nothing(store: Store, asked: Asked) -> None:
    await store.hits.make_room(NOW, KEPT)
    parts = asked(PARTS)

    assert await forgotten(store, NOW - timedelta(days=300)) == 0
    assert asked(PARTS) == parts


async def test_the_hourly_tidying_makes_the_parts_and_drops_them(store: Store, asked: Asked) -> None:
    moments = [NOW + days * timedelta(days=1) for days in (0, 100, 190, 220)]
    tidied = [Tidying(store.messages, store.hits, store.orders, RAW, KEPT, lambda at=at: at) for at in moments]
    seen = []
    for tidying in tidied:
        await tidying.run_once()
        seen.append(len(asked(PARTS)))

    assert seen == [3, 9, 15, 15]
    assert "hit_20261130" not in asked(PARTS)


async def test_no_hit_is_lost_that_comes_while_parts_are_made_and_dropped(
    store: Store, undivided_url: str, asked: Asked
) -> None:
    given = [await given_message(store, created_at=NOW) for _ in range(4)]
    moments = [NOW + KEPT + timedelta(days=day, seconds=number) for day in range(30) for number in range(4)]
    hits = [a_hit(copy_id=given[number % 4].copy.id, at=at) for number, at in enumerate(moments)]

    async def recorded_one_by_one(recording: Recording, some: list[Hit]) -> None:
        for hit in some:
            await recording.record([hit])

    async def kept_up(worker: Store) -> None:
        for days in range(0, 30, 3):
            await worker.hits.make_room(NOW + timedelta(days=days) + KEPT, timedelta(days=36))
            await worker.hits.forget(NOW + timedelta(days=days) + KEPT - timedelta(days=36))

    async with await open_store(undivided_url, [bytes(32)]) as other:
        recorders = [Recording(one.hits, judge, timedelta(0), lambda: NOW + KEPT) for one in (store, other)]
        await asyncio.gather(
            *(recorded_one_by_one(recorder, hits[number::2]) for number, recorder in enumerate(recorders)),
            kept_up(store),
            kept_up(other),
        )

    assert await store.hits.seen([hit.id for hit in hits]) == {hit.id for hit in hits}
    assert len(asked(PARTS)) > 10
