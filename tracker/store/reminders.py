"""What people want to be reminded of."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from tracker.clock import new_id
from tracker.model import Alert, Message, MessageState
from tracker.reminders import Reminder, ReminderKind, ReminderState, moment_after
from tracker.store.database import Database, Row, Statements
from tracker.store.moments import moment, stamp
from tracker.store.outbox import put_alerts

# Written only beside a message: one that is erased meanwhile must not come back as half of it.
_INSERT = """
INSERT INTO reminder (id, message_id, kind, set_at, after_seconds, due_at, by_hand, state)
SELECT CAST($1 AS VARCHAR), message.id, CAST($3 AS VARCHAR), CAST($4 AS BIGINT), CAST($5 AS BIGINT),
       CAST($6 AS BIGINT), CAST($7 AS BOOLEAN), CAST($8 AS VARCHAR)
FROM message WHERE message.id = $2
ON CONFLICT (message_id, kind)
"""
_PUT = f"""{_INSERT} DO UPDATE SET id = excluded.id, set_at = excluded.set_at, after_seconds = excluded.after_seconds,
    due_at = excluded.due_at, by_hand = excluded.by_hand, state = excluded.state
RETURNING id
"""
_PUT_UNLESS_SET = f"{_INSERT} DO NOTHING"
_DEFAULTS = "SELECT remind_unopened_days, remind_unanswered_days FROM preference WHERE id = $1"
_FOUND = "SELECT reminder.*, message.account_id FROM reminder JOIN message ON message.id = reminder.message_id "
_OF = f"{_FOUND} WHERE message_id = $1 ORDER BY due_at, reminder.id"
_WAITING = f"""{_FOUND} WHERE reminder.state = 'waiting' AND message.account_id IN ($many)
ORDER BY reminder.due_at, reminder.id LIMIT $1
"""
_DUE = f"""{_FOUND} WHERE reminder.state = 'waiting' AND reminder.due_at <= $1
ORDER BY reminder.due_at, reminder.id LIMIT $2
"""
# By its moment, too: who put it off has decided anew.
_STILL = "WHERE id = $1 AND state = 'waiting' AND due_at = $2 RETURNING id"
_MOVE = f"UPDATE reminder SET state = $3 {_STILL}"  # noqa: S608
_POSTPONE = f"UPDATE reminder SET due_at = $3 {_STILL}"  # noqa: S608
_FORGET = "DELETE FROM reminder WHERE message_id = $1 RETURNING state"


class SqlReminderBook:
    """Keeps reminders.ReminderBook in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, reminder: Reminder) -> bool:
        async with self._database.writing() as transaction:
            return bool(await transaction.rows(_PUT, *_values(reminder)))

    async def of(self, message_id: str) -> Sequence[Reminder]:
        return await self._some(_OF, message_id)

    async def waiting(self, account_ids: Sequence[str], limit: int) -> Sequence[Reminder]:
        async with self._database.reading() as statements:
            return [_reminder(row) for row in await statements.rows(_WAITING, limit, many=list(account_ids))]

    async def due(self, now: datetime, limit: int) -> Sequence[Reminder]:
        return await self._some(_DUE, stamp(now), limit)

    async def say(self, reminder: Reminder, alert: Alert) -> bool:
        async with self._database.writing() as transaction:
            ours = await transaction.rows(_MOVE, reminder.id, stamp(reminder.due_at), ReminderState.SAID.value)
            if ours:
                await put_alerts(transaction, [alert])
        return bool(ours)

    async def drop(self, reminder: Reminder) -> bool:
        return await self._changed(_MOVE, reminder, ReminderState.DROPPED.value)

    async def postpone(self, reminder: Reminder, due_at: datetime) -> bool:
        return await self._changed(_POSTPONE, reminder, stamp(due_at))

    async def forget(self, message_id: str) -> bool:
        async with self._database.writing() as transaction:
            gone = await transaction.rows(_FORGET, message_id)
        return any(row["state"] == ReminderState.WAITING for row in gone)

    async def _changed(self, sql: str, reminder: Reminder, to: object) -> bool:
        async with self._database.writing() as transaction:
            return bool(await transaction.rows(sql, reminder.id, stamp(reminder.due_at), to))

    async def _some(self, sql: str, *values: object) -> Sequence[Reminder]:
        async with self._database.reading() as statements:
            return [_reminder(row) for row in await statements.rows(sql, *values)]


async def remind_by_default(transaction: Statements, message: Message) -> None:
    """Set what the message's owner wants for every mail, unless it is set. A mail without a picture tells nothing."""
    if message.state is not MessageState.SENT or message.sent_at is None or message.untracked:
        return
    for wanted in await transaction.rows(_DEFAULTS, message.account_id):
        days = zip(ReminderKind, (wanted["remind_unopened_days"], wanted["remind_unanswered_days"]), strict=True)
        for kind, number in days:
            if number > 0:
                due_at, after = moment_after(message.sent_at, timedelta(days=number)), timedelta(days=number)
                made = Reminder(new_id(), message.account_id, message.id, kind, message.sent_at, after, due_at)
                await transaction.rows(_PUT_UNLESS_SET, *_values(made))


def _values(reminder: Reminder) -> tuple[object, ...]:
    moments = (stamp(reminder.set_at), int(reminder.after.total_seconds()), stamp(reminder.due_at))
    return (reminder.id, reminder.message_id, reminder.kind.value, *moments, reminder.by_hand, reminder.state.value)


def _reminder(row: Row) -> Reminder:
    return Reminder(
        id=row["id"],
        account_id=row["account_id"],
        message_id=row["message_id"],
        kind=ReminderKind(row["kind"]),
        set_at=moment(row["set_at"]),
        after=timedelta(seconds=row["after_seconds"]),
        due_at=moment(row["due_at"]),
        by_hand=bool(row["by_hand"]),
        state=ReminderState(row["state"]),
    )
