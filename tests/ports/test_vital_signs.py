"""Vital signs, on every database."""

from tests.makers import a_summary, after
from tests.ports.givens import given_account, given_alert, given_message, recorded
from tests.ports.test_order_book import an_order
from tests.ports.test_pages import given_out
from tracker.following import Followed
from tracker.model import AccountState, Profile
from tracker.ports import Store
from tracker.vitals import Backlog, Load, Tally


async def test_the_last_beat_counts(store: Store) -> None:
    await store.vitals.beat("worker", after(1))
    await store.vitals.beat("worker", after(2))

    assert await store.vitals.beats() == {"worker": after(2)}


async def test_what_is_due_waits_and_what_is_not_does_not(store: Store) -> None:
    given = await given_message(store)
    await given_alert(store, given, due_at=after(5))
    await given_alert(store, given, due_at=after(3))
    await given_alert(store, given, due_at=after(hours=9))

    assert await store.vitals.backlog(after(10), after()) == Backlog(2, after(3))


async def test_what_was_buried_lately_is_counted_by_reason(store: Store) -> None:
    given = await given_message(store)
    await given_alert(store, given)
    [leased] = await store.alerts.lease(after(), after(60), 10)
    await store.alerts.bury(leased, after(1), "nobody there")

    assert (await store.vitals.backlog(after(10), after())).buried == (("nobody there", 1),)
    assert (await store.vitals.backlog(after(10), after(2))).buried == ()


async def test_of_others_alerts_nothing_is_counted(store: Store) -> None:
    given, stranger = await given_message(store), await given_account(store)
    await given_alert(store, given)

    assert await store.vitals.backlog(after(10), after(), [stranger.id]) == Backlog()
    assert (await store.vitals.backlog(after(10), after(), [given.account.id])).waiting == 1


async def test_everybody_of_the_workspace_is_counted_over_their_mailboxes(store: Store) -> None:
    one = await given_account(store, slack_user="U1", slack_team="T1")
    await given_account(store, slack_user="U1", slack_team="T1")
    await given_account(store, slack_user="U2", slack_team="T1")
    await given_account(store, slack_user="U3", slack_team="T2")
    opened, _, _ = [await given_out(store, one, created_at=after(n)) for n in range(3)]
    await store.hits.record([recorded(opened.copy, summary=a_summary(opens=4))])
    await store.hits.note_reply(opened.copy.id, after(9))

    assert list(await store.vitals.tallies("T1", after(1))) == [Tally("U1", 2, 2, 0, 0), Tally("U2", 1, 0, 0, 0)]
    assert (await store.vitals.tallies("T1", after(0)))[0] == Tally("U1", 2, 3, 1, 1)


async def test_nobodys_mailbox_asks_for_nothing(store: Store) -> None:
    assert await store.vitals.load(after(10)) == Load({"connected": 0, "reconnect": 0})


async def test_orders_wait_and_are_overdue_once_their_time_has_come(store: Store) -> None:
    account = await given_account(store)
    for seconds in (3, 5, 600):
        await store.orders.put(an_order(account, not_before=after(seconds)))

    load = await store.vitals.load(after(10))

    assert (load.orders, load.overdue, load.overdue_since) == (3, 2, after(3))


async def test_an_order_that_is_being_sent_waits_since_its_own_time(store: Store) -> None:
    await store.orders.put(an_order(await given_account(store), not_before=after(3)))
    await store.orders.lease(after(5), after(900), 10)

    load = await store.vitals.load(after(10))

    assert (load.orders, load.overdue, load.overdue_since) == (1, 1, after(3))


async def test_the_mailbox_that_waits_longest_for_a_look_counts_among_those_that_may_be_looked_into(
    store: Store,
) -> None:
    late, soon, never, mute, gone = [
        await given_account(store, profile=profile)
        for profile in (Profile.FULL, None, Profile.STANDARD, Profile.SEND, None)
    ]
    for account, at in ((late, after(4)), (soon, after(8)), (mute, after(1)), (gone, after(2))):
        await store.following.keep(account.id, Followed(), Followed("7", at))
    await store.accounts.set_state(gone.id, AccountState.RECONNECT, None)

    load = await store.vitals.load(after(10))

    assert (load.synced, load.never_synced) == (after(4), 1)
    assert never.state is AccountState.CONNECTED
    assert load.accounts == {"connected": 4, "reconnect": 1}
