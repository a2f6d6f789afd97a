"""Arming what went out without our doing: the sent mail carries the pixel of a copy that is not armed yet."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

import structlog

from tracker.following import FollowBook
from tracker.mail_systems import UNKNOWN
from tracker.mailbox import Mailbox
from tracker.model import Account, Copy, Message, MessageState
from tracker.ports import MailSystems, MessageBook
from tracker.sending.addressing import addressed, taken_by
from tracker.syncing.sources import link_tokens, pixel_tokens
from tracker.tagging import recipients_of, subject_of
from tracker.tokens import Tokens

log = structlog.get_logger()

_MOST_TOKENS = 20  # that one mail may make us look up: beyond its own it holds those of quoted history


class Arming:
    def __init__(
        self,
        following: FollowBook,
        messages: MessageBook,
        mail_systems: MailSystems,
        tokens: Tokens,
        judge_again: Callable[[str], Awaitable[None]],
    ) -> None:
        self._following = following
        self._messages = messages
        self._mail_systems = mail_systems
        self._tokens = tokens
        self._judge_again = judge_again

    async def sent(self, account: Account, mailbox: Mailbox, gmail_id: str) -> None:
        """Arm the copies whose pixels a sent mail carries, and finish their messages. Doing it twice does it once.

        Raises what a Mailbox raises.
        """
        raw = await mailbox.raw_message(gmail_id)
        for copy_id in await asyncio.to_thread(self._copies_in, raw):
            found = await self._following.copy(account.id, copy_id)
            if found and _awaited(*found, gmail_id):
                await self._arm(mailbox, found[0], found[1], gmail_id, raw)

    async def _arm(self, mailbox: Mailbox, message: Message, copy: Copy, gmail_id: str, raw: bytes) -> None:
        if not copy.armed:
            copy = await self._as_sent(mailbox, copy, gmail_id, raw)
            await self._messages.arm(copy)
        # Whatever was fetched before the token was armed was taken for the sender's own look.
        await self._judge_again(copy.id)
        sent = [one.sent_at for one in await self._messages.copies(message.id)]
        if all(sent):
            first = min(at for at in sent if at)
            subject = subject_of(raw) or message.subject
            await self._messages.finish(replace(message, state=MessageState.SENT, sent_at=first, subject=subject))
            log.info("sent_mail_armed", message=message.id, account=message.account_id)

    async def _as_sent(self, mailbox: Mailbox, copy: Copy, gmail_id: str, raw: bytes) -> Copy:
        facts = await mailbox.sent_facts(gmail_id)
        # Those of a compose window came from Google's event: nobody has looked up their mail systems yet.
        known = [one for one in copy.recipients if one.mail_system != UNKNOWN]
        recipients = await addressed(recipients_of(raw), self._mail_systems, known=known)
        return replace(
            taken_by(copy, recipients or copy.recipients),
            sent_at=facts.sent_at,
            gmail_id=facts.gmail_id,
            thread_id=facts.thread_id,
            rfc_message_id=facts.rfc_message_id,
            links_total=await asyncio.to_thread(self._links_of, copy.id, raw),
        )

    def _copies_in(self, raw: bytes) -> list[str]:
        named = (self._tokens.read_pixel(token) for token in pixel_tokens(raw))
        return [copy_id for copy_id in named if copy_id][:_MOST_TOKENS]

    def _links_of(self, copy_id: str, raw: bytes) -> int:
        links = (self._tokens.read_link(token) for token in link_tokens(raw))
        return sum(link is not None and link.copy_id == copy_id for link in links)


def _awaited(message: Message, copy: Copy, gmail_id: str) -> bool:
    """Whether something is left to do: a crash may have come between arming and finishing."""
    if message.state is MessageState.SENT or message.stopped_at:
        return False
    return not copy.armed or copy.gmail_id == gmail_id
