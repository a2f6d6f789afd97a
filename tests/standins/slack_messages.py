"""Messages as Slack's Web API takes them: said, changed, deleted, and looked for."""

import base64
from typing import Any

from tests.standins.slack_blocks import faults_of
from tests.standins.slack_refusals import Answer, Arguments, Refusal
from tests.standins.slack_workspace import Workspace

MAX_TEXT = 40_000
MAX_METADATA = 8_000


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
        needed(workspace, scope)
    limit = limit_of(arguments)
    oldest, latest = float(arguments.get("oldest") or 0), float(arguments.get("latest") or "inf")
    before = cursor_of(arguments)
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


def replies(workspace: Workspace, arguments: Arguments) -> Answer:
    """A thread from its first message on, which is always there; metadata only where it is asked for."""
    first = _thread(workspace, _channel(workspace, arguments), str(arguments["ts"]))
    assert first is not None
    limit, oldest = limit_of(arguments), float(arguments.get("oldest") or 0)
    after = cursor_of(arguments) or oldest
    found = [reply for reply in first["replies"] if float(reply["ts"]) > after]
    page = [first, *found[:limit]]
    with_metadata = str(arguments.get("include_all_metadata", "")).lower() in ("true", "1")
    shown = [_without(one, "replies", *(() if with_metadata else ("metadata",))) for one in page]
    more = len(found) > limit
    cursor = {"next_cursor": base64.b64encode(page[-1]["ts"].encode()).decode()} if more else {}
    return {"messages": shown, "has_more": more, **({"response_metadata": cursor} if more else {})}


def needed(workspace: Workspace, scope: str) -> None:
    """Raises Refusal for a scope that was not granted."""
    if scope not in workspace.scopes:
        raise Refusal("missing_scope", needed=scope, provided=",".join(sorted(workspace.scopes)))


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


def limit_of(arguments: Arguments) -> int:
    limit = str(arguments.get("limit") or 100)
    if not limit.isdigit() or not 0 < int(limit) < 1000:
        raise Refusal("invalid_limit")
    return int(limit)


def cursor_of(arguments: Arguments) -> float | None:
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
