"""Doors of others: routes that installed packages bring, served by our web process."""

from collections.abc import Callable, Sequence
from importlib.metadata import entry_points

from aiohttp import web

from tracker.connecting import Connecting
from tracker.ports import Store
from tracker.reporting import Reporting
from tracker.settings import Settings

Door = Callable[[Settings, Store, Reporting, Connecting | None], Sequence[web.RouteDef]]

GROUP = "twotick.web"


def found_routes(
    settings: Settings, store: Store, reporting: Reporting, connecting: Connecting | None
) -> list[web.RouteDef]:
    """The routes of every door in the entry point group `twotick.web`; no mailbox can be connected without Google."""
    doors: list[Door] = [entry_point.load() for entry_point in entry_points(group=GROUP)]
    return [route for door in doors for route in door(settings, store, reporting, connecting)]
