"""Plain HTTP against the Gmail stand-in, for tests that look at its answers without our own client between."""

import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp

from tests.standins.gmail import GmailStandin, start_gmail

SENDER = "sam@sender.example"
READER = "ada@acme.example"


def a_mail(body: str = "Hello", **fields: str) -> bytes:
    """A mail; a field given as "" is left out, `message_id` becomes Message-ID."""
    given = {"from": f"Sam <{SENDER}>", "to": READER, "subject": "Q3 proposal", **fields}
    named = {name.replace("_", "-").title(): value for name, value in given.items() if value}
    head = "".join(f"{name}: {value}\r\n" for name, value in named.items())
    return f"{head}\r\n{body}\r\n".encode()


def as_raw(mail: bytes) -> str:
    return base64.urlsafe_b64encode(mail).decode()


@dataclass(frozen=True, slots=True)
class Said:
    """An answer: its status, and its JSON ({} where there is none)."""

    status: int
    json: dict[str, Any]

    @property
    def reason(self) -> str:
        return str(self.json["error"]["errors"][0]["reason"])

    @property
    def message(self) -> str:
        return str(self.json["error"]["message"])


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody with an access token to one mailbox."""

    session: aiohttp.ClientSession
    api_url: str
    authorization: str

    async def get(self, path: str, **params: str) -> Said:
        return await self.request("GET", path, params=params)

    async def post(self, path: str, body: Any) -> Said:
        return await self.request("POST", path, json=body)

    async def request(self, verb: str, path: str, user: str = "me", **options: Any) -> Said:
        headers = {"Authorization": self.authorization, **options.pop("headers", {})}
        url = f"{self.api_url}gmail/v1/users/{user}/{path}"
        async with self.session.request(verb, url, headers=headers, **options) as answer:
            return Said(answer.status, await answer.json() if answer.content_type == "application/json" else {})


@asynccontextmanager
async def calling(standin: GmailStandin, email: str = SENDER) -> AsyncIterator[Caller]:
    """Serve the stand-in and come in as the owner of a mailbox."""
    refresh_token = standin.add_mailbox(email)
    async with start_gmail(standin) as served, aiohttp.ClientSession() as session:
        form = grant_form(standin, refresh_token)
        async with session.post(served.token_url, data=form) as answer:
            token = (await answer.json())["access_token"]
        yield Caller(session, served.api_url, f"Bearer {token}")


def grant_form(standin: GmailStandin, refresh_token: str) -> dict[str, str]:
    return {
        "grant_type": "refresh_token",
        "client_id": standin.client_id,
        "client_secret": standin.client_secret,
        "refresh_token": refresh_token,
    }
