"""Our app as Slack is told of it: its scopes, its addresses, and what Slack is to tell us."""

import json
from typing import Any
from urllib.parse import quote

# What is called today, and what the settings of the shown cards need; each scope is a question to whoever installs.
SLACK_SCOPES = (
    "chat:write",
    "commands",
    "files:write",
    "im:history",
    "im:write",
    "users:read",
    "users:read.email",
)
EVENTS = ("app_home_opened", "app_uninstalled", "tokens_revoked")
EVENTS_PATH = "/slack/events"
REDIRECT_PATH = "/slack/oauth_redirect"
_NEW_APP = "https://api.slack.com/apps?new_app=1&manifest_json="


def slack_manifest(public_url: str, *, over_socket: bool = False, many: bool = False) -> dict[str, Any]:
    """The Slack app: one command, buttons, direct messages, a home.

    Over a web socket Slack calls no address. `many` workspaces come by consent pages that lead back to us.
    """
    base = public_url.rstrip("/")
    address = {} if over_socket else {"request_url": base + EVENTS_PATH}
    redirects = {"redirect_urls": [base + REDIRECT_PATH]} if many else {}
    return {
        "display_information": {"name": "Twotick", "description": "Two ticks when they have read it."},
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": True,
            },
            "bot_user": {"display_name": "Twotick", "always_online": True},
            "slash_commands": [_command({} if over_socket else {"url": base + EVENTS_PATH})],
        },
        "oauth_config": {**redirects, "scopes": {"bot": list(SLACK_SCOPES)}},
        "settings": {
            "event_subscriptions": {**address, "bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True, **address},
            "org_deploy_enabled": many,
            "socket_mode_enabled": over_socket,
            "token_rotation_enabled": False,
        },
    }


def new_app_link(manifest: dict[str, Any]) -> str:
    """The address at which Slack asks for a workspace, and makes the app of this manifest there."""
    return _NEW_APP + quote(json.dumps(manifest, separators=(",", ":")), safe="")


def _command(address: dict[str, str]) -> dict[str, Any]:
    return {
        "command": "/opens",
        **address,
        "description": "Who read your mail, when, how often",
        "usage_hint": "[name, subject, unopened 3d, help]",
        "should_escape": False,
    }
