"""Recording, on every database: each hit once, in order, and told when it is news."""

import asyncio
import contextlib
from datetime import timedelta
from typing import Any

import pytest

from tests.fuses import Fuse, Fused, Killed
from tests.makers import a_hit, a_sent_copy, a_sent_message, after, an_account
from tracker.judging import judge
from tracker.model import AlertKind, Copy, Hit
from tracker.ports import Store
from tracker.recording import Recorder, Recording

NOW = after(hours=1)
SETTLE = timedelta(seconds=20)


class Shelf:
    """An intake in memory: hits stay until they are done."""

    def __init__(self, *hits: Hit) -> None:
        self.hits = list(hits)

    async def take(self, limit: int) -> list[Hit]:
        return self.hits[:limit]

    async def done(self, hit_ids: list[str]) -> None:
        self.hits = [hit for hit in self.hits if hit.id not in hit_ids]

    def append(self, hit: Hit) -> asyncio.Future[None]:
        raise NotImplementedError

    async def wait(self, seconds: float) -> None:
        raise Killed

    async def healthy(self) -> None:
        return None

    async def close(self) -> None:
        return None


@pytest.fixture
async def copy(store: Store) -> Copy:
    account = await store.accounts.add(an_account(), "grant")
    message = a_sent_message(account_id=account.id)
    copy = a_sent_copy(message_id=message.id)
    await store.messages.begin(message, [copy])
    await store.messages.arm(copy)
    return copy


def _recording(store: Store, fuse: Fuse | None = None) -> Recording:
    return Recording(Fused(store.hits, fuse) if fuse else store.hits, judge, SETTLE, lambda: NOW)


async def _summary(store: Store, copy: Copy) -> tuple[int, int]:
    history = (await store.hits.histories([copy.id]))[copy.id]
    return history.summary.opens, history.summary.machines


async def _kinds(store: Store) -> list[AlertKind]:
    leased = await store.alerts.lease(NOW + SETTLE, NOW + timedelta(minutes=5), 100)
    return [alert.kind for one in leased for alert in one.alerts]


async def test_a_first_open_is_counted_and_told_and_the_next_one_is_told_as_such(store: Store, copy: Copy) -> None:
    recorded = await _recording(store).record(
        [a_hit(copy_id=copy.id, at=after(minutes=5)), a_hit(copy_id=copy.id, at=after(minutes=30))]
    )

    assert recorded == 2
    assert await _summary(store, copy) == (2, 0)
    assert await _kinds(store) == [AlertKind.FIRST_OPEN, AlertKind.OPEN_AGAIN]


async def test_a_machine_is_recorded_and_not_told(store: Store, copy: Copy) -> None:
    await _recording(store).record([a_hit(copy_id=copy.id, method="HEAD")])

    assert await _summary(store, copy) == (0, 1)
    assert await _kinds(store) == []


async def test_an_alert_waits_for_the_settle_delay(store: Store, copy: Copy) -> None:
    await _recording(store).record([a_hit(copy_id=copy.id, at=NOW)])

    early = await store.alerts.lease(NOW + SETTLE - timedelta(seconds=1), NOW + timedelta(minutes=5), 10)
    due = await store.alerts.lease(NOW + SETTLE, NOW + timedelta(minutes=5), 10)

    assert (len(early), len(due)) == (0, 1)


async def test_a_hit_from_a_clock_that_ran_ahead_does_not_hold_its_alert_back(store: Store, copy: Copy) -> None:
    await _recording(store).record([a_hit(copy_id=copy.id, at=NOW + timedelta(days=300))])

    assert await _kinds(store) == [AlertKind.FIRST_OPEN]


async def test_a_hit_taken_twice_counts_once(store: Store, copy: Copy) -> None:
    hit = a_hit(copy_id=copy.id)

    await _recording(store).record([hit, hit])
    again = await _recording(store).record([hit])

    assert again == 0
    assert await _summary(store, copy) == (1, 0)
    assert await _kinds(store) == [AlertKind.FIRST_OPEN]


async def test_a_hit_on_a_copy_that_was_erased_is_let_go(store: Store) -> None:
    shelf = Shelf(a_hit())

    await Recorder(shelf, _recording(store)).step()

    assert shelf.hits == []


@pytest.mark.parametrize("steps", range(12))
async def test_killed_anywhere_recording_loses_and_doubles_nothing(store: Store, copy: Copy, steps: int) -> None:
    shelf = Shelf(*[a_hit(copy_id=copy.id, at=after(minutes=5 + 10 * i)) for i in range(3)])
    fuse = Fuse(steps)
    with contextlib.suppress(Killed):
        await Recorder(Fused(shelf, fuse), _recording(store, fuse)).step()

    await Recorder(shelf, _recording(store)).step()

    assert await _summary(store, copy) == (3, 0)
    assert await _kinds(store) == [AlertKind.FIRST_OPEN, AlertKind.OPEN_AGAIN, AlertKind.HOT]
    assert shelf.hits == []


async def test_two_recorders_that_took_the_same_hits_count_each_once(store: Store, copy: Copy) -> None:
    hits = [a_hit(copy_id=copy.id, at=after(minutes=5 + 10 * i)) for i in range(3)]

    await asyncio.gather(*[_recording(store).record(hits[:part]) for part in (3, 2, 3, 1)])

    assert await _summary(store, copy) == (3, 0)
    assert len(await _kinds(store)) == 3


async def test_a_recorder_that_another_one_overtakes_reads_again(store: Store, copy: Copy) -> None:
    """The other one writes after our first look, which is where a careless order of looks would count twice."""
    hit = a_hit(copy_id=copy.id)

    class Overtaken:
        """A hit log in which somebody else records the hit between our first and our second question."""

        def __init__(self) -> None:
            self.questions = 0

        def __getattr__(self, name: str) -> Any:
            async def asked(*arguments: Any) -> Any:
                self.questions += 1
                if self.questions == 2:
                    await _recording(store).record([hit])
                return await getattr(store.hits, name)(*arguments)

            return asked

    await Recording(Overtaken(), judge, SETTLE, lambda: NOW).record([hit])

    assert await _summary(store, copy) == (1, 0)


async def test_a_failing_database_delays_and_never_drops(store: Store, copy: Copy) -> None:
    class Away:
        """A hit log whose database is away for the first calls."""

        def __init__(self) -> None:
            self.failures = 2

        def __getattr__(self, name: str) -> object:
            if self.failures:
                self.failures -= 1
                raise ConnectionError("the database is away")
            return getattr(store.hits, name)

    shelf = Shelf(a_hit(copy_id=copy.id))
    recorder = Recorder(shelf, Recording(Away(), judge, SETTLE, lambda: NOW), pauses=(0.0,))

    with pytest.raises(Killed):
        await recorder.run()

    assert await _summary(store, copy) == (1, 0)


async def test_judging_again_counts_the_same(store: Store, copy: Copy) -> None:
    recording = _recording(store)
    machine = a_hit(copy_id=copy.id, method="HEAD", ip="203.0.113.9", headers={"user-agent": "curl/8.0"})
    await recording.record([a_hit(copy_id=copy.id), machine])

    await recording.judge_again(copy.id)

    assert await _summary(store, copy) == (1, 1)
    assert await _kinds(store) == [AlertKind.FIRST_OPEN]


async def test_judging_again_takes_no_hit_for_its_own_predecessor(store: Store, copy: Copy) -> None:
    gmail = {"user-agent": "Mozilla/5.0 (via ggpht.com GoogleImageProxy)"}
    recording = _recording(store)
    await recording.record([a_hit(copy_id=copy.id, ip="66.102.9.1", headers=gmail)])

    await recording.judge_again(copy.id)

    assert await _summary(store, copy) == (1, 0)
