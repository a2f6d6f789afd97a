"""Whom a token of Google's is about: the add-on's caller, the person at it, a push, a mailbox's owner."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tracker.clock import Clock, utc_now
from tracker.gmail.certificates import Certificates
from tracker.gmail.connections import Connections
from tracker.ports import Identities, Identity, NotGenuine

_ISSUERS = ("https://accounts.google.com", "accounts.google.com")
_SKEW = 30  # seconds; our clock against Google's
_LONGEST = 16_384
_UNREADABLE = (ValueError, TypeError, KeyError, RecursionError)


class GoogleIdentities(Identities):
    """Checks ID tokens against Google's certificates, or a stand-in's at another address."""

    def __init__(self, certs_url: str, clock: Clock = utc_now) -> None:
        self._connections = Connections()
        self._certificates = Certificates(self._connections, certs_url, clock)
        self._clock = clock

    async def verify(self, token: str, audience: str) -> Identity:
        if not audience:
            raise ValueError("an audience must be named: without one, tokens for anybody would do")
        read = _read(token)
        verifier = await self._certificates.verifier(read.key_id)
        if verifier is None or not verifier.verify(read.signed, read.signature):
            raise NotGenuine("Google did not sign this token.")
        return _believed(read.claims, audience, self._clock())

    async def close(self) -> None:
        """End all connections."""
        await self._certificates.close()
        await self._connections.close()


@dataclass(frozen=True, slots=True)
class _Read:
    key_id: str
    signed: bytes
    signature: bytes
    claims: Mapping[str, Any]


def _read(token: str) -> _Read:
    """A token's parts, none of them believed yet. Raises NotGenuine."""
    try:
        if len(token) > _LONGEST:
            raise ValueError("too long")
        head, claims, signature = token.encode("ascii").split(b".")
        header = _object(head)
        if header["alg"] != "RS256":  # the token must not choose how it is checked
            raise ValueError("another algorithm")
        return _Read(str(header["kid"]), head + b"." + claims, _decoded(signature), _object(claims))
    except _UNREADABLE:
        raise NotGenuine("This is no token of Google's.") from None


def _believed(claims: Mapping[str, Any], audience: str, now: datetime) -> Identity:
    """Whom a signed token is about. Raises NotGenuine unless it is for this audience, now, and sure of the address."""
    if claims.get("iss") not in _ISSUERS:
        raise NotGenuine("The token was not made by Google.")
    if claims.get("aud") != audience:
        raise NotGenuine("The token is for somebody else.")
    begin, end = _moment(claims, "iat"), _moment(claims, "exp")
    if not begin - _SKEW <= now.timestamp() < end + _SKEW:
        raise NotGenuine("The token is over, or of the future.")
    email, subject = claims.get("email"), claims.get("sub")
    if claims.get("email_verified") is not True or not isinstance(email, str) or "@" not in email:
        raise NotGenuine("Google is not sure of this address.")
    if not isinstance(subject, str) or not subject:
        raise NotGenuine("The token is about nobody.")
    return Identity(email, subject)


def _moment(claims: Mapping[str, Any], name: str) -> int:
    seconds = claims.get(name)
    if not isinstance(seconds, int) or isinstance(seconds, bool):
        raise NotGenuine("The token does not say when it holds.")
    return seconds


def _object(part: bytes) -> Mapping[str, Any]:
    found = json.loads(_decoded(part))
    if not isinstance(found, dict):
        raise ValueError("no object")
    return found


def _decoded(part: bytes) -> bytes:
    return base64.b64decode(part + b"=" * (-len(part) % 4), altchars=b"-_", validate=True)
