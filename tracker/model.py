"""The product's words as values: what was sent, what was fetched, what we believe, what is to be said."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from tracker.account import Account as Account
from tracker.account import AccountState as AccountState
from tracker.account import Profile as Profile
from tracker.alert import HELD as HELD
from tracker.alert import Alert as Alert
from tracker.alert import AlertKind as AlertKind
from tracker.alert import LeasedAlerts as LeasedAlerts
from tracker.alert import Post as Post

COUNTS_FROM = 0.7  # the confidence from which a person's hit counts as an open and raises an alert


@dataclass(frozen=True, slots=True)
class Recipient:
    """One person a mail is addressed to; `name` may be empty.

    `mail_system` is the class of the system that takes mail for the address
    ("google", "microsoft", a gateway by name, …), "unknown" when nobody could look.
    """

    address: str
    name: str = ""
    mail_system: str = "unknown"

    @property
    def label(self) -> str:
        return self.name or self.address


class MessageState(StrEnum):
    TAGGED = "tagged"  # tokens exist, the mail may or may not be out yet
    SENT = "sent"
    FAILED = "failed"  # it never went out: the draft was deleted, or Gmail refused it


@dataclass(frozen=True, slots=True)
class Message:
    """One mail that its sender asked us to track.

    `source` names what it was made from (`draft:ID` or `file:SHA256`), so that
    repeating a send finds it again; `compose:NAME` is a mail whose pixel was put
    into the compose window, and that Gmail itself sends. `untracked` is the
    reason why it went out without a pixel, in words for the sender. From
    `stopped_at` on its sender does not want to know of it: hits are not kept.
    With `documents` its attachments go out as links; `left_attached` says which did not, and why.
    """

    id: str
    account_id: str
    source: str
    subject: str
    created_at: datetime
    links: bool = False
    per_recipient: bool = False
    level: str = "full"
    state: MessageState = MessageState.TAGGED
    sent_at: datetime | None = None
    untracked: str | None = None
    stopped_at: datetime | None = None
    documents: bool = False
    left_attached: str | None = None


@dataclass(frozen=True, slots=True)
class Copy:
    """What one recipient (or, in a group mail, all of them) receives of a message.

    Its token is armed when `sent_at` is set, from Gmail's own date of the sent
    copy. `draft_id` and `attempted_at` are written before Gmail is asked to
    send, so that a crash can always be told from a deletion. `recipient_mx` is
    the class of its recipients' mail system, "mixed" for several; `links_total`
    the number of its tracked links, 0 when nobody knows.
    """

    id: str
    message_id: str
    recipients: tuple[Recipient, ...]
    draft_id: str | None = None
    attempted_at: datetime | None = None
    sent_at: datetime | None = None
    gmail_id: str | None = None
    thread_id: str | None = None
    rfc_message_id: str | None = None
    recipient_mx: str = "unknown"
    links_total: int = 0

    @property
    def armed(self) -> bool:
        return self.sent_at is not None


class HitKind(StrEnum):
    OPEN = "open"
    CLICK = "click"


@dataclass(frozen=True, slots=True)
class Hit:
    """One fetch of a pixel or of a tracked link: raw facts. Header names are lower-case."""

    id: str
    at: datetime
    kind: HitKind
    copy_id: str
    method: str = "GET"
    ip: str | None = None
    headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    link: str | None = None

    @property
    def ua(self) -> str:
        return self.headers.get("user-agent", "")

    @property
    def forgotten(self) -> bool:
        """Whether its raw facts are destroyed, so that nothing new can be judged from them."""
        return self.ip is None and not self.headers


class Cause(StrEnum):
    HUMAN = "human"
    LIKELY_HUMAN = "likely-human"
    PREFETCH = "prefetch"
    PRIVACY_PROXY = "privacy-proxy"
    SCANNER = "scanner"
    SELF = "self"
    DUPLICATE = "duplicate"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The cause we assign to a hit, how sure we are, and the rules that convinced us, strongest first."""

    cause: Cause
    confidence: float
    reason: str
    rules: tuple[str, ...]
    ruleset: str

    @property
    def counts(self) -> bool:
        """Whether this is a person, surely enough to be called an open or a click."""
        return self.cause in (Cause.HUMAN, Cause.LIKELY_HUMAN) and self.confidence >= COUNTS_FROM


@dataclass(frozen=True, slots=True)
class Judged:
    """A hit with its verdict, and the client that fetched it as people say it ("Outlook", "through Gmail").

    `place` is where a direct fetch came from ("Lyon, France"); behind a proxy there is none.
    """

    hit: Hit
    verdict: Verdict
    client: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Heat:
    """Why a copy is hot, the latest of it: `openings` within a day, or the `pause` that an opening ended.

    The other is nothing. `at` is when the opening began.
    """

    at: datetime
    openings: int = 0
    pause: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class Summary:
    """What a copy's hits add up to, kept beside it so that no answer has to count hits.

    `opens` counts readings: what one reader fetches within three minutes is one.
    `passed_on` names another mail system that loaded the mail, when two signs say so.
    """

    opens: int = 0
    clicks: int = 0
    machines: int = 0  # scanners, prefetches, the sender's own looks, duplicates
    unsure: int = 0  # privacy proxies and what we cannot tell
    first_open_at: datetime | None = None
    last_open_at: datetime | None = None
    first_click_at: datetime | None = None
    last_click_at: datetime | None = None
    last_client: str = ""
    last_reason: str = ""
    last_hit_at: datetime | None = None
    last_place: str = ""
    passed_on: str = ""
    replied_at: datetime | None = None
    bounced_at: datetime | None = None
    heat: Heat | None = None


@dataclass(frozen=True, slots=True)
class Correction:
    """What a sender said of one hit: by whom it really was.

    It is believed of that hit, and of every hit of this account from the same
    `network` (a prefix such as "203.0.113.0/24") with the same `client`. On a
    network that strangers share (a mail proxy) `network` is empty: there
    it is believed of that hit alone.
    """

    account_id: str
    hit_id: str
    cause: Cause
    network: str
    client: str
    at: datetime
