"""What a mailbox's owner lets us do, and the way to ask for it."""

from dataclasses import dataclass, field
from typing import Protocol

from tracker.model import Profile

__all__ = ["Access", "ConsentDesk", "Profile"]


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

    def link(self, profile: Profile, state: str, verifier: str, email: str = "") -> str:
        """A link to the consent page; `state` comes back with the answer, and `email` is offered first.

        The verifier (RFC 7636, from 43 random characters on) stays with us: it proves that we asked.
        """

    async def exchange(self, code: str, verifier: str) -> Access:
        """What the owner granted, for the code they came back with. Codes are good once: after any failure, ask anew.

        Raises Refused, TryLater.
        """

    async def revoke(self, refresh_token: str) -> None:
        """End a grant; one that is over already is fine. Raises TryLater."""
