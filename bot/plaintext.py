"""Other people's words, made safe to show: a subject can never ping, link, format or turn a sentence around."""

import re
import unicodedata
from collections.abc import Iterator

# Slack's markdown knows no escape for these, so that each is replaced by its look-alike, which formats nothing.
_LOOKALIKES = str.maketrans({"*": "∗", "_": "ˍ", "~": "∼", "`": "ˋ", "|": "∣"})
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_EMOJI_NAME = re.compile(r":(?=[a-z0-9_+'-]+:)", re.IGNORECASE)
# Entities suffice for Slack; readers of its messages that undo them too early must not ping either.
_COMMAND = re.compile(r"<(?=[!@#])")
# Slack links whatever looks like an address of a page. Mail addresses stay whole: linking those harms nobody.
_LINK = re.compile(r"([\w.+-]+@[\w-]+(?:\.[\w-]+)+)|(?<=\w)(:)(?=//)|(?<=\w)(\.)(?=[^\W\d_]{2})")
_JOINERS = "\u200c\u200d"  # needed to write Persian, and by emoji that show families
_WORD_JOINER = "\u2060"
_ISOLATE, _END_ISOLATE = "\u2068", "\u2069"
_MOST_MARKS = 3  # more accents on one letter than any language writes would spill over the lines around it


def one_line(text: str, limit: int) -> str:
    """The words without control characters, line breaks and tricks of direction, cut to a length that shows."""
    # Sliced first: a subject of megabytes must not cost more than one of a page.
    words = " ".join("".join(_shown(text[: 8 * limit])).split())
    words = words if len(words) <= limit else words[: limit - 1].rstrip() + "…"
    return f"{_ISOLATE}{words[: limit - 2]}{_END_ISOLATE}" if _turns(words) else words


def escape(text: str, limit: int = 150) -> str:
    """The same for Slack's markdown, where it shows as it was written and does nothing."""
    plain = one_line(text, limit).translate(_LOOKALIKES)
    unnamed = _EMOJI_NAME.sub("∶", _COMMAND.sub("<" + _WORD_JOINER, plain))
    unlinked = _LINK.sub(lambda found: found[0] if found[1] else found[0] + _WORD_JOINER, unnamed)
    return "".join(_ENTITIES.get(letter, letter) for letter in unlinked)


def code(text: str, limit: int = 300) -> str:
    """Words to be typed or copied: nothing is replaced by a look-alike, as nothing formats in there."""
    typed = one_line(text, limit).replace("`", "'")
    return "`" + "".join(_ENTITIES.get(letter, letter) for letter in typed) + "`"


def sentence(text: str) -> str:
    """The words with a capital letter in front."""
    return text[:1].upper() + text[1:]


def strip_marks(text: str) -> str:
    """Slack's markdown turned back into the words that it shows."""
    words = re.sub(r"<[^<>|]*\|([^<>]*)>", r"\1", text)
    for letter, entity in (("<", "&lt;"), (">", "&gt;"), ("&", "&amp;")):
        words = words.replace(entity, letter)
    return words.replace("*", "")


def _shown(text: str) -> Iterator[str]:
    marks = 0
    for letter in text:
        kind = unicodedata.category(letter)
        marks = marks + 1 if kind in ("Mn", "Me") else 0
        if kind in ("Cc", "Zl", "Zp"):
            yield " "
        elif letter in _JOINERS or (kind not in ("Cf", "Cs", "Co") and marks <= _MOST_MARKS):
            yield letter


def _turns(text: str) -> bool:
    return any(unicodedata.bidirectional(letter) in ("R", "AL", "AN") for letter in text)
