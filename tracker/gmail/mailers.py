"""The door to Gmail: a mailer for each account, over one shared pool of connections."""

from collections.abc import Awaitable, Callable

import aiohttp
from google.auth.aio.transport.aiohttp import Request

from tracker.clock import Clock, utc_now
from tracker.gmail.auth import Grant, OAuthClient
from tracker.gmail.client import GmailClient, Patience
from tracker.gmail.failures import WITHDRAWN
from tracker.gmail.wire import Wire
from tracker.model import Account, AccountState
from tracker.ports import Mailer, Mailers, NotAuthorized


class GoogleMailers(Mailers):
    """Mailers over Google's Gmail API, or a stand-in of it at another address.

    `refresh_token` gives an account's grant in clear; it may raise NotAuthorized.
    """

    def __init__(
        self,
        client_id: str,
        client_secret: str,
        api_url: str,
        token_url: str,
        refresh_token: Callable[[str], Awaitable[str]],
        *,
        clock: Clock = utc_now,
        patience: Patience | None = None,
    ) -> None:
        self._oauth = OAuthClient(client_id, client_secret, token_url)
        self._wire = Wire(api_url)
        self._refresh_token = refresh_token
        self._clock = clock
        self._patience = patience or Patience()
        self._session: aiohttp.ClientSession | None = None
        self._clients: dict[str, GmailClient] = {}

    async def of(self, account: Account) -> Mailer:
        if account.state is AccountState.RECONNECT:
            raise NotAuthorized(WITHDRAWN)
        if account.id not in self._clients:
            await self._refresh_token(account.id)  # a grant that we cannot read is known before anything is begun
            self._clients.setdefault(account.id, self._client(account.id))
        return self._clients[account.id]

    async def close(self) -> None:
        """End all connections."""
        self._clients.clear()
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _client(self, account_id: str) -> GmailClient:
        if self._session is None:
            self._session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
        grant = Grant(self._oauth, lambda: self._refresh_token(account_id), self._clock)
        return GmailClient(Request(self._session), self._wire, grant, self._clock, self._patience)
