"""Looking through a mailbox: where there is no mark to go on from, its latest mails are looked at, oldest first.

How far it came is kept, so that a look that was killed goes on; the mark was
taken before it began, so that what comes meanwhile is seen twice and not missed.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from tracker.clock import Clock
from tracker.following import FollowBook, Followed, LookThrough
from tracker.mailbox import Mailbox, Place
from tracker.model import Account

log = structlog.get_logger()

LOOKED_BACK = timedelta(days=7)  # as long as Gmail's own history usually reaches
LONGEST_LOOK_BACK = timedelta(days=30)
MOST_LOOKED_AT = 500  # of each place, latest first: a mailbox of years costs no more than a busy week
NOTED_EVERY = 25  # mails; what a crash makes us look at again
CLOCKS_APART = timedelta(minutes=10)  # how far Gmail's clock may be behind ours


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail to look at; `sent` by the mailbox's owner, or else received."""

    gmail_id: str
    sent: bool


Handle = Callable[[Account, Mailbox, Sequence[Mail]], Awaitable[None]]


class Looking:
    def __init__(self, following: FollowBook, handle: Handle, clock: Clock) -> None:
        self._following = following
        self._handle = handle
        self._clock = clock

    async def through(self, account: Account, mailbox: Mailbox, before: Followed) -> int:
        """Handle the latest mails, and keep a new mark; how many were looked at. Raises what a Mailbox raises."""
        look = await self._following.look_through(account.id) or await self._begun(mailbox, before)
        mails = await self._mails(account, mailbox, look)
        left = _after(look.last, mails)
        look = replace(look, total=len(mails), done=len(mails) - len(left))
        for start in range(0, len(left), NOTED_EVERY):
            some = left[start : start + NOTED_EVERY]
            await self._handle(account, mailbox, some)
            look = replace(look, last=some[-1].gmail_id, done=look.done + len(some))
            await self._following.note_look(account.id, look)
            log.info("mailbox_look", account=account.id, done=look.done, of=look.total)
        await self._following.keep(account.id, before, Followed(look.mark, look.at))
        log.info("mailbox_looked_through", account=account.id, mails=len(left), since=look.since.isoformat())
        return len(left)

    async def _begun(self, mailbox: Mailbox, before: Followed) -> LookThrough:
        now = self._clock()
        mark = (await mailbox.profile()).mark
        since = max(min(before.at or now, now - LOOKED_BACK), now - LONGEST_LOOK_BACK)
        return LookThrough(mark, now, since)

    async def _mails(self, account: Account, mailbox: Mailbox, look: LookThrough) -> Sequence[Mail]:
        """Oldest first, what was sent before what was received: a reply is one only to what is known as sent."""
        if not await self._following.began_since(account.id, look.since - LONGEST_LOOK_BACK):
            return ()
        sent = await self._sent(account, mailbox, look.since)
        received = await mailbox.since(Place.INBOX, look.since, MOST_LOOKED_AT)
        return [
            *(Mail(gmail_id, True) for gmail_id in reversed(sent)),
            # What its owner sent to themselves is in both places.
            *(Mail(name.gmail_id, False) for name in reversed(received) if name.gmail_id not in set(sent)),
        ]

    async def _sent(self, account: Account, mailbox: Mailbox, since: datetime) -> list[str]:
        """Only what was sent after a mail that is awaited was begun can be that mail; the rest is not read."""
        awaited = await self._following.awaited_since(account.id, self._clock() - LONGEST_LOOK_BACK)
        if awaited is None:
            return []
        names = await mailbox.since(Place.SENT, max(since, awaited - CLOCKS_APART), MOST_LOOKED_AT)
        return [name.gmail_id for name in names]


def _after(last: str, mails: Sequence[Mail]) -> Sequence[Mail]:
    """What is left after the one that was handled last; all of it when that is not among them any more."""
    place = next((place for place, mail in enumerate(mails) if mail.gmail_id == last), -1)
    return mails[place + 1 :]
