"""The rights of those about whom something is kept: to be given all of it, and to have it erased."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

Entry = Mapping[str, Any]  # JSON values; `entry` says what it is


@dataclass(frozen=True, slots=True)
class Erased:
    """What is there about a recipient, or was and is erased: mails to nobody else, and those they share with others.

    `mutes` are of them alone; `notes` name them in passing: a sending that failed, a subject, a file's name.
    """

    own: int = 0
    shared: int = 0
    mutes: int = 0
    notes: int = 0

    @property
    def nothing(self) -> bool:
        return not (self.own or self.shared or self.mutes or self.notes)


class RightsBook(Protocol):
    def everything(self, account_id: str) -> AsyncIterator[Entry]:
        """All that is kept about an account and its tracked mail, save its grant; a little at a time."""

    async def about(self, address: str, account_ids: Sequence[str] | None) -> Erased:
        """How much is kept about a recipient in the mail of these accounts, or of all."""

    async def erase(self, address: str, account_ids: Sequence[str] | None) -> Erased:
        """Destroy all that is kept about a recipient in the mail of these accounts, or of all.

        A copy that went to them alone goes with its hits, answers and alerts, a
        message with its last copy. A copy shared with others loses their name
        and address, and what came back from them; its hits stay, and were never theirs by name.
        Mutes of theirs go, and their address out of every other text that is kept.
        """

    async def offer(self, name: str, account_ids: Sequence[str], until: datetime) -> None:
        """Whoever knows this name may have all of these accounts, once, until then."""

    async def offered(self, name: str, now: datetime) -> bool:
        """Whether an offer of this name stands."""

    async def take(self, name: str, now: datetime) -> Sequence[str]:
        """The accounts of an offer, which ends with this; none where none stands."""
