"""The add-on, assembled: its routes on top of services that are open already."""

from aiohttp import web

from tracker.assembly import recording_of, tokens_of
from tracker.clock import utc_now
from tracker.composing import Composing
from tracker.doors import Services
from tracker.noticing import Noticing
from tracker.ports import Identities
from tracker.web.addon.callers import Callers, Deployment
from tracker.web.addon.desk import Books, Desk
from tracker.web.addon.routes import Door


def addon_routes(services: Services, identities: Identities) -> list[web.RouteDef]:
    """The routes of the add-on; none while it is not set up."""
    settings, store = services.settings, services.store
    if not settings.addon_ready:
        return []
    deployment = Deployment(settings.addon_service_account, settings.addon_client_id, settings.public_url)
    books = Books(store.accounts, store.messages, store.preferences, store.orders, services.reporting)
    composing = Composing(store.messages, utc_now)
    noticing = Noticing(store.messages, recording_of(settings, store).judge_again, utc_now)
    desk = Desk(books, composing, noticing, tokens_of(settings), deployment, utc_now)
    link_for = services.connecting.invitation_to if services.connecting else None
    return Door(Callers(deployment, identities), store.accounts, desk, deployment, link_for=link_for).routes()
