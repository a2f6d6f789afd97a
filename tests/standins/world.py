"""The stand-ins that are needed: both, or only the one whose service nobody set up."""

import secrets
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dotenv import dotenv_values

from tests.standins.gmail import GmailStandin
from tests.standins.keeping import Keepable
from tests.standins.slack import SlackStandin
from tracker.settings import Settings, WrongSetting

DEFAULT_PORT = 8025


class KeptSlack(SlackStandin):
    """A Slack with lasting secrets of its own: with known ones, whoever reaches our web could speak as it."""

    def __init__(self, on_change: Callable[[], None]) -> None:
        super().__init__(on_change=on_change, rate_limits=True)
        self.bot_token = f"xoxb-standin-{secrets.token_hex(16)}"
        self.signing_secret = secrets.token_hex(16)

    def snapshot(self) -> dict[str, Any]:
        own = {"bot_token": self.bot_token, "signing_secret": self.signing_secret}
        return {**super().snapshot(), **own}

    def restore(self, kept: dict[str, Any]) -> None:
        super().restore(kept)
        self.bot_token, self.signing_secret = kept["bot_token"], kept["signing_secret"]


@dataclass(frozen=True, slots=True)
class World:
    """Our Gmail and our Slack; None where the real one is used."""

    gmail: GmailStandin | None
    slack: KeptSlack | None

    @classmethod
    def of(cls, names: Collection[str], on_change: Callable[[], None]) -> "World":
        return cls(
            gmail=GmailStandin(on_change=on_change) if "gmail" in names else None,
            slack=KeptSlack(on_change) if "slack" in names else None,
        )

    @property
    def parts(self) -> dict[str, Keepable]:
        both = {"gmail": self.gmail, "slack": self.slack}
        return {name: part for name, part in both.items() if part is not None}


def standins_port(given: Mapping[str, str]) -> int:
    """STANDINS_PORT, 8025 when nobody set it. Raises WrongSetting."""
    text = given.get("STANDINS_PORT", "").strip() or str(DEFAULT_PORT)
    if not (text.isascii() and text.isdigit() and int(text) < 65536):
        raise WrongSetting(f"STANDINS_PORT: expected a port number, not {text!r}")
    return int(text)


def own_web(settings: Settings) -> str:
    """Where our web process is reached from this computer."""
    host = "127.0.0.1" if settings.host in ("", "0.0.0.0", "::") else settings.host
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.port}"


def given_settings(environ: Mapping[str, str], folder: Path) -> dict[str, str]:
    """What the operator set: the environment over `.env`, without anything that the stand-ins offer."""
    own = {name: value or "" for name, value in dotenv_values(folder / ".env").items()}
    return {**own, **environ}
