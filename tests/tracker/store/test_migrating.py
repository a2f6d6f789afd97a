"""A database comes to the current schema all at once, however often and by however many it is asked."""

import asyncio
import os
import sqlite3
import stat
import time
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from tortoise.context import TortoiseContext

from tests.makers import a_hit, after
from tests.ports.givens import given_message, judged_hit, recorded
from tests.postgres import PostgresServer, database_name
from tests.tracker.store import failing_migrations, first_migrations, later_migrations, orphaning_migrations
from tracker.judging import judge
from tracker.model import Recipient
from tracker.recording import Recording
from tracker.store.address import read_address
from tracker.store.connecting import connect
from tracker.store.errors import CannotOpen
from tracker.store.migrating import migrate
from tracker.store.opening import open_store
from tracker.store.schema import known_migrations


@pytest.fixture(params=["sqlite", "postgres"])
def empty_url(request: pytest.FixtureRequest) -> str:
    """A database with nothing in it, once of each kind."""
    return str(request.getfixturevalue(f"empty_{request.param}_url"))


def rows(url: str, sql: str, *values: object) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(url.removeprefix("sqlite://"), isolation_level=None)) as connection:
        return connection.execute(sql, values).fetchall()


async def test_the_first_time_everything_is_applied(empty_url: str) -> None:
    assert await migrate(empty_url) == known_migrations()


async def test_the_second_time_nothing_is_left_to_apply(empty_url: str) -> None:
    await migrate(empty_url)

    assert await migrate(empty_url) == []


async def test_two_who_migrate_at_once_apply_everything_once(empty_url: str) -> None:
    applied = await asyncio.gather(migrate(empty_url), migrate(empty_url), migrate(empty_url))

    assert sorted(applied) == [[], [], known_migrations()]


async def test_missing_folders_are_made(tmp_path: Path) -> None:
    await migrate(f"sqlite://{tmp_path}/a/b/twotick.sqlite3")

    assert (tmp_path / "a/b/twotick.sqlite3").exists()


async def test_only_its_owner_can_read_a_new_file(empty_sqlite_url: str) -> None:
    await migrate(empty_sqlite_url)

    mode = os.stat(empty_sqlite_url.removeprefix("sqlite://")).st_mode
    assert stat.S_IMODE(mode) == 0o600


async def test_the_migrated_sqlite_is_what_the_tables_say(tmp_path: Path) -> None:
    migrated, generated = (f"sqlite://{tmp_path}/{name}.sqlite3" for name in ("migrated", "generated"))
    await migrate(migrated)
    await generate(generated)

    # What stands between the names is spelled alike in both; the record of migrations is nobody's table.
    query = """
        SELECT type, name, tbl_name, replace(replace(sql, ' IF NOT EXISTS', ''), '  ', ' ') FROM sqlite_master
        WHERE tbl_name NOT IN ('tortoise_migrations', 'sqlite_sequence') ORDER BY type, tbl_name, name
    """
    schema = [[words(part) for part in row] for row in rows(migrated, query)]
    assert len(schema) > 20
    assert schema == [[words(part) for part in row] for row in rows(generated, query)]


async def test_the_migrated_postgres_is_what_the_tables_say(
    postgres_server: PostgresServer, empty_postgres_url: str
) -> None:
    generated = postgres_server.fresh()
    await migrate(empty_postgres_url)
    await generate(generated)

    schemas = [postgres_schema(postgres_server, url) for url in (empty_postgres_url, generated)]
    postgres_server.drop(generated)

    # Hits lie in parts there: their copies are seen to by a trigger instead of a key, and a part is nobody's table.
    migrated = [line.replace(" ON ONLY public.hit ", " ON public.hit ") for line in schemas[0]]
    migrated = [line for line in migrated if "hit_rest" not in line]
    assert len(migrated) > 60
    assert migrated == [line for line in schemas[1] if not line.startswith("hit f FOREIGN KEY")]


def words(text: object) -> str:
    """A statement without its spacing, its columns in no order."""
    return " ".join(sorted(str(text).replace("(", " ( ").replace(")", " ) ").replace(",", " ").split()))


async def generate(url: str) -> None:
    context = TortoiseContext()
    with context:
        await context.init(config=read_address(url).config())
        await context.generate_schemas()
        await context.close_connections()


def postgres_schema(server: PostgresServer, url: str) -> list[str]:
    columns = """
        SELECT table_name || ' ' || column_name || ' ' || data_type || ' ' || is_nullable
            || ' ' || coalesce(character_maximum_length, 0)::text
        FROM information_schema.columns WHERE table_schema = 'public'
    """
    indexes = "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'"
    keys = """
        SELECT conrelid::regclass::text || ' ' || contype::text || ' ' || pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    """
    lines = server.run(columns, indexes, keys, name=database_name(url)).splitlines()
    return sorted(line for line in lines if "tortoise_migrations" not in line)


@dataclass(frozen=True, slots=True)
class Used:
    """A migrated file with a message, a copy and a hit in it."""

    url: str

    @property
    def file(self) -> Path:
        return Path(self.url.removeprefix("sqlite://"))

    @property
    def copies(self) -> list[Path]:
        return list(self.file.parent.glob("*.before-*"))


@pytest.fixture
async def used(sqlite_url: str) -> Used:
    async with await open_store(sqlite_url, [bytes(32)]) as store:
        given = await given_message(store)
        await store.hits.record([recorded(given.copy, judged_hit(given.copy))])
    return Used(sqlite_url)


COUNTS = "SELECT (SELECT count(*) FROM account), (SELECT count(*) FROM message), (SELECT count(*) FROM hit)"


async def test_a_table_that_is_rebuilt_keeps_its_children(used: Used) -> None:
    assert await migrate(used.url, later_migrations) == ["9999_wider"]

    assert rows(used.url, COUNTS) == [(1, 1, 1)]


async def test_the_file_is_copied_before_it_is_changed(used: Used) -> None:
    await migrate(used.url, later_migrations)

    [copy] = used.copies
    assert copy.name == "twotick.sqlite3.before-9999_wider"
    assert rows(f"sqlite://{copy}", COUNTS) == [(1, 1, 1)]
    assert rows(f"sqlite://{copy}", "SELECT name FROM tortoise_migrations") == [(name,) for name in known_migrations()]


async def test_copies_of_earlier_migrations_go_once_the_next_one_is_done(used: Used) -> None:
    for age, name in enumerate(("0021_heat", "0020_renewing"), 1):
        older = used.file.with_name(f"{used.file.name}.before-{name}")
        older.write_text("whom somebody had erased")
        os.utime(older, (time.time() - age * 86_400,) * 2)
    beside = used.file.with_name("other.sqlite3.before-0020_renewing")
    beside.touch()

    await migrate(used.url)
    assert len(used.copies) == 3  # nothing was to be done

    await migrate(used.url, later_migrations)
    assert sorted(used.copies) == sorted([beside, used.file.with_name(f"{used.file.name}.before-9999_wider")])


async def test_only_its_owner_can_read_the_copy(used: Used) -> None:
    await migrate(used.url, later_migrations)

    assert stat.S_IMODE(os.stat(used.copies[0]).st_mode) == 0o600


async def test_nothing_is_copied_when_nothing_is_to_be_changed(used: Used) -> None:
    await migrate(used.url)

    assert used.copies == []


async def test_a_file_that_cannot_be_copied_is_not_changed(used: Used) -> None:
    # A folder in the place of the copy stands for a disk without room for it.
    used.file.with_name(f"{used.file.name}.before-9999_wider").mkdir()

    with pytest.raises(CannotOpen, match=r"DATABASE_URL: cannot copy .*make room"):
        await migrate(used.url, later_migrations)

    assert rows(used.url, "SELECT name FROM tortoise_migrations") == [(name,) for name in known_migrations()]


async def test_a_migration_that_fails_midway_leaves_the_old_schema(used: Used) -> None:
    schema = rows(used.url, "SELECT sql FROM sqlite_master ORDER BY name")

    with pytest.raises(CannotOpen, match=r"is as it was.*nowhere"):
        await migrate(used.url, failing_migrations)

    assert rows(used.url, "SELECT sql FROM sqlite_master ORDER BY name") == schema
    assert rows(used.url, "SELECT name FROM tortoise_migrations") == [(name,) for name in known_migrations()]


async def test_a_migration_that_leaves_rows_without_their_owner_is_undone(used: Used) -> None:
    with pytest.raises(CannotOpen, match="left as it was"):
        await migrate(used.url, orphaning_migrations)

    assert rows(used.url, COUNTS) == [(1, 1, 1)]


FIRST_RELEASE = (
    """
    INSERT INTO account (id, email, email_key, slack_user, slack_team, state, refresh_token)
    VALUES ('a1', 'You@x.example', 'you@x.example', 'U1', '', 'connected', 'sealed')
    """,
    """
    INSERT INTO message (id, account_id, source, subject, created_at, links, per_recipient, level, state, words)
    VALUES ('m1', 'a1', 'draft:1', 'Q3 proposal', 1, true, false, 'full', 'sent', 'q3 proposal')
    """,
    """
    INSERT INTO copy (id, message_id, place, recipients, sent_at, recipient_mx, version, opens, clicks, machines,
                      unsure, first_open_at, last_open_at, last_client, last_reason)
    VALUES ('c1', 'm1', 0, '[["ada@acme.example", "Ada"]]', 1000000, 'unknown', 7, 2, 0, 1, 0, 2000000, 3000000,
            'Outlook', 'mail_client_ua')
    """,
    """
    INSERT INTO hit (id, copy_id, at, kind, method, ip, headers, is_raw, cause, confidence, reason, rules, ruleset,
                     client)
    VALUES ('h1', 'c1', 2000000, 'open', 'GET', '192.0.2.1', '{"user-agent": "Outlook"}', 1, 'human', 0.9,
            'mail_client_ua', '["G2"]', 'first', 'Outlook')
    """,
    """
    INSERT INTO alert (id, key, topic, kind, account_id, message_id, copy_id, hit_id, due_at, tries, refusals)
    VALUES ('n1', 'hit:h1', 'm1', 'first_open', 'a1', 'm1', 'c1', 'h1', 3000000, 0, 0)
    """,
)


async def used_since_the_first_release(url: str) -> None:
    await migrate(url, first_migrations)
    database = await connect(read_address(url))
    async with database.writing() as transaction:
        for statement in FIRST_RELEASE:
            await transaction.rows(statement)
    await database.close()


async def test_what_the_first_release_knew_is_known_to_this_one(empty_url: str) -> None:
    await used_since_the_first_release(empty_url)

    assert await migrate(empty_url) == known_migrations()[1:]

    async with await open_store(empty_url, [bytes(32)]) as store:
        history = (await store.hits.histories(["c1"]))["c1"]
        [leased] = await store.alerts.lease(after(), after(60), 10)
    assert history.copy.recipients == (Recipient("ada@acme.example", "Ada"),)
    assert (history.summary.opens, history.summary.machines, history.summary.last_place) == (2, 1, "")
    assert [(one.hit.id, one.hit.ua, one.place) for one in history.judged] == [("h1", "Outlook", "")]
    assert (history.version, history.corrections, history.copy.links_total) == (0, (), 0)
    assert [alert.id for alert in leased.alerts] == ["n1"]


async def test_hits_are_recorded_on_what_the_first_release_left(empty_url: str) -> None:
    await used_since_the_first_release(empty_url)
    await migrate(empty_url)

    async with await open_store(empty_url, [bytes(32)]) as store:
        recording = Recording(store.hits, judge, timedelta(0), after)
        await recording.record([a_hit(copy_id="c1", at=after(minutes=20))])
        history = (await store.hits.histories(["c1"]))["c1"]

    # Counted anew from the hits, of which this database has one from before.
    assert (history.summary.opens, history.version) == (2, 1)
