"""Which services the operator has set up, and what the stand-ins offer in place of the others."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from tests.standins.keeping import replace_private
from tracker.settings import Settings, WrongSetting

_WHAT_THIS_IS = "# Written by make run while it runs, for what has no credentials; removed when it ends.\n"
SETTLE_SECONDS = "5"  # while trying things out, twenty seconds of waiting for a scanner's second fetch are long
GMAIL_POLL_SECONDS = "2"  # and so is half a minute for a reply; nobody counts the calls


@dataclass(frozen=True, slots=True)
class Group:
    """The settings that make one service real: all that are required, or none of the whole group."""

    service: str
    required: tuple[str, ...]
    optional: tuple[str, ...]


SLACK = Group(
    "Slack",
    ("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"),
    ("SLACK_API_URL", "SLACK_APP_TOKEN", "SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET"),
)
GOOGLE = Group(
    "Gmail",
    ("GOOGLE_CLIENT_ID", "GOOGLE_CLIENT_SECRET"),
    ("GOOGLE_API_URL", "GOOGLE_TOKEN_URL", "GOOGLE_AUTH_URL", "GOOGLE_CERTS_URL"),
)


class SlackCredentials(Protocol):
    bot_token: str
    signing_secret: str


class GoogleCredentials(Protocol):
    @property
    def client_id(self) -> str: ...

    @property
    def client_secret(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Missing:
    """The services that need a stand-in."""

    gmail: bool
    slack: bool

    def __bool__(self) -> bool:
        return self.gmail or self.slack

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name for name, missing in (("gmail", self.gmail), ("slack", self.slack)) if missing)


def missing_services(settings: Settings, given: Mapping[str, str]) -> Missing:
    """Which services nobody set up. A half-set one is an error: a stand-in must not mix with a real account."""
    return Missing(
        gmail=_missing(GOOGLE, settings.google_ready, given), slack=_missing(SLACK, settings.slack_ready, given)
    )


def _missing(group: Group, ready: bool, given: Mapping[str, str]) -> bool:
    present = [name for name in (*group.required, *group.optional) if given.get(name, "").strip()]
    absent = [name for name in group.required if name not in present]
    if not ready and present:
        raise WrongSetting(
            f"{', '.join(absent)}: not set, while {', '.join(present)} is."
            f" Set {' and '.join(group.required)} to use your {group.service}, or none of them to use the stand-in"
        )
    return not ready


def offered(url: str, gmail: GoogleCredentials | None, slack: SlackCredentials | None) -> dict[str, str]:
    """The settings that lead the product to the stand-ins there are, and to nothing else."""
    values: dict[str, str] = {}
    if slack:
        values |= {"SLACK_BOT_TOKEN": slack.bot_token, "SLACK_SIGNING_SECRET": slack.signing_secret}
        values |= {"SLACK_API_URL": f"{url}api/"}
    if gmail:
        values |= {"GOOGLE_CLIENT_ID": gmail.client_id, "GOOGLE_CLIENT_SECRET": gmail.client_secret}
        values |= {"GOOGLE_API_URL": url, "GOOGLE_TOKEN_URL": f"{url}token"}
        values |= {"GOOGLE_AUTH_URL": f"{url}o/oauth2/v2/auth", "GOOGLE_CERTS_URL": f"{url}oauth2/v1/certs"}
        # The stand-in's mail clients say which network they stand for, as a reverse proxy would.
        values |= {"TRUSTED_PROXIES": "127.0.0.0/8,::1/128", "GMAIL_POLL_SECONDS": GMAIL_POLL_SECONDS}
    return values and {**values, "SETTLE_SECONDS": SETTLE_SECONDS}


@contextmanager
def offering(path: Path, values: Mapping[str, str]) -> Iterator[None]:
    """Let the product find these settings for as long as the block runs."""
    if values:
        lines = (f"{name}={value}\n" for name, value in values.items())
        replace_private(path, "".join((_WHAT_THIS_IS, *lines)))
    try:
        yield
    finally:
        path.unlink(missing_ok=True)
