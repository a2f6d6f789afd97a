"""Google's consent page: the link that leads there, what comes back for its code, and the end of a grant."""

import base64
import hashlib
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from tracker.access import Access, ConsentDesk
from tracker.gmail.auth import OAuthClient, exchange
from tracker.gmail.connections import Connections
from tracker.gmail.failures import Answer, Passing
from tracker.model import Profile
from tracker.ports import Identities, NotGenuine, Refused, TryLater

_GMAIL = "https://www.googleapis.com/auth/gmail."
_WHO = ("openid", "https://www.googleapis.com/auth/userinfo.email")
_ASKED: Mapping[Profile, frozenset[str]] = {
    Profile.SEND: frozenset({_GMAIL + "send"}),
    Profile.STANDARD: frozenset({_GMAIL + "compose", _GMAIL + "readonly"}),
    Profile.FULL: frozenset({_GMAIL + "modify"}),
}
# What a scope allows beside itself, as far as our profiles go.
_IMPLIED: Mapping[str, frozenset[str]] = {
    _GMAIL + "compose": frozenset({_GMAIL + "send"}),
    _GMAIL + "modify": frozenset({_GMAIL + "compose", _GMAIL + "readonly", _GMAIL + "send"}),
    "https://mail.google.com/": frozenset({_GMAIL + name for name in ("modify", "compose", "readonly", "send")}),
}
_SECONDS = 20.0
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_AGAIN = "ask for a new link and connect again."


class GoogleConsent(ConsentDesk):
    """The desk at Google, or at a stand-in. `redirect_uri` must be registered there, letter for letter."""

    def __init__(self, client: OAuthClient, auth_url: str, redirect_uri: str, identities: Identities) -> None:
        self._client = client
        self._auth_url = auth_url
        self._revoke_url = client.token_url.rpartition("/")[0] + "/revoke"
        self._redirect_uri = redirect_uri
        self._identities = identities
        self._connections = Connections()

    def link(self, profile: Profile, state: str, verifier: str, email: str = "") -> str:
        query = {
            "client_id": self._client.client_id,
            "redirect_uri": self._redirect_uri,
            "response_type": "code",
            "scope": " ".join((*_WHO, *sorted(_ASKED[profile]))),
            "state": state,
            "access_type": "offline",
            "prompt": "consent",  # without it, Google gives a refresh token to newcomers only
            "include_granted_scopes": "true",
            "code_challenge": _challenge(verifier),
            "code_challenge_method": "S256",
            **({"login_hint": email} if email else {}),
        }
        return f"{self._auth_url}?{urlencode(query)}"

    async def exchange(self, code: str, verifier: str) -> Access:
        form = {
            "grant_type": "authorization_code",
            "client_id": self._client.client_id,
            "client_secret": self._client.client_secret,
            "redirect_uri": self._redirect_uri,
            "code": code,
            "code_verifier": verifier,
        }
        answer = await self._post(self._client.token_url, form)
        said = _json(answer.body)
        if not answer.good:
            raise _refusal(answer.status, said.get("error"))
        return await self._access(said)

    async def revoke(self, refresh_token: str) -> None:
        answer = await self._post(self._revoke_url, {"token": refresh_token})
        over = answer.status == 400 and _json(answer.body).get("error") == "invalid_token"
        if not answer.good and not over:
            raise TryLater(f"Google did not end the grant (error {answer.status}).")

    async def close(self) -> None:
        """End all connections."""
        await self._connections.close()

    async def _access(self, said: Mapping[str, Any]) -> Access:
        token, refresh_token, scope = said.get("id_token"), said.get("refresh_token"), said.get("scope")
        if not isinstance(token, str) or not isinstance(scope, str):
            raise Refused(f"Google did not say whose mailbox this is: {_AGAIN}")
        if not isinstance(refresh_token, str) or not refresh_token:
            raise Refused(f"Google gave no lasting access: {_AGAIN}")
        try:
            owner = await self._identities.verify(token, self._client.client_id)
        except NotGenuine:
            raise Refused(f"Google's word on whose mailbox this is could not be verified: {_AGAIN}") from None
        scopes = frozenset(scope.split())
        return Access(owner.email.lower(), owner.subject, refresh_token, scopes, profile_of(scopes))

    async def _post(self, url: str, form: Mapping[str, str]) -> Answer:
        try:
            transport = self._connections.transport()
            return await exchange(transport, "POST", url, urlencode(form).encode(), _FORM, _SECONDS)
        except Passing as passing:
            raise passing.given_up() from None


def profile_of(scopes: frozenset[str]) -> Profile | None:
    """The fullest profile that these scopes cover."""
    covered = scopes.union(*(_IMPLIED.get(scope, frozenset()) for scope in scopes))
    fullest_first = (Profile.FULL, Profile.STANDARD, Profile.SEND)
    return next((profile for profile in fullest_first if _ASKED[profile] <= covered), None)


def _refusal(status: int, error: object) -> Exception:
    if status == 429 or status >= 500 or not isinstance(error, str):
        return TryLater(f"Google gives no access right now (error {status}): {_AGAIN}")
    if error == "invalid_grant":
        return Refused(f"This consent was used already, or is too old: {_AGAIN}")
    if error in ("invalid_client", "unauthorized_client", "redirect_uri_mismatch"):
        return Refused(
            "Google does not know this Twotick: its operator should check GOOGLE_CLIENT_ID, _SECRET,"
            " and the redirect address in the Google console."
        )
    return Refused(f"Google gives no access to this mailbox ({error[:40]}).")


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _json(body: bytes) -> Mapping[str, Any]:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}
