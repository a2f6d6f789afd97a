"""The Gmail stand-in's doors for owners and verifiers: the consent page, revocation, and the certificates."""

from html import escape
from typing import Protocol
from urllib.parse import urlsplit

from aiohttp import web

from tests.standins.gmail_consent import Link, WrongLink, granted, read_link
from tests.standins.gmail_mailbox import Mailbox
from tests.standins.gmail_oauth import Grants
from tests.standins.gmail_signing import CERTIFICATES_LAST, SigningKey

AUTH_PATH, CERTS_PATH, REVOKE_PATH = "/o/oauth2/v2/auth", "/oauth2/v1/certs", "/revoke"
REVOKE_METHOD, CERTS_METHOD = "oauth2.revoke", "oauth2.certs"
# The page has one form, which leads back to whoever asked: form-action has to let that pass.
_POLICY = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; style-src 'unsafe-inline'"


class World(Protocol):
    """What the doors need of the stand-in."""

    mailboxes: dict[str, Mailbox]
    redirect_uris: set[str]
    keys: list[SigningKey]

    @property
    def grants(self) -> Grants: ...


def consent(world: World, email: str, url: str, deny: bool, untick: tuple[str, ...]) -> str:
    """The owner's answer to the link: where the browser goes next. Raises WrongLink, KeyError."""
    link = read_link(url, world.grants.client_id, world.redirect_uris)
    box = world.mailboxes[email.lower()]
    if deny:
        return link.back(error="access_denied")
    grant = granted(link, box.email, untick, world.grants.granted_to(box.email))
    code = world.grants.codes.new(link, grant, world.grants.clock())
    return link.back(code=code, scope=" ".join(grant.scopes), authuser="0", prompt="consent")


def consent_page(world: World, request: web.Request) -> web.Response:
    try:
        link = read_link(str(request.url), world.grants.client_id, world.redirect_uris)
    except WrongLink as wrong:
        return _page(f"<h1>Access blocked</h1><p>Error {wrong.status}: {escape(str(wrong))}</p>", wrong.status)
    return _page(_form(link, sorted(world.mailboxes)))


async def decision(world: World, request: web.Request) -> web.Response:
    """Send the browser back with what its owner decided on the page."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":  # absent: no browser at all
        return _page("<h1>Access blocked</h1>", 403)
    form = await request.post()
    try:
        link = read_link(str(request.url), world.grants.client_id, world.redirect_uris)
        untick = tuple(set(link.boxes) - {str(scope) for scope in form.getall("scope", [])})
        back = consent(world, str(form["email"]), str(request.url), form.get("decision") != "allow", untick)
    except (WrongLink, KeyError) as wrong:
        return _page(f"<h1>Access blocked</h1><p>{escape(str(wrong))}</p>", 400)
    return web.Response(status=302, headers={"Location": back})


def certificates(world: World) -> web.Response:
    """Every key that is good now, by its id, as x509 certificates."""
    headers = {"Cache-Control": f"public, max-age={CERTIFICATES_LAST}, must-revalidate, no-transform"}
    return web.json_response({key.id: key.certificate for key in world.keys}, headers=headers)


def registrable(uri: str) -> bool:
    """Whether Google's console would take this redirect URI: https, or http on this computer."""
    parts = urlsplit(uri)
    here = parts.scheme == "http" and parts.hostname in ("localhost", "127.0.0.1")
    return bool(parts.hostname and (parts.scheme == "https" or here) and not parts.fragment and "*" not in uri)


def _form(link: Link, emails: list[str]) -> str:
    hinted = link.login_hint if link.login_hint in emails else emails[0] if emails else ""
    accounts = "".join(
        f'<label><input type="radio" name="email" value="{escape(email)}"{" checked" * (email == hinted)}>'
        f" {escape(email)}</label><br>"
        for email in emails
    )
    boxes = "".join(
        f'<label><input type="checkbox" name="scope" value="{escape(scope)}" checked> {escape(scope)}</label><br>'
        for scope in link.boxes
    )
    return (
        f'<h1>Twotick wants to access a Google Account</h1><form method="post">{accounts}<h2>It could then</h2>{boxes}'
        '<p><button name="decision" value="deny">Cancel</button>'
        ' <button name="decision" value="allow">Continue</button></p></form>'
    )


def _page(content: str, status: int = 200) -> web.Response:
    text = f'<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Stand-in consent</title>{content}</html>'
    headers = {"Content-Security-Policy": _POLICY, "Cache-Control": "no-store"}
    return web.Response(text=text, status=status, content_type="text/html", headers=headers)
