"""Naming the open mail: Gmail's page may call it by a name of its own, which only Gmail can translate."""

import asyncio
from dataclasses import replace

import structlog

from tracker.lending import Lending
from tracker.ports import Refused, TryLater
from tracker.web.addon.events import Event

log = structlog.get_logger()

_SECONDS = 0.9  # of the two that people wait for a card; the database needs its own


class Naming:
    def __init__(self, lending: Lending, seconds: float = _SECONDS) -> None:
        self._lending = lending
        self._seconds = seconds

    async def named(self, event: Event) -> Event:
        """The event with the names that Gmail's API uses; as it is when Gmail does not tell in time."""
        if event.gmail_id or not event.local_name:
            return event
        try:
            async with asyncio.timeout(self._seconds):
                mail = await self._lending.mail(event.lent, event.local_name, ("Message-ID",))
        except (Refused, TryLater, TimeoutError) as why:
            log.info("open_mail_not_named", why=str(why) or "no answer in time")
            return event
        return replace(event, gmail_id=mail.gmail_id, thread_id=mail.thread_id)
