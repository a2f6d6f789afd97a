"""The web application: which path is answered by what."""

from collections.abc import Awaitable, Callable, Iterable, Sequence

from aiohttp import web

from tracker.clock import Clock, utc_now
from tracker.ports import DocumentShelf, Intake
from tracker.tokens import Tokens
from tracker.web.documents import Documents
from tracker.web.guards import IpNetwork, client_address
from tracker.web.health import Health, alive
from tracker.web.links import Links
from tracker.web.meters import Meters
from tracker.web.metrics import Metrics, Sources
from tracker.web.noting import Noting
from tracker.web.pages import home_page, not_found_page
from tracker.web.pixel import Pixel

PIXEL = web.AppKey("pixel", Pixel)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def build_app(
    intake: Intake,
    tokens: Tokens,
    trusted_proxies: Sequence[IpNetwork] = (),
    doors: Iterable[web.RouteDef] = (),
    clock: Clock = utc_now,
    shelf: DocumentShelf | None = None,
    sources: Sources = Sources(),  # noqa: B008 - it is frozen
) -> web.Application:
    """The application on top of services that are open already; it opens and closes nothing itself.

    `doors` are routes of others that are served beside our own.
    """
    meters = Meters()
    address_of = client_address(trusted_proxies)
    noting = Noting(intake, address_of, meters, clock)
    documents = Documents(shelf, tokens, noting, address_of, clock).routes() if shelf else []
    pixel, links, health = Pixel(tokens, noting), Links(tokens, noting), Health(intake)
    metrics = Metrics(meters.registry, sources, clock)
    app = web.Application(middlewares=[_decent_errors])
    app[PIXEL] = pixel
    app.add_routes(
        [
            web.get("/o/{token:.*}", pixel.answer),
            web.get("/c/{token}", links.answer),
            web.get("/healthz", alive),
            web.get("/readyz", health.ready),
            web.get("/metrics", metrics.answer),
            web.get("/", _home),
            *documents,
            *doors,
        ]
    )
    return app


async def _home(_: web.Request) -> web.StreamResponse:
    return home_page()


@web.middleware
async def _decent_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except web.HTTPNotFound:
        return not_found_page()
