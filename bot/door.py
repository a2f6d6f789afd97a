"""What the web process serves for Slack: signed requests in, acknowledgements out."""

import asyncio

import structlog
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp

from bot.actions import Actions
from bot.app import Listeners, slack_app
from bot.commands import Commands
from bot.drafts import Drafts
from bot.follow_up import FollowUp
from bot.home_door import tabs_of
from bot.ordered import Ordered
from bot.signatures import is_from_slack
from bot.slack import SlackDoor, answer_privately, web_client
from bot.slack_views import SlackViews, always
from tracker.assembly import correcting_of
from tracker.clock import Clock, utc_now
from tracker.doors import Services
from tracker.granting import Granting
from tracker.nudging import Nudging
from tracker.picking import Picking
from tracker.reminding import Reminding
from tracker.setting_values import Secret

_MOST_BYTES = 512 * 1024  # a press carries the message it was made under, and no message of ours is half as long
_BODY_SECONDS = 10.0  # whoever sends drop by drop is not Slack, which gives up after three

log = structlog.get_logger()


def routes(services: Services, clock: Clock = utc_now) -> list[web.RouteDef]:
    """The routes for Slack; none while Slack is not configured."""
    settings, store = services.settings, services.store
    if not settings.slack_ready:
        return []
    client = web_client(settings.slack_bot_token.reveal(), settings.slack_api_url)
    actions = Actions(store.accounts, services.reporting, correcting_of(settings, store), clock, services.connecting)
    picking, follow_up = _picking(services, clock), _follow_up(services, clock)
    addon, zones = settings.addon_ready, SlackDoor(client)
    drafts = Drafts(store.accounts, picking, store.preferences, zones, clock, addon=addon) if picking else None
    ordered = Ordered(store.accounts, picking, services.reporting, clock) if picking else None
    commands = Commands(store.accounts, services.reporting, clock, services.connecting, drafts, follow_up)
    presses = {**actions.presses, **(drafts.presses if drafts else {}), **follow_up.presses}
    listeners = Listeners(commands, presses, answer_privately, ordered.stories if ordered else {})
    tabs = tabs_of(services, presses, ordered, SlackViews(always(client)), clock)
    events = Events(settings.slack_signing_secret, slack_app(client, listeners, tabs.attach), clock)
    return [web.post("/slack/events", events.handle)]


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
