"""A sender's desk whose mailbox is followed, and what comes of it."""

from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest

from tests.fuses import Fuse, Fused
from tests.standins.gmail import GmailStandin, StoredMessage
from tests.tracker.sending.conftest import BASE, TOKENS, FusedMailers, Office, a_mail, office
from tracker.clock import Clock, utc_now
from tracker.composing import Composing
from tracker.following import Answer
from tracker.granting import Granting
from tracker.judging import judge
from tracker.model import Account, AlertKind, Copy, Message, Recipient, Summary
from tracker.ports import Store
from tracker.recording import Recording
from tracker.sending import Order
from tracker.syncing import Arming, BccOrders, NewsFromOutside, OwnAddresses, Rounds, Syncing

__all__ = ["Desk", "a_mail", "office"]

ADA = "ada@acme.example"


@dataclass(slots=True)
class Desk:
    """One followed mailbox. `follow` is what the worker does at each look, in a process that may die."""

    office: Office

    @property
    def gmail(self) -> GmailStandin:
        return self.office.gmail

    @property
    def store(self) -> Store:
        return self.office.store

    @property
    def account(self) -> Account:
        return self.office.account

    async def follow(self, fuse: Fuse | None = None) -> int:
        return await self.syncing(fuse or Fuse()).follow(self.account)

    async def rounds(self, syncing: Syncing | None = None) -> None:
        rounds = self.new_rounds(syncing)
        await rounds.begin()
        await rounds.ended()

    def new_rounds(self, syncing: Syncing | None = None, **how: Any) -> Rounds:
        granting = Granting(self.store.accounts, utc_now)
        how.setdefault("clock", utc_now)
        return Rounds(self.store.accounts, self.store.watches, syncing or self.syncing(), granting, **how)

    def syncing(self, fuse: Fuse | None = None, mailboxes: Any = None, clock: Clock = utc_now) -> Syncing:
        fuse = fuse or Fuse()
        following, messages = Fused(self.store.following, fuse), Fused(self.store.messages, fuse)
        recording = Recording(Fused(self.store.hits, fuse), judge, timedelta(0), utc_now)
        arming = Arming(following, messages, self.office.directory, TOKENS, recording.judge_again)
        own = OwnAddresses(utc_now)
        news = NewsFromOutside(following, recording, own, utc_now)
        drafts, orders = Fused(self.store.drafts, fuse), Fused(self.store.orders, fuse)
        by_bcc = BccOrders(drafts, orders, self.store.preferences, messages, own, clock)
        mailboxes = mailboxes or FusedMailers(self.office.mailers, fuse)
        return Syncing(following, mailboxes, arming, news, by_bcc, clock)

    async def sent(self, to: str = ADA, **facts: Any) -> tuple[Message, list[Copy]]:
        """A mail that Twotick sent."""
        per_recipient = facts.pop("per_recipient", False)
        outcome = await self.office.send(Order(raw=a_mail(to, **facts), per_recipient=per_recipient))
        return outcome.message, list(outcome.copies)

    async def composed(self, window: str = "w1", to: str = ADA, account: Account | None = None) -> tuple[Copy, str]:
        """A mail in a compose window with our pixel in it: its unarmed copy, and the draft's id."""
        composing = Composing(self.store.messages, utc_now)
        copy = await composing.track(account or self.account, window, [Recipient("draft@acme.example")])
        pixel = f'<img src="{BASE}/o/{TOKENS.pixel(copy.id)}.gif" width="1" height="1">'
        return copy, self.gmail.compose(self.account.email, a_mail(to), pixel)

    def answered(self, by: str = ADA, text: str = "Yes.") -> StoredMessage:
        """The recipient answers the latest mail in their inbox."""
        [latest, *_] = self.gmail.mailboxes[by].labelled("INBOX")
        return self.gmail.reply(by, latest.id, text)

    def written(self, sender: str = ADA, text: str = "Hello.", **headers: str) -> None:
        """A mail with these headers comes in from somebody."""
        mail = EmailMessage()
        mail["To"] = self.account.email
        for name, value in {"Subject": "Something else", **headers}.items():
            mail[name.replace("_", "-")] = value
        mail.set_content(text)
        self.gmail.add_mailbox(sender)
        self.gmail.send(sender, mail.as_bytes())

    async def copy(self, copy_id: str) -> Copy:
        found = await self.store.following.copy(self.account.id, copy_id)
        assert found
        return found[1]

    async def summary(self, copy: Copy) -> Summary:
        return (await self.store.hits.histories([copy.id]))[copy.id].summary

    async def answers(self, copy: Copy) -> list[Answer]:
        return list(await self.store.following.answers(copy.id))

    async def told(self) -> list[AlertKind]:
        """What is to be said and was not asked for before."""
        now = utc_now() + timedelta(minutes=1)
        leased = await self.store.alerts.lease(now, now + timedelta(days=1), 100)
        return [alert.kind for one in leased for alert in one.alerts]


@pytest.fixture
async def desk(office: Office) -> Desk:
    """A desk whose mailbox is followed from now on."""
    desk = Desk(office)
    await desk.follow()
    return desk
