"""Versions: one number a message, so that writers about any of its copies see each other.

The message's row is always locked first, then its copies: nobody waits in a circle.
"""

from collections.abc import Sequence

from tracker.store.database import Statements

# On SQLite a transaction of ours is the only one that writes. Elsewhere rows are locked in the order of their
# ids, so that two recorders never wait for each other in a circle; who only refers to a row need not wait.
_THERE_ON_SQLITE = """
SELECT copy.id, message.id AS message_id, message.version FROM copy JOIN message ON message.id = copy.message_id
WHERE copy.id IN ($many)
"""
_THERE_ON_POSTGRES = f"{_THERE_ON_SQLITE} ORDER BY message.id FOR NO KEY UPDATE OF message"
_GROW = "UPDATE message SET version = version + 1 WHERE id IN ($many)"
_GROWN = """
UPDATE message SET version = version + 1 WHERE id = (SELECT message_id FROM copy WHERE id = $1) RETURNING id
"""


async def locked(transaction: Statements, copy_ids: Sequence[str]) -> dict[str, int]:
    """The versions of those of these copies that are there; they stay so till the end of the transaction, then grow."""
    there = _THERE_ON_SQLITE if transaction.on_sqlite else _THERE_ON_POSTGRES
    rows = await transaction.rows(there, many=sorted(set(copy_ids)))
    await transaction.rows(_GROW, many=sorted({row["message_id"] for row in rows}))
    return {row["id"]: row["version"] for row in rows}


async def grown(transaction: Statements, copy_id: str) -> str | None:
    """Let the version of a copy's message grow; the message's id, None when the copy is gone."""
    rows = await transaction.rows(_GROWN, copy_id)
    return str(rows[0]["id"]) if rows else None
