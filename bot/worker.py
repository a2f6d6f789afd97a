"""What the worker does, beside the web process, for as long as it runs."""

import asyncio
from datetime import timedelta

import structlog

from bot.members import Members
from bot.relay import Relay
from bot.saying import Saying
from bot.slack import open_slack
from tracker.chores import again_and_again
from tracker.ports import Store
from tracker.reporting import Reporting
from tracker.settings import Settings

_WHAT_TO_DO = (
    "set SLACK_BOT_TOKEN and SLACK_SIGNING_SECRET, then start the worker again; until then alerts wait in the database"
)

_OWNERS_PAUSE = timedelta(seconds=10)

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
        members = Members(store.accounts, slack)
        relay = Relay(store.alerts, saying, slack, owned=members.know)
        looking = asyncio.create_task(again_and_again("looking for owners", members.run_once, _OWNERS_PAUSE))
        try:
            await relay.run(stop)
        finally:
            looking.cancel()
            await asyncio.gather(looking, return_exceptions=True)
    log.info("relay_stopped")
