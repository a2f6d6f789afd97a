"""A Slack message's text as the plain words that a mail can carry: without Slack's marks, with names for people. Pure.

https://docs.slack.dev/messaging/formatting-message-text
"""

import html
import re
from collections.abc import Mapping, Sequence

_LINK = re.compile(r"<([^<>|]+)(?:\|([^<>]*))?>")
_PERSON = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^<>]*)?>")
_FENCE = re.compile(r"```\n?|(?<!`)`(?!`)")
_MARKED = tuple(
    re.compile(rf"(?<![\w{mark}]){mark}(\S(?:[^\n]*?\S)?){mark}(?![\w{mark}])") for mark in (r"\*", "_", "~")
)


def people_in(text: str) -> Sequence[str]:
    """The ids of the people who are mentioned, each once."""
    return list(dict.fromkeys(_PERSON.findall(text)))


def words_in(text: str, names: Mapping[str, str]) -> str:
    """The words as their readers in Slack see them; `names` of people by their ids."""
    plain = _LINK.sub(lambda link: _linked(link[1], link[2] or "", names), text)
    plain = _FENCE.sub("", plain)
    for marked in _MARKED:
        plain = marked.sub(r"\1", plain)
    return html.unescape(plain).strip()


def _linked(target: str, label: str, names: Mapping[str, str]) -> str:
    kind, rest = target[:1], target[1:]
    if kind == "@":
        return f"@{names.get(rest) or label or 'somebody'}"
    if kind == "#":
        return f"#{label or 'channel'}"
    if kind == "!":
        return _command(rest, label)
    page = target.removeprefix("mailto:")
    return page if not label or label in (page, target) else f"{label} ({page})"


def _command(rest: str, label: str) -> str:
    """`<!here>`, `<!subteam^S1|@sales>`, `<!date^…|Nov 2>`."""
    if label:
        return label
    name = rest.partition("^")[0]
    return "" if name == "date" else f"@{name}"
