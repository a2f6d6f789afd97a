"""How a copy's URLs look: tokens under the operator's own address."""

from tracker.model import Copy
from tracker.tagging import Tagged, Untaggable, tag_mail, tagging_for
from tracker.tokens import Tokens


class Tagger:
    """Tags mails for copies. The same copy always gets the same tokens."""

    def __init__(self, tokens: Tokens, public_url: str) -> None:
        self._tokens = tokens
        self._base = public_url

    def tag(self, raw: bytes, copy_id: str, *, links: bool) -> Tagged | Untaggable:
        """Put the copy's pixel, and its tracked links when wanted, into a mail."""
        return tag_mail(raw, tagging_for(copy_id, self._tokens, self._base, links=links))

    def mark(self, copy: Copy) -> str:
        """The text by which a sent mail is known to be this copy."""
        return self._tokens.pixel(copy.id)
