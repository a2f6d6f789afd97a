"""Where cards stand in Slack."""

from collections.abc import Mapping, Sequence

from tracker.model import Post
from tracker.store.database import Statements
from tracker.store.moments import stamp_or_none
from tracker.store.rows import post_of

_INSERT = """
INSERT INTO post (topic, channel, ts, turn, drawn_at, told_at, line_at, message_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (topic) DO
"""
_KEEP = f"""{_INSERT} UPDATE
SET channel = excluded.channel, ts = excluded.ts, turn = excluded.turn, drawn_at = excluded.drawn_at,
    told_at = excluded.told_at, line_at = excluded.line_at, message_id = excluded.message_id
"""
_KEEP_UNLESS_KNOWN = f"{_INSERT} NOTHING"
_ON = "SELECT * FROM post WHERE topic IN ($many)"


async def keep_post(transaction: Statements, post: Post) -> None:
    await transaction.rows(_KEEP, *_values(post))


async def keep_post_unless_known(transaction: Statements, post: Post) -> None:
    await transaction.rows(_KEEP_UNLESS_KNOWN, *_values(post))


async def posts_on(statements: Statements, topics: Sequence[str]) -> Mapping[str, Post]:
    """The cards of these topics that stand."""
    rows = await statements.rows(_ON, many=list(topics)) if topics else ()
    return {row["topic"]: post_of(row) for row in rows}


def _values(post: Post) -> tuple[object, ...]:
    moments = map(stamp_or_none, (post.drawn_at, post.told_at, post.line_at))
    return (post.topic, post.channel, post.ts, post.turn, *moments, post.message_id)
