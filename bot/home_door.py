"""Home, windows and shortcuts, wired."""

from collections.abc import Mapping

from bot.actions import Pressed
from bot.app import IsNews
from bot.home import Home
from bot.homecoming import Homecoming
from bot.noise_at_home import NoiseAtHome
from bot.ordered import Ordered
from bot.preferring import Preferring
from bot.shortcuts import Shortcuts
from bot.slack_views import SlackViews
from bot.stage import Stage
from bot.tabs import Tabs
from tracker.board import Boards
from tracker.clock import Clock
from tracker.doors import Services
from tracker.granting import Granting
from tracker.picking import Picking
from tracker.writing import Writing


def tabs_of(
    services: Services,
    presses: Mapping[str, Pressed],
    ordered: Ordered | None,
    views: SlackViews,
    clock: Clock,
    is_news: IsNews,
) -> Tabs:
    """`presses` and `ordered` are those of messages: what they answer there is shown in windows here."""
    store = services.store
    home = Home(
        store.accounts,
        Boards(store.messages, store.reminders, store.preferences),
        [Preferring(store.preferences), NoiseAtHome(store.noise, clock)],  # further families are appended here
        views,
        clock,
        can_connect=services.connecting is not None,
        can_send=ordered is not None,
    )
    homecoming = Homecoming(store.accounts, presses, clock, services.connecting)
    stories = {**homecoming.stories, **(ordered.stories if ordered else {})}
    return Tabs(home, Stage(presses, stories, home, views), _shortcuts(services, ordered, views, clock), is_news)


def _shortcuts(services: Services, ordered: Ordered | None, names: SlackViews, clock: Clock) -> Shortcuts | None:
    """None where Google is not set up."""
    store, mailboxes = services.store, services.mailboxes
    if mailboxes is None or ordered is None:
        return None
    granting = Granting(store.accounts, clock)
    return Shortcuts(
        store.accounts,
        store.preferences,
        Picking(mailboxes, store.orders, store.preferences, store.messages, granting, clock),
        Writing(mailboxes, store.orders, store.preferences, granting, clock),
        ordered,
        names,
        clock,
    )
