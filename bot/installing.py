"""Installing: a browser goes to Slack's consent page and comes back, and its workspace can be spoken to."""

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

import structlog

from bot.ports import NoAnswer, NotAllowed, NotReached, TooFast
from tracker.clock import Clock, utc_now
from tracker.ports import Refused, TryLater
from tracker.slack_app import SLACK_SCOPES
from tracker.workspaces import Installation, InstallationBook

CONSENT_WITHIN = timedelta(minutes=10)  # as long as Slack's code is good
_NOT_OURS = {"invalid_code", "code_already_used", "invalid_grant_type", "bad_code"}  # whoever brought it invented it

Exchange = Callable[[str], Awaitable[dict[str, Any]]]

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a browser brings back from Slack; each may be empty, or anybody's invention."""

    state: str
    code: str
    error: str


class Installing:
    """The way into as many workspaces as want us. `exchange` gets what Slack grants for a code."""

    def __init__(
        self,
        book: InstallationBook,
        exchange: Exchange,
        consent_url: str,
        client_id: str,
        redirect_uri: str,
        clock: Clock = utc_now,
    ) -> None:
        self._book = book
        self._exchange = exchange
        self._consent_url = consent_url
        self._client_id = client_id
        self._redirect_uri = redirect_uri
        self._clock = clock

    async def begin(self, browser: str) -> str:
        """The consent page's address; its answer is good once, in this browser, for ten minutes. Raises TryLater."""
        state = secrets.token_urlsafe(32)
        await self._book.begin(_name(state, browser), self._clock() + CONSENT_WITHIN)
        asked = {
            "client_id": self._client_id,
            "scope": ",".join(SLACK_SCOPES),
            "state": state,
            "redirect_uri": self._redirect_uri,
        }
        return f"{self._consent_url}?{urlencode(asked)}"

    async def finish(self, answer: Answer, browser: str) -> Installation:
        """Keep what was granted. Raises Refused, TryLater: then nothing was installed here."""
        ours = bool(browser and answer.state) and await self._book.take(_name(answer.state, browser), self._clock())
        if not ours:
            raise Refused(
                "This answer took longer than ten minutes, was used before, or belongs to another browser."
                " If an earlier page said that Twotick is installed, it is."
            )
        if not answer.code:
            declined = "You did not allow it." if answer.error == "access_denied" else "Slack did not let us in."
            raise Refused(f"{declined} Nothing was stored.")
        installation = installation_of(await self._granted(answer.code), self._clock())
        await self._book.keep(installation)
        _log_installed(installation)
        return installation

    async def _granted(self, code: str) -> dict[str, Any]:
        try:
            return await self._exchange(code)
        except NotAllowed as refused:
            if str(refused) in _NOT_OURS:
                raise Refused("Slack does not know this answer, or saw it before.") from refused
            hint = "compare SLACK_CLIENT_ID, SLACK_CLIENT_SECRET and PUBLIC_URL with the app's pages at Slack"
            log.error("install_refused", code=str(refused), hint=hint)
            raise Refused("Slack refused this Twotick, whose operator finds the reason in its log.") from refused
        except (NotReached, NoAnswer, TooFast) as lost:
            raise TryLater("Slack did not answer.") from lost


def installation_of(granted: dict[str, Any], now: datetime) -> Installation:
    """What Slack's answer says was installed. Raises Refused for one without a bot."""
    team, enterprise = granted.get("team") or {}, granted.get("enterprise") or {}
    org_wide = bool(granted.get("is_enterprise_install"))
    id = enterprise.get("id") if org_wide else team.get("id")
    token = str(granted.get("access_token") or "")
    if not id or not token or granted.get("token_type") != "bot":
        raise Refused("Slack granted nothing that Twotick can use.")
    lasts = granted.get("expires_in")
    return Installation(
        team_id="" if org_wide else str(team["id"]),
        name=str((enterprise if org_wide else team).get("name") or id),
        bot_user=str(granted.get("bot_user_id") or ""),
        installed_by=str((granted.get("authed_user") or {}).get("id") or ""),
        installed_at=now,
        scopes=tuple(scope for scope in str(granted.get("scope") or "").split(",") if scope),
        bot_token=token,
        enterprise_id=str(enterprise.get("id") or ""),
        app_id=str(granted.get("app_id") or ""),
        refresh_token=granted.get("refresh_token"),
        expires_at=now + timedelta(seconds=int(lasts)) if lasts else None,
    )


def _log_installed(installation: Installation) -> None:
    log.info("workspace_installed", team=installation.id, name=installation.name, by=installation.installed_by)
    if missing := set(SLACK_SCOPES) - set(installation.scopes):
        hint = "add them under OAuth & Permissions, then let the workspace install again"
        log.warning("scopes_missing", team=installation.id, missing=sorted(missing), hint=hint)


def _name(state: str, browser: str) -> str:
    """What an installation under way is called in the book, of which neither half can be guessed."""
    return sha256(f"{state}\0{browser}".encode()).hexdigest()
