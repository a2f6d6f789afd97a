"""Syncing one mailbox: from where it was left to where it stands now, with no gap and no double work.

The mark is kept only after everything up to it is handled; what is handled
twice after a crash is done once, as each step finds what it did before.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from tracker.clock import Clock
from tracker.following import FollowBook, Followed
from tracker.mailbox import Change, ChangeKind, Mailbox, Mailboxes, MarkTooOld, NotGranted, Place
from tracker.model import Account
from tracker.ports import Missing, NotAuthorized, TryLater
from tracker.syncing.arming import Arming
from tracker.syncing.news import NewsFromOutside

log = structlog.get_logger()

LOOKED_BACK = timedelta(days=7)  # as long as Gmail's own history usually reaches
_LONGEST_LOOK_BACK = timedelta(days=30)
MOST_LOOKED_AT = 500  # of each place, latest first: a mailbox of years costs no more than a busy week
_TRIES = 3
_KEPT_EVERY = timedelta(minutes=5)  # when nothing happened: a quiet mailbox need not be written to at every look
_NOT_MAIL = frozenset({"DRAFT", "SPAM", "CHAT"})
_ARRIVED = frozenset({"SENT", "INBOX"})


@dataclass(frozen=True, slots=True)
class _Mail:
    """A mail to look at; `sent` by the mailbox's owner, or else received."""

    gmail_id: str
    sent: bool


class Syncing:
    def __init__(
        self, following: FollowBook, mailboxes: Mailboxes, arming: Arming, news: NewsFromOutside, clock: Clock
    ) -> None:
        self._following = following
        self._mailboxes = mailboxes
        self._arming = arming
        self._news = news
        self._clock = clock
        self._failures: Counter[tuple[str, str]] = Counter()

    async def follow(self, account: Account) -> int:
        """Handle what happened since the last time; how many mails were looked at. Raises what a Mailbox raises."""
        mailbox = await self._mailboxes.of(account)
        looked_at, complete = 0, False
        while not complete:
            found, complete = await self._on(account, mailbox, await self._following.where(account.id))
            looked_at += found
        return looked_at

    async def _on(self, account: Account, mailbox: Mailbox, before: Followed) -> tuple[int, bool]:
        """One step from a mark to a later one; whether that is where the mailbox stands."""
        now = self._clock()
        if before.mark is None:
            return await self._anew(account, mailbox, before), True
        try:
            changes = await mailbox.history(before.mark)
        except MarkTooOld:
            return await self._anew(account, mailbox, before), True
        mails = _mails(changes.changes)
        await self._handle(account, mailbox, mails)
        if changes.mark != before.mark or before.at is None or before.at < now - _KEPT_EVERY:
            await self._following.keep(account.id, before, Followed(changes.mark, now))
        if mails:
            lag = (now - before.at).total_seconds() if before.at else 0.0
            log.info("mailbox_followed", account=account.id, mails=len(mails), lag_seconds=round(lag, 1))
        return len(mails), changes.complete or changes.mark == before.mark

    async def _anew(self, account: Account, mailbox: Mailbox, before: Followed) -> int:
        """Look through the latest mails, with a mark from before looking: what comes meanwhile is seen twice."""
        now = self._clock()
        mark = (await mailbox.profile()).mark
        since = max(min(before.at or now, now - LOOKED_BACK), now - _LONGEST_LOOK_BACK)
        mails: list[_Mail] = []
        if await self._following.began_since(account.id, since - _LONGEST_LOOK_BACK):
            mails = await _latest(mailbox, since)
        log.info("mailbox_looked_through", account=account.id, mails=len(mails), since=since.isoformat())
        await self._handle(account, mailbox, mails)
        await self._following.keep(account.id, before, Followed(mark, now))
        return len(mails)

    async def _handle(self, account: Account, mailbox: Mailbox, mails: Sequence[_Mail]) -> None:
        for mail in mails:
            try:
                await self._look(account, mailbox, mail)
            except Missing:
                continue  # deleted since: what we know of it stays
            except (NotAuthorized, NotGranted):
                raise
            except TryLater:
                # An outage concerns all mails, and is waited for; while all else answers, it is this mail's own.
                await mailbox.profile()
                await self._following.where(account.id)
                if not self._passed_over(account, mail):
                    raise
            # Mail from anybody must not be able to end the following of a mailbox, whatever is wrong with it.
            except Exception:
                if not self._passed_over(account, mail):
                    raise
            else:
                self._failures.pop((account.id, mail.gmail_id), None)

    async def _look(self, account: Account, mailbox: Mailbox, mail: _Mail) -> None:
        if not mail.sent:
            await self._news.received(account, mailbox, mail.gmail_id)
        elif await self._following.awaits_sending(account.id):
            await self._arming.sent(account, mailbox, mail.gmail_id)

    def _passed_over(self, account: Account, mail: _Mail) -> bool:
        """Whether a mail failed so often that the others must not wait for it any longer."""
        key = (account.id, mail.gmail_id)
        self._failures[key] += 1
        if self._failures[key] < _TRIES:
            return False
        del self._failures[key]
        log.exception("mail_passed_over", account=account.id, mail=mail.gmail_id, tries=_TRIES)
        return True


def _mails(changes: Iterable[Change]) -> list[_Mail]:
    """The mails that came to be sent or received, each once, in order."""
    found = (_Mail(change.gmail_id, "SENT" in change.labels) for change in changes if _arrived(change))
    return list({mail.gmail_id: mail for mail in found}.values())


def _arrived(change: Change) -> bool:
    if change.labels & _NOT_MAIL:
        return False
    return change.kind is ChangeKind.ADDED or (change.kind is ChangeKind.LABELS_ADDED and bool(change.moved & _ARRIVED))


async def _latest(mailbox: Mailbox, since: datetime) -> list[_Mail]:
    """Oldest first, what was sent before what was received: a reply is one only to what is known as sent."""
    sent = await mailbox.since(Place.SENT, since, MOST_LOOKED_AT)
    received = await mailbox.since(Place.INBOX, since, MOST_LOOKED_AT)
    ours = {name.gmail_id for name in sent}
    others = [name for name in received if name.gmail_id not in ours]
    return [
        *(_Mail(name.gmail_id, True) for name in reversed(sent)),
        *(_Mail(name.gmail_id, False) for name in reversed(others)),
    ]
