"""Prometheus reads real processes: each figure that the table, the rules and the dashboard know is there."""

import asyncio
import re
import socket

import aiohttp
import pytest

from tests.flows.conftest import SENDER, Product, until
from tests.tracker.web.test_metrics import documented

_LETTER = b"""From: you@twotick.example\r\nTo: ada@acme.example\r\nSubject: Secret plans\r\nMIME-Version: 1.0\r
Content-Type: text/html; charset=utf-8\r\n\r\n<p>Lunch?</p>"""


@pytest.fixture
def worker_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def settings_more(worker_port: int) -> dict[str, str]:
    return {"WORKER_METRICS_PORT": str(worker_port)}


async def read(address: str, **headers: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.get(address, headers=headers) as answer:
        return answer.status, await answer.text()


def figures(text: str) -> dict[str, float]:
    return {name: float(value) for name, value in re.findall(r"^(twotick_[^ ]+) (\S+)$", text, re.MULTILINE)}


def names(*texts: str) -> set[str]:
    found = {found for text in texts for found in re.findall(r"^(twotick_\w+)", text, re.MULTILINE)}
    return {re.sub(r"(_seconds)_(bucket|count|sum)$", r"\1", name) for name in found}


async def test_each_figure_is_told_by_real_processes(product: Product, worker_port: int) -> None:
    product.gmail.add_mailbox("ada@acme.example", "Ada")
    file = product.folder / "lunch.eml"
    file.write_bytes(_LETTER)
    await product.twotick("send", "--account", SENDER, "--file", str(file))
    await asyncio.sleep(3.5)  # earlier, nobody would believe that it is a reader
    await product.opened_by("ada@acme.example", "outlook")
    await until(lambda: any("opened" in message["text"] for message in product.dm()), "Slack says that it was opened")

    _, web = await read(f"{product.environ['PUBLIC_URL']}/metrics")
    _, worker = await read(f"http://127.0.0.1:{worker_port}/metrics")

    assert names(web, worker) == set(documented())
    seen, done = figures(web), figures(worker)
    assert (seen['twotick_hits_stored_total{kind="open"}'], seen["twotick_recorder_hits_total"]) == (1, 1)
    assert sum(number for name, number in seen.items() if name.startswith("twotick_verdicts_total")) == 1
    assert done['twotick_slack_calls_total{method="chat.postMessage",outcome="ok"}'] == 1
    assert done['twotick_gmail_calls_total{method="history.list",outcome="ok"}'] > 0
    assert (done["twotick_database_answers"], done['twotick_accounts{state="connected"}']) == (1, 1)
    for secret in ("ada", "twotick.example", "Secret plans", "xoxb", product.environ["SECRET_KEY"]):
        assert secret not in web + worker


async def test_the_worker_says_that_it_is_alive_and_shows_strangers_nothing(product: Product, worker_port: int) -> None:
    await until(lambda: "metrics_served" in product.log("worker"), "the worker serves its figures")

    alive = await read(f"http://127.0.0.1:{worker_port}/healthz")
    shown = await read(f"http://127.0.0.1:{worker_port}/metrics", **{"X-Forwarded-For": "203.0.113.9"})

    assert alive == (200, "alive\n")
    assert shown[0] == 403


async def test_a_recorder_alone_tells_its_own_and_two_cannot_have_one_port(product: Product, worker_port: int) -> None:
    await product.end("worker")
    await product.start("recorder", "tracker", "record")
    await until(lambda: "metrics_served" in product.log("recorder"), "the recorder serves its figures")

    code, _, words = await product.tried("record")
    _, text = await read(f"http://127.0.0.1:{worker_port}/metrics")

    assert code != 0
    assert "WORKER_METRICS_PORT" in words
    assert {"twotick_recorder_hits_total", 'twotick_intake_batches{where="database"}'} <= set(figures(text))
