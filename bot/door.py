"""What the web process serves for Slack: signed requests in, acknowledgements out."""

import asyncio
from collections.abc import Mapping
from functools import partial
from typing import Any
from urllib.parse import urljoin

import structlog
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.actions import Actions
from bot.answering import with_fallback
from bot.app import Listeners, slack_app
from bot.commands import Answers, Commands
from bot.doctor import Doctor
from bot.drafts import Drafts
from bot.figures import Figures
from bot.follow_up import FollowUp
from bot.grammar_of_account import AskDoctor, Export, Forget, ShowStats, ShowTeam
from bot.grammar_of_noise import NOISE_WISHES
from bot.happenings import Endings, only_workspace_left
from bot.hearing import Hearing
from bot.home_door import tabs_of
from bot.install import install_routes
from bot.installing import Installing
from bot.lists import Lists
from bot.noise import NoiseDesk
from bot.ordered import Ordered
from bot.ports import Zones
from bot.renewal_door import renewing_of
from bot.rights import Rights
from bot.sharing import Sharing
from bot.signatures import is_from_slack
from bot.slack import SlackDoor, answer_privately, installed, socket_address, web_client
from bot.slack_views import ClientOf, SlackViews, always
from bot.socket_mode import SocketMode
from bot.tabs import Tabs
from bot.teams import Teams
from bot.zones import KnownZones
from tracker.assembly import correcting_of
from tracker.clock import Clock, utc_now
from tracker.consulting import checkup_of
from tracker.doors import Services
from tracker.giving import Erasing, Exporting
from tracker.granting import Granting
from tracker.nudging import Nudging
from tracker.picking import Picking
from tracker.reminding import Reminding
from tracker.setting_values import Secret
from tracker.settings import Settings
from tracker.slack_app import EVENTS_PATH, REDIRECT_PATH

_MOST_BYTES = 512 * 1024  # a press carries the message it was made under, and no message of ours is half as long
_BODY_SECONDS = 10.0  # whoever sends drop by drop is not Slack, which gives up after three

log = structlog.get_logger()


def routes(services: Services, clock: Clock = utc_now) -> list[web.RouteDef]:
    """The routes for Slack; none while Slack is not configured.

    With Socket Mode the web process opens the socket: whoever answers has to be
    there anyway for the pixel, and Slack shares its requests out among several.
    The address for signed requests stays open beside it while there is a
    signing secret, so that one way can be changed for the other without a gap.
    """
    settings = services.settings
    if not settings.slack_ready:
        return []
    listeners, tabs = listening_of(services, clock)
    app = slack_app(_client_of(settings), listeners, tabs.attach)
    if settings.slack_app_token:
        address = partial(socket_address, settings.slack_app_token.reveal(), settings.slack_api_url)
        services.beside.append(SocketMode(address, app).run)
    signed = [web.post(EVENTS_PATH, Events(settings.slack_signing_secret, app, clock).handle)]
    return [*(signed if settings.slack_signing_secret else ()), *_install_routes(services, clock)]


def listeners_of(services: Services, clock: Clock) -> Listeners:
    """Who listens to what in messages."""
    return listening_of(services, clock)[0]


def listening_of(services: Services, clock: Clock) -> tuple[Listeners, Tabs]:
    """Who listens to what, in messages and outside of them; one and the same over both transports."""
    settings, store = services.settings, services.store
    correcting = correcting_of(settings, store, clock)
    actions = Actions(store.accounts, services.reporting, correcting, clock, services.connecting)
    picking, follow_up = _picking(services, clock), _follow_up(services, clock)
    drafts, ordered = None, None
    if picking:
        drafts = Drafts(store.accounts, picking, store.preferences, _slack(services), clock, addon=settings.addon_ready)
        ordered = Ordered(store.accounts, picking, services.reporting, clock)
    slack = _slack(services)
    zones = KnownZones(slack, clock)
    lists = _lists(services, slack, clock, drafts=drafts is not None)
    rights = _rights(services, clock)
    by_command = services.connecting is not None
    desk = (store.noise, store.accounts, store.messages, zones, slack, clock)
    noise = NoiseDesk(*desk, connect_by_command=by_command)
    others = _others(services, rights, noise, slack, clock)
    told = (services.connecting, drafts, follow_up, lists, others)
    commands = Commands(store.accounts, services.reporting, clock, *told)
    presses = {**actions.presses, **(drafts.presses if drafts else {}), **follow_up.presses}
    presses |= {**lists.presses, **rights.presses, **noise.presses, **commands.presses}
    presses |= Sharing(store.accounts, store.messages, slack, clock, connect_by_command=by_command).presses
    stories = ordered.stories if ordered else {}
    hearing = Hearing(store.heard, store.installations, clock)
    endings = Endings(store.installations).table
    if not settings.many_workspaces:
        endings = dict.fromkeys(endings, only_workspace_left)
    answering = with_fallback(answer_privately, slack.upload_in)
    tabs = tabs_of(services, presses, ordered, SlackViews(_clients(services)), clock, hearing.is_news)
    return Listeners(commands, presses, answering, hearing.is_news, tabs.told, endings, stories), tabs


def _lists(services: Services, zones: Zones, clock: Clock, *, drafts: bool) -> Lists:
    by_command = services.connecting is not None
    accounts = services.store.accounts
    return Lists(accounts, services.reporting, clock, zones, drafts=drafts, connect_by_command=by_command)


def _rights(services: Services, clock: Clock) -> Rights:
    settings, store = services.settings, services.store
    exporting = Exporting(store.rights, settings.public_url, clock)
    erasing = Erasing(store.rights, settings.secret_keys[0].reveal())
    return Rights(store.accounts, exporting, erasing, connect_by_command=services.connecting is not None)


def _others(services: Services, rights: Rights, noise: NoiseDesk, zones: Zones, clock: Clock) -> Mapping[type, Answers]:
    """What answers the commands about figures, health and privacy."""
    store, admins = services.store, services.settings.admin_slack_users
    by_command, reporting = services.connecting is not None, services.reporting
    figures = Figures(store.accounts, reporting, store.vitals, zones, admins, clock, connect_by_command=by_command)
    doctor = Doctor(store.accounts, checkup_of(services.settings, store, services.mailboxes, clock), admins)
    return {
        ShowStats: figures.answer,
        ShowTeam: figures.answer,
        AskDoctor: doctor.answer,
        Export: rights.answer,
        Forget: rights.answer,
        **dict.fromkeys(NOISE_WISHES, noise.answer),
    }


def _slack(services: Services) -> Teams | SlackDoor:
    settings = services.settings
    if settings.many_workspaces:
        return _teams(services)
    return SlackDoor(_client_of(settings))


def _teams(services: Services) -> Teams:
    settings, store = services.settings, services.store
    renewing = renewing_of(settings, store)
    return Teams(store.installations, settings.slack_api_url, token_of=renewing.token_of)


def _clients(services: Services) -> ClientOf:
    settings = services.settings
    if settings.many_workspaces:
        return _teams(services).client_of
    return always(_client_of(settings))


def _client_of(settings: Settings) -> AsyncWebClient:
    return web_client(settings.slack_bot_token.reveal(), settings.slack_api_url)


def _install_routes(services: Services, clock: Clock) -> list[web.RouteDef]:
    settings = services.settings
    if not settings.many_workspaces:
        return []
    redirect_uri = settings.public_url.rstrip("/") + REDIRECT_PATH
    client = settings.slack_client_id, settings.slack_client_secret.reveal()

    async def exchange(code: str) -> dict[str, Any]:
        return await installed(client, code, redirect_uri, settings.slack_api_url)

    consent_url = urljoin(settings.slack_api_url.rstrip("/") + "/", "../oauth/v2/authorize")
    book = services.store.installations
    installing = Installing(book, exchange, consent_url, settings.slack_client_id, redirect_uri, clock)
    return install_routes(installing, settings.public_url, settings.trusted_proxies)


def _picking(services: Services, clock: Clock) -> Picking | None:
    """The way to drafts; none where Google is not set up."""
    if services.mailboxes is None:
        return None
    store, granting = services.store, Granting(services.store.accounts, clock)
    return Picking(services.mailboxes, store.orders, store.preferences, store.messages, granting, clock)


def _follow_up(services: Services, clock: Clock) -> FollowUp:
    store, mailboxes = services.store, services.mailboxes
    return FollowUp(
        store.accounts,
        store.messages,
        store.reminders,
        Reminding(store.reminders, store.messages, store.preferences, clock),
        Nudging(store.nudges, mailboxes, Granting(store.accounts, clock)) if mailboxes else None,
        clock,
        connect_by_command=services.connecting is not None,
    )


class Events:
    """Lets in what Slack signed, within five minutes and half a megabyte; nothing else is even parsed."""

    def __init__(
        self, signing_secret: Secret, app: AsyncApp, clock: Clock, body_seconds: float = _BODY_SECONDS
    ) -> None:
        self._signing_secret = signing_secret
        self._app = app
        self._clock = clock
        self._body_seconds = body_seconds

    async def handle(self, request: web.Request) -> web.StreamResponse:
        body = await self._body_of(request)
        if not is_from_slack(self._signing_secret.reveal(), request.headers, body, self._clock().timestamp()):
            return web.Response(status=401, text="not signed by Slack")
        try:
            return await to_aiohttp_response(await self._app.async_dispatch(await to_bolt_request(request)))
        except Exception:
            # The web process's door for Slack: what bolt cannot read must not become a stack trace on the wire.
            log.exception("slack_request_failed")
            return web.Response(status=400, text="cannot be read")

    async def _body_of(self, request: web.Request) -> bytes:
        """The body, whole. Raises the answer for one that is too long, too slow or unreadable."""
        try:
            async with asyncio.timeout(self._body_seconds):
                body = b"" if (request.content_length or 0) > _MOST_BYTES else await request.read()
        except TimeoutError:
            raise web.HTTPRequestTimeout from None
        except web.RequestPayloadError:
            raise web.HTTPBadRequest(text="cannot be read") from None
        if max(request.content_length or 0, len(body)) > _MOST_BYTES:  # without a length it came in pieces
            raise web.HTTPRequestEntityTooLarge(_MOST_BYTES, len(body))
        return body
