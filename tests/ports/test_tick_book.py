"""What every TickBook promises."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from tests.makers import a_summary, after
from tests.ports.givens import Given, given_account, given_message, recorded
from tracker.model import Account, AccountState, Copy, MessageState, Profile
from tracker.ports import Store
from tracker.ticks import DueThread, Tick, TickLabels
from tracker.wishes import Preferences

NOW, LATER = after(60), after(600)


async def given_sent(store: Store, *threads: str, account: Account | None = None, **facts: Any) -> Given:
    """A message whose copies went out, each in a conversation."""
    given = await given_message(store, account, copies=len(threads), **facts)
    for copy, thread in zip(given.copies, threads, strict=True):
        await store.messages.arm(replace(copy, sent_at=after(), gmail_id=f"g-{copy.id}", thread_id=thread))
    return given


async def leased(store: Store, account: Account, limit: int = 10, now: Any = NOW) -> list[DueThread]:
    await store.ticks.waiting(now)
    return list(await store.ticks.lease(account.id, now, LATER, limit))


async def settled(store: Store, account: Account) -> None:
    """Gmail shows what is wanted."""
    for thread in await leased(store, account):
        await store.ticks.settle(thread, thread.wanted, NOW)


async def given_opens(store: Store, copy: Copy, opens: int = 1, clicks: int = 0) -> None:
    version = (await store.hits.histories([copy.id]))[copy.id].version
    await store.hits.record([recorded(copy, version=version, summary=a_summary(opens=opens, clicks=clicks))])


async def wanted(store: Store, account: Account) -> dict[str, Tick]:
    return {thread.thread_id: thread.wanted for thread in await leased(store, account)}


async def test_a_sent_mail_wants_one_tick_on_its_conversation(store: Store) -> None:
    given = await given_sent(store, "t1")

    assert await store.ticks.waiting(NOW) == [given.account.id]
    [thread] = await leased(store, given.account)
    assert (thread.thread_id, thread.shown, thread.wanted) == ("t1", Tick.NONE, Tick.SENT)


@pytest.mark.parametrize("profile", [Profile.SEND, Profile.STANDARD])
async def test_where_labels_may_not_be_moved_nothing_waits_until_they_may(store: Store, profile: Profile) -> None:
    account = await given_account(store, profile=profile)
    await given_sent(store, "t1", account=account)
    assert await store.ticks.waiting(NOW) == []

    await store.accounts.add(replace(account, profile=Profile.FULL), "a larger grant")

    assert await store.ticks.waiting(NOW) == [account.id]


async def test_the_first_open_wants_two_ticks(store: Store) -> None:
    given = await given_sent(store, "t1")
    await settled(store, given.account)

    await given_opens(store, given.copy)

    [thread] = await leased(store, given.account)
    assert (thread.shown, thread.wanted) == (Tick.SENT, Tick.OPENED)


async def test_a_click_is_an_open_too(store: Store) -> None:
    given = await given_sent(store, "t1")

    await given_opens(store, given.copy, opens=0, clicks=1)

    assert await wanted(store, given.account) == {"t1": Tick.OPENED}


async def test_what_machines_load_changes_no_tick(store: Store) -> None:
    given = await given_sent(store, "t1")
    await settled(store, given.account)

    await store.hits.record([recorded(given.copy, version=1, summary=a_summary(machines=2, unsure=3))])

    assert await store.ticks.waiting(NOW) == []


async def test_further_opens_make_nothing_due(store: Store) -> None:
    given = await given_sent(store, "t1")
    await given_opens(store, given.copy)
    await settled(store, given.account)

    await given_opens(store, given.copy, opens=2, clicks=1)

    assert await store.ticks.waiting(NOW) == []


async def test_an_only_open_that_is_taken_back_wants_one_tick_again(store: Store) -> None:
    given = await given_sent(store, "t1")
    await given_opens(store, given.copy)
    await settled(store, given.account)

    await given_opens(store, given.copy, opens=0)

    [thread] = await leased(store, given.account)
    assert (thread.shown, thread.wanted) == (Tick.OPENED, Tick.SENT)


async def test_a_conversation_is_opened_when_any_of_its_mails_is(store: Store) -> None:
    account = await given_account(store)
    first = await given_sent(store, "t1", account=account)
    await given_sent(store, "t1", account=account)

    await given_opens(store, first.copy)

    assert await wanted(store, account) == {"t1": Tick.OPENED}


async def test_copies_in_conversations_of_their_own_have_ticks_of_their_own(store: Store) -> None:
    given = await given_sent(store, "t1", "t2")

    await given_opens(store, given.copies[1])

    assert await wanted(store, given.account) == {"t1": Tick.SENT, "t2": Tick.OPENED}


async def test_two_mailboxes_may_name_conversations_alike(store: Store) -> None:
    mine, theirs = await given_sent(store, "t1"), await given_sent(store, "t1")

    await given_opens(store, theirs.copy)

    assert await wanted(store, mine.account) == {"t1": Tick.SENT}
    assert await wanted(store, theirs.account) == {"t1": Tick.OPENED}


async def test_a_mail_that_carries_no_pixel_wants_no_tick(store: Store) -> None:
    given = await given_sent(store, "t1")

    sent = replace(given.message, state=MessageState.SENT, sent_at=after(), untracked="It is signed.")
    await store.messages.finish(sent)

    assert await wanted(store, given.account) == {"t1": Tick.NONE}


async def test_a_mail_found_to_carry_no_pixel_later_loses_its_tick(store: Store) -> None:
    given = await given_sent(store, "t1")
    await settled(store, given.account)

    sent = replace(given.message, state=MessageState.SENT, sent_at=after(), untracked="It is signed.")
    await store.messages.finish(sent)

    [thread] = await leased(store, given.account)
    assert (thread.shown, thread.wanted) == (Tick.SENT, Tick.NONE)


async def test_a_stopped_message_keeps_what_it_had(store: Store) -> None:
    given = await given_sent(store, "t1")
    await given_opens(store, given.copy)
    await settled(store, given.account)

    await store.messages.stop(given.message.id, NOW)

    assert await store.ticks.waiting(NOW) == []


async def test_a_leased_conversation_is_leased_by_one(store: Store) -> None:
    given = await given_sent(store, "t1")
    await store.ticks.waiting(NOW)

    taken = await asyncio.gather(*(store.ticks.lease(given.account.id, NOW, LATER, 10) for _ in range(4)))

    assert sorted(len(some) for some in taken) == [0, 0, 0, 1]


async def test_a_lease_that_nobody_settled_is_given_anew(store: Store) -> None:
    given = await given_sent(store, "t1")
    await leased(store, given.account)

    assert await store.ticks.waiting(after(599)) == []
    assert len(await leased(store, given.account, now=LATER)) == 1


async def test_who_lost_the_lease_settles_nothing(store: Store) -> None:
    given = await given_sent(store, "t1")
    [lost] = await leased(store, given.account)
    await leased(store, given.account, now=LATER)

    await store.ticks.settle(lost, Tick.SENT, LATER)

    [thread] = await leased(store, given.account, now=after(601))
    assert thread.shown is Tick.NONE


async def test_what_changes_while_it_is_leased_is_seen_to_after_it(store: Store) -> None:
    given = await given_sent(store, "t1")
    [thread] = await leased(store, given.account)
    await given_opens(store, given.copy)

    meanwhile = await leased(store, given.account)
    await store.ticks.settle(thread, Tick.SENT, NOW)

    assert meanwhile == []
    [again] = await leased(store, given.account)
    assert (again.shown, again.wanted) == (Tick.SENT, Tick.OPENED)


async def test_no_more_are_leased_than_wanted(store: Store) -> None:
    given = await given_sent(store, "t1", "t2", "t3")

    assert len(await leased(store, given.account, limit=2)) == 2


async def test_what_changes_now_goes_before_what_waits_already(store: Store) -> None:
    given = await given_sent(store, "t1", "t2", "t3")
    await store.ticks.waiting(NOW)
    await given_opens(store, given.copies[1])

    [first] = await leased(store, given.account, limit=1, now=after(61))

    assert first.thread_id == "t2"


async def test_a_paused_mailbox_waits_with_what_changes_meanwhile(store: Store) -> None:
    account = await given_account(store)
    first = await given_sent(store, "t1", "t2", account=account)
    [thread] = await leased(store, account, limit=1)

    await store.ticks.pause(account.id, thread.lease, after(90))
    await given_sent(store, "t3", account=account)
    await given_opens(store, first.copy)

    assert await store.ticks.waiting(after(89)) == []
    assert len(await leased(store, account, now=after(90))) == 3


async def test_a_pause_leaves_the_leases_of_others(store: Store) -> None:
    given = await given_sent(store, "t1", "t2")
    [mine] = await leased(store, given.account, limit=1)
    [theirs] = await leased(store, given.account, limit=1)

    await store.ticks.pause(given.account.id, mine.lease, after(90))

    assert [thread.thread_id for thread in await leased(store, given.account, now=after(90))] == [mine.thread_id]
    assert theirs.thread_id != mine.thread_id


async def test_failures_are_counted_until_it_goes_well(store: Store) -> None:
    account = await given_account(store)
    for _ in range(2):
        await store.ticks.pause(account.id, None, after(90))
    before = await store.ticks.labels(account.id)

    await store.ticks.went_well(account.id)

    assert before.failures == 2
    assert (await store.ticks.labels(account.id)).failures == 0


async def test_a_label_is_the_one_that_was_noted_first(store: Store) -> None:
    account = await given_account(store)
    await store.ticks.made(account.id, Tick.SENT, "Label_1")

    labels = await store.ticks.made(account.id, Tick.SENT, "Label_2")

    assert labels == await store.ticks.labels(account.id) == TickLabels(account.id, {Tick.SENT: "Label_1"})
    assert labels.missing == (Tick.OPENED,)


async def test_a_deleted_label_is_not_missing(store: Store) -> None:
    account = await given_account(store)
    await store.ticks.made(account.id, Tick.SENT, "Label_1")

    labels = await store.ticks.deleted(account.id, Tick.SENT, "Label_1")

    assert labels.deleted == {Tick.SENT}
    assert labels.missing == (Tick.OPENED,)


async def test_a_label_that_is_another_by_now_is_not_deleted(store: Store) -> None:
    account = await given_account(store)
    await store.ticks.made(account.id, Tick.SENT, "Label_2")

    assert (await store.ticks.deleted(account.id, Tick.SENT, "Label_1")).ids == {Tick.SENT: "Label_2"}


async def test_switched_off_nothing_is_due_now_nor_later(store: Store) -> None:
    given = await given_sent(store, "t1", "t2")
    await leased(store, given.account, limit=1)

    await store.preferences.keep(Preferences(given.account.id, ticks=False))
    await given_opens(store, given.copy)

    assert await store.ticks.waiting(after(days=1)) == []


async def test_switched_on_again_it_catches_up(store: Store) -> None:
    given = await given_sent(store, "t1", "t2")
    await settled(store, given.account)
    await store.preferences.keep(Preferences(given.account.id, ticks=False))
    await given_opens(store, given.copy)
    await store.ticks.waiting(NOW)

    await store.preferences.keep(Preferences(given.account.id, ticks=True))

    moves = {thread.thread_id: (thread.shown, thread.wanted) for thread in await leased(store, given.account)}
    assert moves == {"t1": (Tick.SENT, Tick.OPENED), "t2": (Tick.SENT, Tick.SENT)}


async def test_other_preferences_make_nothing_due(store: Store) -> None:
    given = await given_sent(store, "t1")
    await settled(store, given.account)

    await store.preferences.keep(Preferences(given.account.id, track=True))

    assert await store.ticks.waiting(NOW) == []


async def test_switched_on_again_deleted_labels_are_made_anew_for_all_conversations(store: Store) -> None:
    given = await given_sent(store, "t1")
    await settled(store, given.account)
    await store.ticks.made(given.account.id, Tick.SENT, "Label_1")
    await store.ticks.deleted(given.account.id, Tick.SENT, "Label_1")
    for on in (False, True):
        await store.preferences.keep(Preferences(given.account.id, ticks=on))

    [thread] = await leased(store, given.account)

    assert thread.shown is Tick.NONE
    assert (await store.ticks.labels(given.account.id)).missing == (Tick.SENT, Tick.OPENED)


async def test_refused_nothing_is_due_until_the_account_is_connected_anew(store: Store) -> None:
    given = await given_sent(store, "t1")
    await leased(store, given.account)
    await store.ticks.refuse(given.account.id)
    await given_opens(store, given.copy)

    meanwhile = await store.ticks.waiting(after(days=1))
    refused = (await store.ticks.labels(given.account.id)).refused
    await store.accounts.add(given.account, "another grant")

    assert (meanwhile, refused) == ([], True)
    assert await wanted(store, given.account) == {"t1": Tick.OPENED}
    assert not (await store.ticks.labels(given.account.id)).refused


async def test_connected_anew_labels_stay_what_they_were(store: Store) -> None:
    account = await given_account(store)
    await store.ticks.made(account.id, Tick.SENT, "Label_1")
    await store.ticks.made(account.id, Tick.OPENED, "Label_2")
    labels = await store.ticks.deleted(account.id, Tick.OPENED, "Label_2")

    await store.accounts.add(account, "another grant")

    assert await store.ticks.labels(account.id) == labels


async def test_an_account_to_be_reconnected_is_left_alone(store: Store) -> None:
    given = await given_sent(store, "t1")

    await store.accounts.set_state(given.account.id, AccountState.RECONNECT, None)

    assert await store.ticks.waiting(NOW) == []


async def test_ticks_go_with_their_account(store: Store) -> None:
    given = await given_sent(store, "t1")
    [thread] = await leased(store, given.account)
    await store.ticks.made(given.account.id, Tick.SENT, "Label_1")

    assert await store.accounts.remove(given.account.email)
    await store.ticks.settle(thread, Tick.SENT, NOW)
    await store.ticks.refuse(given.account.id)

    assert await store.ticks.labels(given.account.id) == TickLabels(given.account.id)
    assert await store.ticks.waiting(after(days=1)) == []


async def test_a_conversation_is_forgotten_with_its_mails(store: Store) -> None:
    given = await given_sent(store, "t1")
    await leased(store, given.account)

    await store.messages.forget(after(days=1))

    assert await store.ticks.waiting(after(days=1)) == []
