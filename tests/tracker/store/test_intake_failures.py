"""What happens to hits when the place that keeps them fails, engine by engine."""

import asyncio
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from tests.makers import a_hit
from tests.postgres import PostgresServer
from tracker.ports import Unrecordable
from tracker.store.errors import CannotOpen
from tracker.store.intake import intake_file, open_intake


def test_the_intake_stands_beside_the_main_database() -> None:
    assert intake_file("sqlite:///var/lib/two/twotick.sqlite3?busy_timeout=5") == Path(
        "/var/lib/two/twotick-intake.sqlite3"
    )


@pytest.mark.parametrize("url", ["sqlite://:memory:", "sqlite:///", "mysql://x/y"])
async def test_a_database_that_keeps_nothing_is_refused_by_its_setting(url: str) -> None:
    with pytest.raises(CannotOpen, match="DATABASE_URL"):
        await open_intake(url)


async def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "taken-intake.sqlite3").mkdir()

    with pytest.raises(CannotOpen, match=r"DATABASE_URL.*taken-intake\.sqlite3"):
        await open_intake(f"sqlite://{tmp_path}/taken.sqlite3")


async def test_a_file_that_is_no_database_is_named_and_left_alone(tmp_path: Path) -> None:
    letters = tmp_path / "my-intake.sqlite3"
    letters.write_text("dear diary " * 100)

    with pytest.raises(CannotOpen, match=r"my-intake\.sqlite3"):
        await open_intake(f"sqlite://{tmp_path}/my.sqlite3")

    assert letters.read_text().startswith("dear diary")


async def test_a_server_that_is_not_there_is_told_without_the_password() -> None:
    with pytest.raises(CannotOpen, match="DATABASE_URL") as refused:
        await open_intake("postgres://ada:correct-horse@127.0.0.1:1/twotick")

    assert "correct-horse" not in str(refused.value)


async def test_a_new_file_that_another_process_prepares_is_waited_for(empty_sqlite_url: str) -> None:
    with closing(sqlite3.connect(intake_file(empty_sqlite_url), isolation_level=None)) as rival:
        rival.execute("CREATE TABLE theirs (id)")
        rival.execute("BEGIN IMMEDIATE")
        opening = asyncio.create_task(open_intake(empty_sqlite_url))
        await asyncio.sleep(0.1)
        rival.execute("ROLLBACK")

    intake = await opening

    assert await intake.healthy() is None
    await intake.close()


async def test_a_locked_file_refuses_and_recovers_by_itself(empty_sqlite_url: str) -> None:
    intake = await open_intake(empty_sqlite_url)
    with closing(sqlite3.connect(intake_file(empty_sqlite_url), isolation_level=None)) as rival:
        rival.execute("BEGIN EXCLUSIVE")
        with pytest.raises(Unrecordable, match="locked"):
            await intake.append(a_hit())
        rival.execute("ROLLBACK")

    await intake.append(a_hit())

    assert len(await intake.take(10)) == 1
    await intake.close()


async def test_a_damaged_file_refuses_and_says_why(empty_sqlite_url: str) -> None:
    intake = await open_intake(empty_sqlite_url)
    await intake.append(a_hit())
    with closing(sqlite3.connect(intake_file(empty_sqlite_url))) as rival:
        rival.execute("DROP TABLE intake")
        rival.execute("CREATE TABLE intake (other)")

    reason = await intake.healthy()

    assert reason
    assert "intake" in reason
    await intake.close()


async def test_what_waits_is_for_our_eyes_only(empty_sqlite_url: str) -> None:
    intake = await open_intake(empty_sqlite_url)
    await intake.append(a_hit())

    modes = {stat.S_IMODE(file.stat().st_mode) for file in intake_file(empty_sqlite_url).parent.iterdir()}

    assert modes == {0o600}
    await intake.close()


async def test_a_file_deleted_under_us_is_made_again_before_anything_is_acknowledged(empty_sqlite_url: str) -> None:
    intake = await open_intake(empty_sqlite_url)
    await intake.append(a_hit())
    for left in intake_file(empty_sqlite_url).parent.iterdir():
        left.unlink()
    hit = a_hit()

    await intake.append(hit)

    assert await intake.take(10) == [hit]
    await intake.close()


async def test_a_server_that_goes_away_is_noticed_and_used_again_when_it_is_back(
    empty_postgres_url: str, postgres_server: PostgresServer
) -> None:
    intake = await open_intake(empty_postgres_url)
    before = a_hit()
    await intake.append(before)
    await asyncio.to_thread(postgres_server.take_away, empty_postgres_url)
    with pytest.raises(Unrecordable):
        await intake.append(a_hit())
    assert await intake.healthy()

    await asyncio.to_thread(postgres_server.give_back, empty_postgres_url)
    after = a_hit()
    await intake.append(after)

    assert {hit.id for hit in await intake.take(10)} == {before.id, after.id}
    await intake.close()
