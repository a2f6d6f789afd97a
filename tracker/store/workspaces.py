"""Slack workspaces that installed us, their tokens sealed, and what was heard from them."""

from datetime import datetime, timedelta

from tracker.sealing import Sealer
from tracker.store.database import Database, Row
from tracker.store.moments import moment, moment_or_none, stamp, stamp_or_none
from tracker.workspaces import Installation

_KEEP = """
INSERT INTO installation (id, enterprise_id, org_wide, app_id, name, bot_user, bot_token, scopes, installed_by,
    installed_at, refresh_token, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
ON CONFLICT (id) DO UPDATE SET enterprise_id = excluded.enterprise_id, org_wide = excluded.org_wide,
    app_id = excluded.app_id, name = excluded.name, bot_user = excluded.bot_user, bot_token = excluded.bot_token,
    scopes = excluded.scopes, installed_by = excluded.installed_by, installed_at = excluded.installed_at,
    refresh_token = excluded.refresh_token, expires_at = excluded.expires_at, renewing_until = NULL
"""
# What is leased is being said right now; only what was put off may come sooner.
_DUE_AT_ONCE = """
UPDATE alert SET held_until = NULL WHERE done_at IS NULL AND lease IS NULL AND account_id IN (
    SELECT id FROM account WHERE slack_team IN ($1, '')
    OR slack_team IN (SELECT id FROM slack_team WHERE enterprise_id = $1))
"""
_OF = """
SELECT * FROM installation WHERE id = $1
OR (org_wide = 1 AND id = (SELECT enterprise_id FROM slack_team WHERE id = $1)) ORDER BY org_wide
"""
_THE_ONLY_ONE = "SELECT * FROM installation WHERE (SELECT COUNT(*) FROM installation) = 1"
_ALL = "SELECT * FROM installation ORDER BY id"
_SEALED_BEFORE = "SELECT * FROM installation WHERE bot_token NOT LIKE $1 ORDER BY id LIMIT 1000"
_RESEAL = "UPDATE installation SET bot_token = $3, refresh_token = $4 WHERE id = $1 AND bot_token = $2 RETURNING id"
_SEEN = """
INSERT INTO slack_team (id, enterprise_id) VALUES ($1, $2)
ON CONFLICT (id) DO UPDATE SET enterprise_id = excluded.enterprise_id
"""
_FORGET = "DELETE FROM installation WHERE id = $1 AND installed_at < $2 RETURNING id"
_FORGET_BOT = "DELETE FROM installation WHERE id = $1 AND installed_at < $2 AND bot_user IN ($many) RETURNING id"
_BEGIN = "INSERT INTO install_state (id, until) VALUES ($1, $2)"
_TIDY = "DELETE FROM install_state WHERE until < $1"
_TAKE = "DELETE FROM install_state WHERE id = $1 RETURNING until"
_FIRST = "INSERT INTO heard (id, at) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING RETURNING id"
_FORGET_HEARD = "DELETE FROM heard WHERE at < $1 RETURNING id"


class SqlInstallationBook:
    """Keeps workspaces.InstallationBook in a database."""

    def __init__(self, database: Database, sealer: Sealer) -> None:
        self._database = database
        self._sealer = sealer

    async def keep(self, installation: Installation) -> None:
        one = installation
        secret = self._sealer.seal(one.bot_token, token_of(one.id))
        again = one.refresh_token and self._sealer.seal(one.refresh_token, refresh_of(one.id))
        facts = (one.id, one.enterprise_id, int(one.org_wide), one.app_id, one.name, one.bot_user, secret)
        when = (one.installed_by, stamp(one.installed_at), again, stamp_or_none(one.expires_at))
        async with self._database.writing() as transaction:
            await transaction.rows(_KEEP, *facts, " ".join(one.scopes), *when)
            await transaction.rows(_DUE_AT_ONCE, one.id)

    async def of(self, team_id: str) -> Installation | None:
        async with self._database.reading() as statements:
            rows = await (statements.rows(_OF, team_id) if team_id else statements.rows(_THE_ONLY_ONE))
        return self._opened(rows[0]) if rows else None

    async def seen(self, team_id: str, enterprise_id: str) -> None:
        async with self._database.writing() as transaction:
            await transaction.rows(_SEEN, team_id, enterprise_id)

    async def forget(self, id: str, as_of: datetime, bot_users: frozenset[str] | None = None) -> bool:
        # Slack tells moments in whole seconds, rounded down.
        until = stamp(as_of.replace(microsecond=0) + timedelta(seconds=1))
        async with self._database.writing() as transaction:
            if bot_users is None:
                return bool(await transaction.rows(_FORGET, id, until))
            return bool(await transaction.rows(_FORGET_BOT, id, until, many=sorted(bot_users)))

    async def all(self) -> tuple[Installation, ...]:
        async with self._database.reading() as statements:
            opened = [self._opened(row) for row in await statements.rows(_ALL)]
        return tuple(one for one in opened if one)

    async def begin(self, name: str, until: datetime) -> None:
        async with self._database.writing() as transaction:
            await transaction.rows(_BEGIN, name, stamp(until))

    async def take(self, name: str, now: datetime) -> bool:
        async with self._database.writing() as transaction:
            taken = await transaction.rows(_TAKE, name)
            await transaction.rows(_TIDY, stamp(now))
        return any(row["until"] > stamp(now) for row in taken)

    async def reseal(self) -> int:
        async with self._database.reading() as statements:
            rows = await statements.rows(_SEALED_BEFORE, self._sealer.mark + "%")
        renewed = 0
        for row in rows:
            token, again = self._sealer.open(row["bot_token"], token_of(row["id"])), _again(row, self._sealer)
            if token is None:
                continue
            sealed = self._sealer.seal(token, token_of(row["id"]))
            sealed_again = again and self._sealer.seal(again, refresh_of(row["id"]))
            async with self._database.writing() as transaction:
                changed = await transaction.rows(_RESEAL, row["id"], row["bot_token"], sealed, sealed_again)
            renewed += len(changed)
        return renewed

    def _opened(self, row: Row) -> Installation | None:
        return opened(row, self._sealer)


class SqlHeardBook:
    """Keeps workspaces.HeardBook in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def first(self, name: str, now: datetime) -> bool:
        async with self._database.writing() as transaction:
            return bool(await transaction.rows(_FIRST, name, stamp(now)))

    async def forget(self, before: datetime) -> int:
        async with self._database.writing() as transaction:
            return len(await transaction.rows(_FORGET_HEARD, stamp(before)))


def opened(row: Row, sealer: Sealer) -> Installation | None:
    """The installation in a row; None when no key of ours opens its token."""
    token = sealer.open(row["bot_token"], token_of(row["id"]))
    return _installation_of(row, token, _again(row, sealer)) if token else None


def _again(row: Row, sealer: Sealer) -> str | None:
    sealed = row["refresh_token"]
    return sealer.open(sealed, refresh_of(row["id"])) if sealed else None


def _installation_of(row: Row, token: str, again: str | None) -> Installation:
    return Installation(
        team_id="" if row["org_wide"] else row["id"],
        name=row["name"],
        bot_user=row["bot_user"],
        installed_by=row["installed_by"],
        installed_at=moment(row["installed_at"]),
        scopes=tuple(row["scopes"].split()),
        bot_token=token,
        enterprise_id=row["enterprise_id"],
        app_id=row["app_id"],
        refresh_token=again,
        expires_at=moment_or_none(row["expires_at"]),
    )


def token_of(id: str) -> str:
    """What a sealed bot token is bound to."""
    return f"bot token of installation {id}"


def refresh_of(id: str) -> str:
    """What a sealed refresh token is bound to."""
    return f"refresh token of installation {id}"
