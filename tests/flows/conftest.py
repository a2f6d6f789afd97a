"""The whole product as its users meet it: real processes, between a strict local Gmail and a strict local Slack."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from tests.standins.gmail import GmailStandin, ServedGmail, start_gmail
from tests.standins.gmail_tokens import ADDON_ACCOUNT
from tests.standins.mail_clients import MAIL_CLIENTS
from tests.standins.mail_opening import Fetched, Opened, click_link, open_mail
from tests.standins.mail_reading import read_mail
from tests.standins.slack import SlackStandin
from tracker.clock import new_id
from tracker.model import Account
from tracker.store.opening import open_store

ROOT = Path(__file__).parent.parent.parent
SENDER = "you@twotick.example"
USER = "U0000SENDER"
ADDON_CLIENT = "addon.apps.example"


@dataclass
class Product:
    """Twotick, running. `says` is what the sender types in Slack, `dm` what the bot told them."""

    folder: Path
    environ: dict[str, str]
    gmail: GmailStandin
    slack: SlackStandin
    running: dict[str, asyncio.subprocess.Process] = field(default_factory=dict)
    runs_by: tuple[str, ...] = ()  # a module, with its arguments, that runs the product's own

    async def start(self, name: str, *module: str) -> None:
        command = (sys.executable, "-m", *self.runs_by, *module)
        with (self.folder / f"{name}.log").open("ab") as log:
            self.running[name] = await asyncio.create_subprocess_exec(
                *command, cwd=ROOT, env=self.environ, stdout=log, stderr=log
            )

    async def start_web(self) -> None:
        await self.start("web", "tracker")
        await until(self._web_is_ready, "the web process answers")

    async def start_worker(self) -> None:
        await self.start("worker", "bot")

    async def end(self, name: str, number: int = signal.SIGTERM) -> int:
        process = self.running.pop(name)
        process.send_signal(number)
        return await asyncio.wait_for(process.wait(), 15)

    async def twotick(self, *arguments: str, stdin: bytes = b"") -> str:
        """Run the console script; its output. An error ends the test with its words."""
        code, out, errors = await self.tried(*arguments, stdin=stdin)
        assert code == 0, errors
        return out

    async def tried(self, *arguments: str, stdin: bytes = b"") -> tuple[int, str, str]:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", *self.runs_by, "tracker", *arguments),
            cwd=ROOT,
            env=self.environ,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, errors = await process.communicate(stdin)
        return process.returncode or 0, out.decode(), errors.decode()

    async def opened_by(self, recipient: str, client: str) -> Opened:
        """The recipient opens their latest mail, in this mail client."""
        mail = self.gmail.mailboxes[recipient].labelled("INBOX")[0]
        return await open_mail(mail.raw, MAIL_CLIENTS[client])

    async def clicked_by(self, recipient: str, client: str) -> Fetched:
        """The recipient clicks the first link of their latest mail."""
        mail = self.gmail.mailboxes[recipient].labelled("INBOX")[0]
        return await click_link(read_mail(mail.raw).links[0].address, MAIL_CLIENTS[client].browser)

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text()

    def dm(self) -> list[dict[str, Any]]:
        return [message for message in self.slack.dm_of(USER) if not message.get("ephemeral")]

    async def says(self, text: str) -> str:
        return await self.slack.says(text, USER)

    async def _web_is_ready(self) -> bool:
        async with aiohttp.ClientSession() as session:
            try:
                async with session.get(f"{self.environ['PUBLIC_URL']}/readyz") as answer:
                    return answer.status == 200
            except aiohttp.ClientError:
                return False


async def until(happens: Callable[[], Any], what: str, seconds: float = 45.0) -> None:
    """Wait until something is so; the test fails in words when it does not come to be."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + seconds
    while True:
        found = happens()
        if found if isinstance(found, bool | list | int) else await found:
            return
        assert loop.time() < deadline, f"waited {seconds} s in vain: {what}"
        await asyncio.sleep(0.05)


@pytest.fixture
def database() -> str:
    """The kind of database under the product; a test that wants another parametrizes it."""
    return "sqlite"


@pytest.fixture
def way_to_slack() -> str:
    """How Slack and the product meet: one workspace over "http" or a "socket", or "many" that install it."""
    return "http"


@pytest.fixture
def settings_more() -> dict[str, str]:
    """Settings beside the usual ones; a module whose tests want some overrides it."""
    return {}


@pytest.fixture
async def product(
    tmp_path: Path,
    database: str,
    way_to_slack: str,
    settings_more: dict[str, str],
    request: pytest.FixtureRequest,
) -> AsyncIterator[Product]:
    """Web and worker with one connected sender."""
    database_url = request.getfixturevalue(f"{database}_url")
    port = _free_port()
    async with start_gmail() as gmail, _slack(f"http://127.0.0.1:{port}") as slack:
        environ = _environ(tmp_path, database_url, port, gmail, slack) | settings_more
        product = Product(tmp_path, _met(way_to_slack, environ, slack), gmail.standin, slack)
        gmail.standin.register_redirect(f"http://127.0.0.1:{port}/google/callback")
        grant = gmail.standin.add_mailbox(SENDER, "You")
        async with await open_store(database_url, [environ["ENCRYPTION_KEYS"]]) as store:
            await store.accounts.add(Account(new_id(), SENDER, USER), grant)
        await product.start("web", "tracker")
        await product.start_worker()
        await until(product._web_is_ready, "the web process answers")
        yield product
        for name in list(product.running):
            await product.end(name)


@asynccontextmanager
async def _slack(app_url: str) -> AsyncIterator[SlackStandin]:
    standin = SlackStandin(f"{app_url}/slack/events")
    standin.add_user(USER, "you", SENDER)
    app = web.Application()
    app.add_routes(standin.routes())
    runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    standin.own_url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
    yield standin
    await standin.sockets.close()
    await runner.cleanup()


def _environ(folder: Path, database_url: str, port: int, gmail: ServedGmail, slack: SlackStandin) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {
        **kept,
        "DATA_DIR": str(folder),
        "DATABASE_URL": database_url,
        "ENCRYPTION_KEYS": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
        "SECRET_KEY": "a secret key of this test",
        "PORT": str(port),
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "TRUSTED_PROXIES": "127.0.0.0/8",
        "SETTLE_SECONDS": "0.2",
        "GMAIL_POLL_SECONDS": "0.3",
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_SIGNING_SECRET": slack.signing_secret,
        "SLACK_API_URL": slack.own_url + "api/",
        "GOOGLE_CLIENT_ID": gmail.standin.client_id,
        "GOOGLE_CLIENT_SECRET": gmail.standin.client_secret,
        "GOOGLE_API_URL": gmail.api_url,
        "GOOGLE_TOKEN_URL": gmail.token_url,
        "GOOGLE_AUTH_URL": gmail.auth_url,
        "GOOGLE_CERTS_URL": gmail.certs_url,
        "ADDON_SERVICE_ACCOUNT": ADDON_ACCOUNT,
        "ADDON_CLIENT_ID": ADDON_CLIENT,
    }


def _met(way: str, environ: dict[str, str], slack: SlackStandin) -> dict[str, str]:
    """The environment for one way to Slack, and the stand-in told of it."""
    if way == "socket":
        slack.over_socket, slack.app_url_events = True, ""
        del environ["SLACK_SIGNING_SECRET"]
        return {**environ, "SLACK_APP_TOKEN": slack.sockets.app_token}
    if way == "many":
        slack.bot_token = ""  # only what is installed opens a workspace
        slack.installs.redirect_uris.add(f"{environ['PUBLIC_URL']}/slack/oauth_redirect")
        del environ["SLACK_BOT_TOKEN"]
        installs = slack.installs
        return {**environ, "SLACK_CLIENT_ID": installs.client_id, "SLACK_CLIENT_SECRET": installs.client_secret}
    return environ


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
