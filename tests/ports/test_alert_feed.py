"""What every AlertFeed promises."""

import asyncio
import time
from dataclasses import replace

import pytest

from tests.makers import a_summary, after, an_alert
from tests.ports.givens import Given, given_alert, given_message, recorded
from tracker.model import Alert, AlertKind, LeasedAlerts, Post
from tracker.ports import Buried, Store
from tracker.store.opening import open_store


async def lease(store: Store, now: float, until: float | None = None, limit: int = 10) -> list[LeasedAlerts]:
    return list(await store.alerts.lease(after(now), after(now + 60 if until is None else until), limit))


async def test_an_alert_is_not_leased_before_it_is_due(store: Store) -> None:
    await given_alert(store, await given_message(store), due_at=after(20))

    assert not await lease(store, 19)
    assert await lease(store, 20)


async def test_all_due_alerts_of_a_topic_come_together_oldest_first(store: Store) -> None:
    given = await given_message(store)
    second = await given_alert(store, given, due_at=after(2))
    first = await given_alert(store, given, due_at=after(1))
    await given_alert(store, given, due_at=after(30))

    [leased] = await lease(store, 10)

    assert leased.alerts == (first, second)
    assert leased.topic == given.message.id


async def test_topics_come_oldest_first_and_no_more_than_asked_for(store: Store) -> None:
    dues = [5, 1, 3]
    alerts = {due: await given_alert(store, await given_message(store), due_at=after(due)) for due in dues}

    topics = await lease(store, 10, limit=2)

    assert [leased.alerts for leased in topics] == [(alerts[1],), (alerts[3],)]


async def test_a_leased_topic_is_given_to_nobody_else(store: Store) -> None:
    await given_alert(store, await given_message(store))
    await lease(store, 0, until=60)

    assert not await lease(store, 59)


async def test_a_new_alert_of_a_leased_topic_waits_for_the_lease(store: Store) -> None:
    given = await given_message(store)
    await given_alert(store, given)
    await lease(store, 0, until=60)

    await given_alert(store, given)

    assert not await lease(store, 30)


async def test_many_workers_never_hold_the_same_topic(store: Store, database_url: str, encryption_key: bytes) -> None:
    for _ in range(12):
        given = await given_message(store)
        await given_alert(store, given)
        await given_alert(store, given)

    async with await open_store(database_url, [encryption_key]) as other:
        rounds = await asyncio.gather(*(lease(worker, 0, limit=2) for worker in (store, other) * 6))

    topics = [leased.topic for leases in rounds for leased in leases]
    assert len(topics) == len(set(topics)) == 12
    assert all(len(leased.alerts) == 2 for leases in rounds for leased in leases)


async def test_a_lease_that_ran_out_is_given_again(store: Store) -> None:
    alert = await given_alert(store, await given_message(store))
    await lease(store, 0, until=60)

    [again] = await lease(store, 60)

    assert again.alerts == (alert,)


async def test_the_first_try_is_one_and_not_in_doubt(store: Store) -> None:
    await given_alert(store, await given_message(store))

    [leased] = await lease(store, 0)

    assert (leased.tries, leased.in_doubt) == (1, False)


async def test_after_a_lease_that_ran_out_the_next_try_is_in_doubt(store: Store) -> None:
    await given_alert(store, await given_message(store))
    await lease(store, 0, until=60)

    [leased] = await lease(store, 60)

    assert (leased.tries, leased.in_doubt) == (2, True)


@pytest.mark.parametrize("reached", [True, False])
async def test_a_deferred_try_leaves_a_doubt_when_it_may_have_reached_slack(store: Store, reached: bool) -> None:
    await given_alert(store, await given_message(store))
    [leased] = await lease(store, 0)

    await store.alerts.defer(leased, after(30), reached=reached)

    [again] = await lease(store, 30)
    assert (again.tries, again.in_doubt) == (2, reached)


async def test_a_doubt_stays_through_later_refusals(store: Store) -> None:
    await given_alert(store, await given_message(store))
    [first] = await lease(store, 0)
    await store.alerts.defer(first, after(10), reached=True)
    [second] = await lease(store, 10)
    await store.alerts.defer(second, after(20), reached=False)

    [third] = await lease(store, 20)

    assert third.in_doubt


async def test_a_deferred_topic_comes_back_at_its_time(store: Store) -> None:
    alert = await given_alert(store, await given_message(store))
    [leased] = await lease(store, 0)

    await store.alerts.defer(leased, after(30), reached=False)

    assert not await lease(store, 29)
    [again] = await lease(store, 30)
    assert again.alerts == (alert,)


async def test_a_new_alert_does_not_overtake_a_deferred_one(store: Store) -> None:
    given = await given_message(store)
    first = await given_alert(store, given)
    [leased] = await lease(store, 0)
    await store.alerts.defer(leased, after(30), reached=False)

    second = await given_alert(store, given, due_at=after(5))

    assert not await lease(store, 10)
    [both] = await lease(store, 30)
    assert both.alerts == (first, second)


async def test_a_settled_alert_is_never_leased_again(store: Store) -> None:
    await given_alert(store, await given_message(store))
    [leased] = await lease(store, 0)

    await store.alerts.settle(leased, after(1), None)

    assert not await lease(store, 1000)


async def test_settling_remembers_where_the_card_stands(store: Store) -> None:
    await given_alert(store, await given_message(store))
    [leased] = await lease(store, 0)
    post = Post(leased.topic, "D1", "1762084800.000100")

    await store.alerts.settle(leased, after(1), post)

    assert await store.alerts.post_of(leased.topic) == post


async def test_a_later_card_of_a_topic_replaces_the_earlier(store: Store) -> None:
    given = await given_message(store)
    for number in (1, 2):
        await given_alert(store, given)
        [leased] = await lease(store, number)
        await store.alerts.settle(leased, after(number), Post(leased.topic, "D1", f"{number}.0"))

    assert await store.alerts.post_of(given.message.id) == Post(given.message.id, "D1", "2.0")


async def test_settling_without_a_card_leaves_the_known_one(store: Store) -> None:
    given = await given_message(store)
    post = Post(given.message.id, "D1", "1.0")
    for number, known in ((1, post), (2, None)):
        await given_alert(store, given)
        [leased] = await lease(store, number)
        await store.alerts.settle(leased, after(number), known)

    assert await store.alerts.post_of(given.message.id) == post


async def test_an_unknown_topic_has_no_card(store: Store) -> None:
    assert await store.alerts.post_of("no-such-topic") is None


async def test_settling_leaves_the_alerts_that_came_meanwhile(store: Store) -> None:
    given = await given_message(store)
    await given_alert(store, given)
    [leased] = await lease(store, 0)
    later = await given_alert(store, given)

    await store.alerts.settle(leased, after(1), None)

    [again] = await lease(store, 2)
    assert again.alerts == (later,)


async def test_a_buried_alert_is_never_leased_again_and_holds_nothing_up(store: Store) -> None:
    given = await given_message(store)
    await given_alert(store, given)
    [leased] = await lease(store, 0)

    await store.alerts.bury(leased, after(1), "account_inactive")

    later = await given_alert(store, given)
    [again] = await lease(store, 1000)
    assert again.alerts == (later,)


async def test_a_late_settle_finds_its_alerts_settled_when_nobody_took_them(store: Store) -> None:
    await given_alert(store, await given_message(store))
    [leased] = await lease(store, 0, until=60)

    await store.alerts.settle(leased, after(90), None)

    assert not await lease(store, 100)


async def test_a_worker_that_lost_its_lease_cannot_defer(store: Store) -> None:
    await given_alert(store, await given_message(store))
    [lost] = await lease(store, 0, until=60)
    [held] = await lease(store, 60, until=120)

    await store.alerts.defer(lost, after(61), reached=False)

    assert not await lease(store, 119)
    await store.alerts.settle(held, after(119), None)
    assert not await lease(store, 200)


async def test_a_worker_that_lost_its_lease_cannot_bury(store: Store) -> None:
    await given_alert(store, await given_message(store))
    [lost] = await lease(store, 0, until=60)
    await lease(store, 60, until=120)

    await store.alerts.bury(lost, after(61), "channel_not_found")

    assert await lease(store, 120)


async def test_what_a_worker_said_after_losing_its_lease_is_remembered(store: Store) -> None:
    await given_alert(store, await given_message(store))
    [lost] = await lease(store, 0, until=60)
    await lease(store, 60, until=120)
    post = Post(lost.topic, "D1", "1.0")

    await store.alerts.settle(lost, after(61), post)

    assert await store.alerts.post_of(lost.topic) == post
    [again] = await lease(store, 120)
    assert again.in_doubt


async def test_a_worker_that_lost_its_lease_does_not_move_a_known_card(store: Store) -> None:
    await given_alert(store, await given_message(store))
    [lost] = await lease(store, 0, until=60)
    [held] = await lease(store, 60, until=120)
    known = Post(held.topic, "D1", "2.0")
    await store.alerts.settle(held, after(61), known)

    await store.alerts.settle(lost, after(62), Post(lost.topic, "D1", "1.0"))

    assert await store.alerts.post_of(held.topic) == known


async def test_what_was_said_about_a_removed_account_is_not_remembered(store: Store) -> None:
    given = await given_message(store)
    await given_alert(store, given)
    [leased] = await lease(store, 0)
    await store.accounts.remove(given.account.email)

    await store.alerts.settle(leased, after(1), Post(leased.topic, "D1", "1.0"))

    assert await store.alerts.post_of(leased.topic) is None


async def test_waiting_ends_soon_after_another_process_puts_an_alert(
    store: Store, database_url: str, encryption_key: bytes
) -> None:
    given = await given_message(store)
    async with await open_store(database_url, [encryption_key]) as reader:
        await lease(reader, 0)
        waiting = asyncio.create_task(reader.alerts.wait(20))
        await asyncio.sleep(0.1)

        put_at = time.monotonic()
        await given_alert(store, given)
        await waiting

    assert time.monotonic() - put_at < 2


async def test_an_alert_put_between_looking_and_waiting_ends_the_wait_at_once(
    store: Store, database_url: str, encryption_key: bytes
) -> None:
    given = await given_message(store)
    async with await open_store(database_url, [encryption_key]) as reader:
        await lease(reader, 0)
        await given_alert(store, given)

        started = time.monotonic()
        await reader.alerts.wait(20)

    assert time.monotonic() - started < 2


async def test_waiting_ends_when_nothing_happens(store: Store) -> None:
    await lease(store, 0)

    started = time.monotonic()
    await store.alerts.wait(0.2)

    assert 0.15 < time.monotonic() - started < 2


async def test_a_record_without_alerts_keeps_the_outbox_empty(store: Store) -> None:
    given = await given_message(store)

    await store.hits.record([recorded(given.copy, summary=a_summary(machines=1))])

    assert not await lease(store, 1000)


def a_crowd(given: Given, crowd_id: str = "crowd-1", **facts: object) -> Alert:
    about = {"kind": AlertKind.CROWD, "account_id": given.account.id, "message_id": None, "crowd_id": crowd_id}
    return an_alert(**{**about, **facts})


async def test_settling_remembers_how_far_the_cards_thread_is(store: Store) -> None:
    given = await given_message(store)
    await given_alert(store, given)
    [leased] = await lease(store, 0)
    moments = {"drawn_at": after(1), "told_at": after(2), "line_at": after(3)}
    post = Post(leased.topic, "D1", "1.0", turn=4, message_id=given.message.id, **moments)
    beside = Post("news:hit", "D1", "2.0", message_id=given.message.id)

    await store.alerts.settle(leased, after(4), post, beside=beside)

    assert await store.alerts.posts_of([leased.topic, "news:hit", "nothing"]) == {
        leased.topic: post,
        "news:hit": beside,
    }


async def test_what_follows_from_an_alert_is_put_with_its_settling(store: Store) -> None:
    given = await given_message(store)
    await given_alert(store, given)
    [leased] = await lease(store, 0)
    line = an_alert(kind=AlertKind.LINE, account_id=given.account.id, message_id=given.message.id, due_at=after(9))

    await store.alerts.settle(leased, after(1), None, then=[line])

    [again] = await lease(store, 10)
    assert again.alerts == (line,)


async def test_what_follows_is_not_put_by_a_worker_that_lost_its_lease(store: Store) -> None:
    given = await given_message(store)
    await given_alert(store, given)
    [lost] = await lease(store, 0, until=60)
    [held] = await lease(store, 60, until=120)

    line = an_alert(kind=AlertKind.LINE, account_id=given.account.id, message_id=given.message.id)
    await store.alerts.settle(lost, after(61), None, then=[line])

    await store.alerts.settle(held, after(62), None)
    assert not await lease(store, 1000)


async def test_one_account_can_be_leased_alone(store: Store) -> None:
    one, other = await given_message(store), await given_message(store)
    await given_alert(store, one)
    alert = await given_alert(store, other)

    leased = await store.alerts.lease(after(0), after(60), 10, other.account.id)

    assert [each.alerts for each in leased] == [(alert,)]


async def test_a_crowd_speaks_for_the_alerts_that_it_settles(store: Store) -> None:
    first = await given_message(store)
    givens = [first, *[await given_message(store, first.account) for _ in range(2)]]
    alerts = [await given_alert(store, given, due_at=after(number)) for number, given in enumerate(givens)]
    leases = await lease(store, 10)
    crowd, redraw = a_crowd(first), an_alert(kind=AlertKind.CORRECTED, account_id=first.account.id, message_id=None)

    condensed = await store.alerts.condense(leases, after(11), crowd, [redraw])

    assert condensed == 3
    assert [replace(one, crowd_id=None) for one in await store.alerts.crowd("crowd-1")] == alerts
    assert {leased.alerts for leased in await lease(store, 20)} == {(crowd,), (redraw,)}


async def test_a_crowd_is_not_put_when_nothing_was_ours_any_more(store: Store) -> None:
    given = await given_message(store)
    await given_alert(store, given)
    lost = await lease(store, 0, until=60)
    [held] = await lease(store, 60, until=120)

    assert await store.alerts.condense(lost, after(61), a_crowd(given), []) == 0

    await store.alerts.settle(held, after(62), None)
    assert not await lease(store, 1000)


async def test_the_latest_crowd_of_an_account_is_known_for_a_while(store: Store) -> None:
    given, other = await given_message(store), await given_message(store)
    for number, crowd_id in ((5, "early"), (50, "late")):
        await given_alert(store, given)
        leases = await lease(store, number)
        await store.alerts.condense(leases, after(number), a_crowd(given, crowd_id, due_at=after(number)), [])
    for crowd in await lease(store, 50):
        await store.alerts.settle(crowd, after(50), None)

    assert await store.alerts.crowd_since(given.account.id, after(10)) == "late"
    assert await store.alerts.crowd_since(given.account.id, after(51)) is None
    assert await store.alerts.crowd_since(other.account.id, after(0)) is None


async def test_a_crowd_that_waits_to_be_said_is_known_however_old_it_is(store: Store) -> None:
    given = await given_message(store)
    await given_alert(store, given)
    await store.alerts.condense(await lease(store, 5), after(5), a_crowd(given, "waiting", due_at=after(5)), [])

    known = await store.alerts.crowd_since(given.account.id, after(86_400))
    [crowd] = await lease(store, 86_400)
    await store.alerts.settle(crowd, after(86_400), None)

    assert known == "waiting"
    assert await store.alerts.crowd_since(given.account.id, after(86_400)) is None


async def test_what_is_buried_is_shown_with_its_reason_and_its_owner(store: Store) -> None:
    given = await given_message(store)
    await given_alert(store, given)
    await given_alert(store, given)
    [leased] = await lease(store, 0)

    await store.alerts.bury(leased, after(7), "is_archived")

    [buried] = await store.alerts.buried(10)
    assert buried == Buried(given.message.id, given.account.email, AlertKind.FIRST_OPEN, "is_archived", after(7), 2)


async def test_the_latest_graves_come_first_and_no_more_than_asked_for(store: Store) -> None:
    for number in range(3):
        await given_alert(store, await given_message(store, subject=f"{number}"))
        [leased] = await lease(store, number)
        await store.alerts.bury(leased, after(number), f"reason {number}")

    assert [one.reason for one in await store.alerts.buried(2)] == ["reason 2", "reason 1"]


async def test_what_is_dug_up_is_tried_again_without_a_doubt(store: Store) -> None:
    given, other = await given_message(store), await given_message(store)
    for each in (given, other):
        await given_alert(store, each)
    for leased in await lease(store, 0):
        await store.alerts.bury(leased, after(1), "user_disabled")

    assert await store.alerts.unbury([given.message.id]) == 1

    [again] = await lease(store, 2)
    assert (again.topic, again.in_doubt) == (given.message.id, False)
    assert [one.topic for one in await store.alerts.buried(10)] == [other.message.id]


async def test_what_may_have_been_said_twice_is_counted(store: Store) -> None:
    for blind in (True, False):
        await given_alert(store, await given_message(store))
        [leased] = await lease(store, 0)
        await store.alerts.settle(leased, after(5), None, blind=blind)

    assert (await store.alerts.blind(after(5)), await store.alerts.blind(after(6))) == (1, 0)


async def test_a_lease_from_before_the_clock_was_set_back_is_over(store: Store) -> None:
    alert = await given_alert(store, await given_message(store))
    await lease(store, 3600, until=3660)

    [again] = await lease(store, 30)

    assert again.alerts == (alert,)


async def test_a_worker_whose_clock_is_a_little_behind_takes_nothing_from_another(store: Store) -> None:
    await given_alert(store, await given_message(store))
    await lease(store, 50, until=110)

    assert not await lease(store, 10)


async def test_cards_of_forgotten_mails_are_forgotten_with_the_news_beside_them(store: Store) -> None:
    given = await given_message(store)
    await given_alert(store, given)
    [leased] = await lease(store, 0)
    beside = Post("news:hit", "D1", "2.0", message_id=given.message.id)
    await store.alerts.settle(leased, after(1), Post(leased.topic, "D1", "1.0"), beside=beside)

    await store.messages.forget(after(days=1))

    assert await store.alerts.posts_of([leased.topic, "news:hit"]) == {}


async def test_cards_of_a_removed_account_are_forgotten_with_its_crowds(store: Store) -> None:
    given = await given_message(store)
    await given_alert(store, given)
    crowd = a_crowd(given)
    await store.alerts.condense(await lease(store, 0), after(1), crowd, [])
    [leased] = await lease(store, 2)
    beside = Post("news:hit", "D1", "2.0", message_id=given.message.id)
    await store.alerts.settle(leased, after(3), Post(leased.topic, "D1", "1.0"), beside=beside)

    await store.accounts.remove(given.account.email)

    assert await store.alerts.posts_of(["crowd:crowd-1", "news:hit"]) == {}
