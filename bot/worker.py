"""What the worker does, beside the web process, for as long as it runs."""

import asyncio
from datetime import timedelta, tzinfo

import structlog

from bot.quiet import Quiet
from bot.relay import Relay
from bot.saying import Saying
from bot.slack import open_slack
from bot.zones import KnownZones
from tracker.chores import again_and_again
from tracker.clock import utc_now
from tracker.digesting import Digesting
from tracker.model import Account
from tracker.ports import Store
from tracker.reporting import Reporting
from tracker.settings import Settings

_WHAT_TO_DO = (
    "set SLACK_BOT_TOKEN and SLACK_SIGNING_SECRET, then start the worker again; until then alerts wait in the database"
)

_DIGESTS_PAUSE = timedelta(seconds=20)

log = structlog.get_logger()


async def work(settings: Settings, store: Store, stop: asyncio.Event) -> None:
    """Say what is due until told to stop; without Slack, say once that there is none, and wait.

    It does not end without Slack: whoever runs our processes together ends all when one ends.
    """
    if not settings.slack_ready:
        log.warning("slack_not_configured", what_to_do=_WHAT_TO_DO)
        await stop.wait()
        return
    async with open_slack(settings.slack_bot_token.reveal(), settings.slack_api_url) as slack:
        log.info("relay_started", slack=settings.slack_api_url)
        tell = Reporting(store.messages, store.hits).story
        saying = Saying(
            store.accounts, tell, store.orders.get, store.following.answers, connect_by_command=settings.google_ready
        )
        zones = KnownZones(slack)
        digesting = digesting_of(store, zones)
        quiet = Quiet(store.noise, store.alerts, store.accounts, store.messages, zones, digesting)
        digests = asyncio.create_task(again_and_again("putting digests", digesting.run_once, _DIGESTS_PAUSE))
        try:
            await Relay(store.alerts, saying, slack, quiet=quiet).run(stop)
        finally:
            digests.cancel()
    log.info("relay_stopped")


def digesting_of(store: Store, zones: KnownZones) -> Digesting:
    async def zone_of(account: Account) -> tzinfo:
        return (await zones.of(account.slack_user)).zone

    return Digesting(store.noise, store.accounts, store.messages, zone_of, utc_now)
