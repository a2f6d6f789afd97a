"""Two processes on one database: neither fails, loses or doubles, whatever becomes of the other."""

import asyncio
import signal
import sys
from asyncio.subprocess import PIPE, Process

from tests.makers import after
from tests.ports.givens import given_message
from tracker.ports import Store


async def start(database_url: str, copy_id: str, batches: int) -> Process:
    program = [sys.executable, "-m", "tests.tracker.store.hammer", database_url, copy_id, str(batches)]
    return await asyncio.create_subprocess_exec(*program, stdout=PIPE, stderr=PIPE)


async def ended(process: Process) -> list[str]:
    """The batches that it recorded."""
    out, err = await process.communicate()
    assert not err, err.decode()
    return out.decode().split()


async def test_two_writers_and_a_reader_of_the_outbox_get_on(store: Store, database_url: str) -> None:
    given = await given_message(store)
    writers = [await start(database_url, given.copy.id, 25) for _ in range(2)]

    said: list[str] = []
    now = 0
    while len(said) < 50 and now < 400:
        now += 1
        for leased in await store.alerts.lease(after(now), after(now + 1), 10):
            await store.alerts.settle(leased, after(now), None)
            said += [alert.key for alert in leased.alerts]
        await store.alerts.wait(0.2)

    recorded = [key for writer in writers for key in await ended(writer)]
    assert sorted(said) == sorted(recorded)
    assert len(recorded) == 50


async def test_no_hit_of_two_writers_is_lost_or_counted_twice(store: Store, database_url: str) -> None:
    given = await given_message(store)

    writers = [await start(database_url, given.copy.id, 20) for _ in range(2)]
    for writer in writers:
        await ended(writer)

    history = (await store.hits.histories([given.copy.id]))[given.copy.id]
    assert history.summary.opens == len(await store.hits.timeline(given.copy.id)) == 200


async def test_a_writer_killed_at_any_moment_leaves_whole_batches(store: Store, database_url: str) -> None:
    given = await given_message(store)
    writer = await start(database_url, given.copy.id, 100_000)
    assert writer.stdout
    told = {(await writer.stdout.readline()).decode().strip() for _ in range(5)}

    writer.send_signal(signal.SIGKILL)
    await writer.wait()

    hits = {judged.hit.id for judged in await store.hits.timeline(given.copy.id)}
    history = (await store.hits.histories([given.copy.id]))[given.copy.id]
    [leased] = await store.alerts.lease(after(), after(60), 1)
    assert told <= hits
    assert len(hits) == history.summary.opens == 5 * len(leased.alerts)
