"""Members: whom in Slack a mailbox belongs to that was connected outside of it, by the address that Google verified."""

import asyncio
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from bot.ports import Failure, Member, NobodyThere
from tracker.clock import Clock, utc_now
from tracker.model import Account
from tracker.ports import AccountBook

LOOK_AGAIN = timedelta(minutes=10)  # somebody may join, or change their address; Slack allows some twenty a minute
_PAUSE = timedelta(minutes=1)
_AT_ONCE = 10

log = structlog.get_logger()


class Directory(Protocol):
    async def member(self, email: str) -> Member:
        """The member with this address. Raises NobodyThere, and what every call to Slack may."""


class Members:
    """Finds owners, and links their mailboxes to them. What is not found is looked for again after a while."""

    def __init__(self, accounts: AccountBook, directory: Directory, clock: Clock = utc_now) -> None:
        self._accounts = accounts
        self._directory = directory
        self._clock = clock
        self._not_before: dict[str, datetime] = {}
        self._told: set[str] = set()
        self._one_by_one = asyncio.Lock()

    async def know(self, account_id: str) -> bool:
        """Whether somebody in Slack owns the account by now, or it is gone. Raises what a call to Slack may raise."""
        account = await self._accounts.by_id(account_id)
        return account is None or bool(account.slack_user) or await self._found(account)

    async def run_once(self) -> int:
        """Look for the owners of mailboxes that have none, so that /opens knows them at once; how many were found."""
        ownerless = [account for account in await self._accounts.all() if not account.slack_user]
        found = 0
        for account in [account for account in ownerless if self._is_due(account)][:_AT_ONCE]:
            try:
                found += await self._found(account)
            except Failure as failure:
                log.warning("owner_not_looked_up", why=type(failure).__name__, detail=str(failure))
                self._not_before[account.id] = self._clock() + _PAUSE
                break  # what Slack does not answer for one, it does not for the next
        return found

    async def _found(self, account: Account) -> bool:
        async with self._one_by_one:  # many news of one mailbox are one look
            return self._is_due(account) and await self._looked_up(account)

    async def _looked_up(self, account: Account) -> bool:
        try:
            member = await self._directory.member(account.email)
        except NobodyThere:
            self._not_before[account.id] = self._clock() + LOOK_AGAIN
            self._say_once(account)
            return False
        await self._accounts.link(account.id, member.team, member.user)
        log.info("owner_found", account=account.id, user=member.user)
        return True

    def _is_due(self, account: Account) -> bool:
        not_before = self._not_before.get(account.id)
        return not_before is None or self._clock() >= not_before

    def _say_once(self, account: Account) -> None:
        if account.id not in self._told:
            self._told.add(account.id)
            log.warning(
                "owner_not_in_slack",
                account=account.id,
                what_to_do="its alerts wait: its owner can type /opens connect in Slack and choose this mailbox",
            )
