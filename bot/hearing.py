"""What we heard already: Slack asks again when it missed our answer, and anybody may play a recorded request again."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import structlog

from tracker.clock import Clock
from tracker.ports import TryLater
from tracker.workspaces import HeardBook, InstallationBook

_MOST_REMEMBERED = 10_000

log = structlog.get_logger()


class Hearing:
    """Tells news from repetition, over all our processes and both transports.

    It is asked after the acknowledgement, so that no database makes Slack wait.
    """

    def __init__(self, heard: HeardBook, installations: InstallationBook, clock: Clock) -> None:
        self._heard = heard
        self._installations = installations
        self._clock = clock
        self._latest: dict[str, None] = {}
        self._organised: set[tuple[str, str]] = set()

    async def is_news(self, body: Mapping[str, Any]) -> bool:
        """Whether it is asked or told for the first time; a database that is away doubts nobody."""
        name = name_of(body)
        if not name:
            return True
        if name in self._latest:
            return False
        self._latest[name] = None
        if len(self._latest) > _MOST_REMEMBERED:
            self._latest.pop(next(iter(self._latest)))
        try:
            await self._note_organisation(body)
            return await self._heard.first(name, self._clock())
        except TryLater as away:
            log.warning("not_known_whether_heard", why=str(away))
            return True

    async def _note_organisation(self, body: Mapping[str, Any]) -> None:
        """An organisation's installation serves all its workspaces; alerts know only the workspace."""
        pair = _organised(body)
        if pair and pair not in self._organised:
            await self._installations.seen(*pair)
            self._organised.add(pair)


def name_of(body: Mapping[str, Any]) -> str:
    """What Slack calls this one request, the same however often and by which way it comes; empty when it has no name.

    Hashed: who reads the row cannot open a modal with it.
    """
    said = body.get("event_id") or body.get("trigger_id")
    return sha256(str(said).encode()).hexdigest() if said else ""


def _organised(body: Mapping[str, Any]) -> tuple[str, str] | None:
    """The workspace and its organisation, where the organisation installed us."""
    if str(body.get("is_enterprise_install")).lower() != "true":
        return None
    team, enterprise = body.get("team") or {}, body.get("enterprise") or {}
    user = body.get("user") or {}
    workspace = body.get("team_id") or team.get("id") or user.get("team_id")
    organisation = body.get("enterprise_id") or enterprise.get("id")
    return (str(workspace), str(organisation)) if workspace and organisation else None
