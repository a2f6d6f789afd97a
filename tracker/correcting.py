"""Correcting: a sender says whose a hit really was, and it is believed from then on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tracker.classify.networks import ELSEWHERE, network_of
from tracker.model import Account, Cause, Correction, Judged
from tracker.ports import HitLog, Located
from tracker.prefixes import prefix_of
from tracker.recording import Recording

SAYABLE = (Cause.SELF, Cause.SCANNER, Cause.HUMAN)  # that was me, a scanner, a real open


class NotYours(LookupError):
    """There is no such hit on these accounts: it is somebody else's, or erased."""


@dataclass(frozen=True, slots=True)
class Corrected:
    """What came of a correction: `changed` hits of the copy are judged otherwise now, `others` beside the one named."""

    message_id: str
    copy_id: str
    changed: int
    others: int


class Correcting:
    def __init__(self, hits: HitLog, recording: Recording) -> None:
        self._hits = hits
        self._recording = recording

    async def correct(self, accounts: Sequence[Account], hit_id: str, cause: Cause, now: datetime) -> Corrected:
        """Believe what the sender says of a hit, and judge its copy's hits again by it.

        The card is redrawn, and nobody is notified. Repeating it is safe.
        Raises NotYours, and ValueError for a cause that nobody can say.
        """
        if cause not in SAYABLE:
            raise ValueError(f"expected one of {', '.join(SAYABLE)}, not {cause}")
        found = await self._hits.hit(hit_id)
        if found is None or found.account_id not in {account.id for account in accounts}:
            raise NotYours(f"there is no hit {hit_id} on your mails")
        changed = await self._recording.correct(found.copy_id, _correction(found, cause, now))
        itself = found.judged.verdict.cause is not cause
        return Corrected(found.message_id, found.copy_id, changed, max(0, changed - itself))


def _correction(found: Located, cause: Cause, now: datetime) -> Correction:
    return Correction(
        account_id=found.account_id,
        hit_id=found.judged.hit.id,
        cause=cause,
        network=_network(found.judged),
        client=found.judged.client,
        at=now,
    )


def _network(judged: Judged) -> str:
    """What to learn from the hit's address: nothing where strangers share the network, or where it is forgotten."""
    ip = judged.hit.ip
    return prefix_of(ip) if ip and network_of(ip) == ELSEWHERE else ""
