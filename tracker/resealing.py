"""Resealing: after the operator put a new encryption key first, every stored grant and token comes under it."""

import structlog

from tracker.ports import AccountBook
from tracker.workspaces import InstallationBook

log = structlog.get_logger()

_AT_ONCE = 100  # a few milliseconds of decrypting between two looks at everything else


class Resealing:
    def __init__(self, accounts: AccountBook, installations: InstallationBook) -> None:
        self._accounts = accounts
        self._installations = installations
        self._told = False  # the operator who rotates waits for a line, also when there was nothing to do

    async def run_once(self) -> int:
        """Encrypt anew what an older key encrypted; how many grants and tokens. What is done already is left alone."""
        renewed = unreadable = 0
        after = ""
        while True:
            part = await self._accounts.reseal(after, _AT_ONCE)
            renewed, unreadable, after = renewed + part.renewed, unreadable + part.unreadable, part.last
            if not after:
                break
        renewed += await self._installations.reseal()
        if renewed or unreadable or not self._told:
            self._told = True
            log.info("grants_resealed", renewed=renewed, unreadable=unreadable)
        return renewed
