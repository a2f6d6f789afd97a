"""Reminding: said once when nothing happened, and never when there is nothing to remind of."""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.fuses import Fuse, Fused, Killed
from tests.makers import NOON, a_sent_copy, a_sent_message, a_summary, after, an_account
from tracker.following import Followed
from tracker.model import Account, AccountState, AlertKind, Copy, Message, Profile, Summary
from tracker.outstanding import cannot_tell, outstanding
from tracker.ports import Recorded, Refused, Report, Store
from tracker.reminders import ReminderKind, ReminderState, moment_after
from tracker.reminding import Reminding
from tracker.wishes import Preferences

OPENED = {"opens": 2, "first_open_at": after(hours=1), "last_open_at": after(hours=2)}
FRIDAY = datetime.fromisoformat("2026-11-06T15:00:00+00:00")


@dataclass
class Desk:
    """A sender with one message out since noon, who wants to hear after a day that it was not opened or answered."""

    store: Store
    account: Account
    message: Message
    copies: list[Copy]
    now: datetime = NOON
    said: list[AlertKind] = field(default_factory=list)
    follows: bool = False

    def reminding(self, fuse: Fuse | None = None) -> Reminding:
        fuse = fuse or Fuse()
        books = (self.store.reminders, self.store.messages, self.store.preferences)
        following = self.store.following if self.follows else None
        return Reminding(*(Fused(book, fuse) for book in books), lambda: self.now, following)

    async def a_worker_looks(self, fuse: Fuse | None = None, **later: float) -> list[AlertKind]:
        """What is told by a worker that looks so long after noon."""
        self.now = after(**later) if later else self.now
        await self.reminding(fuse).run_once()
        return await self.told()

    async def told(self) -> list[AlertKind]:
        leased = await self.store.alerts.lease(after(days=900), after(days=999), 100)
        for one in leased:
            await self.store.alerts.settle(one, self.now, None)
        return [alert.kind for one in leased for alert in one.alerts]

    async def it_is(self, copy: int = 0, **summary: Any) -> None:
        replied_at, bounced_at = summary.pop("replied_at", None), summary.pop("bounced_at", None)
        name = self.copies[copy].id
        version = (await self.store.hits.histories([name]))[name].version
        await self.store.hits.record([Recorded(name, version, (), a_summary(**summary), ())])
        if replied_at:
            await self.store.hits.note_reply(name, replied_at)
        if bounced_at:
            await self.store.hits.note_bounce(name, bounced_at)

    async def report(self) -> Report:
        report = await self.store.messages.report(self.message.id)
        assert report
        return report

    async def states(self) -> set[ReminderState]:
        return {one.state for one in await self.store.reminders.of(self.message.id)}


async def a_desk(store: Store, copies: int = 1, **preferences: int) -> Desk:
    account = await store.accounts.add(an_account(), "grant")
    await store.preferences.keep(Preferences(account.id, **preferences))
    message = a_sent_message(account_id=account.id)
    made = [a_sent_copy(message_id=message.id) for _ in range(copies)]
    await store.messages.begin(message, made)
    await store.messages.finish(message)
    return Desk(store, account, message, made)


async def test_what_nobody_opened_is_told_when_its_time_has_come_and_not_before(store: Store) -> None:
    desk = await a_desk(store, remind_unopened_days=1)

    assert await desk.a_worker_looks(days=1, seconds=-1) == []
    assert await desk.a_worker_looks(days=1) == [AlertKind.NOT_OPENED]


async def test_after_a_week_without_a_worker_it_is_told_once(store: Store) -> None:
    desk = await a_desk(store, remind_unopened_days=1, remind_unanswered_days=1)

    assert await desk.a_worker_looks(days=8) == [AlertKind.NOT_OPENED]
    assert await desk.a_worker_looks(days=16) == []


async def test_two_workers_tell_it_once(store: Store) -> None:
    desk = await a_desk(store, remind_unopened_days=1)
    desk.now = after(days=1)

    await asyncio.gather(*(desk.reminding().run_once() for _ in range(4)))

    assert await desk.told() == [AlertKind.NOT_OPENED]


async def test_killed_at_any_step_it_is_told_once_all_the_same(store: Store) -> None:
    for steps in range(1, 12):
        desk = await a_desk(store, remind_unopened_days=1)
        try:
            told = await desk.a_worker_looks(Fuse(steps), days=1)
        except Killed:
            told = await desk.told()
        assert [*told, *await desk.a_worker_looks(days=1)] == [AlertKind.NOT_OPENED]


@pytest.mark.parametrize(
    "summary",
    [
        OPENED,
        {"clicks": 1, "first_click_at": after(hours=1), "last_click_at": after(hours=1)},
        {"replied_at": after(hours=1)},
        {"bounced_at": after(hours=1)},
    ],
)
async def test_what_was_opened_answered_or_came_back_is_not_told_as_unopened(
    store: Store, summary: dict[str, Any]
) -> None:
    desk = await a_desk(store, remind_unopened_days=1)
    await desk.it_is(**summary)

    assert await desk.a_worker_looks(days=1) == []
    assert await desk.states() == {ReminderState.DROPPED}


async def test_what_its_sender_stopped_is_not_told(store: Store) -> None:
    desk = await a_desk(store, remind_unopened_days=1)
    await store.messages.stop(desk.message.id, after(hours=1))

    assert await desk.a_worker_looks(days=1) == []


async def test_who_wants_no_reminders_any_more_hears_of_none(store: Store) -> None:
    desk = await a_desk(store, remind_unopened_days=1)
    await store.preferences.keep(Preferences(desk.account.id))

    assert await desk.a_worker_looks(days=1) == []


async def test_one_set_by_hand_is_told_whatever_the_defaults(store: Store) -> None:
    desk = await a_desk(store)
    await desk.reminding().remind(await desk.report(), timedelta(days=1))

    assert await desk.a_worker_looks(days=1) == [AlertKind.NOT_OPENED]


async def test_one_set_by_hand_waits_for_a_reply_once_it_is_opened(store: Store) -> None:
    desk = await a_desk(store)
    await desk.reminding().remind(await desk.report(), timedelta(days=1))
    await desk.it_is(**{**OPENED, "first_open_at": after(hours=20)})

    assert await desk.a_worker_looks(days=1) == []
    assert await desk.a_worker_looks(hours=43) == []
    assert await desk.a_worker_looks(hours=44) == [AlertKind.NOT_ANSWERED]
    assert await desk.a_worker_looks(days=9) == []


async def test_one_set_by_hand_ends_with_the_reply(store: Store) -> None:
    desk = await a_desk(store)
    await desk.reminding().remind(await desk.report(), timedelta(days=1))
    await desk.it_is(**OPENED)
    opened = await desk.a_worker_looks(days=1)
    await desk.it_is(**OPENED, replied_at=after(hours=24))

    assert [*opened, *await desk.a_worker_looks(days=9)] == []


async def test_killed_at_any_step_the_wait_for_a_reply_is_told_once(store: Store) -> None:
    for steps in range(1, 14):
        desk = await a_desk(store)
        await desk.reminding().remind(await desk.report(), timedelta(days=1))
        await desk.it_is(**OPENED)
        try:
            told = await desk.a_worker_looks(Fuse(steps), days=3)
        except Killed:
            told = await desk.told()
        assert [*told, *await desk.a_worker_looks(days=3)] == [AlertKind.NOT_ANSWERED]


async def test_where_no_reply_would_be_seen_none_is_waited_for(store: Store) -> None:
    desk = await a_desk(store)
    await desk.it_is(**OPENED)
    only_sends = replace(await desk.report(), account=replace(desk.account, profile=Profile.SEND))

    with pytest.raises(Refused, match="/opens connect"):
        await desk.reminding().remind(only_sends, timedelta(days=1))


async def test_no_answer_is_told_so_long_after_the_first_opening(store: Store) -> None:
    desk = await a_desk(store, remind_unanswered_days=1)
    await desk.it_is(**{**OPENED, "first_open_at": after(hours=20)})

    assert await desk.a_worker_looks(days=1) == []
    assert await desk.a_worker_looks(hours=43) == []
    assert await desk.a_worker_looks(hours=44) == [AlertKind.NOT_ANSWERED]


async def test_what_nobody_opened_waits_for_no_answer_until_somebody_does(store: Store) -> None:
    desk = await a_desk(store, remind_unanswered_days=1)
    quiet = await desk.a_worker_looks(days=2)
    await desk.it_is(**{**OPENED, "first_open_at": after(days=2)})

    assert quiet == []
    assert await desk.a_worker_looks(days=2, hours=12) == []
    assert await desk.a_worker_looks(days=3) == [AlertKind.NOT_ANSWERED]


async def test_no_missing_answer_is_told_while_nobody_can_look_into_the_mailbox(store: Store) -> None:
    desk = await a_desk(store, remind_unanswered_days=1)
    desk.follows = True
    await desk.it_is(**{**OPENED, "first_open_at": after(hours=1)})
    await store.following.keep(desk.account.id, Followed(), Followed("7", after(hours=2)))

    behind = await desk.a_worker_looks(hours=26)
    await store.following.keep(desk.account.id, Followed("7"), Followed("8", after(hours=27)))
    await store.accounts.set_state(desk.account.id, AccountState.RECONNECT, None)
    withdrawn = await desk.a_worker_looks(hours=27)
    await store.accounts.set_state(desk.account.id, AccountState.CONNECTED, None)

    assert behind == withdrawn == []
    assert AlertKind.NOT_ANSWERED in await desk.a_worker_looks(hours=28)


async def test_both_that_are_due_at_one_moment_are_told_apart(store: Store) -> None:
    desk = await a_desk(store, copies=2, remind_unopened_days=1, remind_unanswered_days=1)
    await desk.it_is(0, **OPENED)
    desk.now = after(days=3)
    await desk.reminding().run_once()

    leased = await store.alerts.lease(after(days=900), after(days=999), 100)

    assert sorted(len(topic.alerts) for topic in leased) == [1, 1]


async def test_one_for_an_answer_can_be_set_while_another_copy_is_unopened(store: Store) -> None:
    desk = await a_desk(store, copies=2)
    await desk.it_is(0, **OPENED)

    made = await desk.reminding().remind(await desk.report(), timedelta(days=1), ReminderKind.UNANSWERED)

    assert made
    assert made.kind is ReminderKind.UNANSWERED


async def test_an_answer_ends_the_waiting_for_it(store: Store) -> None:
    desk = await a_desk(store, remind_unanswered_days=1)
    await desk.it_is(**OPENED, replied_at=after(hours=3))

    assert await desk.a_worker_looks(days=9) == []
    assert await desk.states() == {ReminderState.DROPPED}


async def test_where_each_has_a_copy_the_one_who_did_not_open_is_enough(store: Store) -> None:
    desk = await a_desk(store, copies=3, remind_unopened_days=1)
    await desk.it_is(0, **OPENED)
    await desk.it_is(1, replied_at=after(hours=1))

    assert outstanding(await desk.report(), ReminderKind.UNOPENED)[0][0] == desk.copies[2]
    assert await desk.a_worker_looks(days=1) == [AlertKind.NOT_OPENED]


async def test_set_by_hand_it_waits_from_now_on_and_for_what_is_missing(store: Store) -> None:
    desk = await a_desk(store)
    desk.now = after(hours=6)
    unopened = await desk.reminding().remind(await desk.report(), timedelta(hours=5))
    await desk.it_is(**OPENED)
    unanswered = await desk.reminding().remind(await desk.report(), timedelta(hours=5))

    assert unopened
    assert unanswered
    assert [unopened.kind, unanswered.kind] == [ReminderKind.UNOPENED, ReminderKind.UNANSWERED]
    assert unanswered.due_at == after(hours=11)
    assert await desk.a_worker_looks(hours=11) == [AlertKind.NOT_ANSWERED]


async def test_snoozed_it_is_told_again(store: Store) -> None:
    desk = await a_desk(store, remind_unopened_days=1)
    first = await desk.a_worker_looks(days=1)
    await desk.reminding().remind(await desk.report(), timedelta(days=2))

    assert first == [AlertKind.NOT_OPENED]
    assert await desk.a_worker_looks(days=2) == []
    assert await desk.a_worker_looks(days=3) == [AlertKind.NOT_OPENED]


async def test_there_is_nothing_to_be_reminded_of_what_is_closed(store: Store) -> None:
    desk = await a_desk(store)
    await desk.it_is(replied_at=after(hours=1))

    assert await desk.reminding().remind(await desk.report(), timedelta(days=1)) is None


async def test_more_reminders_than_one_look_takes_are_all_told(store: Store) -> None:
    desk = await a_desk(store, remind_unopened_days=1)
    for _ in range(150):
        message = a_sent_message(account_id=desk.account.id)
        await store.messages.begin(message, [a_sent_copy(message_id=message.id)])
        await store.messages.finish(message)

    desk.now = after(days=1)

    assert await desk.reminding().run_once() == 151


@pytest.mark.parametrize(
    ("begin", "span", "end"),
    [
        (NOON, timedelta(days=1), NOON + timedelta(days=1)),
        (FRIDAY, timedelta(days=1), FRIDAY + timedelta(days=3)),
        (FRIDAY, timedelta(days=2), FRIDAY + timedelta(days=3)),
        (FRIDAY, timedelta(days=3), FRIDAY + timedelta(days=3)),
        (FRIDAY, timedelta(hours=12), FRIDAY + timedelta(hours=12)),
    ],
)
def test_a_span_of_days_never_ends_on_a_weekend(begin: datetime, span: timedelta, end: datetime) -> None:
    assert moment_after(begin, span) == end


@pytest.mark.parametrize(("unsure", "told"), [((0,), False), ((1,), True), ((1, 0), False), ((2, 1), True)])
def test_nobody_can_tell_only_where_every_copy_was_loaded_by_somebody_hidden(
    unsure: tuple[int, ...], told: bool
) -> None:
    assert cannot_tell([(a_sent_copy(), replace(Summary(), unsure=number)) for number in unsure]) is told
