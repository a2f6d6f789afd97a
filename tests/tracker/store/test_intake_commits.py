"""Group commit against an engine that a test can hold, hang and break."""

import asyncio
from collections.abc import Sequence

import pytest

from tracker.ports import Unrecordable
from tracker.store.intake_commits import GroupCommit
from tracker.store.intake_rows import Row

ROW = Row("1", ())


class Engine:
    """Commits at once, unless held or broken."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.free = asyncio.Event()
        self.free.set()
        self.broken: Exception | None = None

    async def commit(self, added: Sequence[Row], removed: Sequence[str]) -> None:
        await self.free.wait()
        if self.broken:
            raise self.broken
        self.batches.append([row.id for row in added])


async def _turns(count: int = 5) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


async def test_what_gathers_during_a_commit_shares_the_next_one() -> None:
    engine = Engine()
    commits = GroupCommit(engine.commit)
    engine.free.clear()
    first = commits.add(Row("1", ()))
    await _turns()
    others = [commits.add(Row(str(number), ())) for number in range(2, 5)]
    engine.free.set()

    await asyncio.gather(first, *others)

    assert engine.batches == [["1"], ["2", "3", "4"]]
    await commits.close()


async def test_what_is_at_the_door_is_let_in_before_a_commit_begins() -> None:
    engine = Engine()
    commits = GroupCommit(engine.commit)
    loop = asyncio.get_running_loop()
    later: list[asyncio.Future[None]] = []

    first = commits.add(Row("1", ()))
    loop.call_soon(lambda: later.append(commits.add(Row("2", ()))))
    loop.call_soon(loop.call_soon, lambda: later.append(commits.add(Row("3", ()))))
    await first

    assert engine.batches == [["1", "2", "3"]]
    await commits.close()


async def test_a_flood_at_the_door_does_not_put_off_a_commit() -> None:
    engine = Engine()
    commits = GroupCommit(engine.commit)
    loop = asyncio.get_running_loop()
    left = iter(range(1000))

    def flood() -> None:
        commits.add(ROW)
        if next(left, None) is not None:
            loop.call_soon(flood)

    flood()
    await commits.add(ROW)

    assert len(engine.batches[0]) < 100
    await commits.close()


async def test_nobody_is_answered_before_the_commit() -> None:
    engine = Engine()
    commits = GroupCommit(engine.commit)
    engine.free.clear()

    waiting = commits.add(ROW)
    await _turns()

    assert not waiting.done()
    engine.free.set()
    await waiting
    await commits.close()


async def test_a_failed_commit_is_told_to_everybody_in_it_and_the_next_one_works() -> None:
    engine = Engine()
    commits = GroupCommit(engine.commit)
    engine.broken = OSError("no space left")
    failed = await asyncio.gather(commits.add(ROW), commits.add(ROW), return_exceptions=True)

    engine.broken = None
    await commits.add(ROW)

    assert [type(failure) for failure in failed] == [Unrecordable, Unrecordable]
    assert "no space left" in str(failed[0])
    await commits.close()


async def test_a_full_queue_refuses_at_once() -> None:
    engine = Engine()
    commits = GroupCommit(engine.commit, limit=2)
    engine.free.clear()
    held = commits.add(ROW)
    await _turns()
    waiting = [commits.add(ROW), commits.add(ROW)]

    with pytest.raises(Unrecordable, match="waiting to be written"):
        commits.add(ROW)

    engine.free.set()
    await asyncio.gather(held, *waiting)
    await commits.close()


async def test_a_full_queue_still_lets_rows_go() -> None:
    engine = Engine()
    commits = GroupCommit(engine.commit, limit=1)
    waiting = commits.add(ROW)

    gone = commits.remove(["1"])

    await asyncio.gather(waiting, gone)
    await commits.close()


async def test_a_hanging_engine_keeps_nobody_longer_than_our_patience() -> None:
    engine = Engine()
    commits = GroupCommit(engine.commit, patience=0.02)
    engine.free.clear()

    with pytest.raises(Unrecordable, match="not answered"):
        await commits.add(ROW)

    with pytest.raises(Unrecordable, match="not answered"):
        commits.add(ROW)
    await commits.close()


async def test_an_engine_that_comes_back_is_used_again_without_the_rows_nobody_waits_for() -> None:
    engine = Engine()
    commits = GroupCommit(engine.commit, patience=0.02)
    engine.free.clear()
    first = commits.add(Row("hung", ()))
    await _turns()
    second = commits.add(Row("given up", ()))
    await asyncio.gather(first, second, return_exceptions=True)

    engine.free.set()
    await _turns()
    await commits.add(Row("fresh", ()))

    assert engine.batches == [["hung"], ["fresh"]]
    await commits.close()


async def test_a_waiter_that_goes_away_does_not_disturb_the_others() -> None:
    engine = Engine()
    commits = GroupCommit(engine.commit)
    engine.free.clear()
    leaving, staying = commits.add(Row("1", ())), commits.add(Row("2", ()))
    leaving.cancel()
    engine.free.set()

    await staying

    assert engine.batches == [["1", "2"]]
    await commits.close()
