"""Links to connect a mailbox that were followed."""

from datetime import datetime

from tracker.store.database import Database
from tracker.store.moments import stamp

_BEGIN = """
INSERT INTO invitation (id, browser, until) VALUES ($1, $2, $3)
ON CONFLICT (id) DO UPDATE SET until = invitation.until
WHERE invitation.browser = excluded.browser AND invitation.done = FALSE
RETURNING id
"""
_COMPLETE = "UPDATE invitation SET done = TRUE WHERE id = $1 AND done = FALSE RETURNING id"
_FORGET = "DELETE FROM invitation WHERE until < $1 RETURNING id"


class SqlInvitationBook:
    """Keeps ports.InvitationBook in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(self, name: str, browser: str, until: datetime) -> bool:
        return bool(await self._changed(_BEGIN, name, browser, stamp(until)))

    async def complete(self, name: str) -> bool:
        return bool(await self._changed(_COMPLETE, name))

    async def forget(self, before: datetime) -> int:
        return await self._changed(_FORGET, stamp(before))

    async def _changed(self, sql: str, *values: object) -> int:
        async with self._database.writing() as transaction:
            return len(await transaction.rows(sql, *values))
