"""The app asks for the scopes of what the bot calls, for the events it listens to, and for nothing else."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.standins.slack_methods import METHODS
from tracker.slack_app import EVENTS, SLACK_SCOPES, slack_manifest
from tracker.slack_shortcuts import SEND_AS_MAIL, SEND_TRACKED

BOT = Path(__file__).parent.parent.parent / "bot"
# What slack_sdk calls under one name, and what is called with another token than the bot's.
UPLOAD = ("files.getUploadURLExternal", "files.completeUploadExternal")
WITHOUT_BOT = {"apps.connections.open", "oauth.v2.access"}
FAMILIES = ("api", "apps", "auth", "chat", "conversations", "files", "users", "views")
# https://docs.slack.dev/reference/methods: what a method's scope depends on
BY_ARGUMENT = {"users.conversations": {"channels:read", "groups:read"}}
BY_NATURE = {"/opens and the shortcuts": {"commands"}}


def called() -> set[str]:
    """The methods of Slack's Web API that the bot calls, as its source has them."""
    return {method for file in BOT.rglob("*.py") for method in _called_in(ast.parse(file.read_text()))}


def _called_in(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        family, _, name = node.func.attr.partition("_")
        if node.func.attr == "files_upload_v2":
            yield from UPLOAD
        elif node.func.attr == "api_call":
            yield from (one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str))
        elif family in FAMILIES and name:
            yield f"{family}.{name.replace('_', '.')}"


def test_the_source_names_the_methods_that_we_think_it_does() -> None:
    assert {"chat.postMessage", "views.open", "users.conversations", "oauth.v2.access", *UPLOAD} <= called()


def test_every_scope_that_a_call_needs_is_asked_for_and_no_other() -> None:
    methods = called() - WITHOUT_BOT
    assert methods <= set(METHODS), "the stand-in does not know what these need"

    needed = {scope for method in methods if (scope := METHODS[method].scope)}
    needed |= {scope for method in methods for scope in BY_ARGUMENT.get(method, ())}
    needed |= {scope for scopes in BY_NATURE.values() for scope in scopes}
    assert needed == set(SLACK_SCOPES)


def test_every_event_that_slack_tells_has_a_listener() -> None:
    source = "".join(file.read_text() for file in BOT.rglob("*.py"))

    assert {event for event in EVENTS if f'"{event}"' in source} == set(EVENTS)


@pytest.mark.parametrize("callback", [SEND_TRACKED, SEND_AS_MAIL])
def test_every_shortcut_that_is_answered_is_in_the_manifest(callback: str) -> None:
    shortcuts = slack_manifest("https://track.example")["features"]["shortcuts"]

    assert callback in {shortcut["callback_id"] for shortcut in shortcuts}
    assert all(len(shortcut["name"]) <= 24 and len(shortcut["description"]) <= 150 for shortcut in shortcuts)
