"""A Slack of our own: the Web API as strict as the real one, and people who type and press."""

import asyncio
import copy
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from tests.standins.slack_arguments import arguments_of
from tests.standins.slack_blocks import elements_of
from tests.standins.slack_faults import Faults, after_acting, before_acting
from tests.standins.slack_hands import Hands
from tests.standins.slack_installs import Installs
from tests.standins.slack_messages import content_of
from tests.standins.slack_methods import called
from tests.standins.slack_person import ACK_SECONDS, Person
from tests.standins.slack_presses import chosen_value, presses_of
from tests.standins.slack_refusals import Refusal
from tests.standins.slack_sockets import NotAcknowledged, Sockets
from tests.standins.slack_telling import Telling, as_bytes
from tests.standins.slack_words import words_of
from tests.standins.slack_workspace import Message, Workspace
from tracker.clock import Clock, utc_now

__all__ = ["Call", "SlackStandin", "words_of"]


@dataclass(frozen=True)
class Call:
    """One call of the Web API as it came, and what it was answered (None when the connection was dropped)."""

    method: str
    arguments: dict[str, Any]
    answer: dict[str, Any] | None
    token: str | None = None


class SlackStandin:
    """Mount `routes()` on a server, set `own_url` to its address, and point SLACK_API_URL to `own_url + "/api/"`.

    `app_url_events` is where commands and presses are sent (our /slack/events).
    `rate_limits` lets it answer 429 to more than one message a second and channel.
    """

    def __init__(
        self,
        app_url_events: str = "",
        clock: Clock = utc_now,
        on_change: Callable[[], object] = lambda: None,
        own_url: str = "",
        rate_limits: bool = False,
    ) -> None:
        self.bot_token = "xoxb-standin-2718281828"
        self.signing_secret = "standin-signing-secret"
        self.app_url_events = app_url_events
        self.own_url = own_url
        self.rate_limits = rate_limits
        self.ack_seconds = ACK_SECONDS
        self.workspace = Workspace(clock, on_change)
        self.others: dict[str, Workspace] = {}
        self.installs = Installs(clock)
        self.sockets = Sockets(clock)
        self.over_socket = False  # whether Socket Mode is on for the app
        self.telling = Telling(clock, self._deliver)
        self._on_change = on_change
        self.faults = Faults()
        self.calls: list[Call] = []
        self._clock = clock
        self._spoke_at: dict[str, datetime] = {}
        self._waiting: dict[str, asyncio.Queue[Message]] = {}

    @property
    def team_id(self) -> str:
        return self.workspace.team_id

    def add_user(self, id: str, name: str, email: str = "", tz: str = "Europe/Berlin") -> None:
        self.workspace.add_user(id, name, email, tz)

    def add_workspace(self, team_id: str, name: str) -> Workspace:
        """A workspace besides the first; add its people to it."""
        return self.others.setdefault(team_id, Workspace(self._clock, self._on_change, team_id, name))

    def workspace_of(self, user: str) -> Workspace:
        return next((one for one in self.others.values() if user in one.users), self.workspace)

    async def uninstall(self, workspace: Workspace) -> bool:
        """A workspace removes the app: its token is dead, and the app is told of it twice, as by Slack."""
        self.installs.end(workspace, "account_inactive")
        revoked = {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [workspace.bot_user]}}
        told = [await self.telling.tell(workspace, event) for event in (revoked, {"type": "app_uninstalled"})]
        return all(told)

    async def _deliver(self, body: dict[str, Any], retry: Mapping[str, Any]) -> bool:
        if not self.over_socket:
            return await self._person().tell(as_bytes(body), retry)
        try:
            await self.sockets.deliver("events_api", body, self.ack_seconds, **retry)
        except NotAcknowledged:
            return False
        return True

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/link/", self.sockets.handle, allow_head=False),
            web.post("/api/{method}", self._api),
            web.get("/api/{method}", self._api, allow_head=False),
            web.post("/response/{key}", self._response),
            web.post("/upload/{key}", self._upload),
        ]

    def dm_of(self, user: str) -> list[Message]:
        """What a person sees in the direct messages with the bot, oldest first."""
        return self.workspace_of(user).shown(user)

    def delete(self, user: str, ts: str) -> None:
        """A person deletes a message of the bot from the direct messages."""
        workspace = self.workspace_of(user)
        workspace.delete(workspace.dm(user), ts)

    async def command(self, user: str, text: str, command: str = "/opens", wait: float = 5.0) -> list[Message]:
        """Type a slash command; what only this person is answered."""
        fields = {"command": command, "text": text, "channel_name": "directmessage", **self._who(user)}
        return await self._answers(user, fields, {}, wait)

    async def press(
        self, user: str, message_ts: str, action_id: str, value: str | None = None, wait: float = 5.0
    ) -> list[Message]:
        """Press a button, or choose from a menu, by its action (and value); what only this person is answered."""
        workspace = self.workspace_of(user)
        channel, message = workspace.find(user, message_ts)
        pressed = next(
            {**press, "block_id": block["block_id"]}
            for block in message["blocks"]
            for element in elements_of(block)
            if element.get("action_id") == action_id
            for press in presses_of(element, workspace.channels)
            if value in (None, chosen_value(press))
        )
        payload = {
            "type": "block_actions",
            "user": {"id": user, "username": user.lower(), "team_id": workspace.team_id},
            "team": {"id": workspace.team_id, "domain": "stand-in"},
            "channel": {"id": channel, "name": "directmessage"},
            "enterprise": {"id": workspace.organisation} if workspace.organisation else None,
            "is_enterprise_install": bool(workspace.organisation),
            "container": {"type": "message", "message_ts": message_ts, "is_ephemeral": message["ephemeral"]},
            "api_app_id": "A0TWOTICK",
            "message": message,
            "actions": [{**pressed, "action_ts": message_ts}],
        }
        # A button that only opens a page is answered by nothing.
        return await self._answers(user, {}, payload, 0.2 if "url" in pressed else wait)

    async def private_answers(self, key: str, wait: float = 5.0) -> list[Message]:
        """What comes in by a response URL that a test handed out itself."""
        return await _first_of(self._waiting.setdefault(key, asyncio.Queue()), wait)

    async def says(self, text: str, user: str | None = None) -> str:
        """The words a person is answered when typing `/opens …`; the first person added, unless named."""
        command, _, rest = text.partition(" ")
        answers = await self.command(user or next(iter(self.workspace.users)), rest, command)
        return "\n".join(words_of(answer) for answer in answers)

    async def opens_home(self, user: str) -> dict[str, Any]:
        """A person opens the app's Home; what they see once the app has drawn it anew."""
        return await self.hands_of(user).opens_home()

    def hands_of(self, user: str) -> Hands:
        """What a person presses and fills in outside of messages: in Home, in modals, by shortcuts."""
        return Hands(user, self.workspace, self._person, self._clock)

    def snapshot(self) -> dict[str, Any]:
        """Everything that should outlive the process, as JSON."""
        return self.workspace.snapshot()

    def restore(self, kept: dict[str, Any]) -> None:
        self.workspace.restore(kept)

    def _who(self, user: str) -> dict[str, str]:
        workspace = self.workspace_of(user)
        return {
            "team_id": workspace.team_id,
            "team_domain": "stand-in",
            "channel_id": workspace.dm(user),
            "user_id": user,
            "user_name": user.lower(),
            "api_app_id": "A0TWOTICK",
            "is_enterprise_install": str(bool(workspace.organisation)).lower(),
            **({"enterprise_id": workspace.organisation} if workspace.organisation else {}),
        }

    async def _answers(self, user: str, fields: dict[str, str], payload: dict[str, Any], wait: float) -> list[Message]:
        """Send a signed request to the app, and collect what comes back by either way."""
        if not self.own_url or not (self.app_url_events or self.over_socket):
            raise RuntimeError("set own_url and app_url_events first: Slack calls the app, and is called back")
        workspace = self.workspace_of(user)
        channel = workspace.dm(user)
        key = workspace.new_response_url(channel, (payload.get("container") or {}).get("message_ts"))
        queue = self._waiting[key] = asyncio.Queue()
        urls = {"response_url": f"{self.own_url.rstrip('/')}/response/{key}", "trigger_id": f"1.2.{key}"}
        form = {"payload": json.dumps({**payload, **urls})} if payload else {**fields, **urls}
        said = await self._person().send(form)
        answers = [workspace.post(channel, content, ephemeral=True) for content in said.contents]
        if said.acknowledged and not answers:
            answers += await _first_of(queue, wait)
        return copy.deepcopy(answers)  # as it was seen then: a card may be replaced later

    def _person(self) -> Person:
        sockets = self.sockets if self.over_socket else None
        return Person(self.app_url_events, self.signing_secret, self._clock, self.ack_seconds, sockets)

    async def _api(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        try:
            arguments, token = await arguments_of(request)
        except ValueError:
            return web.json_response({"ok": False, "error": "invalid_json"})
        fault = self.faults.of(method)
        answer = before_acting(fault, request)
        if answer is None:
            acted = self._acted(method, arguments, token, request.headers.get("Authorization", ""))
            answer = await after_acting(fault, request, acted)
        self.calls.append(Call(method, arguments, json.loads(answer.body) if answer.body else None, token))
        return answer

    def _acted(self, method: str, arguments: dict[str, Any], token: str | None, authorization: str) -> web.Response:
        try:
            if method == "oauth.v2.access":
                return web.json_response(self.installs.access(arguments, authorization))
            if method == "apps.connections.open":
                return web.json_response(self.sockets.address(token, self.own_url))
            workspace = self._entered(token)
            if method == "chat.postMessage" and self._too_fast(str(arguments.get("channel"))):
                refused = {"ok": False, "error": "ratelimited"}
                return web.json_response(refused, status=429, headers={"Retry-After": "1"})
            scopes = {"x-oauth-scopes": ",".join(sorted(workspace.scopes))}
            answer = called(workspace, method, arguments)
            if "upload_url" in answer:
                answer["upload_url"] = f"{self.own_url}upload/{answer['upload_url']}"
            return web.json_response(answer, headers=scopes)
        except Refusal as refusal:
            return web.json_response(refusal.answer)

    def _entered(self, token: str | None) -> Workspace:
        """The workspace that a token opens. Raises Refusal."""
        if not token:
            raise Refusal("not_authed")
        if token == self.bot_token:
            return self.workspace
        if token not in self.installs.tokens:
            raise Refusal(self.installs.ended.get(token, "invalid_auth"))
        self.installs.rotating.used(token)
        return self.installs.tokens[token]

    def _too_fast(self, channel: str) -> bool:
        now = self._clock()
        if self.rate_limits and now - self._spoke_at.get(channel, now - timedelta(hours=1)) < timedelta(seconds=1):
            return True
        self._spoke_at[channel] = now
        return False

    async def _response(self, request: web.Request) -> web.Response:
        """Slack's response URLs speak plain text, and 404 once they are used up."""
        key = request.match_info["key"]
        used = ((one, one.use_response_url(key)) for one in (self.workspace, *self.others.values()))
        workspace, channel = next(((one, at) for one, at in used if at), (self.workspace, None))
        if channel is None:
            return web.Response(status=404, text="used_url")
        try:
            asked = await request.json()
            message = _answered(workspace, key, channel, asked)
        except ValueError:
            return web.Response(status=400, text="invalid_payload")
        except Refusal as refusal:
            return web.Response(status=400, text=str(refusal))
        self._waiting.setdefault(key, asyncio.Queue()).put_nowait(message)
        return web.Response(text="ok")

    async def _upload(self, request: web.Request) -> web.Response:
        key, body = request.match_info["key"], await request.read()
        taken = any(one.files.received(key, body) for one in (self.workspace, *self.others.values()))
        return web.Response(text="OK" if taken else "no such upload", status=200 if taken else 400)


def _answered(workspace: Workspace, key: str, channel: str, asked: dict[str, Any]) -> Message:
    """Show what came by a response URL: anew, or in place of the message that was pressed."""
    content = content_of(workspace, asked)
    if asked.get("replace_original") is not True:
        return workspace.post(channel, content, ephemeral=True)
    original = workspace.original_of(key)
    if original is None:
        raise Refusal("no_original")  # a command has none
    workspace.edit(channel, original, content)
    return original


async def _first_of(queue: asyncio.Queue[Message], wait: float) -> list[Message]:
    try:
        first = await asyncio.wait_for(queue.get(), wait)
    except TimeoutError:
        return []
    return [first, *(queue.get_nowait() for _ in range(queue.qsize()))]
