"""Gmail's news by Pub/Sub: that something happened in a mailbox is noted, and a worker looks there at once.

Push is a hint and nothing more. Whatever a push says, it can only cause a look
that polling would have made a little later, from our own mark.
"""

import asyncio
import base64
import json
import re
from dataclasses import dataclass

import structlog
from aiohttp import web

from tracker.clock import Clock, utc_now
from tracker.ports import Identities, TryLater
from tracker.watching import WatchBook
from tracker.web.addon.callers import Callers, Deployment, TurnedAway

log = structlog.get_logger()

PATH = "/gmail/push"
_PATIENCE_SECONDS = 8.0  # Pub/Sub waits for ten by default, then asks again
_MARK = re.compile(r"[0-9]{1,20}")  # an unsigned 64-bit number, as a number or as a text


@dataclass(frozen=True, slots=True)
class News:
    """Something happened in this mailbox, up to this mark."""

    email: str
    mark: int


def push_routes(
    watches: WatchBook, identities: Identities, account: str, public_url: str, clock: Clock = utc_now
) -> list[web.RouteDef]:
    """The address that a push subscription is given: PUBLIC_URL and PATH, which is also its audience."""
    return [web.post(PATH, Push(watches, identities, account, public_url, clock).answer)]


class Push:
    """Takes what Pub/Sub brings. What it should bring again is answered with 503, what can never be of use with 204."""

    def __init__(self, watches: WatchBook, identities: Identities, account: str, public_url: str, clock: Clock) -> None:
        self._callers = Callers(Deployment(account, "", public_url), identities)
        self._watches = watches
        self._clock = clock

    async def answer(self, request: web.Request) -> web.StreamResponse:
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                news = news_in(await self._callers.body_from_google(request, PATH))
                if news is None:
                    log.warning("push_not_understood")  # brought again, it would be no better
                elif not await self._watches.told(news.email, news.mark, self._clock()):
                    log.debug("push_of_no_news")
        except TurnedAway as turned_away:
            return web.Response(status=401 if turned_away.status == 403 else turned_away.status)
        except (TryLater, TimeoutError) as why:
            log.warning("push_not_taken_now", why=str(why))
            return web.Response(status=503)
        return web.Response(status=204)


def news_in(body: bytes) -> News | None:
    """What a wrapped Pub/Sub message from Gmail says; None where it says nothing of the kind."""
    try:
        said = json.loads(base64.b64decode(json.loads(body)["message"]["data"], altchars=b"-_"))
        email, mark = said["emailAddress"], str(said["historyId"])
    except (ValueError, TypeError, LookupError, RecursionError, AttributeError):
        return None
    if not isinstance(email, str) or not _MARK.fullmatch(mark):
        return None
    return News(email, int(mark))
