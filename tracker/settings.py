"""The environment, read once: every setting, its default, and what is wrong with a wrong one."""

import base64
import fcntl
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import TypeVar

from dotenv import dotenv_values
from dotenv.parser import parse_stream

from tracker.service_account import ServiceAccount, service_account_in
from tracker.setting_values import (
    IpNetwork,
    Secret,
    at_least,
    between,
    database_url,
    encryption_keys,
    file_in,
    listening,
    mail_address,
    mail_domains,
    nats_servers,
    networks,
    one_of,
    port,
    prefixed,
    pubsub_topic,
    reading_token,
    secret_keys,
    slack_members,
    web_url,
)


class WrongSetting(Exception):
    """A setting that we cannot start with; the text names the variable and what was expected."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the operator decided. Secrets do not print."""

    data_dir: Path
    database_url: str = field(repr=False)
    nats_url: Secret
    host: str
    port: int
    public_url: str
    secret_keys: tuple[Secret, ...]
    encryption_keys: tuple[Secret, ...]
    trusted_proxies: tuple[IpNetwork, ...]
    slack_bot_token: Secret
    slack_signing_secret: Secret
    slack_app_token: Secret
    slack_client_id: str
    slack_client_secret: Secret
    slack_api_url: str
    admin_slack_users: tuple[str, ...]
    google_client_id: str
    google_client_secret: Secret
    google_api_url: str
    google_token_url: str
    google_auth_url: str
    google_certs_url: str
    google_service_account: ServiceAccount | None
    connect_domains: tuple[str, ...]
    addon_service_account: str
    addon_client_id: str
    settle_seconds: float
    gmail_poll_seconds: float
    gmail_push_topic: str
    gmail_push_account: str
    draft_quiet_seconds: float
    raw_hit_hours: float
    retention_days: float
    document_max_mb: float
    document_days: float
    geoip_db: Path | None
    log_format: str
    metrics_token: Secret
    worker_metrics_port: tuple[str, int] | None

    @property
    def slack_ready(self) -> bool:
        """Whether we can speak in Slack, and hear it by either way."""
        speaks = self.slack_bot_token or self.many_workspaces
        return bool(speaks and (self.slack_signing_secret or self.slack_app_token))

    @property
    def many_workspaces(self) -> bool:
        return bool(self.slack_client_id and self.slack_client_secret)

    @property
    def google_ready(self) -> bool:
        return bool(self.google_client_id and self.google_client_secret)

    @property
    def gmail_ready(self) -> bool:
        """Whether any mailbox can be used: its owner's consent, or the operator's service account, leads there."""
        return self.google_ready or self.google_service_account is not None

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
        database_url=read("DATABASE_URL", database_url, f"sqlite://{data_dir / 'twotick.sqlite3'}"),
        nats_url=read("NATS_URL", nats_servers, ""),
        host=read("HOST", str, "127.0.0.1"),
        port=read("PORT", port, "8080"),
        public_url=read("PUBLIC_URL", web_url, f"http://localhost:{values.get('PORT') or 8080}"),
        secret_keys=read("SECRET_KEY", secret_keys, "") or _kept_key(data_dir / "secret.key", secret_keys),
        encryption_keys=read("ENCRYPTION_KEYS", encryption_keys, "")
        or _kept_key(data_dir / "encryption.key", encryption_keys),
        trusted_proxies=read("TRUSTED_PROXIES", networks, ""),
        slack_bot_token=read("SLACK_BOT_TOKEN", prefixed("xoxb-", "the bot token, which starts with xoxb-"), ""),
        slack_signing_secret=read("SLACK_SIGNING_SECRET", Secret, ""),
        slack_app_token=read("SLACK_APP_TOKEN", prefixed("xapp-", "the app-level token, which starts with xapp-"), ""),
        slack_client_id=read("SLACK_CLIENT_ID", str, ""),
        slack_client_secret=read("SLACK_CLIENT_SECRET", Secret, ""),
        slack_api_url=read("SLACK_API_URL", web_url, "https://slack.com/api/"),
        admin_slack_users=read("ADMIN_SLACK_USERS", slack_members, ""),
        google_client_id=read("GOOGLE_CLIENT_ID", str, ""),
        google_client_secret=read("GOOGLE_CLIENT_SECRET", Secret, ""),
        google_api_url=read("GOOGLE_API_URL", web_url, "https://gmail.googleapis.com/"),
        google_token_url=read("GOOGLE_TOKEN_URL", web_url, "https://oauth2.googleapis.com/token"),
        google_auth_url=read("GOOGLE_AUTH_URL", web_url, "https://accounts.google.com/o/oauth2/v2/auth"),
        google_certs_url=read("GOOGLE_CERTS_URL", web_url, "https://www.googleapis.com/oauth2/v1/certs"),
        google_service_account=read("GOOGLE_SERVICE_ACCOUNT_FILE", service_account_in(folder or Path.cwd()), ""),
        connect_domains=read("CONNECT_DOMAINS", mail_domains, ""),
        addon_service_account=read("ADDON_SERVICE_ACCOUNT", mail_address, ""),
        addon_client_id=read("ADDON_CLIENT_ID", str, ""),
        settle_seconds=read("SETTLE_SECONDS", at_least(0.0), "20"),
        gmail_poll_seconds=read("GMAIL_POLL_SECONDS", at_least(0.1), "30"),
        gmail_push_topic=read("GMAIL_PUSH_TOPIC", pubsub_topic, ""),
        gmail_push_account=read("GMAIL_PUSH_ACCOUNT", mail_address, ""),
        draft_quiet_seconds=read("DRAFT_QUIET_SECONDS", at_least(0.0), "60"),
        raw_hit_hours=read("RAW_HIT_HOURS", at_least(0.0), "72"),
        retention_days=read("RETENTION_DAYS", at_least(1.0), "180"),
        document_max_mb=read("DOCUMENT_MAX_MB", between(0.001, 100.0), "25"),
        document_days=_document_days(read),
        geoip_db=read("GEOIP_DB", file_in(folder or Path.cwd()), ""),
        log_format=read("LOG_FORMAT", one_of("auto", "json", "lines"), "auto"),
        metrics_token=read("METRICS_TOKEN", reading_token, ""),
        worker_metrics_port=read("WORKER_METRICS_PORT", listening, ""),
    )
    _refuse_half(values, "the add-on", "docs/addon.md", "ADDON_SERVICE_ACCOUNT", "ADDON_CLIENT_ID")
    _refuse_half(values, "push", "docs/push.md", "GMAIL_PUSH_TOPIC", "GMAIL_PUSH_ACCOUNT")
    _refuse_mixed(settings)
    if settings.nats_url and settings.database_url.startswith("sqlite"):
        raise WrongSetting("DATABASE_URL: expected postgres://…, as NATS_URL is set: many recorders write at once")
    return settings


def _refuse_mixed(settings: Settings) -> None:
    """Raises WrongSetting when it is not clear whose Slack it is: one workspace's by its token, or everybody's."""
    if bool(settings.slack_client_id) != bool(settings.slack_client_secret):
        missing = "SLACK_CLIENT_SECRET" if settings.slack_client_id else "SLACK_CLIENT_ID"
        raise WrongSetting(f"{missing}: expected, as its other half is set; both stand under Basic Information")
    if settings.many_workspaces and settings.slack_bot_token:
        raise WrongSetting(
            "SLACK_BOT_TOKEN: expected none beside SLACK_CLIENT_ID, as each workspace then brings its own token"
            " by PUBLIC_URL/slack/install; remove one of the two"
        )


def _refuse_half(values: Mapping[str, str], what: str, page: str, *names: str) -> None:
    """Raises WrongSetting when only some are set: half of it would believe whoever holds a token of Google's."""
    missing = [name for name in names if not values.get(name, "").strip()]
    if missing and len(missing) < len(names):
        raise WrongSetting(f"{missing[0]}: expected, as the other half of {what} is set; {page} tells both")


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


def _document_days(read: _Reader) -> float:
    """How long documents are kept: never longer than the message that they belong to."""
    most = read("RETENTION_DAYS", at_least(1.0), "180")
    return read("DOCUMENT_DAYS", between(1.0, most), f"{min(30.0, most):g}")


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
