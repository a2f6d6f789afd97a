"""What the worker does, beside the web process, for as long as it runs."""

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from functools import partial
from itertools import chain
from typing import Any

import structlog

from bot.checking import check_token
from bot.members import Members
from bot.quiet import Quiet
from bot.relay import Relay
from bot.renewal_door import renewing_of
from bot.renewing import Renewing
from bot.saying import Saying
from bot.shared import Shared
from bot.slack import SlackDoor, granted_scopes, open_slack
from bot.teams import Teams, open_teams
from bot.telling import only_team
from bot.zones import KnownZones
from tracker.chores import again_and_again
from tracker.clock import utc_now
from tracker.digesting import Digesting
from tracker.ports import AccountBook, Store
from tracker.reporting import Reporting
from tracker.settings import Settings

_HEARD_FOR = timedelta(hours=25)  # Slack tells an event again for a day, where the app asks for it
_TIDYING_PAUSE = timedelta(hours=1)
_DIGESTS_PAUSE = timedelta(seconds=20)
_WHAT_TO_DO = (
    "set SLACK_BOT_TOKEN and SLACK_SIGNING_SECRET (README.md tells of other ways), then start the worker again;"
    " until then alerts wait in the database"
)

_OWNERS_PAUSE = timedelta(seconds=10)
_RENEWALS_PAUSE = timedelta(seconds=30)
_SHARED_PAUSE = timedelta(seconds=2)

log = structlog.get_logger()


async def work(settings: Settings, store: Store, stop: asyncio.Event) -> None:
    """Say what is due until told to stop; without Slack, say once that there is none, and wait.

    It does not end without Slack: whoever runs our processes together ends all when one ends.
    """
    if not settings.slack_ready:
        log.warning("slack_not_configured", what_to_do=_WHAT_TO_DO)
        await stop.wait()
        return
    renewing = renewing_of(settings, store, tells=True)
    async with _opened_slack(settings, store, renewing) as slack:
        log.info("relay_started", slack=settings.slack_api_url)
        tell = Reporting(store.messages, store.hits).story
        team_of = TeamOf(store.accounts) if settings.many_workspaces else only_team
        zones, members = KnownZones(slack), Members(store.accounts, slack)
        digesting = Digesting(store.noise, store.accounts, store.messages, zones.zone_of, utc_now)
        quiet = Quiet(store.noise, store.alerts, store.accounts, store.messages, zones, digesting)
        saying = Saying(
            store.accounts,
            tell,
            store.orders.get,
            store.following.answers,
            connect_by_command=settings.google_ready,
            crowd_of=quiet.crowd,
            mute=True,
        )
        relay = Relay(store.alerts, saying, slack, team_of=team_of, quiet=quiet, owned=members.know)
        shared = Shared(store.shares, tell, slack)
        ours = _beside(settings, store, digesting, members), _in_slack(settings, shared, renewing)
        chores = [asyncio.create_task(chore) for chore in chain(*ours)]
        try:
            await relay.run(stop)
        finally:
            for chore in chores:
                chore.cancel()
            await asyncio.gather(*chores, return_exceptions=True)
    log.info("relay_stopped")


class TeamOf:
    """The workspace of an account."""

    def __init__(self, accounts: AccountBook) -> None:
        self._accounts = accounts

    async def __call__(self, account_id: str) -> str:
        account = await self._accounts.by_id(account_id)
        return account.slack_team if account else ""


def _opened_slack(
    settings: Settings, store: Store, renewing: Renewing
) -> AbstractAsyncContextManager[Teams | SlackDoor]:
    if settings.many_workspaces:
        return open_teams(store.installations, settings.slack_api_url, renewing.token_of)
    return open_slack(settings.slack_bot_token.reveal(), settings.slack_api_url)


def _beside(
    settings: Settings, store: Store, digesting: Digesting, members: Members
) -> Iterator[Coroutine[Any, Any, None]]:
    """What is done while the relay speaks."""
    yield again_and_again("looking for owners", members.run_once, _OWNERS_PAUSE)
    yield again_and_again("forgetting what was heard", partial(_forget_heard, store), _TIDYING_PAUSE)
    yield again_and_again("putting digests", digesting.run_once, _DIGESTS_PAUSE)
    if not settings.many_workspaces:
        scopes = partial(granted_scopes, settings.slack_bot_token.reveal(), settings.slack_api_url)
        yield check_token(scopes)


def _in_slack(settings: Settings, shared: Shared, renewing: Renewing) -> Iterator[Coroutine[Any, Any, None]]:
    """What is done in Slack beside it."""
    yield again_and_again("drawing what is shared", shared.run_once, _SHARED_PAUSE)
    if settings.many_workspaces:
        yield again_and_again("renewing tokens", renewing.run_once, _RENEWALS_PAUSE)


async def _forget_heard(store: Store) -> None:
    await store.heard.forget(utc_now() - _HEARD_FOR)
