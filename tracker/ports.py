"""The promises we ask of the outside, and how each may fail."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Protocol

from tracker.following import FollowBook
from tracker.model import (
    Account,
    AccountState,
    Alert,
    Copy,
    Correction,
    Hit,
    Judged,
    LeasedAlerts,
    Message,
    Post,
    Summary,
)
from tracker.summing import total_of
from tracker.wishes import OrderBook, PreferenceBook

HISTORY_LIMIT = 200  # the hits of a copy that recording looks at, however many there are


class Unrecordable(Exception):
    """The intake cannot make a hit durable now. Answer the fetch all the same, and count the hit as not stored."""


class Refused(Exception):
    """Gmail understood and will not do it: trying again changes nothing. The text says why, for the sender."""


class Missing(Refused):
    """The draft or message is not there: deleted, or (a draft) sent."""


class TryLater(Exception):
    """No answer, or a passing one. What was asked may have been done: look before doing it again."""


class NotAuthorized(Exception):
    """Google withdrew the grant: only the account's owner can give it again."""


class Stale(Exception):
    """What was read has changed since: read again, decide again, write again."""


class NotGenuine(Exception):
    """A token that its issuer did not make, that is for somebody else, or that is over."""


class Intake(Protocol):
    """Where hits become durable before their fetch is answered, and wait to be recorded."""

    async def append(self, hit: Hit) -> None:
        """Return once the hit would survive a crash of the process and of the machine. Raises Unrecordable."""

    async def take(self, limit: int) -> Sequence[Hit]:
        """The oldest hits not yet done, oldest first; the same ones again until they are done."""

    async def done(self, hit_ids: Sequence[str]) -> None:
        """Forget hits that are recorded."""

    async def wait(self, seconds: float) -> None:
        """Return when there may be something to take, at the latest after `seconds`."""

    async def healthy(self) -> str | None:
        """None when a hit could be made durable now, otherwise why not."""

    async def close(self) -> None:
        """Commit what was accepted, answer its waiters, release the files."""


@dataclass(frozen=True, slots=True)
class History:
    """All that is known of a copy beside a hit on it.

    `judged` are the copy's own hits, oldest first, at most the last HISTORY_LIMIT.
    `around` are hits on any copy of its message close to the hit that is judged,
    before and after it; recording fills it for each hit. `version` is the
    message's: it grows with every write about any of its copies, so that two
    writers who judge hits that bear on each other cannot overlook each other's. `looks` are
    moments at which the sender was seen looking at the message.
    """

    account: Account
    message: Message
    copy: Copy
    summary: Summary
    judged: tuple[Judged, ...]
    version: int = 0
    around: tuple[Judged, ...] = ()
    corrections: tuple[Correction, ...] = ()
    sender_ips: frozenset[str] = frozenset()
    looks: tuple[datetime, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether `judged` are all hits of the copy."""
        return len(self.judged) < HISTORY_LIMIT


@dataclass(frozen=True, slots=True)
class Recorded:
    """What hits change about one copy, given its message's `version` when it was read.

    `sender_ips` are addresses at which the account's owner was seen, and when.
    """

    copy_id: str
    version: int
    judged: tuple[Judged, ...]
    summary: Summary
    alerts: tuple[Alert, ...]
    corrections: tuple[Correction, ...] = ()
    sender_ips: Mapping[str, datetime] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Located:
    """A hit and where it belongs."""

    account_id: str
    message_id: str
    copy_id: str
    judged: Judged


class HitLog(Protocol):
    async def histories(self, copy_ids: Sequence[str]) -> Mapping[str, History]:
        """What is known of each copy; copies that do not exist (any more) are absent."""

    async def siblings(self, message_ids: Sequence[str], since: datetime, until: datetime) -> Sequence[str]:
        """The copies of these messages that were hit in this time, both ends included."""

    async def seen(self, hit_ids: Sequence[str]) -> frozenset[str]:
        """Which of these hits are recorded already: a hit is taken again when a crash came before `done`."""

    async def hit(self, hit_id: str) -> Located | None: ...

    async def record(self, changes: Sequence[Recorded]) -> None:
        """Write hits, summaries, alerts and what was learnt in one transaction.

        Raises Stale when a message's version is another by now. A hit that is
        there already gets its verdict, client and place replaced; an alert whose
        key is there already is left as it is, settled or not; a correction of a
        hit replaces an earlier one. Of the summary, `replied_at` and
        `bounced_at` are not written: they are noted.
        """

    async def note_reply(self, copy_id: str, at: datetime) -> None:
        """The copy was answered then; the earliest reply is kept. Its message's version grows."""

    async def note_bounce(self, copy_id: str, at: datetime) -> None:
        """The copy came back undelivered then; the earliest bounce is kept. Its message's version grows."""

    async def timeline(self, copy_id: str) -> Sequence[Judged]:
        """All hits of a copy, oldest first."""

    async def outdated(self, ruleset: str, after: str, limit: int) -> Sequence[str]:
        """Messages with hits that another rule set judged and that can still be judged; ids above `after`, in order."""

    async def forget_raw(self, before: datetime) -> int:
        """Destroy IP addresses and headers of hits older than this; verdicts stay. How many hits that were.

        Addresses at which senders were seen are destroyed with them.
        """


class CorrectionBook(Protocol):
    """What senders taught us. Corrections are added by `HitLog.record`, with the verdicts that they change."""

    async def of_account(self, account_id: str) -> Sequence[Correction]:
        """Latest first."""


@dataclass(frozen=True, slots=True)
class KnownSystem:
    """The class of a domain's mail system, to be believed until then."""

    mail_system: str
    until: datetime


class MailSystemBook(Protocol):
    """What was learnt of domains' mail systems, so that each is looked up once."""

    async def known(self, domains: Collection[str], now: datetime) -> Mapping[str, str]:
        """The classes of those of these domains that are still to be believed."""

    async def keep(self, systems: Mapping[str, KnownSystem], now: datetime) -> None:
        """Remember these, and forget what is no longer to be believed. Domains are at most 253 characters."""


class MailSystems(Protocol):
    async def of(self, domains: Collection[str]) -> Mapping[str, str]:
        """The class of each domain's mail system ("google", "gateway:proofpoint", "other"), "unknown" where none is.

        Never raises, and never takes longer than sending a mail may wait.
        """


class MessageBook(Protocol):
    async def begin(self, message: Message, copies: Sequence[Copy]) -> None:
        """Remember a message and its unarmed copies. Raises ValueError when the account has one of this source."""

    async def by_source(self, account_id: str, source: str) -> Message | None: ...

    async def get(self, message_id: str) -> Message | None: ...

    async def copies(self, message_id: str) -> Sequence[Copy]:
        """In the order in which `begin` was given them."""

    async def drafted(self, copy_id: str, draft_id: str) -> str:
        """Note the Gmail draft that carries this copy, unless one is noted; the noted one is returned.

        Two processes that send the same copy must end up with the same draft:
        Gmail sends a draft once.
        """

    async def attempted(self, copy_id: str, at: datetime, rfc_message_id: str | None) -> None:
        """Note, before Gmail is asked, that it is about to be asked to send this copy."""

    async def arm(self, copy: Copy) -> None:
        """Write the sent copy's facts (`sent_at`, ids, real recipients, links); its message's version grows."""

    async def finish(self, message: Message) -> None:
        """Write the message's state, `sent_at`, `untracked`, and the subject that it went out with."""

    async def unfinished(self, since: datetime) -> Sequence[Message]:
        """Messages begun since then, still `tagged`, of which Gmail was asked to send a copy: some may be out."""

    async def reports(self, account_ids: Sequence[str], since: datetime | None, limit: int) -> Sequence["Report"]:
        """Messages of these accounts that went out, latest first."""

    async def search(self, account_ids: Sequence[str], words: Sequence[str], limit: int) -> Sequence["Report"]:
        """Messages of these accounts with every word in the subject, or in a recipient's name or address."""

    async def report(self, message_id: str) -> "Report | None": ...

    async def by_gmail(self, account_id: str, gmail_id: str | None, thread_id: str | None) -> Message | None:
        """The account's message that Gmail knows by this id, or else its latest in this thread."""

    async def stop(self, message_id: str, at: datetime | None) -> None:
        """From then on nothing is kept about the message; None takes it back."""

    async def looked(self, message_id: str, at: datetime) -> None:
        """Note that the sender looks at their own mail now."""

    async def forget(self, before: datetime) -> int:
        """Erase everything about messages created before. How many messages that were."""


@dataclass(frozen=True, slots=True)
class Report:
    """A message with its copies and what became of each. `summaries` has one entry a copy, in the same order."""

    account: Account
    message: Message
    copies: tuple[Copy, ...]
    summaries: tuple[Summary, ...]

    @property
    def total(self) -> Summary:
        """What all copies' hits add up to."""
        return total_of(self.summaries)

    @property
    def ticks(self) -> str:
        """One tick: sent. Two ticks: somebody opened it or clicked."""
        return "✓✓" if self.total.opens or self.total.clicks else "✓"


class AccountBook(Protocol):
    async def add(self, account: Account, refresh_token: str) -> Account:
        """Connect a mailbox, or replace the grant, Slack user and state of one that is there (its id stays).

        The token is encrypted at rest, bound to the account's id.
        """

    async def by_email(self, email: str) -> Account | None: ...

    async def by_id(self, account_id: str) -> Account | None: ...

    async def of_slack_user(self, team: str, user: str) -> Sequence[Account]:
        """The accounts of a Slack user; an account added without a team belongs to any."""

    async def all(self) -> Sequence[Account]: ...

    async def refresh_token(self, account_id: str) -> str:
        """The grant in clear. Raises NotAuthorized when no key of ours decrypts it."""

    async def set_state(self, account_id: str, state: AccountState, alert: Alert | None) -> None:
        """Change the state and put the alert about it into the outbox, in one transaction.

        Nothing happens, and nothing is said, when the state is that already.
        """

    async def remove(self, email: str) -> bool:
        """Forget the account and everything about it; False when there was none."""


class AlertFeed(Protocol):
    """The outbox as its reader sees it. Alerts are put into it by the facts' own transactions."""

    async def lease(self, now: datetime, until: datetime, limit: int) -> Sequence[LeasedAlerts]:
        """Take due alerts, whole topics at a time, oldest first; nobody else gets a topic of ours until then."""

    async def settle(self, leased: LeasedAlerts, now: datetime, post: Post | None) -> None:
        """They are said; remember where the topic's card stands, in the same transaction."""

    async def defer(self, leased: LeasedAlerts, until: datetime, *, reached: bool) -> None:
        """Not said yet: come back then. `reached` is True when Slack may have accepted it without our hearing of it."""

    async def bury(self, leased: LeasedAlerts, now: datetime, reason: str) -> None:
        """They can never be said; keep them, with the reason, for the operator to see."""

    async def wait(self, seconds: float) -> None:
        """Return when there may be something new, at the latest after `seconds`."""

    async def post_of(self, topic: str) -> Post | None: ...


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom a token of Google's is about."""

    email: str
    subject: str


class Identities(Protocol):
    async def verify(self, token: str, audience: str) -> Identity:
        """Whom the token is about, their address verified by Google. Raises NotGenuine, or TryLater."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A Gmail draft, whole: its raw bytes as RFC 5322."""

    id: str
    raw: bytes
    thread_id: str | None


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A Gmail draft as a list shows it."""

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


class Mailer(Protocol):
    """One account's Gmail. Every call may raise Refused (Missing among it), TryLater or NotAuthorized."""

    async def drafts(self, limit: int) -> Sequence[DraftLine]:
        """The latest drafts."""

    async def draft(self, draft_id: str) -> Draft: ...

    async def create_draft(self, raw: bytes, thread_id: str | None) -> str:
        """Save a draft; its id."""

    async def find_draft(self, rfc_message_id: str) -> str | None:
        """The id of a draft with this Message-ID header."""

    async def find_marked_draft(self, mark: str) -> str | None:
        """The id of a late draft whose source contains this text, decoded."""

    async def send_draft(self, draft_id: str, raw: bytes, thread_id: str | None) -> str:
        """Send a draft as `raw`; the sent message's id. Missing when the draft was sent or deleted."""

    async def sent_facts(self, gmail_id: str) -> SentFacts: ...

    async def find_sent(self, since: datetime, marks: Sequence[str]) -> SentFacts | None:
        """A mail sent since then whose source contains one of these texts (a token, a Message-ID), decoded."""


class Mailers(Protocol):
    async def of(self, account: Account) -> Mailer:
        """The account's Gmail. Raises NotAuthorized."""


@dataclass(frozen=True, slots=True)
class Store:
    """All books of one database, opened together and closed together."""

    accounts: AccountBook
    messages: MessageBook
    hits: HitLog
    alerts: AlertFeed
    corrections: CorrectionBook
    mail_systems: MailSystemBook
    preferences: PreferenceBook
    orders: OrderBook
    following: FollowBook
