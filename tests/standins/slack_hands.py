"""What a person does outside of messages: opens Home, presses there and in modals, calls shortcuts, hands in forms."""

import asyncio
import copy
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.standins.slack_blocks import elements_of
from tests.standins.slack_person import Person
from tests.standins.slack_presses import chosen_value, presses_of
from tests.standins.slack_views import View
from tests.standins.slack_words import words_of
from tests.standins.slack_workspace import Workspace
from tracker.clock import Clock

WAIT = 5.0
_INITIAL = {
    "plain_text_input": ("value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "checkboxes": ("selected_options", "initial_options"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
}


@dataclass
class HandedIn:
    """What came of pressing a form's button: complaints beside its fields, or none of them."""

    answered: bool
    errors: Mapping[str, str]


class Hands:
    def __init__(self, user: str, workspace: Workspace, person: Callable[[], Person], clock: Clock) -> None:
        self._user = user
        self._workspace = workspace
        self._person = person
        self._clock = clock

    @property
    def home(self) -> View | None:
        return copy.deepcopy(self._workspace.views.homes.get(self._user))

    @property
    def modal(self) -> View | None:
        """The modal on top."""
        stack = self._workspace.views.modals.get(self._user)
        return copy.deepcopy(stack[-1]) if stack else None

    async def opens_home(self, tab: str = "home", wait: float = WAIT) -> View:
        before = (self.home or {}).get("hash")
        shown = {"view": self.home} if self.home else {}
        event = {"type": "app_home_opened", "user": self._user, "channel": self._workspace.dm(self._user), "tab": tab}
        body = {
            "team_id": self._workspace.team_id,
            "api_app_id": "A0TWOTICK",
            "event": {**event, **shown},
            "type": "event_callback",
            "event_id": f"Ev{secrets.token_hex(5).upper()}",
            "event_time": int(self._clock().timestamp()),
        }
        assert await self._person().tell(json.dumps(body).encode(), {}), "the app does not acknowledge events"
        await self.sees(lambda: self.home and self.home["hash"] != before, "Home is drawn", wait)
        return self.home or {}

    async def press(self, view: View, action_id: str, value: str | None = None) -> None:
        """Press or choose something in a view, as it was when they saw it."""
        pressed = next(
            {**press, "block_id": block["block_id"]}
            for block in view["blocks"]
            for element in elements_of(block)
            if element.get("action_id") == action_id
            for press in presses_of(element, self._workspace.channels)
            if value in (None, chosen_value(press))
        )
        acknowledged = await self._sent(
            {
                "type": "block_actions",
                "container": {"type": "view", "view_id": view["id"]},
                "view": {**view, "state": {"values": _values(view, {})}},
                "actions": [{**pressed, "action_ts": str(self._clock().timestamp())}],
                "trigger_id": self._workspace.views.trigger(self._user),
            }
        )
        assert acknowledged is not None, f"the app does not acknowledge {action_id}"

    async def shortcut(self, callback_id: str) -> None:
        """Call a global shortcut."""
        trigger = self._workspace.views.trigger(self._user)
        sent = await self._sent({"type": "shortcut", "callback_id": callback_id, "trigger_id": trigger})
        assert sent is not None, f"the app does not acknowledge {callback_id}"

    async def message_shortcut(self, callback_id: str, text: str) -> None:
        """Call a shortcut on somebody's message."""
        payload = {
            "type": "message_action",
            "callback_id": callback_id,
            "trigger_id": self._workspace.views.trigger(self._user),
            "channel": {"id": "C0GENERAL", "name": "general"},
            "message": {"type": "message", "user": "U0SOMEBODY", "ts": "1.2", "text": text},
            "message_ts": "1.2",
            "response_url": "https://hooks.slack.example/never-used",
        }
        assert await self._sent(payload) is not None, f"the app does not acknowledge {callback_id}"

    async def hand_in(self, view: View, **fields: Any) -> HandedIn:
        """Fill a modal's fields in, by their blocks' names, and press its button."""
        values = _values(view, fields)
        answer = await self._sent({"type": "view_submission", "view": {**view, "state": {"values": values}}})
        if answer is None:
            return HandedIn(False, {})
        said = json.loads(answer) if answer.strip() else {}
        views = self._workspace.views
        match said.get("response_action"):
            case None:
                views.close(self._user)
            case "errors":
                inputs = {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
                assert said["errors"], "complaints about nothing"
                assert set(said["errors"]) <= inputs, f"no fields of this form: {said['errors']}"
                return HandedIn(True, said["errors"])
            case "update":
                views.update(view["id"], said["view"], None)
            case other:
                raise AssertionError(f"not imitated: {other}")
        return HandedIn(True, {})

    async def sees(self, happens: Callable[[], Any], what: str, wait: float = WAIT) -> None:
        deadline = asyncio.get_running_loop().time() + wait
        while not happens():
            assert asyncio.get_running_loop().time() < deadline, f"waited in vain: {what}"
            await asyncio.sleep(0.01)

    async def reads(self, words: str, wait: float = WAIT) -> View:
        """Wait for a modal with these words; that modal."""

        def there() -> bool:
            return words in (words_of(self.modal) if self.modal else "")

        await self.sees(there, f"a modal says “{words}”, and not {words_of(self.modal or {})!r}", wait)
        return self.modal or {}

    async def reads_at_home(self, words: str, wait: float = WAIT) -> View:
        await self.sees(lambda: words in words_of(self.home or {}), f"Home says “{words}”", wait)
        return self.home or {}

    async def _sent(self, payload: dict[str, Any]) -> str | None:
        team = self._workspace.team_id
        user = {"id": self._user, "username": self._user.lower(), "team_id": team}
        who = {"user": user, "team": {"id": team, "domain": "stand-in"}, "api_app_id": "A0TWOTICK", "token": "old"}
        return await self._person().hand_in({**who, **payload})


def _values(view: View, fields: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The state of a form: what it came with, and what was filled in. Options are named by their values."""
    values: dict[str, dict[str, Any]] = {}
    for block in view["blocks"]:
        for element in elements_of(block):
            if element["type"] in _INITIAL:
                name, initial = _INITIAL[element["type"]]
                given = _given(element, fields[block["block_id"]]) if block["block_id"] in fields else None
                first = element.get(initial, [] if name == "selected_options" else None)
                state = {"type": element["type"], name: first if given is None else given}
                values.setdefault(block["block_id"], {})[element["action_id"]] = state
    return values


def _given(element: dict[str, Any], value: Any) -> Any:
    options = {option["value"]: option for option in element.get("options", ())}
    if element["type"] == "checkboxes":
        return [options[one] for one in value]
    return options[value] if element["type"] == "static_select" else value
