"""Home and modals as values: what they show within Slack's limits, and the fields that people fill in.

Limits: https://docs.slack.dev/reference/views and /reference/block-kit/block-elements.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.blocks import MAX_BUTTON, MAX_OPTION_VALUE, Block, Card, Choices, faults, section
from bot.plaintext import one_line, sentence

View = dict[str, Any]

MORE = "more"  # the action of the menus behind three dots; their values name a press and what it is about
LINK = "link"  # the value of a choice that is a page: the browser does the rest
MAX_VIEW_BLOCKS = 100
MAX_MEMORY = 3000
MAX_INPUT = 3000
MAX_CHOICES = 100
_MAX_TITLE = 24
_MAX_LABEL = 150
_NOT_HERE = ("table", "data_visualization", "markdown")


@dataclass(frozen=True, slots=True)
class Home:
    """What a person sees in the app's own tab."""

    blocks: tuple[Block, ...]

    @property
    def view(self) -> View:
        return {"type": "home", "blocks": list(_drawable(self.blocks))}


@dataclass(frozen=True, slots=True)
class Modal:
    """A window over everything; with `submit`, its fields are handed in under the name `form`.

    `memory` comes back with whatever is pressed in it.
    """

    title: str
    blocks: tuple[Block, ...]
    submit: str = ""
    form: str = ""
    memory: str = ""

    @property
    def view(self) -> View:
        made: View = {
            "type": "modal",
            "title": _plain(self.title, _MAX_TITLE),
            "close": _plain("Close", _MAX_TITLE),
            "blocks": list(_drawable(self.blocks)),
            "private_metadata": self.memory[:MAX_MEMORY],
        }
        if self.form:
            made["callback_id"] = self.form
        return {**made, "submit": _plain(self.submit, _MAX_TITLE)} if self.submit else made


def card_modal(card: Card, memory: str = "") -> Modal:
    """A card, in a window of its own."""
    return Modal("Twotick", card.blocks or (section(card.text),), memory=memory)


def wait_modal(memory: str = "") -> Modal:
    """What stands there while the answer takes longer than Slack lets a window wait."""
    return Modal("Twotick", (section("One moment…"),), memory=memory)


def field(name: str, label: str, element: Block, *, hint: str = "", optional: bool = False) -> Block:
    """Something to fill in, known by its name when it is handed in."""
    made: Block = {
        "type": "input",
        "block_id": name,
        "label": _plain(label, _MAX_LABEL),
        "element": {**element, "action_id": name},
        "optional": optional,
    }
    return {**made, "hint": _plain(hint, _MAX_LABEL)} if hint else made


def text_input(value: str = "", *, lines: bool = False, most: int = MAX_INPUT, example: str = "") -> Block:
    made: Block = {"type": "plain_text_input", "multiline": lines, "max_length": most}
    if example:
        made["placeholder"] = _plain(example, _MAX_LABEL)
    return {**made, "initial_value": value[:most]} if value else made


def checkboxes(choices: Choices, chosen: Sequence[str] = ()) -> Block:
    options = [_option(text, value) for text, value in choices]
    first = [option for option in options if option["value"] in chosen]
    made: Block = {"type": "checkboxes", "options": options}
    return {**made, "initial_options": first} if first else made


def menu(choices: Choices, chosen: str = "", action: str = "", placeholder: str = "Choose…") -> Block:
    """A menu that shows what is chosen."""
    options = [_option(text, value) for text, value in choices[:MAX_CHOICES] if len(value) <= MAX_OPTION_VALUE]
    made: Block = {"type": "static_select", "options": options, "placeholder": _plain(placeholder, _MAX_LABEL)}
    first = next((option for option in options if option["value"] == chosen), None)
    named = {**made, "action_id": action} if action else made
    return {**named, "initial_option": first} if first else named


def moment_input(chosen: int = 0) -> Block:
    """A day and a time on the person's own clock; `chosen` is in epoch seconds, 0 for none."""
    return {"type": "datetimepicker", **({"initial_date_time": chosen} if chosen else {})}


def setting(title: str, value: str, effect: str, beside: Block) -> Block:
    """How something stands, under its name: on a line of its own, so that on no phone a word of it is left alone."""
    return section(f"*{title}*", f"{sentence(value)} · {effect}", beside=beside)


def more_menu(choices: Choices, link: tuple[str, str] | None = None) -> Block:
    """A menu behind three dots; `link` is the words and the address of a page that it opens, too."""
    options = [_option(text, value) for text, value in choices]
    if link:
        options.append({**_option(link[0], LINK), "url": link[1]})
    return {"type": "overflow", "action_id": MORE, "options": options[:5]}


def _drawable(blocks: Sequence[Block]) -> Sequence[Block]:
    """What a view can show; one that breaks a limit is left out rather than taking the others with it."""
    kept = [block for block in blocks if block["type"] not in _NOT_HERE and not any(faults([block]))]
    return kept[:MAX_VIEW_BLOCKS]


def _option(text: str, value: str) -> Block:
    return {"text": _plain(text, MAX_BUTTON), "value": value}


def _plain(text: str, limit: int) -> Block:
    return {"type": "plain_text", "text": one_line(text, limit), "emoji": False}
