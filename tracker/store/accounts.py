"""The accounts, their grants sealed."""

from collections.abc import Sequence

from tracker.model import Account, AccountState, Alert
from tracker.ports import NotAuthorized, Resealed
from tracker.sealing import Sealer
from tracker.store.database import Database
from tracker.store.outbox import put_alerts
from tracker.store.rows import account_of
from tracker.store.ticks import mark_connected_anew

_ADD = """
INSERT INTO account (id, email, email_key, slack_user, slack_team, state, profile, delegated, refresh_token)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '')
ON CONFLICT (email_key) DO UPDATE
SET slack_user = CASE WHEN excluded.slack_user = '' THEN account.slack_user ELSE excluded.slack_user END,
    slack_team = CASE WHEN excluded.slack_user = '' THEN account.slack_team ELSE excluded.slack_team END,
    state = excluded.state,
    profile = excluded.profile, delegated = excluded.delegated, watch_due_at = NULL
RETURNING *
"""
_BY_EMAIL = "SELECT * FROM account WHERE email_key = $1"
_BY_ID = "SELECT * FROM account WHERE id = $1"
_OF_SLACK_USER = """
SELECT * FROM account WHERE slack_user = $1 AND slack_user <> '' AND slack_team IN ($2, '') ORDER BY email_key
"""
_ALL = "SELECT * FROM account ORDER BY email_key"
_SEAL = "UPDATE account SET refresh_token = $2 WHERE id = $1"
_STATE = "UPDATE account SET state = $2 WHERE id = $1 AND state <> $2 RETURNING id"
_LINK = "UPDATE account SET slack_user = $2, slack_team = $3 WHERE id = $1 AND slack_user = '' RETURNING id"
_SEALED_BEFORE = "SELECT * FROM account WHERE id > $1 AND refresh_token NOT LIKE $2 ORDER BY id LIMIT $3"
_RESEAL = "UPDATE account SET refresh_token = $3 WHERE id = $1 AND refresh_token = $2 RETURNING id"
_FORGET_POSTS = """
DELETE FROM post WHERE topic IN (
    SELECT message.id FROM message JOIN account ON account.id = message.account_id WHERE account.email_key = $1
    UNION ALL SELECT 'account:' || account.id FROM account WHERE account.email_key = $1
    UNION ALL SELECT alert.topic FROM alert JOIN account ON account.id = alert.account_id
        WHERE account.email_key = $1 AND alert.kind = 'crowd'
) OR message_id IN (
    SELECT message.id FROM message JOIN account ON account.id = message.account_id WHERE account.email_key = $1
)
"""
_REMOVE = "DELETE FROM account WHERE email_key = $1 RETURNING id"


class SqlAccountBook:
    """Keeps ports.AccountBook in a database."""

    def __init__(self, database: Database, sealer: Sealer) -> None:
        self._database = database
        self._sealer = sealer

    async def add(self, account: Account, refresh_token: str) -> Account:
        who = (account.id, account.email, _key(account.email))
        async with self._database.writing() as transaction:
            slack = (account.slack_user, account.slack_team, account.state.value)
            profile = account.profile.value if account.profile else None
            [row] = await transaction.rows(_ADD, *who, *slack, profile, account.delegated)
            # Sealed last: only the row tells under which id the account is known.
            await transaction.rows(_SEAL, row["id"], self._sealer.seal(refresh_token, _grant_of(row["id"])))
            await mark_connected_anew(transaction, row["id"])
        return account_of(row)

    async def by_email(self, email: str) -> Account | None:
        return next(iter(await self._some(_BY_EMAIL, _key(email))), None)

    async def by_id(self, account_id: str) -> Account | None:
        return next(iter(await self._some(_BY_ID, account_id)), None)

    async def of_slack_user(self, team: str, user: str) -> Sequence[Account]:
        return await self._some(_OF_SLACK_USER, user, team)

    async def all(self) -> Sequence[Account]:
        return await self._some(_ALL)

    async def refresh_token(self, account_id: str) -> str:
        async with self._database.reading() as statements:
            rows = await statements.rows(_BY_ID, account_id)
        token = self._sealer.open(rows[0]["refresh_token"], _grant_of(account_id)) if rows else None
        if token is None:
            raise NotAuthorized("the account's grant cannot be read with any of ENCRYPTION_KEYS: connect it again")
        return token

    async def set_state(self, account_id: str, state: AccountState, alert: Alert | None) -> None:
        async with self._database.writing() as transaction:
            changed = await transaction.rows(_STATE, account_id, state.value)
            if changed and alert:
                await put_alerts(transaction, [alert])

    async def link(self, account_id: str, team: str, user: str) -> bool:
        async with self._database.writing() as transaction:
            return bool(await transaction.rows(_LINK, account_id, user, team))

    async def reseal(self, after: str, limit: int) -> Resealed:
        async with self._database.reading() as statements:
            rows = await statements.rows(_SEALED_BEFORE, after, self._sealer.mark + "%", limit)
        renewed = unreadable = 0
        for row in rows:
            grant = self._sealer.open(row["refresh_token"], _grant_of(row["id"]))
            if grant is None:
                unreadable += 1
                continue
            sealed = self._sealer.seal(grant, _grant_of(row["id"]))
            async with self._database.writing() as transaction:
                renewed += len(await transaction.rows(_RESEAL, row["id"], row["refresh_token"], sealed))
        return Resealed(rows[-1]["id"] if rows else "", renewed, unreadable)

    async def remove(self, email: str) -> bool:
        async with self._database.writing() as transaction:
            await transaction.rows(_FORGET_POSTS, _key(email))
            return bool(await transaction.rows(_REMOVE, _key(email)))

    async def _some(self, sql: str, *values: str) -> Sequence[Account]:
        async with self._database.reading() as statements:
            return [account_of(row) for row in await statements.rows(sql, *values)]


def _key(email: str) -> str:
    return email.strip().lower()


def _grant_of(account_id: str) -> str:
    return f"refresh token of account {account_id}"
