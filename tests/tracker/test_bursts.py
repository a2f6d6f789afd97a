"""Bursts, on every database: hits on several copies of one message are judged in each other's light, once."""

import asyncio
import contextlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.fuses import Fuse, Fused, Killed
from tests.makers import a_copy, a_hit, a_judged, a_sent_message, a_verdict, after, an_account
from tracker.model import AlertKind, Cause, Copy, Hit, Judged
from tracker.ports import History, Store
from tracker.recording import Recording

NOW = after(hours=1)
SETTLE = timedelta(seconds=20)


def one_rule(hit: Hit, history: History) -> Judged:
    """Whoever takes two copies within a second is a scanner; everybody else is a person."""
    near = (other for other in history.around if abs(other.hit.at - hit.at) < timedelta(seconds=1))
    cause = Cause.SCANNER if any(other.hit.copy_id != hit.copy_id for other in near) else Cause.HUMAN
    return a_judged(hit=hit, verdict=a_verdict(cause=cause), client=f"client at {hit.ip}")


@pytest.fixture
async def copies(store: Store) -> Sequence[Copy]:
    account = await store.accounts.add(an_account(), "grant")
    message = a_sent_message(account_id=account.id)
    made = [a_copy(message_id=message.id, sent_at=after()) for _ in range(3)]
    await store.messages.begin(message, made)
    return made


def recording(hits: Any, judge: Any = one_rule) -> Recording:
    return Recording(hits, judge, SETTLE, lambda: NOW)


async def counts(store: Store, copies: Sequence[Copy]) -> list[tuple[int, int]]:
    histories = await store.hits.histories([copy.id for copy in copies])
    return [(histories[copy.id].summary.opens, histories[copy.id].summary.machines) for copy in copies]


async def kinds(store: Store) -> list[AlertKind]:
    leased = await store.alerts.lease(NOW + SETTLE, NOW + timedelta(minutes=5), 100)
    return [alert.kind for one in leased for alert in one.alerts]


def at_once(copies: Sequence[Copy], seconds: float = 60) -> list[Hit]:
    return [a_hit(copy_id=copy.id, at=after(seconds + number / 10)) for number, copy in enumerate(copies)]


async def test_a_burst_in_one_batch_is_judged_whole_and_not_told(store: Store, copies: Sequence[Copy]) -> None:
    await recording(store.hits).record(at_once(copies))

    assert await counts(store, copies) == [(0, 1), (0, 1), (0, 1)]
    assert await kinds(store) == []


async def test_what_comes_later_takes_an_open_back_and_redraws_its_card(store: Store, copies: Sequence[Copy]) -> None:
    first, second, _ = at_once(copies)
    await recording(store.hits).record([first])
    assert await counts(store, copies) == [(1, 0), (0, 0), (0, 0)]

    await recording(store.hits).record([second])

    assert await counts(store, copies) == [(0, 1), (0, 1), (0, 0)]
    assert sorted(await kinds(store)) == [AlertKind.CORRECTED, AlertKind.FIRST_OPEN]


async def test_a_hit_long_before_is_left_alone(store: Store, copies: Sequence[Copy]) -> None:
    asked: list[str] = []

    def judge(hit: Hit, history: History) -> Judged:
        asked.append(hit.id)
        return one_rule(hit, history)

    early = a_hit(copy_id=copies[0].id, at=after(60))
    late = a_hit(copy_id=copies[1].id, at=after(60, minutes=16))
    await recording(store.hits).record([early])

    await recording(store.hits, judge).record([late])

    assert set(asked) == {late.id}


async def test_a_hit_whose_raw_facts_are_destroyed_keeps_its_verdict(store: Store, copies: Sequence[Copy]) -> None:
    first, second, _ = at_once(copies)
    await recording(store.hits).record([first])
    await store.hits.forget_raw(NOW)

    await recording(store.hits).record([second])

    assert await counts(store, copies) == [(1, 0), (0, 1), (0, 0)]


async def test_other_messages_are_not_drawn_in(store: Store, copies: Sequence[Copy]) -> None:
    account = await store.accounts.add(an_account(), "grant")
    message = a_sent_message(account_id=account.id)
    stranger = a_copy(message_id=message.id, sent_at=after())
    await store.messages.begin(message, [stranger])

    await recording(store.hits).record([at_once(copies)[0], a_hit(copy_id=stranger.id, at=after(60))])

    assert await counts(store, [copies[0], stranger]) == [(1, 0), (1, 0)]


async def test_recorders_at_work_on_different_copies_do_not_overlook_each_other(
    store: Store, copies: Sequence[Copy]
) -> None:
    await asyncio.gather(*(recording(store.hits).record([hit]) for hit in at_once(copies)))

    assert await counts(store, copies) == [(0, 1), (0, 1), (0, 1)]


@pytest.mark.parametrize("steps", range(10))
async def test_killed_anywhere_and_repeated_a_burst_comes_out_the_same(
    store: Store, copies: Sequence[Copy], steps: int
) -> None:
    first, *others = at_once(copies)
    await recording(store.hits).record([first])
    with contextlib.suppress(Killed):
        await recording(Fused(store.hits, Fuse(steps))).record(others)

    await recording(store.hits).record(others)

    assert await counts(store, copies) == [(0, 1), (0, 1), (0, 1)]
    assert sorted(await kinds(store)) == [AlertKind.CORRECTED, AlertKind.FIRST_OPEN]


async def test_a_later_fetch_of_the_same_reading_is_counted_and_told_once(store: Store, copies: Sequence[Copy]) -> None:
    for seconds in (60, 100, 150):
        await recording(store.hits).record([a_hit(copy_id=copies[0].id, at=after(seconds))])

    assert await counts(store, copies[:1]) == [(1, 0)]
    assert await kinds(store) == [AlertKind.FIRST_OPEN]


@pytest.mark.parametrize("late", [0, 1_000])
async def test_the_summary_of_a_much_fetched_copy_stays_exact(
    store: Store, copies: Sequence[Copy], late: float
) -> None:
    [copy, *_] = copies
    many = [a_hit(copy_id=copy.id, at=after(300 * number)) for number in range(1, 251)]
    await recording(store.hits).record(many)
    # Out of order, and within three minutes of a reading that is there already: everything is counted anew.
    more = [a_hit(copy_id=copy.id, at=after(300 * 100 + 60)), a_hit(copy_id=copy.id, at=after(300 * 251 + late))]

    await recording(store.hits).record(more[1:])
    await recording(store.hits).record(more[:1])

    assert await counts(store, [copy]) == [(251, 0)]
    assert len(await store.hits.timeline(copy.id)) == 252


async def test_the_sign_of_passing_on_is_kept_and_told_once(store: Store, copies: Sequence[Copy]) -> None:
    copy = copies[0]

    def passed_on(judged: Sequence[Judged], mail_systems: Sequence[str]) -> str:
        return "Yahoo" if len(judged) > 1 else ""

    work = Recording(store.hits, one_rule, SETTLE, lambda: NOW, passed_on)
    for minutes in (1, 10, 20):
        await work.record([a_hit(copy_id=copy.id, at=after(minutes=minutes))])

    history = (await store.hits.histories([copy.id]))[copy.id]
    assert history.summary.passed_on == "Yahoo"
    assert (await kinds(store)).count(AlertKind.PASSED_ON) == 1


async def test_a_reply_and_a_bounce_are_noted_and_judged_by(store: Store, copies: Sequence[Copy]) -> None:
    copy = copies[0]

    def judge(hit: Hit, history: History) -> Judged:
        cause = Cause.SELF if history.summary.bounced_at else Cause.HUMAN
        return a_judged(hit=hit, verdict=a_verdict(cause=cause))

    work = recording(store.hits, judge)
    await work.record([a_hit(copy_id=copy.id)])
    await work.replied(copy.id, after(minutes=9))
    await work.bounced(copy.id, after(minutes=1))

    summary = (await store.hits.histories([copy.id]))[copy.id].summary
    assert (summary.opens, summary.machines) == (0, 1)
    assert (summary.replied_at, summary.bounced_at) == (after(minutes=9), after(minutes=1))


async def test_the_senders_address_is_learnt_from_looks_before_anybody_had_the_mail(
    store: Store, copies: Sequence[Copy]
) -> None:
    def judge(hit: Hit, history: History) -> Judged:
        early = history.copy.sent_at is None or hit.at < history.copy.sent_at
        return a_judged(hit=hit, verdict=a_verdict(cause=Cause.SELF if early else Cause.HUMAN))

    own = [
        a_hit(copy_id=copies[0].id, at=after(minutes=-5), ip="198.51.100.1"),
        a_hit(copy_id=copies[0].id, at=after(minutes=-5), ip="66.249.84.2"),  # Google's proxy is nobody's address
        a_hit(copy_id=copies[0].id, at=after(seconds=-5), ip="198.51.100.2"),  # clocks may be that far apart
    ]
    await recording(store.hits, judge).record(own)

    history = (await store.hits.histories([copies[1].id]))[copies[1].id]
    assert history.sender_ips == {"198.51.100.1"}


async def test_a_recipients_quick_look_at_an_unarmed_copy_teaches_nothing(store: Store) -> None:
    account = await store.accounts.add(an_account(), "grant")
    message = a_sent_message(account_id=account.id)
    copy = a_copy(message_id=message.id)
    await store.messages.begin(message, [copy])

    def judge(hit: Hit, history: History) -> Judged:
        return a_judged(hit=hit, verdict=a_verdict(cause=Cause.HUMAN if history.copy.armed else Cause.SELF))

    await recording(store.hits, judge).record([a_hit(copy_id=copy.id, at=after(seconds=1))])
    await store.messages.arm(replace(copy, sent_at=after()))
    await recording(store.hits, judge).judge_again(copy.id)

    assert (await store.hits.histories([copy.id]))[copy.id].sender_ips == frozenset()
