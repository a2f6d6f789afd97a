"""Recorders on one PostgreSQL without a stream: hits are in one's hand at a time, and nobody can keep them there."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.makers import a_hit, after
from tests.postgres import PostgresServer
from tracker.store import intake_postgres
from tracker.store.intake import CountedIntake, open_intake


@pytest.fixture
async def two(empty_postgres_url: str) -> AsyncIterator[tuple[CountedIntake, CountedIntake]]:
    """The intakes of two web processes, with five hits that came to the second."""
    first, second = await open_intake(empty_postgres_url), await open_intake(empty_postgres_url)
    for number in range(5):
        await second.append(a_hit(at=after(number)))
    yield first, second
    await first.close()
    await second.close()


async def test_what_one_has_in_hand_another_waits_for(two: tuple[CountedIntake, CountedIntake]) -> None:
    first, second = two
    hits = await first.take(100)
    later = asyncio.create_task(second.take(100))
    await asyncio.sleep(0.3)
    assert not later.done()

    await first.done([hit.id for hit in hits])

    assert len(hits) == 5
    assert await later == []
    await second.append(a_hit(at=after(9)))
    assert len(await second.take(100)) == 1


async def test_who_finds_nothing_holds_up_nobody(two: tuple[CountedIntake, CountedIntake]) -> None:
    first, second = two
    await first.done([hit.id for hit in await first.take(100)])
    assert await first.take(100) == []

    async with asyncio.timeout(1):
        assert await second.take(100) == []


async def test_from_who_dies_another_takes_at_once(
    two: tuple[CountedIntake, CountedIntake], postgres_server: PostgresServer, empty_postgres_url: str
) -> None:
    first, second = two
    hits = await first.take(100)

    postgres_server.cut(empty_postgres_url)  # as of a process that was killed

    async with asyncio.timeout(2):
        assert await second.take(100) == hits


async def test_from_who_does_nothing_another_takes_after_seconds(
    two: tuple[CountedIntake, CountedIntake], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake_postgres, "_TURN_SECONDS", 0.2)
    first, second = two

    assert await first.take(100) == await second.take(100) != []
