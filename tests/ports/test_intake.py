"""What every intake promises, whatever keeps its hits."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from pathlib import Path
from types import MappingProxyType

import pytest

from tests.makers import a_hit, after
from tracker.model import HitKind
from tracker.ports import Intake, Unrecordable
from tracker.store.intake import CountedIntake, open_intake

Opened = Callable[[], Awaitable[CountedIntake]]


@pytest.fixture(params=["sqlite", "postgres", "stream"])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Opened:
    """Opens the intake, each time the same one."""
    if request.param != "stream":
        return partial(open_intake, str(request.getfixturevalue(f"empty_{request.param}_url")))
    nats_url = str(request.getfixturevalue("nats_url"))
    return partial(open_intake, "postgres://unused", nats_url, tmp_path / "spool.sqlite3")


@pytest.fixture
async def intake(opened: Opened) -> AsyncIterator[Intake]:
    intake = await opened()
    yield intake
    await intake.close()


async def test_a_hit_comes_back_as_it_went_in(intake: Intake) -> None:
    headers = MappingProxyType({"user-agent": 'quo"te\\ \x00 \ud800 é 🙂', "accept": ""})
    hit = a_hit(
        at=after(seconds=1, microseconds=7),
        kind=HitKind.CLICK,
        method="HEAD",
        ip="2001:db8::1",
        headers=headers,
        link="https://a.example/?q=é",
    )

    await intake.append(hit)

    assert await intake.take(10) == [hit]


async def test_hits_are_taken_oldest_first_and_no_more_than_asked_for(intake: Intake) -> None:
    late, early, middle = a_hit(at=after(30)), a_hit(at=after(10)), a_hit(at=after(20))
    for hit in (late, early, middle):
        await intake.append(hit)

    assert await intake.take(2) == [early, middle]


async def test_hits_are_taken_again_until_they_are_done(intake: Intake) -> None:
    first, second = a_hit(at=after(1)), a_hit(at=after(2))
    await intake.append(first)
    await intake.append(second)

    assert await intake.take(1) == await intake.take(1) == [first]
    await intake.done([first.id])
    assert await intake.take(10) == [second]


async def test_a_hit_appended_twice_is_kept_once(intake: Intake) -> None:
    hit = a_hit()

    await intake.append(hit)
    await intake.append(hit)

    assert await intake.take(10) == [hit]


async def test_being_done_with_what_is_not_there_changes_nothing(intake: Intake) -> None:
    hit = a_hit()
    await intake.append(hit)

    await intake.done([])
    await intake.done(["no such hit"])

    assert await intake.take(10) == [hit]


async def test_many_appends_at_once_are_all_kept(intake: Intake) -> None:
    hits = [a_hit(at=after(number)) for number in range(500)]

    await asyncio.gather(*map(intake.append, hits))

    assert await intake.take(1000) == hits


async def test_hits_survive_closing_and_opening(opened: Opened) -> None:
    hit = a_hit()
    first = await opened()
    await first.append(hit)
    await first.close()

    second = await opened()

    assert await second.take(10) == [hit]
    await second.close()


async def test_closing_commits_what_was_accepted(opened: Opened) -> None:
    first = await opened()
    appending = asyncio.ensure_future(first.append(a_hit()))
    await asyncio.sleep(0)
    await first.close()

    await appending

    second = await opened()
    assert len(await second.take(10)) == 1
    await second.close()


async def test_a_closed_intake_refuses_at_once(opened: Opened) -> None:
    intake = await opened()
    await intake.close()

    with pytest.raises(Unrecordable):
        await intake.append(a_hit())


async def test_waiting_ends_at_once_after_an_append(intake: Intake) -> None:
    await intake.wait(0)
    waiting = asyncio.ensure_future(intake.wait(60))
    await asyncio.sleep(0)

    await intake.append(a_hit())

    await asyncio.wait_for(waiting, 5)


async def test_an_append_before_the_wait_is_noticed_too(intake: Intake) -> None:
    await intake.wait(0)
    await intake.append(a_hit())

    await asyncio.wait_for(intake.wait(60), 5)


async def test_waiting_ends_when_nothing_comes(intake: Intake) -> None:
    await intake.wait(0)

    await asyncio.wait_for(intake.wait(0.01), 5)


async def test_what_the_last_run_left_need_not_be_waited_for(opened: Opened) -> None:
    intake = await opened()

    await asyncio.wait_for(intake.wait(60), 5)
    await intake.close()


async def test_a_healthy_intake_says_nothing_and_keeps_nothing_of_the_question(intake: Intake) -> None:
    assert await intake.healthy() is None

    assert await intake.take(10) == []


async def test_a_closed_intake_says_why_it_is_not_healthy(opened: Opened) -> None:
    intake = await opened()
    await intake.close()

    assert "closed" in (await intake.healthy() or "")


async def test_two_processes_may_open_it_at_the_same_time(opened: Opened) -> None:
    intakes = await asyncio.gather(*(opened() for _ in range(3)))

    await asyncio.gather(*(intake.append(a_hit()) for intake in intakes))

    assert len(await intakes[0].take(10)) == 3
    for intake in intakes:
        await intake.close()


async def test_what_waits_for_the_recorder_is_counted_with_the_age_of_the_oldest(opened: Opened) -> None:
    intake = await opened()
    for seconds in (1, 2):
        await intake.append(a_hit(at=after(seconds)))

    [queue, *_] = await intake.queues()

    assert (queue.batches, queue.oldest) == (2, after(1))
    assert intake.at_the_door() == 0
    await intake.close()


async def test_nothing_waits_once_all_is_recorded(opened: Opened) -> None:
    intake = await opened()
    await intake.append(a_hit())
    await intake.wait(1)
    await intake.done([hit.id for hit in await intake.take(10)])

    queues = await intake.queues()

    assert [(queue.batches, queue.oldest) for queue in queues] == [(0, None)] * len(queues)
    await intake.close()


async def test_what_came_and_is_not_written_yet_waits_at_the_door(opened: Opened) -> None:
    intake = await opened()

    kept = intake.append(a_hit())

    assert intake.at_the_door() == 1
    await kept
    await intake.close()
