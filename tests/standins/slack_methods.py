"""Slack's Web API as the stand-in speaks it: each method's scope, arguments, refusals and answer."""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.standins.slack_messages import (
    cursor_of,
    delete_message,
    history,
    limit_of,
    needed,
    post_message,
    replies,
    update_message,
)
from tests.standins.slack_refusals import Answer, Arguments, Refusal
from tests.standins.slack_views import View, ViewRefused
from tests.standins.slack_workspace import Workspace

MAX_ALT = 1_000


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


def users_conversations(workspace: Workspace, arguments: Arguments) -> Answer:
    """The channels that a person is in: private ones only where the bot is in them, too."""
    user, kinds = str(arguments.get("user") or workspace.bot_user), str(arguments.get("types") or "public_channel")
    if user not in workspace.users and user != workspace.bot_user:
        raise Refusal("user_not_found")
    for kind in kinds.split(","):
        if kind not in ("public_channel", "private_channel"):
            raise Refusal("invalid_types")
        needed(workspace, "channels:read" if kind == "public_channel" else "groups:read")
    found = [
        {name: value for name, value in channel.items() if name != "members"}
        for channel in workspace.channels.values()
        if user in channel["members"]
        and not (channel.get("is_archived") and str(arguments.get("exclude_archived", "")).lower() in ("true", "1"))
        and ("private_channel" if channel["is_private"] else "public_channel") in kinds
        and (not channel["is_private"] or workspace.bot_user in channel["members"])
    ]
    limit, start = limit_of(arguments), int(cursor_of(arguments) or 0)
    page, more = found[start : start + limit], len(found) > start + limit
    cursor = base64.b64encode(str(start + limit).encode()).decode() if more else ""
    return {"channels": page, "response_metadata": {"next_cursor": cursor}}


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
