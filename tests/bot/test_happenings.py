"""What ends an installation, what does not, and what is heard of organisations."""

from typing import Any

import pytest

from bot.happenings import Endings, happening_in, only_workspace_left
from bot.hearing import Hearing
from tests.bot.books import HandClock, SmallHeard, SmallInstallations
from tests.makers import NOON, after, an_installation
from tracker.ports import Store


def told(event: dict[str, Any], seconds: float = 60, **more: Any) -> dict[str, Any]:
    at = int(after(seconds=seconds).timestamp())
    return {"type": "event_callback", "team_id": "T0ACME", "event_id": "Ev1", "event_time": at, "event": event, **more}


async def end(store: Store, body: dict[str, Any]) -> None:
    happening = happening_in(body)
    assert happening
    await Endings(store.installations).table[happening.kind](happening)


def revoked(bots: list[str], users: list[str]) -> dict[str, Any]:
    return {"type": "tokens_revoked", "tokens": {"bot": bots, "oauth": users}}


@pytest.mark.parametrize(
    ("event", "gone"),
    [
        ({"type": "app_uninstalled"}, True),
        (revoked(["U0BOT"], []), True),
        (revoked(["U0BOT"], ["U1"]), True),
        (revoked([], ["U1", "U2"]), False),
        (revoked(["U0ANOTHER"], []), False),
        ({"type": "tokens_revoked"}, False),
    ],
)
async def test_an_installation_ends_with_its_bots_token(store: Store, event: dict[str, Any], gone: bool) -> None:
    await store.installations.keep(an_installation(team_id="T0ACME", bot_user="U0BOT"))
    other = an_installation()
    await store.installations.keep(other)

    await end(store, told(event))

    assert (await store.installations.of("T0ACME") is None) is gone
    assert await store.installations.of(other.team_id) == other


async def test_a_late_word_of_an_old_end_leaves_the_new_installation(store: Store) -> None:
    await store.installations.keep(an_installation(team_id="T0ACME", installed_at=after(minutes=5)))

    await end(store, told({"type": "app_uninstalled"}, seconds=60))

    assert await store.installations.of("T0ACME")


async def test_an_organisation_that_leaves_takes_its_own_installation_along(store: Store) -> None:
    own = an_installation(team_id="T0ACME", enterprise_id="E1")
    await store.installations.keep(an_installation(team_id="", enterprise_id="E1"))
    await store.installations.keep(own)
    everywhere = {"enterprise_id": "E1", "authorizations": [{"is_enterprise_install": True}]}

    await end(store, told({"type": "app_uninstalled"}, **everywhere))

    assert await store.installations.all() == (own,)


async def test_it_is_said_in_the_log_once_however_often_slack_tells(
    store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    await store.installations.keep(an_installation(team_id="T0ACME", bot_user="U0BOT"))

    for event in (revoked(["U0BOT"], []), {"type": "app_uninstalled"}, {"type": "app_uninstalled"}):
        await end(store, told(event))

    assert capsys.readouterr().out.count("workspace_left") == 1


async def test_with_one_workspace_the_operator_is_told_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    happening = happening_in(told({"type": "app_uninstalled"}))
    assert happening

    await only_workspace_left(happening)

    assert "SLACK_BOT_TOKEN" in capsys.readouterr().out


@pytest.mark.parametrize("body", [{}, {"type": "event_callback"}, {"type": "block_actions", "event": {}}])
def test_what_is_no_event_is_none(body: dict[str, Any]) -> None:
    assert happening_in(body) is None


def test_a_happening_knows_when_and_by_whom() -> None:
    happening = happening_in(told({"type": "app_home_opened", "user": "U1"}, seconds=0))

    assert happening
    assert (happening.at, happening.user, happening.id) == (NOON, "U1", "Ev1")


COMMAND = {"is_enterprise_install": "true", "team_id": "T0ACME", "enterprise_id": "E1", "trigger_id": "1"}
PRESS = {"is_enterprise_install": True, "team": {"id": "T0ACME"}, "enterprise": {"id": "E1"}, "trigger_id": "1"}
NO_TEAM = {**PRESS, "team": None, "user": {"id": "U1", "team_id": "T0ACME"}}


@pytest.mark.parametrize("body", [COMMAND, PRESS, NO_TEAM])
async def test_a_workspace_is_known_by_its_organisation_once_it_spoke(store: Store, body: dict[str, Any]) -> None:
    everywhere = an_installation(team_id="", enterprise_id="E1")
    await store.installations.keep(everywhere)

    await Hearing(store.heard, store.installations, HandClock()).is_news(body)

    assert await store.installations.of("T0ACME") == everywhere


async def test_a_workspace_that_installed_us_itself_is_noted_under_no_organisation(store: Store) -> None:
    await store.installations.keep(an_installation(team_id="", enterprise_id="E1"))

    await Hearing(store.heard, store.installations, HandClock()).is_news({**COMMAND, "is_enterprise_install": "false"})

    assert await store.installations.of("T0ACME") is None


async def test_what_has_no_name_is_always_news() -> None:
    hearing = Hearing(SmallHeard(), SmallInstallations(), HandClock())

    assert [await hearing.is_news({"command": "/opens"}) for _ in range(2)] == [True, True]


async def test_no_trigger_stands_readable_in_the_book() -> None:
    heard = SmallHeard()

    await Hearing(heard, SmallInstallations(), HandClock()).is_news({"trigger_id": "123.456.abc"})

    assert "123.456" not in str(heard.names)
