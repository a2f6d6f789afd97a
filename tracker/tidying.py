"""Tidying: what we no longer need to know is destroyed."""

from datetime import timedelta

import structlog

from tracker.clock import Clock
from tracker.ports import HitLog, InvitationBook, MessageBook
from tracker.wishes import OrderBook

log = structlog.get_logger()


class Tidying:
    """Destroys raw hit facts after hours and whole messages after days; verdicts live as long as their message."""

    def __init__(
        self,
        messages: MessageBook,
        hits: HitLog,
        orders: OrderBook,
        invitations: InvitationBook,
        raw_for: timedelta,
        everything_for: timedelta,
        clock: Clock,
    ) -> None:
        self._messages = messages
        self._hits = hits
        self._orders = orders
        self._invitations = invitations
        self._raw_for = raw_for
        self._everything_for = everything_for
        self._clock = clock

    async def run_once(self) -> None:
        """Destroy what is old enough by now."""
        now = self._clock()
        hits = await self._hits.forget_raw(now - self._raw_for)
        messages = await self._messages.forget(now - self._everything_for)
        orders = await self._orders.forget(now - self._everything_for)
        await self._invitations.forget(now)
        if hits or messages or orders:
            log.info("old facts were destroyed", raw_hits=hits, messages=messages, orders=orders)
