"""What Google keeps and does in the Gmail stand-in, whoever asks: mailboxes, grants, keys, watchers and the post."""

import re
from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from tests.standins.gmail_bounces import Returned, answers_the_mail, bounce
from tests.standins.gmail_doors import (
    consent,
    registrable,
)
from tests.standins.gmail_faults import Faults
from tests.standins.gmail_hands import Hands
from tests.standins.gmail_late import Late
from tests.standins.gmail_lending import LendingOut
from tests.standins.gmail_mailbox import Mailbox, StoredMessage
from tests.standins.gmail_oauth import SCOPES, Grants
from tests.standins.gmail_push import Pushing
from tests.standins.gmail_quota import Quota
from tests.standins.gmail_scopes import kept_grant
from tests.standins.gmail_signing import SigningKey, house_key, new_key
from tests.standins.gmail_tokens import Minting
from tests.standins.gmail_watch import Topic, Watches
from tracker.clock import utc_now

_MADE_ON_ARRIVAL = (".example", "@example.com", "@example.net", "@example.org")


class Google(Hands, LendingOut, Minting):
    """Mailboxes that speak Gmail's API, as strict as the real one and never kinder.

    `calls` holds what was asked, in order, faults included. `keeps_message_ids`
    False makes sending replace every Message-ID; `search_lag` keeps young mails
    out of what `q` finds. `domains` says which domains return mail to addresses
    that nobody has, and in which dialect, `bounce_delay` later. `keys` sign with
    the first and are all shown. `on_change` is called after anything kept has changed.
    """

    def __init__(self, clock: Callable[[], datetime] = utc_now, on_change: Callable[[], None] = lambda: None) -> None:
        self.clock = clock
        self.mailboxes: dict[str, Mailbox] = {}
        self.faults = Faults()
        self.quota = Quota()
        self.calls: list[tuple[str, Any]] = []
        self.keeps_message_ids = True
        self.search_lag = timedelta(0)
        self.domains = {"nowhere.example": "gmail"}
        self.bounce_delay = timedelta(0)
        self.late = Late()
        self.mail_tokens: dict[str, str] = {}
        self.redirect_uris: set[str] = set()
        self.grants = Grants(clock)
        self.keys = [house_key()]
        self.watches = Watches()
        self.pushing = Pushing(lambda topic: self.push_token(topic.audience, topic.account))
        self._on_change = on_change

    @property
    def client_id(self) -> str:
        return self.grants.client_id

    @property
    def client_secret(self) -> str:
        return self.grants.client_secret

    def add_mailbox(self, email: str, name: str = "", scopes: Iterable[str] = SCOPES) -> str:
        """Open a mailbox, or take the one that is there, and grant access to it: a new refresh token each time."""
        email = email.lower()
        box = self.mailboxes.setdefault(email, Mailbox(email))
        box.name = name or box.name
        token = self.grants.grant(email, scopes)
        self.changed()
        return token

    def register_redirect(self, uri: str) -> None:
        """Let consent lead back to this address, as Google's console would. Raises ValueError where it would not."""
        if not registrable(uri):
            raise ValueError(f"Invalid redirect: {uri}")
        self.redirect_uris.add(uri)

    def consent(self, email: str, url: str, *, deny: bool = False, untick: tuple[str, ...] = ()) -> str:
        """The owner's answer to a consent link: where the browser goes next. Raises WrongLink."""
        return consent(self, email, url, deny, untick)

    def revoke(self, email: str) -> None:
        """End every grant to this mailbox, at once."""
        self.grants.revoke(email.lower())
        self.changed()

    def forget_access(self, email: str) -> None:
        """Make its present access tokens worthless; the grant stays."""
        self.grants.forget_access(email.lower())

    def forget_history(self, email: str, before: int | None = None) -> None:
        """Make marks from before this one, or all of them, too old."""
        self.mailboxes[email.lower()].history.forget(before)
        self.changed()

    def add_topic(self, topic: Topic) -> None:
        """A Pub/Sub topic with a push subscription, as an operator makes it."""
        self.watches.topics[topic.name] = topic

    def rotate_keys(self) -> None:
        """Sign with another key from now on; the old one is no longer shown."""
        self.keys = [new_key()]

    def changed(self) -> None:
        """Tell watchers what is new, and whoever keeps us that there is something to keep."""
        for topic, box in self.watches.due(self.mailboxes.values(), self.now_ms()):
            self.tell(topic, box)
        self._on_change()

    def tell(self, topic: Topic, box: Mailbox) -> None:
        self.pushing.publish(topic, box.email, box.history_id, self.clock())

    def now(self) -> datetime:
        return self.clock()

    def now_ms(self) -> int:
        return int(self.clock().timestamp() * 1000)

    def recipient_mailbox(self, address: str, name: str) -> Mailbox | None:
        """Where a mail to this address arrives; example addresses have a mailbox unless their domain bounces."""
        address = re.sub(r"\+[^@]*@", "@", address.lower())
        domain = address.rpartition("@")[2]
        if owner := next((box for box in self.mailboxes.values() if address in box.aliases), None):
            return owner
        if address not in self.mailboxes and address.endswith(_MADE_ON_ARRIVAL) and domain not in self.domains:
            self.mailboxes[address] = Mailbox(address, name)
        return self.mailboxes.get(address)

    def returned(self, sender: Mailbox, sent: StoredMessage, address: str) -> None:
        dialect = self.domains.get(address.lower().rpartition("@")[2])
        if dialect is None:
            return
        raw = bounce(dialect, Returned(sent.raw, sender.email, address, self.clock()))
        thread = sent.thread_id if answers_the_mail(dialect) else None
        self.late.add(sender.email, raw, thread, self.now_ms() + int(self.bounce_delay.total_seconds() * 1000))
        self.deliver_late()

    def deliver_late(self) -> None:
        """Let everything arrive that is on its way and due."""
        for email, raw, thread in self.late.due(self.now_ms()):
            self.mailboxes[email].add(raw, ("INBOX", "UNREAD"), self.now_ms(), thread)
            self.changed()

    def snapshot(self) -> dict[str, Any]:
        """Everything kept, as JSON; access tokens, codes and faults are not, as clients ask anew."""
        return {
            "client_id": self.client_id,
            "client_secret": self.client_secret,
            "refresh_tokens": {token: asdict(grant) for token, grant in self.grants.refresh_tokens.items()},
            "mailboxes": [box.snapshot() for box in self.mailboxes.values()],
            "redirect_uris": sorted(self.redirect_uris),
            "keys": [key.pem for key in self.keys],
            "watches": self.watches.snapshot(),
            "late": self.late.snapshot(),
            "domains": dict(self.domains),
        }

    def restore(self, kept: dict[str, Any]) -> None:
        refresh_tokens = {token: kept_grant(held) for token, held in kept["refresh_tokens"].items()}
        self.grants = Grants(self.clock, kept["client_id"], kept["client_secret"], refresh_tokens)
        self.mailboxes = {box["email"]: Mailbox.restored(box) for box in kept["mailboxes"]}
        if "keys" not in kept:  # kept by a stand-in that had none yet
            return
        self.redirect_uris = set(kept["redirect_uris"])
        self.keys = [SigningKey(pem) for pem in kept["keys"]]
        self.watches = Watches.restored(kept["watches"])
        self.late = Late.restored(kept["late"])
        self.domains = dict(kept["domains"])

    async def close(self) -> None:
        """End what runs in the background."""
        await self.pushing.close()
