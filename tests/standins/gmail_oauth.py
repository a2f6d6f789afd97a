"""Grants and access tokens of the Gmail stand-in, and the endpoints that trade one for the other."""

import hmac
import secrets
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from tests.standins.gmail_consent import Codes
from tests.standins.gmail_delegation import NotLetIn, ServiceAccounts
from tests.standins.gmail_errors import GoogleError
from tests.standins.gmail_scopes import SIGN_IN, Grant, in_order
from tests.standins.gmail_signing import SigningKey, claims_for

LIFE = timedelta(seconds=3599)
SCOPES = ("https://www.googleapis.com/auth/gmail.modify",)


@dataclass(slots=True)
class Grants:
    """Who may come in with what. A revoked mailbox loses its refresh tokens and its access tokens at once."""

    clock: Callable[[], datetime]
    client_id: str = "stand-in.apps.googleusercontent.com"
    client_secret: str = field(default_factory=lambda: f"GOCSPX-{secrets.token_urlsafe(21)}", repr=False)
    refresh_tokens: dict[str, Grant] = field(default_factory=dict, repr=False)
    access_tokens: dict[str, tuple[Grant, datetime]] = field(default_factory=dict, repr=False)
    codes: Codes = field(default_factory=Codes, repr=False)
    service_accounts: ServiceAccounts = field(default_factory=ServiceAccounts)

    def grant(self, email: str, scopes: Iterable[str] = SCOPES) -> str:
        token = f"1//0{secrets.token_urlsafe(48)}"
        self.refresh_tokens[token] = Grant(email, in_order(scopes))
        return token

    def granted_to(self, email: str) -> frozenset[str]:
        """All scopes that the owner of this mailbox ever granted and did not revoke."""
        return frozenset(scope for held in self.refresh_tokens.values() if held.email == email for scope in held.scopes)

    def revoke(self, email: str) -> None:
        self.refresh_tokens = {token: held for token, held in self.refresh_tokens.items() if held.email != email}
        self.forget_access(email)

    def forget_access(self, email: str) -> None:
        """Make its access tokens worthless before their time, as Google does when a password changes."""
        self.access_tokens = {token: held for token, held in self.access_tokens.items() if held[0].email != email}

    def holder(self, authorization: str) -> Grant:
        """Whose access token this header carries, and for what. Raises GoogleError 401."""
        scheme, _, token = authorization.partition(" ")
        held, until = self.access_tokens.get(token, (None, self.clock()))
        if scheme.lower() != "bearer" or held is None or until <= self.clock():
            raise GoogleError(401, "authError", "Request had invalid authentication credentials.")
        return held

    def answer(self, form: Mapping[str, str], key: SigningKey) -> web.Response:
        """A token request's answer, or OAuth's own kind of refusal."""
        if not _same(form.get("client_id", ""), self.client_id):
            return no(401, "invalid_client", "The OAuth client was not found.")
        if not _same(form.get("client_secret", ""), self.client_secret):
            return no(401, "invalid_client", "Unauthorized")
        if form.get("grant_type") == "refresh_token":
            return self._by_refresh_token(form, key)
        if form.get("grant_type") == "authorization_code":
            return self._by_code(form, key)
        return no(400, "unsupported_grant_type", f"Invalid grant_type: {form.get('grant_type', '')}")

    def by_assertion(self, assertion: str, audience: str, people: Collection[str]) -> web.Response:
        """The answer to a service account that acts for one of these people: no refresh token, and no identity."""
        try:
            held = self.service_accounts.grant(assertion, audience, people, self.clock())
        except NotLetIn as refusal:
            return no(refusal.status, refusal.error, str(refusal))
        token = f"ya29.c.{secrets.token_urlsafe(96)}"
        self.access_tokens[token] = (held, self.clock() + LIFE)
        return web.json_response(
            {"access_token": token, "expires_in": int(LIFE.total_seconds()), "token_type": "Bearer"}
        )

    def revocation(self, token: str) -> web.Response:
        """The answer to a wish to end a grant, by any token of it: all of its owner's go together."""
        held = self.refresh_tokens.get(token) or self.access_tokens.get(token, (None,))[0]
        if held is None:
            return no(400, "invalid_token", "Token expired or revoked")
        self.revoke(held.email)
        return web.json_response({})

    def _by_refresh_token(self, form: Mapping[str, str], key: SigningKey) -> web.Response:
        if not form.get("refresh_token"):
            return no(400, "invalid_request", "Missing required parameter: refresh_token")
        held = self.refresh_tokens.get(form["refresh_token"])
        if held is None:
            return no(400, "invalid_grant", "Token has been expired or revoked.")
        return web.json_response(self._access(held, key, ""), headers={"Cache-Control": "no-store"})

    def _by_code(self, form: Mapping[str, str], key: SigningKey) -> web.Response:
        for name in ("code", "redirect_uri"):
            if not form.get(name):
                return no(400, "invalid_request", f"Missing required parameter: {name}")
        try:
            given = self.codes.spent(form, self.clock())
        except ValueError as refusal:
            return no(400, "invalid_grant", str(refusal))
        first_time = not self.granted_to(given.grant.email)
        answer = self._access(given.grant, key, given.nonce)
        if given.offline and (given.asked_again or first_time):
            answer["refresh_token"] = self.grant(given.grant.email, given.grant.scopes)
        return web.json_response(answer, headers={"Cache-Control": "no-store"})

    def _access(self, held: Grant, key: SigningKey, nonce: str) -> dict[str, Any]:
        token = f"ya29.{secrets.token_urlsafe(96)}"
        self.access_tokens[token] = (held, self.clock() + LIFE)
        life = int(LIFE.total_seconds())
        answer = {"access_token": token, "expires_in": life, "scope": " ".join(held.scopes), "token_type": "Bearer"}
        if SIGN_IN & set(held.scopes):
            email = {} if held.tells_email else {"email": None, "email_verified": None}
            claims = claims_for(self.client_id, held.email, self.clock(), nonce=nonce or None, **email)
            answer["id_token"] = key.signed(claims)
        return answer


def no(status: int, error: str, description: str) -> web.Response:
    return web.json_response({"error": error, "error_description": description}, status=status)


def _same(given: str, ours: str) -> bool:
    return hmac.compare_digest(given.encode(), ours.encode())
