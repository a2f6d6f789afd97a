"""What we need of the outside: our own address as others see it, Slack, Google's client."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from tracker.checkup.findings import Finding, broken, look, ok
from tracker.fetching import Fetch
from tracker.ports import TryLater

_ALIVE = "alive"
_CLOCKS_APART = timedelta(seconds=30)
_AT_HOME = ("localhost", "127.0.0.1", "::1")
_PROXY = "point the proxy in front of it at HOST and PORT of the web process, and see that twotick serve runs"
_TOKENS = "copy the Bot User OAuth Token from OAuth & Permissions at api.slack.com/apps to SLACK_BOT_TOKEN"


async def address_finding(public_url: str, fetch: Fetch) -> Finding:
    """Whether PUBLIC_URL leads to us: what recipients' mail programs load from there."""
    try:
        answer = await fetch(public_url.rstrip("/") + "/healthz")
    except TryLater as lost:
        return broken("address", f"{public_url} does not lead here: {lost}", _PROXY)
    if answer.status != 200 or answer.text.strip() != _ALIVE:
        return broken("address", f"{public_url} leads to something else (HTTP {answer.status})", _PROXY)
    address = urlsplit(public_url)
    if address.scheme != "https":
        home = address.hostname in _AT_HOME
        says = "only this machine reaches it" if home else "it is not https, so mail programs may refuse it"
        return look("address", f"{public_url} leads here, but {says}", "set PUBLIC_URL to an https address")
    return ok("address", f"{public_url} leads here")


async def slack_finding(
    about: str, token: str, api_url: str, needed: frozenset[str], fetch: Fetch, now: datetime
) -> Finding:
    """Whether a bot token works and does all that is needed, and whether Slack's clock is ours."""
    try:
        url = f"{api_url.rstrip('/')}/auth.test"
        answer = await fetch(url, {"Authorization": f"Bearer {token}"})
        said = _json(answer.text)
    except TryLater as lost:
        return broken(about, f"Slack is not reached: {lost}", "look at the network, and at SLACK_API_URL if it is set")
    if answer.status == 429 or answer.status >= 500:
        return look(about, f"Slack does not answer now (HTTP {answer.status})", "ask again in a minute")
    if said.get("ok") is not True:
        return broken(about, f"Slack refuses the token ({str(said.get('error'))[:40]})", _TOKENS)
    granted = {scope.strip() for scope in answer.headers.get("x-oauth-scopes", "").split(",") if scope.strip()}
    missing = sorted(needed - granted)
    if missing and granted:
        how = "add them under OAuth & Permissions, install the app again, and set the token shown then"
        return broken(about, f"scopes are missing: {', '.join(missing)}", how)
    if off := _clock_apart(answer.headers.get("date", ""), now):
        how = (
            "set this machine's clock, as by NTP: by it we judge who opened, and believe Slack only within five minutes"
        )
        return look(about, f"this machine's clock is {off} Slack's", how)
    return ok(about, f"speaks in {str(said.get('team') or 'the workspace')[:60]}")


def hearing_finding(*, signing_secret: bool, socket: bool) -> Finding:
    """Whether commands and presses can reach us."""
    if socket:
        return ok("Slack to us", "over a web socket")
    if signing_secret:
        return ok("Slack to us", "signed requests are believed")
    how = "set SLACK_SIGNING_SECRET (Basic Information at api.slack.com/apps)"
    return broken("Slack to us", "nothing that Slack sends is believed: there is no signing secret", how)


def google_finding(*, ready: bool) -> Finding:
    if ready:
        return ok("Google client", "set")
    how = "set GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET to send, and to follow mailboxes"
    return look("Google client", "none is set", how)


def _clock_apart(date: str, now: datetime) -> str:
    """How far our clock is from that of an answer's Date, in words; nothing when it is near."""
    try:
        ahead = now - parsedate_to_datetime(date).astimezone(UTC)
    except ValueError:
        return ""
    if abs(ahead) < _CLOCKS_APART:
        return ""
    seconds = round(abs(ahead).total_seconds())
    far = f"{seconds} seconds" if seconds < 120 else f"{seconds // 60} minutes" if seconds < 7200 else "hours"
    return f"{far} {'ahead of' if ahead > timedelta(0) else 'behind'}"


def _json(text: str) -> Mapping[str, object]:
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}
