"""Doors of others: routes that installed packages bring, served by our web process."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from importlib.metadata import entry_points

from aiohttp import web

from tracker.connecting import Connecting
from tracker.mailbox import Mailboxes
from tracker.ports import Store
from tracker.reporting import Reporting
from tracker.settings import Settings


@dataclass(frozen=True, slots=True)
class Services:
    """What the web process has open, for the doors that serve it.

    Without Google no mailbox can be connected or used. `beside` is run beside the
    answering, for as long as we serve: a door appends what it has to do unasked.
    """

    settings: Settings
    store: Store
    reporting: Reporting
    connecting: Connecting | None = None
    mailboxes: Mailboxes | None = None
    beside: list[Callable[[], Awaitable[None]]] = field(default_factory=list)


Door = Callable[[Services], Sequence[web.RouteDef]]

GROUP = "twotick.web"


def found_routes(services: Services) -> list[web.RouteDef]:
    """The routes of every door in the entry point group `twotick.web`."""
    doors: list[Door] = [entry_point.load() for entry_point in entry_points(group=GROUP)]
    return [route for door in doors for route in door(services)]
