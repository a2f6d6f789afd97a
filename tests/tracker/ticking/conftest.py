"""A sender's desk whose conversations carry ticks, and what is seen of them in Gmail."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.fuses import Fuse, Fused
from tests.makers import a_summary
from tests.standins.gmail import GmailStandin, StoredMessage
from tests.tracker.sending.conftest import FusedMailers, Office, a_mail, office
from tracker.clock import utc_now
from tracker.granting import Granting
from tracker.model import Account, Copy
from tracker.ports import Recorded, Store
from tracker.sending import Order
from tracker.ticking import Ticking

__all__ = ["Desk", "office"]


@dataclass(slots=True)
class Watch:
    """Runs on only when told to."""

    now: datetime = field(default_factory=utc_now)

    def __call__(self) -> datetime:
        return self.now

    def ahead(self, **parts: float) -> None:
        self.now += timedelta(**parts)


@dataclass(slots=True)
class Desk:
    """One mailbox with ticks. `move` is what the worker does each second, in a process that may die."""

    office: Office
    watch: Watch = field(default_factory=Watch)

    @property
    def gmail(self) -> GmailStandin:
        return self.office.gmail

    @property
    def store(self) -> Store:
        return self.office.store

    @property
    def account(self) -> Account:
        return self.office.account

    async def move(self, fuse: Fuse | None = None) -> None:
        ticking = self.ticking(fuse)
        await ticking.begin()
        await ticking.ended()

    def ticking(self, fuse: Fuse | None = None, mailboxes: Any = None) -> Ticking:
        fuse = fuse or Fuse()
        mailboxes = mailboxes or FusedMailers(self.office.mailers, fuse)
        granting = Granting(self.store.accounts, self.watch)
        return Ticking(
            Fused(self.store.ticks, fuse), self.store.accounts, mailboxes, granting, self.watch, sleep=at_once
        )

    async def sent(self, to: str = "ada@acme.example", **facts: Any) -> list[Copy]:
        per_recipient = facts.pop("per_recipient", False)
        outcome = await self.office.send(Order(raw=a_mail(to, **facts), per_recipient=per_recipient))
        return list(outcome.copies)

    async def opened(self, copy: Copy, opens: int = 1) -> None:
        version = (await self.store.hits.histories([copy.id]))[copy.id].version
        await self.store.hits.record([Recorded(copy.id, version, (), a_summary(opens=opens), ())])

    def mail(self, copy: Copy) -> StoredMessage:
        return self.gmail.mailboxes[self.account.email].messages[copy.gmail_id or ""]

    def shown(self, copy: Copy) -> set[str]:
        """The labels on a sent mail, by the names that its owner sees."""
        return self.gmail.mailboxes[self.account.email].label_names(self.mail(copy))

    def asked(self, method: str) -> int:
        """How often Gmail was asked for something."""
        return sum(name == f"gmail.users.{method}" for name, _ in self.gmail.calls)


async def at_once(seconds: float) -> None:
    """Wait for nothing."""


@pytest.fixture
def desk(office: Office) -> Desk:
    return Desk(office)
