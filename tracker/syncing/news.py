"""News from outside: a mail that came in may be a reply to ours, or ours coming back."""

import asyncio
from collections.abc import Collection, Sequence

import structlog

from tracker.clock import Clock, new_id
from tracker.following import Answer, AnswerKind, FollowBook
from tracker.mailbox import Mailbox, MailFacts
from tracker.model import Account, Alert, AlertKind, Copy
from tracker.recording import Recording
from tracker.syncing.addresses import OwnAddresses
from tracker.syncing.bounces import Bounce, Undelivered, looks_like_bounce, read_bounce
from tracker.syncing.replies import HEADERS, Author, answered_ids, author_of, is_automatic

log = structlog.get_logger()


class NewsFromOutside:
    """Notes replies and bounces, each once however often its mail is looked at."""

    def __init__(self, following: FollowBook, recording: Recording, own: OwnAddresses, clock: Clock) -> None:
        self._following = following
        self._recording = recording
        self._own = own
        self._clock = clock

    async def received(self, account: Account, mailbox: Mailbox, gmail_id: str) -> None:
        """Note what a mail that came in says about ours. Raises what a Mailbox raises."""
        mail = await mailbox.message(gmail_id, HEADERS)
        if looks_like_bounce(mail.headers):
            bounce = await asyncio.to_thread(read_bounce, await mailbox.raw_message(gmail_id))
            if bounce:
                await self._came_back(account, mail, bounce)
        elif not is_automatic(mail):
            await self._written(account, mailbox, mail)

    async def _written(self, account: Account, mailbox: Mailbox, mail: MailFacts) -> None:
        author, ids = author_of(mail), answered_ids(mail)
        copies = [copy for copy in await self._about(account, mail, ids) if copy.sent_at and copy.sent_at <= mail.at]
        if not copies or author.address in await self._own.of(account, mailbox):
            return
        copy = _answered(copies, author, ids)
        await self._recording.replied(copy.id, mail.at)
        answer = Answer(copy.id, mail.gmail_id, AnswerKind.REPLY, author.label, mail.at)
        await self._following.note(answer, self._alert(account, copy, AlertKind.REPLIED, copy.id))
        log.info("reply_noted", account=account.id, message=copy.message_id)

    async def _came_back(self, account: Account, mail: MailFacts, bounce: Bounce) -> None:
        copies = await self._about(account, mail, bounce.rfc_message_ids)
        for one in bounce.undelivered:
            if copy := _meant(copies, one, bounce.rfc_message_ids):
                await self._undelivered(account, mail, copy, one)

    async def _undelivered(self, account: Account, mail: MailFacts, copy: Copy, one: Undelivered) -> None:
        address = _as_written(copy, one)
        answer = Answer(copy.id, mail.gmail_id, AnswerKind.BOUNCE, address, mail.at, one.why)
        await self._following.note(answer, self._alert(account, copy, AlertKind.BOUNCED, f"{copy.id}:{address}"))
        answers = await self._following.answers(copy.id)
        lost = {answer.who for answer in answers if answer.kind is AnswerKind.BOUNCE}
        if {recipient.address.lower() for recipient in copy.recipients} <= lost:
            await self._recording.bounced(copy.id, mail.at)
        log.info("bounce_noted", account=account.id, message=copy.message_id, why=one.why)

    async def _about(self, account: Account, mail: MailFacts, ids: Collection[str]) -> Sequence[Copy]:
        """Our copies that it may be about, earliest first: those of its conversation, and those it names."""
        in_thread = await self._following.in_threads(account.id, [mail.thread_id])
        named = await self._following.with_message_ids(account.id, ids)
        return sorted({copy.id: copy for copy in (*in_thread, *named)}.values(), key=_sent_at)

    def _alert(self, account: Account, copy: Copy, kind: AlertKind, about: str) -> Alert:
        return Alert(
            id=new_id(),
            # Two hundred and fifty-five characters are kept of a key, and an address may have more.
            key=f"{kind}:{about}"[:255],
            kind=kind,
            account_id=account.id,
            due_at=self._clock(),
            message_id=copy.message_id,
            copy_id=copy.id,
        )


def _answered(copies: Sequence[Copy], author: Author, ids: Sequence[str]) -> Copy:
    """The copy that a reply answers: the one that it names, else its author's own, else the latest."""
    by_id = {copy.rfc_message_id: copy for copy in copies}
    named = next((by_id[name] for name in ids if name in by_id), None)
    return named or next((copy for copy in reversed(copies) if _is_to(copy, author.address)), copies[-1])


def _meant(copies: Sequence[Copy], one: Undelivered, ids: Sequence[str]) -> Copy | None:
    """The copy that came back: one to this address, best the one that is named; else one that is named."""
    named = [copy for copy in copies if copy.rfc_message_id in ids]
    to_them = [copy for copy in (*copies, *named) if _is_to(copy, one.meant) or _is_to(copy, one.address)]
    return next(reversed(to_them or named), None)


def _as_written(copy: Copy, one: Undelivered) -> str:
    """The recipient who was not reached: mail to a single one may have been lost behind another address of theirs."""
    for address in (one.meant, one.address):
        if _is_to(copy, address):
            return address
    return copy.recipients[0].address.lower() if len(copy.recipients) == 1 else one.meant


def _is_to(copy: Copy, address: str) -> bool:
    return any(recipient.address.lower() == address for recipient in copy.recipients)


def _sent_at(copy: Copy) -> float:
    return copy.sent_at.timestamp() if copy.sent_at else 0.0
