"""Private keys out of PEM text: whether they can be read and are of the kind that Google gives."""

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key


def fault_in(pem: str) -> str:
    """What is wrong with the key, as the end of a sentence; empty for an RSA key."""
    try:
        key = load_pem_private_key(pem.encode(), None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return "cannot be read"
    return "" if isinstance(key, RSAPrivateKey) else "is no RSA key"
