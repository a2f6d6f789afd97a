"""Renewing: tokens that run out are renewed while they are still good, by one of us at a time.

Slack takes each refresh token once, and the pair that it answers with exists nowhere else until it is written down.
So a turn is taken before Slack is asked; the answer is kept before it is used; being told to stop waits for both.
Whoever is killed in between has spent the token: the turn ends by itself, the next one asks with it once more, which
Slack may still take, and where it does not, the old token is good for another two hours in which to say so.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.ports import CardRefused, Failure, NobodyThere, NotAllowed, NotInstalled, NotReached
from tracker.clock import Clock, utc_now
from tracker.ports import TryLater
from tracker.workspaces import Installation, RenewalBook, Renewed

EARLY = timedelta(hours=2)  # of the twelve that a token is good for
_AT_THE_LATEST = timedelta(minutes=5)  # whoever needs one that ends sooner renews it there and then
_A_TURN = timedelta(seconds=60)  # longer than Slack's answer and the writing down of it together
_KEEP_AGAIN = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0)  # seconds between tries to write an answer down

# https://docs.slack.dev/reference/methods/oauth.v2.access: what no second try and no operator changes
_FINAL = {
    *("invalid_refresh_token", "invalid_grant", "token_revoked", "token_expired", "account_inactive"),
    *("authorization_not_found", "team_access_not_granted", "app_not_installed"),
}

Renew = Callable[[str], Awaitable[dict[str, Any]]]  # what Slack gives for a refresh token; fails as `bot.ports` says
Tell = Callable[[Installation], Awaitable[None]]  # whoever installed it; may fail as `bot.ports` says
Sleep = Callable[[float], Awaitable[None]]

log = structlog.get_logger()


class Renewing:
    """`tell` says to the installer that Slack renews no more. Without it, that is left to whoever has it."""

    def __init__(
        self,
        book: RenewalBook,
        renew: Renew,
        tell: Tell | None = None,
        clock: Clock = utc_now,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._book = book
        self._renew = renew
        self._tell = tell
        self._clock = clock
        self._sleep = sleep
        self._in_hand: dict[str, Renewed] = {}  # what could not be written down yet, by what it was given for

    async def run_once(self) -> None:
        """Renew what runs out within two hours; one that fails keeps no other waiting. Raises TryLater."""
        now = self._clock()
        for id in await self._book.due(now + EARLY, now):
            try:
                await self._renewed(id, EARLY)
            except (Failure, TryLater) as failed:
                log.warning("token_not_renewed", team=id, why=type(failed).__name__, detail=str(failed))

    async def token_of(self, installation: Installation) -> str:
        """A token that is good now. Raises NotInstalled, NotReached."""
        ends = installation.expires_at
        if ends is None or ends - self._clock() > _AT_THE_LATEST:
            return installation.bot_token
        renewed = None if installation.runs_out else await self._at_the_latest(installation)
        if renewed is None and ends <= self._clock():
            raise NotInstalled(installation.id) if installation.runs_out else NotReached("another renews the token")
        return renewed or installation.bot_token

    async def _at_the_latest(self, installation: Installation) -> str | None:
        """The new token, where it is our turn; a failure counts only once the old one is of no use."""
        try:
            return await self._renewed(installation.id, _AT_THE_LATEST)
        except (Failure, TryLater) as failed:
            if installation.expires_at and installation.expires_at > self._clock():
                return None
            raise NotReached(str(failed)) from failed

    async def _renewed(self, id: str, left: timedelta) -> str | None:
        now = self._clock()
        old = await self._book.take(id, now + left, now, now + _A_TURN)
        return await _to_the_end(self._exchanged(old)) if old else None

    async def _exchanged(self, old: Installation) -> str | None:
        spent = old.refresh_token or ""
        try:
            new = self._in_hand.get(spent) or renewed_in(await self._renew(spent), self._clock())
        except NotAllowed as refused:
            if str(refused) not in _FINAL:
                hint = "compare SLACK_CLIENT_ID and SLACK_CLIENT_SECRET with the app's pages at Slack"
                log.error("slack_renews_nothing", team=old.id, code=str(refused), hint=hint)
                raise
            await self._end(old, str(refused))
            return None
        self._in_hand[spent] = new
        kept = await self._kept(old, new)
        del self._in_hand[spent]
        if not kept:
            log.info("token_replaced_meanwhile", team=old.id)
            return None
        log.info("token_renewed", team=old.id, until=new.expires_at.isoformat())
        return new.bot_token

    async def _kept(self, old: Installation, new: Renewed) -> bool:
        """Write it down, whatever it takes: there is no other copy. Raises TryLater in the end."""
        for pause in _KEEP_AGAIN:
            try:
                return await self._book.renewed(old, new)
            except TryLater as away:
                log.warning("renewed_token_not_kept_yet", team=old.id, why=str(away), again_in_seconds=pause)
                await self._sleep(pause)
        return await self._book.renewed(old, new)

    async def _end(self, old: Installation, code: str) -> None:
        """Slack renews it no more. The installer is told first: noted before, a kill would leave nobody told."""
        if self._tell is None:
            return
        hint = "somebody there has to open PUBLIC_URL/slack/install again; alerts wait 3 days for it"
        log.error("workspace_not_renewed", team=old.id, code=code, until=str(old.expires_at), hint=hint)
        try:
            await self._tell(old)
        except (NotAllowed, NobodyThere, CardRefused) as lost:
            log.warning("installer_not_told", team=old.id, why=type(lost).__name__, detail=str(lost))
        await self._book.refused(old)


def renewed_in(answer: dict[str, Any], now: datetime) -> Renewed:
    """The new pair in Slack's answer. Raises NotReached for one that names none: it is asked again in a while."""
    token, again, lasts = (answer.get(name) for name in ("access_token", "refresh_token", "expires_in"))
    if not token or not again or not lasts or answer.get("token_type") != "bot":
        raise NotReached("an answer without tokens")
    return Renewed(str(token), str(again), now + timedelta(seconds=int(lasts)))


async def _to_the_end(work: Coroutine[Any, Any, str | None]) -> str | None:
    """Finish what was begun, also when we are told to stop meanwhile."""
    task = asyncio.create_task(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise
