"""Rounds: every connected mailbox is followed, none of them waiting for a slow one."""

import asyncio

import structlog

from tracker.granting import Granting
from tracker.model import Account, AccountState
from tracker.ports import AccountBook, NotAuthorized, Refused, TryLater
from tracker.syncing.use import Syncing

log = structlog.get_logger()

_AT_ONCE = 8


class Rounds:
    """Starts following each mailbox that is not being followed at this moment."""

    def __init__(self, accounts: AccountBook, syncing: Syncing, granting: Granting) -> None:
        self._accounts = accounts
        self._syncing = syncing
        self._granting = granting
        self._running: dict[str, asyncio.Task[None]] = {}
        self._refused: set[str] = set()
        self._few = asyncio.Semaphore(_AT_ONCE)

    async def begin(self) -> None:
        """Begin a round; one that is still under way in a mailbox goes on."""
        for account in await self._accounts.all():
            running = self._running.get(account.id)
            if account.state is not AccountState.CONNECTED or (running and not running.done()):
                continue
            if account.may_follow:
                self._running[account.id] = asyncio.create_task(self._follow(account))
            else:
                self._say_once(account, Refused("its owner lets us send, and read nothing"))

    async def ended(self) -> None:
        """Wait until the round is over."""
        await asyncio.gather(*self._running.values())

    async def close(self) -> None:
        """Stop in the middle of it: what was not handled is handled next time."""
        for task in self._running.values():
            task.cancel()
        await asyncio.gather(*self._running.values(), return_exceptions=True)

    async def _follow(self, account: Account) -> None:
        async with self._few:
            try:
                await self._syncing.follow(account)
                self._refused.discard(account.id)
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
