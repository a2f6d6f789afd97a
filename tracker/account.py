"""A connected mailbox, and what its owner lets us do there; the other words are in tracker.model, by which all come."""

from dataclasses import dataclass
from enum import StrEnum


class AccountState(StrEnum):
    CONNECTED = "connected"
    RECONNECT = "reconnect"  # Google withdrew the grant: only its owner can give it again


class Profile(StrEnum):
    """How much an owner lets us do: send; also follow replies and native sends; also move labels. Least first."""

    SEND = "send"
    STANDARD = "standard"
    FULL = "full"

    def covers(self, wanted: "Profile") -> bool:
        return list(Profile).index(self) >= list(Profile).index(wanted)


@dataclass(frozen=True, slots=True)
class Account:
    """A Gmail mailbox connected to Twotick, linked to one Slack user.

    `slack_user` is empty while nobody in Slack is known to own it. `profile` is
    None where nobody noted what was granted: there only trying tells, and the
    answers below are hopeful. `delegated` says that the operator's service
    account acts for it, without a grant of its owner's.
    """

    id: str
    email: str
    slack_user: str
    slack_team: str = ""
    state: AccountState = AccountState.CONNECTED
    profile: Profile | None = None
    delegated: bool = False

    @property
    def may_follow(self) -> bool:
        """Whether we may read its mail and write its drafts; otherwise we may only send."""
        return self.profile is None or self.profile.covers(Profile.STANDARD)

    @property
    def may_label(self) -> bool:
        return self.profile is None or self.profile.covers(Profile.FULL)
