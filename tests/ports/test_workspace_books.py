"""What every InstallationBook and every HeardBook promise."""

from datetime import timedelta

import pytest

from tests.makers import NOON, after, an_installation
from tests.ports.givens import given_account, given_alert, given_message
from tests.tracker.store.raw import raw_rows
from tracker.ports import Store
from tracker.store.opening import open_store

ACME = "T0ACME"


async def test_an_unknown_workspace_has_no_installation(store: Store) -> None:
    assert await store.installations.of(ACME) is None


async def test_what_was_installed_is_found_with_all_its_facts(store: Store) -> None:
    kept = an_installation(team_id=ACME, refresh_token="xoxe-1", expires_at=after(hours=12), scopes=("chat:write",))
    await store.installations.keep(kept)
    await store.installations.keep(an_installation())

    assert await store.installations.of(ACME) == kept


async def test_a_new_installation_takes_the_place_of_the_old(store: Store) -> None:
    await store.installations.keep(an_installation(team_id=ACME, bot_token="xoxb-old"))

    await store.installations.keep(an_installation(team_id=ACME, bot_token="xoxb-new"))

    found = await store.installations.of(ACME)
    assert found
    assert found.bot_token == "xoxb-new"
    assert len(await store.installations.all()) == 1


async def test_an_organisations_installation_is_for_the_workspaces_seen_in_it(store: Store) -> None:
    org = an_installation(team_id="", enterprise_id="E1")
    await store.installations.keep(org)
    await store.installations.seen(ACME, "E1")
    await store.installations.seen("T0OTHER", "E2")

    assert await store.installations.of(ACME) == org
    assert await store.installations.of("T0OTHER") is None
    assert await store.installations.of("T0UNSEEN") is None


async def test_a_workspaces_own_installation_comes_before_its_organisations(store: Store) -> None:
    own = an_installation(team_id=ACME, enterprise_id="E1")
    await store.installations.keep(an_installation(team_id="", enterprise_id="E1"))
    await store.installations.seen(ACME, "E1")

    await store.installations.keep(own)

    assert await store.installations.of(ACME) == own


async def test_a_workspace_that_only_belongs_to_an_organisation_lends_it_no_token(store: Store) -> None:
    await store.installations.keep(an_installation(team_id="T0SISTER", enterprise_id="E1"))
    await store.installations.seen(ACME, "E1")

    assert await store.installations.of(ACME) is None


async def test_who_has_no_workspace_is_in_the_only_one_there_is(store: Store) -> None:
    only = an_installation()
    await store.installations.keep(only)

    assert await store.installations.of("") == only


async def test_who_has_no_workspace_is_in_none_of_two(store: Store) -> None:
    await store.installations.keep(an_installation())
    await store.installations.keep(an_installation())

    assert await store.installations.of("") is None


async def test_what_is_forgotten_is_gone_and_the_rest_stays(store: Store) -> None:
    other = an_installation()
    await store.installations.keep(an_installation(team_id=ACME))
    await store.installations.keep(other)

    assert await store.installations.forget(ACME, after(seconds=1))

    assert await store.installations.all() == (other,)
    assert not await store.installations.forget(ACME, after(seconds=1))


async def test_news_of_an_old_end_do_not_end_a_new_installation(store: Store) -> None:
    await store.installations.keep(an_installation(team_id=ACME, installed_at=after(minutes=5)))

    assert not await store.installations.forget(ACME, after(minutes=4))

    assert await store.installations.of(ACME)


async def test_an_end_is_told_in_whole_seconds(store: Store) -> None:
    await store.installations.keep(an_installation(team_id=ACME, installed_at=after(seconds=0.9)))

    assert await store.installations.forget(ACME, NOON)


@pytest.mark.parametrize(("revoked", "gone"), [({"U0BOT"}, True), ({"U0ANOTHER"}, False), (set(), False)])
async def test_a_revoked_token_ends_the_installation_whose_bot_it_was(
    store: Store, revoked: set[str], gone: bool
) -> None:
    await store.installations.keep(an_installation(team_id=ACME, bot_user="U0BOT"))

    assert await store.installations.forget(ACME, after(seconds=1), frozenset(revoked)) is gone


async def test_tokens_are_not_readable_in_the_rows(store: Store, database_url: str) -> None:
    await store.installations.keep(an_installation(bot_token="xoxb-secret", refresh_token="xoxe-secret"))

    assert "secret" not in str(await raw_rows(database_url, "SELECT * FROM installation"))


async def test_a_token_cannot_be_moved_to_another_row(store: Store, database_url: str) -> None:
    await store.installations.keep(an_installation(team_id=ACME))
    await store.installations.keep(an_installation(team_id="T0THIEF"))
    move = "UPDATE installation SET bot_token = (SELECT bot_token FROM installation WHERE id = 'T0ACME')"

    await raw_rows(database_url, f"{move} WHERE id = 'T0THIEF'")

    assert await store.installations.of("T0THIEF") is None
    assert await store.installations.of(ACME)


async def test_without_the_key_there_is_no_installation(store: Store, database_url: str) -> None:
    await store.installations.keep(an_installation(team_id=ACME))

    async with await open_store(database_url, [bytes(32)]) as other:
        assert await other.installations.of(ACME) is None
        assert await other.installations.all() == ()


async def test_alerts_that_were_put_off_are_due_once_their_workspace_installs(store: Store) -> None:
    here = await given_message(store, await given_account(store, slack_team=ACME))
    there = await given_message(store, await given_account(store, slack_team="T0OTHER"))
    alerts = [await given_alert(store, one) for one in (here, there)]
    for leased in await store.alerts.lease(NOON, after(minutes=1), 10):
        await store.alerts.defer(leased, after(hours=1), reached=False)

    await store.installations.keep(an_installation(team_id=ACME))

    due = await store.alerts.lease(after(minutes=1), after(minutes=2), 10)
    assert [leased.alerts[0].id for leased in due] == [alerts[0].id]


async def test_alerts_of_an_organisations_workspaces_are_due_once_it_installs(store: Store) -> None:
    given = await given_message(store, await given_account(store, slack_team=ACME))
    await given_alert(store, given)
    await store.installations.seen(ACME, "E1")
    [leased] = await store.alerts.lease(NOON, after(minutes=1), 10)
    await store.alerts.defer(leased, after(hours=1), reached=False)

    await store.installations.keep(an_installation(team_id="", enterprise_id="E1"))

    assert len(await store.alerts.lease(after(minutes=1), after(minutes=2), 10)) == 1


async def test_an_alert_that_is_being_said_is_not_given_to_another(store: Store) -> None:
    await given_alert(store, await given_message(store, await given_account(store, slack_team=ACME)))
    await store.alerts.lease(NOON, after(minutes=1), 10)

    await store.installations.keep(an_installation(team_id=ACME))

    assert await store.alerts.lease(after(seconds=1), after(minutes=2), 10) == []


async def test_accounts_stay_when_their_workspace_goes(store: Store) -> None:
    account = await given_account(store, slack_team=ACME)
    await store.installations.keep(an_installation(team_id=ACME))

    await store.installations.forget(ACME, after(seconds=1))

    assert await store.accounts.by_id(account.id)


async def test_an_installation_under_way_can_be_taken_once(store: Store) -> None:
    await store.installations.begin("name", after(minutes=10))

    assert [await store.installations.take("name", after(minutes=1)) for _ in range(2)] == [True, False]


async def test_an_installation_that_took_too_long_cannot_be_taken(store: Store) -> None:
    await store.installations.begin("name", after(minutes=10))

    assert not await store.installations.take("name", after(minutes=10))


async def test_what_was_never_under_way_cannot_be_taken(store: Store) -> None:
    await store.installations.begin("name", after(minutes=10))

    assert not await store.installations.take("another", NOON)
    assert await store.installations.take("name", NOON)


async def test_installations_that_nobody_finished_are_tidied_away(store: Store, database_url: str) -> None:
    await store.installations.begin("left", after(minutes=10))

    await store.installations.take("another", after(minutes=11))

    assert await raw_rows(database_url, "SELECT id FROM install_state") == []


async def test_what_is_heard_is_new_once(store: Store) -> None:
    assert [await store.heard.first("Ev1", NOON) for _ in range(3)] == [True, False, False]
    assert await store.heard.first("Ev2", NOON)


async def test_what_was_heard_by_another_process_is_not_new(store: Store, database_url: str) -> None:
    await store.heard.first("Ev1", NOON)

    async with await open_store(database_url, [bytes(range(32))]) as other:
        assert not await other.heard.first("Ev1", NOON)


async def test_what_was_heard_long_ago_is_forgotten(store: Store) -> None:
    await store.heard.first("old", NOON)
    await store.heard.first("young", NOON + timedelta(hours=1))

    assert await store.heard.forget(after(minutes=30)) == 1

    assert await store.heard.first("old", NOON)
    assert not await store.heard.first("young", NOON)
