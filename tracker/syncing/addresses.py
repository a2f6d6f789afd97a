"""The addresses that a mailbox's owner writes from, asked for when a reply may be their own."""

from datetime import datetime, timedelta

from tracker.clock import Clock
from tracker.mailbox import Mailbox
from tracker.model import Account
from tracker.ports import Refused

_BELIEVED = timedelta(hours=1)


class OwnAddresses:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._known: dict[str, tuple[datetime, frozenset[str]]] = {}

    async def of(self, account: Account, mailbox: Mailbox) -> frozenset[str]:
        """In lower case; where we may not ask for aliases, the mailbox's own address alone. Raises TryLater."""
        known = self._known.get(account.id)
        if known is None or known[0] < self._clock() - _BELIEVED:
            known = self._known[account.id] = (self._clock(), await _asked(account, mailbox))
        return known[1]


async def _asked(account: Account, mailbox: Mailbox) -> frozenset[str]:
    try:
        aliases = await mailbox.send_as()
    except Refused:
        aliases = ()
    return frozenset({account.email.lower(), *(alias.email.lower() for alias in aliases)})
