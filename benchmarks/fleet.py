"""Every process of an installation on this machine: web, recorders, worker, database, stream, and the stand-ins."""

import asyncio
import contextlib
import os
import socket
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import aiohttp
from aiohttp import web

from benchmarks.load import KEY
from tests.makers import a_sent_copy, a_sent_message, an_account
from tests.nats import NatsNode, nats_binary, running_nats
from tests.postgres import PostgresServer, postgres_binaries, running_postgres
from tests.standins.gmail import ServedGmail, start_gmail
from tests.standins.slack import SlackStandin
from tracker.clock import utc_now
from tracker.store.migrating import migrate
from tracker.store.opening import open_store
from tracker.tokens import Tokens

ROOT = Path(__file__).parent.parent
ENCRYPTION_KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
PEOPLE = 20
_PAUSE_SECONDS = 1.0  # before what ended by itself is started again
_STOPPING_SECONDS = 20


@dataclass(slots=True)
class Member:
    """One process of ours, which may be killed and started again.

    Like every supervisor, it starts again what ended by itself: a process that comes up while its database is
    away says so and ends.
    """

    name: str
    arguments: tuple[str, ...]
    environ: dict[str, str]
    folder: Path
    process: asyncio.subprocess.Process | None = None
    ended_itself: int = 0
    _watching: asyncio.Task[None] | None = None

    @property
    def port(self) -> int:
        return int(self.environ["PORT"])

    @property
    def log(self) -> Path:
        return self.folder / "log"

    @property
    def runs(self) -> bool:
        return self.process is not None and self.process.returncode is None

    async def start(self) -> None:
        await self._start()
        self._watching = asyncio.create_task(self._watch())

    async def kill(self) -> None:
        self._left_alone()
        assert self.process
        if self.runs:
            self.process.kill()
        await self.process.wait()

    async def end(self) -> None:
        self._left_alone()
        if self.process is None or not self.runs:
            return
        self.process.terminate()
        try:
            await asyncio.wait_for(self.process.wait(), _STOPPING_SECONDS)
        except TimeoutError:
            await self.kill()

    def _left_alone(self) -> None:
        if self._watching:
            self._watching.cancel()

    async def _watch(self) -> None:
        while self.process:
            await self.process.wait()
            self.ended_itself += 1
            await asyncio.sleep(_PAUSE_SECONDS)
            await self._start()

    async def _start(self) -> None:
        with self.log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", *self.arguments),
                cwd=ROOT,
                env=self.environ,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for us: we end them, in order
            )


@dataclass(slots=True)
class Fleet:
    """An installation that runs, and the tokens of the mails that it has sent."""

    database_url: str
    slack: SlackStandin
    webs: list[Member] = field(default_factory=list)
    recorders: list[Member] = field(default_factory=list)
    workers: list[Member] = field(default_factory=list)
    nodes: list[NatsNode] = field(default_factory=list)
    postgres: PostgresServer | None = None
    tokens: list[str] = field(default_factory=list)

    @property
    def members(self) -> list[Member]:
        return [*self.webs, *self.recorders, *self.workers]


@contextlib.asynccontextmanager
async def running_fleet(*, embedded: bool, messages: int, settle_seconds: float = 1.0) -> AsyncIterator[Fleet]:
    """Start everything; it ends, and its folder goes, with this block.

    `embedded` is one web process and a worker on SQLite; otherwise there are
    three web processes, two recorders, a worker, three NATS nodes, PostgreSQL.
    """
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="twotick-fleet-")))
        gmail = await stack.enter_async_context(start_gmail())
        fleet = Fleet(f"sqlite://{folder}/fleet.sqlite3", await stack.enter_async_context(_slack()))
        if not embedded:
            _start_servers(fleet, stack)
        await migrate(fleet.database_url)
        fleet.tokens = await _seeded(fleet, gmail, messages)
        _muster(fleet, gmail, folder, settle_seconds)
        stack.push_async_callback(_ended, fleet)
        for member in fleet.members:
            await member.start()
        await asyncio.gather(*(ready(one.port) for one in fleet.webs))
        yield fleet


def _start_servers(fleet: Fleet, stack: AsyncExitStack) -> None:
    binaries, binary = postgres_binaries(), nats_binary()
    if binaries is None or binary is None:
        raise SystemExit("needs PostgreSQL's server (initdb, pg_ctl) and nats-server on this machine")
    fleet.postgres = stack.enter_context(running_postgres(binaries, settings=()))
    fleet.database_url = fleet.postgres.fresh()
    fleet.nodes = stack.enter_context(running_nats(binary, nodes=3))


def _muster(fleet: Fleet, gmail: ServedGmail, folder: Path, settle_seconds: float) -> None:
    """Say which processes there are; each has a folder, as on a machine of its own."""
    common = _environ(fleet, gmail, settle_seconds)

    def member(name: str, *arguments: str) -> Member:
        own = folder / name
        own.mkdir()
        return Member(name, arguments, {**common, "DATA_DIR": str(own), "PORT": str(_free_port())}, own)

    if not fleet.nodes:
        fleet.webs = [member("web", "tracker")]
    else:
        fleet.webs = [member(f"web-{number}", "tracker", "serve", "--no-recording") for number in (1, 2, 3)]
        fleet.recorders = [member(f"recorder-{number}", "tracker", "record") for number in (1, 2)]
    fleet.workers = [member("worker", "bot")]


def _environ(fleet: Fleet, gmail: ServedGmail, settle_seconds: float) -> dict[str, str]:
    streams = {"NATS_URL": ",".join(node.url for node in fleet.nodes)} if fleet.nodes else {}
    return {
        **{name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ},
        **streams,
        "DATABASE_URL": fleet.database_url,
        "ENCRYPTION_KEYS": ENCRYPTION_KEY,
        "SECRET_KEY": KEY,
        "PUBLIC_URL": "http://127.0.0.1:1",
        "SETTLE_SECONDS": f"{settle_seconds:g}",
        "TRUSTED_PROXIES": "127.0.0.0/8",
        "SLACK_BOT_TOKEN": fleet.slack.bot_token,
        "SLACK_SIGNING_SECRET": fleet.slack.signing_secret,
        "SLACK_API_URL": f"{fleet.slack.own_url}api/",
        "GOOGLE_CLIENT_ID": gmail.standin.client_id,
        "GOOGLE_CLIENT_SECRET": gmail.standin.client_secret,
        "GOOGLE_API_URL": gmail.api_url,
        "GOOGLE_TOKEN_URL": gmail.token_url,
    }


async def _seeded(fleet: Fleet, gmail: ServedGmail, number: int) -> list[str]:
    """So many sent mails, each person's in turn: the tokens of their pixels."""
    tokens, made = Tokens([KEY]), []
    async with await open_store(fleet.database_url, [ENCRYPTION_KEY]) as store:
        people = []
        for place in range(PEOPLE):
            email, user = f"sender{place}@twotick.example", f"U{place:08}"
            fleet.slack.add_user(user, f"Person {place}", email)
            account = an_account(email=email, slack_user=user)
            people.append(await store.accounts.add(account, gmail.standin.add_mailbox(email)))
        sent_at = utc_now() - timedelta(hours=2)
        for place in range(number):
            message = a_sent_message(
                account_id=people[place % PEOPLE].id, subject=f"Mail {place}", created_at=sent_at, sent_at=sent_at
            )
            copy = a_sent_copy(message_id=message.id, sent_at=sent_at, attempted_at=sent_at)
            await store.messages.begin(message, [copy])
            await store.messages.arm(copy)
            await store.messages.finish(message)
            made.append(tokens.pixel(copy.id))
    return made


@contextlib.asynccontextmanager
async def _slack() -> AsyncIterator[SlackStandin]:
    standin = SlackStandin()
    app = web.Application()
    app.add_routes(standin.routes())
    runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    standin.own_url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
    yield standin
    await runner.cleanup()


async def _ended(fleet: Fleet) -> None:
    await asyncio.gather(*(member.end() for member in fleet.members))


async def ready(port: int) -> None:
    """Wait until a web process says that it can keep hits. Raises RuntimeError after a minute."""
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=3)) as session:
        for _ in range(600):
            with contextlib.suppress(aiohttp.ClientError, TimeoutError):
                async with session.get(f"http://127.0.0.1:{port}/readyz") as answer:
                    if answer.status == 200:
                        return
            await asyncio.sleep(0.1)
    raise RuntimeError("a web process did not come up within a minute")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
