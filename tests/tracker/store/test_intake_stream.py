"""The stream when things go wrong: servers away, full, or not ours to use; recorders that die."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import nats
import pytest

from tests.makers import a_hit, after
from tests.nats import NatsNode, nats_binary, running_nats
from tracker.ports import Intake
from tracker.store.errors import CannotOpen
from tracker.store.intake import open_intake
from tracker.store.intake_sqlite import SqliteBatches
from tracker.store.jetstream import STREAM, SUBJECT
from tracker.vitals import Queue


@pytest.fixture
def binary() -> Path:
    found = nats_binary()
    if found is None:
        pytest.skip("no nats-server on this machine")
    return found


@pytest.fixture
def node(binary: Path) -> Iterator[NatsNode]:
    """A server of the test's own, to be killed."""
    with running_nats(binary) as (server,):
        yield server


@pytest.fixture
def spool(tmp_path: Path) -> Path:
    return tmp_path / "spool.sqlite3"


async def opened(url: str, spool: Path) -> Intake:
    return await open_intake("postgres://unused", url, spool)


async def taken(intake: Intake, number: int) -> list[str]:
    """The ids of as many hits as are expected, waited for."""
    async with asyncio.timeout(20):
        found: dict[str, None] = {}
        while len(found) < number:
            await intake.wait(1)
            ids = [hit.id for hit in await intake.take(100)]
            found |= dict.fromkeys(ids)
            await intake.done(ids)
    return list(found)


async def test_what_comes_while_the_servers_are_away_is_kept_and_follows(node: NatsNode, spool: Path) -> None:
    intake = await opened(node.url, spool)
    node.end()
    hits = [a_hit(at=after(number)) for number in range(20)]

    await asyncio.gather(*map(intake.append, hits))
    node.start()

    assert sorted(await taken(intake, 20)) == sorted(hit.id for hit in hits)
    await intake.close()


async def test_while_the_servers_are_away_it_can_still_record(node: NatsNode, spool: Path) -> None:
    intake = await opened(node.url, spool)
    node.end()

    assert await intake.healthy() is None
    await intake.close()


async def test_what_was_spooled_before_a_crash_follows_after_it(node: NatsNode, spool: Path) -> None:
    first = await opened(node.url, spool)
    node.end()
    hit = a_hit()
    await first.append(hit)
    await first.close()
    node.start()

    second = await opened(node.url, spool)

    assert await taken(second, 1) == [hit.id]
    await second.close()


async def test_hits_of_a_recorder_that_stopped_go_to_another(nats_url: str, spool: Path) -> None:
    first, second = await opened(nats_url, spool), await opened(nats_url, spool)
    hit = a_hit()
    await first.append(hit)
    await first.wait(5)
    assert [one.id for one in await first.take(10)] == [hit.id]

    await first.close()

    assert await taken(second, 1) == [hit.id]
    await second.close()


async def test_hits_are_shared_among_recorders(nats_url: str, spool: Path) -> None:
    first, second = await opened(nats_url, spool), await opened(nats_url, spool)
    for number in range(6):
        await first.append(a_hit(at=after(number)))

    mine, theirs = await first.take(100), await second.take(100)

    assert {one.id for one in mine} & {one.id for one in theirs} == set()
    assert len(mine) + len(theirs) == 6
    for intake in (first, second):
        await intake.close()


async def test_hits_that_came_one_by_one_are_taken_together(nats_url: str, spool: Path) -> None:
    intake = await opened(nats_url, spool)
    hits = [a_hit(at=after(number)) for number in range(700)]
    for hit in hits:
        await intake.append(hit)

    first = await intake.take(500)
    await intake.done([hit.id for hit in first])
    rest = await taken(intake, 200)

    assert [hit.id for hit in first] == [hit.id for hit in hits[:500]]
    assert sorted(rest) == [hit.id for hit in hits[500:]]
    await intake.close()


async def test_a_full_stream_loses_neither_old_nor_new(nats_url: str, spool: Path) -> None:
    intake = await opened(nats_url, spool)
    client = await nats.connect(nats_url)
    jetstream = client.jetstream()
    config = (await jetstream.stream_info(STREAM)).config
    await jetstream.update_stream(config.evolve(max_msgs=2))
    hits = [a_hit(at=after(number)) for number in range(5)]

    for hit in hits:
        await intake.append(hit)

    assert sorted(await taken(intake, 5)) == sorted(hit.id for hit in hits)
    await intake.close()
    await client.close()


async def test_a_message_that_we_did_not_write_is_passed_over(nats_url: str, spool: Path) -> None:
    intake = await opened(nats_url, spool)
    client = await nats.connect(nats_url)
    for foreign in (b"\xff", b"{}", b"[1]", b'[["a"]]'):
        await client.jetstream().publish(SUBJECT, foreign)
    hit = a_hit()
    await intake.append(hit)

    assert await taken(intake, 1) == [hit.id]
    assert (await client.jetstream().stream_info(STREAM)).state.messages == 0
    await intake.close()
    await client.close()


async def test_a_burst_is_cut_into_messages_that_servers_take(nats_url: str, spool: Path) -> None:
    intake = await opened(nats_url, spool)
    hits = [a_hit(at=after(number), headers={"user-agent": "x" * 4000}) for number in range(600)]

    await asyncio.gather(*map(intake.append, hits))

    rows = SqliteBatches(spool)
    assert await rows.oldest(1) == []
    assert len(await taken(intake, 600)) == 600
    await intake.close()


async def test_wrong_credentials_stop_the_start(binary: Path, spool: Path) -> None:
    with running_nats(binary, settings="authorization { user: twotick, password: right }") as (server,):
        url = server.url.replace("nats://", "nats://twotick:wrong-word@")

        with pytest.raises(CannotOpen, match=r"NATS_URL: .*[Aa]uthorization") as refused:
            await opened(url, spool)

    assert "wrong-word" not in str(refused.value)


async def test_servers_that_are_not_there_stop_the_start(unused_tcp_port: int, spool: Path) -> None:
    with pytest.raises(CannotOpen, match="NATS_URL: cannot reach the servers"):
        await opened(f"nats://127.0.0.1:{unused_tcp_port}", spool)


async def test_a_server_without_jetstream_stops_the_start(binary: Path, spool: Path) -> None:
    with running_nats(binary, jetstream=False) as (server,), pytest.raises(CannotOpen, match="JetStream"):
        await opened(server.url, spool)


async def test_without_the_servers_the_spool_is_counted_and_the_stream_is_not_known(
    node: NatsNode, spool: Path
) -> None:
    intake = await open_intake("postgres://unused", node.url, spool)
    node.end()
    await intake.append(a_hit(at=after(3)))

    stream, spooled = await intake.queues()

    assert stream == Queue("stream")
    assert spooled == Queue("spool", 1, after(3))
    await intake.close()


async def test_how_full_the_stream_is_is_told_by_its_tightest_limit(nats_url: str, spool: Path) -> None:
    intake = await open_intake("postgres://unused", nats_url, spool)
    client = await nats.connect(nats_url)
    config = (await client.jetstream().stream_info(STREAM)).config
    await client.jetstream().update_stream(config.evolve(max_msgs=4, max_bytes=1_000_000))
    await intake.append(a_hit())

    [stream, _] = await intake.queues()

    assert stream.used == 0.25
    await client.close()
    await intake.close()
