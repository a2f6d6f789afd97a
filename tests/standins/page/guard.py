"""Who may talk to the stand-ins: programs on this computer, and the page itself, in this computer's browser."""

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
    " frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse names that are not this computer's (DNS rebinding), and changes that another site asks for."""
    if not _names_this_computer(request.host):
        raise web.HTTPMisdirectedRequest(text="The stand-ins answer to 127.0.0.1 and localhost only.\n")
    if request.path.startswith("/page/") and request.method not in ("GET", "HEAD") and not _own_page(request):
        raise web.HTTPForbidden(text="Only the stand-ins' own page may do this.\n")
    return await handler(request)


async def lock_down(request: web.Request, response: web.StreamResponse) -> None:
    """Give every page answer headers that keep the browser from loading anything from elsewhere."""
    response.headers.setdefault("Content-Security-Policy", PAGE_POLICY)
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-DNS-Prefetch-Control"] = "off"


def _names_this_computer(host: str) -> bool:
    try:
        return urlsplit(f"//{host}").hostname in ("127.0.0.1", "localhost", "::1")
    except ValueError:
        return False


def _own_page(request: web.Request) -> bool:
    # A browser sends Origin with every POST; a form on another site cannot send JSON without asking first.
    return request.headers.get("Origin") == f"http://{request.host}" and request.content_type == "application/json"
