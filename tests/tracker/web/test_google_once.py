"""A link to connect a mailbox is good once, for whom it was made; and nobody loses by connecting again."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from tests.makers import an_account
from tests.standins.gmail_caller import SENDER
from tests.tracker.web.test_google import GMAIL, REVOKE, Town, a_town, sqlite_store
from tracker.model import Account, AccountState, Profile
from tracker.ports import Store

__all__ = ["sqlite_store"]
OTHER = "mara@studio.example"


@pytest.fixture
async def town(sqlite_store: Store) -> AsyncIterator[Town]:
    async with a_town(sqlite_store) as town:
        yield town


async def _account(town: Town) -> Account:
    account = await town.store.accounts.by_email(SENDER)
    assert account
    return account


async def test_a_link_that_another_browser_followed_leads_nowhere(town: Town) -> None:
    link = town.invited()
    await town.browser().sees(link)

    second = await town.browser().sees(link)

    assert second.status == 400
    assert "used already" in second.text
    assert "/opens connect" in second.text


async def test_of_two_browsers_that_follow_a_link_at_once_one_goes_on(town: Town) -> None:
    link = town.invited()

    seen = await asyncio.gather(*(town.browser().sees(link) for _ in range(5)))

    assert sorted(one.status for one in seen) == [302, 400, 400, 400, 400]


async def test_a_link_that_was_followed_at_one_web_process_leads_nowhere_at_another(
    town: Town, sqlite_store: Store
) -> None:
    link = town.invited()
    await town.browser().sees(link)

    async with a_town(sqlite_store) as other:
        assert "used already" in (await other.browser().sees(link)).text


async def test_a_browser_that_went_back_may_follow_its_link_again(town: Town) -> None:
    browser, link = town.browser(), town.invited()
    await browser.sees(link)

    assert (await browser.sees(link)).status == 302


async def test_a_link_that_connected_a_mailbox_connects_no_second_one(town: Town) -> None:
    browser, link = town.browser(), town.invited()
    town.gmail.add_mailbox(OTHER)
    first, second = [(await browser.sees(link)).leads_to for _ in range(2)]
    await browser.sees(town.gmail.consent(SENDER, first))

    refused = await browser.sees(town.gmail.consent(OTHER, second))
    again = await browser.sees(link)

    assert [account.email for account in await town.store.accounts.all()] == [SENDER]
    assert "used already" in refused.text
    assert "used already" in again.text


async def test_an_owner_who_declined_may_change_their_mind_in_the_same_browser(town: Town) -> None:
    browser, link = town.browser(), town.invited()
    await town.connected(browser, link, deny=True)

    assert (await town.connected(browser, link)).status == 200


async def test_what_was_granted_is_noted(town: Town) -> None:
    await town.connected(town.browser(), town.invited(Profile.FULL))

    account = await _account(town)
    assert (account.profile, account.may_follow, account.may_label) == (Profile.FULL, True, True)


async def test_somebody_who_asks_for_more_gets_it_and_loses_nothing(town: Town) -> None:
    await town.connected(town.browser())
    before = await _account(town)

    await town.connected(town.browser(), town.invited(Profile.FULL))

    account = await _account(town)
    [*_, grant] = town.gmail.grants.refresh_tokens.values()
    assert account == replace(before, profile=Profile.FULL)
    assert {GMAIL + "compose", GMAIL + "readonly", GMAIL + "modify"} <= set(grant.scopes)


async def test_somebody_who_asks_for_less_keeps_what_they_had(town: Town) -> None:
    await town.connected(town.browser(), town.invited(Profile.FULL))

    await town.connected(town.browser(), town.invited(Profile.SEND))

    assert (await _account(town)).profile is Profile.FULL


async def test_a_grant_that_is_less_than_there_was_changes_nothing_and_says_so(town: Town) -> None:
    kept = await town.store.accounts.add(
        an_account(email=SENDER, slack_user="U1", profile=Profile.FULL), "a grant to more"
    )

    seen = await town.connected(town.browser(), town.invited(Profile.SEND))

    assert "nothing was changed" in seen.text
    assert "/opens disconnect" in seen.text
    assert await town.store.accounts.refresh_token(kept.id) == "a grant to more"
    assert REVOKE not in [called for called, _ in town.gmail.calls]


async def test_less_than_there_was_is_better_than_a_grant_that_is_over(town: Town) -> None:
    lost = an_account(email=SENDER, slack_user="U1", profile=Profile.FULL, state=AccountState.RECONNECT)
    await town.store.accounts.add(lost, "a grant that is over")

    seen = await town.connected(town.browser(), town.invited(Profile.SEND))

    account = await _account(town)
    assert (account.profile, account.state) == (Profile.SEND, AccountState.CONNECTED)
    assert "read nothing" in seen.text


async def test_an_owners_consent_takes_the_place_of_the_service_account(town: Town) -> None:
    delegated = an_account(email=SENDER, slack_user="U1", profile=Profile.FULL, delegated=True)
    await town.store.accounts.add(delegated, "")

    await town.connected(town.browser())

    account = await _account(town)
    assert (account.delegated, account.profile) == (False, Profile.STANDARD)


async def test_a_mailbox_that_a_service_account_acts_for_is_forgotten_without_asking_google(town: Town) -> None:
    account = await town.store.accounts.add(an_account(email=SENDER, delegated=True), "")

    assert await town.connecting.disconnect(account)
    assert await town.store.accounts.all() == []
    assert REVOKE not in [called for called, _ in town.gmail.calls]
