"""What is known about a copy when a hit on it is judged."""

from dataclasses import dataclass
from datetime import datetime

from tracker.model import Judged


@dataclass(frozen=True, slots=True)
class Known:
    """The facts beside the hit itself.

    `sent_at` is None while the token is unarmed. `recipient_mx` is the class of
    the recipient's mail system ("google", "microsoft", …), "unknown" when
    nobody looked. `prior` are earlier hits on the same copy, oldest first.
    `network` is the class of the hit's network when somebody knows it better
    than our own list, which is asked otherwise.
    """

    sent_at: datetime | None
    recipient_mx: str = "unknown"
    prior: tuple[Judged, ...] = ()
    network: str | None = None
