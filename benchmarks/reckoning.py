"""What became of every promise: hits lost or doubled, alerts lost or doubled, summaries against a full recount."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from benchmarks.fleet import ENCRYPTION_KEY, PEOPLE, Fleet
from benchmarks.ledger import Ledger
from tracker.model import Summary
from tracker.ports import Store
from tracker.store.address import read_address
from tracker.store.connecting import connect
from tracker.store.opening import open_store
from tracker.summing import sum_of

_ALERTS = "SELECT topic, copy_id, done_at, buried, crowd_id, blind FROM alert"
_COMES_AGAIN_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Reckoning:
    """The figures of a whole run; those of `faults` must be nothing."""

    asked: int
    unanswered: int
    acknowledged: int
    uncertain: int
    recorded: int
    alerts: int
    said: int
    blind: int
    faults: dict[str, int]

    @property
    def clean(self) -> bool:
        return not any(self.faults.values())


async def reckoned(fleet: Fleet, ledger: Ledger, patience: float) -> Reckoning:
    """Wait until everything that was promised is there, or for so long; then count."""
    parts = [life.promised() for life in ledger.lives]
    safe = {address for known, _ in parts for address in known}
    async with await open_store(fleet.database_url, [ENCRYPTION_KEY]) as store:
        deadline, quiet_until = time.monotonic() + patience, 0.0
        while True:
            hits, wrong = await _hits_and_wrong_summaries(store)
            alerts = await _alerts(fleet.database_url)
            drained = safe <= hits.keys() and all(row["done_at"] for row in alerts)
            if (quiet_until and time.monotonic() > quiet_until) or time.monotonic() > deadline:
                break
            if drained and not quiet_until:
                # What a killed recorder held comes again, and must not be recorded again: it is waited for.
                quiet_until = time.monotonic() + (_COMES_AGAIN_SECONDS if fleet.nodes else 3)
            await asyncio.sleep(1)
    marks = Counter(_marks(fleet))
    blind = Counter(str(row["topic"]) for row in alerts if row["blind"])
    return Reckoning(
        asked=ledger.asked,
        unanswered=ledger.unanswered,
        acknowledged=len(safe),
        uncertain=sum(len(unknown) for _, unknown in parts),
        recorded=hits.total(),
        alerts=len(alerts),
        said=marks.total(),
        blind=blind.total(),
        faults={
            "acknowledged hits lost": len(safe - hits.keys()),
            "hits doubled": sum(times - 1 for times in hits.values()),
            "alerts never said": unsaid(alerts, marks),
            "Slack messages doubled": doubled(marks, blind),
            "summaries unlike a recount": wrong,
            "processes that do not run at the end": sum(1 for one in fleet.members if not one.runs),
        },
    )


async def _hits_and_wrong_summaries(store: Store) -> tuple[Counter[str], int]:
    accounts = [account.id for account in await store.accounts.all()]
    hits: Counter[str] = Counter()
    wrong = 0
    for report in await store.messages.reports(accounts, None, 1_000_000):
        for copy, summary in zip(report.copies, report.summaries, strict=True):
            timeline = await store.hits.timeline(copy.id)
            hits.update(str(one.hit.ip) for one in timeline)
            wrong += _counted(summary) != _counted(sum_of(timeline))
    return hits, wrong


def _counted(summary: Summary) -> Summary:
    """Without what does not come from hits."""
    return replace(summary, passed_on="", replied_at=None, bounced_at=None)


async def _alerts(database_url: str) -> list[dict[str, Any]]:
    database = await connect(read_address(database_url))
    try:
        async with database.reading() as statements:
            return [dict(row) for row in await statements.rows(_ALERTS)]
    finally:
        await database.close()


def unsaid(alerts: Sequence[Mapping[str, Any]], marks: Mapping[str, int]) -> int:
    """Alerts that are not done, or stand nowhere in Slack. One in a crowd stands in the crowd's message."""

    def said(topic: str) -> bool:
        return any(mark == topic or mark.startswith(f"{topic}/") for mark in marks)

    topics = [f"crowd:{row['crowd_id']}" if row["crowd_id"] else str(row["topic"]) for row in alerts]
    return sum(
        row["done_at"] is None or (row["buried"] is None and not said(topic))
        for row, topic in zip(alerts, topics, strict=True)
    )


def doubled(marks: Mapping[str, int], blind: Mapping[str, int]) -> int:
    """Messages that stand twice, beyond those of whose topic Slack could not be asked."""
    more: Counter[str] = Counter()
    for mark, times in marks.items():
        more[mark.partition("/")[0]] += times - 1
    return sum(max(0, number - blind.get(topic, 0)) for topic, number in more.items())


def _marks(fleet: Fleet) -> Iterator[str]:
    for place in range(PEOPLE):
        for message in fleet.slack.dm_of(f"U{place:08}"):
            yield from _marks_in(message)


def _marks_in(message: dict[str, Any]) -> Iterator[str]:
    payload = (message.get("metadata") or {}).get("event_payload") or {}
    if "topic" in payload:
        yield str(payload["topic"])
    for reply in message["replies"]:
        yield from _marks_in(reply)


def told(found: Reckoning, show: Callable[[str], None] = print) -> None:
    show(
        f"{found.asked} pixels asked for, {found.unanswered} unanswered, {found.acknowledged} acknowledged,"
        f" {found.uncertain} answered of which nobody can know, {found.recorded} hits recorded."
    )
    show(f"{found.alerts} alerts, {found.said} messages in Slack, {found.blind} that Slack could not vouch for.")
    for name, number in found.faults.items():
        show(f"{name}: {number}")
