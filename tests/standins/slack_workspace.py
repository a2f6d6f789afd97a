"""The workspace behind the stand-in for Slack: its people, and what the bot said to them."""

import copy
import secrets
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from tests.standins.slack_files import Files
from tests.standins.slack_views import Views
from tracker.clock import Clock

Message = dict[str, Any]
SCOPES = frozenset(
    {
        *("chat:write", "commands", "im:write", "im:history", "users:read", "users:read.email", "files:write"),
        *("channels:read", "groups:read"),
    }
)


class Workspace:
    """People, direct messages, response URLs. Tells `on_change` whenever something changes."""

    def __init__(
        self, clock: Clock, on_change: Callable[[], object], team_id: str = "T0STANDIN", name: str = "Stand-in"
    ) -> None:
        self.team_id, self.bot_user, self.bot_id = team_id, "U0TWOTICK", "B0TWOTICK"
        self.name = name
        self.organisation = ""  # the one that installed the app for this workspace, too
        self.scopes = SCOPES
        self.draws_charts = True
        self.files = Files()
        self.views = Views(clock)
        self.users: dict[str, dict[str, Any]] = {}
        self._dms: dict[str, str] = {}
        self._messages: dict[str, list[Message]] = {}
        self.channels: dict[str, dict[str, Any]] = {}
        self._response_urls: dict[str, dict[str, Any]] = {}
        self._last = 0
        self._clock = clock
        self._on_change = on_change

    def add_user(self, user: str, name: str, email: str, tz: str) -> None:
        self.users[user] = {
            "id": user,
            "team_id": self.team_id,
            "name": name,
            "deleted": False,
            "tz": tz,
            "locale": "en-US",
            "profile": {"real_name": name, "email": email},
        }
        self._on_change()

    def add_channel(self, name: str, members: Iterable[str], *, private: bool = False) -> str:
        """A channel with these people; the bot is in it when it is one of them. Its id."""
        channel = f"C0{len(self.channels) + 1:04}{name.upper()[:4]}"
        self.channels[channel] = {"id": channel, "name": name, "is_private": private, "members": [*members]}
        self._messages[channel] = []
        return channel

    def archive(self, channel: str) -> None:
        self.channels[channel]["is_archived"] = True

    def leave(self, channel: str, user: str) -> None:
        self.channels[channel]["members"].remove(user)

    def lets_in(self, channel: str, user: str) -> bool:
        """Whether this is no channel, or one that this user is in."""
        return channel not in self.channels or user in self.channels[channel]["members"]

    def has_dm(self, user: str) -> bool:
        return user in self._dms

    def dm(self, user: str) -> str:
        """The channel of the direct messages with a person, opened where it is not."""
        if user not in self._dms:
            self._dms[user] = f"D0{len(self._dms) + 1:04}{user[-4:]}"
            self._messages[self._dms[user]] = []
        return self._dms[user]

    def knows(self, channel: str) -> bool:
        return channel in self._messages

    def said(self, channel: str) -> list[Message]:
        """What stands in a channel, oldest first, without what only one person saw."""
        return [message for message in self._messages.get(channel, []) if not message["ephemeral"]]

    def shown(self, user: str) -> list[Message]:
        """What a person sees in the direct messages with the bot."""
        return copy.deepcopy(self._messages.get(self._dms.get(user, ""), []))

    def find(self, user: str, ts: str) -> tuple[str, Message]:
        """A message that a person sees, and the channel it stands in."""
        seen = [self._dms[user]] if user in self._dms else []
        seen += [channel for channel in self.channels if self.lets_in(channel, user)]
        return next(
            (channel, message) for channel in seen for message in self._messages[channel] if message["ts"] == ts
        )

    def post(
        self, channel: str, content: dict[str, Any], *, ephemeral: bool = False, thread: Message | None = None
    ) -> Message:
        """Show a message in a channel, or under the first one of a thread."""
        facts = {"type": "message", "user": self.bot_user, "bot_id": self.bot_id, "ts": self._next_ts()}
        message = {**facts, **_numbered(content), "edited": None, "replies": [], "ephemeral": ephemeral}
        message.setdefault("metadata", None)
        if thread is not None:
            message["thread_ts"] = thread["ts"]
        (self._messages[channel] if thread is None else thread["replies"]).append(message)
        self._on_change()
        return message

    def edit(self, channel: str, message: Message, content: dict[str, Any]) -> None:
        message.update(_numbered(content))
        message["edited"] = {"user": self.bot_user, "ts": self._next_ts()}
        self._on_change()

    def delete(self, channel: str, ts: str) -> None:
        self._messages[channel] = [message for message in self._messages[channel] if message["ts"] != ts]
        self._on_change()

    def new_response_url(self, channel: str, original: str | None = None) -> str:
        """A key that answers privately, five times in thirty minutes; `original` is the message that was pressed."""
        key = secrets.token_urlsafe(16)
        self._response_urls[key] = {"channel": channel, "until": self._clock() + timedelta(minutes=30), "uses": 5}
        self._response_urls[key]["original"] = original
        return key

    def original_of(self, key: str) -> Message | None:
        """The message that a response URL may replace; None for that of a command, or when it was deleted."""
        kept = self._response_urls[key]
        return next((one for one in self._messages[kept["channel"]] if one["ts"] == kept["original"]), None)

    def use_response_url(self, key: str) -> str | None:
        """The channel to answer in; None when the key is unknown, used up or too old."""
        kept = self._response_urls.get(key)
        if kept is None or kept["uses"] == 0 or self._clock() > kept["until"]:
            return None
        kept["uses"] -= 1
        return str(kept["channel"])

    def snapshot(self) -> dict[str, Any]:
        kept = {"users": self.users, "dms": self._dms, "messages": self._messages, "last": self._last}
        kept["channels"] = self.channels
        return copy.deepcopy(kept)

    def restore(self, kept: dict[str, Any]) -> None:
        facts = copy.deepcopy(kept)
        self.users, self._dms, self._messages = facts["users"], facts["dms"], facts["messages"]
        self._last, self.channels = facts["last"], facts.get("channels", {})

    def _next_ts(self) -> str:
        """Time in microseconds, and never the same twice: it is a message's name."""
        self._last = max(self._last + 1, int(self._clock().timestamp() * 1_000_000))
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06}"


def _numbered(content: dict[str, Any]) -> dict[str, Any]:
    """Slack names the blocks that came without a name."""
    blocks = [{**block, "block_id": block.get("block_id") or secrets.token_hex(3)} for block in content["blocks"]]
    return {**content, "blocks": blocks}
