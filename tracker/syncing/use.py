"""Syncing one mailbox: from where it was left to where it stands now, with no gap and no double work.

The mark is kept only after everything up to it is handled; what is handled
twice after a crash is done once, as each step finds what it did before.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import timedelta

import structlog

from tracker.clock import Clock
from tracker.following import FollowBook, Followed
from tracker.mailbox import Change, ChangeKind, Mailbox, Mailboxes, MarkTooOld, NotGranted
from tracker.model import Account
from tracker.ports import Missing, NotAuthorized, TryLater
from tracker.syncing.arming import Arming
from tracker.syncing.drafts import BccOrders
from tracker.syncing.looking import LONGEST_LOOK_BACK, MOST_LOOKED_AT, Looking, Mail
from tracker.syncing.news import NewsFromOutside

__all__ = ["MOST_LOOKED_AT", "Syncing"]

log = structlog.get_logger()

_TRIES = 3
_KEPT_EVERY = timedelta(minutes=5)  # when nothing happened: a quiet mailbox need not be written to at every look
_NOT_MAIL = frozenset({"DRAFT", "SPAM", "CHAT"})
_ARRIVED = frozenset({"SENT", "INBOX"})


class Syncing:
    def __init__(
        self,
        following: FollowBook,
        mailboxes: Mailboxes,
        arming: Arming,
        news: NewsFromOutside,
        orders: BccOrders,
        clock: Clock,
    ) -> None:
        self._following = following
        self._mailboxes = mailboxes
        self._arming = arming
        self._news = news
        self._orders = orders
        self._clock = clock
        self._looking = Looking(following, self._handle, clock)
        self._failures: Counter[tuple[str, str]] = Counter()

    async def follow(self, account: Account) -> int:
        """Handle what happened since the last time; how many mails were looked at. Raises what a Mailbox raises."""
        mailbox = await self._mailboxes.of(account)
        looked_at, complete = 0, False
        while not complete:
            found, complete = await self._on(account, mailbox, await self._following.where(account.id))
            looked_at += found
        await self._orders.look(account, mailbox)
        return looked_at

    async def _on(self, account: Account, mailbox: Mailbox, before: Followed) -> tuple[int, bool]:
        """One step from a mark to a later one; whether that is where the mailbox stands."""
        now = self._clock()
        try:
            changes = await mailbox.history(before.mark) if before.mark else None
        except MarkTooOld:
            changes = None
        if changes is None:
            await self._orders.noted_all(account, mailbox)
            return await self._looking.through(account, mailbox, before), True
        mails = _mails(changes.changes)
        await self._orders.noted(account, changes.changes)
        await self._following.deleted(account.id, _deleted(changes.changes))
        await self._handle(account, mailbox, mails)
        if changes.mark != before.mark or before.at is None or before.at < now - _KEPT_EVERY:
            await self._following.keep(account.id, before, Followed(changes.mark, now))
        if mails:
            lag = (now - before.at).total_seconds() if before.at else 0.0
            log.info("mailbox_followed", account=account.id, mails=len(mails), lag_seconds=round(lag, 1))
        return len(mails), changes.complete or changes.mark == before.mark

    async def _handle(self, account: Account, mailbox: Mailbox, mails: Sequence[Mail]) -> None:
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

    async def _look(self, account: Account, mailbox: Mailbox, mail: Mail) -> None:
        if not mail.sent:
            await self._news.received(account, mailbox, mail.gmail_id)
        elif await self._following.awaited_since(account.id, self._clock() - LONGEST_LOOK_BACK):
            await self._arming.sent(account, mailbox, mail.gmail_id)

    def _passed_over(self, account: Account, mail: Mail) -> bool:
        """Whether a mail failed so often that the others must not wait for it any longer."""
        key = (account.id, mail.gmail_id)
        self._failures[key] += 1
        if self._failures[key] < _TRIES:
            return False
        del self._failures[key]
        log.exception("mail_passed_over", account=account.id, mail=mail.gmail_id, tries=_TRIES)
        return True


def _mails(changes: Iterable[Change]) -> list[Mail]:
    """The mails that came to be sent or received, each once, in order."""
    found = (Mail(change.gmail_id, "SENT" in change.labels) for change in changes if _arrived(change))
    return list({mail.gmail_id: mail for mail in found}.values())


def _arrived(change: Change) -> bool:
    if change.labels & _NOT_MAIL:
        return False
    return change.kind is ChangeKind.ADDED or (change.kind is ChangeKind.LABELS_ADDED and bool(change.moved & _ARRIVED))


def _deleted(changes: Iterable[Change]) -> set[str]:
    return {change.gmail_id for change in changes if change.kind is ChangeKind.DELETED}
