"""What is known beside a hit when it is judged."""

from dataclasses import dataclass
from datetime import datetime

from tracker.model import Correction, Judged


@dataclass(frozen=True, slots=True)
class Known:
    """The facts beside the hit itself.

    `sent_at` is None while the token is unarmed. `recipient_mx` is the class of
    the recipient's mail system ("google", "microsoft", …), "mixed" for several,
    "unknown" when nobody looked. `prior` are earlier hits on the same copy,
    oldest first; `around` are hits on any copy of the message within 15 minutes
    before and after this one, itself left out: a burst shows in both directions.
    `links_total` is the number of tracked links in the message, 0 when unknown.
    `bounced_at` is set when all recipients of the copy bounced. `sent_copy_clean`
    says that the sender's own stored copy carries no pixel. `network` is the
    class of the hit's network when somebody knows it better than our own list,
    which is asked otherwise.
    """

    sent_at: datetime | None
    recipient_mx: str = "unknown"
    prior: tuple[Judged, ...] = ()
    around: tuple[Judged, ...] = ()
    links_total: int = 0
    corrections: tuple[Correction, ...] = ()
    sender_ips: frozenset[str] = frozenset()
    sender_cookie: bool = False
    sender_is_looking: bool = False
    recipient_is_colleague: bool = False
    bounced_at: datetime | None = None
    replied_at: datetime | None = None
    honeypot: bool = False
    network: str | None = None
    sent_copy_clean: bool = False
