"""The classes of domains' mail systems, each kept for a while."""

from collections.abc import Collection, Mapping
from datetime import datetime

from tracker.ports import KnownSystem
from tracker.store.database import Database
from tracker.store.moments import stamp

_KNOWN = "SELECT domain, mail_system FROM mail_domain WHERE until > $1 AND domain IN ($many)"
_KEEP = """
INSERT INTO mail_domain (domain, mail_system, until) VALUES ($1, $2, $3)
ON CONFLICT (domain) DO UPDATE SET mail_system = excluded.mail_system, until = excluded.until
"""
_FORGET = "DELETE FROM mail_domain WHERE until < $1"


class SqlMailSystemBook:
    """Keeps ports.MailSystemBook in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def known(self, domains: Collection[str], now: datetime) -> Mapping[str, str]:
        async with self._database.reading() as statements:
            rows = await statements.rows(_KNOWN, stamp(now), many=list(domains))
        return {row["domain"]: row["mail_system"] for row in rows}

    async def keep(self, systems: Mapping[str, KnownSystem], now: datetime) -> None:
        rows = [(domain, systems[domain].mail_system, stamp(systems[domain].until)) for domain in sorted(systems)]
        async with self._database.writing() as transaction:
            await transaction.rows(_FORGET, stamp(now))
            await transaction.each(_KEEP, rows)
