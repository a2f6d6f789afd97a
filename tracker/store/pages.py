"""Pages of messages and of hits, found by the edge of the page before."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from tracker.paging import Turn
from tracker.ports import Reread
from tracker.questions import Wanted
from tracker.ringing import BURST, PAUSE
from tracker.store.database import Row, Statements
from tracker.store.moments import moment, stamp

_MESSAGES = """
SELECT message.* FROM message
WHERE account_id IN ($many)
  AND (state = 'sent' OR EXISTS (SELECT 1 FROM copy WHERE message_id = message.id AND sent_at IS NOT NULL))
"""
# For PostgreSQL LIKE is so dear that it rather reads all copies first: 110 ms for a word that is in none of 100,000
# messages, where strpos takes 18. SQLite looks through its own in 25 either way.
_WITH_WORD_ON_SQLITE, _WITH_WORD_ON_POSTGRES = "AND words LIKE {0} ESCAPE '!'", "AND strpos(words, {0}) > 0"
_SENT_SINCE = "AND created_at >= {0}"
_ALIVE = """
AND (created_at >= {0} OR EXISTS (
    SELECT 1 FROM copy WHERE message_id = message.id AND (last_open_at >= {0} OR last_click_at >= {0})))
"""
_UNOPENED = """
AND sent_at <= {0} AND untracked IS NULL AND stopped_at IS NULL AND NOT EXISTS (
    SELECT 1 FROM copy WHERE message_id = message.id AND (opens > 0 OR clicks > 0 OR replied_at IS NOT NULL))
"""
_OLDER, _LATEST_FIRST = "AND (created_at, id) < ({0}, {1})", "ORDER BY created_at DESC, id DESC LIMIT {0}"
_NEWER, _OLDEST_FIRST = "AND (created_at, id) > ({0}, {1})", "ORDER BY created_at, id LIMIT {0}"

_REREAD = """
SELECT * FROM (
    SELECT copy.message_id AS id, MAX(copy.last_open_at) AS opened_at FROM message
    JOIN copy ON copy.message_id = message.id
    WHERE message.account_id IN ($many) AND message.stopped_at IS NULL
      AND copy.last_open_at >= {0} AND (copy.opens >= {1} OR copy.last_open_at - copy.first_open_at >= {2})
    GROUP BY copy.message_id) AS reread
WHERE id <> ''
"""
_OPENED_BEFORE = "AND (opened_at, id) < ({0}, {1}) ORDER BY opened_at DESC, id DESC LIMIT {2}"
_OPENED_AFTER = "AND (opened_at, id) > ({0}, {1}) ORDER BY opened_at, id LIMIT {2}"
_LATELY_OPENED = "ORDER BY opened_at DESC, id DESC LIMIT {0}"
_WHICH_COPIES = "SELECT id, message_id FROM copy WHERE message_id IN ($many) AND opens > 0 ORDER BY message_id, place"

# By each copy's own part of the index: one that was fetched a million times costs no more than another.
_HITS_ON_SQLITE = """
SELECT hit.* FROM copy JOIN hit ON hit.id IN
    (SELECT id FROM hit AS near WHERE near.copy_id = copy.id {beyond} ORDER BY near.at {way}, near.id {way} LIMIT $1)
WHERE copy.id IN ($many) ORDER BY hit.at {way}, hit.id {way} LIMIT $1
"""
_HITS_ON_POSTGRES = """
SELECT near.* FROM copy CROSS JOIN LATERAL
    (SELECT * FROM hit AS near WHERE near.copy_id = copy.id {beyond} ORDER BY near.at {way}, near.id {way} LIMIT $1)
    AS near
WHERE copy.id IN ($many) ORDER BY near.at {way}, near.id {way} LIMIT $1
"""
_BEYOND = {"DESC": "AND (near.at, near.id) < ($2, $3)", "ASC": "AND (near.at, near.id) > ($2, $3)"}


class _Values:
    """The values of a statement that is put together; each is named by its place."""

    def __init__(self) -> None:
        self.all: list[object] = []

    def __call__(self, clause: str, *values: object) -> str:
        """The clause with the places of these values in it."""
        start = len(self.all)
        self.all += values
        return clause.format(*(f"${start + number}" for number in range(1, len(values) + 1)))


async def message_rows(
    statements: Statements, account_ids: Sequence[str], wanted: Wanted, turn: Turn | None, limit: int
) -> Sequence[Row]:
    """The rows of ports.MessageBook.page, latest first. Words are folded already."""
    put = _Values()
    with_one = with_word(statements)
    clauses = [put(with_one.sql, with_one.value(word)) for word in wanted.words]
    spans = ((_SENT_SINCE, wanted.sent_since), (_ALIVE, wanted.alive_since), (_UNOPENED, wanted.unopened_before))
    clauses += [put(clause, stamp(at)) for clause, at in spans if at]
    back = turn is not None and turn.newer
    if turn:
        clauses.append(put(_NEWER if back else _OLDER, stamp(turn.edge.at), turn.edge.name))
    clauses.append(put(_OLDEST_FIRST if back else _LATEST_FIRST, limit))
    rows = await statements.rows(" ".join([_MESSAGES, *clauses]), *put.all, many=list(dict.fromkeys(account_ids)))
    return list(reversed(rows)) if back else rows


async def reread(
    statements: Statements, account_ids: Sequence[str], since: datetime, turn: Turn | None, limit: int
) -> Sequence[Reread]:
    """What ports.MessageBook.reread promises."""
    put = _Values()
    sql = put(_REREAD, stamp(since), BURST, int(PAUSE.total_seconds() * 1_000_000))
    back = turn is not None and turn.newer
    if turn:
        way = _OPENED_AFTER if back else _OPENED_BEFORE
        sql += put(way, stamp(turn.edge.at), turn.edge.name, limit)
    else:
        sql += put(_LATELY_OPENED, limit)
    rows = await statements.rows(sql, *put.all, many=list(dict.fromkeys(account_ids)))
    copies: dict[str, tuple[str, ...]] = {}
    for row in await statements.rows(_WHICH_COPIES, many=[row["id"] for row in rows]):
        copies[row["message_id"]] = (*copies.get(row["message_id"], ()), row["id"])
    found = [Reread(row["id"], copies.get(row["id"], ()), moment(row["opened_at"])) for row in rows]
    return found[::-1] if back else found


async def hit_rows(statements: Statements, copy_ids: Sequence[str], turn: Turn | None, limit: int) -> Sequence[Row]:
    """The rows of ports.HitLog.page, latest first."""
    way = "ASC" if turn and turn.newer else "DESC"
    sql = _HITS_ON_SQLITE if statements.on_sqlite else _HITS_ON_POSTGRES
    edge = (stamp(turn.edge.at), turn.edge.name) if turn else ()
    rows = await statements.rows(
        sql.format(way=way, beyond=_BEYOND[way] if turn else ""), limit, *edge, many=list(copy_ids)
    )
    return list(reversed(rows)) if way == "ASC" else rows


@dataclass(frozen=True, slots=True)
class WithWord:
    """How to ask for messages with a word, which is folded already; the value's place is to be put into `sql`."""

    sql: str
    value: Callable[[str], str]


def with_word(statements: Statements) -> WithWord:
    return WithWord(_WITH_WORD_ON_SQLITE, pattern) if statements.on_sqlite else WithWord(_WITH_WORD_ON_POSTGRES, str)


def pattern(word: str) -> str:
    """What LIKE (with ESCAPE '!') wants for a text with this word in it."""
    for special in "!%_":
        word = word.replace(special, "!" + special)
    return f"%{word}%"
