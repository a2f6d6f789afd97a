"""Gmail's pushes: only Google's own are believed, and whatever they say can do no more than cause a look."""

import base64
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.makers import an_account
from tests.standins.gmail import GmailStandin, start_gmail
from tests.tracker.web.site import Site, running_site
from tracker.clock import utc_now
from tracker.following import Followed
from tracker.gmail.identity import GoogleIdentities
from tracker.model import Account
from tracker.ports import Store, TryLater
from tracker.store.opening import open_store
from tracker.watching import Wanting
from tracker.web.push import PATH, news_in, push_routes

BASE = "https://track.example/twotick/"
AUDIENCE = "https://track.example/twotick/gmail/push"
PUSHER = "push@twotick-test.iam.gserviceaccount.com"


def envelope(email: str, mark: Any = 2000, **said: Any) -> dict[str, Any]:
    news = base64.b64encode(json.dumps({"emailAddress": email, "historyId": mark, **said}).encode()).decode()
    return {"message": {"data": news, "messageId": "1"}, "subscription": "projects/p/subscriptions/s"}


@dataclass
class Endpoint:
    site: Site
    gmail: GmailStandin
    store: Store
    account: Account
    identities: GoogleIdentities

    async def push(self, body: Any = None, token: str | None = None, **headers: str) -> int:
        token = self.gmail.push_token(AUDIENCE, PUSHER) if token is None else token
        data = body if isinstance(body, bytes) else json.dumps(body or envelope(self.account.email)).encode()
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", **headers}
        async with self.site.http.post(self.site.url(PATH), data=data, headers=headers) as answer:
            assert await answer.read() == b""
            return answer.status

    async def wanting(self) -> list[Wanting]:
        return list(await self.store.watches.wanting(utc_now() - timedelta(days=1)))


@pytest.fixture
async def endpoint(sqlite_url: str) -> AsyncIterator[Endpoint]:
    async with await open_store(sqlite_url, [bytes(32)]) as store, start_gmail() as served:
        identities = GoogleIdentities(served.certs_url)
        account = await store.accounts.add(an_account(), "grant")
        async with running_site(doors=push_routes(store.watches, identities, PUSHER, BASE)) as site:
            yield Endpoint(site, served.standin, store, account, identities)
        await identities.close()


async def test_googles_own_push_makes_its_mailbox_wanted(endpoint: Endpoint) -> None:
    assert await endpoint.push() == 204
    assert [wanting.account for wanting in await endpoint.wanting()] == [endpoint.account]


async def test_no_call_to_gmail_is_made(endpoint: Endpoint) -> None:
    await endpoint.push()

    assert [name for name, _ in endpoint.gmail.calls] == ["oauth2.certs"]


@pytest.mark.parametrize(
    "how",
    [
        {"audience": "https://track.example/twotick/"},
        {"audience": "https://track.example/gmail/push"},
        {"audience": "https://track.example/twotick/gmail/push/"},
        {"email": "push@another.iam.gserviceaccount.com"},
        {"email_verified": False},
        {"age": timedelta(hours=2)},
        {"age": timedelta(hours=-2)},
        {"forged": True},
        {"iss": "https://evil.example"},
    ],
)
async def test_a_wrong_token_is_turned_away_and_its_body_not_heard(endpoint: Endpoint, how: dict[str, Any]) -> None:
    audience, email = how.pop("audience", AUDIENCE), how.pop("email", PUSHER)

    assert await endpoint.push(token=endpoint.gmail.push_token(audience, email, **how)) == 401
    assert await endpoint.wanting() == []


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "é", "x" * 7_000])
async def test_what_is_no_token_is_turned_away(endpoint: Endpoint, token: str) -> None:
    assert await endpoint.push(token=token) == 401


async def test_size_and_form_are_judged_before_the_token(endpoint: Endpoint) -> None:
    assert await endpoint.push(b" " * 300_000, token="none") == 413
    assert await endpoint.push(token="none", **{"Content-Type": "text/plain"}) == 415


def _data(text: bytes) -> bytes:
    return json.dumps({"message": {"data": base64.b64encode(text).decode()}}).encode()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no json",
        b"[]",
        b"null",
        b'{"message": null}',
        b'{"message": {}}',
        b'{"message": {"data": 7}}',
        b'{"message": {"data": "%%%"}}',
        b"[" * 100_000,
        b'{"message":' * 20_000,
        _data(b"no json"),
        _data(b"[]"),
        _data(b"\xff\xfe"),
        _data(b'{"emailAddress": "you@twotick.example"}'),
        _data(b'{"emailAddress": ["you@twotick.example"], "historyId": 1}'),
        _data(b'{"emailAddress": "you@twotick.example", "historyId": "-1"}'),
        _data(b'{"emailAddress": "you@twotick.example", "historyId": 1e400}'),
        _data(b'{"emailAddress": "you@twotick.example", "historyId": "' + b"9" * 5000 + b'"}'),
        _data('{"emailAddress": "you@twotick.example", "historyId": "١٢"}'.encode()),
    ],
)
async def test_a_body_that_says_nothing_is_taken_once_and_does_nothing(endpoint: Endpoint, body: bytes) -> None:
    assert await endpoint.push(body) == 204
    assert await endpoint.wanting() == []
    assert news_in(body) is None


@pytest.mark.parametrize("email", ["somebody@else.example", "", "\0", "x" * 10_000])
async def test_news_of_a_mailbox_that_is_not_ours_does_nothing(endpoint: Endpoint, email: str) -> None:
    assert await endpoint.push(envelope(email)) == 204
    assert await endpoint.wanting() == []


async def test_a_replayed_push_wants_nothing_once_it_was_looked_after(endpoint: Endpoint) -> None:
    token, body = endpoint.gmail.push_token(AUDIENCE, PUSHER), envelope(endpoint.account.email, 2000)
    await endpoint.push(body, token)
    await endpoint.store.following.keep(endpoint.account.id, Followed(), Followed("2000", utc_now()))
    [wanting] = await endpoint.wanting()
    assert wanting.told_at
    await endpoint.store.watches.heeded(endpoint.account.id, wanting.told_at)

    for _ in range(3):
        assert await endpoint.push(body, token) == 204

    assert await endpoint.wanting() == []


class _Away:
    """A book whose database is away."""

    async def told(self, email: str, mark: int, at: datetime) -> bool:
        raise TryLater("the database did not do it")


async def test_while_the_database_is_away_pubsub_is_asked_to_bring_it_again(endpoint: Endpoint) -> None:
    away: Any = _Away()
    async with running_site(doors=push_routes(away, endpoint.identities, PUSHER, BASE)) as site:
        assert await replace(endpoint, site=site).push() == 503


async def test_without_googles_keys_nobody_is_believed_and_it_comes_again(endpoint: Endpoint) -> None:
    endpoint.gmail.faults.fail("oauth2.certs", 500, times=5)

    assert await endpoint.push() == 503
    assert await endpoint.wanting() == []
