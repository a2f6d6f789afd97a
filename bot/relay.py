"""The relay: outbox to Slack. Each alert is said once, whatever dies in between.

A lease says whose turn it is, metadata on the message says what was said: a try
that may have reached Slack is looked up there before anything is said again.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar

import structlog

from bot.blocks import Card
from bot.charts import with_pictures
from bot.pacing import Pace, retry_delay
from bot.ports import (
    CardGone,
    CardRefused,
    NoAnswer,
    NobodyThere,
    NotAllowed,
    NotInstalled,
    NotReached,
    Slack,
    TooFast,
)
from bot.saying import Saying, ToSay
from tracker.clock import Clock, utc_now
from tracker.model import LeasedAlerts, Post
from tracker.ports import AlertFeed

LEASE = timedelta(seconds=45)  # also how long after a kill the news waits
_A_CALL = timedelta(seconds=15)  # longer than a call may take: none that posts may outlive the lease
_SOON = timedelta(seconds=3)  # a turn further off is not waited for: others may speak meanwhile
_DOUBT = timedelta(seconds=3)  # a call that was cut off may still be under way inside Slack
_OPERATOR_PAUSE = timedelta(seconds=60)
_OWNER_PAUSE = timedelta(seconds=15)  # Slack itself is asked more rarely
_INSTALLER_PAUSE = timedelta(minutes=5)  # installing ends it at once
KEPT_FOR_INSTALLER = timedelta(days=3)  # a weekend; older news would only pour over whoever comes back
_AT_ONCE = 10
_IDLE_SECONDS = 0.5
_ERROR_SECONDS = 5.0
_LOOK_BACK = timedelta(hours=1)
_HINT = "check SLACK_BOT_TOKEN and the app's scopes; or install it again in that workspace, by PUBLIC_URL/slack/install"

log = structlog.get_logger()

_Said = TypeVar("_Said")

Sleep = Callable[[float], Awaitable[None]]
Owned = Callable[[str], Awaitable[bool]]
TeamOf = Callable[[str], Awaitable[str]]


async def only_team(account_id: str) -> str:
    """For a relay that speaks in one workspace."""
    return ""


class Relay:
    def __init__(
        self,
        feed: AlertFeed,
        saying: Saying,
        slack: Slack,
        clock: Clock = utc_now,
        sleep: Sleep = asyncio.sleep,
        team_of: TeamOf = only_team,
        owned: Owned | None = None,
    ) -> None:
        self._feed = feed
        self._saying = saying
        self._slack = slack
        self._clock = clock
        self._sleep = sleep
        self._owned = owned  # finds owners in Slack for mailboxes connected outside of it
        self._pace = Pace()
        self._team_of = team_of
        self._not_installed: set[str] = set()  # workspaces that the log has been told of

    async def run(self, stop: asyncio.Event) -> None:
        """Say what is due until told to stop; what is being said is finished first."""
        while not stop.is_set():
            try:
                if not await self.turn():
                    await _first(self._feed.wait(_IDLE_SECONDS), stop.wait())
            except Exception:
                # The process's door: a database that is away must not end the relay. Leases run out by themselves.
                log.exception("relay_failed")
                await _first(asyncio.sleep(_ERROR_SECONDS), stop.wait())

    async def turn(self) -> int:
        """Take what is due and say it; the number of topics taken."""
        now = self._clock()
        taken = await self._feed.lease(now, now + LEASE, _AT_ONCE)
        outcomes = await asyncio.gather(*(self._handle(leased) for leased in taken), return_exceptions=True)
        for leased, failure in zip(taken, outcomes, strict=True):
            if failure is not None:
                # Its lease runs out, and the next try looks in Slack first.
                log.error("alert_failed", topic=leased.topic, exc_info=failure)
        return len(taken)

    async def _handle(self, leased: LeasedAlerts) -> None:
        """Say one topic, and write down what came of it."""
        try:
            await self._say(leased)
        except TooFast as pause:
            await self._later(leased, timedelta(seconds=pause.seconds), pause, reached=False)
        except NotReached as lost:
            await self._later(leased, retry_delay(leased.tries), lost, reached=False)
        except NoAnswer as lost:
            await self._later(leased, max(_DOUBT, retry_delay(leased.tries)), lost, reached=True)
        except NotInstalled as gone:
            await self._without_workspace(leased, gone)
        except NotAllowed as refused:
            log.error("slack_refuses_us", code=str(refused), hint=_HINT)
            await self._later(leased, _OPERATOR_PAUSE, refused, reached=False)
        except (NobodyThere, CardRefused) as never:
            log.error("alert_buried", topic=leased.topic, reason=str(never))
            await self._feed.bury(leased, self._clock(), str(never))

    async def _without_workspace(self, leased: LeasedAlerts, gone: NotInstalled) -> None:
        """Wait for the workspace to install us again, but not for ever; said once, or the log would be full of it."""
        team, now = str(gone), self._clock()
        if team not in self._not_installed:
            self._not_installed.add(team)
            hint = "alerts wait 3 days for somebody there to open PUBLIC_URL/slack/install"
            log.error("workspace_without_installation", team=team, hint=hint)
        if now - min(alert.due_at for alert in leased.alerts) > KEPT_FOR_INSTALLER:
            reason = f"the Slack workspace {team or 'of this account'} had no installation of Twotick for 3 days"
            log.error("alert_buried", topic=leased.topic, reason=reason)
            await self._feed.bury(leased, now, reason)
        else:
            await self._feed.defer(leased, now + _INSTALLER_PAUSE, reached=False)

    async def _later(self, leased: LeasedAlerts, delay: timedelta, why: Exception, *, reached: bool) -> None:
        # `reached` is about this try alone: doubts that earlier tries left are kept by the feed.
        log.warning("alert_deferred", topic=leased.topic, why=type(why).__name__, detail=str(why), tries=leased.tries)
        await self._feed.defer(leased, self._clock() + delay, reached=reached)

    async def _say(self, leased: LeasedAlerts) -> None:
        if self._owned and not await self._owned(leased.alerts[0].account_id):
            await self._feed.defer(leased, self._clock() + _OWNER_PAUSE, reached=False)
            return
        to_say = await self._saying.about(leased)
        if to_say is None:
            await self._feed.settle(leased, self._clock(), None)
            return
        team = await self._team_of(leased.alerts[0].account_id)
        channel = await self._slack.dm_with(to_say.user, team)
        self._not_installed.discard(team)
        if not await self._my_turn(channel, leased):
            return
        post = await self._standing(leased, to_say, channel)
        said = post and await self._update(post, to_say)
        said = said or await self._found_or_new(leased, to_say, channel)
        await self._feed.settle(leased, self._clock(), said if to_say.living else None)

    async def _my_turn(self, channel: str, leased: LeasedAlerts) -> bool:
        """Wait for our turn; a far one is left for later."""
        now = self._clock()
        at = self._pace.turn(channel, leased.topic, now)
        if at - now > _SOON:
            await self._feed.defer(leased, at, reached=False)
            return False
        await self._sleep(max(0.0, (at - now).total_seconds()))
        self._pace.spoken(channel, leased.topic)
        return True

    async def _standing(self, leased: LeasedAlerts, to_say: ToSay, channel: str) -> Post | None:
        """The card to edit; none in the DM of somebody to whom the account does not belong any more."""
        post = await self._feed.post_of(leased.topic) if to_say.living else None
        return post if post and post.channel == channel else None

    async def _update(self, post: Post, to_say: ToSay) -> Post | None:
        """Bring a card up to date; None when it is gone, which its reader may have wished, but news are news."""
        try:
            await self._with_fallback(
                lambda card: self._slack.update(post.channel, post.ts, card, to_say.mark), to_say, post.channel
            )
        except (CardGone, NobodyThere):
            return None
        return post

    async def _found_or_new(self, leased: LeasedAlerts, to_say: ToSay, channel: str) -> Post | None:
        if leased.in_doubt:
            found = await self._slack.find(channel, to_say.mark, _since(leased))
            adopted = await self._update(Post(leased.topic, channel, found), to_say) if found else None
            if adopted:
                return adopted
        if not to_say.news:
            return None
        if self._clock() > leased.until - _A_CALL:
            raise NotReached("the lease is nearly over")
        ts = await self._with_fallback(lambda card: self._slack.post(channel, card, to_say.mark), to_say, channel)
        return Post(leased.topic, channel, ts)

    async def _with_fallback(self, say: Callable[[Card], Awaitable[_Said]], to_say: ToSay, channel: str) -> _Said:
        """A chart that Slack does not know is said as a picture, a refused card as text: plain news beat none."""
        try:
            return await say(to_say.card)
        except CardRefused as refused:
            log.error("card_refused", code=str(refused), mark=to_say.mark)
        try:
            pictured = await with_pictures(to_say.card, partial(self._slack.upload, for_channel=channel))
            if pictured:
                return await say(pictured)
        except (CardRefused, NotAllowed) as refused:
            log.error("pictures_refused", code=str(refused), mark=to_say.mark)
        return await say(Card(to_say.card.text))


def _since(leased: LeasedAlerts) -> float:
    earliest: datetime = min(alert.due_at for alert in leased.alerts)
    return (earliest - _LOOK_BACK).timestamp()


async def _first(*waits: Coroutine[Any, Any, object]) -> None:
    """Wait until one of these is over, then drop the others; its failure is ours."""
    tasks = [asyncio.create_task(wait) for wait in waits]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
