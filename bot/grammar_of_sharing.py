"""What was typed about sharing one mail with a channel, read as a wish. Pure."""

import re
from dataclasses import dataclass

EXAMPLE = "/opens share lunch #sales"
_TYPED = re.compile(r"(?P<words>.*?)\s*(?<!\S)#(?P<channel>[\w.-]{1,80})(?:\s+(?P<hide>hide|hidden))?", re.UNICODE)


@dataclass(frozen=True, slots=True)
class ShareWish:
    """To show the mail that these words name in a channel, `hide` without its subject; with nothing, to see what is."""

    words: tuple[str, ...] = ()
    channel: str = ""
    hide: bool = False


def read_sharing(name: str, rest: str) -> ShareWish | str | None:
    """Read a command by its name and what follows; an example where that cannot be read, None where it is none."""
    if name != "share":
        return None
    said = " ".join(rest.split())
    if said.lower() in ("", "list"):
        return ShareWish()
    typed = _TYPED.fullmatch(said)
    if typed and typed["words"]:
        return ShareWish(tuple(typed["words"].strip('"').split()), typed["channel"].lower(), bool(typed["hide"]))
    words = re.sub(r"#\S*", "", said).strip()
    return f"/opens share {words} #sales" if words else EXAMPLE
