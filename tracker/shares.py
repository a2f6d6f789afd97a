"""Shares: single messages that their sender shows in a channel; and the promises of the book that keeps them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Share:
    """A message's card in a channel. `hide` keeps its subject out of it.

    `ts` names the card, once it stands; `drawn_at` is when it was last true,
    `stopped` says that its sender wants it shown no more.
    """

    id: str
    account_id: str
    message_id: str
    team: str
    user: str
    channel: str
    shared_at: datetime
    hide: bool = False
    ts: str = ""
    drawn_at: datetime | None = None
    stopped: bool = False


class ShareBook(Protocol):
    """What is shown where. Each call may raise TryLater."""

    async def begin(self, share: Share) -> Share:
        """Remember that it is about to be shown; the share that is there already for this message and channel."""

    async def posted(self, id: str, ts: str, at: datetime) -> None:
        """It stands, and is true as of then."""

    async def of(self, account_ids: Sequence[str]) -> Sequence[Share]:
        """What these accounts show and did not stop, the latest first."""

    async def stop(self, account_ids: Sequence[str], id: str) -> Share | None:
        """Its sender wants it shown no more; None when it is none of theirs, or over."""

    async def due(self, now: datetime, until: datetime, limit: int) -> Sequence[Share]:
        """Shares that are not true any more, ours until then.

        Those with news since they were drawn, the stopped ones, and those whose message is gone.
        """

    async def drawn(self, id: str, at: datetime) -> None:
        """It is true as of then."""

    async def end(self, id: str) -> bool:
        """Forget it; False when it was forgotten before."""
