"""The intake: hits in by group commit, out oldest first, gone when they are done."""

import asyncio
from collections.abc import Iterator, Sequence

from tracker.model import Hit
from tracker.ports import Unrecordable
from tracker.store.intake_commits import GroupCommit
from tracker.store.intake_hand import oldest_in, struck_out
from tracker.store.intake_rows import Batch, Batches, Row, batch_of, queue_of, row_of
from tracker.vitals import Queue

_TAKEN = 128  # batches at a time


class DurableIntake:
    """Keeps hits in one engine's batches."""

    def __init__(self, batches: Batches) -> None:
        self._batches = batches
        self._commits = GroupCommit(self._commit)
        self._held: list[Batch] = []
        self._something = asyncio.Event()
        # What was left by the last run of the process waits to be taken too.
        self._something.set()

    def append(self, hit: Hit) -> asyncio.Future[None]:
        return self._commits.add(row_of(hit))

    async def take(self, limit: int) -> Sequence[Hit]:
        if not self._held:
            self._held = list(_enough(await self._batches.oldest(_TAKEN), limit))
            if not self._held:
                await self._batches.rest()
        return oldest_in(self._held, limit)

    async def done(self, hit_ids: Sequence[str]) -> None:
        finished, left = struck_out(self._held, hit_ids)
        if finished:
            await self._commits.remove([batch.name for batch in finished])
        self._held = left
        if not left:
            await self._batches.rest()

    async def wait(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._something.wait()
        except TimeoutError:
            return
        self._something.clear()

    async def healthy(self) -> str | None:
        try:
            await self._commits.probe()
        except Unrecordable as reason:
            return str(reason)
        return None

    def at_the_door(self) -> int:
        return self._commits.waiting

    async def queues(self) -> Sequence[Queue]:
        return [await queue_of("database", self._batches)]

    async def close(self) -> None:
        await self._commits.close()
        await self._batches.close()

    async def _commit(self, added: Sequence[Row], removed: Sequence[str]) -> None:
        await self._batches.commit(added, removed)
        if added:
            self._something.set()


def _enough(kept: Sequence[tuple[str, str]], limit: int) -> Iterator[Batch]:
    """Batches until there are as many hits as were asked for: in a burst, reading them all would hold up pixels."""
    hits = 0
    for name, text in kept:
        if hits >= limit:
            return
        batch = batch_of(name, text)
        hits += len(batch.hits)
        yield batch
