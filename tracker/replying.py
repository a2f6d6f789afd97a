"""Replying: a draft of a reply that carries our pixel already, unarmed until Gmail's own Send has sent it.

It is made once for each press, whoever serves the press how often: its message
is begun before Gmail is asked, and whoever finds it begun does not ask.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from hashlib import sha256

import structlog

from tracker.clock import Clock, new_id
from tracker.lending import Lending, Lent
from tracker.model import Account, Copy, Message, MessageState
from tracker.ports import MessageBook, Refused, TryLater
from tracker.tagging import Answered, reply_mail

log = structlog.get_logger()

ANSWER_SECONDS = 1.2  # of the two that people wait for a card
_ASKED_FOR = timedelta(minutes=1)  # longer than Gmail is ever waited for
_SAME_PRESS = timedelta(minutes=5)  # Google repeats a call within seconds; later the person wants another reply
_MOST_PRESSES = 50  # on one card that stays open


class ReplyState(StrEnum):
    READY = "ready"
    UNDER_WAY = "under_way"  # press again: it is found, not made again
    UNKNOWN = "unknown"  # Gmail never said whether it made the draft
    REFUSED = "refused"  # certainly not made


@dataclass(frozen=True, slots=True)
class Reply:
    """What a press came to. A draft's `thread_id` is empty where only its maker knew it; `why` is for the person."""

    state: ReplyState
    draft_id: str = ""
    thread_id: str = ""
    why: str = ""


Find = Callable[[], Awaitable[Answered]]


class Replying:
    def __init__(
        self,
        messages: MessageBook,
        lending: Lending,
        pixel: Callable[[str], str],
        clock: Clock,
        answer_seconds: float = ANSWER_SECONDS,
    ) -> None:
        self._messages = messages
        self._lending = lending
        self._pixel = pixel
        self._clock = clock
        self._answer_seconds = answer_seconds
        self._running: dict[tuple[str, str], asyncio.Task[Reply]] = {}

    async def draft(self, account: Account, press: str, lent: Lent, find: Find) -> Reply:
        """The reply of this press, made now or found. `find` tells what is answered, and may raise as Lending does.

        What takes too long goes on behind our answer: the next press finds it.
        """
        key = (account.id, press)
        if key not in self._running:
            task = self._running[key] = asyncio.create_task(self._made_or_found(account, press, lent, find))
            task.add_done_callback(lambda ended: self._ended(key, ended))
        try:
            return await asyncio.wait_for(asyncio.shield(self._running[key]), self._answer_seconds)
        except TimeoutError:
            return Reply(ReplyState.UNDER_WAY)

    async def close(self) -> None:
        """Give up what is under way: whether Gmail made the draft is then not known."""
        tasks = list(self._running.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _ended(self, key: tuple[str, str], task: asyncio.Task[Reply]) -> None:
        del self._running[key]
        if not task.cancelled() and (failure := task.exception()):
            log.error("reply_draft_failed", account=key[0], why=repr(failure))  # its asker may be gone by now

    async def _made_or_found(self, account: Account, press: str, lent: Lent, find: Find) -> Reply:
        for number in range(_MOST_PRESSES):
            source = f"compose:reply-{press}-{number}"
            message = await self._messages.by_source(account.id, source)
            if message is None:
                return await self._made(account, source, lent, find)
            if found := await self._found(message):
                return found
        return Reply(ReplyState.REFUSED, why="Close this card, and open the mail anew.")

    async def _found(self, message: Message) -> Reply | None:
        """How an earlier press of the same button stands; None when this one is to make another draft."""
        age = self._clock() - message.created_at
        if message.state is not MessageState.TAGGED or age > _SAME_PRESS:
            return None
        [copy] = await self._messages.copies(message.id)
        if copy.draft_id:
            return Reply(ReplyState.READY, copy.draft_id)
        return Reply(ReplyState.UNDER_WAY if age < _ASKED_FOR else ReplyState.UNKNOWN)

    async def _made(self, account: Account, source: str, lent: Lent, find: Find) -> Reply:
        try:
            answered = await find()
        except Refused as refusal:
            return Reply(ReplyState.REFUSED, why=str(refusal))
        except TryLater as passing:
            return Reply(ReplyState.REFUSED, why=f"{passing} Press again in a moment.")
        message = Message(new_id(), account.id, source, answered.reply_subject, self._clock())
        copy = Copy(new_id(), message.id, answered.to)
        try:
            await self._messages.begin(message, [copy])
        except ValueError:  # another process serves the same press
            return Reply(ReplyState.UNDER_WAY)
        return await self._asked(account, message, copy, answered, lent)

    async def _asked(self, account: Account, message: Message, copy: Copy, answered: Answered, lent: Lent) -> Reply:
        raw = reply_mail(answered, self._pixel(copy.id), _message_id(account, copy))
        try:
            draft = await self._lending.create_draft(lent, raw, answered.thread_id)
        except Refused as refusal:
            await self._messages.finish(replace(message, state=MessageState.FAILED))
            return Reply(ReplyState.REFUSED, why=str(refusal))
        except TryLater as passing:
            log.warning("reply_draft_unknown", account=account.id, message=message.id, why=str(passing))
            return Reply(ReplyState.UNKNOWN)
        await self._messages.drafted(copy.id, draft.id)
        return Reply(ReplyState.READY, draft.id, draft.thread_id)


def _message_id(account: Account, copy: Copy) -> str:
    """Of the copy alone, so that whoever may look into the drafts can tell ours; it does not give its name away."""
    return f"<{sha256(copy.id.encode()).hexdigest()[:32]}@{account.email.rpartition('@')[2]}>"
