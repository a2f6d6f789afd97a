"""Drafts that may be orders."""

from collections.abc import Collection, Sequence
from datetime import datetime

from tracker.store.database import Database
from tracker.store.moments import stamp

_SAVED = """
INSERT INTO saved_draft (id, account_id, gmail_id, saved_at)
SELECT CAST($2 AS VARCHAR), account.id, CAST($3 AS VARCHAR), CAST($4 AS BIGINT) FROM account WHERE account.id = $1
ON CONFLICT (id) DO NOTHING
"""
_GONE = "DELETE FROM saved_draft WHERE account_id = $1 AND gmail_id IN ($many)"
_QUIET = """
SELECT gmail_id FROM saved_draft WHERE account_id = $1 AND saved_at < $2 ORDER BY saved_at, id
"""


class SqlDraftBook:
    """Keeps drafts.DraftBook in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def saved(self, account_id: str, gmail_ids: Collection[str], at: datetime) -> None:
        if gmail_ids:
            rows = [(account_id, f"{account_id}:{name}"[:128], name, stamp(at)) for name in gmail_ids]
            async with self._database.writing() as transaction:
                for row in rows:
                    await transaction.rows(_SAVED, *row)

    async def gone(self, account_id: str, gmail_ids: Collection[str]) -> None:
        if gmail_ids:
            async with self._database.writing() as transaction:
                await transaction.rows(_GONE, account_id, many=sorted(gmail_ids))

    async def quiet(self, account_id: str, saved_before: datetime) -> Sequence[str]:
        async with self._database.reading() as statements:
            return [row["gmail_id"] for row in await statements.rows(_QUIET, account_id, stamp(saved_before))]
