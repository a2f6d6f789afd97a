"""What accounts' owners want by default."""

from tracker.store.database import Database, Row
from tracker.store.ticks import mark_switched
from tracker.wishes import Preferences

_OF = "SELECT * FROM preference WHERE id = $1"
# Written only beside an account, so that a late press does not bring a removed one half back.
_KEEP = """
INSERT INTO preference (id, account_id, track, links, per_recipient, undo_seconds, documents, remind_unopened_days,
                        remind_unanswered_days, ticks)
SELECT account.id, account.id, CAST($2 AS BOOLEAN), CAST($3 AS BOOLEAN), CAST($4 AS BOOLEAN), CAST($5 AS INTEGER),
       CAST($6 AS BOOLEAN), CAST($7 AS INTEGER), CAST($8 AS INTEGER), CAST($9 AS BOOLEAN)
FROM account WHERE account.id = $1
ON CONFLICT (id) DO UPDATE SET track = excluded.track, links = excluded.links,
    per_recipient = excluded.per_recipient, undo_seconds = excluded.undo_seconds, documents = excluded.documents,
    remind_unopened_days = excluded.remind_unopened_days, remind_unanswered_days = excluded.remind_unanswered_days,
    ticks = excluded.ticks
"""


class SqlPreferenceBook:
    """Keeps wishes.PreferenceBook in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, account_id: str) -> Preferences:
        async with self._database.reading() as statements:
            rows = await statements.rows(_OF, account_id)
        return _preferences_of(rows[0]) if rows else Preferences(account_id)

    async def keep(self, preferences: Preferences) -> None:
        wanted = (preferences.track, preferences.links, preferences.per_recipient, preferences.undo_seconds)
        days = (preferences.remind_unopened_days, preferences.remind_unanswered_days)
        async with self._database.writing() as transaction:
            before = await transaction.rows(_OF, preferences.account_id)
            more = (preferences.documents, *days, preferences.ticks)
            await transaction.rows(_KEEP, preferences.account_id, *wanted, *more)
            if preferences.ticks != (bool(before[0]["ticks"]) if before else True):
                await mark_switched(transaction, preferences.account_id, on=preferences.ticks)


def _preferences_of(row: Row) -> Preferences:
    switches = (bool(row["track"]), bool(row["links"]), bool(row["per_recipient"]))
    days = (row["remind_unopened_days"], row["remind_unanswered_days"])
    more = (bool(row["documents"]), *days, bool(row["ticks"]))
    return Preferences(row["id"], *switches, row["undo_seconds"], *more)
