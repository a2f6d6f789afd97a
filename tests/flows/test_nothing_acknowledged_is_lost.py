"""A real process under load, killed or out of disk: what it said it had kept, it had."""

import asyncio
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from aiohttp import ClientError, ClientSession

from tests.flows.pixel_server import KEY
from tracker.clock import new_id
from tracker.store.intake import open_intake
from tracker.tokens import Tokens
from tracker.web.pixel import GIF

TOKENS = Tokens([KEY])
ROOT = Path(__file__).parent.parent.parent


@contextmanager
def _server(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    command = [sys.executable, "-m", "tests.flows.pixel_server", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        try:
            assert process.stdout is not None
            yield process, f"http://127.0.0.1:{process.stdout.readline().strip()}"
        finally:
            process.kill()


async def _fetch_until_it_dies(http: ClientSession, base: str, acknowledged: list[str], enough: asyncio.Event) -> None:
    while True:
        copy_id = new_id()
        try:
            async with http.get(f"{base}/o/{TOKENS.pixel(copy_id)}.gif") as answer:
                if await answer.read() == GIF:
                    acknowledged.append(copy_id)
            if len(acknowledged) > 300:
                enough.set()
        except ClientError:
            return


async def _kept(url: str) -> list[str]:
    intake, kept = await open_intake(url), []
    while hits := await intake.take(1000):
        kept += [hit.copy_id for hit in hits]
        await intake.done([hit.id for hit in hits])
    await intake.close()
    return kept


@pytest.mark.parametrize("engine", ["sqlite", "postgres"])
async def test_kill_nine_under_load_loses_no_acknowledged_hit(engine: str, request: pytest.FixtureRequest) -> None:
    url = request.getfixturevalue(f"empty_{engine}_url")
    acknowledged: list[str] = []
    enough = asyncio.Event()
    with _server(url) as (process, base):
        async with ClientSession() as http:
            clients = [asyncio.ensure_future(_fetch_until_it_dies(http, base, acknowledged, enough)) for _ in range(32)]
            await enough.wait()
            process.kill()
            await asyncio.gather(*clients)

    assert set(acknowledged) <= set(await _kept(url))


async def test_a_full_disk_costs_hits_but_no_picture_and_the_count_of_them_is_true(empty_sqlite_url: str) -> None:
    agent = {"User-Agent": "Outlook " + "x" * 900}
    with _server(empty_sqlite_url, "60000") as (_, base):
        async with ClientSession(base, headers=agent) as http:
            pictures = [await (await http.get(f"/o/{TOKENS.pixel(new_id())}.gif")).read() for _ in range(200)]
            ready = (await http.get("/readyz")).status
            metrics = await (await http.get("/metrics")).text()

    assert set(pictures) == {GIF}
    assert ready == 503
    assert _count("twotick_hits_stored_total", metrics) == len(await _kept(empty_sqlite_url))
    assert _count("twotick_hits_not_stored_total", metrics) > 0


def _count(name: str, metrics: str) -> int:
    found = re.search(rf'^{name}{{kind="open"}} ([\d.]+)$', metrics, re.MULTILINE)
    assert found
    return int(float(found[1]))
