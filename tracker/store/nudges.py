"""Which drafts were made to nudge recipients."""

from tracker.reminders import NudgeNote
from tracker.store.database import Database

_NOTED = "SELECT * FROM nudge WHERE id = $1"
_BEGIN = """
INSERT INTO nudge (id, copy_id, number) SELECT copy.id, copy.id, 1 FROM copy WHERE copy.id = $1
ON CONFLICT (id) DO NOTHING RETURNING id
"""
_BEGIN_ANEW = """
UPDATE nudge SET number = number + 1, draft_id = NULL WHERE id = $1 AND number = $2 AND draft_id = $3 RETURNING id
"""
_DRAFTED = "UPDATE nudge SET draft_id = COALESCE(draft_id, $3) WHERE id = $1 AND number = $2 RETURNING draft_id"


class SqlNudgeBook:
    """Keeps reminders.NudgeBook in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(self, copy_id: str) -> NudgeNote | None:
        return await self._begun(copy_id, _BEGIN, copy_id)

    async def begin_anew(self, note: NudgeNote) -> NudgeNote | None:
        return await self._begun(note.copy_id, _BEGIN_ANEW, note.copy_id, note.number, note.draft_id)

    async def drafted(self, note: NudgeNote, draft_id: str) -> str:
        async with self._database.writing() as transaction:
            noted = await transaction.rows(_DRAFTED, note.copy_id, note.number, draft_id)
        return str(noted[0]["draft_id"]) if noted else draft_id

    async def _begun(self, copy_id: str, sql: str, *values: object) -> NudgeNote | None:
        async with self._database.writing() as transaction:
            fresh = bool(await transaction.rows(sql, *values))
            rows = await transaction.rows(_NOTED, copy_id)
        return next((NudgeNote(copy_id, row["number"], row["draft_id"], fresh) for row in rows), None)
