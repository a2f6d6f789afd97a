"""`twotick manifest`: what to paste at Slack and at Google, filled with PUBLIC_URL."""

import json
import sys
from argparse import Namespace
from typing import Any

from tracker.cli.parsers import Commands
from tracker.settings import load_settings
from tracker.web.addon import paths

# What is called today, and nothing that is only planned: each scope is a question to whoever installs the app.
SLACK_SCOPES = ("chat:write", "commands", "im:history", "im:write", "users:read", "users:read.email")
GOOGLE_SCOPES = (
    "https://www.googleapis.com/auth/gmail.addons.execute",
    # Puts the picture into a mail that is being written, and saves the draft of a tracked reply.
    "https://www.googleapis.com/auth/gmail.addons.current.action.compose",
    # Tells who the mail that is being written goes to, and the head of the mail that is open: what a reply answers.
    "https://www.googleapis.com/auth/gmail.addons.current.message.metadata",
    # The address in the token that says who asks.
    "https://www.googleapis.com/auth/userinfo.email",
    # The time zone in which "today" is meant.
    "https://www.googleapis.com/auth/script.locale",
)
LOGO = "https://www.gstatic.com/images/icons/material/system/1x/done_all_black_48dp.png"


def add_to(commands: Commands) -> None:
    parser = commands.add_parser("manifest", help="what to paste at Slack or Google to set Twotick up there")
    parser.add_argument("what", choices=("slack", "addon"), help="the Slack app's manifest, or the Gmail add-on's")
    parser.set_defaults(run=_run)


async def _run(arguments: Namespace) -> int:
    manifest = {"slack": slack_manifest, "addon": addon_manifest}[arguments.what]
    public_url = load_settings().public_url
    print(json.dumps(manifest(public_url), indent=2, ensure_ascii=False))
    if not public_url.startswith("https://"):
        print(f"twotick: PUBLIC_URL is {public_url}; Slack and Google call https addresses only", file=sys.stderr)
    return 0


def slack_manifest(public_url: str) -> dict[str, Any]:
    """The Slack app: one command, buttons, direct messages. It listens to no events, as none is answered yet."""
    address = f"{public_url.rstrip('/')}/slack/events"
    command = {
        "command": "/opens",
        "url": address,
        "description": "Who read your mail, when, how often",
        "usage_hint": "[name, subject, unopened 3d, help]",
        "should_escape": False,
    }
    messages_only = {"home_tab_enabled": False, "messages_tab_enabled": True, "messages_tab_read_only_enabled": True}
    return {
        "display_information": {"name": "Twotick", "description": "Two ticks when they have read it."},
        "features": {
            "app_home": messages_only,
            "bot_user": {"display_name": "Twotick", "always_online": True},
            "slash_commands": [command],
        },
        "oauth_config": {"scopes": {"bot": list(SLACK_SCOPES)}},
        "settings": {
            "interactivity": {"is_enabled": True, "request_url": address},
            "org_deploy_enabled": False,
            "socket_mode_enabled": False,
            "token_rotation_enabled": False,
        },
    }


def addon_manifest(public_url: str) -> dict[str, Any]:
    """The add-on's deployment: which of our addresses Google calls when."""

    def address(path: str) -> str:
        return f"{public_url.rstrip('/')}{path}"

    return {
        "oauthScopes": list(GOOGLE_SCOPES),
        "addOns": {
            "common": {
                "name": "Twotick",
                "logoUrl": LOGO,
                "useLocaleFromApp": True,
                "homepageTrigger": {"runFunction": address(paths.HOME)},
                "universalActions": [
                    {"label": "Settings", "runFunction": address(paths.SETTINGS)},
                    {"label": "Open Twotick", "openLink": address("/")},
                ],
            },
            "gmail": {
                "contextualTriggers": [{"unconditional": {}, "onTriggerFunction": address(paths.MESSAGE)}],
                # Manifests in the wild say selectActions[].text where Google's protos say actions[].label.
                "composeTrigger": {
                    "selectActions": [{"text": "Track with Twotick", "runFunction": address(paths.COMPOSE)}],
                    "draftAccess": "METADATA",
                },
            },
            "httpOptions": {"authorizationHeader": "SYSTEM_ID_TOKEN"},
        },
    }
