"""The door to Slack's views: Home tabs and windows, in whichever workspace."""

from collections.abc import Awaitable, Callable
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.blocks import Block
from bot.ports import CardGone, CardRefused, NotAllowed, Stale, TooLate
from bot.slack import called

ClientOf = Callable[[str], Awaitable[AsyncWebClient]]  # of a workspace

# Codes: https://docs.slack.dev/reference/methods/views.open, views.update, views.publish
_TOO_LATE = {
    *("expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id"),
    *("trigger_expired", "trigger_exchanged", "invalid_trigger"),
}
_GONE = {"not_found", "view_not_found"}
_REFUSED = {"view_too_large", "duplicate_external_id", "invalid_view"}


class SlackViews:
    """Keeps ports.Views and ports.Names."""

    def __init__(self, client_of: ClientOf) -> None:
        self._client_of = client_of

    async def publish(self, team: str, user: str, view: Block, expected: str = "") -> str:
        client = await self._client_of(team)
        answer = await _called(lambda: client.views_publish(user_id=user, view=view, hash=expected or None))
        return str(answer["view"]["hash"])

    async def open(self, team: str, trigger: str, view: Block) -> str:
        client = await self._client_of(team)
        return str((await _called(lambda: client.views_open(trigger_id=trigger, view=view)))["view"]["id"])

    async def update(self, team: str, view_id: str, view: Block) -> None:
        client = await self._client_of(team)
        await _called(lambda: client.views_update(view_id=view_id, view=view))

    async def name_of(self, team: str, user: str) -> str:
        client = await self._client_of(team)
        person = (await _called(lambda: client.users_info(user=user)))["user"]
        profile = person.get("profile") or {}
        return str(profile.get("display_name") or profile.get("real_name") or person.get("name") or "")


def always(client: AsyncWebClient) -> ClientOf:
    """One client for the only workspace."""

    async def client_of(team: str) -> AsyncWebClient:
        return client

    return client_of


async def _called(call: Callable[[], Awaitable[Any]]) -> dict[str, Any]:
    """Make a call; what only views can refuse is named for what to do next."""
    try:
        return await called(call)
    except NotAllowed as refused:
        code = str(refused)
        if code == "hash_conflict":
            raise Stale(code) from refused
        for codes, kind in ((_TOO_LATE, TooLate), (_GONE, CardGone), (_REFUSED, CardRefused)):
            if code in codes:
                raise kind(code) from refused
        raise
