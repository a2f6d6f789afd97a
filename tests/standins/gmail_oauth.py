"""Grants and access tokens of the Gmail stand-in, and the endpoint that trades one for the other."""

import hmac
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from tests.standins.gmail_errors import GoogleError

LIFE = timedelta(seconds=3599)
SCOPE = "https://www.googleapis.com/auth/gmail.modify"


@dataclass(slots=True)
class Grants:
    """Who may come in with what. A revoked mailbox loses its refresh tokens and its access tokens at once."""

    clock: Callable[[], datetime]
    client_id: str = "stand-in.apps.googleusercontent.com"
    client_secret: str = field(default_factory=lambda: f"GOCSPX-{secrets.token_urlsafe(21)}", repr=False)
    refresh_tokens: dict[str, str] = field(default_factory=dict, repr=False)
    access_tokens: dict[str, tuple[str, datetime]] = field(default_factory=dict, repr=False)

    def grant(self, email: str) -> str:
        token = f"1//0{secrets.token_urlsafe(48)}"
        self.refresh_tokens[token] = email
        return token

    def revoke(self, email: str) -> None:
        self.refresh_tokens = {token: whose for token, whose in self.refresh_tokens.items() if whose != email}
        self.forget_access(email)

    def forget_access(self, email: str) -> None:
        """Make its access tokens worthless before their time, as Google does when a password changes."""
        self.access_tokens = {token: held for token, held in self.access_tokens.items() if held[0] != email}

    def owner(self, authorization: str) -> str:
        """Whose access token this header carries. Raises GoogleError 401."""
        scheme, _, token = authorization.partition(" ")
        email, until = self.access_tokens.get(token, ("", self.clock()))
        if scheme.lower() != "bearer" or until <= self.clock():
            raise GoogleError(401, "authError", "Request had invalid authentication credentials.")
        return email

    def answer(self, form: Mapping[str, Any]) -> web.Response:
        """A token request's answer, or OAuth's own kind of refusal."""
        if not hmac.compare_digest(str(form.get("client_id", "")).encode(), self.client_id.encode()):
            return _no(401, "invalid_client", "The OAuth client was not found.")
        if not hmac.compare_digest(str(form.get("client_secret", "")).encode(), self.client_secret.encode()):
            return _no(401, "invalid_client", "Unauthorized")
        if form.get("grant_type") != "refresh_token":
            return _no(400, "unsupported_grant_type", f"Invalid grant_type: {form.get('grant_type', '')}")
        if not form.get("refresh_token"):
            return _no(400, "invalid_request", "Missing required parameter: refresh_token")
        email = self.refresh_tokens.get(form["refresh_token"])
        if email is None:
            return _no(400, "invalid_grant", "Token has been expired or revoked.")
        return self._access(email)

    def _access(self, email: str) -> web.Response:
        token = f"ya29.{secrets.token_urlsafe(96)}"
        self.access_tokens[token] = (email, self.clock() + LIFE)
        life = int(LIFE.total_seconds())
        return web.json_response(
            {"access_token": token, "expires_in": life, "scope": SCOPE, "token_type": "Bearer"},
            headers={"Cache-Control": "no-store"},
        )


def _no(status: int, error: str, description: str) -> web.Response:
    return web.json_response({"error": error, "error_description": description}, status=status)
