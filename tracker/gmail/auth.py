"""From an account's grant to an access token, fetched once however many callers wait for it."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import aiohttp
from google.auth.aio.credentials import Credentials
from google.auth.aio.transport import Request
from google.auth.exceptions import GoogleAuthError

from tracker.clock import Clock
from tracker.counts import GMAIL_CALLS
from tracker.gmail.failures import WITHDRAWN, Answer, Passing
from tracker.ports import NotAuthorized, Refused

RefreshToken = Callable[[], Awaitable[str]]
_EARLY = timedelta(minutes=1)  # a token that ends while its request travels is answered with 401
_TOKEN_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class OAuthClient:
    """This Twotick as Google knows it."""

    client_id: str
    client_secret: str = field(repr=False)
    token_url: str


class Grant(Credentials):
    """One account's credentials, in google-auth's asynchronous form. `token_url` is where access tokens come from.

    Raises NotAuthorized when Google lets us into the mailbox no longer, Refused
    when it does not know this Twotick, Passing else.
    """

    def __init__(self, token_url: str, clock: Clock) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._token_url = token_url
        self._clock = clock
        self._good_until = clock()
        self._lock = asyncio.Lock()
        self._attempts = 0
        self._failure: Exception | None = None

    async def before_request(self, request: Request, method: str, url: str, headers: dict[str, str]) -> None:
        if self._clock() >= self._good_until:
            await self.refresh(request)
        await self.apply(headers)  # type: ignore[no-untyped-call]

    def spoil(self, token: str | None) -> None:
        """Google refused this access token: the next request fetches another."""
        if token == self.token:
            self._good_until = self._clock()

    async def refresh(self, request: Request) -> None:
        """Fetch an access token, or share the outcome of the fetch that ran meanwhile, failure included."""
        seen = self._attempts
        async with self._lock:
            if self._attempts == seen:
                await self._attempt(request)
            if self._failure is not None:
                raise self._failure.with_traceback(None)

    async def _attempt(self, request: Request) -> None:
        try:
            self.token, life = await self._fetched(request)
            self._good_until = self._clock() + max(life - _EARLY, life / 2)
            self._failure = None
            GMAIL_CALLS.add("token", "ok")
        except (NotAuthorized, Refused, Passing) as failure:
            self._failure = failure
            GMAIL_CALLS.add("token", _outcome_of(failure))
        self._attempts += 1

    async def _fetched(self, request: Request) -> tuple[str, timedelta]:
        """An access token and its life."""
        raise NotImplementedError

    async def _exchange(self, request: Request, form: Mapping[str, str]) -> Answer:
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return await exchange(request, "POST", self._token_url, urlencode(form).encode(), headers, _TOKEN_SECONDS)


class OwnersGrant(Grant):
    """What a mailbox's owner consented to.

    The refresh token is asked for at each refresh, so that a mailbox that its
    owner connected again works at once.
    """

    def __init__(self, client: OAuthClient, refresh_token: RefreshToken, clock: Clock) -> None:
        super().__init__(client.token_url, clock)
        self._client = client
        self._refresh_token = refresh_token

    async def _fetched(self, request: Request) -> tuple[str, timedelta]:
        held = await self._refresh_token()
        try:
            return access_in(await self._exchange(request, self._form(held)))
        except NotAuthorized:
            # While Google refused the old grant, its owner may have given a new one.
            latest = await self._refresh_token()
            if latest == held:
                raise
            return access_in(await self._exchange(request, self._form(latest)))

    def _form(self, refresh_token: str) -> Mapping[str, str]:
        return {
            "grant_type": "refresh_token",
            "client_id": self._client.client_id,
            "client_secret": self._client.client_secret,
            "refresh_token": refresh_token,
        }


def _outcome_of(failure: Exception) -> str:
    if isinstance(failure, NotAuthorized):
        return "withdrawn"
    return "no_answer" if isinstance(failure, Passing) else "refused"


async def exchange(
    request: Request, verb: str, url: str, body: bytes | None, headers: dict[str, str], seconds: float
) -> Answer:
    """One request over HTTP, its answer read to the end. Raises Passing when none came."""
    try:
        response = await request(url, verb, body, headers, seconds, allow_redirects=False)
        try:
            content = await response.read()
        finally:
            await response.close()  # type: ignore[no-untyped-call]
    except (GoogleAuthError, aiohttp.ClientError, TimeoutError):
        # From None: aiohttp's errors carry the request, and that carries the token.
        raise Passing("Google did not answer.", undone=False) from None
    return Answer(response.status_code, {name.lower(): value for name, value in response.headers.items()}, content)


def access_in(answer: Answer) -> tuple[str, timedelta]:
    """The access token in an answer, and its life. Raises what a Grant raises."""
    said = said_in(answer)
    try:
        if answer.good:
            return str(said["access_token"]), timedelta(seconds=int(said["expires_in"]))
    except (KeyError, TypeError, ValueError):
        raise Passing("Google's answer made no sense.", undone=True) from None
    error = said.get("error")
    if error == "invalid_grant":
        raise NotAuthorized(WITHDRAWN)
    if answer.status == 429 or answer.status >= 500 or not isinstance(error, str):
        raise Passing(f"Google gives no access right now (error {answer.status}).", undone=True)
    if error in ("invalid_client", "unauthorized_client"):
        raise Refused("Google does not know this Twotick: its operator should check GOOGLE_CLIENT_ID and _SECRET.")
    raise Refused(f"Google gives no access to this mailbox ({error[:40]}).")


def said_in(answer: Answer) -> dict[str, Any]:
    """The JSON of an answer; empty where there is none."""
    try:
        said = json.loads(answer.body)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}
