"""How many hits wait on their way to the recorder, and since when, for /metrics."""

import time
from collections.abc import Callable
from math import nan

from prometheus_client import CollectorRegistry, Gauge

from tracker.clock import Clock, utc_now
from tracker.vitals import Queues
from tracker.web.refreshing import Refreshing


class QueueMeters(Refreshing):
    """Gauges of an intake."""

    def __init__(
        self,
        registry: CollectorRegistry,
        queues: Queues,
        clock: Clock = utc_now,
        passed: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(passed)
        self._queues, self._clock = queues, clock
        door = Gauge("twotick_commit_waiting_hits", "Hits that wait for a commit", registry=registry)
        door.set_function(queues.at_the_door)
        self._batches = Gauge("twotick_intake_batches", "Batches of hits that wait", ["where"], registry=registry)
        self._age = Gauge("twotick_intake_oldest_seconds", "How old the oldest is", ["where"], registry=registry)
        self._used = Gauge("twotick_stream_used_ratio", "Of the stream's tightest limit", registry=registry)
        self._used.set(nan)

    async def _ask(self) -> None:
        now = self._clock()
        for queue in await self._queues.queues():
            waits = queue.batches is not None
            # A hit that was taken a moment ago by a clock that is ahead of ours is not younger than nothing.
            age = max(0.0, (now - queue.oldest).total_seconds()) if queue.oldest else 0.0
            self._batches.labels(queue.where).set(nan if queue.batches is None else queue.batches)
            self._age.labels(queue.where).set(age if waits else nan)
            if queue.used is not None:
                self._used.set(queue.used)

    def _forget(self) -> None:
        self._batches.clear()
        self._age.clear()
        self._used.set(nan)
