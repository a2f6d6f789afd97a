"""Home tabs and modals of the stand-in for Slack: triggers that are spent, hashes that are checked, limits by surface.

https://docs.slack.dev/surfaces/modals and /reference/views
"""

import copy
import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.standins.slack_blocks import faults_of
from tracker.clock import Clock

View = dict[str, Any]
TRIGGER_SECONDS = 3
MOST_PUSHED = 3  # modals on top of each other
_MOST_BLOCKS, _MOST_TITLE, _MOST_METADATA, _MOST_BYTES = 100, 24, 3000, 250_000
_COMMON = {"type", "blocks", "private_metadata", "callback_id", "external_id"}
_KEYS = {
    "home": _COMMON,
    "modal": _COMMON | {"title", "close", "submit", "clear_on_close", "notify_on_close", "submit_disabled"},
}
_NOT_IN_VIEWS = {"table", "data_visualization", "markdown"}


class ViewRefused(Exception):
    """Slack's code, and its complaints about a view that it will not show."""

    def __init__(self, error: str, complaints: list[str] | None = None) -> None:
        super().__init__(error)
        self.complaints = complaints


@dataclass
class Trigger:
    user: str
    until: datetime
    used: bool = False


@dataclass
class Views:
    """What each person sees in the app's Home, and in the modals on top of it."""

    clock: Clock
    homes: dict[str, View] = field(default_factory=dict)
    modals: dict[str, list[View]] = field(default_factory=dict)
    home_enabled: bool = True
    _triggers: dict[str, Trigger] = field(default_factory=dict)

    def trigger(self, user: str) -> str:
        """What lets the app open one modal for a person, once and for three seconds."""
        name = f"{secrets.randbelow(10**9)}.{secrets.token_hex(8)}"
        self._triggers[name] = Trigger(user, self.clock() + timedelta(seconds=TRIGGER_SECONDS))
        return name

    def publish(self, user: str, view: View, expected: str | None) -> View:
        if not self.home_enabled:
            raise ViewRefused("not_enabled")
        shown = self.homes.get(user)
        if expected and (shown is None or shown["hash"] != expected):
            raise ViewRefused("hash_conflict")
        self.homes[user] = self._made(user, view, "home", (shown or {}).get("id"))
        return self.homes[user]

    def open(self, trigger_id: str, view: View) -> View:
        _checked(view, "modal")
        user = self._spent(trigger_id)
        self.modals[user] = [self._made(user, view, "modal", None)]
        return self.modals[user][0]

    def push(self, trigger_id: str, view: View) -> View:
        _checked(view, "modal")
        user = self._spent(trigger_id)
        if not self.modals.get(user):
            raise ViewRefused("not_found")
        if len(self.modals[user]) >= MOST_PUSHED:
            raise ViewRefused("push_limit_reached")
        self.modals[user].append(self._made(user, view, "modal", None))
        return self.modals[user][-1]

    def update(self, view_id: str, view: View, expected: str | None) -> View:
        user, place = self._place(view_id)
        shown = self.modals[user][place]
        if expected and shown["hash"] != expected:
            raise ViewRefused("hash_conflict")
        self.modals[user][place] = self._made(user, view, "modal", view_id)
        return self.modals[user][place]

    def close(self, user: str) -> None:
        """A person closes the modal on top."""
        self.modals[user].pop()

    def _place(self, view_id: str) -> tuple[str, int]:
        for user, stack in self.modals.items():
            for place, view in enumerate(stack):
                if view["id"] == view_id:
                    return user, place
        raise ViewRefused("not_found")

    def _spent(self, trigger_id: str) -> str:
        trigger = self._triggers.get(trigger_id)
        if trigger is None:
            raise ViewRefused("invalid_trigger_id")
        if trigger.used:
            raise ViewRefused("exchanged_trigger_id")
        if self.clock() > trigger.until:
            raise ViewRefused("expired_trigger_id")
        trigger.used = True
        return trigger.user

    def _made(self, user: str, view: View, kind: str, view_id: str | None) -> View:
        _checked(view, kind)
        blocks = [{**block, "block_id": block.get("block_id") or secrets.token_hex(3)} for block in view["blocks"]]
        own = {"id": view_id or f"V{secrets.token_hex(5).upper()}", "hash": secrets.token_hex(8)}
        given = {"private_metadata": "", "callback_id": "", **copy.deepcopy(view), "blocks": copy.deepcopy(blocks)}
        return {**given, **own, "state": {"values": {}}, "user": user}


def _checked(view: Any, kind: str) -> None:
    if faults := list(view_faults(view, kind)):
        raise ViewRefused("invalid_arguments", faults)
    if len(json.dumps(view)) > _MOST_BYTES:
        raise ViewRefused("view_too_large")


def view_faults(view: Any, kind: str) -> Iterator[str]:
    """What Slack refuses about a view on this surface."""
    if not isinstance(view, dict) or view.get("type") != kind:
        yield f"[ERROR] must be a view of type {kind} [json-pointer:/view/type]"
        return
    for key in sorted(set(view) - _KEYS[kind]):
        yield f"[ERROR] additional property {key!r} not allowed [json-pointer:/view]"
    blocks = view.get("blocks")
    yield from faults_of(blocks, most=_MOST_BLOCKS)
    kinds = {block.get("type") for block in blocks if isinstance(block, dict)} if isinstance(blocks, list) else set()
    for refused in sorted(kinds & _NOT_IN_VIEWS):
        yield f"[ERROR] unsupported type: {refused} [json-pointer:/view/blocks]"
    if len(view.get("private_metadata") or "") > _MOST_METADATA:
        yield f"[ERROR] must be less than {_MOST_METADATA + 1} characters [json-pointer:/view/private_metadata]"
    if kind == "modal":
        yield from _frame_faults(view, needs_submit="input" in kinds)


def _frame_faults(view: View, *, needs_submit: bool) -> Iterator[str]:
    for key in ("title", "submit", "close"):
        text = view.get(key)
        if text is None:
            if key == "title" or (key == "submit" and needs_submit):
                yield f"[ERROR] missing required field: {key} [json-pointer:/view]"
            continue
        good = isinstance(text, dict) and text.get("type") == "plain_text"
        if not good or not 0 < len(str(text.get("text") or "")) <= _MOST_TITLE:
            yield f"[ERROR] must be plain text of 1 to {_MOST_TITLE} characters [json-pointer:/view/{key}]"
