"""What Slack shows, as values: text that cannot misbehave, blocks within Slack's limits, cards.

Limits: https://docs.slack.dev/reference/block-kit/blocks and /methods/chat.postMessage.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.plaintext import escape, one_line, strip_marks

Block = dict[str, Any]
Choices = Sequence[tuple[str, str]]  # what a person reads, and what we are told when they choose it

MAX_BLOCKS = 50
MAX_SECTION = 3000
MAX_CONTEXT_ELEMENTS = 10
MAX_BUTTON = 75
MAX_HEADER = 150
MAX_VALUE = 2000
MAX_URL = 3000
MAX_ID = 255
MAX_ACTIONS = 25
MAX_PLACEHOLDER = 150
MAX_OPTIONS = 5  # an overflow menu holds five; nobody reads more in a select either
MAX_OPTION_VALUE = 150
MAX_TEXT = 4000  # Slack cuts at 40,000; a phone shows 100, and nothing of ours needs more


@dataclass(frozen=True, slots=True)
class Card:
    """What the bot says: the blocks, and `text`, which is what a phone's notification shows.

    An answer to a press that `replaces` takes the place of the card under which it was pressed.
    """

    text: str
    blocks: tuple[Block, ...] = ()
    replaces: bool = False


def when(at: datetime) -> str:
    """A moment in the reader's own words and timezone ("today at 9:41"), with UTC for clients that cannot."""
    return f"<!date^{int(at.timestamp())}^{{date_short_pretty}} at {{time}}|{at:%b %-d, %Y at %H:%M} UTC>"


def section(*lines: str, beside: Block | None = None) -> Block:
    """Lines of Slack's markdown, already escaped where they quote a person; whole lines are dropped to fit.

    `beside` is the button or menu on their right.
    """
    block: Block = {"type": "section", "text": _mrkdwn(_fitting(lines, MAX_SECTION))}
    return {**block, "accessory": beside} if beside else block


def header(text: str) -> Block:
    """A heading of our own words."""
    return {"type": "header", "text": _plain(text, MAX_HEADER)}


def context(*lines: str) -> Block:
    """Small grey text under what it explains."""
    shown = [_mrkdwn(_fitting((line,), MAX_SECTION)) for line in lines[:MAX_CONTEXT_ELEMENTS]]
    return {"type": "context", "elements": shown}


def actions(*buttons: Block) -> Block:
    return {"type": "actions", "elements": list(buttons[:MAX_ACTIONS])}


def button(text: str, action: str, value: str) -> Block:
    """A button that we hear of when it is pressed."""
    return {
        "type": "button",
        "text": _plain(text, MAX_BUTTON),
        "action_id": action[:MAX_ID],
        "value": value[:MAX_VALUE],
    }


def link_button(text: str, action: str, url: str) -> Block:
    """A button that opens a page; Slack tells us of the press all the same."""
    return {"type": "button", "text": _plain(text, MAX_BUTTON), "action_id": action[:MAX_ID], "url": url}


def overflow(action: str, options: Choices) -> Block:
    """A menu behind three dots."""
    return {"type": "overflow", "action_id": action[:MAX_ID], "options": _options(options)}


def select(placeholder: str, action: str, options: Choices) -> Block:
    """A menu that says what it is for."""
    return {
        "type": "static_select",
        "placeholder": _plain(placeholder, MAX_PLACEHOLDER),
        "action_id": action[:MAX_ID],
        "options": _options(options),
    }


def checked(card: Card) -> Card:
    """The card as Slack will take it: one that breaks a limit loses its blocks rather than being lost itself."""
    text = card.text if len(card.text) <= MAX_TEXT else _cut(card.text, MAX_TEXT)
    blocks = () if any(faults(card.blocks)) else card.blocks
    return replace(card, text=text or "Twotick has news for you.", blocks=blocks)


def faults(blocks: Sequence[Block]) -> Iterator[str]:
    """What Slack would refuse about these blocks, as far as we build them."""
    if len(blocks) > MAX_BLOCKS:
        yield f"{len(blocks)} blocks"
    for number, block in enumerate(blocks):
        for path, text, limit in _measured(block):
            if not 0 < len(text) <= limit:
                yield f"block {number}, {path}: {len(text)} characters, expected 1 to {limit}"
        if block["type"] in ("context", "actions") and not block["elements"]:
            yield f"block {number}: empty"


def _measured(block: Block) -> Iterator[tuple[str, str, int]]:
    if "text" in block:
        yield "text", block["text"]["text"], MAX_SECTION
    for element in [*block.get("elements", ()), *([block["accessory"]] if "accessory" in block else ())]:
        yield from _measured_element(element)


def _measured_element(element: Block) -> Iterator[tuple[str, str, int]]:
    if element["type"] == "mrkdwn":
        yield "line", element["text"], MAX_SECTION
        return
    yield "action_id", element["action_id"], MAX_ID
    if "url" in element:
        yield "url", element["url"], MAX_URL
    if element["type"] == "button":
        yield "button", element["text"]["text"], MAX_BUTTON
    for option in element.get("options", ()):
        yield "option", option["text"]["text"], MAX_BUTTON
        yield "value", option["value"], MAX_OPTION_VALUE


def _options(choices: Choices) -> list[Block]:
    return [{"text": _plain(text, MAX_BUTTON), "value": value} for text, value in choices[:MAX_OPTIONS]]


def _plain(text: str, limit: int) -> Block:
    return {"type": "plain_text", "text": one_line(text, limit), "emoji": False}


def _mrkdwn(text: str) -> Block:
    return {"type": "mrkdwn", "text": text}


def _fitting(lines: Sequence[str], limit: int) -> str:
    """As many whole lines as fit: cutting inside one could halve an entity or a date."""
    kept: list[str] = []
    for line in lines:
        if sum(map(len, kept)) + len(kept) + len(line) > limit - 2:
            return "\n".join([*kept, "…"]) if kept else _cut(line, limit)
        kept.append(line)
    return "\n".join(kept)


def _cut(text: str, limit: int) -> str:
    """A line that alone is too long loses its marks with its end, so that nothing is left half open."""
    return escape(strip_marks(text), limit // 5)
