"""How this copy's URLs look, and how to know earlier ones of our own again."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from re import Pattern

from tracker.tokens import Tokens

_GOOGLE_PROXY = re.compile(r"https?://(?:[\w-]+\.)?googleusercontent\.com/", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Tagging:
    """What to put into a copy.

    `link_url` makes the tracked URL of an address; None leaves links as they
    are. Pixels (`{own_base}/o/TOKEN.gif`) and tracked links (`{own_base}/c/TOKEN`)
    in quoted history are ours; `original` reads the address out of a tracked
    link's token, None when we did not sign it.
    """

    pixel_url: str
    link_url: Callable[[str], str] | None
    own_base: str
    original: Callable[[str], str | None]


def tagging_for(copy_id: str, tokens: Tokens, own_base: str, *, links: bool) -> Tagging:
    """What to put into this copy, signed with the operator's keys."""
    base = own_base.rstrip("/")

    def link_url(address: str) -> str:
        return f"{base}/c/{tokens.link(copy_id, address)}"

    def original(token: str) -> str | None:
        found = tokens.read_link(token)
        return found.address if found else None

    return Tagging(f"{base}/o/{tokens.pixel(copy_id)}.gif", link_url if links else None, base, original)


class Marks:
    """Recognises our own URLs, whatever the scheme, and behind Gmail's image proxy too."""

    def __init__(self, own_base: str) -> None:
        place = re.escape(re.sub(r"^https?://", "", own_base.strip().rstrip("/"), flags=re.IGNORECASE))
        self._own = _pattern(rf"https?://(?i:{place})(?=[/?#]|\Z)")
        self._pixel = _pattern(rf"https?://(?i:{place})/o/[^/?#\s]+\.gif(?=[?#]|\Z)")
        self._link = _pattern(rf"https?://(?i:{place})/c/([^/?#\s]+)(?=[?#]|\Z)")

    def is_ours(self, address: str) -> bool:
        """Whether the address leads to us; the page for recipients, say."""
        return self._own.match(address) is not None

    def is_pixel(self, src: str) -> bool:
        src = src.strip()
        if _GOOGLE_PROXY.match(src):
            src = src.partition("#")[2]  # Gmail writes the image's own address behind the hash
        return self._pixel.match(src) is not None

    def link_token(self, href: str) -> str | None:
        found = self._link.match(href.strip())
        return found.group(1) if found else None


def _pattern(text: str) -> Pattern[str]:
    return re.compile(text.replace("https?", "(?i:https?)"))
