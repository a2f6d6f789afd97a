"""The product between a strict Gmail and a strict Slack, on a clock that moves when told."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.headerregistry import Address
from pathlib import Path
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.door import routes
from bot.quiet import Quiet
from bot.relay import Relay
from bot.saying import Saying
from bot.slack import SlackDoor, open_slack
from bot.zones import KnownZones
from tests.bot.books import HandClock
from tests.makers import a_copy, a_hit, a_message, an_account
from tests.standins.gmail import GmailStandin, ServedGmail, start_gmail
from tests.standins.mail_clients import MAIL_CLIENTS, Browser, MailClient
from tests.standins.page.writing import written_mail
from tests.standins.slack import SlackStandin
from tests.standins.slack_hands import Hands
from tests.standins.slack_workspace import Message
from tracker.assembly import opened_connecting, opened_identities, opened_mailers
from tracker.classify.forwards import passed_on
from tracker.clock import new_id
from tracker.digesting import Digesting
from tracker.doors import Services
from tracker.following import Answer, AnswerKind
from tracker.giving import Exporting
from tracker.judging import judge
from tracker.model import Account, Alert, AlertKind, Copy, HitKind, MessageState, Profile, Recipient
from tracker.ports import Store
from tracker.recording import Recording
from tracker.reminding import Reminding
from tracker.reporting import Reporting
from tracker.settings import Settings, load_settings
from tracker.store.opening import open_store

USER, MAIL = "U0SENDER", "mara@studio.example"
ADA = Recipient("ada@acme.example", "Ada Lovelace", "microsoft")
GRACE = Recipient("grace@navy.example", "Grace Hopper", "microsoft")
ALAN = Recipient("alan@gmail.com", "Alan Turing", "google")
_SETTLE = timedelta(seconds=20)
_ALERTS = {AnswerKind.REPLY: AlertKind.REPLIED, AnswerKind.BOUNCE: AlertKind.BOUNCED}


@dataclass
class Stage:
    """Mara in Slack, whose mail others read, and a worker that works when told."""

    slack: SlackStandin
    gmail: GmailStandin
    store: Store
    account: Account
    clock: HandClock
    relay: Relay
    digesting: Digesting
    trick: str = ""  # what a stranger added to every subject and name

    @property
    def hands(self) -> Hands:
        return self.slack.hands_of(USER)

    async def typed(self, text: str, user: str = USER) -> Message:
        """The message that answers a command."""
        (answer,) = await self.slack.command(user, text)
        return answer

    async def pressed(self, message: Message, action: str, value: str | None = None) -> Message:
        answers = await self.slack.press(USER, message["ts"], action, value)
        return answers[0]

    def exporting(self) -> Exporting:
        return Exporting(self.store.rights, "https://t.example", self.clock)

    def told(self) -> Message:
        """What the bot said last, as it stands now."""
        return self._said()[-1]

    def card(self) -> Message:
        """What the bot said first, as it stands now."""
        return self._said()[0]

    async def mail(self, subject: str, *people: Recipient, each: bool = False, links: bool = False) -> Sequence[Copy]:
        """A tracked mail that goes out now: one for all, or one to each."""
        to = people or (ADA,)
        message = a_message(
            account_id=self.account.id,
            subject=subject + self.trick,
            created_at=self.clock(),
            per_recipient=each,
            links=links,
        )
        named = tuple(replace(one, name=one.name + self.trick[:300]) for one in to)
        groups = [(one,) for one in named] if each else [named]
        copies = [a_copy(message_id=message.id, recipients=group, links_total=int(links)) for group in groups]
        await self.store.messages.begin(message, copies)
        made = [self._sent(copy, subject) for copy in copies]
        for copy in made:
            await self.store.messages.arm(copy)
        await self.store.messages.finish(replace(message, state=MessageState.SENT, sent_at=self.clock()))
        return made

    def _sent(self, copy: Copy, subject: str) -> Copy:
        """The copy as Gmail has it once it went out."""
        people = [replace(one, name="") for one in copy.recipients]
        out = self.gmail.send(self.account.email, written(subject, *people, at=self.clock()))
        ids = {"gmail_id": out.id, "thread_id": out.thread_id}
        return replace(copy, sent_at=self.clock(), attempted_at=self.clock(), **ids)

    async def opened(self, copy: Copy, client: str = "outlook", **later: float) -> None:
        """Somebody opens it, a while later; whatever follows is said."""
        self.clock.forward(**later)
        await self.fetched(copy, client)
        await self._settled()

    async def clicked(self, copy: Copy, link: str = "https://acme.example/q3", **later: float) -> None:
        self.clock.forward(**later)
        browser = MAIL_CLIENTS["outlook"].browser
        await self._hit(copy, browser, kind=HitKind.CLICK, link=link)
        await self._settled()

    async def fetched(self, copy: Copy, client: str = "outlook") -> None:
        """Its picture is fetched, and the worker has not looked yet."""
        await self._hit(copy, MAIL_CLIENTS[client])

    async def came_back(self, copy: Copy, kind: AnswerKind, who: str, why: str = "") -> None:
        """A reply to the mail comes in, or the mail itself."""
        note = self.recording().replied if kind is AnswerKind.REPLY else self.recording().bounced
        await note(copy.id, self.clock())
        ids = {"account_id": self.account.id, "message_id": copy.message_id, "copy_id": copy.id}
        alert = Alert(new_id(), f"{kind}:{copy.id}", _ALERTS[kind], due_at=self.clock(), **ids)
        await self.store.following.note(Answer(copy.id, "g1", kind, who, self.clock(), why), alert)
        await self.work()

    async def work(self) -> None:
        """What the worker does until nothing is left to do now."""
        store = self.store
        await Reminding(store.reminders, store.messages, store.preferences, self.clock).run_once()
        await self.digesting.run_once()
        while await self.relay.turn():
            pass

    def recording(self) -> Recording:
        return Recording(self.store.hits, judge, _SETTLE, self.clock, passed_on)

    async def _hit(self, copy: Copy, by: MailClient | Browser, **facts: Any) -> None:
        headers = {"user-agent": by.ua, **{name.lower(): value for name, value in by.headers.items()}}
        hit = a_hit(copy_id=copy.id, at=self.clock(), headers=headers, ip=by.network, **facts)
        await self.recording().record([hit])

    async def _settled(self) -> None:
        self.clock.forward(seconds=25)
        await self.work()

    def _said(self) -> Sequence[Message]:
        return [message for message in self.slack.dm_of(USER) if not message["ephemeral"]]


def written(subject: str, *to: Recipient, at: datetime) -> bytes:
    """A mail of Mara's."""
    people = ", ".join(f"{one.name} <{one.address}>" for one in to)
    return written_mail(Address("Mara", addr_spec=MAIL), people, subject, "Hello,\n\nas promised.\n\nMara", at)


@asynccontextmanager
async def opened_stage(migrated: Path, trick: str = "") -> AsyncIterator[Stage]:
    """A stage of its own: nothing that happened on another is known here."""
    clock = HandClock()
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(migrated, Path(folder) / "twotick.sqlite3")
        async with _slack(clock) as slack, start_gmail(GmailStandin(clock)) as gmail:
            settings = load_settings({**_environ(slack, gmail), "DATA_DIR": folder}, Path(folder))
            async with await open_store(settings.database_url, [bytes(32)]) as store, _door(slack) as door:
                made = an_account(email=MAIL, slack_user=USER, profile=Profile.STANDARD)
                account = await store.accounts.add(made, gmail.standin.add_mailbox(made.email, "Mara"))
                async with _served(settings, store, slack, clock), _nothing_outlives():
                    yield replace(_stage(slack, gmail.standin, store, account, clock, door), trick=trick)


@asynccontextmanager
async def _nothing_outlives() -> AsyncIterator[None]:
    """What still follows an order, or redraws Home, ends before the database does."""
    before = asyncio.all_tasks()
    yield
    # Servers end their connections themselves: cancelled from outside, they would leave sockets open.
    left = [task for task in asyncio.all_tasks() - before if "RequestHandler" not in repr(task.get_coro())]
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)


def _stage(
    slack: SlackStandin, gmail: GmailStandin, store: Store, account: Account, clock: HandClock, door: SlackDoor
) -> Stage:
    zones = KnownZones(door, clock)
    digesting = Digesting(store.noise, store.accounts, store.messages, zones.zone_of, clock)
    quiet = Quiet(store.noise, store.alerts, store.accounts, store.messages, zones, digesting, clock)
    saying = Saying(
        store.accounts,
        Reporting(store.messages, store.hits).story,
        store.orders.get,
        store.following.answers,
        connect_by_command=True,
        clock=clock,
        crowd_of=store.alerts.crowd,
        mute=True,
    )
    relay = Relay(store.alerts, saying, door, clock, clock.sleep, quiet=quiet)
    return Stage(slack, gmail, store, account, clock, relay, digesting)


@asynccontextmanager
async def _slack(clock: HandClock) -> AsyncIterator[SlackStandin]:
    standin = SlackStandin(clock=clock)
    for user, name in ((USER, "Mara"), ("U0PETE", "Pete"), ("U0NORA", "Nora")):
        standin.add_user(user, name, f"{name.lower()}@studio.example")
    app = web.Application()
    app.add_routes(standin.routes())
    async with TestServer(app, host="127.0.0.1") as server:
        standin.own_url = str(server.make_url("/"))
        yield standin


def _door(slack: SlackStandin) -> Any:
    return open_slack(slack.bot_token, slack.own_url + "api/")


@asynccontextmanager
async def _served(settings: Settings, store: Store, slack: SlackStandin, clock: HandClock) -> AsyncIterator[None]:
    async with (
        opened_identities(settings) as identities,
        opened_mailers(settings, store) as mailers,
        opened_connecting(settings, store, identities, mailers) as connecting,
    ):
        reporting = Reporting(store.messages, store.hits)
        app = web.Application()
        app.add_routes(routes(Services(settings, store, reporting, connecting, mailers), clock))
        async with TestServer(app, host="127.0.0.1") as server:
            slack.app_url_events = str(server.make_url("/slack/events"))
            yield


def _environ(slack: SlackStandin, gmail: ServedGmail) -> dict[str, str]:
    return {
        "PUBLIC_URL": "http://localhost:9",
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_SIGNING_SECRET": slack.signing_secret,
        "SLACK_API_URL": slack.own_url + "api/",
        "ADMIN_SLACK_USERS": USER,
        "GOOGLE_CLIENT_ID": gmail.standin.client_id,
        "GOOGLE_CLIENT_SECRET": gmail.standin.client_secret,
        "GOOGLE_API_URL": gmail.api_url,
        "GOOGLE_TOKEN_URL": gmail.token_url,
        "GOOGLE_AUTH_URL": gmail.auth_url,
        "GOOGLE_CERTS_URL": gmail.certs_url,
    }
