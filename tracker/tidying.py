"""Tidying: what we no longer need to know is destroyed."""

from datetime import datetime, timedelta

import structlog

from tracker.clock import Clock
from tracker.ports import DocumentShelf, HitLog, InvitationBook, MessageBook
from tracker.wishes import OrderBook

log = structlog.get_logger()

_UNSENT_FOR = timedelta(days=1)  # a document whose mail a crash kept from leaving


class Tidying:
    """Destroys raw hit facts after hours and whole messages after days; verdicts live as long as their message."""

    def __init__(
        self,
        messages: MessageBook,
        hits: HitLog,
        orders: OrderBook,
        raw_for: timedelta,
        everything_for: timedelta,
        clock: Clock,
        shelf: DocumentShelf | None = None,
        invitations: InvitationBook | None = None,
    ) -> None:
        self._messages = messages
        self._hits = hits
        self._orders = orders
        self._invitations = invitations
        self._raw_for = raw_for
        self._everything_for = everything_for
        self._clock = clock
        self._shelf = shelf

    async def run_once(self) -> None:
        """Destroy what is old enough by now, and make room for what is to come."""
        now = self._clock()
        hits = await self._hits.forget_raw(now - self._raw_for)
        messages = await self._messages.forget(now - self._everything_for)
        orders = await self._orders.forget(now - self._everything_for)
        if self._invitations:
            await self._invitations.forget(now)
        documents = await self._shelf.tidy(now, now - _UNSENT_FOR) if self._shelf else 0
        if hits or messages or orders or documents:
            log.info("old facts were destroyed", raw_hits=hits, messages=messages, orders=orders, documents=documents)
        # Last, for it may have to wait for who reads hits, and be put off.
        await self._make_room(now)

    async def _make_room(self, now: datetime) -> None:
        made = await self._hits.make_room(now, self._everything_for)
        dropped = await self._hits.forget(now - self._everything_for)
        if made or dropped:
            log.info("the table of hits has other parts", made=made, dropped=dropped)
