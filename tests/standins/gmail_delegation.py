"""Service accounts in the Gmail stand-in: their keys, the domains that let them in, and the JWT bearer grant."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from google.auth import jwt

from tests.standins.gmail_scopes import Grant, scopes_in
from tests.standins.gmail_signing import SigningKey, new_key

BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_LONGEST, _SKEW = 3600, 300
_CLAIMS = {"iss", "sub", "scope", "aud", "iat", "exp"}


class NotLetIn(Exception):
    """OAuth's refusal: its status, its error, and Google's words."""

    def __init__(self, status: int, error: str, why: str) -> None:
        super().__init__(why)
        self.status = status
        self.error = error


@dataclass(slots=True)
class ServiceAccounts:
    """By their address. `scopes` are those that the administrator of the mailboxes' domain entered for each."""

    keys: dict[str, SigningKey] = field(default_factory=dict, repr=False)
    scopes: dict[str, frozenset[str]] = field(default_factory=dict)

    def add(self, email: str, scopes: Collection[str]) -> str:
        """A service account that may act for everybody in these scopes; its key file."""
        key = self.keys[email] = new_key()
        self.scopes[email] = frozenset(scopes)
        told = {
            "type": "service_account",
            "project_id": "stand-in",
            "private_key_id": key.id,
            "private_key": key.pem,
            "client_email": email,
            "client_id": "104000000000000000001",
            "token_uri": "https://oauth2.googleapis.com/token",
        }
        return json.dumps(told)

    def grant(self, assertion: str, audience: str, people: Collection[str], now: datetime) -> Grant:
        """What a signed wish to act for somebody is worth. Raises NotLetIn."""
        claims = self._verified(assertion, audience, now)
        scopes = scopes_in(str(claims["scope"]))
        if not scopes or not set(scopes) <= self.scopes[claims["iss"]]:
            raise NotLetIn(
                401,
                "unauthorized_client",
                "Client is unauthorized to retrieve access tokens using this method, or client not authorized for any"
                " of the scopes requested.",
            )
        if str(claims.get("sub", "")).lower() not in people:
            raise NotLetIn(400, "invalid_grant", "Invalid email or User ID")
        return Grant(str(claims["sub"]).lower(), scopes)

    def _verified(self, assertion: str, audience: str, now: datetime) -> Mapping[str, Any]:
        try:
            header, claims, signed, signature = jwt._unverified_decode(assertion)
        except ValueError:
            raise NotLetIn(400, "invalid_grant", "Invalid JWT: Failed to decode.") from None
        key = self.keys.get(str(claims.get("iss")))
        if key is None:
            raise NotLetIn(400, "invalid_grant", "Invalid grant: account not found")
        if header.get("alg") != "RS256" or header.get("kid") != key.id or not _signed_by(key, signed, signature):
            raise NotLetIn(400, "invalid_grant", "Invalid JWT Signature.")
        if set(claims) - _CLAIMS or not {"scope", "iat", "exp"} <= set(claims):
            raise NotLetIn(400, "invalid_grant", "Invalid JWT: unknown or missing claims.")
        if claims.get("aud") != audience:
            raise NotLetIn(400, "invalid_grant", "Invalid JWT: Failed audience check.")
        begin, end, at = claims["iat"], claims["exp"], now.timestamp()
        if not (begin - _SKEW <= at < end and 0 < end - begin <= _LONGEST):
            raise NotLetIn(
                400,
                "invalid_grant",
                "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe.",
            )
        return dict(claims)


def _signed_by(key: SigningKey, signed: bytes, signature: bytes) -> bool:
    public = serialization.load_pem_private_key(key.pem.encode(), None).public_key()
    assert isinstance(public, RSAPublicKey)
    try:
        public.verify(signature, signed, PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        return False
    return True
