"""The database's vital signs on /metrics."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from prometheus_client import CollectorRegistry

from tests.makers import after
from tracker.ports import TryLater
from tracker.vitals import Backlog, Load, Tally
from tracker.web.vital_meters import VitalMeters


@dataclass
class Signs:
    away: bool = False
    asked: list[datetime] = field(default_factory=list)

    async def beat(self, name: str, at: datetime) -> None: ...

    async def beats(self) -> Mapping[str, datetime]:
        return {"worker": after(9)}

    async def backlog(self, now: datetime, since: datetime, account_ids: Sequence[str] | None = None) -> Backlog:
        self.asked.append(now)
        if self.away:
            raise TryLater("gone")
        return Backlog(3, after(4), (("nobody there", 2),))

    async def load(self, now: datetime) -> Load:
        return Load({"connected": 7, "reconnect": 1}, 5, 2, after(6), after(1), 3)

    async def tallies(self, team: str, since: datetime) -> Sequence[Tally]:
        return []


async def test_what_waits_in_the_database_is_told() -> None:
    registry = CollectorRegistry()

    await VitalMeters(registry, Signs(), lambda: after(10)).refresh()

    value = registry.get_sample_value
    assert (value("twotick_outbox_depth"), value("twotick_alerts_buried_lately")) == (3, 2)
    assert value("twotick_outbox_oldest_seconds") == (after(10) - after(4)).total_seconds()
    assert value("twotick_heartbeat_age_seconds", {"process": "worker"}) == (after(10) - after(9)).total_seconds()


async def test_what_is_asked_of_the_mailboxes_is_told() -> None:
    registry = CollectorRegistry()

    await VitalMeters(registry, Signs(), lambda: after(10)).refresh()

    value = registry.get_sample_value
    assert (value("twotick_orders_waiting"), value("twotick_orders_overdue")) == (5, 2)
    assert (value("twotick_orders_overdue_seconds"), value("twotick_sync_lag_seconds")) == (4, 9)
    assert value("twotick_accounts", {"state": "reconnect"}) == 1
    assert value("twotick_accounts_never_synced") == 3


async def test_the_database_is_asked_once_in_fifteen_seconds() -> None:
    signs, passed = Signs(), [0.0]
    meters = VitalMeters(CollectorRegistry(), signs, lambda: after(10), lambda: passed[0])

    for passed[0] in (0.0, 14.9, 15.1):
        await meters.refresh()

    assert len(signs.asked) == 2


async def test_a_database_that_is_away_leaves_no_old_figures() -> None:
    signs, registry, passed = Signs(), CollectorRegistry(), [0.0]
    meters = VitalMeters(registry, signs, lambda: after(10), lambda: passed[0])
    await meters.refresh()
    signs.away, passed[0] = True, 20.0

    await meters.refresh()

    assert registry.get_sample_value("twotick_database_answers") == 0
    assert str(registry.get_sample_value("twotick_outbox_depth")) == "nan"
    assert registry.get_sample_value("twotick_heartbeat_age_seconds", {"process": "worker"}) is None
