"""The door to Slack's Web API: a few calls, and every way they fail named for what to do next."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta, timezone, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp
from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.web.async_client import AsyncWebClient

from bot.blocks import Card, checked
from bot.ports import CardGone, CardRefused, Channel, Member, NoAnswer, NobodyThere, NotAllowed, NotReached, TooFast
from bot.slack_calls import CountedClient

EVENT_TYPE = "twotick_card"
_MOST_PAGES = 25  # of 200 channels
CALL_SECONDS = 10.0  # the relay counts on a call being over by then

# Codes: https://docs.slack.dev/reference/methods/chat.postMessage, chat.update, conversations.open
_GONE = {
    *("message_not_found", "cant_update_message", "edit_window_closed", "message_is_deleted"),
    *("thread_not_found", "cannot_reply_to_message"),
}
_NOBODY = {
    *("channel_not_found", "not_in_channel", "is_archived", "user_not_found", "user_disabled", "user_not_visible"),
    *("cannot_dm_bot", "users_not_found", "messages_tab_disabled", "user_is_restricted", "is_inactive"),
}
_REFUSED = {
    *("invalid_blocks", "invalid_blocks_format", "invalid_arguments", "invalid_arg_name", "msg_too_long", "no_text"),
    *("msg_blocks_too_long", "block_mismatch", "too_many_attachments", "invalid_metadata_format"),
    *("metadata_too_large", "metadata_must_be_sent_from_app"),
}
# Slack says of these that some part may have been done all the same.
_UNSURE = {"fatal_error", "internal_error", "request_timeout", "service_unavailable"}
_NOT_NOW = {"team_added_to_org", "accesslimited"}
_TOO_FAST = {"ratelimited", "rate_limited", "message_limit_exceeded"}


class SlackDoor:
    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self._dms: dict[str, str] = {}

    async def dm_with(self, user: str, team: str = "") -> str:
        """The channel of our direct messages with a person, asked once; whatever the team, it is the token's."""
        if user not in self._dms:
            answer = await _called(lambda: self._client.conversations_open(users=user))
            self._dms[user] = str(answer["channel"]["id"])
        return self._dms[user]

    async def member(self, email: str) -> Member:
        """The person with this address, which Slack has verified. Raises NobodyThere."""
        answer = await _called(lambda: self._client.users_lookupByEmail(email=email))
        user = answer["user"]
        if user.get("deleted") or user.get("is_bot"):
            raise NobodyThere("user_disabled")
        return Member(str(user.get("team_id") or ""), str(user["id"]))

    async def zone_of(self, user: str, team: str = "") -> tzinfo:
        """The timezone of a person's Slack. Raises what every call does, and NobodyThere."""
        person = (await _called(lambda: self._client.users_info(user=user)))["user"]
        try:
            return ZoneInfo(str(person["tz"]))
        except (LookupError, ValueError):  # a name that this machine does not know; ZoneInfoNotFoundError is a KeyError
            return timezone(timedelta(seconds=int(person.get("tz_offset") or 0)))

    async def channel_in(self, channel: str, team: str = "") -> str:
        return channel

    async def channels_of(self, user: str, team: str = "") -> Sequence[Channel]:
        """The channels that a person is in and that we may see. Raises what every call does."""
        found, cursor = [], ""
        for _ in range(_MOST_PAGES):
            page = await self._channels(user, cursor)
            found += [Channel(str(one["id"]), str(one["name"])) for one in page.get("channels") or ()]
            cursor = str((page.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                break
        return found

    async def _channels(self, user: str, cursor: str) -> dict[str, Any]:
        kinds = "public_channel,private_channel"
        return await _called(
            lambda: self._client.users_conversations(
                user=user, types=kinds, exclude_archived=True, limit=200, cursor=cursor or None
            )
        )

    async def post(self, channel: str, card: Card, mark: str, thread: str = "") -> str:
        answer = await _called(
            lambda: self._client.chat_postMessage(
                channel=channel,
                thread_ts=thread or None,
                metadata={"event_type": EVENT_TYPE, "event_payload": {"topic": mark}},
                unfurl_links=False,
                unfurl_media=False,
                parse="none",
                **_shown(card),
            )
        )
        return str(answer["ts"])

    async def update(self, channel: str, ts: str, card: Card, mark: str) -> None:
        # The mark is said again, so that no card of ours can ever stand there without one.
        await _called(
            lambda: self._client.chat_update(
                channel=channel,
                ts=ts,
                metadata={"event_type": EVENT_TYPE, "event_payload": {"topic": mark}},
                **_shown(card),
            )
        )

    async def upload(self, picture: bytes, title: str, alt: str, for_channel: str = "") -> str:
        answer = await _called(
            lambda: self._client.files_upload_v2(
                content=picture, filename=f"{title}.png", title=title, alt_txt=alt, request_file_info=False
            )
        )
        return str(answer["files"][0]["id"])

    async def upload_in(self, team: str, picture: bytes, title: str, alt: str) -> str:
        """The same, for a card that is shown nowhere yet."""
        return await self.upload(picture, title, alt)

    async def find(self, channel: str, mark: str, since: float, thread: str = "") -> str | None:
        cursor = ""
        while True:
            try:
                page = await self._history(channel, since, cursor, thread)
            except CardGone:
                return None
            for message in page.get("messages") or ():
                if _mark_of(message) == mark:
                    return str(message["ts"])
            cursor = str((page.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                return None

    async def _history(self, channel: str, since: float, cursor: str, thread: str) -> dict[str, Any]:
        asked: dict[str, Any] = {"channel": channel, "oldest": f"{since:.6f}", "limit": 200, "cursor": cursor or None}
        if thread:
            return await _called(
                lambda: self._client.conversations_replies(ts=thread, include_all_metadata=True, **asked)
            )
        return await _called(lambda: self._client.conversations_history(include_all_metadata=True, **asked))


@asynccontextmanager
async def open_slack(token: str, api_url: str) -> AsyncIterator[SlackDoor]:
    """Slack for as long as the block lasts."""
    limits = aiohttp.ClientTimeout(total=CALL_SECONDS, connect=CALL_SECONDS / 2)
    async with aiohttp.ClientSession(timeout=limits) as session:
        yield SlackDoor(web_client(token, api_url, session))


def web_client(token: str | None, api_url: str, session: aiohttp.ClientSession | None = None) -> AsyncWebClient:
    """slack_sdk's client without its retries: those post twice when a connection dies after Slack accepted a call."""
    base_url = api_url.rstrip("/") + "/"
    return CountedClient(token=token, base_url=base_url, session=session, retry_handlers=[], timeout=int(CALL_SECONDS))


async def granted_scopes(token: str, api_url: str) -> frozenset[str]:
    """What a token may do. Raises NotAllowed for one that is worth nothing; NotReached, NoAnswer, TooFast."""
    answer = await _answered(lambda: web_client(token, api_url).auth_test())
    told = {name.lower(): value for name, value in answer.headers.items()}.get("x-oauth-scopes", "")
    listed = told if isinstance(told, str) else ",".join(told)
    return frozenset(scope.strip() for scope in listed.split(",") if scope.strip())


async def socket_address(app_token: str, api_url: str) -> str:
    """Where one web socket for Slack's requests can be opened. Raises NotAllowed, NotReached, NoAnswer, TooFast."""
    answer = await _called(lambda: web_client(None, api_url).apps_connections_open(app_token=app_token))
    return str(answer["url"])


async def installed(client: tuple[str, str], code: str, redirect_uri: str, api_url: str) -> dict[str, Any]:
    """What a workspace grants for the code of its consent. Raises NotAllowed, NotReached, NoAnswer, TooFast."""
    # In the body: slack_sdk's own method asks aiohttp for a way to sign in that aiohttp is taking away.
    asked = {"client_id": client[0], "client_secret": client[1], "code": code, "redirect_uri": redirect_uri}
    return await _called(lambda: web_client(None, api_url).api_call("oauth.v2.access", data=asked))


async def renewed(client: tuple[str, str], refresh_token: str, api_url: str) -> dict[str, Any]:
    """A new pair of tokens for one that takes this. Raises NotAllowed, NotReached, NoAnswer, TooFast."""
    asked = {"client_id": client[0], "client_secret": client[1], "refresh_token": refresh_token}
    asked["grant_type"] = "refresh_token"
    return await _called(lambda: web_client(None, api_url).api_call("oauth.v2.access", data=asked))


async def answer_privately(url: str, card: Card, team: str = "") -> None:
    """Answer a command or a press by its response_url, to that person only; the address knows its workspace.

    Raises NotReached, NoAnswer, CardRefused.
    """
    body = {"response_type": "ephemeral", "replace_original": card.replaces, **_shown(card)}
    limits = aiohttp.ClientTimeout(total=CALL_SECONDS)
    try:
        async with aiohttp.ClientSession(timeout=limits) as session, session.post(url, json=body) as response:
            words = (await response.text())[:200]
            if any(code in words for code in _REFUSED):
                raise CardRefused(words)
            if response.status != 200:
                raise NoAnswer(f"response_url answered {response.status}: {words}")
    except aiohttp.ClientConnectorError as lost:
        raise NotReached(type(lost).__name__) from lost
    except (aiohttp.ClientError, TimeoutError) as lost:
        raise NoAnswer(type(lost).__name__) from lost


def _shown(card: Card) -> dict[str, Any]:
    safe = checked(card)
    return {"text": safe.text, "blocks": list(safe.blocks)}


def _mark_of(message: dict[str, Any]) -> str | None:
    metadata = message.get("metadata") or {}
    if metadata.get("event_type") != EVENT_TYPE:
        return None
    return str((metadata.get("event_payload") or {}).get("topic"))


async def _called(call: Callable[[], Awaitable[Any]]) -> dict[str, Any]:
    """Make a call, and name its failure."""
    data: dict[str, Any] = (await _answered(call)).data
    return data


async def _answered(call: Callable[[], Awaitable[Any]]) -> Any:
    """The whole answer of a call, its headers and its data."""
    try:
        answer = await call()
    except SlackApiError as refused:
        raise _failure(refused) from refused
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as lost:
        raise NotReached(type(lost).__name__) from lost
    except (aiohttp.ClientError, TimeoutError) as lost:
        raise NoAnswer(type(lost).__name__) from lost
    except SlackRequestError as lost:
        raise NoAnswer("an upload was not taken") from lost  # asked again, it is another file: nothing is doubled
    except AttributeError as odd:
        # slack_sdk trips over answers that are no JSON object: a proxy's page instead of Slack's answer.
        raise NoAnswer("no JSON object") from odd
    if not isinstance(answer.data, dict):
        raise NoAnswer("no JSON object")
    return answer


def _failure(refused: SlackApiError) -> Exception:
    response: Any = refused.response
    # slack_sdk hands over its own response, or aiohttp's when the body was no JSON.
    status = int(getattr(response, "status_code", 0) or getattr(response, "status", 0))
    data = getattr(response, "data", None)
    code = str(data.get("error") or "") if isinstance(data, dict) else ""
    if status == 429 or code in _TOO_FAST:
        return TooFast(_pause(getattr(response, "headers", {})))
    if status >= 500 or not code or code in _UNSURE:
        return NoAnswer(code or f"HTTP {status}")
    if code in _NOT_NOW:
        return NotReached(code)
    for codes, kind in ((_GONE, CardGone), (_NOBODY, NobodyThere), (_REFUSED, CardRefused)):
        if code in codes:
            return kind(code)
    if code == "missing_scope" and isinstance(data, dict):
        return NotAllowed(f"missing_scope: needs {data.get('needed')}, was granted {data.get('provided')}")
    # Codes that we do not know are for the operator to read; nothing is given up over them.
    return NotAllowed(code)


def _pause(headers: Any) -> float:
    text = str(headers.get("Retry-After") or "1")
    return min(float(text), 3600.0) if text.isascii() and text.isdigit() else 1.0


async def called(call: Callable[[], Awaitable[Any]]) -> dict[str, Any]:
    """Make a call of Slack's Web API; its answer, or a failure of `bot.ports`."""
    return await _called(call)
