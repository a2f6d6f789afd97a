"""Resealing: after the operator put a new encryption key first, all that is stored encrypted comes under it."""

import structlog

from tracker.ports import AccountBook
from tracker.wishes import OrderBook
from tracker.workspaces import InstallationBook

log = structlog.get_logger()

_AT_ONCE = 100  # a few milliseconds of decrypting between two looks at everything else


class Resealing:
    def __init__(self, accounts: AccountBook, installations: InstallationBook, orders: OrderBook) -> None:
        self._accounts = accounts
        self._installations = installations
        self._orders = orders
        self._told = False  # the operator who rotates waits for a line, also when there was nothing to do

    async def run_once(self) -> int:
        """Encrypt anew what an older key encrypted; how much that was. What is done already is left alone."""
        renewed = unreadable = 0
        after = ""
        while True:
            part = await self._accounts.reseal(after, _AT_ONCE)
            renewed, unreadable, after = renewed + part.renewed, unreadable + part.unreadable, part.last
            if not after:
                break
        renewed += await self._installations.reseal()
        renewed += await self._orders.reseal()
        if renewed or unreadable or not self._told:
            self._told = True
            log.info("grants_resealed", renewed=renewed, unreadable=unreadable)
        return renewed
