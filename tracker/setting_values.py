"""How a setting's text becomes a value. A ValueError says what was expected."""

import base64
import binascii
import ipaddress
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

IpNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, slots=True)
class Secret:
    """A string that shows as dots wherever it is printed by accident."""

    _value: str

    def reveal(self) -> str:
        return self._value

    def __bool__(self) -> bool:
        return bool(self._value)

    def __str__(self) -> str:
        return "•••" if self._value else ""

    __repr__ = __str__


def database_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme == "sqlite" and (parts.netloc or parts.path):
        return text
    if parts.scheme in ("postgres", "postgresql") and parts.hostname:
        return text
    raise ValueError("expected sqlite:///path/to/file.sqlite3 or postgres://user:password@host:5432/name")


def nats_servers(text: str) -> Secret:
    """Servers of one cluster, separated by commas; secret, as a password may be in it."""
    servers = [urlsplit(part.strip()) for part in text.split(",") if part.strip()]
    if not all(server.scheme in ("nats", "tls") and server.hostname for server in servers):
        raise ValueError("expected nats://user:password@host:4222, several separated by commas")
    return Secret(",".join(server.geturl() for server in servers))


def file_in(folder: Path) -> Callable[[str], Path | None]:
    def parse(text: str) -> Path | None:
        return (folder / text).expanduser().resolve() if text else None

    return parse


def port(text: str) -> int:
    if text.isascii() and text.isdigit() and 0 < int(text) < 65536:
        return int(text)
    raise ValueError(f"expected a port number from 1 to 65535, not {text!r}")


def listening(text: str) -> tuple[str, int] | None:
    """A port on 127.0.0.1, or on the address before it; none where nothing is said."""
    if not text:
        return None
    host, _, number = text.rpartition(":")
    try:
        return host.strip("[]") or "127.0.0.1", port(number)
    except ValueError:
        raise ValueError(f"expected a port, or HOST:PORT such as 0.0.0.0:9100, not {text!r}") from None


def reading_token(text: str) -> Secret:
    if text and not (len(text) >= 16 and text.isascii() and text.isprintable() and " " not in text):
        raise ValueError("expected at least 16 letters and digits that nobody can guess (openssl rand -hex 24)")
    return Secret(text)


def web_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"expected an address such as https://track.example.com, not {text!r}")
    if parts.query or parts.fragment:
        raise ValueError(f"expected an address without ? and #, not {text!r}")
    return text


def mail_address(text: str) -> str:
    name, at, domain = text.partition("@")
    if text and not (name and at and "." in domain and text.isascii() and not set(text) & set(" ,;<>")):
        raise ValueError(f"expected an address such as NAME@PROJECT.iam.gserviceaccount.com, not {text!r}")
    return text


def mail_domains(text: str) -> tuple[str, ...]:
    domains = tuple(part.strip().lower().removeprefix("@") for part in text.split(",") if part.strip())
    for domain in domains:
        if not re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", domain):
            raise ValueError(f"expected mail domains such as example.com, separated by commas, not {domain!r}")
    return domains


def secret_keys(text: str) -> tuple[Secret, ...]:
    keys = tuple(Secret(key.strip()) for key in text.split(",") if key.strip())
    if any(len(key.reveal()) < 16 for key in keys):
        raise ValueError("expected keys of at least 16 characters, separated by commas")
    return keys


def encryption_keys(text: str) -> tuple[Secret, ...]:
    keys = tuple(Secret(key.strip()) for key in text.split(",") if key.strip())
    for key in keys:
        try:
            good = len(base64.urlsafe_b64decode(key.reveal())) == 32
        except (binascii.Error, ValueError):
            good = False
        if not good:
            raise ValueError("expected keys of 32 bytes in URL-safe base64 (44 characters), separated by commas")
    return keys


def networks(text: str) -> tuple[IpNetwork, ...]:
    try:
        return tuple(ipaddress.ip_network(part.strip()) for part in text.split(",") if part.strip())
    except ValueError as wrong:
        raise ValueError(f"expected networks such as 10.0.0.0/8, separated by commas ({wrong})") from None


def prefixed(prefix: str, expected: str) -> Callable[[str], Secret]:
    def parse(text: str) -> Secret:
        if text and not text.startswith(prefix):
            raise ValueError(f"expected {expected}")
        return Secret(text)

    return parse


def one_of(*choices: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text not in choices:
            raise ValueError(f"expected one of {', '.join(choices)}, not {text!r}")
        return text

    return parse


def at_least(least: float) -> Callable[[str], float]:
    def parse(text: str) -> float:
        try:
            number = float(text)
        except ValueError:
            number = float("nan")
        if not least <= number < float("inf"):
            raise ValueError(f"expected a number of at least {least:g}, not {text!r}")
        return number

    return parse


def pubsub_topic(text: str) -> str:
    """The full name of a Pub/Sub topic, as Google writes it; empty where there is none."""
    if text and not re.fullmatch(r"projects/[a-z][a-z0-9:.-]{2,60}[a-z0-9]/topics/[A-Za-z][\w.~+%-]{2,254}", text):
        raise ValueError(f"expected projects/PROJECT/topics/TOPIC, not {text!r}")
    return text


def between(least: float, most: float) -> Callable[[str], float]:
    def parse(text: str) -> float:
        try:
            number = float(text)
        except ValueError:
            number = float("nan")
        if not least <= number <= most:
            raise ValueError(f"expected a number from {least:g} to {most:g}, not {text!r}")
        return number

    return parse


def slack_members(text: str) -> tuple[str, ...]:
    """Member ids, separated by commas."""
    members = tuple(member.strip() for member in text.split(",") if member.strip())
    if any(not re.fullmatch(r"[UW][A-Z0-9]{2,30}", member) for member in members):
        raise ValueError("expected member ids such as U012AB3CD, separated by commas")
    return members
