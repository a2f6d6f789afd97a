"""The relay: outbox to Slack. Each alert is said once, whatever dies in between.

A lease says whose turn it is, metadata on the message says what was said: a try
that may have reached Slack is looked up there before anything is said again.
"""

import asyncio
from collections import Counter
from collections.abc import Coroutine, Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.crowds import Crowds
from bot.pacing import retry_delay
from bot.ports import CardRefused, NoAnswer, NobodyThere, NotAllowed, NotInstalled, NotReached, Slack, TooFast
from bot.quiet import Quiet
from bot.saying import Saying
from bot.telling import Owned, Sleep, TeamOf, Teller, only_team
from tracker.clock import Clock, utc_now
from tracker.model import LeasedAlerts
from tracker.ports import AlertFeed

LEASE = timedelta(seconds=45)  # also how long after a kill the news waits
_DOUBT = timedelta(seconds=3)  # a call that was cut off may still be under way inside Slack
_OPERATOR_PAUSE = timedelta(seconds=60)
_INSTALLER_PAUSE = timedelta(minutes=5)  # installing ends it at once
KEPT_FOR_INSTALLER = timedelta(days=3)  # a weekend; older news would only pour over whoever comes back
_AT_ONCE = 50  # topics in hand; most of them wait for an answer, or for their turn
_A_TURN = 20
_IDLE_SECONDS = 0.5
_ERROR_SECONDS = 5.0
_HINT = "check SLACK_BOT_TOKEN and the app's scopes; or install it again in that workspace, by PUBLIC_URL/slack/install"

log = structlog.get_logger()


class Relay:
    def __init__(
        self,
        feed: AlertFeed,
        saying: Saying,
        slack: Slack,
        clock: Clock = utc_now,
        sleep: Sleep = asyncio.sleep,
        team_of: TeamOf = only_team,
        quiet: Quiet | None = None,
        owned: Owned | None = None,
    ) -> None:
        self._feed = feed
        self._clock = clock
        self._quiet = quiet
        self._teller = Teller(feed, saying, slack, clock, sleep, team_of, quiet, owned)
        self._crowds = Crowds(feed, clock, quiet.asleep) if quiet else Crowds(feed, clock)
        self._telling: dict[asyncio.Task[None], str] = {}  # what is being said, and of which account it is
        self._complained_at: dict[str, datetime] = {}  # what Slack refused

    async def run(self, stop: asyncio.Event) -> None:
        """Say what is due until told to stop; what is being said is finished first."""
        while not stop.is_set():
            try:
                await self._go_on(stop)
            except Exception:
                # The process's door: a database that is away must not end the relay. Leases run out by themselves.
                log.exception("relay_failed")
                await _first(asyncio.sleep(_ERROR_SECONDS), stop.wait())
        await asyncio.gather(*self._telling)

    async def turn(self) -> int:
        """Take some of what is due and say it; the number of topics taken."""
        taken, tasks = await self._take(_A_TURN)
        await asyncio.gather(*tasks)
        return taken

    async def _go_on(self, stop: asyncio.Event) -> None:
        """Who waits for their turn holds nobody up: others are taken meanwhile."""
        room = _AT_ONCE - len(self._telling)
        if not room:
            await _first(stop.wait(), *map(_ended, self._telling))
            return
        taken, _ = await self._take(room)
        if not taken:
            await _first(self._feed.wait(_IDLE_SECONDS), stop.wait())

    async def _take(self, limit: int) -> tuple[int, Sequence[asyncio.Task[None]]]:
        now = self._clock()
        taken = await self._feed.lease(now, now + LEASE, limit)
        left = await self._crowds.thinned(taken, Counter(self._telling.values()), now + LEASE)
        tasks = [asyncio.create_task(self._handle(leased)) for leased in left]
        for task, leased in zip(tasks, left, strict=True):
            self._telling[task] = leased.alerts[0].account_id
            task.add_done_callback(self._telling.pop)
        return len(taken), tasks

    async def _handle(self, leased: LeasedAlerts) -> None:
        try:
            await self._say(leased)
        except Exception:
            # One topic's door: the others are said all the same. Its lease runs out, and the next try looks first.
            log.exception("alert_failed", topic=leased.topic)

    async def _say(self, leased: LeasedAlerts) -> None:
        """Say one topic, and write down what came of it."""
        try:
            await self._teller.tell(leased)
        except TooFast as pause:
            await self._later(leased, timedelta(seconds=pause.seconds), pause, reached=False)
        except NotReached as lost:
            await self._later(leased, retry_delay(leased.tries), lost, reached=False)
        except NoAnswer as lost:
            await self._later(leased, max(_DOUBT, retry_delay(leased.tries)), lost, reached=True)
        except NotInstalled as gone:
            await self._without_workspace(leased, gone)
        except NotAllowed as refused:
            self._complain(str(refused))
            await self._later(leased, _OPERATOR_PAUSE, refused, reached=False)
        except (NobodyThere, CardRefused) as never:
            if self._quiet and isinstance(never, NobodyThere) and await self._quiet.unrouted(leased):
                await self._later(leased, timedelta(0), never, reached=False)
                return
            log.error("alert_buried", topic=leased.topic, reason=str(never))
            await self._feed.bury(leased, self._clock(), str(never))

    def _complain(self, code: str) -> None:
        """Tell the operator what Slack refuses: once a minute, however many alerts meet it."""
        now, last = self._clock(), self._complained_at.get(code)
        if last is None or abs(now - last) >= _OPERATOR_PAUSE:
            self._complained_at[code] = now
            log.error("slack_refuses_us", code=code, hint=_HINT)

    async def _without_workspace(self, leased: LeasedAlerts, gone: NotInstalled) -> None:
        """Wait for the workspace to install us again, but not for ever; said once, or the log would be full of it."""
        team, now = str(gone), self._clock()
        if team not in self._teller.without_installation:
            self._teller.without_installation.add(team)
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


async def _ended(task: asyncio.Task[None]) -> None:
    await asyncio.wait([task])


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
