"""A person's client: sends what they type and press to the app as Slack does, signed, and waits three seconds."""

import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import aiohttp

from tests.standins.slack_blocks import faults_of
from tests.standins.slack_sockets import NotAcknowledged, Sockets
from tracker.clock import Clock

ACK_SECONDS = 3.0  # https://docs.slack.dev/interactivity/implementing-slash-commands


@dataclass(frozen=True)
class Said:
    """What the app answered at once; `acknowledged` when more may follow by the response URL."""

    acknowledged: bool
    contents: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True)
class Person:
    events_url: str
    signing_secret: str
    clock: Clock
    patience: float = ACK_SECONDS
    sockets: Sockets | None = None

    async def send(self, form: dict[str, str]) -> Said:
        """What a person sees right after pressing Enter; Slack's own words when the app does not answer."""
        if self.sockets:
            return await self._send_over(self.sockets, form)
        body = urlencode(form).encode()
        limits = aiohttp.ClientTimeout(total=self.patience)
        try:
            async with (
                aiohttp.ClientSession(timeout=limits) as session,
                session.post(self.events_url, data=body, headers=self._signed(body)) as response,
            ):
                text = await response.text()
        except TimeoutError:
            return _failed(form, "operation_timeout")
        except aiohttp.ClientError:
            return _failed(form, "dispatch_failed")
        if response.status != 200:
            return _failed(form, "dispatch_failed")
        return _read(form, text)

    async def _send_over(self, sockets: Sockets, form: dict[str, str]) -> Said:
        kind = "interactive" if "payload" in form else "slash_commands"
        payload = json.loads(form["payload"]) if "payload" in form else dict(form)
        try:
            answer = await sockets.deliver(kind, payload, self.patience)
        except NotAcknowledged:
            return _failed(form, "operation_timeout")
        return _read(form, json.dumps(answer) if answer else "")

    async def tell(self, body: bytes, retry: Mapping[str, Any]) -> bool:
        """Tell the app of an event over HTTP; whether it acknowledged."""
        again = {"X-Slack-Retry-Num": str(retry["retry_attempt"])} if retry else {}
        headers = {**self._signed(body), "Content-Type": "application/json", **again}
        limits = aiohttp.ClientTimeout(total=self.patience)
        try:
            async with (
                aiohttp.ClientSession(timeout=limits) as session,
                session.post(self.events_url, data=body, headers=headers) as response,
            ):
                return response.status == 200
        except (TimeoutError, aiohttp.ClientError):
            return False

    def _signed(self, body: bytes) -> dict[str, str]:
        timestamp = str(int(self.clock().timestamp()))
        digest = hmac.digest(self.signing_secret.encode(), b"v0:" + timestamp.encode() + b":" + body, "sha256")
        return {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": "v0=" + digest.hex(),
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
        }


def _read(form: dict[str, str], text: str) -> Said:
    """An empty body acknowledges; words or JSON are the answer themselves."""
    if not text.strip():
        return Said(True)
    try:
        answer = json.loads(text)
    except ValueError:
        return Said(True, ({"text": text, "blocks": []},))
    if not isinstance(answer, dict) or faults_of(answer.get("blocks") or []):
        return _failed(form, "invalid_command_response")
    return Said(True, ({"text": str(answer.get("text") or ""), "blocks": answer.get("blocks") or []},))


def _failed(form: dict[str, str], error: str) -> Said:
    name = form.get("command", "The button")
    return Said(False, ({"text": f'{name} failed with the error "{error}"', "blocks": []},))
