"""What Google accepts of an answer: its own message types for cards, and the limits that it documents."""

import re
from typing import Any
from urllib.parse import urlsplit

from google.apps.card_v1.types import Card
from google.protobuf import json_format

MOST_WIDGETS = 100
MOST_SECTIONS = 100


def accept(answer: Any, *, trigger: bool) -> None:
    """Raises for an answer that Google would refuse, or show otherwise than we think."""
    if trigger:
        assert set(answer) == {"action"}, answer
        [step] = answer["action"]["navigations"]
        assert set(step) == {"pushCard"}
        return accept_card(step["pushCard"])
    assert set(answer) == {"renderActions", "stateChanged"}, answer
    rendered = answer["renderActions"]
    assert set(rendered) <= {"action", "hostAppAction"}
    assert set(rendered["action"]) <= {"navigations", "notification"}
    assert rendered["action"], "an answer that neither shows nor says anything"
    for step in rendered["action"].get("navigations", ()):
        assert set(step) == {"updateCard"}
        accept_card(step["updateCard"])
    return _accept_insertion(rendered.get("hostAppAction"))


def accept_card(card: Any) -> None:
    json_format.ParseDict(card, Card.pb()(), ignore_unknown_fields=False)
    sections = card["sections"]
    widgets = [widget for section in sections for widget in section["widgets"]]
    assert 0 < len(sections) <= MOST_SECTIONS
    assert 0 < len(widgets) <= MOST_WIDGETS
    assert all(section["widgets"] for section in sections), "a section must hold something"
    assert all(len(widget) == 1 for widget in widgets), "a widget is of one kind"
    names = [name for widget in widgets for name in _names(widget)]
    assert len(names) == len(set(names)), "two inputs of one name"
    for action in _actions(card):
        assert urlsplit(action["function"]).netloc, "what is called over HTTP is a whole address"
        assert all(isinstance(one["value"], str) for one in action.get("parameters", ()))


def _accept_insertion(host: Any) -> None:
    if host is None:
        return
    assert set(host) == {"gmailAction"}
    [(name, markup)] = host["gmailAction"].items()
    if name == "openCreatedDraftActionMarkup":
        _accept_opening(markup)
        return
    assert name == "updateDraftActionMarkup"
    assert set(markup) == {"updateBody"}
    assert markup["updateBody"]["type"] == "IN_PLACE_INSERT"
    [content] = markup["updateBody"]["insertContents"]
    assert set(content) == {"content", "contentType"}
    assert content["contentType"] in ("TEXT", "MUTABLE_HTML", "IMMUTABLE_HTML")


def _accept_opening(opened: Any) -> None:
    assert set(opened) == {"draftId", "draftThreadId"}
    assert opened["draftId"].startswith("r"), "draft ids are of the form r123"
    assert re.fullmatch("[0-9a-f]+", opened["draftThreadId"]), "threads are named as the API names them"


def _names(widget: Any) -> list[str]:
    inputs = (widget.get("selectionInput"), widget.get("decoratedText", {}).get("switchControl"))
    return [one["name"] for one in inputs if one]


def _actions(value: Any) -> list[Any]:
    if isinstance(value, dict):
        own = [value] if "function" in value else []
        return own + [action for inner in value.values() for action in _actions(inner)]
    return [action for inner in value for action in _actions(inner)] if isinstance(value, list) else []
