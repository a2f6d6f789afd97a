"""One copy's way out, in steps of which each may be the last before a crash."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from tracker.clock import Clock, within
from tracker.model import Copy
from tracker.ports import InDoubt, Mailer, MailSystems, MessageBook, Missing, SentFacts, TryLater
from tracker.sending.addressing import addressed, taken_by
from tracker.sending.parcels import Parcel
from tracker.tagging import Tagged, Untaggable, message_id_of

Tag = Callable[[Copy, bytes], Tagged | Untaggable]

_CLOCKS_APART = timedelta(minutes=10)  # how far Gmail's clock may be behind ours
INDEX_PAUSES = (0.5, 2.0, 5.0)  # Gmail's search may show a mail some seconds after it was sent

DELETED = "The draft is no longer in Gmail, and nothing was sent from it by Twotick. Write it again, or pick another."
VANISHED = (
    "The draft is gone from Gmail, and the sent mail is not to be found yet. If it went out, Twotick notices within"
    " minutes; look into Gmail's Sent folder before you send it again."
)
EDITED = "The draft was changed while it was being sent, so it was not. Send it again when it is as you want it."


class Edited(TryLater):
    """The draft is not as it was when we read it, or when it was ordered: nothing was sent."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """A copy that is out; `tagged` as it went, None when it had gone out before."""

    copy: Copy
    tagged: Tagged | Untaggable | None = None


def in_doubt(copy: Copy) -> InDoubt:
    """What to say of a copy that may be out: we cannot look, and twice is worse than asking."""
    to = ", ".join(one.address for one in copy.recipients)
    return InDoubt(
        f"The mail to {to} may or may not be out: Gmail was asked to send it and its answer never came. Look into"
        " Gmail's Sent folder. Twotick never sends it again by itself: if it is not there, write it again; of a"
        " file, change anything in it, and send that."
    )


class Delivery:
    """Takes copies of one account to Gmail, each once.

    A draft is a mail's only way out and Gmail destroys it by sending, so one
    look tells what came of an interrupted try: the draft is there (not sent),
    or a sent mail holds our token (sent), or neither (its owner deleted it).
    """

    def __init__(
        self,
        messages: MessageBook,
        mailer: Mailer,
        mail_systems: MailSystems,
        tag: Tag,
        mark: Callable[[Copy], str],
        clock: Clock,
        index_pauses: Sequence[float] = INDEX_PAUSES,
    ) -> None:
        self._messages = messages
        self._mailer = mailer
        self._mail_systems = mail_systems
        self._tag = tag
        self._mark = mark
        self._clock = clock
        self._index_pauses = index_pauses

    async def deliver(self, copy: Copy, parcel: Parcel | None) -> Delivered:
        """Send a copy unless it is out, and arm it. `parcel` is None when its source is gone.

        Raises what a Mailer raises.
        """
        if not copy.armed and copy.attempted_at:
            copy = await self.recover(copy) or copy
        if copy.armed:
            return Delivered(copy)
        if parcel is None:
            raise Missing(DELETED)
        return await self._send(copy, parcel)

    async def recover(self, copy: Copy) -> Copy | None:
        """Arm an attempted copy that did go out; None when its draft is still there.

        Raises Missing(VANISHED); InDoubt for one that was sent without a draft, when we might only send.
        """
        if copy.draft_id is None:
            return await self._armed(copy, await self._found_without_draft(copy))
        if await self._is_draft(copy.draft_id):
            return None
        return await self._armed(copy, await self._found(copy))

    async def _send(self, copy: Copy, parcel: Parcel) -> Delivered:
        draft_id = copy.draft_id or await self._messages.drafted(copy.id, await self._draft_of(parcel))
        tagged = await asyncio.to_thread(self._tag, copy, parcel.raw)  # large mails take half a second
        rfc_message_id = message_id_of(parcel.raw)
        links_total = tagged.links if isinstance(tagged, Tagged) else 0
        # Its owner may have changed the draft since the message was begun.
        recipients = await addressed(parcel.recipients, self._mail_systems, known=copy.recipients)
        copy = replace(copy, draft_id=draft_id, attempted_at=self._clock(), rfc_message_id=rfc_message_id)
        await self._messages.attempted(copy.id, self._clock(), rfc_message_id)
        facts = await self._sent(copy, draft_id, tagged.raw, parcel)
        armed = await self._armed(replace(taken_by(copy, recipients), links_total=links_total), facts)
        return Delivered(armed, tagged)

    async def _sent(self, copy: Copy, draft_id: str, raw: bytes, parcel: Parcel) -> SentFacts:
        try:
            # Gmail sends what we give it, whatever was saved meanwhile: what its owner just wrote would be lost.
            if parcel.version and await self._mailer.draft_version(draft_id) != parcel.version:
                raise Edited(EDITED)
            gmail_id = await self._mailer.send_draft(draft_id, raw, parcel.thread_id)
        except Missing:
            return await self._found(copy)
        return await self._mailer.sent_facts(gmail_id)

    async def _draft_of(self, parcel: Parcel) -> str:
        if parcel.draft_id:
            return parcel.draft_id
        rfc_message_id = message_id_of(parcel.raw)
        found = await self._mailer.find_draft(rfc_message_id) if rfc_message_id else None
        return found or await self._mailer.create_draft(parcel.raw, parcel.thread_id)

    async def _is_draft(self, draft_id: str) -> bool:
        try:
            await self._mailer.draft(draft_id)
        except Missing:
            return False
        return True

    async def _found(self, copy: Copy) -> SentFacts:
        since = (copy.attempted_at or self._clock()) - _CLOCKS_APART
        marks = [self._mark(copy), *([copy.rfc_message_id] if copy.rfc_message_id else [])]
        for pause in (*self._index_pauses, None):
            facts = await self._mailer.find_sent(since, marks)
            if facts:
                return facts
            if pause is not None:
                await asyncio.sleep(pause)
        raise Missing(VANISHED)

    async def _found_without_draft(self, copy: Copy) -> SentFacts:
        try:
            return await self._found(copy)
        except Missing:
            raise in_doubt(copy) from None

    async def _armed(self, copy: Copy, facts: SentFacts) -> Copy:
        armed = replace(
            copy,
            # Hits are judged by how long after it they come, and are noted by our own clock, which may be off.
            sent_at=within(facts.sent_at, copy.attempted_at or facts.sent_at, self._clock()),
            gmail_id=facts.gmail_id,
            thread_id=facts.thread_id,
            rfc_message_id=facts.rfc_message_id,
        )
        await self._messages.arm(armed)
        return armed
