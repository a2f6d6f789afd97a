"""The environment, read once: every setting, its default, and what is wrong with a wrong one."""

import base64
import binascii
import fcntl
import ipaddress
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from dotenv import dotenv_values
from dotenv.parser import parse_stream

IpNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network


class WrongSetting(Exception):
    """A setting that we cannot start with; the text names the variable and what was expected."""


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


@dataclass(frozen=True, slots=True)
class Settings:
    """What the operator decided. Secrets do not print."""

    data_dir: Path
    database_url: str = field(repr=False)
    host: str
    port: int
    public_url: str
    secret_keys: tuple[Secret, ...]
    encryption_keys: tuple[Secret, ...]
    trusted_proxies: tuple[IpNetwork, ...]
    slack_bot_token: Secret
    slack_signing_secret: Secret
    slack_api_url: str
    google_client_id: str
    google_client_secret: Secret
    google_api_url: str
    google_token_url: str
    google_auth_url: str
    google_certs_url: str
    addon_service_account: str
    addon_client_id: str
    settle_seconds: float
    gmail_poll_seconds: float
    raw_hit_hours: float
    retention_days: float
    geoip_db: Path | None
    log_format: str

    @property
    def slack_ready(self) -> bool:
        return bool(self.slack_bot_token and self.slack_signing_secret)

    @property
    def google_ready(self) -> bool:
        return bool(self.google_client_id and self.google_client_secret)

    @property
    def addon_ready(self) -> bool:
        return bool(self.addon_service_account and self.addon_client_id)


def load_settings(environ: Mapping[str, str] | None = None, folder: Path | None = None) -> Settings:
    """Read the settings: the environment wins over `.env`, and that over what the running stand-ins offer.

    Keys that nobody set are made once and kept in the data folder, readable by
    its owner only. Raises WrongSetting.
    """
    values = _layered(dict(os.environ if environ is None else environ), folder or Path.cwd())
    read = _Reader(values)
    data_dir = _data_dir(values, folder or Path.cwd())
    settings = Settings(
        data_dir=data_dir,
        database_url=read("DATABASE_URL", _database_url, f"sqlite://{data_dir / 'twotick.sqlite3'}"),
        host=read("HOST", str, "127.0.0.1"),
        port=read("PORT", _port, "8080"),
        public_url=read("PUBLIC_URL", _web_url, f"http://localhost:{values.get('PORT') or 8080}"),
        secret_keys=read("SECRET_KEY", _secret_keys, "") or _kept_key(data_dir / "secret.key", _secret_keys),
        encryption_keys=read("ENCRYPTION_KEYS", _encryption_keys, "")
        or _kept_key(data_dir / "encryption.key", _encryption_keys),
        trusted_proxies=read("TRUSTED_PROXIES", _networks, ""),
        slack_bot_token=read("SLACK_BOT_TOKEN", _prefixed("xoxb-", "the bot token, which starts with xoxb-"), ""),
        slack_signing_secret=read("SLACK_SIGNING_SECRET", Secret, ""),
        slack_api_url=read("SLACK_API_URL", _web_url, "https://slack.com/api/"),
        google_client_id=read("GOOGLE_CLIENT_ID", str, ""),
        google_client_secret=read("GOOGLE_CLIENT_SECRET", Secret, ""),
        google_api_url=read("GOOGLE_API_URL", _web_url, "https://gmail.googleapis.com/"),
        google_token_url=read("GOOGLE_TOKEN_URL", _web_url, "https://oauth2.googleapis.com/token"),
        google_auth_url=read("GOOGLE_AUTH_URL", _web_url, "https://accounts.google.com/o/oauth2/v2/auth"),
        google_certs_url=read("GOOGLE_CERTS_URL", _web_url, "https://www.googleapis.com/oauth2/v1/certs"),
        addon_service_account=read("ADDON_SERVICE_ACCOUNT", _mail_address, ""),
        addon_client_id=read("ADDON_CLIENT_ID", str, ""),
        settle_seconds=read("SETTLE_SECONDS", _at_least(0.0), "20"),
        gmail_poll_seconds=read("GMAIL_POLL_SECONDS", _at_least(0.1), "30"),
        raw_hit_hours=read("RAW_HIT_HOURS", _at_least(0.0), "72"),
        retention_days=read("RETENTION_DAYS", _at_least(1.0), "180"),
        geoip_db=read("GEOIP_DB", _file_in(folder or Path.cwd()), ""),
        log_format=read("LOG_FORMAT", _one_of("auto", "json", "lines"), "auto"),
    )
    _refuse_half(values, "ADDON_SERVICE_ACCOUNT", "ADDON_CLIENT_ID")
    return settings


def _refuse_half(values: Mapping[str, str], *names: str) -> None:
    """Raises WrongSetting when only some are set: half an add-on would believe whoever holds a token of Google's."""
    missing = [name for name in names if not values.get(name, "").strip()]
    if missing and len(missing) < len(names):
        raise WrongSetting(f"{missing[0]}: expected, as the other half of the add-on is set; docs/addon.md tells both")


Parsed = TypeVar("Parsed")


class _Reader:
    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values

    def __call__(self, name: str, parse: Callable[[str], Parsed], default: str) -> Parsed:
        text = self._values.get(name, "").strip() or default
        try:
            return parse(text)
        except ValueError as wrong:
            raise WrongSetting(f"{name}: {wrong}") from None


def _layered(environ: Mapping[str, str], folder: Path) -> dict[str, str]:
    own = _file(folder / ".env")
    values = {**own, **environ}
    standins = _file(_data_dir(values, folder) / "standins.env")
    return {**standins, **{name: value for name, value in values.items() if value.strip() or name not in standins}}


def _file(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise WrongSetting(f"{path}: expected a text file in UTF-8 with NAME=value lines") from None
    except OSError as refused:
        raise WrongSetting(
            f"{path}: cannot be read ({refused.strerror}); give this user the right to read it"
        ) from None
    for line in parse_stream(StringIO(text)):
        if line.error or (line.key and line.value is None):
            raise WrongSetting(f"{path}: line {line.original.line}: expected NAME=value, with its quotes closed")
    return {name: value or "" for name, value in dotenv_values(stream=StringIO(text)).items()}


def _data_dir(values: Mapping[str, str], folder: Path) -> Path:
    return (folder / (values.get("DATA_DIR", "").strip() or "data")).resolve()


def _kept_key(path: Path, parse: Callable[[str], tuple[Secret, ...]]) -> tuple[Secret, ...]:
    """The key kept in the data folder, made at the first start."""
    try:
        return parse(_read_or_made(path))
    except OSError as refused:
        raise WrongSetting(
            f"DATA_DIR: cannot keep a key in {path} ({refused.strerror}); expected a folder and a file that we may"
            " write, or set SECRET_KEY and ENCRYPTION_KEYS yourself"
        ) from None
    except ValueError:
        raise WrongSetting(
            f"{path}: expected the key that was made at the first start; bring it back from a backup,"
            " or remove the file to have a new one made"
        ) from None


def _read_or_made(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and (kept := path.read_text().strip()):
        return kept
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+") as file:
        # Two processes that start together must end up with the same key, and a crash here must not leave an empty one.
        fcntl.flock(file, fcntl.LOCK_EX)
        if kept := file.read().strip():
            return kept
        made = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
        file.write(made)
        file.flush()
        os.fsync(file.fileno())
        return made


def _database_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme == "sqlite" and (parts.netloc or parts.path):
        return text
    if parts.scheme in ("postgres", "postgresql") and parts.hostname:
        return text
    raise ValueError("expected sqlite:///path/to/file.sqlite3 or postgres://user:password@host:5432/name")


def _file_in(folder: Path) -> Callable[[str], Path | None]:
    def parse(text: str) -> Path | None:
        return (folder / text).expanduser().resolve() if text else None

    return parse


def _port(text: str) -> int:
    if text.isascii() and text.isdigit() and 0 < int(text) < 65536:
        return int(text)
    raise ValueError(f"expected a port number from 1 to 65535, not {text!r}")


def _web_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"expected an address such as https://track.example.com, not {text!r}")
    if parts.query or parts.fragment:
        raise ValueError(f"expected an address without ? and #, not {text!r}")
    return text


def _mail_address(text: str) -> str:
    name, at, domain = text.partition("@")
    if text and not (name and at and "." in domain and text.isascii() and not set(text) & set(" ,;<>")):
        raise ValueError(f"expected an address such as NAME@PROJECT.iam.gserviceaccount.com, not {text!r}")
    return text


def _secret_keys(text: str) -> tuple[Secret, ...]:
    keys = tuple(Secret(key.strip()) for key in text.split(",") if key.strip())
    if any(len(key.reveal()) < 16 for key in keys):
        raise ValueError("expected keys of at least 16 characters, separated by commas")
    return keys


def _encryption_keys(text: str) -> tuple[Secret, ...]:
    keys = tuple(Secret(key.strip()) for key in text.split(",") if key.strip())
    for key in keys:
        try:
            good = len(base64.urlsafe_b64decode(key.reveal())) == 32
        except (binascii.Error, ValueError):
            good = False
        if not good:
            raise ValueError("expected keys of 32 bytes in URL-safe base64 (44 characters), separated by commas")
    return keys


def _networks(text: str) -> tuple[IpNetwork, ...]:
    try:
        return tuple(ipaddress.ip_network(part.strip()) for part in text.split(",") if part.strip())
    except ValueError as wrong:
        raise ValueError(f"expected networks such as 10.0.0.0/8, separated by commas ({wrong})") from None


def _prefixed(prefix: str, expected: str) -> Callable[[str], Secret]:
    def parse(text: str) -> Secret:
        if text and not text.startswith(prefix):
            raise ValueError(f"expected {expected}")
        return Secret(text)

    return parse


def _one_of(*choices: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text not in choices:
            raise ValueError(f"expected one of {', '.join(choices)}, not {text!r}")
        return text

    return parse


def _at_least(least: float) -> Callable[[str], float]:
    def parse(text: str) -> float:
        try:
            number = float(text)
        except ValueError:
            number = float("nan")
        if not least <= number < float("inf"):
            raise ValueError(f"expected a number of at least {least:g}, not {text!r}")
        return number

    return parse
