"""The way out without a draft, for mailboxes that let us send and nothing else."""

from collections.abc import Callable
from dataclasses import replace

from tracker.clock import Clock
from tracker.model import Copy
from tracker.ports import Mailer, MailSystems, MessageBook, NotAuthorized, Refused, SentName, TryLater, Undone
from tracker.sending.addressing import addressed, taken_by
from tracker.sending.delivery import Delivered, in_doubt
from tracker.sending.parcels import Parcel
from tracker.tagging import Tagged, Untaggable, message_id_of

ONLY_SENDS = (
    "This mailbox lets Twotick send what is written in Slack or comes from a file, and neither read nor write drafts."
    " To change that, type /opens connect in Slack and choose the same mailbox."
)


class DirectDelivery:
    """Takes copies of one account to Gmail, each asked for once.

    Nothing tells afterwards whether an interrupted try went out. So a try is
    noted before Gmail is asked, by whoever comes first, and taken back only
    when Gmail certainly sent nothing.
    """

    def __init__(
        self,
        messages: MessageBook,
        mailer: Mailer,
        mail_systems: MailSystems,
        tag: Callable[[Copy, bytes], Tagged | Untaggable],
        clock: Clock,
    ) -> None:
        self._messages = messages
        self._mailer = mailer
        self._mail_systems = mail_systems
        self._tag = tag
        self._clock = clock

    async def deliver(self, copy: Copy, parcel: Parcel | None) -> Delivered:
        """Send a copy that nobody tried to send, and arm it. Raises InDoubt for one that was; else as a Mailer."""
        if copy.armed:
            return Delivered(copy)
        if parcel is None:
            raise Refused(ONLY_SENDS)
        rfc_message_id = message_id_of(parcel.raw)
        tagged = self._tag(copy, parcel.raw)
        recipients = await addressed(parcel.recipients, self._mail_systems, known=copy.recipients)
        if not await self._messages.attempt_once(copy.id, self._clock(), rfc_message_id):
            raise in_doubt(copy)
        name = await self._sent(copy, tagged.raw)
        armed = replace(
            taken_by(copy, recipients),
            links_total=tagged.links if isinstance(tagged, Tagged) else 0,
            # Gmail's own date is not ours to read; it lies within the call that just ended.
            sent_at=self._clock(),
            gmail_id=name.gmail_id,
            thread_id=name.thread_id,
            rfc_message_id=rfc_message_id,
        )
        await self._messages.arm(armed)
        return Delivered(armed, tagged)

    async def recover(self, copy: Copy) -> Copy | None:
        raise in_doubt(copy)

    async def _sent(self, copy: Copy, raw: bytes) -> SentName:
        try:
            return await self._mailer.send_mail(raw)
        except (Undone, Refused, NotAuthorized):
            await self._messages.not_attempted(copy.id)
            raise
        except TryLater:
            raise in_doubt(copy) from None
