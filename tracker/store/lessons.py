"""What senders taught us: their corrections, and the addresses at which they were seen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tracker.model import Correction
from tracker.ports import Recorded
from tracker.store.database import Database, Statements
from tracker.store.moments import stamp
from tracker.store.rows import correction_of

_CORRECTIONS_ON_SQLITE = """
SELECT correction.* FROM account JOIN correction ON correction.hit_id IN
    (SELECT hit_id FROM correction AS last WHERE last.account_id = account.id ORDER BY last.at DESC LIMIT 300)
WHERE account.id IN ($many) ORDER BY correction.at DESC, correction.hit_id
"""
_CORRECTIONS_ON_POSTGRES = """
SELECT last.* FROM account CROSS JOIN LATERAL
    (SELECT * FROM correction WHERE correction.account_id = account.id ORDER BY correction.at DESC LIMIT 300) AS last
WHERE account.id IN ($many) ORDER BY last.at DESC, last.hit_id
"""
_SENDER_IPS = "SELECT account_id, ip FROM sender_address WHERE account_id IN ($many)"
_CORRECT = """
INSERT INTO correction (hit_id, account_id, cause, network, client, at)
SELECT $1, account.id, $3, $4, $5, CAST($6 AS BIGINT) FROM account WHERE account.id = $2
ON CONFLICT (hit_id) DO UPDATE
SET cause = excluded.cause, network = excluded.network, client = excluded.client, at = excluded.at
"""
_SEEN = """
INSERT INTO sender_address (id, account_id, ip, seen_at)
SELECT message.account_id || ' ' || $2, message.account_id, $2, CAST($3 AS BIGINT)
FROM copy JOIN message ON message.id = copy.message_id WHERE copy.id = $1
ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at WHERE sender_address.seen_at < excluded.seen_at
"""
_FORGET_SENDERS = "DELETE FROM sender_address WHERE seen_at < $1"


@dataclass(frozen=True, slots=True)
class Lessons:
    """Of one account: the latest 300 corrections, latest first; who needs more is not taught but contradicted."""

    corrections: tuple[Correction, ...]
    sender_ips: frozenset[str]


class SqlCorrectionBook:
    """Keeps ports.CorrectionBook in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of_account(self, account_id: str) -> Sequence[Correction]:
        async with self._database.reading() as statements:
            return (await lessons(statements, [account_id]))[account_id].corrections


async def lessons(statements: Statements, account_ids: Sequence[str]) -> Mapping[str, Lessons]:
    """What each of these accounts taught us; every account asked for is there."""
    corrections: dict[str, list[Correction]] = {account_id: [] for account_id in account_ids}
    ips: dict[str, set[str]] = {account_id: set() for account_id in account_ids}
    latest = _CORRECTIONS_ON_SQLITE if statements.on_sqlite else _CORRECTIONS_ON_POSTGRES
    for row in await statements.rows(latest, many=account_ids):
        corrections[row["account_id"]].append(correction_of(row))
    for row in await statements.rows(_SENDER_IPS, many=account_ids):
        ips[row["account_id"]].add(row["ip"])
    return {one: Lessons(tuple(corrections[one]), frozenset(ips[one])) for one in account_ids}


async def learn(transaction: Statements, changes: Sequence[Recorded]) -> None:
    """Write what these changes teach."""
    taught = {one.hit_id: one for change in changes for one in change.corrections}
    seen = {(change.copy_id, ip): at for change in changes for ip, at in change.sender_ips.items()}
    # In order, so that two writers never wait for each other in a circle.
    await transaction.each(_CORRECT, [_values(taught[hit_id]) for hit_id in sorted(taught)])
    await transaction.each(_SEEN, [(*where, stamp(seen[where])) for where in sorted(seen, key=lambda one: one[1])])


async def forget_senders(transaction: Statements, before: datetime) -> None:
    await transaction.rows(_FORGET_SENDERS, stamp(before))


def _values(one: Correction) -> tuple[str, str, str, str, str, int]:
    return one.hit_id, one.account_id, one.cause.value, one.network, one.client, stamp(one.at)
