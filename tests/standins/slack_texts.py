"""What Slack refuses about texts, lists and keys, wherever they stand."""

from collections.abc import Iterator
from typing import Any

Fault = str
_TEXT_KEYS = {"plain_text": {"type", "text", "emoji"}, "mrkdwn": {"type", "text", "verbatim"}}


def text_faults(text: Any, most: int, at: str, kinds: tuple[str, ...] = ("plain_text", "mrkdwn")) -> Iterator[Fault]:
    if not isinstance(text, dict) or text.get("type") not in kinds:
        yield fault(f"must be a text object of type {' or '.join(kinds)}", at)
        return
    yield from unknown_keys(text, _TEXT_KEYS[text["type"]], at)
    yield from length_faults(text.get("text"), 1, most, f"{at}/text")


def items_faults(items: Any, most: int, at: str) -> Iterator[Fault]:
    if not isinstance(items, list) or not items:
        yield fault("must provide at least 1 item", at)
    elif len(items) > most:
        yield fault(f"no more than {most} items allowed", at)


def length_faults(text: Any, least: int, most: int, at: str) -> Iterator[Fault]:
    if not isinstance(text, str):
        yield fault("must be a string", at)
    elif len(text) < least:
        yield fault(f"must be more than {least - 1} characters", at)
    elif len(text) > most:
        yield fault(f"must be less than {most + 1} characters", at)


def unknown_keys(given: dict[str, Any], known: set[str], at: str) -> Iterator[Fault]:
    for key in sorted(set(given) - known):
        yield fault(f"additional property {key!r} not allowed", at)


def fault(what: str, at: str) -> Fault:
    return f"[ERROR] {what} [json-pointer:{at}]"
