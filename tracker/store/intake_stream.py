"""The intake as a stream: hits go to NATS, and to a file beside us while it is away."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

import structlog

from tracker.model import Hit
from tracker.ports import Unrecordable
from tracker.store.intake_commits import GroupCommit
from tracker.store.intake_hand import oldest_in, struck_out
from tracker.store.intake_rows import Batches, Row, batch_of, queue_of, row_of
from tracker.store.jetstream import HitStream, Taken
from tracker.vitals import Queue

_AT_ONCE = 8  # batches
_PAUSE_SECONDS = 1.0

log = structlog.get_logger()


class StreamIntake:
    """Keeps hits in the stream. What the stream does not take in time goes to the spool, and from there to the stream.

    Hits are taken from the stream's one consumer: any number of processes may
    take, each hit goes to one of them at a time, and to another when that one dies.
    """

    def __init__(self, stream: HitStream, spool: Batches) -> None:
        self._stream = stream
        self._spool = spool
        self._commits = GroupCommit(self._commit)
        self._held: list[Taken] = []
        self._spooled = asyncio.Event()
        self._spooled.set()  # the last run may have left something
        self._fresh = True
        self._forwarding = asyncio.create_task(self._forward())

    def append(self, hit: Hit) -> asyncio.Future[None]:
        return self._commits.add(row_of(hit))

    async def take(self, limit: int) -> Sequence[Hit]:
        if self._held:
            await self._stream.keep(self._held)
        else:
            self._held = await self._stream.take(0.0)
        return oldest_in(self._held, limit)

    async def done(self, hit_ids: Sequence[str]) -> None:
        finished, self._held = struck_out(self._held, hit_ids)
        await self._stream.done(finished)

    async def wait(self, seconds: float) -> None:
        # Like every intake, it looks at once for what an earlier run may have left.
        if self._fresh or self._held:
            self._fresh = False
            return
        self._held = await self._stream.take(seconds)

    async def healthy(self) -> str | None:
        try:
            await self._commits.probe()
        except Unrecordable as reason:
            return str(reason)
        return None

    def at_the_door(self) -> int:
        return self._commits.waiting

    async def queues(self) -> Sequence[Queue]:
        return await asyncio.gather(self._stream.queue(), queue_of("spool", self._spool))

    async def close(self) -> None:
        await self._commits.close()
        self._forwarding.cancel()
        with suppress(asyncio.CancelledError):
            await self._forwarding
        await self._stream.give_back(self._held)
        await self._spool.close()
        await self._stream.close()

    async def _commit(self, added: Sequence[Row], removed: Sequence[str]) -> None:
        try:
            await self._stream.publish(added)
        # Whatever keeps the stream from taking them (no connection, no leader, a limit), the disk beside us may.
        except Exception as lost:
            log.warning("hits_spooled", number=len(added), why=f"{type(lost).__name__}: {lost}")
            await self._spool.commit(added, removed)
            self._spooled.set()

    async def _forward(self) -> None:
        """Bring what was spooled to the stream, for as long as the process runs."""
        while True:
            await self._spooled.wait()
            try:
                while spooled := [batch_of(name, text) for name, text in await self._spool.oldest(_AT_ONCE)]:
                    hits = [hit for batch in spooled for hit in batch.hits.values()]
                    await self._stream.publish([row_of(hit) for hit in hits])
                    await self._spool.commit((), [batch.name for batch in spooled])
                    log.info("spooled_hits_forwarded", number=len(hits))
                self._spooled.clear()
            # The stream is still away, or the disk: what is spooled stays there.
            except Exception as lost:
                log.info("spool_waits", why=f"{type(lost).__name__}: {lost}")
                await asyncio.sleep(_PAUSE_SECONDS)
