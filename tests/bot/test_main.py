"""The worker as a process: how it starts, and how it ends."""

import asyncio
import os
import signal
import sys
from pathlib import Path

from tests.standins.slack import SlackStandin
from tracker.store.migrating import migrate

ROOT = Path(__file__).parent.parent.parent


async def start(**environ: str) -> asyncio.subprocess.Process:
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "DATABASE_", "DATA_"))}
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot"),
        cwd=ROOT,
        env={**plain, **environ},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def test_it_ends_with_code_0_when_asked_to(slack: SlackStandin, tmp_path: Path) -> None:
    await migrate(f"sqlite://{tmp_path / 'twotick.sqlite3'}")
    worker = await start(
        DATA_DIR=str(tmp_path),
        SLACK_BOT_TOKEN=slack.bot_token,
        SLACK_SIGNING_SECRET=slack.signing_secret,
        SLACK_API_URL=slack.own_url + "api/",
    )
    assert worker.stderr
    started = await asyncio.wait_for(worker.stderr.readline(), 20)

    worker.send_signal(signal.SIGTERM)

    assert b"relay_started" in started
    out, rest = await asyncio.wait_for(worker.communicate(), 5)
    assert (worker.returncode, out) == (0, b"")
    assert slack.bot_token.encode() not in started + rest


async def test_a_database_that_is_not_there_is_said_in_one_line(tmp_path: Path) -> None:
    worker = await start(DATA_DIR=str(tmp_path))

    _, errors = await asyncio.wait_for(worker.communicate(), 20)

    assert worker.returncode == 1
    assert b"DATABASE_URL" in errors
    assert b"Traceback" not in errors


async def test_a_wrong_setting_is_said_in_one_line(tmp_path: Path) -> None:
    worker = await start(DATA_DIR=str(tmp_path), SLACK_BOT_TOKEN="xoxp-wrong")

    _, errors = await asyncio.wait_for(worker.communicate(), 20)

    assert worker.returncode == 1
    assert errors.startswith(b"SLACK_BOT_TOKEN: expected the bot token")
