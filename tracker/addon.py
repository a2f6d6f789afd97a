"""The add-on, assembled: its routes on top of services that are open already."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from aiohttp import web

from tracker.assembly import recording_of, tokens_of
from tracker.clock import utc_now
from tracker.composing import Composing
from tracker.doors import Services
from tracker.lending import Lending
from tracker.noticing import Noticing
from tracker.ports import Identities
from tracker.reminding import Reminding
from tracker.replying import Replying
from tracker.web.addon.callers import Callers, Deployment
from tracker.web.addon.desk import Books, Desk, pixel_of
from tracker.web.addon.naming import Naming
from tracker.web.addon.replies import ReplyDesk
from tracker.web.addon.routes import Door


@asynccontextmanager
async def opened_addon(services: Services, identities: Identities) -> AsyncIterator[list[web.RouteDef]]:
    """The routes of the add-on, for as long as the block lasts; none while it is not set up."""
    settings, store = services.settings, services.store
    if not settings.addon_ready:
        yield []
        return
    from tracker.gmail.lending import GoogleLending

    lending = GoogleLending(settings.google_api_url)
    deployment = Deployment(settings.addon_service_account, settings.addon_client_id, settings.public_url)
    pixel = partial(pixel_of, tokens_of(settings), deployment)
    replying = Replying(store.messages, lending, pixel, utc_now)
    try:
        reply = ReplyDesk(store.messages, store.following, replying, lending, deployment).reply
        desk = _desk(services, deployment, lending)
        link_for = services.connecting.invitation_to if services.connecting else None
        callers = Callers(deployment, identities)
        yield Door(callers, store.accounts, desk, deployment, reply=reply, link_for=link_for).routes()
    finally:
        await replying.close()
        await lending.close()


def _desk(services: Services, deployment: Deployment, lending: Lending) -> Desk:
    settings, store = services.settings, services.store
    reminding = Reminding(store.reminders, store.messages, store.preferences, utc_now)
    kept = (store.accounts, store.messages, store.preferences, store.orders)
    books = Books(*kept, services.reporting, store.following, store.reminders, reminding, store.ticks)
    composing = Composing(store.messages, utc_now)
    noticing = Noticing(store.messages, recording_of(settings, store).judge_again, utc_now)
    return Desk(books, composing, noticing, tokens_of(settings), deployment, utc_now, Naming(lending))
