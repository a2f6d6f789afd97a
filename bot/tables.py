"""Tables in cards, and the same as plain lines for a workspace that does not draw them.

Limits: https://docs.slack.dev/reference/block-kit/blocks/table-block (100 rows, 20 columns, one a message).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.blocks import Block, context, section
from bot.plaintext import escape, one_line

KIND = "table"
MAX_ROWS = 100
_MAX_CELL = 200
_ROWS_A_SECTION = 20


@dataclass(frozen=True, slots=True)
class Person:
    """A cell that names a member of the workspace; nobody is notified by it."""

    user: str


Cell = str | Person


def table(head: Sequence[str], rows: Sequence[Sequence[Cell]]) -> Block:
    """Rows under a head; all but the first column are numbers, and stand at the right."""
    settings = [{"align": "left"}, *[{"align": "right"}] * (len(head) - 1)]
    shown = [head, *rows[: MAX_ROWS - 1]]
    return {"type": KIND, "rows": [[_cell(cell) for cell in row] for row in shown], "column_settings": settings}


def as_lines(block: Block) -> list[Block]:
    """The same as sections, a line a row: the first cell in bold, the others with their column's name."""
    head, *rows = [[_words(cell) for cell in row] for row in block["rows"]]
    lines = [
        f"*{first}* · " + " · ".join(f"{name} {cell}" for name, cell in zip(head[1:], rest, strict=True))
        for first, *rest in rows
    ]
    parts = [lines[start : start + _ROWS_A_SECTION] for start in range(0, len(lines), _ROWS_A_SECTION)]
    return [section(*part) for part in parts] or [context("Nothing to show yet")]


def _cell(cell: Cell) -> Block:
    if isinstance(cell, Person):
        named = {"type": "user", "user_id": cell.user}
        return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [named]}]}
    return {"type": "raw_text", "text": one_line(cell, _MAX_CELL) or "–"}


def _words(cell: Block) -> str:
    if cell["type"] == "raw_text":
        return escape(cell["text"], _MAX_CELL)
    return f"<@{cell['elements'][0]['elements'][0]['user_id']}>"
