"""What every ReminderBook promises."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.makers import NOON, after, an_alert
from tests.ports.givens import Given, given_account, given_message
from tracker.clock import new_id
from tracker.model import AlertKind, MessageState
from tracker.ports import Store
from tracker.reminders import Reminder, ReminderKind, ReminderState
from tracker.wishes import Preferences


def a_reminder(given: Given, **facts: Any) -> Reminder:
    made = Reminder(
        new_id(), given.account.id, given.message.id, ReminderKind.UNOPENED, NOON, timedelta(days=3), after(days=3)
    )
    return replace(made, **facts)


async def given_reminder(store: Store, given: Given | None = None, **facts: Any) -> Reminder:
    reminder = a_reminder(given or await given_message(store), **facts)
    assert await store.reminders.put(reminder)
    return reminder


async def say(store: Store, reminder: Reminder) -> bool:
    alert = an_alert(
        kind=AlertKind.NOT_OPENED,
        key=f"reminder:{reminder.id}",
        account_id=reminder.account_id,
        message_id=reminder.message_id,
    )
    return await store.reminders.say(reminder, alert)


async def told(store: Store) -> list[AlertKind]:
    leased = await store.alerts.lease(after(days=9), after(days=10), 100)
    return [alert.kind for one in leased for alert in one.alerts]


async def states(store: Store, given: Given) -> list[ReminderState]:
    return [one.state for one in await store.reminders.of(given.message.id)]


async def finished(store: Store, given: Given, **facts: Any) -> Sequence[Reminder]:
    """What is set for a message once it is sent."""
    sent = replace(given.message, **{"state": MessageState.SENT, "sent_at": NOON, **facts})
    await store.messages.finish(sent)
    return await store.reminders.of(given.message.id)


async def test_a_reminder_is_remembered_whole(store: Store) -> None:
    given = await given_message(store)
    reminder = await given_reminder(store, given, by_hand=True, after=timedelta(hours=5))

    assert list(await store.reminders.of(given.message.id)) == [reminder]


async def test_one_that_is_set_anew_takes_the_place_of_the_old_one(store: Store) -> None:
    given = await given_message(store)
    await say(store, await given_reminder(store, given))
    other = await given_reminder(store, given, kind=ReminderKind.UNANSWERED, due_at=after(days=9))

    anew = await given_reminder(store, given, due_at=after(days=6), by_hand=True)

    assert list(await store.reminders.of(given.message.id)) == [anew, other]


async def test_of_an_erased_message_nothing_is_remembered(store: Store) -> None:
    given = await given_message(store)
    await given_reminder(store, given)
    await store.messages.forget(after(days=1))

    assert not await store.reminders.put(a_reminder(given))
    assert list(await store.reminders.of(given.message.id)) == []


async def test_a_reminder_is_due_from_its_moment_on(store: Store) -> None:
    reminder = await given_reminder(store)

    assert list(await store.reminders.due(after(days=3, seconds=-1), 10)) == []
    assert list(await store.reminders.due(after(days=3), 10)) == [reminder]


async def test_the_earliest_are_due_first_and_no_more_than_wanted(store: Store) -> None:
    late, early, last = [await given_reminder(store, due_at=after(hours=hours)) for hours in (2, 1, 3)]

    assert list(await store.reminders.due(after(days=9), 2)) == [early, late]
    assert list(await store.reminders.due(after(days=9), 9)) == [early, late, last]


async def test_a_reminder_is_said_by_one_of_all_who_try(store: Store) -> None:
    reminder = await given_reminder(store)

    tries = await asyncio.gather(*(say(store, reminder) for _ in range(5)))

    assert sorted(tries) == [False] * 4 + [True]
    assert await told(store) == [AlertKind.NOT_OPENED]
    assert list(await store.reminders.due(after(days=9), 10)) == []


async def test_a_reminder_that_was_set_anew_meanwhile_is_not_said(store: Store) -> None:
    given = await given_message(store)
    old = await given_reminder(store, given)
    await given_reminder(store, given, due_at=after(days=6))

    assert not await say(store, old)
    assert await told(store) == []


async def test_a_postponed_reminder_waits_and_is_not_said_by_who_saw_it_before(store: Store) -> None:
    reminder = await given_reminder(store)

    assert await store.reminders.postpone(reminder, after(days=4))

    assert not await say(store, reminder)
    assert [one.due_at for one in await store.reminders.due(after(days=4), 9)] == [after(days=4)]


async def test_a_dropped_reminder_is_never_said(store: Store) -> None:
    given = await given_message(store)
    reminder = await given_reminder(store, given)

    assert await store.reminders.drop(reminder)

    assert not await say(store, reminder)
    assert await states(store, given) == [ReminderState.DROPPED]


async def test_what_waits_is_listed_for_its_accounts_only(store: Store) -> None:
    given = await given_message(store)
    later = await given_reminder(store, given, due_at=after(days=5))
    sooner = await given_reminder(store, given, kind=ReminderKind.UNANSWERED)
    await store.reminders.drop(await given_reminder(store, await given_message(store, given.account)))
    await given_reminder(store)

    assert list(await store.reminders.waiting([given.account.id], 10)) == [sooner, later]
    assert list(await store.reminders.waiting([given.account.id], 1)) == [sooner]
    assert list(await store.reminders.waiting([], 10)) == []


async def test_forgotten_reminders_are_gone_and_it_is_told_whether_any_waited(store: Store) -> None:
    given = await given_message(store)
    await given_reminder(store, given)

    assert await store.reminders.forget(given.message.id)
    assert not await store.reminders.forget(given.message.id)
    assert list(await store.reminders.of(given.message.id)) == []


async def test_reminders_go_with_their_account(store: Store) -> None:
    given = await given_message(store)
    await given_reminder(store, given)

    assert await store.accounts.remove(given.account.email)

    assert list(await store.reminders.due(after(days=9), 9)) == []


async def test_a_sent_message_gets_the_reminders_that_its_owner_wants_for_every_mail(store: Store) -> None:
    account = await given_account(store)
    wanted = Preferences(account.id, remind_unopened_days=1, remind_unanswered_days=2)
    await store.preferences.keep(wanted)

    found = await finished(store, await given_message(store, account))

    assert [(one.kind, one.due_at, one.by_hand) for one in found] == [
        (ReminderKind.UNOPENED, after(days=1), False),
        (ReminderKind.UNANSWERED, after(days=2), False),
    ]


async def test_who_wants_none_gets_none(store: Store) -> None:
    account = await given_account(store)
    await store.preferences.keep(Preferences(account.id, remind_unopened_days=0))

    assert await finished(store, await given_message(store, account)) == []


@pytest.mark.parametrize(
    "facts", [{"untracked": "It is signed."}, {"state": MessageState.FAILED}, {"state": MessageState.TAGGED}]
)
async def test_what_is_not_out_or_carries_no_picture_gets_none(store: Store, facts: dict[str, Any]) -> None:
    account = await given_account(store)
    await store.preferences.keep(Preferences(account.id, remind_unopened_days=1))

    assert await finished(store, await given_message(store, account), **facts) == []


async def test_a_message_that_is_finished_twice_keeps_what_was_set_in_between(store: Store) -> None:
    account = await given_account(store)
    await store.preferences.keep(Preferences(account.id, remind_unopened_days=1))
    given = await given_message(store, account)
    await finished(store, given)
    by_hand = await given_reminder(store, given, by_hand=True)

    assert await finished(store, given) == [by_hand]
