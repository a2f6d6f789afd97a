"""What people said about noise, and the alerts that are held back for it."""

from collections.abc import Sequence
from datetime import datetime, time

from tracker.model import HELD, Alert, LeasedAlerts
from tracker.noise import DigestEvery, Hours, Mute, MuteKind, Noise
from tracker.store.database import Database, Row, Statements
from tracker.store.moments import moment, moment_or_none, stamp, stamp_or_none
from tracker.store.outbox import CHANNEL, put_alerts

_OF = "SELECT * FROM noise WHERE id = $1"
# Written only beside an account, so that a late press does not bring a removed one half back.
_KEEP = """
INSERT INTO noise (id, account_id, quiet_begin, quiet_end, quiet_weekends, repeats, digest, digest_minute,
                   digest_set_at, channel, channel_name, hide)
SELECT account.id, account.id, CAST($2 AS INTEGER), CAST($3 AS INTEGER), CAST($4 AS BOOLEAN), CAST($5 AS BOOLEAN),
       CAST($6 AS VARCHAR), CAST($7 AS INTEGER), CAST($8 AS BIGINT), CAST($9 AS TEXT), CAST($10 AS TEXT),
       CAST($11 AS BOOLEAN)
FROM account WHERE account.id = $1
ON CONFLICT (id) DO UPDATE SET quiet_begin = excluded.quiet_begin, quiet_end = excluded.quiet_end,
    quiet_weekends = excluded.quiet_weekends, repeats = excluded.repeats, digest = excluded.digest,
    digest_minute = excluded.digest_minute, digest_set_at = excluded.digest_set_at, channel = excluded.channel,
    channel_name = excluded.channel_name, hide = excluded.hide
"""
_ON_CONFLICT = """
ON CONFLICT (account_id, kind, what) DO UPDATE SET id = excluded.id, set_at = excluded.set_at, until = excluded.until
RETURNING id
"""
_VALUES = """CAST($1 AS VARCHAR), account.id, {message}, CAST($3 AS VARCHAR), CAST($4 AS VARCHAR),
       CAST($5 AS BIGINT), CAST($6 AS BIGINT)"""
_INSERT = "INSERT INTO mute (id, account_id, message_id, kind, what, set_at, until) SELECT "
_MUTE = f"{_INSERT}{_VALUES.format(message='NULL')} FROM account WHERE account.id = $2 {_ON_CONFLICT}"
_MUTE_MESSAGE = f"""{_INSERT}{_VALUES.format(message="message.id")}
FROM account JOIN message ON message.account_id = account.id AND message.id = $4 WHERE account.id = $2 {_ON_CONFLICT}
"""
_MUTES = """
SELECT * FROM mute WHERE account_id IN ($many) AND (until IS NULL OR until > $1) ORDER BY set_at DESC, id
"""
_UNMUTE = "DELETE FROM mute WHERE id = $1 AND account_id IN ($many) RETURNING *"
_OVER = "DELETE FROM mute WHERE account_id = $1 AND until <= $2"
# What we know of earlier tries is kept: nothing was said in this one.
_HOLD = """
UPDATE alert SET topic = $3, held_until = $4, lease = NULL, refusals = refusals + 1
WHERE topic = $1 AND lease = $2 AND done_at IS NULL
"""
_RELEASE = "UPDATE alert SET held_until = NULL WHERE topic = $1 AND lease IS NULL AND done_at IS NULL"
_WITH_DIGEST = "SELECT * FROM noise WHERE digest <> 'off' ORDER BY id"
_UNROUTE = "UPDATE noise SET channel = '' WHERE id = $1 AND channel = $2 RETURNING id"


class SqlNoiseBook:
    """Keeps noise.NoiseBook in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, account_id: str) -> Noise:
        async with self._database.reading() as statements:
            rows = await statements.rows(_OF, account_id)
        return _noise_of(rows[0]) if rows else Noise(account_id)

    async def keep(self, noise: Noise) -> None:
        async with self._database.writing() as transaction:
            await transaction.rows(_KEEP, *_values(noise))

    async def mute(self, mute: Mute) -> bool:
        statement = _MUTE_MESSAGE if mute.kind is MuteKind.MESSAGE else _MUTE
        moments = (stamp(mute.set_at), stamp_or_none(mute.until))
        async with self._database.writing() as transaction:
            await transaction.rows(_OVER, mute.account_id, stamp(mute.set_at))
            about = (mute.id, mute.account_id, mute.kind.value, mute.what)
            return bool(await transaction.rows(statement, *about, *moments))

    async def mutes(self, account_ids: Sequence[str], now: datetime) -> Sequence[Mute]:
        async with self._database.reading() as statements:
            return [_mute_of(row) for row in await statements.rows(_MUTES, stamp(now), many=list(account_ids))]

    async def unmute(self, account_ids: Sequence[str], mute_id: str) -> Mute | None:
        async with self._database.writing() as transaction:
            rows = await transaction.rows(_UNMUTE, mute_id, many=list(account_ids))
        return _mute_of(rows[0]) if rows else None

    async def hold(self, leased: LeasedAlerts, until: datetime, person: str) -> None:
        async with self._database.writing() as transaction:
            await transaction.rows(_HOLD, leased.topic, leased.lease, f"{HELD}{person}", stamp(until))

    async def release(self, person: str) -> None:
        async with self._database.writing() as transaction:
            await transaction.rows(_RELEASE, f"{HELD}{person}")
            await _tell(transaction)

    async def with_digest(self) -> Sequence[Noise]:
        async with self._database.reading() as statements:
            return [_noise_of(row) for row in await statements.rows(_WITH_DIGEST)]

    async def put(self, alert: Alert) -> None:
        async with self._database.writing() as transaction:
            await put_alerts(transaction, [alert])

    async def unroute(self, noise: Noise, alert: Alert) -> bool:
        async with self._database.writing() as transaction:
            ours = await transaction.rows(_UNROUTE, noise.account_id, noise.channel)
            if ours:
                await put_alerts(transaction, [alert])
        return bool(ours)


async def _tell(transaction: Statements) -> None:
    if not transaction.on_sqlite:
        await transaction.rows(f"NOTIFY {CHANNEL}")


def _values(noise: Noise) -> tuple[object, ...]:
    quiet = (_minutes(noise.quiet.begin), _minutes(noise.quiet.end)) if noise.quiet else (None, None)
    digest = (noise.digest.value, _minutes(noise.digest_at), stamp_or_none(noise.digest_set_at))
    where = (noise.channel, noise.channel_name, noise.hide)
    return (noise.account_id, *quiet, noise.quiet_weekends, noise.repeats, *digest, *where)


def _noise_of(row: Row) -> Noise:
    quiet = row["quiet_begin"] is not None and row["quiet_end"] is not None
    return Noise(
        account_id=row["id"],
        quiet=Hours(_clock(row["quiet_begin"]), _clock(row["quiet_end"])) if quiet else None,
        quiet_weekends=bool(row["quiet_weekends"]),
        repeats=bool(row["repeats"]),
        digest=DigestEvery(row["digest"]),
        digest_at=_clock(row["digest_minute"]),
        digest_set_at=moment_or_none(row["digest_set_at"]),
        channel=row["channel"],
        channel_name=row["channel_name"],
        hide=bool(row["hide"]),
    )


def _mute_of(row: Row) -> Mute:
    kind, until = MuteKind(row["kind"]), moment_or_none(row["until"])
    return Mute(row["id"], row["account_id"], kind, row["what"], moment(row["set_at"]), until)


def _minutes(clock: time) -> int:
    return clock.hour * 60 + clock.minute


def _clock(minutes: int) -> time:
    return time(minutes // 60, minutes % 60)
