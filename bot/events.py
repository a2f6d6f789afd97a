"""What the web process serves for Slack: signed requests in, acknowledgements out."""

import asyncio
from functools import partial
from typing import Any
from urllib.parse import urljoin

import structlog
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp

from bot.app import slack_app
from bot.install import install_routes
from bot.installing import Installing
from bot.listening import client_of, listening_of
from bot.signatures import is_from_slack
from bot.slack import installed, socket_address
from bot.socket_mode import SocketMode
from tracker.clock import Clock
from tracker.doors import Services
from tracker.setting_values import Secret
from tracker.slack_app import EVENTS_PATH, REDIRECT_PATH

_MOST_BYTES = 512 * 1024  # a press carries the message it was made under, and no message of ours is half as long
_BODY_SECONDS = 10.0  # whoever sends drop by drop is not Slack, which gives up after three

log = structlog.get_logger()


def slack_routes(services: Services, clock: Clock) -> list[web.RouteDef]:
    """The routes for a Slack that is configured.

    With Socket Mode the web process opens the socket: whoever answers has to be
    there anyway for the pixel, and Slack shares its requests out among several.
    The address for signed requests stays open beside it while there is a
    signing secret, so that one way can be changed for the other without a gap.
    """
    settings = services.settings
    listeners, tabs = listening_of(services, clock)
    app = slack_app(client_of(settings), listeners, tabs.attach)
    if settings.slack_app_token:
        address = partial(socket_address, settings.slack_app_token.reveal(), settings.slack_api_url)
        services.beside.append(SocketMode(address, app).run)
    signed = [web.post(EVENTS_PATH, Events(settings.slack_signing_secret, app, clock).handle)]
    signed = signed if settings.slack_signing_secret else []
    return [*signed, *_install_routes(services, clock)]


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
