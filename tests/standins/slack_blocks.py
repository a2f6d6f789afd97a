"""What Slack refuses about blocks, said in the way Slack says it.

https://docs.slack.dev/reference/block-kit/blocks and /block-kit/block-elements
"""

from collections.abc import Callable, Iterator
from typing import Any

from tests.standins.slack_charts import KIND, MAX_CHARTS, chart_faults

MAX_BLOCKS = 50
Fault = str
_TEXT_KEYS = {"plain_text": {"type", "text", "emoji"}, "mrkdwn": {"type", "text", "verbatim"}}
_BLOCK_KEYS = {
    "section": {"text", "fields", "accessory", "expand"},
    "header": {"text"},
    "context": {"elements"},
    "actions": {"elements"},
    "divider": set[str](),
    "image": {"image_url", "slack_file", "alt_text", "title"},
    "rich_text": {"elements"},
    "table": {"rows", "column_settings"},
    "markdown": {"text"},
    KIND: {"title", "chart"},
}
_BUTTON_KEYS = {"type", "text", "action_id", "url", "value", "style", "confirm", "accessibility_label"}

_OVERFLOW_KEYS = {"type", "action_id", "options", "confirm"}
_SELECT_KEYS = {*_OVERFLOW_KEYS, "placeholder", "initial_option", "focus_on_load"}
_OPTION_KEYS = {"text", "value", "description"}
_MOST_OVERFLOW, _MOST_OPTIONS = 5, 100


def faults_of(blocks: Any, *, draws_charts: bool = True) -> list[Fault]:
    """Everything wrong with a message's blocks; none when Slack would show them. Not every workspace draws charts."""
    if not isinstance(blocks, list):
        return [_fault("must be an array", "/blocks")]
    if len(blocks) > MAX_BLOCKS:
        return [_fault(f"no more than {MAX_BLOCKS} items allowed", "/blocks")]
    charts = [block for block in blocks if isinstance(block, dict) and block.get("type") == KIND]
    if len(charts) > MAX_CHARTS or (charts and not draws_charts):
        return [_fault(f"unsupported type: {KIND}, or too many of them", "/blocks")]
    found = [fault for number, block in enumerate(blocks) for fault in _block(block, f"/blocks/{number}")]
    return found + _repeated_block_ids(blocks)


def _block(block: Any, at: str) -> Iterator[Fault]:
    kind = block.get("type") if isinstance(block, dict) else None
    if kind not in _BLOCK_KEYS:
        yield _fault(f"unsupported type: {kind}", f"{at}/type")
        return
    yield from _no_other_keys(block, {"type", "block_id"} | _BLOCK_KEYS[kind], at)
    if "block_id" in block:
        yield from _length(block["block_id"], 1, 255, f"{at}/block_id")
    yield from _CHECKS.get(kind, _nothing)(block, at)
    yield from _repeated_action_ids(block, at)


def _section(block: dict[str, Any], at: str) -> Iterator[Fault]:
    if "text" not in block and "fields" not in block:
        yield _fault("missing required field: text", at)
    if "text" in block:
        yield from _text(block["text"], 3000, f"{at}/text")
    if "fields" in block:
        yield from _items(block["fields"], 10, f"{at}/fields")
        for number, field in enumerate(block["fields"]):
            yield from _text(field, 2000, f"{at}/fields/{number}")
    if "accessory" in block:
        yield from _element(block["accessory"], f"{at}/accessory")


def _header(block: dict[str, Any], at: str) -> Iterator[Fault]:
    yield from _text(block.get("text"), 150, f"{at}/text", ("plain_text",))


def _context(block: dict[str, Any], at: str) -> Iterator[Fault]:
    yield from _items(block.get("elements"), 10, f"{at}/elements")
    for number, element in enumerate(block.get("elements") or ()):
        yield from _text(element, 3000, f"{at}/elements/{number}")


def _actions(block: dict[str, Any], at: str) -> Iterator[Fault]:
    yield from _items(block.get("elements"), 25, f"{at}/elements")
    for number, element in enumerate(block.get("elements") or ()):
        yield from _element(element, f"{at}/elements/{number}")


def _image(block: dict[str, Any], at: str) -> Iterator[Fault]:
    yield from _length(block.get("alt_text"), 1, 2000, f"{at}/alt_text")
    if ("image_url" in block) == ("slack_file" in block):
        yield _fault("exactly one of image_url and slack_file is required", at)
    if "image_url" in block:
        yield from _length(block["image_url"], 1, 3000, f"{at}/image_url")


def _rows(block: dict[str, Any], at: str) -> Iterator[Fault]:
    yield from _items(block.get("rows"), 100, f"{at}/rows")
    if len({len(row) for row in block.get("rows") or ()}) > 1:
        yield _fault("rows must have the same number of cells", f"{at}/rows")


def _chart(block: dict[str, Any], at: str) -> Iterator[Fault]:
    for what, where in chart_faults(block, at):
        yield _fault(what, where)


def _markdown(block: dict[str, Any], at: str) -> Iterator[Fault]:
    yield from _length(block.get("text"), 1, 12000, f"{at}/text")


def _nothing(block: dict[str, Any], at: str) -> Iterator[Fault]:
    return iter(())


_CHECKS: dict[str, Callable[[dict[str, Any], str], Iterator[Fault]]] = {
    "section": _section,
    "header": _header,
    "context": _context,
    "actions": _actions,
    "image": _image,
    "table": _rows,
    "markdown": _markdown,
    KIND: _chart,
}


def _element(element: Any, at: str) -> Iterator[Fault]:
    check = _ELEMENTS.get(element.get("type")) if isinstance(element, dict) else None
    if check is None:
        yield _fault(f"unsupported type: {element.get('type') if isinstance(element, dict) else element}", at)
        return
    yield from check(element, at)


def _button(element: dict[str, Any], at: str) -> Iterator[Fault]:
    yield from _no_other_keys(element, _BUTTON_KEYS, at)
    yield from _text(element.get("text"), 75, f"{at}/text", ("plain_text",))
    for key, most in (("action_id", 255), ("value", 2000), ("url", 3000), ("accessibility_label", 75)):
        if key in element:
            yield from _length(element[key], 1, most, f"{at}/{key}")
    if "url" in element and not str(element["url"]).startswith(("https://", "http://", "mailto:")):
        yield _fault("must be a valid URL", f"{at}/url")
    if element.get("style", "primary") not in ("primary", "danger"):
        yield _fault("must be one of: primary, danger", f"{at}/style")


def _overflow(element: dict[str, Any], at: str) -> Iterator[Fault]:
    yield from _no_other_keys(element, _OVERFLOW_KEYS, at)
    yield from _menu(element, _MOST_OVERFLOW, at)


def _select(element: dict[str, Any], at: str) -> Iterator[Fault]:
    yield from _no_other_keys(element, _SELECT_KEYS, at)
    if "placeholder" in element:
        yield from _text(element["placeholder"], 150, f"{at}/placeholder", ("plain_text",))
    yield from _menu(element, _MOST_OPTIONS, at)
    if "initial_option" in element and element["initial_option"] not in (element.get("options") or ()):
        yield _fault("must be one of the options", f"{at}/initial_option")


def _menu(element: dict[str, Any], most: int, at: str) -> Iterator[Fault]:
    """What a person chooses from: the payload of a press names the action and the value chosen."""
    if "action_id" in element:
        yield from _length(element["action_id"], 1, 255, f"{at}/action_id")
    yield from _items(element.get("options"), most, f"{at}/options")
    for number, option in enumerate(element.get("options") or ()):
        yield from _option(option, f"{at}/options/{number}")


def _option(option: Any, at: str) -> Iterator[Fault]:
    if not isinstance(option, dict):
        yield _fault("must be an object", at)
        return
    yield from _no_other_keys(option, _OPTION_KEYS, at)
    yield from _text(option.get("text"), 75, f"{at}/text", ("plain_text",))
    yield from _length(option.get("value"), 1, 150, f"{at}/value")
    if "description" in option:
        yield from _text(option["description"], 75, f"{at}/description", ("plain_text",))


_ELEMENTS: dict[str, Callable[[dict[str, Any], str], Iterator[Fault]]] = {
    "button": _button,
    "overflow": _overflow,
    "static_select": _select,
}


def _text(text: Any, most: int, at: str, kinds: tuple[str, ...] = ("plain_text", "mrkdwn")) -> Iterator[Fault]:
    if not isinstance(text, dict) or text.get("type") not in kinds:
        yield _fault(f"must be a text object of type {' or '.join(kinds)}", at)
        return
    yield from _no_other_keys(text, _TEXT_KEYS[text["type"]], at)
    yield from _length(text.get("text"), 1, most, f"{at}/text")


def _items(items: Any, most: int, at: str) -> Iterator[Fault]:
    if not isinstance(items, list) or not items:
        yield _fault("must provide at least 1 item", at)
    elif len(items) > most:
        yield _fault(f"no more than {most} items allowed", at)


def _length(text: Any, least: int, most: int, at: str) -> Iterator[Fault]:
    if not isinstance(text, str):
        yield _fault("must be a string", at)
    elif len(text) < least:
        yield _fault(f"must be more than {least - 1} characters", at)
    elif len(text) > most:
        yield _fault(f"must be less than {most + 1} characters", at)


def _no_other_keys(given: dict[str, Any], known: set[str], at: str) -> Iterator[Fault]:
    for key in sorted(set(given) - known):
        yield _fault(f"additional property {key!r} not allowed", at)


def _repeated_block_ids(blocks: list[Any]) -> list[Fault]:
    ids = [block["block_id"] for block in blocks if isinstance(block, dict) and "block_id" in block]
    return [
        _fault(f"`block_id` {one!r} already exists", "/blocks") for one in sorted({i for i in ids if ids.count(i) > 1})
    ]


def _repeated_action_ids(block: dict[str, Any], at: str) -> Iterator[Fault]:
    ids = [element.get("action_id") for element in elements_of(block) if element.get("action_id")]
    for one in sorted({i for i in ids if ids.count(i) > 1}):
        yield _fault(f"`action_id` {one!r} already exists", at)


def elements_of(block: dict[str, Any]) -> list[dict[str, Any]]:
    """The interactive parts of a block."""
    inside = block.get("elements") if block.get("type") == "actions" else None
    found = [*(inside or ()), *([block["accessory"]] if "accessory" in block else ())]
    return [element for element in found if isinstance(element, dict)]


def _fault(what: str, at: str) -> Fault:
    return f"[ERROR] {what} [json-pointer:{at}]"
