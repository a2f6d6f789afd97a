"""What Slack refuses about what can be pressed, chosen and filled in.

https://docs.slack.dev/reference/block-kit/block-elements
"""

from collections.abc import Callable, Iterator
from typing import Any

from tests.standins.slack_presses import CONVERSATIONS
from tests.standins.slack_texts import Fault, fault, items_faults, length_faults, text_faults, unknown_keys

_BUTTON_KEYS = {"type", "text", "action_id", "url", "value", "style", "confirm", "accessibility_label"}
_OVERFLOW_KEYS = {"type", "action_id", "options", "confirm"}
_SELECT_KEYS = {*_OVERFLOW_KEYS, "placeholder", "initial_option", "focus_on_load"}
_CONVERSATIONS_KEYS = {
    *("type", "action_id", "placeholder", "initial_conversation", "default_to_current_conversation", "confirm"),
    *("response_url_enabled", "filter", "focus_on_load"),
}
_CONVERSATION_FILTER_KEYS = {"include", "exclude_external_shared_channels", "exclude_bot_users"}
_CONVERSATION_KINDS = ("im", "mpim", "private", "public")
_TEXT_INPUT_KEYS = {
    *("type", "action_id", "initial_value", "multiline", "min_length", "max_length", "placeholder"),
    *("focus_on_load", "dispatch_action_config"),
}
_CHECKBOXES_KEYS = {"type", "action_id", "options", "initial_options", "confirm", "focus_on_load"}
_OPTION_KEYS = {"text", "value", "description"}
_MOST_OVERFLOW, _MOST_OPTIONS = 5, 100


def element_faults(element: Any, at: str) -> Iterator[Fault]:
    check = _ELEMENTS.get(element.get("type")) if isinstance(element, dict) else None
    if check is None:
        yield fault(f"unsupported type: {element.get('type') if isinstance(element, dict) else element}", at)
        return
    yield from check(element, at)


def _button(element: dict[str, Any], at: str) -> Iterator[Fault]:
    yield from unknown_keys(element, _BUTTON_KEYS, at)
    yield from text_faults(element.get("text"), 75, f"{at}/text", ("plain_text",))
    for key, most in (("action_id", 255), ("value", 2000), ("url", 3000), ("accessibility_label", 75)):
        if key in element:
            yield from length_faults(element[key], 1, most, f"{at}/{key}")
    if "url" in element and not str(element["url"]).startswith(("https://", "http://", "mailto:")):
        yield fault("must be a valid URL", f"{at}/url")
    if element.get("style", "primary") not in ("primary", "danger"):
        yield fault("must be one of: primary, danger", f"{at}/style")


def _overflow(element: dict[str, Any], at: str) -> Iterator[Fault]:
    yield from unknown_keys(element, _OVERFLOW_KEYS, at)
    yield from _menu(element, _MOST_OVERFLOW, at, links=True)


def _select(element: dict[str, Any], at: str) -> Iterator[Fault]:
    yield from unknown_keys(element, _SELECT_KEYS, at)
    if "placeholder" in element:
        yield from text_faults(element["placeholder"], 150, f"{at}/placeholder", ("plain_text",))
    yield from _menu(element, _MOST_OPTIONS, at)
    if "initial_option" in element and element["initial_option"] not in (element.get("options") or ()):
        yield fault("must be one of the options", f"{at}/initial_option")


def _conversations(element: dict[str, Any], at: str) -> Iterator[Fault]:
    """Slack fills this menu; `response_url_enabled` works in modals alone."""
    yield from unknown_keys(element, _CONVERSATIONS_KEYS, at)
    yield from length_faults(element.get("action_id"), 1, 255, f"{at}/action_id")
    if "placeholder" in element:
        yield from text_faults(element["placeholder"], 150, f"{at}/placeholder", ("plain_text",))
    if "response_url_enabled" in element:
        yield fault("response_url_enabled is only for input blocks in modals", at)
    if "filter" in element:
        chosen = element["filter"]
        if not isinstance(chosen, dict) or not chosen:
            yield fault("must provide at least one filter", f"{at}/filter")
            return
        yield from unknown_keys(chosen, _CONVERSATION_FILTER_KEYS, f"{at}/filter")
        kinds = chosen.get("include", ["public"])
        if not isinstance(kinds, list) or not kinds or set(kinds) - set(_CONVERSATION_KINDS):
            yield fault(f"must be some of: {', '.join(_CONVERSATION_KINDS)}", f"{at}/filter/include")


def _text_input(element: dict[str, Any], at: str) -> Iterator[Fault]:
    yield from unknown_keys(element, _TEXT_INPUT_KEYS, at)
    most = element.get("max_length", 3000)
    if not isinstance(most, int) or not 1 <= most <= 3000:
        yield fault("must be between 1 and 3000", f"{at}/max_length")
    elif "initial_value" in element:
        yield from length_faults(element["initial_value"], 0, most, f"{at}/initial_value")
    if "placeholder" in element:
        yield from text_faults(element["placeholder"], 150, f"{at}/placeholder", ("plain_text",))


def _checkboxes(element: dict[str, Any], at: str) -> Iterator[Fault]:
    yield from unknown_keys(element, _CHECKBOXES_KEYS, at)
    yield from items_faults(element.get("options"), 10, f"{at}/options")
    for number, option in enumerate(element.get("options") or ()):
        yield from _option(option, f"{at}/options/{number}", kinds=("plain_text", "mrkdwn"))
    if "initial_options" in element:
        yield from items_faults(element["initial_options"], 10, f"{at}/initial_options")
        if any(one not in (element.get("options") or ()) for one in element["initial_options"]):
            yield fault("must be among the options", f"{at}/initial_options")


def _moment(element: dict[str, Any], at: str) -> Iterator[Fault]:
    yield from unknown_keys(element, {"type", "action_id", "initial_date_time", "confirm", "focus_on_load"}, at)
    moment = element.get("initial_date_time")
    if moment is not None and (not isinstance(moment, int) or len(str(moment)) != 10):
        yield fault("must be a UNIX time of 10 digits", f"{at}/initial_date_time")


def _menu(element: dict[str, Any], most: int, at: str, *, links: bool = False) -> Iterator[Fault]:
    """What a person chooses from: the payload of a press names the action and the value chosen."""
    if "action_id" in element:
        yield from length_faults(element["action_id"], 1, 255, f"{at}/action_id")
    yield from items_faults(element.get("options"), most, f"{at}/options")
    for number, option in enumerate(element.get("options") or ()):
        yield from _option(option, f"{at}/options/{number}", links=links)


def _option(option: Any, at: str, *, links: bool = False, kinds: tuple[str, ...] = ("plain_text",)) -> Iterator[Fault]:
    """Only an overflow menu's options may be links."""
    if not isinstance(option, dict):
        yield fault("must be an object", at)
        return
    yield from unknown_keys(option, _OPTION_KEYS | ({"url"} if links else set()), at)
    if "url" in option:
        yield from length_faults(option["url"], 1, 3000, f"{at}/url")
    yield from text_faults(option.get("text"), 75, f"{at}/text", kinds)
    yield from length_faults(option.get("value"), 1, 150, f"{at}/value")
    if "description" in option:
        yield from text_faults(option["description"], 75, f"{at}/description", kinds)


_ELEMENTS: dict[str, Callable[[dict[str, Any], str], Iterator[Fault]]] = {
    "button": _button,
    "overflow": _overflow,
    "static_select": _select,
    CONVERSATIONS: _conversations,
    "plain_text_input": _text_input,
    "checkboxes": _checkboxes,
    "datetimepicker": _moment,
}
