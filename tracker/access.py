"""What a mailbox's owner lets us do, and the way to ask for it."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol


class Profile(StrEnum):
    """How much we ask for: to send; also to follow replies and native sends; also to move labels."""

    SEND = "send"
    STANDARD = "standard"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class ConsentLink:
    """Where to send the owner. The verifier stays with us until they come back: it proves that we asked."""

    url: str
    verifier: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Access:
    """What an owner granted. `profile` is the most that it covers; None when they unticked what even sending needs."""

    email: str
    subject: str
    refresh_token: str = field(repr=False)
    scopes: frozenset[str]
    profile: Profile | None


class ConsentDesk(Protocol):
    """Where owners let us in and out."""

    def link(self, profile: Profile, state: str, email: str = "") -> ConsentLink:
        """A link to the consent page; `state` comes back with the answer, and `email` is offered first."""

    async def exchange(self, code: str, verifier: str) -> Access:
        """What the owner granted, for the code they came back with. Codes are good once: after any failure, ask anew.

        Raises Refused, TryLater.
        """

    async def revoke(self, refresh_token: str) -> None:
        """End a grant; one that is over already is fine. Raises TryLater."""
