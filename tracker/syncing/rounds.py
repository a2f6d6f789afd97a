"""Rounds: every connected mailbox is followed, none of them waiting for a slow one."""

import asyncio
from datetime import datetime, timedelta

import structlog

from tracker.clock import Clock
from tracker.granting import Granting
from tracker.model import Account, AccountState
from tracker.ports import AccountBook, NotAuthorized, Refused, TryLater
from tracker.syncing.drafts import QUIET
from tracker.syncing.use import Syncing
from tracker.watching import Wanting, WatchBook

log = structlog.get_logger()

_AT_ONCE = 8
RARELY = 10  # times the pause, where Gmail tells of changes: in case that a telling is lost
_AFTER_FAILURE = timedelta(seconds=30)  # until a telling is heeded again: it would be, every second


class Rounds:
    """Starts following each mailbox that is not being followed at this moment.

    `pause` is how often a round begins, `topic` where Gmail tells of changes, if it
    does, `quiet` how long a draft is left alone before somebody looks at it.
    """

    def __init__(
        self,
        accounts: AccountBook,
        watches: WatchBook,
        syncing: Syncing,
        granting: Granting,
        clock: Clock,
        pause: timedelta = timedelta(0),
        quiet: timedelta = QUIET,
        topic: str = "",
    ) -> None:
        self._accounts = accounts
        self._watches = watches
        self._syncing = syncing
        self._granting = granting
        self._clock = clock
        self._pause = pause
        self._quiet = quiet
        self._topic = topic
        self._running: dict[str, asyncio.Task[None]] = {}
        self._begun: dict[str, datetime] = {}
        self._failed: dict[str, datetime] = {}
        self._refused: set[str] = set()
        self._few = asyncio.Semaphore(_AT_ONCE)

    async def begin(self) -> None:
        """Begin a round; one that is still under way in a mailbox goes on."""
        now = self._clock()
        told = await self._watches.watched(self._topic, now) if self._topic else ()
        for account in await self._accounts.all():
            begun = self._begun.get(account.id)
            resting = account.id in told and begun is not None and now < begun + RARELY * self._pause
            if account.state is AccountState.CONNECTED and not resting:
                self._start(Wanting(account))

    async def heed(self) -> None:
        """Begin to follow mailboxes with news that Gmail told of, and those where a draft was left alone."""
        now = self._clock()
        for wanting in await self._watches.wanting(now - self._quiet):
            failed = self._failed.get(wanting.account.id)
            if failed is None or failed < now - _AFTER_FAILURE:
                self._start(wanting)

    async def ended(self) -> None:
        """Wait until the round is over."""
        await asyncio.gather(*self._running.values())

    async def close(self) -> None:
        """Stop in the middle of it: what was not handled is handled next time."""
        for task in self._running.values():
            task.cancel()
        await asyncio.gather(*self._running.values(), return_exceptions=True)

    def _start(self, wanting: Wanting) -> None:
        if not wanting.account.may_follow:
            self._say_once(wanting.account, Refused("its owner lets us send, and read nothing"))
            return
        running = self._running.get(wanting.account.id)
        if running is None or running.done():
            self._begun[wanting.account.id] = self._clock()
            self._running[wanting.account.id] = asyncio.create_task(self._follow(wanting))

    async def _follow(self, wanting: Wanting) -> None:
        account = wanting.account
        async with self._few:
            self._failed[account.id] = self._clock()
            try:
                await self._syncing.follow(account)
                if wanting.told_at:
                    await self._watches.heeded(account.id, wanting.told_at)
                self._refused.discard(account.id)
                del self._failed[account.id]
            except NotAuthorized:
                await self._granting.withdrawn(account)
            except TryLater as passing:
                log.warning("mailbox_not_followed_now", account=account.id, reason=str(passing))
            except Refused as refusal:
                self._say_once(account, refusal)
            # A mailbox that cannot be followed, whatever the reason, must not end the following of the others.
            except Exception:
                log.exception("mailbox_not_followed_now", account=account.id)

    def _say_once(self, account: Account, refusal: Refused) -> None:
        """A grant to send alone is no fault: following begins when its owner consents to more."""
        if account.id not in self._refused:
            self._refused.add(account.id)
            log.warning("mailbox_not_followed", account=account.id, reason=str(refusal))
