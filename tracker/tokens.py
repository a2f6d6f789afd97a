"""Tokens: the signed names of copies, of links and documents in them, and of invitations, in URLs."""

import base64
import binascii
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

_ID_BYTES = 8
_MAC_BYTES = 10  # 80 bits: a guess succeeds once in 10^24 tries, and the token stays at 24 characters
_MAX_TOKEN = 4096


@dataclass(frozen=True, slots=True)
class TrackedLink:
    """What a link's token says: whose copy it stands in, and the address it leads to."""

    copy_id: str
    address: str


@dataclass(frozen=True, slots=True)
class TrackedDocument:
    """What a document's token says: whose copy its link stands in, and which document it is."""

    copy_id: str
    document_id: str


class Tokens:
    """Signs and reads tokens with the operator's keys: the first signs, all verify.

    A token carries its own proof, so that a forged one costs no look-up and a
    link still leads to its address while the database is away.
    """

    def __init__(self, secret_keys: Sequence[str]) -> None:
        if not secret_keys:
            raise ValueError("at least one secret key is needed to sign tokens")
        keys = (sha256(b"twotick tokens\0" + key.encode()).digest() for key in secret_keys)
        # Begun once and copied for each token: half the cost of beginning anew.
        self._macs = [hmac.new(key, digestmod="sha256") for key in keys]

    def pixel(self, copy_id: str) -> str:
        """The token of a copy's pixel: 24 characters."""
        name = bytes.fromhex(copy_id)
        return _text(name + self._mac(b"o", name))

    def link(self, copy_id: str, address: str) -> str:
        """The token of a tracked link, the address signed into it."""
        name = bytes.fromhex(copy_id)
        target = address.encode()
        return _text(name + self._mac(b"c", name + target) + target)

    def document(self, copy_id: str, document_id: str) -> str:
        """The token of a document in a copy: 35 characters."""
        names = bytes.fromhex(copy_id) + bytes.fromhex(document_id)
        return _text(names + self._mac(b"d", names))

    def read_document(self, token: str) -> TrackedDocument | None:
        """What a document's token says; None for a token that we did not sign."""
        raw = _raw(token) or b""
        names, mac = raw[: 2 * _ID_BYTES], raw[2 * _ID_BYTES :]
        if len(raw) != 2 * _ID_BYTES + _MAC_BYTES or not self._ours(b"d", names, mac):
            return None
        return TrackedDocument(names[:_ID_BYTES].hex(), names[_ID_BYTES:].hex())

    def invitation(self, words: str) -> str:
        """The token of an invitation to connect a mailbox; whom and until when is in its words."""
        said = words.encode()
        return _text(self._mac(b"i", said) + said)

    def read_invitation(self, token: str) -> str | None:
        """The words of an invitation; None for a token that we did not sign."""
        raw = _raw(token) or b""
        mac, said = raw[:_MAC_BYTES], raw[_MAC_BYTES:]
        return said.decode() if self._ours(b"i", said, mac) else None

    def read_pixel(self, token: str) -> str | None:
        """The copy a pixel's token names; None for a token that we did not sign."""
        raw = _raw(token)
        if raw is None or len(raw) != _ID_BYTES + _MAC_BYTES:
            return None
        name = raw[:_ID_BYTES]
        return name.hex() if self._ours(b"o", name, raw[_ID_BYTES:]) else None

    def read_link(self, token: str) -> TrackedLink | None:
        """What a link's token says; None for a token that we did not sign."""
        raw = _raw(token)
        if raw is None or len(raw) <= _ID_BYTES + _MAC_BYTES:
            return None
        name, mac, target = raw[:_ID_BYTES], raw[_ID_BYTES : _ID_BYTES + _MAC_BYTES], raw[_ID_BYTES + _MAC_BYTES :]
        if not self._ours(b"c", name + target, mac):
            return None
        return TrackedLink(name.hex(), target.decode())

    def _ours(self, purpose: bytes, signed: bytes, mac: bytes) -> bool:
        said = purpose + signed
        for begun in self._macs:  # noqa: SIM110 - a generator would cost as much as the rest of the check
            if hmac.compare_digest(_digest(begun, said), mac):
                return True
        return False

    def _mac(self, purpose: bytes, signed: bytes) -> bytes:
        return _digest(self._macs[0], purpose + signed)


def _digest(begun: hmac.HMAC, signed: bytes) -> bytes:
    mac = begun.copy()
    mac.update(signed)
    return mac.digest()[:_MAC_BYTES]


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _raw(token: str) -> bytes | None:
    if len(token) > _MAX_TOKEN:
        return None
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except (ValueError, binascii.Error):
        return None
    # Base64 has several spellings of the same bytes; only the one we wrote is ours.
    return raw if _text(raw) == token else None
