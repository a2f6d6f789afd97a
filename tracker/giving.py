"""Giving people what is kept about them, and erasing what is kept about others when these ask for it."""

import hmac
import json
import secrets
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from hashlib import sha256

import structlog

from tracker.clock import Clock, utc_now
from tracker.rights import Erased, RightsBook

OFFERED_FOR = timedelta(minutes=10)
PATH = "/export"

log = structlog.get_logger()


class Exporting:
    """Everything about accounts as lines of JSON, to whoever was given the address for it: once, for ten minutes."""

    def __init__(self, rights: RightsBook, public_url: str, clock: Clock = utc_now) -> None:
        self._rights = rights
        self._base = public_url.rstrip("/")
        self._clock = clock

    async def invitation(self, account_ids: Sequence[str]) -> str:
        """The address at which everything about these accounts can be fetched. Only its hash is kept."""
        secret = secrets.token_urlsafe(32)
        await self._rights.offer(_name(secret), account_ids, self._clock() + OFFERED_FOR)
        return f"{self._base}{PATH}/{secret}"

    async def stands(self, secret: str) -> bool:
        """Whether there is something to fetch with it."""
        return await self._rights.offered(_name(secret), self._clock())

    async def take(self, secret: str) -> Sequence[str]:
        """The accounts that it is good for; with this it is used up."""
        account_ids = await self._rights.take(_name(secret), self._clock())
        for account_id in account_ids:
            log.info("account_exported", account=account_id)
        return account_ids

    async def lines(self, account_ids: Sequence[str]) -> AsyncIterator[str]:
        """One JSON value a line, which says what it is in `entry`."""
        for account_id in account_ids:
            async for entry in self._rights.everything(account_id):
                line = json.dumps(entry, ensure_ascii=False, default=str)
                # Half a character out of a broken header must not end the export of all the rest.
                yield line.encode("utf-8", "replace").decode() + "\n"


class Erasing:
    """Erases recipients, and notes it in the log under a name that only we can make of an address."""

    def __init__(self, rights: RightsBook, secret: str) -> None:
        self._rights = rights
        self._secret = secret.encode()

    async def about(self, address: str, account_ids: Sequence[str] | None) -> Erased:
        """How much there is to erase."""
        return await self._rights.about(address, account_ids)

    async def erase(self, address: str, account_ids: Sequence[str] | None, by: str) -> Erased:
        """Erase it; `by` says whose wish it was."""
        erased = await self._rights.erase(address, account_ids)
        numbers = {"own": erased.own, "shared": erased.shared, "mutes": erased.mutes, "notes": erased.notes}
        log.info("recipient_erased", recipient=self.pseudonym(address), by=by, **numbers)
        return erased

    def pseudonym(self, address: str) -> str:
        """The same for the same address; an address cannot be found by trying many, as with a plain hash."""
        return hmac.digest(self._secret, address.strip().lower().encode(), "sha256").hex()[:16]


def _name(secret: str) -> str:
    return sha256(secret.encode("utf-8", "replace")).hexdigest()
