"""The database's vital signs for /metrics, asked for at a scrape and at most once in a while."""

import asyncio
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from math import nan

import structlog
from prometheus_client import CollectorRegistry, Gauge

from tracker.clock import Clock, utc_now
from tracker.vitals import Backlog, VitalSigns

log = structlog.get_logger()

_EVERY_SECONDS = 15.0
_PATIENCE_SECONDS = 2.0  # Prometheus gives up on a scrape after ten
_LATELY = timedelta(days=1)


class VitalMeters:
    """Gauges of what waits in the database; while it is away they are no numbers, which fire no alert."""

    def __init__(
        self,
        registry: CollectorRegistry,
        vitals: VitalSigns,
        clock: Clock = utc_now,
        passed: Callable[[], float] = time.monotonic,
    ) -> None:
        self._vitals, self._clock, self._passed = vitals, clock, passed
        self._next = float("-inf")
        self._answers = Gauge("twotick_database_answers", "1 when the database answered last", registry=registry)
        self._depth = Gauge("twotick_outbox_depth", "Alerts that are due and not said", registry=registry)
        self._age = Gauge("twotick_outbox_oldest_seconds", "How long the oldest is due", registry=registry)
        self._buried = Gauge("twotick_alerts_buried_lately", "Alerts of a day never to be said", registry=registry)
        self._beat = Gauge("twotick_heartbeat_age_seconds", "Since a process was alive", ["process"], registry=registry)

    async def refresh(self) -> None:
        """Ask the database, unless it was asked just now. Never raises, and never takes longer than our patience."""
        if self._passed() < self._next:
            return
        self._next = self._passed() + _EVERY_SECONDS
        now = self._clock()
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                self._show(now, await self._vitals.backlog(now, now - _LATELY))
                for name, at in (await self._vitals.beats()).items():
                    self._beat.labels(name).set((now - at).total_seconds())
            self._answers.set(1)
        # Whatever keeps the database from answering: the other meters are wanted then more than ever.
        except Exception as away:
            self._forget()
            log.warning("vital_signs_unknown", why=f"{type(away).__name__}: {away}")

    def _show(self, now: datetime, backlog: Backlog) -> None:
        self._depth.set(backlog.waiting)
        self._age.set((now - backlog.oldest).total_seconds() if backlog.oldest else 0)
        self._buried.set(sum(number for _, number in backlog.buried))

    def _forget(self) -> None:
        self._answers.set(0)
        self._beat.clear()
        for gauge in (self._depth, self._age, self._buried):
            gauge.set(nan)
