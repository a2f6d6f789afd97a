"""Whose turn it is to renew a workspace's token, and the new ones, sealed."""

from datetime import datetime

from tracker.sealing import Sealer
from tracker.store.database import Database
from tracker.store.moments import stamp, stamp_or_none
from tracker.store.workspaces import opened, refresh_of, token_of
from tracker.workspaces import Installation, Renewed

_DUE = """
SELECT id FROM installation WHERE refresh_token IS NOT NULL AND expires_at < $1
AND (renewing_until IS NULL OR renewing_until <= $2) ORDER BY expires_at, id
"""
_TAKE = """
UPDATE installation SET renewing_until = $4 WHERE id = $3 AND refresh_token IS NOT NULL AND expires_at < $1
AND (renewing_until IS NULL OR renewing_until <= $2) RETURNING *
"""
# A pair is known by when it was installed and when it ends: sealed texts change whenever keys do.
_RENEWED = """
UPDATE installation SET bot_token = $4, refresh_token = $5, expires_at = $6, renewing_until = NULL
WHERE id = $1 AND installed_at = $2 AND expires_at = $3 RETURNING id
"""
_REFUSED = """
UPDATE installation SET refresh_token = NULL, renewing_until = NULL
WHERE id = $1 AND installed_at = $2 AND expires_at = $3 RETURNING id
"""


class SqlRenewalBook:
    """Keeps workspaces.RenewalBook in a database."""

    def __init__(self, database: Database, sealer: Sealer) -> None:
        self._database = database
        self._sealer = sealer

    async def due(self, before: datetime, now: datetime) -> tuple[str, ...]:
        async with self._database.reading() as statements:
            return tuple(str(row["id"]) for row in await statements.rows(_DUE, stamp(before), stamp(now)))

    async def take(self, id: str, before: datetime, now: datetime, until: datetime) -> Installation | None:
        async with self._database.writing() as transaction:
            rows = await transaction.rows(_TAKE, stamp(before), stamp(now), id, stamp(until))
        taken = opened(rows[0], self._sealer) if rows else None
        return taken if taken and taken.refresh_token else None  # None, too, where no key of ours opens it

    async def renewed(self, old: Installation, new: Renewed) -> bool:
        sealed = self._sealer.seal(new.bot_token, token_of(old.id))
        again = self._sealer.seal(new.refresh_token, refresh_of(old.id))
        async with self._database.writing() as transaction:
            return bool(await transaction.rows(_RENEWED, *_pair(old), sealed, again, stamp(new.expires_at)))

    async def refused(self, old: Installation) -> bool:
        async with self._database.writing() as transaction:
            return bool(await transaction.rows(_REFUSED, *_pair(old)))


def _pair(old: Installation) -> tuple[object, ...]:
    return old.id, stamp(old.installed_at), stamp_or_none(old.expires_at)
