"""What every AccountBook promises."""

from dataclasses import replace

import pytest

from tests.makers import a_sent_copy, after, an_account, an_alert
from tests.ports.givens import given_account, given_alert, given_message, judged_hit, recorded
from tracker.model import AccountState, AlertKind, Post, Profile
from tracker.ports import NotAuthorized, Store


async def test_an_added_account_is_found_by_its_address_whatever_the_case(store: Store) -> None:
    account = await store.accounts.add(an_account(email="Ada@Example.com"), "token")

    assert await store.accounts.by_email("aDA@example.COM") == account


async def test_an_added_account_is_found_by_its_id(store: Store) -> None:
    account = await given_account(store)

    assert await store.accounts.by_id(account.id) == account


async def test_an_unknown_address_finds_nothing(store: Store) -> None:
    await given_account(store)

    assert await store.accounts.by_email("nobody@example.com") is None


async def test_all_accounts_are_listed(store: Store) -> None:
    accounts = {await given_account(store), await given_account(store)}

    assert set(await store.accounts.all()) == accounts


async def test_the_grant_comes_back_in_clear(store: Store) -> None:
    account = await store.accounts.add(an_account(), "1//secret-grant")

    assert await store.accounts.refresh_token(account.id) == "1//secret-grant"


async def test_the_grant_of_an_unknown_account_is_not_authorized(store: Store) -> None:
    with pytest.raises(NotAuthorized):
        await store.accounts.refresh_token("no-such-account")


async def test_adding_an_address_again_keeps_its_id(store: Store) -> None:
    first = await store.accounts.add(an_account(email="ada@example.com"), "old")

    again = await store.accounts.add(an_account(email="ADA@example.com"), "new")

    assert again.id == first.id


async def test_adding_an_address_again_replaces_grant_slack_user_and_state(store: Store) -> None:
    first = await store.accounts.add(an_account(email="ada@example.com", state=AccountState.RECONNECT), "old")

    await store.accounts.add(an_account(email="ada@example.com", slack_user="U2", slack_team="T2"), "new")

    known = await store.accounts.by_id(first.id)
    assert known == replace(first, slack_user="U2", slack_team="T2", state=AccountState.CONNECTED)
    assert await store.accounts.refresh_token(first.id) == "new"


async def test_a_slack_user_has_the_accounts_of_their_team_and_those_without_a_team(store: Store) -> None:
    theirs = await given_account(store, slack_user="U1", slack_team="T1")
    of_any_team = await given_account(store, slack_user="U1")
    await given_account(store, slack_user="U1", slack_team="T2")
    await given_account(store, slack_user="U2", slack_team="T1")

    assert set(await store.accounts.of_slack_user("T1", "U1")) == {theirs, of_any_team}


async def test_a_changed_state_stays_changed(store: Store) -> None:
    account = await given_account(store)

    await store.accounts.set_state(account.id, AccountState.RECONNECT, None)

    assert await store.accounts.by_id(account.id) == replace(account, state=AccountState.RECONNECT)


async def test_the_alert_about_a_state_is_put_into_the_outbox(store: Store) -> None:
    account = await given_account(store)
    alert = an_alert(account_id=account.id, message_id=None, kind=AlertKind.RECONNECT)

    await store.accounts.set_state(account.id, AccountState.RECONNECT, alert)

    [leased] = await store.alerts.lease(after(), after(60), 10)
    assert leased.alerts == (alert,)


async def test_a_state_that_is_so_already_says_nothing(store: Store) -> None:
    account = await given_account(store, state=AccountState.RECONNECT)
    alert = an_alert(account_id=account.id, message_id=None, kind=AlertKind.RECONNECT)

    await store.accounts.set_state(account.id, AccountState.RECONNECT, alert)

    assert not await store.alerts.lease(after(), after(60), 10)


async def test_an_alert_about_a_removed_account_is_dropped(store: Store) -> None:
    account = an_account()
    alert = an_alert(account_id=account.id, message_id=None, kind=AlertKind.RECONNECT)

    await store.accounts.set_state(account.id, AccountState.RECONNECT, alert)

    assert not await store.alerts.lease(after(), after(60), 10)


async def test_removing_an_account_says_whether_there_was_one(store: Store) -> None:
    account = await given_account(store)

    assert await store.accounts.remove(account.email.upper())
    assert not await store.accounts.remove(account.email)


async def test_nothing_about_a_removed_account_is_left(store: Store) -> None:
    given = await given_message(store)
    judged = judged_hit(given.copy)
    await store.hits.record([recorded(given.copy, judged)])
    await given_alert(store, given)
    [leased] = await store.alerts.lease(after(), after(60), 10)
    await store.alerts.settle(leased, after(), Post(leased.topic, "D1", "1.1"))

    await store.accounts.remove(given.account.email)

    left = [
        await store.accounts.by_id(given.account.id),
        await store.messages.get(given.message.id),
        *await store.messages.copies(given.message.id),
        *await store.hits.timeline(given.copy.id),
        *await store.hits.seen([judged.hit.id]),
        await store.alerts.post_of(leased.topic),
    ]
    assert [fact for fact in left if fact] == []


async def test_removing_an_account_leaves_the_others_alone(store: Store) -> None:
    removed, other = await given_message(store), await given_message(store)
    await store.messages.arm(a_sent_copy(id=other.copy.id, message_id=other.message.id))

    await store.accounts.remove(removed.account.email)

    assert await store.messages.report(other.message.id)


async def test_what_was_granted_is_kept(store: Store) -> None:
    account = await given_account(store, profile=Profile.STANDARD, delegated=True)

    known = await store.accounts.by_id(account.id)

    assert known
    assert (known.profile, known.delegated) == (Profile.STANDARD, True)


async def test_adding_an_address_again_replaces_what_was_granted(store: Store) -> None:
    account = await given_account(store, profile=Profile.STANDARD)

    await store.accounts.add(replace(account, profile=Profile.FULL), "new")

    known = await store.accounts.by_id(account.id)
    assert known
    assert known.profile is Profile.FULL


async def test_adding_an_address_again_without_a_slack_user_leaves_it_to_its_owner(store: Store) -> None:
    account = await given_account(store, slack_user="U1", slack_team="T1")

    again = await store.accounts.add(replace(account, slack_user="", slack_team=""), "new")

    assert (again.slack_team, again.slack_user) == ("T1", "U1")


async def test_an_account_that_nobody_owns_is_linked_once(store: Store) -> None:
    account = await given_account(store, slack_user="")

    linked = [await store.accounts.link(account.id, "T1", user) for user in ("U1", "U2")]

    assert linked == [True, False]
    assert list(await store.accounts.of_slack_user("T1", "U1")) == [replace(account, slack_team="T1", slack_user="U1")]


async def test_accounts_that_nobody_owns_are_not_each_others(store: Store) -> None:
    await given_account(store, slack_user="")

    assert list(await store.accounts.of_slack_user("", "")) == []


async def test_an_account_that_is_gone_is_linked_to_nobody(store: Store) -> None:
    assert not await store.accounts.link("gone", "T1", "U1")
