"""Connections to Google, opened with the first request and closed together."""

import aiohttp
from google.auth.aio.transport.aiohttp import Request


class Connections:
    """One pool, shared by everybody who got its transport."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    def transport(self) -> Request:
        """What requests go out on; needs a running loop."""
        if self._session is None:
            self._session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
        return Request(self._session)

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None
