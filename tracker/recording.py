"""Recording: from hits that are safe to facts that are judged, summed and told."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

import structlog

from tracker.clock import Clock
from tracker.model import Hit, Judged
from tracker.news import alerts_for
from tracker.ports import History, HitLog, Intake, Recorded, Stale
from tracker.summing import sum_of

log = structlog.get_logger()

Judge = Callable[[Hit, History], Judged]
Written = TypeVar("Written")

_BATCH = 500
_IDLE_SECONDS = 5.0
_PAUSES = (0.1, 0.5, 1.0, 2.0, 5.0)  # after a failure; the last one repeats: a database that is back is noticed in 5 s
_STALE_TRIES = 20


class Recording:
    """Judges hits and writes what follows from them, each hit once however often it is taken."""

    def __init__(self, hits: HitLog, judge: Judge, settle: timedelta, clock: Clock) -> None:
        self._hits = hits
        self._judge = judge
        self._settle = settle
        self._clock = clock

    async def record(self, hits: Sequence[Hit]) -> int:
        """Judge and write hits, oldest first; returns how many were new and named a copy that exists."""
        return await _until_fresh(lambda: self._record(hits))

    async def judge_again(self, copy_id: str) -> None:
        """Judge all hits of a copy by what is known now; newly counted ones raise their alerts."""
        await _until_fresh(lambda: self._judge_again(copy_id))

    async def _record(self, hits: Sequence[Hit]) -> int:
        # In this order: a hit that another recorder writes from here on makes the version that we read stale.
        histories = await self._hits.histories(list({hit.copy_id for hit in hits}))
        seen = await self._hits.seen([hit.id for hit in hits])
        fresh = _by_copy([hit for hit in hits if hit.id not in seen])
        changes = [self._changed(histories[copy_id], fresh[copy_id]) for copy_id in fresh if copy_id in histories]
        if changes:
            await self._hits.record(changes)
        return sum(len(change.judged) for change in changes)

    async def _judge_again(self, copy_id: str) -> None:
        history = (await self._hits.histories([copy_id])).get(copy_id)
        past = await self._hits.timeline(copy_id) if history else ()
        if history and past:
            await self._hits.record([self._from_scratch(history, [one.hit for one in past])])

    def _changed(self, history: History, hits: Sequence[Hit]) -> Recorded:
        judged = self._judged(history, hits)
        return self._outcome(history, judged, start_over=False)

    def _from_scratch(self, history: History, hits: Sequence[Hit]) -> Recorded:
        judged = self._judged(_without_hits(history), hits)
        return self._outcome(history, judged, start_over=True)

    def _outcome(self, history: History, judged: tuple[Judged, ...], *, start_over: bool) -> Recorded:
        before = sum_of(()) if start_over else history.summary
        return Recorded(
            copy_id=history.copy.id,
            version=history.version,
            judged=judged,
            summary=sum_of(judged, before),
            alerts=alerts_for(history, before, judged, self._clock(), self._settle),
        )

    def _judged(self, history: History, hits: Sequence[Hit]) -> tuple[Judged, ...]:
        known = list(history.judged)
        for hit in hits:
            known.append(self._judge(hit, _with_hits(history, known)))
        return tuple(known[len(history.judged) :])


class Recorder:
    """Takes hits from the intake and records them for as long as the process runs."""

    def __init__(self, intake: Intake, recording: Recording, pauses: Sequence[float] = _PAUSES) -> None:
        self._intake = intake
        self._recording = recording
        self._pauses = pauses

    async def run(self) -> None:
        """Record until cancelled. A failure delays, it never drops: hits stay in the intake until they are done."""
        failures = 0
        while True:
            try:
                if not await self.step():
                    await self._intake.wait(_IDLE_SECONDS)
                failures = 0
            # Whatever fails here (a database away, a full disk, a bug in a rule), the process goes on answering pixels.
            except Exception:
                log.exception("recording failed; the hits are kept and tried again")
                await asyncio.sleep(self._pauses[min(failures, len(self._pauses) - 1)])
                failures += 1

    async def step(self) -> int:
        """Record one batch; returns how many hits were taken."""
        hits = await self._intake.take(_BATCH)
        if hits:
            await self._recording.record(hits)
            await self._intake.done([hit.id for hit in hits])
        return len(hits)


async def _until_fresh(write: Callable[[], Awaitable[Written]]) -> Written:
    for _ in range(_STALE_TRIES - 1):
        try:
            return await write()
        except Stale:
            continue
    return await write()


def _by_copy(hits: Sequence[Hit]) -> Mapping[str, list[Hit]]:
    by_copy: dict[str, list[Hit]] = defaultdict(list)
    for hit in {hit.id: hit for hit in hits}.values():
        by_copy[hit.copy_id].append(hit)
    return by_copy


def _with_hits(history: History, judged: Sequence[Judged]) -> History:
    return replace(history, judged=tuple(judged))


def _without_hits(history: History) -> History:
    return replace(history, judged=())
