"""What we ask of whoever knows Google's signatures."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom a token of Google's is about."""

    email: str
    subject: str


class Identities(Protocol):
    async def verify(self, token: str, audience: str) -> Identity:
        """Whom the token is about, their address verified by Google. Raises NotGenuine, or TryLater."""
