"""Gmail, as far as we need it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from tracker.model import Account


@dataclass(frozen=True, slots=True)
class Draft:
    """A Gmail draft, whole: its raw bytes as RFC 5322. Each save makes another `version` of it."""

    id: str
    raw: bytes
    thread_id: str | None
    version: str = ""


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A Gmail draft as a list shows it; `to` are all whom it is for."""

    id: str
    subject: str
    to: str


@dataclass(frozen=True, slots=True)
class SentFacts:
    """What Gmail made of a mail that we sent."""

    gmail_id: str
    thread_id: str
    rfc_message_id: str
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class SentName:
    """What Gmail calls a mail that it took, and its conversation."""

    gmail_id: str
    thread_id: str


class Mailer(Protocol):
    """One account's Gmail. Every call may raise Refused (Missing among it), TryLater or NotAuthorized."""

    async def drafts(self, limit: int) -> Sequence[DraftLine]:
        """The latest drafts."""

    async def draft(self, draft_id: str) -> Draft: ...

    async def draft_version(self, draft_id: str) -> str:
        """The version that a draft is in now. Missing when it was sent or deleted."""

    async def create_draft(self, raw: bytes, thread_id: str | None) -> str:
        """Save a draft; its id."""

    async def find_draft(self, rfc_message_id: str) -> str | None:
        """The id of a draft with this Message-ID header."""

    async def find_marked_draft(self, mark: str) -> str | None:
        """The id of a late draft whose source contains this text, decoded."""

    async def send_draft(self, draft_id: str, raw: bytes, thread_id: str | None) -> str:
        """Send a draft as `raw`; the sent message's id. Missing when the draft was sent or deleted."""

    async def send_mail(self, raw: bytes) -> SentName:
        """Send a mail without a draft: the only way out where we may only send.

        It is not safe to repeat: after any TryLater but Undone, the mail may be out.
        """

    async def sent_facts(self, gmail_id: str) -> SentFacts: ...

    async def find_sent(self, since: datetime, marks: Sequence[str]) -> SentFacts | None:
        """A mail sent since then whose source contains one of these texts (a token, a Message-ID), decoded."""


class Mailers(Protocol):
    async def of(self, account: Account) -> Mailer:
        """The account's Gmail. Raises NotAuthorized."""
