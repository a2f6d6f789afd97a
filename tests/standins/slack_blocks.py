"""What Slack refuses about blocks, said in the way Slack says it.

https://docs.slack.dev/reference/block-kit/blocks and /block-kit/block-elements
"""

from collections.abc import Callable, Iterator
from typing import Any

from tests.standins.slack_charts import KIND, MAX_CHARTS, chart_faults
from tests.standins.slack_elements import element_faults
from tests.standins.slack_texts import Fault, fault, items_faults, length_faults, text_faults, unknown_keys

MAX_BLOCKS = 50
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
    "input": {"label", "element", "hint", "optional", "dispatch_action"},
}


def faults_of(blocks: Any, *, draws_charts: bool = True, most: int = MAX_BLOCKS) -> list[Fault]:
    """Everything wrong with a message's blocks; none when Slack would show them. Not every workspace draws charts.

    A view holds more blocks than a message.
    """
    if not isinstance(blocks, list):
        return [fault("must be an array", "/blocks")]
    if len(blocks) > most:
        return [fault(f"no more than {most} items allowed", "/blocks")]
    charts = [block for block in blocks if isinstance(block, dict) and block.get("type") == KIND]
    if len(charts) > MAX_CHARTS or (charts and not draws_charts):
        return [fault(f"unsupported type: {KIND}, or too many of them", "/blocks")]
    found = [fault for number, block in enumerate(blocks) for fault in _block(block, f"/blocks/{number}")]
    if sum(isinstance(block, dict) and block.get("type") == "table" for block in blocks) > 1:
        found.append(fault("only_one_table_allowed", "/blocks"))
    return found + _repeated_block_ids(blocks)


def _block(block: Any, at: str) -> Iterator[Fault]:
    kind = block.get("type") if isinstance(block, dict) else None
    if kind not in _BLOCK_KEYS:
        yield fault(f"unsupported type: {kind}", f"{at}/type")
        return
    yield from unknown_keys(block, {"type", "block_id"} | _BLOCK_KEYS[kind], at)
    if "block_id" in block:
        yield from length_faults(block["block_id"], 1, 255, f"{at}/block_id")
    yield from _CHECKS.get(kind, _nothing)(block, at)
    yield from _repeated_action_ids(block, at)


def _section(block: dict[str, Any], at: str) -> Iterator[Fault]:
    if "text" not in block and "fields" not in block:
        yield fault("missing required field: text", at)
    if "text" in block:
        yield from text_faults(block["text"], 3000, f"{at}/text")
    if "fields" in block:
        yield from items_faults(block["fields"], 10, f"{at}/fields")
        for number, field in enumerate(block["fields"]):
            yield from text_faults(field, 2000, f"{at}/fields/{number}")
    if "accessory" in block:
        yield from element_faults(block["accessory"], f"{at}/accessory")


def _header(block: dict[str, Any], at: str) -> Iterator[Fault]:
    yield from text_faults(block.get("text"), 150, f"{at}/text", ("plain_text",))


def _context(block: dict[str, Any], at: str) -> Iterator[Fault]:
    yield from items_faults(block.get("elements"), 10, f"{at}/elements")
    for number, element in enumerate(block.get("elements") or ()):
        yield from text_faults(element, 3000, f"{at}/elements/{number}")


def _actions(block: dict[str, Any], at: str) -> Iterator[Fault]:
    yield from items_faults(block.get("elements"), 25, f"{at}/elements")
    for number, element in enumerate(block.get("elements") or ()):
        yield from element_faults(element, f"{at}/elements/{number}")


def _image(block: dict[str, Any], at: str) -> Iterator[Fault]:
    yield from length_faults(block.get("alt_text"), 1, 2000, f"{at}/alt_text")
    if ("image_url" in block) == ("slack_file" in block):
        yield fault("exactly one of image_url and slack_file is required", at)
    if "image_url" in block:
        yield from length_faults(block["image_url"], 1, 3000, f"{at}/image_url")


def _rows(block: dict[str, Any], at: str) -> Iterator[Fault]:
    yield from items_faults(block.get("rows"), 100, f"{at}/rows")
    if len({len(row) for row in block.get("rows") or ()}) > 1:
        yield fault("rows must have the same number of cells", f"{at}/rows")
    for number, row in enumerate(block.get("rows") or ()):
        yield from items_faults(row, 20, f"{at}/rows/{number}")
        for place, cell in enumerate(row):
            yield from _table_cell(cell, f"{at}/rows/{number}/{place}")


def _table_cell(cell: Any, at: str) -> Iterator[Fault]:
    kind = cell.get("type") if isinstance(cell, dict) else None
    if kind == "raw_text":
        yield from unknown_keys(cell, {"type", "text"}, at)
        yield from length_faults(cell.get("text"), 1, 10_000, f"{at}/text")
    elif kind == "rich_text":
        yield from items_faults(cell.get("elements"), 20, f"{at}/elements")
    else:
        yield fault("must be one of: raw_text, rich_text", f"{at}/type")


def _chart(block: dict[str, Any], at: str) -> Iterator[Fault]:
    for what, where in chart_faults(block, at):
        yield fault(what, where)


def _markdown(block: dict[str, Any], at: str) -> Iterator[Fault]:
    yield from length_faults(block.get("text"), 1, 12000, f"{at}/text")


def _input(block: dict[str, Any], at: str) -> Iterator[Fault]:
    yield from text_faults(block.get("label"), 2000, f"{at}/label", ("plain_text",))
    if "hint" in block:
        yield from text_faults(block["hint"], 2000, f"{at}/hint", ("plain_text",))
    yield from element_faults(block.get("element"), f"{at}/element")
    if (block.get("element") or {}).get("type") in ("button", "overflow"):
        yield fault("unsupported type in an input block", f"{at}/element")


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
    "input": _input,
}


def _repeated_block_ids(blocks: list[Any]) -> list[Fault]:
    ids = [block["block_id"] for block in blocks if isinstance(block, dict) and "block_id" in block]
    return [
        fault(f"`block_id` {one!r} already exists", "/blocks") for one in sorted({i for i in ids if ids.count(i) > 1})
    ]


def _repeated_action_ids(block: dict[str, Any], at: str) -> Iterator[Fault]:
    ids = [element.get("action_id") for element in elements_of(block) if element.get("action_id")]
    for one in sorted({i for i in ids if ids.count(i) > 1}):
        yield fault(f"`action_id` {one!r} already exists", at)


def elements_of(block: dict[str, Any]) -> list[dict[str, Any]]:
    """The interactive parts of a block."""
    inside = block.get("elements") if block.get("type") == "actions" else None
    found = [*(inside or ()), *(block[part] for part in ("accessory", "element") if part in block)]
    return [element for element in found if isinstance(element, dict)]
