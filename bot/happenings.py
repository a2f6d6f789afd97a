"""What Slack tells us unasked, and who is to be told of it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import structlog

from tracker.workspaces import InstallationBook

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Happening:
    """One event as Slack's Events API tells it; `user` is empty where nobody did it."""

    id: str
    kind: str
    team: str
    enterprise: str
    user: str
    org_wide: bool
    at: datetime
    event: Mapping[str, Any]


Told = Callable[[Happening], Awaitable[None]]


def happening_in(body: Mapping[str, Any]) -> Happening | None:
    """The event in a request's body; None for what is no event."""
    event = body.get("event")
    if body.get("type") != "event_callback" or not isinstance(event, dict):
        return None
    authorizations = body.get("authorizations") or [{}]
    return Happening(
        id=str(body.get("event_id") or ""),
        kind=str(event.get("type") or ""),
        team=str(body.get("team_id") or ""),
        enterprise=str(body.get("enterprise_id") or ""),
        user=str(event.get("user") or ""),
        org_wide=bool(authorizations[0].get("is_enterprise_install")),
        at=datetime.fromtimestamp(int(body.get("event_time") or 0), UTC),
        event=event,
    )


class Endings:
    """What is done when a workspace takes its leave back: its token is forgotten, its people's accounts stay."""

    def __init__(self, book: InstallationBook) -> None:
        self._book = book

    @property
    def table(self) -> Mapping[str, Told]:
        return {"app_uninstalled": self.uninstalled, "tokens_revoked": self.revoked}

    async def uninstalled(self, told: Happening) -> None:
        await self._forget(told, None)

    async def revoked(self, told: Happening) -> None:
        """Of the two lists the one of bots counts: tokens of users are never asked for."""
        tokens = told.event.get("tokens") or {}
        await self._forget(told, frozenset(str(user) for user in tokens.get("bot") or ()))

    async def _forget(self, told: Happening, bots: frozenset[str] | None) -> None:
        id = told.enterprise if told.org_wide and told.enterprise else told.team
        if await self._book.forget(id, told.at, bots):
            hint = "its accounts stay; their alerts wait 3 days for a new installation"
            log.warning("workspace_left", team=id, why=told.kind, hint=hint)


async def only_workspace_left(told: Happening) -> None:
    """With one workspace and its token in the settings, nothing can be forgotten here: the operator is told."""
    if told.kind == "app_uninstalled" or (told.event.get("tokens") or {}).get("bot"):
        log.error(
            "workspace_left",
            team=told.team,
            why=told.kind,
            hint="install the app again at api.slack.com/apps, then set the new SLACK_BOT_TOKEN; alerts wait meanwhile",
        )
