"""One account's Gmail: every promise of the Mailer port, with patience for what passes."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from tracker.gmail import wire
from tracker.gmail.asking import Asking
from tracker.gmail.marks import carries
from tracker.gmail.wire import Wire
from tracker.ports import Draft, DraftLine, Mailer, Missing, SentFacts, SentName

SEARCHED = 50  # sent mails looked into for a mark: 20 quota units each, of 6,000 a minute
MARKED_AMONG = 20  # drafts, latest first, among which a marked one is looked for: the one just written is the first
_SKEW = timedelta(minutes=2)  # our clock against Gmail's; marks are unique, so that looking further back is safe
_AT_ONCE = 5


class GmailClient(Mailer):
    """The Mailer of one account."""

    def __init__(self, ask: Asking, wire: Wire) -> None:
        self._ask = ask
        self._wire = wire

    async def drafts(self, limit: int) -> Sequence[DraftLine]:
        draft_ids = await self._ask(self._wire.drafts(limit), wire.draft_ids_of)
        few = asyncio.Semaphore(_AT_ONCE)
        lines = await asyncio.gather(*(self._draft_line(draft_id, few) for draft_id in draft_ids))
        return [line for line in lines if line]

    async def draft(self, draft_id: str) -> Draft:
        return await self._ask(self._wire.draft(draft_id), wire.draft_of)

    async def draft_version(self, draft_id: str) -> str:
        return await self._ask(self._wire.draft_name(draft_id), wire.draft_version_of)

    async def create_draft(self, raw: bytes, thread_id: str | None) -> str:
        return await self._ask(self._wire.create_draft(raw, thread_id), wire.id_of)

    async def find_draft(self, rfc_message_id: str) -> str | None:
        if not wire.searchable(rfc_message_id):
            return None
        found = await self._ask(self._wire.drafts_with(rfc_message_id), wire.draft_ids_of)
        return next(iter(found), None)

    async def find_marked_draft(self, mark: str) -> str | None:
        for draft_id in await self._ask(self._wire.drafts(MARKED_AMONG), wire.draft_ids_of):
            try:
                found = await self.draft(draft_id)
            except Missing:
                continue  # sent or deleted since the list was made
            if await asyncio.to_thread(carries, found.raw, [mark]):
                return draft_id
        return None

    async def send_draft(self, draft_id: str, raw: bytes, thread_id: str | None) -> str:
        return await self._ask(self._wire.send_draft(draft_id, raw, thread_id), wire.id_of)

    async def send_mail(self, raw: bytes) -> SentName:
        return await self._ask(self._wire.send_mail(raw), wire.sent_name_of)

    async def sent_facts(self, gmail_id: str) -> SentFacts:
        return await self._ask(self._wire.message_headers(gmail_id), wire.sent_facts_of)

    async def find_sent(self, since: datetime, marks: Sequence[str]) -> SentFacts | None:
        latest = await self._ask(self._wire.sent_after(since - _SKEW, SEARCHED), wire.message_ids_of)
        # Oldest first: a reply quotes the mail that it answers, marks and all.
        for gmail_id in reversed(latest):
            if found := await self._sent_with(gmail_id, marks):
                return found
        return None

    async def _draft_line(self, draft_id: str, few: asyncio.Semaphore) -> DraftLine | None:
        async with few:
            try:
                return await self._ask(self._wire.draft_headers(draft_id), wire.draft_line_of)
            except Missing:
                return None  # sent or deleted since the list was made

    async def _sent_with(self, gmail_id: str, marks: Sequence[str]) -> SentFacts | None:
        def look(message: Mapping[str, Any]) -> SentFacts | None:
            facts, raw = wire.sent_mail_of(message)
            return facts if carries(raw, marks) else None

        try:
            return await self._ask(self._wire.message(gmail_id), look)
        except Missing:
            return None  # deleted while we looked
