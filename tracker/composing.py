"""Composing: a mail that Gmail itself will send carries our pixel, unarmed until the sent copy is found.

What finds it is the pixel's token in the sent copy's body: `Tokens.read_pixel`
names the copy, whose message says the rest (`source` begins with `compose:`).
Arming it and finishing the message with the real subject is all that is left.
"""

from collections.abc import Sequence

from tracker.clock import Clock, new_id
from tracker.model import Account, Copy, Message, Recipient
from tracker.ports import MessageBook


class Composing:
    def __init__(self, messages: MessageBook, clock: Clock) -> None:
        self._messages = messages
        self._clock = clock

    async def track(self, account: Account, window: str, recipients: Sequence[Recipient]) -> Copy:
        """The unarmed copy of the mail in a compose window: the same one however often it is asked for."""
        message = await self._messages.by_source(account.id, _source(window))
        if message is None:
            message = await self._begun(account, window, recipients)
        if message.stopped_at:
            await self._messages.stop(message.id, None)
        return (await self._messages.copies(message.id))[0]

    async def leave(self, account: Account, window: str) -> None:
        """The sender thought better of it: the pixel may stay in the mail, but nothing is kept about it."""
        message = await self._messages.by_source(account.id, _source(window))
        if message and message.stopped_at is None:
            await self._messages.stop(message.id, self._clock())

    async def _begun(self, account: Account, window: str, recipients: Sequence[Recipient]) -> Message:
        message = Message(new_id(), account.id, _source(window), subject="", created_at=self._clock())
        copy = Copy(new_id(), message.id, tuple(recipients))
        try:
            await self._messages.begin(message, [copy])
        except ValueError:  # the same press, served twice at once
            return await self._messages.by_source(account.id, message.source) or message
        return message


def _source(window: str) -> str:
    return f"compose:{window}"
