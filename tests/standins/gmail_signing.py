"""The key of the Gmail stand-in: what it signs is believed by whoever takes its certificates for Google's."""

import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.x509.oid import NameOID
from google.auth import jwt
from google.auth.crypt import RSASigner

ISSUER = "https://accounts.google.com"
TOKEN_LIFE = timedelta(hours=1)
CERTIFICATES_LAST = 19_000  # seconds, as Google says in Cache-Control, give or take


@dataclass(frozen=True)
class SigningKey:
    """An RSA key with the certificate that is shown for it."""

    pem: str

    @property
    def id(self) -> str:
        return hashlib.sha256(self.pem.encode()).hexdigest()[:40]

    @property
    def certificate(self) -> str:
        return _certificate(self.pem)

    def signed(self, claims: Mapping[str, Any]) -> str:
        return str(jwt.encode(_signer(self.pem, self.id), claims).decode())


def claims_for(audience: str, email: str, now: datetime, **others: Any) -> dict[str, Any]:
    """What Google says about somebody to one audience, for an hour. A claim given as None is left out."""
    said = {
        "iss": ISSUER,
        "aud": audience,
        "azp": audience,
        "sub": subject_of(str(email)),
        "email": email,
        "email_verified": True,
        "iat": int(now.timestamp()),
        "exp": int((now + TOKEN_LIFE).timestamp()),
        **others,
    }
    return {name: value for name, value in said.items() if value is not None}


def subject_of(email: str) -> str:
    """Google's lasting number for an account."""
    return str(10**20 + int(hashlib.sha256(email.lower().encode()).hexdigest()[:16], 16))


def new_key() -> SigningKey:
    key = generate_private_key(public_exponent=65537, key_size=2048)
    form, form_8 = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    return SigningKey(key.private_bytes(form, form_8, serialization.NoEncryption()).decode())


@cache
def house_key() -> SigningKey:
    """This process's key: making one takes a tenth of a second, and every stand-in of a test run would."""
    return new_key()


@cache
def foreign_key() -> SigningKey:
    """A key of somebody who is not Google."""
    return new_key()


@cache
def _signer(pem: str, key_id: str) -> RSASigner:
    return RSASigner.from_string(pem, key_id)


@cache
def _certificate(pem: str) -> str:
    key = serialization.load_pem_private_key(pem.encode(), None)
    assert isinstance(key, RSAPrivateKey)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "federated-signon.stand-in.example")])
    now = datetime.fromtimestamp(time.time(), UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=14))
        .sign(key, hashes.SHA256())
    )
    return built.public_bytes(serialization.Encoding.PEM).decode()
