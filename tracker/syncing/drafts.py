"""Orders by Bcc: a draft with a Bcc to its sender's own `name+twotick@domain` is sent tracked, once it is left alone.

Gmail saves a draft again and again while it is written, each time as another
mail. A save is noted when the history tells of it, and looked at when no other
took its place for a while; whoever edits on makes it another order.
"""

from collections.abc import Sequence
from datetime import timedelta

import structlog

from tracker.clock import Clock, new_id
from tracker.drafts import DraftBook
from tracker.mailbox import Change, ChangeKind, DraftName, Mailbox, MailFacts
from tracker.model import Account, Copy
from tracker.ordering import not_sent
from tracker.ports import MessageBook, Missing
from tracker.syncing.addresses import OwnAddresses
from tracker.syncing.cues import HEADERS, cue_in, others_in
from tracker.tagging.words import decoded_words
from tracker.wishes import OrderBook, PreferenceBook, SendOrder

log = structlog.get_logger()

QUIET = timedelta(seconds=60)
_LEFTOVER = timedelta(minutes=10)  # an open compose window saves what it holds again, after we sent its draft
_TOO_OLD = timedelta(hours=6)  # found after an outage, or a new connection: nobody looks for it to go out now
_READ = 20  # drafts in one look, so that a storm of saves keeps no reply waiting

NOBODY = "The draft is addressed to nobody but Twotick. Add the people it is for; it goes out once you leave it alone."
TOO_OLD = "The draft was saved hours before Twotick could look at it. Change anything in it, and it is sent tracked."
LEFTOVER = (
    "A mail with this subject went to the same people a few minutes ago, and this draft looks like what its compose"
    " window left behind. Delete it; if you do want it sent, press Send tracked now, or change its subject."
)


class BccOrders:
    def __init__(
        self,
        drafts: DraftBook,
        orders: OrderBook,
        preferences: PreferenceBook,
        messages: MessageBook,
        own: OwnAddresses,
        clock: Clock,
        quiet: timedelta = QUIET,
    ) -> None:
        self._drafts = drafts
        self._orders = orders
        self._preferences = preferences
        self._messages = messages
        self._own = own
        self._clock = clock
        self._quiet = quiet

    async def noted(self, account: Account, changes: Sequence[Change]) -> None:
        """Note what was saved, and forget what was saved over, sent or deleted. Doing it twice does it once."""
        gone = {change.gmail_id for change in changes if change.kind is ChangeKind.DELETED}
        saved = {change.gmail_id for change in changes if change.kind is ChangeKind.ADDED and "DRAFT" in change.labels}
        await self._drafts.saved(account.id, saved - gone, self._clock())
        await self._drafts.gone(account.id, gone)

    async def noted_all(self, account: Account, mailbox: Mailbox) -> None:
        """Note the latest drafts, where no history tells of them: at the first look, and when Gmail forgot our mark."""
        names = await mailbox.draft_names()
        await self._drafts.saved(account.id, {name.gmail_id for name in names[:_READ]}, self._clock())

    async def look(self, account: Account, mailbox: Mailbox) -> None:
        """Order what was left alone and asks for it. Raises what a Mailbox raises."""
        quiet = (await self._drafts.quiet(account.id, self._clock() - self._quiet))[:_READ]
        if not quiet:
            return
        names = {name.gmail_id: name for name in await mailbox.draft_names()}
        for gmail_id in quiet:
            if name := names.get(gmail_id):
                await self._look_at(account, mailbox, name)
            await self._drafts.gone(account.id, [gmail_id])

    async def _look_at(self, account: Account, mailbox: Mailbox, name: DraftName) -> None:
        try:
            facts = await mailbox.message(name.gmail_id, HEADERS)
        except Missing:
            return  # saved again, sent or deleted since the list was made
        cue = cue_in(facts, await self._own.of(account, mailbox)) if "+" in facts.headers.get("bcc", "") else None
        if cue is None:
            return
        order, others = await self._order(account, name, cue), others_in(facts, cue)
        why = await self._objection(account, facts, others)
        if why:
            await self._orders.refuse(order, why, not_sent(order, self._clock))
        else:
            await self._orders.put(order)
        log.info("draft_ordered_by_bcc", account=account.id, order=order.id, refused=why is not None)

    async def _objection(self, account: Account, facts: MailFacts, others: frozenset[str]) -> str | None:
        """Why the draft is not to be sent, in words for its sender."""
        if not others:
            return NOBODY
        if facts.at < self._clock() - _TOO_OLD:
            return TOO_OLD
        return LEFTOVER if await self._is_leftover(account, facts, others) else None

    async def _order(self, account: Account, name: DraftName, cue: str) -> SendOrder:
        wanted = await self._preferences.of(account.id)
        now = self._clock()
        return SendOrder(
            id=new_id(),
            account_id=account.id,
            # Named for what was saved: looked at twice it is one order, and edited it is another.
            key=f"bcc:{name.draft_id}:{name.gmail_id}"[:255],
            asked_at=now,
            not_before=now + timedelta(seconds=wanted.undo_seconds),
            draft_id=name.draft_id,
            links=wanted.links,
            per_recipient=wanted.per_recipient,
            documents=wanted.documents,
            draft_version=name.gmail_id,
            cue=cue,
        )

    async def _is_leftover(self, account: Account, facts: MailFacts, others: frozenset[str]) -> bool:
        subject = " ".join(decoded_words(facts.headers.get("subject", "")).split())
        recent = await self._messages.reports([account.id], self._clock() - _LEFTOVER, 20)
        return any(report.message.subject == subject and others == _reached(report.copies) for report in recent)


def _reached(copies: Sequence[Copy]) -> frozenset[str]:
    return frozenset(one.address.lower() for copy in copies for one in copy.recipients)
