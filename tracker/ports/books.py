"""The books of messages, accounts and alerts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from tracker.model import Account, AccountState, Alert, AlertKind, Copy, LeasedAlerts, Message, Post, Summary
from tracker.paging import Turn
from tracker.questions import Wanted
from tracker.stats import Sums
from tracker.summing import total_of


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

    async def attempt_once(self, copy_id: str, at: datetime, rfc_message_id: str | None) -> bool:
        """The same, for a way out on which nobody can look afterwards: False when it was noted already."""

    async def not_attempted(self, copy_id: str) -> None:
        """Take `attempted` back, as Gmail certainly sent nothing."""

    async def arm(self, copy: Copy) -> None:
        """Write the sent copy's facts (`sent_at`, ids, real recipients, links); its message's version grows."""

    async def finish(self, message: Message) -> None:
        """Write the message's state, `sent_at`, `untracked`, and the subject that it went out with.

        A message that was found sent stays sent.
        Once it is sent, the reminders that its owner wants by default are set, unless they are.
        """

    async def unfinished(self, since: datetime) -> Sequence[Message]:
        """Messages begun since then, still `tagged`, of which Gmail was asked to send a copy: some may be out."""

    async def reports(self, account_ids: Sequence[str], since: datetime | None, limit: int) -> Sequence["Report"]:
        """Messages of these accounts that went out, latest first."""

    async def search(self, account_ids: Sequence[str], words: Sequence[str], limit: int) -> Sequence["Report"]:
        """Messages of these accounts with every word in the subject, or in a recipient's name or address."""

    async def report(self, message_id: str) -> "Report | None": ...

    async def page(
        self, account_ids: Sequence[str], wanted: Wanted, turn: Turn | None, limit: int
    ) -> Sequence["Report"]:
        """The wanted messages that went out, latest first: the latest of them, or those next to a turn's edge."""

    async def hot(
        self, account_ids: Sequence[str], since: datetime, turn: Turn | None, limit: int
    ) -> Sequence["Report"]:
        """Messages with a copy that was hot since then and are not stopped, the latest heat first."""

    async def sums(self, account_ids: Sequence[str], since: datetime) -> Sums:
        """What the tracked copies of these accounts add up to that went out since then."""

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


@dataclass(frozen=True, slots=True)
class Buried:
    """Alerts of one topic that could not be said: why, since when, how many, and whose they are."""

    topic: str
    email: str
    kind: AlertKind
    reason: str
    since: datetime
    alerts: int


class AccountBook(Protocol):
    async def add(self, account: Account, refresh_token: str) -> Account:
        """Connect a mailbox, or replace the grant, Slack user, state and profile of one that is there (its id stays).

        Without a Slack user, the one that is there stays its owner. The token is encrypted at rest, bound to the
        account's id.
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

    async def link(self, account_id: str, team: str, user: str) -> bool:
        """Give an account that nobody in Slack owns to this person; False when it has an owner, or is gone."""

    async def reseal(self, after: str, limit: int) -> "Resealed":
        """Encrypt grants anew that the first of our keys did not encrypt, of accounts with ids above `after`, in order.

        A grant that is replaced meanwhile stays replaced.
        """

    async def remove(self, email: str) -> bool:
        """Forget the account and everything about it; False when there was none."""


@dataclass(frozen=True, slots=True)
class Resealed:
    """`last` is the id to go on after, empty when nothing is left; `unreadable` grants open with none of our keys."""

    last: str
    renewed: int
    unreadable: int


class InvitationBook(Protocol):
    """Which links to connect a mailbox were followed: each is good for one browser, and for one mailbox."""

    async def begin(self, name: str, browser: str, until: datetime) -> bool:
        """Whether this browser is the first that follows it, or the same one again while nothing is connected."""

    async def complete(self, name: str) -> bool:
        """Use it up. True once, and only after it was begun."""

    async def forget(self, before: datetime) -> int:
        """Forget those that were good until then; how many they were."""


class AlertFeed(Protocol):
    """The outbox as its reader sees it. Alerts are put into it by the facts' own transactions."""

    async def lease(
        self, now: datetime, until: datetime, limit: int, account_id: str | None = None
    ) -> Sequence[LeasedAlerts]:
        """Take due alerts, whole topics at a time, oldest first; nobody else gets a topic of ours until then.

        With an account, only its own. A lease that seems to begin more than a
        minute from now was given before a clock was set back, and is over.
        """

    async def settle(
        self,
        leased: LeasedAlerts,
        now: datetime,
        post: Post | None,
        *,
        beside: Post | None = None,
        then: Sequence[Alert] = (),
        blind: bool = False,
    ) -> None:
        """They are said; remember where the topic's card stands, and the news `beside` it, in the same transaction.

        `then` are alerts that follow from it. `blind` when they may have been
        said twice, as Slack could not tell us whether an earlier try had come through.
        """

    async def condense(self, leases: Sequence[LeasedAlerts], now: datetime, crowd: Alert, then: Sequence[Alert]) -> int:
        """Settle those leases that are still ours, with one alert that speaks for them, all at once or not at all.

        `then` are alerts about cards that stand already. How many leases were ours; the crowd is put when any was.
        """

    async def crowd_since(self, account_id: str, since: datetime) -> str | None:
        """The account's latest crowd that was put since then, or that still waits to be said."""

    async def crowd(self, crowd_id: str) -> Sequence[Alert]:
        """The alerts for which a crowd speaks, oldest first."""

    async def defer(self, leased: LeasedAlerts, until: datetime, *, reached: bool) -> None:
        """Not said yet: come back then. `reached` is True when Slack may have accepted it without our hearing of it."""

    async def bury(self, leased: LeasedAlerts, now: datetime, reason: str) -> None:
        """They can never be said; keep them, with the reason, for the operator to see."""

    async def wait(self, seconds: float) -> None:
        """Return when there may be something new, at the latest after `seconds`."""

    async def post_of(self, topic: str) -> Post | None: ...

    async def posts_of(self, topics: Sequence[str]) -> Mapping[str, Post]:
        """Where the cards of these topics stand, those that do."""

    async def buried(self, limit: int) -> Sequence[Buried]:
        """What could not be said, the latest first."""

    async def unbury(self, topics: Sequence[str]) -> int:
        """Try these topics' buried alerts again, now; how many alerts that are."""

    async def blind(self, since: datetime) -> int:
        """How many alerts that were said since then may have been said twice."""
