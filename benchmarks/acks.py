"""How long Slack waits for the acknowledgement of `/opens`, while others ask for much, from a real web process.

`python -m benchmarks.acks`: 100,000 messages and a million hits of one person, who asks all the time.
"""

import asyncio
import os
import signal
import socket
import statistics
import sys
import tempfile
import time
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from urllib.parse import urlencode

import aiohttp
from aiohttp import web
from slack_sdk.signature import SignatureVerifier

from benchmarks.generate import Size, generate, slack_user

_SECRET = "benchmark-signing-secret"
_ASKED = ("", "ada", "no such word", "hot", "stats 180d", "unopened 3d", "today", '"q3 proposal"')
_A_SECOND, _SECONDS = 4, 25
_SIGNER = SignatureVerifier(_SECRET)


async def measure(url: str, folder: Path) -> None:
    """Ask so often, whether what was asked before is answered or not."""
    async with (
        _slack() as (slack_url, answered),
        _served(url, folder, slack_url) as address,
        aiohttp.ClientSession() as session,
    ):
        await _asked(session, address, slack_url, "", [])  # the first loads what is loaded once
        await asyncio.sleep(1)
        answered.clear()
        acks: list[float] = []
        asking, began = [], time.perf_counter()
        for number in range(_A_SECOND * _SECONDS):
            await asyncio.sleep(max(0.0, began + number / _A_SECOND - time.perf_counter()))
            text = _ASKED[number % len(_ASKED)]
            asking.append(asyncio.create_task(_asked(session, address, slack_url, text, acks)))
        await asyncio.gather(*asking)
        await _all_answered(answered, len(acks))
    print(f"{len(acks)} commands, {_A_SECOND} a second: {len(answered)} answered")
    for name, took in (("acknowledged", acks), ("answered", answered)):
        print(f"{name:<14}{_row(took)}")


async def _all_answered(answered: list[float], number: int) -> None:
    for _ in range(600):
        if len(answered) >= number:
            return
        await asyncio.sleep(0.1)


def _row(took: list[float]) -> str:
    ordered = sorted(took)
    p99 = ordered[int(len(ordered) * 0.99)]
    return f"median {statistics.median(ordered):7.1f} ms  p99 {p99:7.1f} ms  worst {ordered[-1]:7.1f} ms"


async def _asked(session: aiohttp.ClientSession, address: str, slack_url: str, text: str, acks: list[float]) -> None:
    began = time.perf_counter()
    form = {"command": "/opens", "text": text, "team_id": "T1", "user_id": slack_user(0), "api_app_id": "A0"}
    form |= {"response_url": f"{slack_url}answer/{began}", "trigger_id": f"t{began}"}
    body, stamp = urlencode(form), str(int(time.time()))
    headers = {
        "content-type": "application/x-www-form-urlencoded",
        "x-slack-request-timestamp": stamp,
        "x-slack-signature": _SIGNER.generate_signature(timestamp=stamp, body=body) or "",
    }
    async with session.post(f"{address}/slack/events", data=body, headers=headers) as said:
        assert said.status == 200, await said.text()
    acks.append((time.perf_counter() - began) * 1000)


@asynccontextmanager
async def _slack() -> AsyncIterator[tuple[str, list[float]]]:
    """A Slack that takes every answer, and notes how long it took."""
    answered: list[float] = []

    async def answer(request: web.Request) -> web.Response:
        await request.read()
        answered.append((time.perf_counter() - float(request.match_info["began"])) * 1000)
        return web.Response(text="ok")

    async def method(_: web.Request) -> web.Response:
        return web.json_response({"ok": True, "user": {"tz": "Europe/Berlin"}, "team": "Benchmark"})

    app = web.Application()
    app.add_routes([web.post("/answer/{began}", answer), web.route("*", "/api/{method}", method)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/", answered
    finally:
        await runner.cleanup()


@asynccontextmanager
async def _served(url: str, folder: Path, slack_url: str) -> AsyncIterator[str]:
    """`twotick serve` on that database; its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environ = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "GOOGLE_"))},
        "DATABASE_URL": url,
        "DATA_DIR": str(folder),
        "PORT": str(port),
        "HOST": "127.0.0.1",
        "SECRET_KEY": "0" * 64,
        "ENCRYPTION_KEYS": urlsafe_b64encode(bytes(32)).decode(),
        "PUBLIC_URL": "http://127.0.0.1",
        "SLACK_BOT_TOKEN": "xoxb-benchmark",
        "SLACK_SIGNING_SECRET": _SECRET,
        "SLACK_API_URL": f"{slack_url}api/",
    }
    with (folder / "serve.log").open("w+") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tracker", "serve", env=environ, stdout=log, stderr=log
        )
        try:
            await _alive(f"http://127.0.0.1:{port}/healthz")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.send_signal(signal.SIGTERM)
            await process.wait()


async def _alive(url: str) -> None:
    async with aiohttp.ClientSession() as session:
        for _ in range(300):
            with suppress(aiohttp.ClientError):
                async with session.get(url):
                    return
            await asyncio.sleep(0.1)
    raise TimeoutError(url)


async def _main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite://{folder}/large.sqlite3"
        await generate(url, Size())
        await measure(url, Path(folder))


if __name__ == "__main__":
    asyncio.run(_main())
