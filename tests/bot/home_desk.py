"""A person who looks at Home: Slack for real, what is known of their mail by hand."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta

from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.actions import Actions
from bot.app import Listeners, slack_app
from bot.commands import Commands
from bot.events import Events
from bot.follow_up import FollowUp
from bot.home import Home, Settings
from bot.homecoming import Homecoming
from bot.lists import Lists
from bot.preferring import Preferring
from bot.slack import answer_privately, web_client
from bot.slack_views import SlackViews, always
from bot.stage import Stage
from bot.tabs import Tabs
from tests.bot.books import HandClock
from tests.bot.test_follow_up import Messages, Nudges, Reminders
from tests.makers import an_account
from tests.standins.slack import SlackStandin
from tests.standins.slack_hands import Hands
from tracker.access import Profile
from tracker.board import Boards
from tracker.model import Account
from tracker.reporting import Reporting
from tracker.setting_values import Secret
from tracker.wishes import Preferences

USER = "U0SENDER"
MARA = an_account(email="mara@studio.example", slack_user=USER)


@dataclass
class SmallPreferences:
    kept: dict[str, Preferences] = field(default_factory=dict)

    async def of(self, account_id: str) -> Preferences:
        return self.kept.get(account_id, Preferences(account_id))

    async def change(self, account_id: str, name: str, value: bool | int) -> None:
        self.kept[account_id] = replace(await self.of(account_id), **{name: value})


class ByHand(Reminders):
    """What is asked for here is asked for by hand."""

    async def remind(self, report, span: timedelta, of=None):
        made = await super().remind(report, span, of)
        if made:
            self.waiting_ones[-1] = replace(made, by_hand=True)
        return made


@dataclass
class Connecting:
    """Gives links out, and forgets mailboxes."""

    books: Messages
    given: list[str] = field(default_factory=list)

    def invitation(self, team: str, user: str, profile: Profile) -> str:
        self.given.append(f"https://track.example/google/connect?t={len(self.given)}")
        return self.given[-1]

    async def disconnect(self, account: Account) -> bool:
        self.books.accounts = [one for one in self.books.accounts if one.id != account.id]
        return True


@dataclass
class HomeDesk:
    slack: SlackStandin
    clock: HandClock
    books: Messages = field(default_factory=lambda: Messages(accounts=[MARA]))
    reminders: ByHand = field(default_factory=ByHand)
    nudges: Nudges = field(default_factory=Nudges)
    preferences: SmallPreferences = field(default_factory=SmallPreferences)
    families: Sequence[Settings] = ()
    patience: float = 0.7

    def __post_init__(self) -> None:
        self.connecting = Connecting(self.books)

    @property
    def hands(self) -> Hands:
        return self.slack.hands_of(USER)

    def calls(self, method: str) -> list[Mapping[str, object]]:
        return [call.arguments for call in self.slack.calls if call.method == method]

    def app(self) -> web.Application:
        client = web_client(self.slack.bot_token, self.slack.own_url + "api/")
        books, views = self.books, SlackViews(always(client))
        reporting = Reporting(books, books)
        actions = Actions(books, reporting, None, self.clock, self.connecting)
        follow_up = FollowUp(books, books, self.reminders, self.reminders, self.nudges, self.clock)
        lists = Lists(books, reporting, self.clock)
        presses = {**actions.presses, **follow_up.presses, **lists.presses}
        home = Home(
            books,
            Boards(books, self.reminders, self.preferences),
            [Preferring(self.preferences), *self.families],
            views,
            self.clock,
            can_connect=True,
            can_send=True,
        )
        coming = Homecoming(books, presses, self.clock, self.connecting, look_again_seconds=0.01)
        tabs = Tabs(home, Stage(presses, coming.stories, home, views, self.patience), None)
        listeners = Listeners(Commands(books, reporting, self.clock), presses, answer_privately, told=tabs.told)
        app = web.Application()
        bolt = slack_app(client, listeners, tabs.attach)
        app.router.add_post("/slack/events", Events(Secret(self.slack.signing_secret), bolt, self.clock).handle)
        return app


@asynccontextmanager
async def opened_desk(slack: SlackStandin, clock: HandClock) -> AsyncIterator[HomeDesk]:
    desk = HomeDesk(slack, clock)
    async with TestServer(desk.app(), host="127.0.0.1") as server:
        slack.app_url_events = str(server.make_url("/slack/events"))
        yield desk
