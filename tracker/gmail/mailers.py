"""The door to Gmail: a mailer for each account, over one shared pool of connections."""

from collections.abc import Awaitable, Callable

from tracker.clock import Clock, utc_now
from tracker.gmail.asking import Asking, Patience
from tracker.gmail.auth import Grant, OAuthClient, OwnersGrant
from tracker.gmail.connections import Connections
from tracker.gmail.delegation import DelegatedGrant
from tracker.gmail.failures import WITHDRAWN
from tracker.gmail.mailbox import GmailMailbox
from tracker.gmail.pace import UNITS_A_MINUTE, Pace
from tracker.gmail.wire import Wire
from tracker.mailbox import Mailbox, Mailboxes
from tracker.model import Account, AccountState, Profile
from tracker.ports import Mailers, NotAuthorized
from tracker.service_account import ServiceAccount


class GoogleMailers(Mailers, Mailboxes):
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
        units_a_minute: int = UNITS_A_MINUTE,
        service_account: ServiceAccount | None = None,
    ) -> None:
        self._oauth = OAuthClient(client_id, client_secret, token_url)
        self._wire = Wire(api_url)
        self._refresh_token = refresh_token
        self._clock = clock
        self._patience = patience or Patience()
        self._units_a_minute = units_a_minute
        self._connections = Connections()
        self._service_account = service_account
        self._clients: dict[str, tuple[tuple[bool, Profile | None], GmailMailbox]] = {}

    async def of(self, account: Account) -> Mailbox:
        if account.state is AccountState.RECONNECT:
            raise NotAuthorized(WITHDRAWN)
        way = (account.delegated, account.profile)
        known = self._clients.get(account.id)
        if known and known[0] == way:
            return known[1]
        if not account.delegated:
            await self._refresh_token(account.id)  # one that we cannot read is known before anything is begun
        # Access tokens of the old way would go on for an hour without what its owner has granted since.
        client = self._client(account)
        self._clients[account.id] = (way, client)
        return client

    async def close(self) -> None:
        """End all connections."""
        self._clients.clear()
        await self._connections.close()

    def _client(self, account: Account) -> GmailMailbox:
        pace = Pace(self._units_a_minute, sleep=self._patience.sleep)
        ask = Asking(self._connections.transport(), self._grant(account), self._clock, self._patience, pace)
        return GmailMailbox(ask, self._wire)

    def _grant(self, account: Account) -> Grant:
        if account.delegated:
            return DelegatedGrant(self._service_account, account.email, self._oauth.token_url, self._clock)
        return OwnersGrant(self._oauth, lambda: self._refresh_token(account.id), self._clock)
