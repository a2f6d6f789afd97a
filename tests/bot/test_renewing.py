"""Tokens that run out are renewed by one of us, kept before they are used, and missed in words when they are not."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from bot.ports import NotInstalled, NotReached
from bot.renewal_door import renewing_of
from bot.renewing import Renewing
from bot.slack import renewed
from bot.teams import Teams
from tests.bot.books import HandClock
from tests.makers import an_installation
from tests.standins.slack import SlackStandin
from tests.standins.slack_faults import Dropped, Says, ServerError
from tests.standins.slack_words import words_of
from tracker.ports import Store, TryLater
from tracker.settings import Settings, load_settings
from tracker.store.opening import open_store
from tracker.workspaces import Installation, RenewalBook, Renewed

ACME, INSTALLER = "T0ACME", "U0ADMIN"


@pytest.fixture
def settings(slack: SlackStandin, tmp_path: Path) -> Settings:
    environ = {
        "SLACK_CLIENT_ID": slack.installs.client_id,
        "SLACK_CLIENT_SECRET": slack.installs.client_secret,
        "SLACK_SIGNING_SECRET": slack.signing_secret,
        "SLACK_API_URL": slack.own_url + "api/",
        "PUBLIC_URL": "https://track.example",
    }
    return load_settings(environ, tmp_path)


@dataclass
class Desk:
    """A workspace whose tokens rotate, and two processes that may renew them: the worker tells, the web does not."""

    slack: SlackStandin
    store: Store
    clock: HandClock
    settings: Settings
    worker: Renewing
    web: Renewing

    async def kept(self) -> Installation:
        kept = await self.store.installations.of(ACME)
        assert kept
        return kept

    async def works(self) -> bool:
        """Whether the token that is kept opens the workspace."""
        teams = Teams(self.store.installations, self.settings.slack_api_url, token_of=self.web.token_of)
        return bool((await (await teams.client_of(ACME)).auth_test())["team_id"] == ACME)

    def told(self) -> list[str]:
        return [words_of(message) for message in self.slack.others[ACME].shown(INSTALLER)]


@pytest.fixture
async def desk(slack: SlackStandin, settings: Settings, store: Store, clock: HandClock) -> Desk:
    workspace = slack.add_workspace(ACME, "Acme")
    workspace.add_user(INSTALLER, "admin", "", "UTC")
    slack.installs.rotating.on = True
    slack.installs.clock = slack.installs.rotating.clock = clock
    pair = slack.installs.rotating.pair(workspace, "chat:write")
    tokens = {"bot_token": pair["access_token"], "refresh_token": pair["refresh_token"]}
    ends = clock() + slack.installs.rotating.lasts
    facts = {"installed_by": INSTALLER, "installed_at": clock(), "expires_at": ends, **tokens}
    await store.installations.keep(an_installation(team_id=ACME, name="Acme", **facts))
    return Desk(
        *(slack, store, clock, settings),
        worker=renewing_of(settings, store, clock, tells=True),
        web=renewing_of(settings, store, clock),
    )


async def test_a_token_is_renewed_two_hours_before_it_ends_and_not_before(desk: Desk) -> None:
    first = await desk.kept()
    desk.clock.forward(hours=9.9)
    await desk.worker.run_once()
    early = await desk.kept()
    desk.clock.forward(hours=0.2)
    await desk.worker.run_once()

    renewed = await desk.kept()
    assert early == first
    assert renewed.bot_token != first.bot_token
    assert renewed.expires_at == desk.clock() + desk.slack.installs.rotating.lasts
    assert await desk.works()


async def test_for_days_it_goes_on(desk: Desk) -> None:
    for _ in range(5):
        desk.clock.forward(hours=10.5)
        await desk.worker.run_once()

        assert await desk.works()
    assert desk.slack.installs.rotating.exchanges == 5


async def test_of_many_processes_one_spends_the_refresh_token(desk: Desk, database_url: str) -> None:
    desk.clock.forward(hours=10.5)
    async with await open_store(database_url, [bytes(range(32))]) as other:
        another = renewing_of(desk.settings, other, desk.clock, tells=True)
        await asyncio.gather(*(one.run_once() for one in [desk.worker, another, desk.web] * 3))

    assert desk.slack.installs.rotating.exchanges == 1
    assert await desk.works()
    assert desk.told() == []


async def test_with_no_worker_whoever_needs_it_renews_it_at_the_last_moment(desk: Desk) -> None:
    desk.clock.forward(hours=12.5)

    assert await desk.works()
    assert desk.slack.installs.rotating.exchanges == 1


async def test_one_that_is_good_for_an_hour_is_used_as_it_is(desk: Desk) -> None:
    desk.clock.forward(hours=11)

    assert await desk.works()
    assert desk.slack.installs.rotating.exchanges == 0


async def test_who_comes_while_another_renews_uses_the_old_one_for_as_long_as_it_is_good(desk: Desk) -> None:
    old = await desk.kept()
    desk.clock.forward(hours=12, seconds=-30)
    now = desk.clock()
    await desk.store.renewals.take(ACME, now + timedelta(hours=1), now, now + timedelta(minutes=1))

    assert await desk.web.token_of(old) == old.bot_token

    desk.clock.forward(seconds=30)
    with pytest.raises(NotReached):
        await desk.web.token_of(old)


@pytest.mark.parametrize("fault", [ServerError(503), Says("internal_error"), Dropped(acting=False)])
async def test_a_slack_that_does_not_answer_is_asked_again_in_a_minute(desk: Desk, fault: object) -> None:
    desk.clock.forward(hours=10.5)
    desk.slack.faults.next("oauth.v2.access", fault)  # type: ignore[arg-type]
    await desk.worker.run_once()
    before = desk.slack.installs.rotating.exchanges
    desk.clock.forward(seconds=61)
    await desk.worker.run_once()

    assert (before, desk.slack.installs.rotating.exchanges) == (0, 1)
    assert desk.told() == []


async def test_an_answer_that_was_lost_is_asked_for_again_where_slack_lets_us(desk: Desk) -> None:
    desk.slack.installs.rotating.lenient = True
    desk.clock.forward(hours=10.5)
    desk.slack.faults.next("oauth.v2.access", Dropped(acting=True))
    await desk.worker.run_once()
    desk.clock.forward(seconds=61)
    await desk.worker.run_once()

    assert desk.told() == []
    desk.clock.forward(hours=2)
    assert await desk.works()


async def test_where_slack_does_not_the_installer_is_told_once_while_the_old_token_is_good(desk: Desk) -> None:
    desk.clock.forward(hours=10.5)
    desk.slack.faults.next("oauth.v2.access", Dropped(acting=True))
    for _ in range(4):
        await desk.worker.run_once()
        desk.clock.forward(seconds=61)

    [words] = desk.told()
    assert "about to fall silent in Acme" in words
    assert "https://track.example/slack/install" in str(desk.slack.others[ACME].shown(INSTALLER)[0])
    assert (await desk.kept()).runs_out
    assert await desk.works()


async def test_revoked_and_run_out_the_workspace_counts_as_not_installed(desk: Desk) -> None:
    desk.slack.installs.rotating.revoke(desk.slack.others[ACME])
    desk.clock.forward(hours=10.5)
    await desk.worker.run_once()
    desk.clock.forward(hours=2)

    with pytest.raises(NotInstalled, match=ACME):
        await desk.works()


async def test_killed_between_telling_and_noting_it_tells_once(desk: Desk) -> None:
    desk.slack.installs.rotating.revoke(desk.slack.others[ACME])
    desk.clock.forward(hours=10.5)
    old = await desk.kept()
    await desk.worker.run_once()
    await desk.store.installations.keep(old)  # as it stands after a kill before the note

    await desk.worker.run_once()

    assert len(desk.told()) == 1


async def test_a_wrong_client_secret_ends_nothing(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    desk.slack.installs.client_secret = "changed"
    desk.clock.forward(hours=10.5)

    await desk.worker.run_once()

    assert not (await desk.kept()).runs_out
    assert desk.told() == []
    assert "SLACK_CLIENT_SECRET" in capsys.readouterr().out


async def test_tokens_are_written_in_no_log(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    desk.clock.forward(hours=10.5)
    await desk.worker.run_once()
    desk.slack.installs.rotating.revoke(desk.slack.others[ACME])
    desk.clock.forward(hours=10.5)
    await desk.worker.run_once()

    assert "xox" not in capsys.readouterr().out


class Away:
    """A book whose database is away while new tokens are to be written down, `times` times."""

    def __init__(self, book: RenewalBook, times: int) -> None:
        self._book, self._times = book, times
        self.due, self.take, self.refused = book.due, book.take, book.refused

    async def renewed(self, old: Installation, new: Renewed) -> bool:
        if self._times:
            self._times -= 1
            raise TryLater("away")
        return await self._book.renewed(old, new)


@pytest.mark.parametrize("times", [3, 7])
async def test_a_database_that_is_away_loses_no_new_token(desk: Desk, times: int) -> None:
    client = desk.settings.slack_client_id, desk.settings.slack_client_secret.reveal()
    worker = Renewing(
        Away(desk.store.renewals, times),
        lambda again: renewed(client, again, desk.settings.slack_api_url),
        clock=desk.clock,
        sleep=desk.clock.sleep,
    )
    desk.clock.forward(hours=10.5)
    await worker.run_once()
    desk.clock.forward(seconds=61)
    await worker.run_once()

    assert desk.slack.installs.rotating.exchanges == 1
    desk.clock.forward(hours=2)
    assert await desk.works()


async def test_who_is_told_to_stop_meanwhile_writes_it_down_first(desk: Desk) -> None:
    asked, answers = asyncio.Event(), asyncio.Event()
    client = desk.settings.slack_client_id, desk.settings.slack_client_secret.reveal()

    async def slowly(again: str) -> dict[str, object]:
        answer = await renewed(client, again, desk.settings.slack_api_url)
        asked.set()
        await answers.wait()
        return answer

    desk.clock.forward(hours=10.5)
    old = await desk.kept()
    working = asyncio.create_task(Renewing(desk.store.renewals, slowly, clock=desk.clock).run_once())
    await asked.wait()
    working.cancel()
    await asyncio.sleep(0)
    answers.set()
    with pytest.raises(asyncio.CancelledError):
        await working

    assert (await desk.kept()).bot_token != old.bot_token
    assert await desk.works()
