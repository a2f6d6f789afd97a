"""Many workspaces, each spoken to with its own token."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import tzinfo

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.blocks import Card
from bot.ports import Channel, Member, NobodyThere, NotInstalled, NotReached
from bot.slack import CALL_SECONDS, SlackDoor, web_client
from tracker.ports import TryLater
from tracker.workspaces import Installation, InstallationBook

TokenOf = Callable[[Installation], Awaitable[str]]


async def as_it_was(installation: Installation) -> str:
    """For tokens that do not run out."""
    return installation.bot_token


class Teams:
    """Slack as the relay asks for it, for whichever workspace has installed us.

    Tokens are read from the book each time: no process then speaks with one
    that another process has replaced or forgotten. `token_of` renews one that runs out.
    """

    def __init__(
        self,
        book: InstallationBook,
        api_url: str,
        session: aiohttp.ClientSession | None = None,
        token_of: TokenOf = as_it_was,
    ) -> None:
        self._fresh = token_of
        self._book = book
        self._api_url = api_url
        self._session = session
        self._doors: dict[str, tuple[str, SlackDoor]] = {}
        self._door_of: dict[str, SlackDoor] = {}

    async def client_of(self, team: str) -> AsyncWebClient:
        """A client with a workspace's token, for what is asked there. Raises NotInstalled, NotReached."""
        return web_client(await self._token_of(team), self._api_url, self._session)

    async def dm_with(self, user: str, team: str = "") -> str:
        door = await self._door_into(team)
        channel = await door.dm_with(user)
        self._door_of[channel] = door
        return channel

    async def channel_in(self, channel: str, team: str = "") -> str:
        self._door_of[channel] = await self._door_into(team)
        return channel

    async def channels_of(self, user: str, team: str = "") -> Sequence[Channel]:
        return await (await self._door_into(team)).channels_of(user)

    async def zone_of(self, user: str, team: str = "") -> tzinfo:
        return await (await self._door_into(team)).zone_of(user)

    async def member(self, email: str) -> Member:
        # Whoever runs a workspace can give its members any address: only the operator's own is believed.
        raise NobodyThere("with many workspaces, owners connect their mailboxes from Slack")

    async def post(self, channel: str, card: Card, mark: str, thread: str = "") -> str:
        return await self._door_to(channel).post(channel, card, mark, thread)

    async def update(self, channel: str, ts: str, card: Card, mark: str) -> None:
        await self._door_to(channel).update(channel, ts, card, mark)

    async def upload(self, picture: bytes, title: str, alt: str, for_channel: str = "") -> str:
        return await self._door_to(for_channel).upload(picture, title, alt)

    async def upload_in(self, team: str, picture: bytes, title: str, alt: str) -> str:
        """Keep a PNG in a workspace, for a card that answers somebody there."""
        return await (await self._door_into(team)).upload(picture, title, alt)

    async def find(self, channel: str, mark: str, since: float, thread: str = "") -> str | None:
        return await self._door_to(channel).find(channel, mark, since, thread)

    async def _door_into(self, team: str) -> SlackDoor:
        token = await self._token_of(team)
        known, door = self._doors.get(team, ("", None))
        if door is None or known != token:
            door = SlackDoor(web_client(token, self._api_url, self._session))
            self._doors[team] = token, door
        return door

    async def _token_of(self, team: str) -> str:
        try:
            installation = await self._book.of(team)
        except TryLater as away:
            raise NotReached(str(away)) from away
        if installation is None:
            raise NotInstalled(team)
        return await self._fresh(installation)

    def _door_to(self, channel: str) -> SlackDoor:
        """A channel is spoken in after `dm_with` has named it."""
        if channel not in self._door_of:
            raise NobodyThere("a channel of no workspace that we know")
        return self._door_of[channel]


@asynccontextmanager
async def open_teams(book: InstallationBook, api_url: str, token_of: TokenOf = as_it_was) -> AsyncIterator[Teams]:
    """Slack for as long as the block lasts."""
    limits = aiohttp.ClientTimeout(total=CALL_SECONDS, connect=CALL_SECONDS / 2)
    async with aiohttp.ClientSession(timeout=limits) as session:
        yield Teams(book, api_url, session, token_of)
