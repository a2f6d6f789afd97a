"""Who calls: Google for this add-on, on behalf of one person, each proved by a token of its own."""

from dataclasses import dataclass

from aiohttp import web

from tracker.ports import Identities, NotGenuine
from tracker.web.addon.events import Event

MOST_BYTES = 256 * 1024  # an event of a mail to a hundred people is a tenth of it
_LONGEST_TOKEN = 10_000


class TurnedAway(Exception):
    """Not Google, or not for us: answered with this status and nothing else."""

    def __init__(self, status: int) -> None:
        super().__init__(f"turned away with {status}")
        self.status = status


@dataclass(frozen=True, slots=True)
class Deployment:
    """The add-on as Google knows it: who calls, for which OAuth client, under which address."""

    service_account: str
    client_id: str
    public_url: str

    def address(self, path: str) -> str:
        return self.public_url.rstrip("/") + path


class Callers:
    def __init__(self, deployment: Deployment, identities: Identities) -> None:
        self._deployment = deployment
        self._identities = identities

    async def body_from_google(self, request: web.Request, path: str) -> bytes:
        """The body of a request that Google made for this add-on to this very path. Raises TurnedAway.

        It is read only when the caller is known, and parsed by nobody before.
        """
        if (request.content_length or 0) > MOST_BYTES:
            raise TurnedAway(413)
        if request.content_type != "application/json":
            raise TurnedAway(415)
        await self._know_google(_bearer(request), path)
        body = await request.content.read(MOST_BYTES + 1)
        while len(body) <= MOST_BYTES and not request.content.at_eof():
            body += await request.content.read(MOST_BYTES + 1 - len(body))
        if len(body) > MOST_BYTES:
            raise TurnedAway(413)
        return body

    async def person(self, event: Event) -> str | None:
        """The address of the person on whose behalf Google calls; None when no good token says so."""
        if not event.user_id_token:
            return None
        try:
            identity = await self._identities.verify(event.user_id_token, self._deployment.client_id)
        except NotGenuine:
            return None
        return identity.email.lower()

    async def _know_google(self, token: str, path: str) -> None:
        if not token:
            raise TurnedAway(401)
        try:
            identity = await self._identities.verify(token, self._deployment.address(path))
        except NotGenuine:
            raise TurnedAway(401) from None
        if identity.email.lower() != self._deployment.service_account.lower():
            raise TurnedAway(403)


def _bearer(request: web.Request) -> str:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    token = token.strip()
    return token if kind.lower() == "bearer" and len(token) <= _LONGEST_TOKEN else ""
