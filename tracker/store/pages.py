"""Pages of messages and of hits, found by the edge of the page before."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from tracker.paging import Turn
from tracker.questions import Wanted
from tracker.store.database import Row, Statements
from tracker.store.moments import stamp

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

# Along the index of what was hot last, as far as the page goes; of a message's copies the one that was last. SQLite
# keeps to the order in which CROSS JOIN names tables, as few people share a file; PostgreSQL knows how many do.
_HOT = """
SELECT message.*, copy.heat_at AS hot_at FROM copy {{join}} message ON message.id = copy.message_id
WHERE copy.heat_at >= {0} AND message.account_id IN ($many) AND message.stopped_at IS NULL
  AND NOT EXISTS (SELECT 1 FROM copy AS other WHERE other.message_id = message.id
                  AND (other.heat_at, other.id) > (copy.heat_at, copy.id))
"""
_HOT_BEFORE, _LATEST_HEAT_FIRST = (
    "AND (copy.heat_at, message.id) < ({0}, {1})",
    "ORDER BY copy.heat_at DESC, message.id DESC LIMIT {0}",
)
_HOT_AFTER, _OLDEST_HEAT_FIRST = (
    "AND (copy.heat_at, message.id) > ({0}, {1})",
    "ORDER BY copy.heat_at, message.id LIMIT {0}",
)

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


async def hot_rows(
    statements: Statements, account_ids: Sequence[str], since: datetime, turn: Turn | None, limit: int
) -> Sequence[Row]:
    """The rows of ports.MessageBook.hot."""
    put = _Values()
    back = turn is not None and turn.newer
    clauses = [put(_HOT, stamp(since)).format(join="CROSS JOIN" if statements.on_sqlite else "JOIN")]
    if turn:
        clauses.append(put(_HOT_AFTER if back else _HOT_BEFORE, stamp(turn.edge.at), turn.edge.name))
    clauses.append(put(_OLDEST_HEAT_FIRST if back else _LATEST_HEAT_FIRST, limit))
    rows = await statements.rows(" ".join(clauses), *put.all, many=list(dict.fromkeys(account_ids)))
    return rows[::-1] if back else rows


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
