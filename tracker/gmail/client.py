"""One account's Gmail: every promise of the Mailer port, with patience for what passes."""

import asyncio
import io
import json
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from google.auth.aio.transport import Request

from tracker.clock import Clock
from tracker.gmail import wire
from tracker.gmail.auth import Grant, exchange
from tracker.gmail.failures import Answer, Passing, failure_of
from tracker.gmail.marks import carries
from tracker.gmail.wire import Ask, Wire
from tracker.ports import Draft, DraftLine, Mailer, Missing, SentFacts, TryLater

SEARCHED = 50  # sent mails looked into for a mark: 20 quota units each, of 6,000 a minute
MARKED_AMONG = 20  # drafts, latest first, among which a marked one is looked for: the one just written is the first
_SKEW = timedelta(minutes=2)  # our clock against Gmail's; marks are unique, so that looking further back is safe
_AT_ONCE = 5
_BIG = 1_000_000  # bytes from which decoding would hold up the event loop

Read = TypeVar("Read")


@dataclass(frozen=True, slots=True)
class Patience:
    """How long we wait for Gmail, and how often we ask again. `jitter` gives a factor for each delay."""

    delays: tuple[float, ...] = (0.5, 1.0, 2.0, 4.0)
    longest_wait: float = 30.0
    seconds: float = 90.0
    slowest_upload: float = 100_000.0  # bytes a second
    jitter: Callable[[], float] = lambda: random.uniform(0.5, 1.5)
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    def timeout(self, ask: Ask) -> float:
        return self.seconds + len(ask.body) / self.slowest_upload


class GmailClient(Mailer):
    """The Mailer of one account.

    What changes the mailbox is not repeated here once its outcome is unknown:
    the caller gets TryLater at once, and looks before asking again.
    """

    def __init__(self, transport: Request, wire: Wire, grant: Grant, clock: Clock, patience: Patience) -> None:
        self._transport = transport
        self._wire = wire
        self._grant = grant
        self._clock = clock
        self._patience = patience

    async def drafts(self, limit: int) -> Sequence[DraftLine]:
        draft_ids = await self._ask(self._wire.drafts(limit), wire.draft_ids_of)
        few = asyncio.Semaphore(_AT_ONCE)
        lines = await asyncio.gather(*(self._draft_line(draft_id, few) for draft_id in draft_ids))
        return [line for line in lines if line]

    async def draft(self, draft_id: str) -> Draft:
        return await self._ask(self._wire.draft(draft_id), wire.draft_of)

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

    async def sent_facts(self, gmail_id: str) -> SentFacts:
        return await self._ask(self._wire.message_headers(gmail_id), wire.sent_facts_of)

    async def find_sent(self, since: datetime, marks: Sequence[str]) -> SentFacts | None:
        latest = await self._ask(self._wire.sent_after(since - _SKEW, SEARCHED), wire.message_ids_of)
        for gmail_id in latest:
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

    async def _ask(self, ask: Ask, read: Callable[[Mapping[str, Any]], Read]) -> Read:
        """Ask until there is an answer or our patience ends; give back what `read` makes of it."""
        for delay in self._patience.delays:
            try:
                return await self._once(ask, read)
            except Passing as passing:
                if not self._worth_repeating(ask, passing):
                    raise passing.given_up() from None
                await self._patience.sleep(max(passing.wait, delay * self._patience.jitter()))
        try:
            return await self._once(ask, read)
        except Passing as passing:
            raise passing.given_up() from None

    def _worth_repeating(self, ask: Ask, passing: Passing) -> bool:
        return (ask.repeatable or passing.undone) and passing.wait <= self._patience.longest_wait

    async def _once(self, ask: Ask, read: Callable[[Mapping[str, Any]], Read]) -> Read:
        answer = await self._answer(ask)
        if not answer.good:
            raise failure_of(answer, ask.what, self._clock())
        try:
            if len(answer.body) < _BIG:
                return read(json.loads(answer.body))
            return await asyncio.to_thread(lambda: read(json.loads(answer.body)))
        except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError, OSError):
            raise TryLater("Gmail's answer made no sense.") from None

    async def _answer(self, ask: Ask) -> Answer:
        """The answer, with an access token that is fetched anew when Gmail says it is stale."""
        answer = await self._with_token(ask)
        return answer if answer.status != 401 else await self._with_token(ask)

    async def _with_token(self, ask: Ask) -> Answer:
        headers = {"Accept": "application/json", "User-Agent": "Twotick"}
        if ask.content_type:
            headers["Content-Type"] = ask.content_type
        await self._authorize(ask, headers)
        token = self._grant.token
        answer = await exchange(self._transport, ask.verb, ask.uri, _body(ask), headers, self._patience.timeout(ask))
        if answer.status == 401:
            self._grant.spoil(token)
        return answer

    async def _authorize(self, ask: Ask, headers: dict[str, str]) -> None:
        try:
            await self._grant.before_request(self._transport, ask.verb, ask.uri, headers)
        except Passing as passing:
            # Gmail itself was not asked yet: whatever happened to the token, the mailbox is as it was.
            raise Passing(str(passing), undone=True, wait=passing.wait) from None


def _body(ask: Ask) -> Any:
    # aiohttp writes large bytes in one go, and warns of it; a file it writes by chunks.
    return io.BytesIO(ask.body) if len(ask.body) > _BIG else ask.body or None
