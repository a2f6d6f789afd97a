"""The page on which an operator makes the Slack app: one link for each way to run it."""

from html import escape

from aiohttp import web

from tracker.slack_app import new_app_link, slack_manifest
from tracker.web.pages import page

SETUP_PATH = "/slack/setup"

_HTTP = (
    "For your own workspace",
    "Then copy the <em>signing secret</em> (Basic Information) to <code>SLACK_SIGNING_SECRET</code>, install the"
    " app, and copy its <em>bot token</em> (OAuth &amp; Permissions) to <code>SLACK_BOT_TOKEN</code>.",
)
_SOCKET = (
    "For your own workspace, without an address that Slack can call",
    "Then make an <em>app-level token</em> with the scope <code>connections:write</code> (Basic Information) for"
    " <code>SLACK_APP_TOKEN</code>, install the app, and copy its bot token to <code>SLACK_BOT_TOKEN</code>.",
)
_MANY = (
    "For many workspaces",
    "Then copy the <em>client ID</em>, the <em>client secret</em> and the signing secret (Basic Information) to"
    " <code>SLACK_CLIENT_ID</code>, <code>SLACK_CLIENT_SECRET</code> and <code>SLACK_SIGNING_SECRET</code>.",
)


def setup_routes(public_url: str, *, ready: bool) -> list[web.RouteDef]:
    """The page; it holds nothing but what everybody may know: our public address."""

    async def show(request: web.Request) -> web.StreamResponse:
        return _ready_page() if ready else _setup_page(public_url)

    return [web.get(SETUP_PATH, show, allow_head=False)]


def _setup_page(public_url: str) -> web.Response:
    # Slack calls https alone; over its socket it calls nobody.
    over_https = public_url.startswith("https://")
    ways = [
        *([(_HTTP, slack_manifest(public_url))] if over_https else []),
        (_SOCKET, slack_manifest(public_url, over_socket=True)),
        *([(_MANY, slack_manifest(public_url, many=True))] if over_https else []),
    ]
    shown = "".join(
        f'<p><strong>{title}</strong></p>\n<p><a class="button" href="{escape(new_app_link(manifest))}">'
        f"Make the Slack app</a></p>\n<p>{then}</p>\n"
        for (title, then), manifest in ways
    )
    less = "" if over_https else "<p class=quiet>The other ways need a PUBLIC_URL that begins with https://.</p>\n"
    return page(
        "Set up Slack",
        "<p>Each button opens Slack with everything filled in: choose the workspace, press Create.</p>\n"
        f"{shown}{less}<p>Put what you copied into <code>.env</code>, and start Twotick again.</p>",
    )


def _ready_page() -> web.Response:
    return page(
        "Slack is set up",
        "<p>In Slack, everybody types <code>/opens connect</code> to connect their Gmail, and "
        "<code>/opens doctor</code> to see whether all is well.</p>",
    )
