"""The app's manifest is one that Slack takes, for every way to run it.

The schema is that of https://docs.slack.dev/reference/app-manifest
"""

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tracker.slack_app import EVENTS, SLACK_SCOPES, new_app_link, slack_manifest

URL = "https://track.example/twotick/"
WAYS = [{}, {"over_socket": True}, {"many": True}, {"over_socket": True, "many": True}]
EVERY = {
    "display_information": {"name", "description", "background_color", "long_description"},
    "features": {"app_home", "bot_user", "shortcuts", "slash_commands", "unfurl_domains", "workflow_steps"},
    "features.app_home": {"home_tab_enabled", "messages_tab_enabled", "messages_tab_read_only_enabled"},
    "features.bot_user": {"display_name", "always_online"},
    "features.slash_commands": {"command", "description", "should_escape", "url", "usage_hint"},
    "features.shortcuts": {"type", "callback_id", "description", "name"},
    "oauth_config": {"redirect_urls", "scopes", "token_management_enabled"},
    "oauth_config.scopes": {"bot", "user", "bot_optional", "user_optional"},
    "settings": {
        *("event_subscriptions", "interactivity", "org_deploy_enabled", "socket_mode_enabled"),
        *("token_rotation_enabled", "allowed_ip_address_ranges"),
    },
    "settings.event_subscriptions": {"request_url", "bot_events", "user_events"},
    "settings.interactivity": {"is_enabled", "request_url", "message_menu_options_url"},
}
FLAGS = re.compile("(enabled|online|escape)$")


def unknown_keys(value: Any, at: str = "") -> list[str]:
    """Every key that Slack's schema has no place for, and every value of the wrong kind."""
    if isinstance(value, list):
        return [fault for one in value for fault in unknown_keys(one, at)] if at in EVERY else []
    if not isinstance(value, dict):
        return []
    allowed = EVERY.get(at, {"_metadata", "display_information", "features", "oauth_config", "settings"})
    faults = [f"{at}.{key}" for key in value if key not in allowed]
    faults += [f"{at}.{key} is no flag" for key in value if FLAGS.search(key) and not isinstance(value[key], bool)]
    for key, inner in value.items():
        faults += unknown_keys(inner, f"{at}.{key}".lstrip("."))
    return faults


@pytest.mark.parametrize("way", WAYS)
def test_slacks_schema_has_a_place_for_everything_in_it(way: dict[str, bool]) -> None:
    assert unknown_keys(slack_manifest(URL, **way)) == []


@pytest.mark.parametrize("way", WAYS)
def test_it_keeps_slacks_limits(way: dict[str, bool]) -> None:
    manifest = slack_manifest(URL, **way)
    shown, [command] = manifest["display_information"], manifest["features"]["slash_commands"]

    assert len(shown["name"]) <= 35
    assert len(shown["description"]) <= 140
    assert len(manifest["features"]["bot_user"]["display_name"]) <= 80
    assert re.fullmatch(r"/[a-z0-9_-]{1,31}", command["command"])
    assert len(command["description"]) <= 2000
    assert len(command["usage_hint"]) <= 1000
    assert len(manifest["oauth_config"]["scopes"]["bot"]) <= 255
    assert len(manifest["settings"]["event_subscriptions"]["bot_events"]) <= 100


def test_over_http_slack_sends_everything_to_the_one_address_that_answers() -> None:
    assert set(re.findall(r"https://[^\"]+", json.dumps(slack_manifest(URL)))) == {
        "https://track.example/twotick/slack/events"
    }


def test_over_http_every_way_in_has_an_address() -> None:
    manifest = slack_manifest(URL)

    assert manifest["features"]["slash_commands"][0]["url"]
    assert manifest["settings"]["event_subscriptions"]["request_url"]
    assert manifest["settings"]["interactivity"]["request_url"]
    assert manifest["settings"]["socket_mode_enabled"] is False


def test_over_the_socket_slack_is_given_no_address() -> None:
    manifest = slack_manifest(URL, over_socket=True)

    assert "https://" not in json.dumps(manifest)
    assert manifest["settings"]["socket_mode_enabled"] is True


@pytest.mark.parametrize("over_socket", [False, True])
def test_for_many_workspaces_consent_leads_back_to_us(over_socket: bool) -> None:
    manifest = slack_manifest(URL, over_socket=over_socket, many=True)

    assert manifest["oauth_config"]["redirect_urls"] == ["https://track.example/twotick/slack/oauth_redirect"]
    assert manifest["settings"]["org_deploy_enabled"] is True


def test_people_can_read_messages_and_a_home_and_write_to_nobody() -> None:
    assert slack_manifest(URL)["features"]["app_home"] == {
        "home_tab_enabled": True,
        "messages_tab_enabled": True,
        "messages_tab_read_only_enabled": True,
    }


@pytest.mark.parametrize("way", WAYS)
def test_tokens_rotate_only_where_an_operator_says_so_at_slack(way: dict[str, bool]) -> None:
    assert slack_manifest(URL, **way)["settings"]["token_rotation_enabled"] is False


def test_no_scope_and_no_event_is_named_twice() -> None:
    assert len(set(SLACK_SCOPES)) == len(SLACK_SCOPES)
    assert len(set(EVENTS)) == len(EVENTS)


@pytest.mark.parametrize("way", WAYS)
def test_a_link_makes_the_app_of_this_very_manifest(way: dict[str, bool]) -> None:
    manifest = slack_manifest(URL, **way)

    link = urlsplit(new_app_link(manifest))
    asked = parse_qs(link.query, strict_parsing=True)

    assert (link.scheme, link.netloc, link.path, asked["new_app"]) == ("https", "api.slack.com", "/apps", ["1"])
    assert json.loads(asked["manifest_json"][0]) == manifest
    assert len(link.geturl()) < 8000


def test_the_readmes_link_makes_the_app_as_it_is_now() -> None:
    readme = (Path(__file__).parent.parent.parent / "README.md").read_text()

    [link] = re.findall(r"^\[socket-app\]: (\S+)$", readme, re.MULTILINE)

    assert link == new_app_link(slack_manifest("", over_socket=True))
