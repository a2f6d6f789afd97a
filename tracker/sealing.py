"""Secrets that leave our hands, in rows and in addresses: encrypted, and bound to the purpose they were written for."""

import base64
import os
from collections.abc import Sequence
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE = 12
_NAME = 8
_MARK = "v1"


class Sealer:
    """Seals with the first of the operator's keys and opens with any of them.

    Each key is 32 bytes, or their URL-safe base64.
    """

    def __init__(self, keys: Sequence[bytes | str]) -> None:
        raw = [base64.urlsafe_b64decode(key) if isinstance(key, str) else key for key in keys]
        if not raw or any(len(key) != 32 for key in raw):
            raise ValueError("expected at least one encryption key, each of 32 bytes")
        self._first = _name(raw[0])
        self._boxes = {_name(key): AESGCM(key) for key in raw}

    @property
    def mark(self) -> str:
        """How everything begins that the first key sealed."""
        return f"{_MARK}.{self._first}."

    def seal(self, secret: str, about: str) -> str:
        """The secret as a text that opens only with one of our keys and the same `about`."""
        nonce = os.urandom(_NONCE)
        sealed = nonce + self._boxes[self._first].encrypt(nonce, secret.encode(), about.encode())
        return f"{self.mark}{base64.urlsafe_b64encode(sealed).decode()}"

    def open(self, sealed: str, about: str) -> str | None:
        """The secret; None when it was sealed with another key, for something else, or changed since."""
        try:
            mark, name, text = sealed.split(".")
            raw = base64.urlsafe_b64decode(text)
            box = self._boxes[name] if mark == _MARK else None
            return box.decrypt(raw[:_NONCE], raw[_NONCE:], about.encode()).decode() if box else None
        except (ValueError, KeyError, InvalidTag):
            return None

    def seal_bytes(self, data: bytes, about: str) -> bytes:
        """The same for data, without making a text of it: a key's name, a nonce, and what is encrypted."""
        nonce = os.urandom(_NONCE)
        return self._first.encode() + nonce + self._boxes[self._first].encrypt(nonce, data, about.encode())

    def open_bytes(self, sealed: bytes, about: str) -> bytes | None:
        """The data; None when it was sealed with another key, for something else, or changed since."""
        name, nonce, rest = sealed[:_NAME], sealed[_NAME : _NAME + _NONCE], sealed[_NAME + _NONCE :]
        try:
            return self._boxes[name.decode()].decrypt(nonce, rest, about.encode())
        except (ValueError, KeyError, InvalidTag):
            return None


def _name(key: bytes) -> str:
    """A key's public name: it tells which key opens a text, and nothing of the key."""
    return sha256(b"twotick encryption key\0" + key).hexdigest()[:_NAME]
