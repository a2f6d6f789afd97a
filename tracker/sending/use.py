"""Sending an order once, however often it is repeated and wherever it was interrupted."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from tracker.clock import Clock, new_id
from tracker.granting import Granting
from tracker.model import Account, Copy, Message, MessageState, Recipient
from tracker.ports import Draft, InDoubt, Mailer, Mailers, MailSystems, MessageBook, Missing, NotAuthorized, Refused
from tracker.sending.addressing import addressed
from tracker.sending.delivery import DELETED, EDITED, INDEX_PAUSES, Delivered, Delivery, Edited
from tracker.sending.direct import ONLY_SENDS, DirectDelivery
from tracker.sending.orders import Order, Outcome, begun
from tracker.sending.parcels import parcel_for
from tracker.sending.partly import sent_to
from tracker.sending.shelving import Shelving
from tracker.tagger import Linking, Tagger
from tracker.tagging import Tagged, Untaggable, recipients_of, subject_of, without_bcc

Progress = Callable[[int, int], None]
Read = Callable[[bytes], Awaitable[None]]
_NO_LINKS = Linking()


class Sending:
    """Sends orders, and arms the tokens of what is out."""

    def __init__(
        self,
        messages: MessageBook,
        mailers: Mailers,
        tagger: Tagger,
        judge_again: Callable[[str], Awaitable[None]],
        granting: Granting,
        mail_systems: MailSystems,
        clock: Clock,
        index_pauses: Sequence[float] = INDEX_PAUSES,
        shelving: Shelving | None = None,
    ) -> None:
        self._messages = messages
        self._mailers = mailers
        self._tagger = tagger
        self._judge_again = judge_again
        self._granting = granting
        self._mail_systems = mail_systems
        self._clock = clock
        self._index_pauses = index_pauses
        self._shelving = shelving

    async def send(
        self, account: Account, order: Order, progress: Progress = lambda done, of: None, read: Read | None = None
    ) -> Outcome:
        """Send an order and return when Gmail has it; `read` is told what the draft holds, before it goes out.

        Raises what a Mailer raises; repeating it is always safe.
        """
        try:
            return await self._send(account, order, progress, read)
        except NotAuthorized:
            await self._granting.withdrawn(account)
            raise

    async def complete(self, account: Account, message: Message) -> bool:
        """Arm copies that went out before a crash, and finish the message if they all did. Sends nothing."""
        delivery = self._delivery(account, await self._mailers.of(account), message)
        copies = [
            copy if copy.armed or not copy.attempted_at else await delivery.recover(copy) or copy
            for copy in await self._messages.copies(message.id)
        ]
        if not all(copy.armed for copy in copies):
            return False
        await self._finish(message, copies)
        return True

    async def _send(self, account: Account, order: Order, progress: Progress, read: Read | None) -> Outcome:
        message = await self._messages.by_source(account.id, order.source)
        if message and message.state is MessageState.SENT:
            return Outcome(message, tuple(await self._messages.copies(message.id)), repeated=True)
        if order.draft_id and not account.may_follow:
            raise Refused(ONLY_SENDS)
        mailer = await self._mailers.of(account)
        original = await self._original(mailer, order)
        if read and original:
            await read(original.raw)
        message = message or await self._begin(account, order, original)
        linking = await self._linking(message, original)
        message = replace(message, left_attached=linking.left)
        return await self._deliver(
            self._delivery(account, mailer, message, linking), account, message, original, progress
        )

    async def _linking(self, message: Message, original: Draft | None) -> Linking:
        """The attachments on their shelf, before Gmail is asked for anything."""
        if original is None or self._shelving is None or not message.documents:
            return Linking(left=message.left_attached)
        return await self._shelving.shelved(message, original.raw)

    async def _original(self, mailer: Mailer, order: Order) -> Draft | None:
        if order.draft_id is None:
            return Draft(id="", raw=order.raw or b"", thread_id=None)
        try:
            draft = await mailer.draft(order.draft_id)
        except Missing:
            return None  # sent by an earlier, interrupted try, or deleted: the copies tell
        if order.version and draft.version != order.version:
            raise Edited(EDITED)
        return replace(draft, raw=without_bcc(draft.raw, order.cue)) if order.cue else draft

    async def _begin(self, account: Account, order: Order, original: Draft | None) -> Message:
        if original is None:
            raise Missing(DELETED)
        recipients = await addressed(recipients_of(original.raw), self._mail_systems)
        if not recipients:
            raise Refused("This mail has no recipient. Add one, then send it again.")
        probe = self._tagger.tag(original.raw, new_id(), links=order.links)
        untracked = probe.reason if isinstance(probe, Untaggable) else None
        message, copies = begun(account, order, original.raw, recipients, untracked, self._clock)
        try:
            await self._messages.begin(message, copies)
        except ValueError:  # another process began the same order a moment ago: go on with its tokens
            return await self._messages.by_source(account.id, order.source) or message
        return message

    async def _deliver(
        self,
        delivery: Delivery | DirectDelivery,
        account: Account,
        message: Message,
        original: Draft | None,
        progress: Progress,
    ) -> Outcome:
        copies = await self._messages.copies(message.id)
        if original:
            message = replace(message, subject=subject_of(original.raw))  # it may have been edited since it was begun
        if original and message.per_recipient:
            _refuse_other_people(copies, recipients_of(original.raw))
        out: list[Copy] = []
        failures: list[tuple[Copy, Refused]] = []
        for copy in copies:
            parcel = parcel_for(copy, account, message, original, last=copy is copies[-1])
            try:
                delivered = await delivery.deliver(copy, parcel)
            except Refused as refusal:
                # One bad address must not keep the other recipients from their mail.
                failures.append((copy, refusal))
                continue
            message = _noted(message, delivered)
            out.append(delivered.copy)
            progress(len(out), len(copies))
        if failures:
            raise _partly(failures, len(copies))
        return await self._finish(message, out)

    async def _finish(self, message: Message, copies: Sequence[Copy]) -> Outcome:
        for copy in copies:
            # Whatever was fetched before the token was armed was taken for the sender's own look.
            await self._judge_again(copy.id)
        sent_at = min(copy.sent_at for copy in copies if copy.sent_at)
        done = replace(message, state=MessageState.SENT, sent_at=sent_at)
        await self._messages.finish(done)
        return Outcome(done, tuple(copies))

    def _delivery(
        self, account: Account, mailer: Mailer, message: Message, linking: Linking = _NO_LINKS
    ) -> Delivery | DirectDelivery:
        def tag(copy: Copy, raw: bytes) -> Tagged | Untaggable:
            return self._tagger.tag(raw, copy.id, links=message.links, linking=linking)

        if not account.may_follow:
            return DirectDelivery(self._messages, mailer, self._mail_systems, tag, self._clock)

        return Delivery(
            self._messages, mailer, self._mail_systems, tag, self._tagger.mark, self._clock, self._index_pauses
        )


def _refuse_other_people(copies: Sequence[Copy], recipients: Sequence[Recipient]) -> None:
    """Whoever was taken off a draft must not get the rest of it, and whoever was added would get nothing unnoticed."""
    begun_for = {one.address.lower() for copy in copies for one in copy.recipients}
    if begun_for == {one.address.lower() for one in recipients}:
        return
    have_it = ", ".join(one.address for copy in copies if copy.armed for one in copy.recipients) or "nobody"
    raise Refused(
        f"The recipients of this draft changed after its sending was interrupted. Sent so far to: {have_it}."
        " Put the recipients back and send it again, or send a new draft to those who have not got it."
    )


def _noted(message: Message, delivered: Delivered) -> Message:
    if delivered.tagged is None:
        return message
    reason = delivered.tagged.reason if isinstance(delivered.tagged, Untaggable) else None
    # A draft that was edited after an interrupted try is known by what it is called now.
    return replace(message, untracked=reason, subject=subject_of(delivered.tagged.raw))


def _partly(failures: Sequence[tuple[Copy, Refused]], of: int) -> Refused:
    if of == 1:
        return failures[0][1]
    told = [sent_to(of - len(failures), of)]
    unsent = [(copy, why) for copy, why in failures if not isinstance(why, InDoubt)]
    if unsent:
        people = "; ".join(f"{', '.join(one.address for one in copy.recipients)} ({why})" for copy, why in unsent)
        told.append(f"Not sent to: {people}. Sending it again sends only those.")
    told += [str(why) for _, why in failures if isinstance(why, InDoubt)]
    return Refused(" ".join(told))
