"""Noticing: when senders look at their own mail, the picture that loads with it is theirs."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from tracker.clock import Clock
from tracker.ports import MessageBook

_JUST_NOW = timedelta(seconds=10)


class Noticing:
    """Writes down that a sender looks, and has what came in just before judged again in this light.

    What comes in after is judged by what is written. It is in the database, for
    the web process that records a hit need not be the one that Google called.
    """

    def __init__(self, messages: MessageBook, judge_again: Callable[[str], Awaitable[None]], clock: Clock) -> None:
        self._messages = messages
        self._judge_again = judge_again
        self._clock = clock

    async def looking(self, message_id: str) -> None:
        """The sender has this message on their screen now."""
        now = self._clock()
        await self._messages.looked(message_id, now)
        # Read after writing: what was recorded before the write is in it, and what comes later knows of the look.
        report = await self._messages.report(message_id)
        for copy, summary in zip(report.copies, report.summaries, strict=True) if report else ():
            if summary.last_hit_at and summary.last_hit_at > now - _JUST_NOW:
                await self._judge_again(copy.id)
