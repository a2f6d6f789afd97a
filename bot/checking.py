"""Whether the operator's token does what we need, asked beside everything else: nobody waits for it."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from bot.pacing import retry_delay
from bot.ports import NoAnswer, NotAllowed, NotReached, TooFast
from tracker.slack_app import SLACK_SCOPES

Scopes = Callable[[], Awaitable[frozenset[str]]]
Sleep = Callable[[float], Awaitable[None]]

log = structlog.get_logger()


async def check_token(scopes: Scopes, sleep: Sleep = asyncio.sleep) -> None:
    """Say in the log what is wrong with SLACK_BOT_TOKEN; asked again until Slack answers, and then no more."""
    tries = 0
    while True:
        tries += 1
        try:
            _tell(await scopes())
            return
        except NotAllowed as refused:
            hint = (
                "copy the Bot User OAuth Token (xoxb-…) from OAuth & Permissions at api.slack.com/apps"
                " to SLACK_BOT_TOKEN, and start again; alerts wait meanwhile"
            )
            log.error("slack_token_refused", code=str(refused), hint=hint)
            return
        except TooFast as later:
            await sleep(later.seconds)
        except (NotReached, NoAnswer):
            await sleep(retry_delay(tries).total_seconds())


def _tell(granted: frozenset[str]) -> None:
    missing = sorted(set(SLACK_SCOPES) - granted)
    if missing and granted:  # without the header that tells them, nothing is known of them
        hint = (
            "add them under OAuth & Permissions at api.slack.com/apps, install the app again,"
            " and set SLACK_BOT_TOKEN to the token shown then"
        )
        log.error("slack_scopes_missing", missing=missing, hint=hint)
    else:
        log.info("slack_token_good")
