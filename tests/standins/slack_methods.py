"""Slack's Web API as the stand-in speaks it: each method's scope, arguments, refusals and answer."""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.standins.slack_blocks import faults_of
from tests.standins.slack_views import View, ViewRefused
from tests.standins.slack_workspace import Workspace

Arguments = dict[str, Any]
Answer = dict[str, Any]
MAX_TEXT = 40_000
MAX_METADATA = 8_000
MAX_ALT = 1_000


class Refusal(Exception):
    """`ok: false`, with Slack's code and what comes along with it."""

    def __init__(self, error: str, **more: Any) -> None:
        super().__init__(error)
        self.answer = {"ok": False, "error": error, **more}


@dataclass(frozen=True)
class Method:
    act: Callable[[Workspace, Arguments], Answer]
    scope: str | None
    needs: tuple[str, ...] = ()


def auth_test(workspace: Workspace, arguments: Arguments) -> Answer:
    return {
        "team_id": workspace.team_id,
        "user_id": workspace.bot_user,
        "bot_id": workspace.bot_id,
        "team": workspace.name,
    }


def conversations_open(workspace: Workspace, arguments: Arguments) -> Answer:
    users = [user for user in str(arguments.get("users") or "").split(",") if user]
    if not users:
        raise Refusal("users_list_not_supplied")
    if len(users) > 1:
        raise Refusal("missing_scope", needed="mpim:write", provided=",".join(sorted(workspace.scopes)))
    if users[0] not in workspace.users:
        raise Refusal("user_not_found")
    if workspace.users[users[0]].get("deleted"):
        raise Refusal("user_disabled")
    there = workspace.has_dm(users[0])
    return {"channel": {"id": workspace.dm(users[0])}, **({"no_op": True, "already_open": True} if there else {})}


def post_message(workspace: Workspace, arguments: Arguments) -> Answer:
    channel = _spoken_in(workspace, arguments)
    content = content_of(workspace, arguments)
    thread = _thread(workspace, channel, str(arguments.get("thread_ts") or ""))
    message = workspace.post(channel, content, thread=thread)
    return {"channel": channel, "ts": message["ts"], "message": _without_private(message)}


def update_message(workspace: Workspace, arguments: Arguments) -> Answer:
    channel = _spoken_in(workspace, arguments)
    message = _message(workspace, channel, arguments)
    if message.get("bot_id") != workspace.bot_id:
        raise Refusal("cant_update_message")
    content = content_of(workspace, arguments)
    workspace.edit(channel, message, content)
    return {"channel": channel, "ts": message["ts"], "text": message["text"], "message": _without_private(message)}


def delete_message(workspace: Workspace, arguments: Arguments) -> Answer:
    channel = _channel(workspace, arguments)
    message = _message(workspace, channel, arguments)
    if message.get("bot_id") != workspace.bot_id:
        raise Refusal("cant_delete_message")
    workspace.delete(channel, message["ts"])
    return {"channel": channel, "ts": message["ts"]}


def history(workspace: Workspace, arguments: Arguments) -> Answer:
    """Newest first, in pages; metadata only where it is asked for."""
    channel = _channel(workspace, arguments)
    if channel in workspace.channels:
        scope = "groups:history" if workspace.channels[channel]["is_private"] else "channels:history"
        _needed(workspace, scope)
    limit = _limit(arguments)
    oldest, latest = float(arguments.get("oldest") or 0), float(arguments.get("latest") or "inf")
    before = _cursor(arguments)
    found = [
        message
        for message in reversed(workspace.said(channel))
        if oldest < float(message["ts"]) < latest and (before is None or float(message["ts"]) < before)
    ]
    page, more = found[:limit], len(found) > limit
    with_metadata = str(arguments.get("include_all_metadata", "")).lower() in ("true", "1")
    shown = [message if with_metadata else _without(message, "metadata") for message in page]
    after = {"response_metadata": {"next_cursor": base64.b64encode(page[-1]["ts"].encode()).decode()}} if more else {}
    return {"messages": shown, "has_more": more, **after}


def users_conversations(workspace: Workspace, arguments: Arguments) -> Answer:
    """The channels that a person is in: private ones only where the bot is in them, too."""
    user, kinds = str(arguments.get("user") or workspace.bot_user), str(arguments.get("types") or "public_channel")
    if user not in workspace.users and user != workspace.bot_user:
        raise Refusal("user_not_found")
    for kind in kinds.split(","):
        if kind not in ("public_channel", "private_channel"):
            raise Refusal("invalid_types")
        _needed(workspace, "channels:read" if kind == "public_channel" else "groups:read")
    found = [
        {name: value for name, value in channel.items() if name != "members"}
        for channel in workspace.channels.values()
        if user in channel["members"]
        and not (channel.get("is_archived") and str(arguments.get("exclude_archived", "")).lower() in ("true", "1"))
        and ("private_channel" if channel["is_private"] else "public_channel") in kinds
        and (not channel["is_private"] or workspace.bot_user in channel["members"])
    ]
    limit, start = _limit(arguments), int(_cursor(arguments) or 0)
    page, more = found[start : start + limit], len(found) > start + limit
    cursor = base64.b64encode(str(start + limit).encode()).decode() if more else ""
    return {"channels": page, "response_metadata": {"next_cursor": cursor}}


def _needed(workspace: Workspace, scope: str) -> None:
    if scope not in workspace.scopes:
        raise Refusal("missing_scope", needed=scope, provided=",".join(sorted(workspace.scopes)))


def replies(workspace: Workspace, arguments: Arguments) -> Answer:
    """A thread from its first message on, which is always there; metadata only where it is asked for."""
    first = _thread(workspace, _channel(workspace, arguments), str(arguments["ts"]))
    assert first is not None
    limit, oldest = _limit(arguments), float(arguments.get("oldest") or 0)
    after = _cursor(arguments) or oldest
    found = [reply for reply in first["replies"] if float(reply["ts"]) > after]
    page = [first, *found[:limit]]
    with_metadata = str(arguments.get("include_all_metadata", "")).lower() in ("true", "1")
    shown = [_without(one, "replies", *(() if with_metadata else ("metadata",))) for one in page]
    more = len(found) > limit
    cursor = {"next_cursor": base64.b64encode(page[-1]["ts"].encode()).decode()} if more else {}
    return {"messages": shown, "has_more": more, **({"response_metadata": cursor} if more else {})}


def users_info(workspace: Workspace, arguments: Arguments) -> Answer:
    if arguments["user"] not in workspace.users:
        raise Refusal("user_not_found")
    return {"user": workspace.users[arguments["user"]]}


def users_lookup_by_email(workspace: Workspace, arguments: Arguments) -> Answer:
    """Living people only; Slack compares addresses whatever their case, and finds neither bots nor deactivated."""
    email = str(arguments["email"]).strip().lower()
    found = [
        user
        for user in workspace.users.values()
        if email and user["profile"]["email"].lower() == email and not user["deleted"]
    ]
    if not found:
        raise Refusal("users_not_found")
    return {"user": found[0]}


def upload_address(workspace: Workspace, arguments: Arguments) -> Answer:
    if not str(arguments["length"]).isdigit() or not int(arguments["length"]):
        raise Refusal("invalid_arguments")
    alt = str(arguments.get("alt_txt") or "")
    if len(alt) > MAX_ALT:
        raise Refusal("alt_txt_too_large")
    file_id, key = workspace.files.announced(str(arguments["filename"]), int(arguments["length"]), alt)
    return {"file_id": file_id, "upload_url": key}  # the stand-in's server makes an address of the key


def complete_upload(workspace: Workspace, arguments: Arguments) -> Answer:
    """Without a channel the file stays private to the app, which may show it in its own messages."""
    given = arguments["files"]
    files = json.loads(given) if isinstance(given, str) else given  # Slack takes the list as JSON text, too
    if not isinstance(files, list) or not all(workspace.files.completed(str(one.get("id"))) for one in files):
        raise Refusal("file_not_found")
    return {"files": [{"id": one["id"], "title": one.get("title")} for one in files]}


def publish_view(workspace: Workspace, arguments: Arguments) -> Answer:
    user = str(arguments["user_id"])
    if user not in workspace.users:
        raise Refusal("user_not_found")
    return _shown(lambda: workspace.views.publish(user, _view(arguments), arguments.get("hash")))


def open_view(workspace: Workspace, arguments: Arguments) -> Answer:
    return _shown(lambda: workspace.views.open(str(arguments["trigger_id"]), _view(arguments)))


def push_view(workspace: Workspace, arguments: Arguments) -> Answer:
    return _shown(lambda: workspace.views.push(str(arguments["trigger_id"]), _view(arguments)))


def update_view(workspace: Workspace, arguments: Arguments) -> Answer:
    view_id = str(arguments.get("view_id") or "")
    return _shown(lambda: workspace.views.update(view_id, _view(arguments), arguments.get("hash")))


def _view(arguments: Arguments) -> Any:
    view = arguments["view"]
    return json.loads(view) if isinstance(view, str) else view  # Slack takes the view as JSON text, too


def _shown(show: Callable[[], View]) -> Answer:
    try:
        return {"view": show()}
    except ViewRefused as refused:
        complaints = {"response_metadata": {"messages": refused.complaints}} if refused.complaints else {}
        raise Refusal(str(refused), **complaints) from None


METHODS = {
    "api.test": Method(lambda workspace, arguments: {}, None),
    "auth.test": Method(auth_test, None),
    "conversations.open": Method(conversations_open, "im:write"),
    "conversations.history": Method(history, "im:history", ("channel",)),
    "conversations.replies": Method(replies, "im:history", ("channel", "ts")),
    "chat.postMessage": Method(post_message, "chat:write", ("channel",)),
    "chat.update": Method(update_message, "chat:write", ("channel", "ts")),
    "chat.delete": Method(delete_message, "chat:write", ("channel", "ts")),
    "users.lookupByEmail": Method(users_lookup_by_email, "users:read.email", ("email",)),
    "files.getUploadURLExternal": Method(upload_address, "files:write", ("filename", "length")),
    "files.completeUploadExternal": Method(complete_upload, "files:write", ("files",)),
    "users.conversations": Method(users_conversations, None),
    "users.info": Method(users_info, "users:read", ("user",)),
    "views.publish": Method(publish_view, None, ("user_id", "view")),
    "views.open": Method(open_view, None, ("trigger_id", "view")),
    "views.push": Method(push_view, None, ("trigger_id", "view")),
    "views.update": Method(update_view, None, ("view_id", "view")),
}


def called(workspace: Workspace, name: str, arguments: Arguments) -> Answer:
    """Carry out a call of an authorized caller. Raises Refusal."""
    method = METHODS.get(name)
    if method is None:
        raise Refusal("unknown_method", req_method=name)
    if method.scope and method.scope not in workspace.scopes:
        raise Refusal("missing_scope", needed=method.scope, provided=",".join(sorted(workspace.scopes)))
    missing = [need for need in method.needs if not arguments.get(need)]
    if missing:
        complaints = [f"[ERROR] missing required field: {need}" for need in missing]
        raise Refusal("invalid_arguments", response_metadata={"messages": complaints})
    return {"ok": True, **method.act(workspace, arguments)}


def _channel(workspace: Workspace, arguments: Arguments) -> str:
    """A channel that the bot can see; private ones that it is not in do not exist for it."""
    channel = str(arguments["channel"])
    facts = workspace.channels.get(channel, {})
    if not workspace.knows(channel) or (facts.get("is_private") and not workspace.lets_in(channel, workspace.bot_user)):
        raise Refusal("channel_not_found")
    if not workspace.lets_in(channel, workspace.bot_user):
        raise Refusal("not_in_channel")
    return channel


def _spoken_in(workspace: Workspace, arguments: Arguments) -> str:
    """A channel in which the bot can say and change things."""
    channel = _channel(workspace, arguments)
    if workspace.channels.get(channel, {}).get("is_archived"):
        raise Refusal("is_archived")
    return channel


def _message(workspace: Workspace, channel: str, arguments: Arguments) -> dict[str, Any]:
    told = [one for first in workspace.said(channel) for one in (first, *first["replies"])]
    message = next((one for one in told if one["ts"] == str(arguments["ts"])), None)
    if message is None:
        raise Refusal("message_not_found")
    return message


def _thread(workspace: Workspace, channel: str, ts: str) -> dict[str, Any] | None:
    """The message that a thread hangs on; None where there is to be no thread."""
    first = next((one for one in workspace.said(channel) if one["ts"] == ts), None)
    if ts and first is None:
        raise Refusal("thread_not_found")
    return first


def content_of(workspace: Workspace, arguments: Arguments) -> dict[str, Any]:
    """The checked content of a post or an update."""
    text, blocks = arguments.get("text"), arguments.get("blocks")
    if text is not None and not isinstance(text, str):
        raise Refusal("invalid_arguments")
    if not text and not blocks:
        raise Refusal("no_text")
    if len(text or "") > MAX_TEXT:
        raise Refusal("msg_too_long")
    found = faults_of(blocks, draws_charts=workspace.draws_charts) if blocks is not None else []
    found += [
        "[ERROR] invalid slack file"
        for block in blocks or ()
        if isinstance(block, dict) and "slack_file" in block and not workspace.files.shows(block)
    ]
    if found:
        raise Refusal("invalid_blocks", errors=found, response_metadata={"messages": found})
    content = {"text": text or "", "blocks": blocks or []}
    return (
        {**content, "metadata": _metadata(arguments["metadata"])} if arguments.get("metadata") is not None else content
    )


def _metadata(metadata: Any) -> dict[str, Any]:
    if metadata == {}:
        return {}
    good = isinstance(metadata, dict) and set(metadata) == {"event_type", "event_payload"}
    if not good or not isinstance(metadata["event_type"], str) or not isinstance(metadata["event_payload"], dict):
        raise Refusal("invalid_metadata_format")
    if len(str(metadata)) > MAX_METADATA:
        raise Refusal("metadata_too_large")
    return metadata


def _limit(arguments: Arguments) -> int:
    limit = str(arguments.get("limit") or 100)
    if not limit.isdigit() or not 0 < int(limit) < 1000:
        raise Refusal("invalid_limit")
    return int(limit)


def _cursor(arguments: Arguments) -> float | None:
    if not arguments.get("cursor"):
        return None
    try:
        return float(base64.b64decode(arguments["cursor"]))
    except ValueError:
        raise Refusal("invalid_cursor") from None


def _without(message: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in message.items() if name not in names}


def _without_private(message: dict[str, Any]) -> dict[str, Any]:
    return _without(message, "ephemeral", "replies")
