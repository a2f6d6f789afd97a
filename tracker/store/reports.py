"""Messages with their copies and what became of each, read in three statements whatever their number."""

from collections.abc import Sequence
from datetime import datetime

from tracker.paging import Turn
from tracker.ports import Report
from tracker.questions import Wanted
from tracker.store.database import Row, Statements
from tracker.store.moments import stamp
from tracker.store.pages import hot_rows, message_rows, with_word
from tracker.store.rows import account_of, copy_of, message_of, summary_of

_LATEST = """
SELECT message.* FROM message
WHERE account_id IN ($many) AND created_at >= $1
  AND (state = 'sent' OR EXISTS (SELECT 1 FROM copy WHERE message_id = message.id AND sent_at IS NOT NULL))
"""
_ORDER = "ORDER BY created_at DESC, id DESC LIMIT $2"
_MESSAGE = "SELECT * FROM message WHERE id = $1"
_COPIES = "SELECT * FROM copy WHERE message_id IN ($many) ORDER BY message_id, place"
_ACCOUNTS = "SELECT * FROM account WHERE id IN ($many)"
_EVER = -(2**62)


async def reports_of(
    statements: Statements,
    account_ids: Sequence[str],
    limit: int,
    since: datetime | None = None,
    words: Sequence[str] = (),
) -> Sequence[Report]:
    """The latest messages of these accounts, since a moment, with all of these words (already folded)."""
    clause = with_word(statements)
    clauses = " ".join(clause.sql.format(f"${number}") for number in range(3, 3 + len(words)))
    values = [stamp(since) if since else _EVER, limit, *map(clause.value, words)]
    rows = await statements.rows(f"{_LATEST} {clauses} {_ORDER}", *values, many=list(dict.fromkeys(account_ids)))
    return await _completed(statements, rows)


async def page_of(
    statements: Statements, account_ids: Sequence[str], wanted: Wanted, turn: Turn | None, limit: int
) -> Sequence[Report]:
    """The wanted messages next to a turn's edge, latest first."""
    return await _completed(statements, await message_rows(statements, account_ids, wanted, turn, limit))


async def hot_of(
    statements: Statements, account_ids: Sequence[str], since: datetime, turn: Turn | None, limit: int
) -> Sequence[Report]:
    """The hot messages next to a turn's edge, the latest heat first."""
    return await _completed(statements, await hot_rows(statements, account_ids, since, turn, limit))


async def one_report(statements: Statements, message_id: str) -> Report | None:
    reports = await _completed(statements, await statements.rows(_MESSAGE, message_id))
    return reports[0] if reports else None


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
