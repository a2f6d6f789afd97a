"""Google's cards and widgets as JSON, within their limits, with strangers' words made harmless."""

import html
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Json = dict[str, Any]
Address = Callable[[str], str]

MOST_WIDGETS = 100  # in a card; Google drops what is beyond
_UNSEEN = ("Cc", "Cf", "Cs", "Zl", "Zp")
_BRACKETS = str.maketrans("<>", "‹›")


def card(title: str, subtitle: str, *sections: Json) -> Json:
    """A card; sections without widgets are left out, as Google refuses them."""
    header = {"title": title, "subtitle": subtitle} if subtitle else {"title": title}
    return {"header": header, "sections": [section for section in sections if section["widgets"]]}


def section(header: str, *widgets: Json, collapsed_to: int | None = None) -> Json:
    made: Json = {"header": header} if header else {}
    made["widgets"] = list(widgets)
    if collapsed_to is not None and len(widgets) > collapsed_to:
        made |= {"collapsible": True, "uncollapsibleWidgetsCount": collapsed_to}
    return made


def words(text: str) -> Json:
    """A paragraph; `text` may hold Google's few tags, so that what strangers wrote must come through `said`."""
    return {"textParagraph": {"text": text}}


def line(text: str, above: str = "", below: str = "", button: Json | None = None, link: str = "") -> Json:
    """A line with smaller lines around it, and a button at its end; pressed elsewhere, it opens the link."""
    made: Json = {"text": text, "wrapText": True}
    if above:
        made["topLabel"] = above
    if below:
        made["bottomLabel"] = below
    if button:
        made["button"] = button
    if link:
        made["onClick"] = {"openLink": {"url": link}}
    return {"decoratedText": made}


def switch(name: str, text: str, below: str, *, on: bool, action: Json | None = None) -> Json:
    control: Json = {"name": name, "value": "on", "selected": on, "controlType": "SWITCH"}
    if action:
        control["onChangeAction"] = action
    return {"decoratedText": {"text": text, "bottomLabel": below, "wrapText": True, "switchControl": control}}


def choice(name: str, label: str, options: Sequence[tuple[str, str]], chosen: str, action: Json) -> Json:
    """A drop-down of (value, text)."""
    items = [{"text": text, "value": value, "selected": value == chosen} for value, text in options]
    return {
        "selectionInput": {
            "name": name,
            "label": label,
            "type": "DROPDOWN",
            "items": items,
            "onChangeAction": action,
        }
    }


def buttons(*made: Json) -> Json:
    return {"buttonList": {"buttons": list(made)}}


def button(text: str, action: Json, *, filled: bool = False) -> Json:
    made: Json = {"text": text, "onClick": {"action": action}}
    return made | {"type": "FILLED"} if filled else made


def way_out(text: str, url: str) -> Json:
    """A button that opens a page; when it is closed, the add-on is asked for its card anew."""
    return {"text": text, "type": "FILLED", "onClick": {"openLink": {"url": url, "onClose": "RELOAD"}}}


def press(address: str, parameters: Mapping[str, str] | None = None) -> Json:
    """What Google calls when something is pressed; the card stays usable with its inputs kept."""
    made: Json = {"function": address, "loadIndicator": "SPINNER", "persistValues": True}
    if parameters:
        made["parameters"] = [{"key": key, "value": value} for key, value in parameters.items()]
    return made


def plain(text: str, longest: int = 200) -> str:
    """Strangers' words for titles and labels.

    Google does not say whether it reads tags there: what looks like a bracket
    is right in both cases.
    """
    return _shortened(text, longest).translate(_BRACKETS)


def said(text: str, longest: int = 200) -> str:
    """Strangers' words where Google reads tags."""
    return html.escape(_shortened(text, longest), quote=True)


def _shortened(text: str, longest: int) -> str:
    """Without what could turn or hide a line, and not too long."""
    clean = "".join(" " if char in "\r\n\t" else char for char in text[: 4 * longest])
    clean = "".join(char for char in clean if unicodedata.category(char) not in _UNSEEN).strip()
    return clean if len(clean) <= longest else clean[: longest - 1] + "…"
