"""`twotick manifest`: what to paste at Slack and at Google, filled with PUBLIC_URL."""

import json
import sys
from argparse import Namespace
from typing import Any

from tracker.cli.failing import Failed
from tracker.cli.parsers import Commands
from tracker.settings import Settings, load_settings
from tracker.slack_app import new_app_link, slack_manifest
from tracker.web.addon import paths

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
    parser.add_argument("--socket", action="store_true", help="for Slack's Socket Mode, which needs no public address")
    parser.add_argument("--many", action="store_true", help="for many Slack workspaces, by /slack/install")
    parser.add_argument("--link", action="store_true", help="an address instead, at which Slack makes the app of it")
    parser.set_defaults(run=_run)


async def _run(arguments: Namespace) -> int:
    settings = load_settings()
    if arguments.what == "addon":
        if arguments.socket or arguments.many or arguments.link:
            raise Failed("--socket, --many and --link are about Slack's manifest only.")
        print(_shown(addon_manifest(settings.public_url)))
    else:
        manifest = _slack_manifest(arguments, settings)
        print(new_app_link(manifest) if arguments.link else _shown(manifest))
    _warn_about(settings.public_url, called=arguments.many or not (arguments.socket or settings.slack_app_token))
    return 0


def _slack_manifest(arguments: Namespace, settings: Settings) -> dict[str, Any]:
    """What is asked for, or else what the settings say."""
    over_socket = arguments.socket or bool(settings.slack_app_token)
    many = arguments.many or settings.many_workspaces
    return slack_manifest(settings.public_url, over_socket=over_socket, many=many)


def _shown(manifest: dict[str, Any]) -> str:
    return json.dumps(manifest, indent=2, ensure_ascii=False)


def _warn_about(public_url: str, *, called: bool) -> None:
    if called and not public_url.startswith("https://"):
        print(f"twotick: PUBLIC_URL is {public_url}; Slack and Google call https addresses only", file=sys.stderr)


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
