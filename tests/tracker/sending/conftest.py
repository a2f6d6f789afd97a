"""One sender with a strict local Gmail and a real store, and what tests ask of them."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest

from tests.fuses import Fuse, Fused
from tests.makers import a_hit, an_account
from tests.standins.gmail import GmailStandin, StoredMessage, start_gmail
from tracker.clock import utc_now
from tracker.gmail.asking import Patience
from tracker.gmail.mailers import GoogleMailers
from tracker.granting import Granting
from tracker.judging import judge
from tracker.model import Account, Copy
from tracker.ports import Mailers, Store
from tracker.recording import Recording
from tracker.sending import Order, Outcome, Recovery, Sending, Shelving
from tracker.store.opening import open_store
from tracker.tagger import Tagger
from tracker.tokens import Tokens

BASE = "https://track.example"
TOKENS = Tokens(["a key of this test"])


@dataclass(slots=True)
class Directory:
    """Mail systems as if name servers had been asked."""

    asked: list[Collection[str]] = field(default_factory=list)

    async def of(self, domains: Collection[str]) -> Mapping[str, str]:
        self.asked.append(domains)
        return {domain: "google" if domain == "acme.example" else "other" for domain in domains}


class FusedMailers:
    """Every account's Gmail behind a fuse."""

    def __init__(self, inner: Mailers, fuse: Fuse) -> None:
        self._inner = inner
        self._fuse = fuse

    async def of(self, account: Account) -> Any:
        return Fused(await self._inner.of(account), self._fuse)


@dataclass(frozen=True, slots=True)
class Office:
    """A sender's desk: what is sent from it, and what Gmail and our books then hold."""

    store: Store
    gmail: GmailStandin
    mailers: Mailers
    account: Account
    directory: Directory = field(default_factory=Directory)
    api_url: str = ""
    token_url: str = ""

    def impatient(self) -> GoogleMailers:
        """Another way to the same Gmail, which gives up at once; to be closed."""
        return _mailers(self.gmail, self.api_url, self.token_url, self.store, Patience(delays=()))

    async def send(self, order: Order, fuse: Fuse | None = None, shelf: Any = None) -> Outcome:
        """Send in a process that dies when the fuse is gone."""
        return await self._sending(fuse or Fuse(), shelf).send(self.account, order)

    async def recover(self, clock: Any = utc_now) -> int:
        """What the worker does a minute later."""
        granting = Granting(self.store.accounts, clock)
        recovery = Recovery(self.store.accounts, self.store.messages, self._sending(Fuse()), granting, clock)
        return await recovery.run_once()

    async def looked_at(self, copy: Copy, at: datetime) -> None:
        await self._recording().record([a_hit(copy_id=copy.id, at=at)])

    def saved(self, raw: bytes) -> str:
        return self.gmail.save_draft(self.account.email, raw)

    def sent(self) -> Sequence[StoredMessage]:
        box = self.gmail.mailboxes[self.account.email]
        return [message for message in box.messages.values() if "SENT" in message.label_ids]

    def drafts(self) -> Sequence[StoredMessage]:
        return list(self.gmail.mailboxes[self.account.email].drafts.values())

    def _recording(self) -> Recording:
        return Recording(self.store.hits, judge, timedelta(0), utc_now)

    def _sending(self, fuse: Fuse, shelf: Any = None) -> Sending:
        shelf = shelf or Fused(self.store.shelf, fuse)
        return Sending(
            Fused(self.store.messages, fuse),
            FusedMailers(self.mailers, fuse),
            Tagger(TOKENS, BASE),
            self._recording().judge_again,
            Granting(self.store.accounts, utc_now),
            self.directory,
            utc_now,
            index_pauses=(),
            shelving=Shelving(shelf, 25_000_000, timedelta(days=30), utc_now),
        )


@pytest.fixture
async def office(sqlite_url: str) -> AsyncIterator[Office]:
    async with await open_store(sqlite_url, [bytes(32)]) as store, start_gmail() as served:
        gmail = served.standin
        mailers = _mailers(gmail, served.api_url, served.token_url, store, Patience())
        account = an_account()
        grant = gmail.add_mailbox(account.email)
        added, urls = (
            await store.accounts.add(account, grant),
            {"api_url": served.api_url, "token_url": served.token_url},
        )
        yield Office(store, gmail, mailers, added, **urls)
        await mailers.close()


def _mailers(gmail: GmailStandin, api_url: str, token_url: str, store: Store, patience: Patience) -> GoogleMailers:
    return GoogleMailers(
        gmail.client_id,
        gmail.client_secret,
        api_url,
        token_url,
        store.accounts.refresh_token,
        patience=patience,
        units_a_minute=10**9,  # a test crashes and repeats more in a second than a person sends in an hour
    )


def a_mail(to: str = "ada@acme.example", **headers: str) -> bytes:
    """An HTML mail as a person writes it."""
    mail = EmailMessage()
    mail["To"] = to
    mail["Subject"] = headers.pop("subject", "Q3 proposal")
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content("Dear Ada, see https://acme.example/offer")
    mail.add_alternative('<p>Dear Ada, see <a href="https://acme.example/offer">our offer</a>.</p>', subtype="html")
    return mail.as_bytes()


def pixels_in(message: StoredMessage) -> list[str]:
    """The copies whose pixels a sent mail carries."""
    from_html = message.raw.replace(b"=\r\n", b"").replace(b"=\n", b"").replace(b"=3D", b"=").decode("latin-1")
    tokens = [part.partition(".gif")[0] for part in from_html.split(f"{BASE}/o/")[1:]]
    return [copy_id for copy_id in map(TOKENS.read_pixel, tokens) if copy_id]
