"""Noise: what people do not want to be told, or not now, or elsewhere; and the promises of its book."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum
from typing import Protocol

from tracker.model import Account, Alert, LeasedAlerts


class MuteKind(StrEnum):
    MESSAGE = "message"
    RECIPIENT = "recipient"
    DOMAIN = "domain"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Mute:
    """A wish not to be told of what is opened and clicked.

    `what` is a message's id, an address or a domain in lower case, empty for
    everything. `until` is the end of it, if it has one.
    """

    id: str
    account_id: str
    kind: MuteKind
    what: str
    set_at: datetime
    until: datetime | None = None

    def holds(self, now: datetime) -> bool:
        return self.until is None or now < self.until


class DigestEvery(StrEnum):
    NEVER = "off"
    DAILY = "daily"  # on weekdays
    WEEKLY = "weekly"  # on Mondays


@dataclass(frozen=True, slots=True)
class Hours:
    """Quiet hours on somebody's own clock, over midnight when they end earlier than they begin."""

    begin: time
    end: time


@dataclass(frozen=True, slots=True)
class Noise:
    """How an account's owner wants to be told. `channel` is told instead of them; `hide` keeps subjects out of it.

    `digest_set_at` is when they asked for the digest: none is due that lies before.
    """

    account_id: str
    quiet: Hours | None = None
    quiet_weekends: bool = False
    repeats: bool = True
    digest: DigestEvery = DigestEvery.NEVER
    digest_at: time = time(8)
    digest_set_at: datetime | None = None
    channel: str = ""
    channel_name: str = ""
    hide: bool = False


def person_of(account: Account) -> str:
    """The name under which alerts are held back for whoever owns an account."""
    return f"{account.slack_team}:{account.slack_user}"


class NoiseBook(Protocol):
    """What accounts' owners said about noise, and the alerts that are held back for it."""

    async def of(self, account_id: str) -> Noise:
        """What the account's owner wants; every alert at once while they said nothing."""

    async def keep(self, noise: Noise) -> None:
        """Replace what was wanted before. Nothing happens when the account is gone."""

    async def mute(self, mute: Mute) -> bool:
        """Remember it, in place of the account's one of the same; False when the account or the message is gone."""

    async def mutes(self, account_ids: Sequence[str], now: datetime) -> Sequence[Mute]:
        """What these accounts have muted and is not over, the latest first."""

    async def unmute(self, account_ids: Sequence[str], mute_id: str) -> Mute | None:
        """Forget one of these accounts' mutes; None when it is none of theirs, or gone."""

    async def hold(self, leased: LeasedAlerts, until: datetime, person: str) -> None:
        """Keep leased alerts back until then, to be leased together with all that are held for this person.

        Nothing was said of them. The lease is over.
        """

    async def release(self, person: str) -> None:
        """Let what is held for this person be leased now."""

    async def with_digest(self) -> Sequence[Noise]:
        """Of all accounts, those whose owners want a digest."""

    async def put(self, alert: Alert) -> None:
        """Put an alert into the outbox; one whose key is there already is left as it is."""

    async def unroute(self, noise: Noise, alert: Alert) -> bool:
        """Forget the account's channel but for its name, and put the alert about it, in one transaction.

        False, and nothing happens, when it is another channel by now.
        """
