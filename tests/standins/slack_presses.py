"""What a person can press in a message, as Slack tells the app of it.

https://docs.slack.dev/reference/interaction-payloads/block_actions-payload
"""

from collections.abc import Iterable, Iterator
from typing import Any

_TOLD_OF_A_MENU = ("type", "action_id", "placeholder", "initial_option", "confirm")


CONVERSATIONS = "conversations_select"


def presses_of(element: dict[str, Any], channels: Iterable[str] = ()) -> Iterator[dict[str, Any]]:
    """Every way to press an element: a button in one, a menu once for each of its options, or of the channels."""
    if "options" not in element and element.get("type") != CONVERSATIONS:
        yield dict(element)
    told = {name: element[name] for name in _TOLD_OF_A_MENU if name in element}
    for option in element.get("options", ()):
        yield {**told, "selected_option": option}
    for channel in channels if element.get("type") == CONVERSATIONS else ():
        yield {"type": CONVERSATIONS, "action_id": element["action_id"], "selected_conversation": channel}


def chosen_value(press: dict[str, Any]) -> str | None:
    """The value of a press: the button's own, or that of the chosen option, or the chosen channel."""
    if "selected_conversation" in press:
        return str(press["selected_conversation"])
    told = press.get("selected_option", press).get("value")
    return None if told is None else str(told)
