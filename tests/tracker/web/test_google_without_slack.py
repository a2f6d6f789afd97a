"""Connecting without Slack: by our page, for the operator's domains; and by a link of the add-on, for one mailbox."""

import re
from collections.abc import AsyncIterator

import pytest

from tests.makers import an_account
from tests.standins.gmail_caller import SENDER
from tests.tracker.web.test_google import SLACK, Browser, Seen, Town, a_town, sqlite_store
from tracker.model import Account, Profile
from tracker.ports import Store

__all__ = ["sqlite_store"]
PAGE = "/google/connect"
OTHER = "mara@studio.example"


@pytest.fixture
async def town(sqlite_store: Store) -> AsyncIterator[Town]:
    """Where mailboxes of the sender's domain may be connected by our page."""
    async with a_town(sqlite_store, domains=("sender.example",)) as town:
        yield town


def _ticket(seen: Seen) -> str:
    return re.findall(r'name="t" value="([^"]+)"', seen.text)[0]


async def _pressed(browser: Browser, ticket: str = "") -> Seen:
    ticket = ticket or _ticket(await browser.sees(PAGE))
    return await browser.sees(PAGE, "POST", data={"t": ticket})


async def _came(town: Town, browser: Browser, email: str = SENDER) -> Seen:
    return await browser.sees(town.gmail.consent(email, (await _pressed(browser)).leads_to))


async def _the_account(town: Town) -> Account:
    [account] = await town.store.accounts.all()
    return account


async def test_a_mailbox_of_the_domain_is_connected_and_belongs_to_nobody_in_slack_yet(town: Town) -> None:
    seen = await _came(town, town.browser())

    account = await _the_account(town)
    assert seen.status == 200
    assert "looks for the Slack member with this address" in seen.text
    assert (account.email, account.slack_user, account.profile) == (SENDER, "", Profile.STANDARD)


async def test_the_button_leads_on_by_a_get(town: Town) -> None:
    assert (await _pressed(town.browser())).status == 303


async def test_a_mailbox_of_another_domain_is_refused_and_its_grant_ends(town: Town) -> None:
    town.gmail.add_mailbox(OTHER)
    town.gmail.revoke(OTHER)

    seen = await _came(town, town.browser(), OTHER)

    assert "only mailboxes of sender.example" in seen.text
    assert await town.store.accounts.all() == []
    assert town.gmail.grants.refresh_tokens == {}


async def test_a_domain_that_only_ends_alike_is_another(sqlite_store: Store) -> None:
    async with a_town(sqlite_store, domains=("ender.example", "example")) as town:
        assert "cannot be connected here" in (await _came(town, town.browser())).text


async def test_the_button_of_another_browser_is_nothing_here(town: Town) -> None:
    ticket = _ticket(await town.browser().sees(PAGE))
    mine = town.browser()
    await mine.sees(PAGE)

    seen = await _pressed(mine, ticket)

    assert seen.status == 400
    assert "Location" not in seen.headers


async def test_a_form_of_another_page_carries_no_mark_of_ours(town: Town) -> None:
    ticket = _ticket(await town.browser().sees(PAGE))

    assert (await _pressed(town.browser(), ticket)).status == 400


@pytest.mark.parametrize("ticket", ["x", "A" * 9000, "%00"])
async def test_a_ticket_that_is_none_leads_nowhere(town: Town, ticket: str) -> None:
    browser = town.browser()
    await browser.sees(PAGE)

    assert (await _pressed(browser, ticket)).status == 400


async def test_a_link_from_slack_is_no_ticket_for_another_browser(town: Town) -> None:
    link = town.invited()
    await town.browser().sees(link)
    browser = town.browser()
    await browser.sees(PAGE)

    assert (await _pressed(browser, link.partition("?t=")[2])).status == 400


async def test_without_domains_the_page_says_how_to_get_a_link(sqlite_store: Store) -> None:
    async with a_town(sqlite_store) as town:
        seen = await town.browser().sees(PAGE)

    assert seen.status == 200
    assert "/opens connect" in seen.text
    assert "<form" not in seen.text


async def test_without_domains_there_is_nothing_to_press(sqlite_store: Store) -> None:
    async with a_town(sqlite_store, domains=("sender.example",)) as before:
        browser = before.browser()
        ticket = _ticket(await browser.sees(PAGE))
    async with a_town(sqlite_store) as town:
        now = town.browser()
        now.cookie = browser.cookie

        assert (await _pressed(now, ticket)).status == 400


async def test_an_owner_in_slack_keeps_the_mailbox_that_is_connected_again_by_the_page(town: Town) -> None:
    await town.connected(town.browser())

    seen = await _came(town, town.browser())

    account = await _the_account(town)
    assert (account.slack_team, account.slack_user) == SLACK
    assert seen.status == 200


async def test_a_member_of_slack_takes_over_the_mailbox_that_was_connected_by_the_page(town: Town) -> None:
    await _came(town, town.browser())

    await town.connected(town.browser())

    account = await _the_account(town)
    assert (account.slack_team, account.slack_user) == SLACK


async def test_a_link_of_the_add_on_connects_its_mailbox(town: Town) -> None:
    seen = await town.connected(town.browser(), town.connecting.invitation_to(SENDER))

    assert seen.status == 200
    assert (await _the_account(town)).slack_user == ""


async def test_a_link_of_the_add_on_offers_its_mailbox_first(town: Town) -> None:
    left = await town.browser().sees(town.connecting.invitation_to(SENDER))

    assert "login_hint=sam%40sender.example" in left.leads_to


async def test_a_link_of_the_add_on_connects_no_other_mailbox(town: Town) -> None:
    seen = await town.connected(town.browser(), town.connecting.invitation_to(OTHER))

    assert f"connects {OTHER} and no other" in seen.text
    assert await town.store.accounts.all() == []
    assert town.gmail.grants.refresh_tokens == {}


async def test_a_mailbox_chosen_by_mistake_keeps_the_grant_that_it_had(town: Town) -> None:
    grant = town.gmail.add_mailbox(SENDER)
    await town.store.accounts.add(an_account(email=SENDER), grant)

    await town.connected(town.browser(), town.connecting.invitation_to(OTHER))

    assert grant in town.gmail.grants.refresh_tokens
