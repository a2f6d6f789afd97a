"""Events as Slack tells them: by either transport, again and again until they are acknowledged.

https://docs.slack.dev/apis/events-api
"""

import asyncio
import json
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.standins.slack_workspace import Workspace
from tracker.clock import Clock

RETRIES = (0.0, 60.0, 300.0)  # almost at once, after a minute, after five

Deliver = Callable[[dict[str, Any], Mapping[str, Any]], Awaitable[bool]]


@dataclass
class Telling:
    """`deliver` gets a body and what to say of the retry, and answers whether it was acknowledged."""

    clock: Clock
    deliver: Deliver
    retries: Sequence[float] = RETRIES
    told: list[dict[str, Any]] = field(default_factory=list)

    async def tell(self, workspace: Workspace, event: dict[str, Any], app_id: str = "A0TWOTICK") -> bool:
        """Tell the app of an event; whether it was acknowledged in the end."""
        body = self.body_of(workspace, event, app_id)
        self.told.append(body)
        if await self.deliver(body, {}):
            return True
        for number, pause in enumerate(self.retries, 1):
            await asyncio.sleep(pause)
            if await self.deliver(body, {"retry_attempt": number, "retry_reason": "timeout"}):
                return True
        return False

    def body_of(self, workspace: Workspace, event: dict[str, Any], app_id: str) -> dict[str, Any]:
        authorization = {
            "enterprise_id": workspace.organisation or None,
            "team_id": workspace.team_id,
            "user_id": workspace.bot_user,
            "is_bot": True,
            "is_enterprise_install": bool(workspace.organisation),
        }
        return {
            "token": "deprecated",
            "team_id": workspace.team_id,
            "enterprise_id": workspace.organisation or None,
            "api_app_id": app_id,
            "event": event,
            "type": "event_callback",
            "event_id": f"Ev{secrets.token_hex(5).upper()}",
            "event_time": int(self.clock().timestamp()),
            "authorizations": [authorization],
            "is_ext_shared_channel": False,
        }


def as_bytes(body: dict[str, Any]) -> bytes:
    return json.dumps(body).encode()
