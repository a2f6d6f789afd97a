"""One account's requests to Gmail: paced, authorized, and asked again for as long as our patience lasts."""

import asyncio
import io
import json
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from google.auth.aio.transport import Request

from tracker.clock import Clock
from tracker.counts import GMAIL_CALLS, GMAIL_SECONDS
from tracker.gmail.auth import Grant, exchange
from tracker.gmail.failures import Answer, Passing, failure_of
from tracker.gmail.pace import Pace, units_of
from tracker.gmail.wire import Ask
from tracker.mailbox import NotGranted
from tracker.ports import TryLater

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


class Asking:
    """Callable: asks, and gives back what `read` makes of the answer.

    What changes the mailbox is not repeated here once its outcome is unknown:
    the caller gets TryLater at once, and looks before asking again.
    """

    def __init__(self, transport: Request, grant: Grant, clock: Clock, patience: Patience, pace: Pace) -> None:
        self._transport = transport
        self._grant = grant
        self._clock = clock
        self._patience = patience
        self._pace = pace

    async def __call__(self, ask: Ask, read: Callable[[Mapping[str, Any]], Read]) -> Read:
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
                return read(json.loads(answer.body or b"{}"))
            return await asyncio.to_thread(lambda: read(json.loads(answer.body or b"{}")))
        except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError, OSError):
            raise TryLater("Gmail's answer made no sense.") from None

    async def _answer(self, ask: Ask) -> Answer:
        """The answer, with an access token that is fetched anew when Gmail says it is stale, or allows too little."""
        answer, spoiled = await self._with_token(ask)
        return (await self._with_token(ask))[0] if spoiled else answer

    async def _with_token(self, ask: Ask) -> tuple[Answer, bool]:
        """The answer, and whether another token may bring another one."""
        await self._pace.admit(units_of(ask.what))
        headers = {"Accept": "application/json", "User-Agent": "Twotick"}
        if ask.content_type:
            headers["Content-Type"] = ask.content_type
        held = self._grant.token
        await self._authorize(ask, headers)
        token = self._grant.token
        answer = await self._exchanged(ask, headers)
        # An older token knows nothing of what the mailbox's owner consented to since.
        spoiled = answer.status == 401 or (token == held and self._allows_too_little(answer, ask))
        if spoiled:
            self._grant.spoil(token)
        return answer, spoiled

    async def _exchanged(self, ask: Ask, headers: dict[str, str]) -> Answer:
        seconds, method = self._patience.timeout(ask), ask.what.removeprefix("gmail.users.")
        outcome = "no_answer"
        try:
            with GMAIL_SECONDS.timing():
                answer = await exchange(self._transport, ask.verb, ask.uri, _body(ask), headers, seconds)
            outcome = "ok" if answer.good else str(answer.status)
        finally:
            GMAIL_CALLS.add(method, outcome)
        return answer

    def _allows_too_little(self, answer: Answer, ask: Ask) -> bool:
        return answer.status == 403 and isinstance(failure_of(answer, ask.what, self._clock()), NotGranted)

    async def _authorize(self, ask: Ask, headers: dict[str, str]) -> None:
        try:
            await self._grant.before_request(self._transport, ask.verb, ask.uri, headers)
        except Passing as passing:
            # Gmail itself was not asked yet: whatever happened to the token, the mailbox is as it was.
            raise Passing(str(passing), undone=True, wait=passing.wait) from None


def _body(ask: Ask) -> Any:
    # aiohttp writes large bytes in one go, and warns of it; a file it writes by chunks.
    return io.BytesIO(ask.body) if len(ask.body) > _BIG else ask.body or None
