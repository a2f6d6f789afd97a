"""Gmail as the tokens of an event open it, in memory: as strict about them as Gmail, and as slow as a test wants."""

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from tests.makers import NOON
from tracker.lending import Lent, NewDraft
from tracker.mailbox import MailFacts
from tracker.ports import Missing, Refused


class SleepingLending:
    """Gmail is asleep: no answer ever comes."""

    async def mail(self, lent: Lent, gmail_id: str, headers: Collection[str]) -> MailFacts:
        await asyncio.Event().wait()
        raise AssertionError

    async def create_draft(self, lent: Lent, raw: bytes, thread_id: str) -> NewDraft:
        await asyncio.Event().wait()
        raise AssertionError


@dataclass
class LocalLending:
    """`mails` by any name, `drafts` as they were made. It answers once `awake` is set, first with what `fails`."""

    mails: dict[str, MailFacts] = field(default_factory=dict)
    drafts: list[tuple[bytes, str]] = field(default_factory=list)
    awake: asyncio.Event = field(default_factory=asyncio.Event)
    fails: list[Exception] = field(default_factory=list)

    async def mail(self, lent: Lent, gmail_id: str, headers: Collection[str]) -> MailFacts:
        if not lent.user or not lent.mail:
            raise Refused("not allowed")
        if gmail_id not in self.mails:
            raise Missing("Gmail no longer has this message.")
        return self.mails[gmail_id]

    async def create_draft(self, lent: Lent, raw: bytes, thread_id: str) -> NewDraft:
        if not lent.user:
            raise Refused("not allowed")
        await self.awake.wait()
        if self.fails:
            raise self.fails.pop(0)
        self.drafts.append((raw, thread_id))
        return NewDraft(f"r{len(self.drafts)}", thread_id)


def mail_facts(gmail_id: str, thread_id: str, headers: Mapping[str, str], *labels: str) -> MailFacts:
    return MailFacts(gmail_id, thread_id, frozenset(labels), headers, NOON)
