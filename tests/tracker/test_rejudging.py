"""Rejudging: what new rules would change is shown before it is changed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.makers import a_hit, a_judged, a_verdict, after
from tests.ports.givens import Given, given_message
from tracker.model import AlertKind, Cause, Hit, Judged
from tracker.ports import History, Store
from tracker.recording import Recording
from tracker.rejudging import Rejudging

NOW = after(hours=1)


def recording(store: Store, cause: Cause, ruleset: str) -> Recording:
    def judge(hit: Hit, history: History) -> Judged:
        return a_judged(hit=hit, verdict=a_verdict(cause=cause, ruleset=ruleset))

    return Recording(store.hits, judge, timedelta(0), lambda: NOW)


@pytest.fixture
async def opened(store: Store) -> Given:
    """A message whose two copies were fetched an hour apart, by people as the old rules say."""
    given = await given_message(store, copies=2)
    hits = [a_hit(copy_id=copy.id, at=after(minutes=20 * n)) for copy in given.copies for n in (1, 2)]
    await recording(store, Cause.HUMAN, "old").record(hits)
    for leased in await store.alerts.lease(NOW, NOW + timedelta(minutes=1), 10):
        await store.alerts.settle(leased, NOW, None)
    return given


def rejudging(store: Store, cause: Cause = Cause.SCANNER) -> Rejudging:
    return Rejudging(store.hits, recording(store, cause, "new"), "new")


async def opens(store: Store, given: Given) -> list[int]:
    histories = await store.hits.histories([copy.id for copy in given.copies])
    return [histories[copy.id].summary.opens for copy in given.copies]


async def test_a_preview_counts_what_would_change_and_changes_nothing(store: Store, opened: Given) -> None:
    seen = await rejudging(store).preview()

    assert (seen.messages, seen.hits, seen.changed) == (1, 4, 4)
    assert dict(seen.moves) == {(Cause.HUMAN, Cause.SCANNER): 4}
    assert await opens(store, opened) == [2, 2]


async def test_applied_the_counts_follow_and_nobody_is_notified(store: Store, opened: Given) -> None:
    done = await rejudging(store).apply()

    assert done.changed == 4
    assert await opens(store, opened) == [0, 0]
    [leased] = await store.alerts.lease(NOW, NOW + timedelta(minutes=1), 10)
    assert {alert.kind for alert in leased.alerts} == {AlertKind.CORRECTED}


async def test_what_new_rules_believe_alike_is_noted_and_not_redrawn(store: Store, opened: Given) -> None:
    done = await rejudging(store, Cause.HUMAN).apply()

    assert (done.hits, done.changed) == (4, 0)
    assert await rejudging(store).preview() == replace(done, messages=0, hits=0)
    assert await store.alerts.lease(NOW, NOW + timedelta(minutes=1), 10) == []


async def test_what_cannot_be_judged_any_more_stays_as_it_is(store: Store, opened: Given) -> None:
    await store.hits.forget_raw(NOW)

    done = await rejudging(store).apply()

    assert (done.messages, done.changed) == (0, 0)
    assert await opens(store, opened) == [2, 2]


async def test_more_messages_than_are_looked_up_together_are_all_visited(store: Store) -> None:
    for _ in range(60):
        given = await given_message(store)
        await recording(store, Cause.HUMAN, "old").record([a_hit(copy_id=given.copy.id)])

    assert (await rejudging(store).apply()).messages == 60
