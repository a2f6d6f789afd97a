"""How tokens that run out are renewed at Slack, and how whoever installed us hears that they are not."""

from typing import Any

from bot.cards.renewing import ends_soon_card
from bot.install import INSTALL_PATH
from bot.renewing import Renewing
from bot.slack import SlackDoor, renewed, web_client
from tracker.clock import Clock, utc_now
from tracker.ports import Store
from tracker.settings import Settings
from tracker.workspaces import Installation


def renewing_of(settings: Settings, store: Store, clock: Clock = utc_now, *, tells: bool = False) -> Renewing:
    """The renewing of tokens; the process that `tells` is the one that writes down that they are renewed no more."""
    client = settings.slack_client_id, settings.slack_client_secret.reveal()

    async def renew(refresh_token: str) -> dict[str, Any]:
        return await renewed(client, refresh_token, settings.slack_api_url)

    async def tell(installation: Installation) -> None:
        await _tell(installation, settings, clock)

    return Renewing(store.renewals, renew, tell if tells else None, clock)


async def _tell(installation: Installation, settings: Settings, clock: Clock) -> None:
    """Say it with the last of the old token; looked for first, as a try before may have been killed after saying it."""
    door = SlackDoor(web_client(installation.bot_token, settings.slack_api_url))
    channel = await door.dm_with(installation.installed_by)
    # No token of ours lasts longer than a day: what was said of this one was said since.
    since = (installation.expires_at or clock()).timestamp() - 86_400
    mark = f"ends:{installation.id}:{installation.expires_at}"
    if await door.find(channel, mark, since) is None:
        card = ends_soon_card(installation, settings.public_url.rstrip("/") + INSTALL_PATH)
        await door.post(channel, card, mark)
