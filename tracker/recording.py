"""Recording: from hits that are safe to facts that are judged, summed and told."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import structlog

from tracker.clock import Clock
from tracker.counts import RECORDED, RECORDING_FAILED, TAKEN, VERDICTS
from tracker.model import Correction, Hit, Judged
from tracker.outcomes import Outcome, PassedOn
from tracker.ports import History, HitLog, Intake, Recorded, Stale
from tracker.scenes import AROUND, Judge, Scene

log = structlog.get_logger()

Written = TypeVar("Written")
Keep = Callable[[Judged], bool]

_BATCH = 500
_IDLE_SECONDS = 5.0
_PAUSES = (0.1, 0.5, 1.0, 2.0, 5.0)  # after a failure; the last one repeats: a database that is back is noticed in 5 s
_STALE_TRIES = 20
_EVER = (datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC))


def nobody_passed_it_on(judged: Sequence[Judged], mail_systems: Sequence[str]) -> str:
    """What to believe of passing on when nobody looks for signs of it."""
    return ""


class Recording:
    """Judges hits and writes what follows from them, each hit once however often it is taken."""

    def __init__(
        self,
        hits: HitLog,
        judge: Judge,
        settle: timedelta,
        clock: Clock,
        passed_on: PassedOn = nobody_passed_it_on,
    ) -> None:
        self._hits = hits
        self._judge = judge
        self._settle = settle
        self._clock = clock
        self._passed_on = passed_on

    async def record(self, hits: Sequence[Hit]) -> int:
        """Judge and write hits, oldest first; returns how many were new and named a copy that exists.

        Earlier hits of their messages that they throw a new light on are judged again.
        """
        return await _until_fresh(lambda: self._record(hits))

    async def judge_again(self, copy_id: str) -> None:
        """Judge all hits of a copy by what is known now; newly counted ones raise their alerts."""
        await _until_fresh(lambda: self._judge_again(copy_id))

    async def replied(self, copy_id: str, at: datetime) -> None:
        """Note that the copy was answered, and judge its hits by that."""
        await self._hits.note_reply(copy_id, at)
        await self.judge_again(copy_id)

    async def bounced(self, copy_id: str, at: datetime) -> None:
        """Note that the copy came back undelivered, and judge its hits by that."""
        await self._hits.note_bounce(copy_id, at)
        await self.judge_again(copy_id)

    async def correct(self, copy_id: str, correction: Correction) -> int:
        """Learn a correction and judge the copy's hits by it, at once or not at all; how many causes changed."""
        return await _until_fresh(lambda: self._correct(copy_id, correction))

    async def rejudge(self, message_id: str, *, write: bool) -> tuple[int, list[tuple[Judged, Judged]]]:
        """Judge all hits of a message by the rules of now, telling nobody.

        How many there are, and those with another cause, as they were and as they are.
        """
        return await _until_fresh(lambda: self._rejudge(message_id, write))

    async def _record(self, hits: Sequence[Hit]) -> int:
        # In this order: a hit that another recorder writes from here on makes the version that we read stale.
        histories = await self._hits.histories(list({hit.copy_id for hit in hits}))
        seen = await self._hits.seen([hit.id for hit in hits])
        unseen = [hit for hit in _unique(hits) if hit.id not in seen and hit.copy_id in histories]
        fresh = [hit for hit in unseen if not _stopped_before(hit, histories[hit.copy_id])]
        if not fresh:
            return 0
        of_message: dict[str, list[Hit]] = defaultdict(list)
        for hit in fresh:
            of_message[histories[hit.copy_id].message.id].append(hit)
        changes: list[Recorded] = []
        for message_id, scene in (await self._scenes(histories, fresh)).items():
            await asyncio.sleep(0)  # a pixel that came meanwhile is answered first
            its_own = of_message[message_id]
            outcomes = self._outcomes(scene, its_own, _close_to(its_own))
            changes += [await self._recorded(outcome) for outcome in outcomes if outcome.changed]
        await self._hits.record(changes)
        _count(changes, fresh)
        return len(fresh)

    async def _judge_again(self, copy_id: str) -> None:
        scene = await self._whole(copy_id)
        outcomes = self._outcomes(scene, [], _of_copy(copy_id))
        await self._hits.record([await self._recorded(outcome) for outcome in outcomes if outcome.changed])

    async def _correct(self, copy_id: str, correction: Correction) -> int:
        scene = (await self._whole(copy_id)).learning(correction)
        outcomes = self._outcomes(scene, [], _of_copy(copy_id, correction))
        own = [outcome for outcome in outcomes if outcome.history.copy.id == copy_id]
        await self._hits.record([await self._recorded(outcome, correction) for outcome in own])
        return sum(len(outcome.moved) for outcome in own)

    async def _rejudge(self, message_id: str, write: bool) -> tuple[int, list[tuple[Judged, Judged]]]:
        copy_ids = await self._hits.siblings([message_id], *_EVER)
        histories = await self._hits.histories(copy_ids)
        scene = Scene([await self._complete(history) for history in histories.values()])
        outcomes = self._outcomes(scene, [], lambda one: not one.hit.forgotten)
        if write:
            changed = [outcome for outcome in outcomes if outcome.changed]
            await self._hits.record([await self._recorded(outcome, quiet=True) for outcome in changed])
        return sum(len(one.after) for one in outcomes), [pair for one in outcomes for pair in one.moved]

    def _outcomes(self, scene: Scene, fresh: Sequence[Hit], reconsidered: Keep) -> list[Outcome]:
        judged = scene.judged(self._judge, fresh, reconsidered)
        return [Outcome.of(scene.histories[copy_id], after) for copy_id, after in judged.items()]

    async def _recorded(
        self, outcome: Outcome, correction: Correction | None = None, *, quiet: bool = False
    ) -> Recorded:
        timeline = await self._hits.timeline(outcome.history.copy.id) if outcome.needs_timeline else None
        summary = outcome.summary(self._passed_on, timeline)
        learnt = (correction,) if correction else ()
        quiet = quiet or correction is not None
        return outcome.recorded(summary, self._clock(), self._settle, corrections=learnt, quiet=quiet)

    async def _scenes(self, histories: Mapping[str, History], fresh: Sequence[Hit]) -> Mapping[str, Scene]:
        """The scene of each message: the copies that are hit now, and those that were hit around that time."""
        hit_now = {hit.copy_id: histories[hit.copy_id] for hit in fresh}
        moments = [hit.at for hit in fresh]
        around = await self._around(hit_now, min(moments), max(moments))
        of_message: dict[str, list[History]] = defaultdict(list)
        for history in (*hit_now.values(), *around.values()):
            of_message[history.message.id].append(history)
        return {message_id: Scene(members) for message_id, members in of_message.items()}

    async def _whole(self, copy_id: str) -> Scene:
        """A copy with all its hits, and the copies of its message that were hit around them."""
        histories = await self._hits.histories([copy_id])
        own = [await self._complete(history) for history in histories.values()]
        hits = [one.hit.at for history in own for one in history.judged]
        around = await self._around(histories, min(hits), max(hits)) if hits else {}
        return Scene([*own, *around.values()])

    async def _around(self, histories: Mapping[str, History], first: datetime, last: datetime) -> Mapping[str, History]:
        message_ids = list({history.message.id for history in histories.values()})
        # Twice as far as a rule looks: the hits that are judged again have hits around them, too.
        found = await self._hits.siblings(message_ids, first - 2 * AROUND, last + 2 * AROUND)
        others = [copy_id for copy_id in found if copy_id not in histories]
        return await self._hits.histories(others) if others else {}

    async def _complete(self, history: History) -> History:
        if history.complete:
            return history
        return replace(history, judged=tuple(await self._hits.timeline(history.copy.id)))


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
                RECORDING_FAILED.add()
                log.exception("recording failed; the hits are kept and tried again")
                await asyncio.sleep(self._pauses[min(failures, len(self._pauses) - 1)])
                failures += 1

    async def step(self) -> int:
        """Record one batch; returns how many hits were taken."""
        hits = await self._intake.take(_BATCH)
        if hits:
            with RECORDED.timing():
                await self._recording.record(hits)
                await self._intake.done([hit.id for hit in hits])
            TAKEN.add(number=len(hits))
        return len(hits)


async def _until_fresh(write: Callable[[], Awaitable[Written]]) -> Written:
    for _ in range(_STALE_TRIES - 1):
        try:
            return await write()
        except Stale:
            continue
    return await write()


def _count(changes: Sequence[Recorded], fresh: Sequence[Hit]) -> None:
    """Count the first verdicts; those that were changed are no new ones."""
    ids = {hit.id for hit in fresh}
    for one in (one for change in changes for one in change.judged if one.hit.id in ids):
        VERDICTS.add(one.verdict.cause.value)


def _stopped_before(hit: Hit, history: History) -> bool:
    stopped_at = history.message.stopped_at
    return stopped_at is not None and hit.at >= stopped_at


def _unique(hits: Sequence[Hit]) -> list[Hit]:
    return list({hit.id: hit for hit in hits}.values())


def _close_to(hits: Sequence[Hit]) -> Keep:
    """Whether a past hit may be seen in a new light by these."""
    first, last = min(hit.at for hit in hits) - AROUND, max(hit.at for hit in hits) + AROUND
    return lambda one: first <= one.hit.at <= last and not one.hit.forgotten


def _of_copy(copy_id: str, correction: Correction | None = None) -> Keep:
    """Whether a hit is one of this copy that can be judged, from its facts or from what its sender said of it."""
    corrected = correction.hit_id if correction else ""
    return lambda one: one.hit.copy_id == copy_id and (not one.hit.forgotten or one.hit.id == corrected)
