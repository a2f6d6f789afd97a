"""Google's tokens, verified with a key of our own."""

import asyncio

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google.auth import exceptions, jwt

from tracker.ports import Identity, NotGenuine


class LocalIdentities:
    """Believes what is signed with this key; nothing else of a real verifier's strictness is left out."""

    def __init__(self, key: rsa.RSAPublicKey) -> None:
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        self._pem = key.public_bytes(serialization.Encoding.PEM, form).decode()

    async def verify(self, token: str, audience: str) -> Identity:
        try:
            claims = jwt.decode(token, certs={"local": self._pem}, audience=audience)
        except (ValueError, exceptions.GoogleAuthError) as wrong:
            raise NotGenuine(str(wrong)) from None
        if claims.get("email_verified") is not True or not claims.get("email"):
            raise NotGenuine("no verified address")
        return Identity(claims["email"], claims["sub"])


class SleepingIdentities:
    """Google's keys cannot be had: no answer ever comes."""

    async def verify(self, token: str, audience: str) -> Identity:
        await asyncio.Event().wait()
        raise AssertionError
