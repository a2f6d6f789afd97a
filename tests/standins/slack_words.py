"""What a person reads in a message: its words, without Slack's marks."""

import html
import re
from typing import Any

_DATE = re.compile(r"<!date\^\d+\^[^|>]*\|([^>]*)>")
_LINK = re.compile(r"<([^|>]*)(?:\|([^>]*))?>")
_UNSEEN = re.compile("[\u2060\u2068\u2069]")


def words_of(message: dict[str, Any]) -> str:
    """The visible words, a line for each text; the top-level text alone where there are no blocks."""
    lines = [_read(text) for block in message.get("blocks") or () for text in _texts(block)]
    return "\n".join(lines) if lines else _read({"type": "mrkdwn", "text": message.get("text") or ""})


def _texts(part: Any) -> list[dict[str, Any]]:
    if isinstance(part, list):
        return [text for one in part for text in _texts(one)]
    if not isinstance(part, dict):
        return []
    if part.get("type") in ("mrkdwn", "plain_text", "raw_text"):
        return [part]
    return [text for one in part.values() for text in _texts(one)]


def _read(text: dict[str, Any]) -> str:
    words = str(text["text"])
    if text["type"] in ("plain_text", "raw_text"):
        return _UNSEEN.sub("", words)
    plain = _LINK.sub(lambda link: link[2] or link[1], _DATE.sub(r"\1", words))
    return html.unescape(_UNSEEN.sub("", re.sub(r"[*`]", "", plain)))
