"""The page at which people fetch what is kept about their mail."""

import json
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from tests.ports.givens import given_message
from tracker.giving import Exporting
from tracker.ports import Store
from tracker.web.exports import export_routes


@pytest.fixture
async def client(store: Store) -> AsyncIterator[TestClient]:
    app = web.Application()
    app.add_routes(export_routes(Exporting(store.rights, "http://t.example")))
    async with TestClient(TestServer(app, host="127.0.0.1")) as client:
        yield client


async def invited(store: Store) -> str:
    given = await given_message(store, subject="Q3 proposal")
    url = await Exporting(store.rights, "http://t.example").invitation([given.account.id])
    return url.removeprefix("http://t.example")


async def test_a_look_does_not_use_it_up_and_the_button_does(client: TestClient, store: Store) -> None:
    path = await invited(store)

    looks = [await client.get(path) for _ in range(2)]
    first, second = await client.post(path), await client.post(path)

    assert [look.status for look in looks] == [200, 200]
    assert (first.status, second.status) == (200, 404)
    entries = [json.loads(line) for line in (await first.text()).splitlines()]
    assert [entry["entry"] for entry in entries] == ["account", "message", "copy"]
    assert entries[1]["subject"] == "Q3 proposal"


async def test_it_is_a_file_that_nobody_keeps(client: TestClient, store: Store) -> None:
    answer = await client.post(await invited(store))

    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("secret", ["x", "%00", "a" * 5000, "%F0%9F%92%A5"])
async def test_an_invented_address_gives_nothing(client: TestClient, secret: str) -> None:
    assert (await client.get(f"/export/{secret}")).status == 404
    assert (await client.post(f"/export/{secret}")).status == 404


async def test_guessing_is_slow(client: TestClient) -> None:
    statuses = [(await client.get(f"/export/{number}")).status for number in range(200)]

    assert 429 in statuses
