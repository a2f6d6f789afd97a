"""The database's vital signs for /metrics, asked for at a scrape and at most once in a while."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from math import nan

from prometheus_client import CollectorRegistry, Gauge

from tracker.clock import Clock, utc_now
from tracker.vitals import Backlog, Load, VitalSigns
from tracker.web.refreshing import Refreshing

_LATELY = timedelta(days=1)


class VitalMeters(Refreshing):
    """Gauges of what waits in the database, and of the mailboxes that it knows."""

    def __init__(
        self,
        registry: CollectorRegistry,
        vitals: VitalSigns,
        clock: Clock = utc_now,
        passed: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(passed)
        self._vitals, self._clock = vitals, clock
        self._answers = Gauge("twotick_database_answers", "1 when the database answered last", registry=registry)
        self._depth = Gauge("twotick_outbox_depth", "Alerts that are due and not said", registry=registry)
        self._age = Gauge("twotick_outbox_oldest_seconds", "How long the oldest is due", registry=registry)
        self._buried = Gauge("twotick_alerts_buried_lately", "Alerts of a day never to be said", registry=registry)
        self._beat = Gauge("twotick_heartbeat_age_seconds", "Since a process was alive", ["process"], registry=registry)
        self._orders = Gauge("twotick_orders_waiting", "Sendings ordered and not done", registry=registry)
        self._overdue = Gauge("twotick_orders_overdue", "Those whose time has come", registry=registry)
        self._late = Gauge("twotick_orders_overdue_seconds", "How long the oldest of them is due", registry=registry)
        self._accounts = Gauge("twotick_accounts", "Mailboxes by state", ["state"], registry=registry)
        self._lag = Gauge("twotick_sync_lag_seconds", "Since the mailbox that waits longest", registry=registry)
        self._unsynced = Gauge("twotick_accounts_never_synced", "Mailboxes not looked into yet", registry=registry)

    async def _ask(self) -> None:
        now = self._clock()
        self._show(now, await self._vitals.backlog(now, now - _LATELY))
        self._show_load(now, await self._vitals.load(now))
        for name, at in (await self._vitals.beats()).items():
            self._beat.labels(name).set(_age(now, at))
        self._answers.set(1)

    def _show(self, now: datetime, backlog: Backlog) -> None:
        self._depth.set(backlog.waiting)
        self._age.set(_age(now, backlog.oldest))
        self._buried.set(sum(number for _, number in backlog.buried))

    def _show_load(self, now: datetime, load: Load) -> None:
        self._orders.set(load.orders)
        self._overdue.set(load.overdue)
        self._late.set(_age(now, load.overdue_since))
        self._lag.set(_age(now, load.synced))
        self._unsynced.set(load.never_synced)
        for state, number in load.accounts.items():
            self._accounts.labels(state).set(number)

    def _forget(self) -> None:
        self._answers.set(0)
        self._beat.clear()
        self._accounts.clear()
        for gauge in (self._depth, self._age, self._buried, self._orders, self._overdue, self._late):
            gauge.set(nan)
        for gauge in (self._lag, self._unsynced):
            gauge.set(nan)


def _age(now: datetime, since: datetime | None) -> float:
    return (now - since).total_seconds() if since else 0
