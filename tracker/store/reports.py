"""Messages with their copies and what became of each, read in three statements whatever their number."""

from collections.abc import Sequence
from datetime import datetime

from tracker.ports import Report
from tracker.stats import Fate
from tracker.store.database import Row, Statements
from tracker.store.moments import moment, stamp
from tracker.store.rows import account_of, copy_of, message_of, summary_of

_LATEST = """
SELECT message.* FROM message
WHERE account_id IN ($many) AND created_at >= $1
  AND (state = 'sent' OR EXISTS (SELECT 1 FROM copy WHERE message_id = message.id AND sent_at IS NOT NULL))
"""
_WITH_WORD = "  AND words LIKE ${} ESCAPE '!'\n"
_ORDER = "ORDER BY created_at DESC, id DESC LIMIT $2"
_MESSAGE = "SELECT * FROM message WHERE id = $1"
_COPIES = "SELECT * FROM copy WHERE message_id IN ($many) ORDER BY message_id, place"
_ACCOUNTS = "SELECT * FROM account WHERE id IN ($many)"
_FATES = """
SELECT copy.sent_at, copy.first_open_at, copy.first_click_at, copy.unsure, copy.replied_at
FROM message JOIN copy ON copy.message_id = message.id
WHERE message.account_id IN ($many) AND message.created_at >= $1
  AND copy.sent_at >= $1 AND message.untracked IS NULL AND message.stopped_at IS NULL
"""
_EVER = -(2**62)


async def reports_of(
    statements: Statements,
    account_ids: Sequence[str],
    limit: int,
    since: datetime | None = None,
    words: Sequence[str] = (),
) -> Sequence[Report]:
    """The latest messages of these accounts, since a moment, with all of these words (already folded)."""
    clauses = "".join(_WITH_WORD.format(number) for number in range(3, 3 + len(words)))
    values = [stamp(since) if since else _EVER, limit, *map(_pattern, words)]
    rows = await statements.rows(_LATEST + clauses + _ORDER, *values, many=list(dict.fromkeys(account_ids)))
    return await _completed(statements, rows)


async def one_report(statements: Statements, message_id: str) -> Report | None:
    reports = await _completed(statements, await statements.rows(_MESSAGE, message_id))
    return reports[0] if reports else None


async def fates_of(statements: Statements, account_ids: Sequence[str], since: datetime) -> list[Fate]:
    """A few numbers a copy, so that a year of mail can be added up while a person waits."""
    return [_fate(row) for row in await statements.rows(_FATES, stamp(since), many=list(dict.fromkeys(account_ids)))]


def _fate(row: Row) -> Fate:
    read = [at for at in (row["first_open_at"], row["first_click_at"]) if at is not None]
    return Fate(
        sent_at=moment(row["sent_at"]),
        read_at=moment(min(read)) if read else None,
        unsure=bool(row["unsure"]),
        replied=row["replied_at"] is not None,
    )


async def _completed(statements: Statements, messages: Sequence[Row]) -> list[Report]:
    if not messages:
        return []
    copies = await statements.rows(_COPIES, many=[row["id"] for row in messages])
    accounts = await statements.rows(_ACCOUNTS, many=list({row["account_id"] for row in messages}))
    account_rows = {row["id"]: row for row in accounts}
    of_message: dict[str, list[Row]] = {row["id"]: [] for row in messages}
    for row in copies:
        of_message[row["message_id"]].append(row)
    # An account that was removed between two statements takes its messages with it.
    known = [row for row in messages if row["account_id"] in account_rows]
    return [_report(account_rows[row["account_id"]], row, of_message[row["id"]]) for row in known]


def _report(account: Row, message: Row, copies: Sequence[Row]) -> Report:
    return Report(
        account=account_of(account),
        message=message_of(message),
        copies=tuple(map(copy_of, copies)),
        summaries=tuple(map(summary_of, copies)),
    )


def _pattern(word: str) -> str:
    for special in "!%_":
        word = word.replace(special, "!" + special)
    return f"%{word}%"
