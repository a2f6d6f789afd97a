"""How workspaces install an app: the consent link, the code that comes back, the token it is worth, and its end.

https://docs.slack.dev/authentication/installing-with-oauth
"""

import base64
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from tests.standins.slack_refusals import Refusal
from tests.standins.slack_rotating import Rotating
from tests.standins.slack_workspace import SCOPES, Workspace
from tracker.clock import Clock

CODE_LASTS = timedelta(minutes=10)
_TAKEN = {"client_id", "scope", "user_scope", "state", "redirect_uri", "team", "granular_bot_scope"}


class WrongLink(Exception):
    """Slack's own error page: nobody is sent back."""


@dataclass(slots=True)
class _Code:
    workspace: Workspace
    user: str
    scopes: str
    redirect_uri: str
    until: datetime
    organisation: str = ""
    used: bool = False


@dataclass
class Installs:
    """The app as Slack knows it, and the workspaces that installed it."""

    clock: Clock
    app_id: str = "A0TWOTICK"
    client_id: str = "2718281828.1414213562"
    client_secret: str = "standin-client-secret"
    redirect_uris: set[str] = field(default_factory=set)
    tokens: dict[str, Workspace] = field(default_factory=dict)
    ended: dict[str, str] = field(default_factory=dict)
    rotating: Rotating = field(init=False)
    _codes: dict[str, _Code] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rotating = Rotating(self.clock, self.tokens, self.ended)

    def consent(self, link: str, workspace: Workspace, user: str, *, deny: bool = False, organisation: str = "") -> str:
        """A member looks at the consent page and decides; where the browser goes next. Raises WrongLink."""
        asked = dict(parse_qsl(urlsplit(link).query, keep_blank_values=True))
        self._check(link, asked)
        state = {"state": asked.get("state", "")}
        if deny:
            return f"{asked['redirect_uri']}?{urlencode({'error': 'access_denied', **state})}"
        code = f"{secrets.randbelow(10**12)}.{secrets.token_hex(24)}"
        until = self.clock() + CODE_LASTS
        self._codes[code] = _Code(workspace, user, asked["scope"], asked["redirect_uri"], until, organisation)
        return f"{asked['redirect_uri']}?{urlencode({'code': code, **state})}"

    def _check(self, link: str, asked: Mapping[str, str]) -> None:
        if urlsplit(link).path != "/oauth/v2/authorize":
            raise WrongLink("not found")
        if set(asked) - _TAKEN:
            raise WrongLink(f"unexpected: {sorted(set(asked) - _TAKEN)}")
        if asked.get("client_id") != self.client_id:
            raise WrongLink("Invalid client_id parameter")
        if asked.get("redirect_uri") not in self.redirect_uris:
            raise WrongLink("redirect_uri did not match any configured URIs")
        unknown = [scope for scope in asked.get("scope", "").split(",") if scope not in SCOPES]
        if unknown:
            raise WrongLink(f"Invalid permissions requested: {unknown}")

    def access(self, arguments: Mapping[str, Any], authorization: str) -> dict[str, Any]:
        """`oauth.v2.access`. Raises Refusal."""
        given = _basic(authorization) or (str(arguments.get("client_id")), str(arguments.get("client_secret")))
        if given[0] != self.client_id:
            raise Refusal("invalid_client_id")
        if given[1] != self.client_secret:
            raise Refusal("bad_client_secret")
        if arguments.get("grant_type") == "refresh_token":
            workspace, pair = self.rotating.exchange(str(arguments.get("refresh_token")))
            return self._answer(workspace, pair)
        code = self._codes.get(str(arguments.get("code")))
        if code is None or code.until < self.clock():
            raise Refusal("invalid_code")
        if code.used:
            raise Refusal("code_already_used")
        if arguments.get("redirect_uri", code.redirect_uri) != code.redirect_uri:
            raise Refusal("bad_redirect_uri")
        code.used = True
        return self._granted(code)

    def _granted(self, code: _Code) -> dict[str, Any]:
        workspace = code.workspace
        if self.rotating.on:
            tokens = self.rotating.pair(workspace, code.scopes)
        else:
            tokens = {"access_token": self.token_of(workspace) or self._new_token(workspace)}
        granted = self._answer(workspace, {"scope": code.scopes, **tokens})
        granted["authed_user"] = {"id": code.user}
        workspace.organisation = code.organisation
        if code.organisation:
            whole = {"id": code.organisation, "name": f"{code.organisation} Group"}
            granted |= {"team": None, "enterprise": whole, "is_enterprise_install": True}
        return granted

    def _answer(self, workspace: Workspace, tokens: dict[str, Any]) -> dict[str, Any]:
        return {
            "ok": True,
            "app_id": self.app_id,
            "token_type": "bot",
            **tokens,
            "bot_user_id": workspace.bot_user,
            "team": {"id": workspace.team_id, "name": workspace.name},
            "enterprise": None,
            "is_enterprise_install": False,
        }

    def token_of(self, workspace: Workspace) -> str | None:
        """A workspace has one token, the same however often it consents, until it is revoked."""
        return next((token for token, owner in self.tokens.items() if owner is workspace), None)

    def _new_token(self, workspace: Workspace) -> str:
        token = f"xoxb-{secrets.randbelow(10**12)}-{secrets.token_hex(12)}"
        self.tokens[token] = workspace
        return token

    def end(self, workspace: Workspace, error: str) -> None:
        """The workspace's token is worth nothing from now on."""
        self.rotating.revoke(workspace)
        while token := self.token_of(workspace):
            del self.tokens[token]
            self.ended[token] = error


def _basic(authorization: str) -> tuple[str, str] | None:
    if not authorization.startswith("Basic "):
        return None
    name, _, secret = base64.b64decode(authorization.removeprefix("Basic ")).decode().partition(":")
    return name, secret
