"""How a copy's URLs look: tokens under the operator's own address."""

from dataclasses import replace

from tracker.documents import Document
from tracker.model import Copy
from tracker.sending.shelving import Linking
from tracker.tagging import Tagged, Untaggable, tag_mail, tagging_for
from tracker.tokens import Tokens

_NONE = Linking()


class Tagger:
    """Tags mails for copies. The same copy always gets the same tokens."""

    def __init__(self, tokens: Tokens, public_url: str) -> None:
        self._tokens = tokens
        self._base = public_url

    def tag(self, raw: bytes, copy_id: str, *, links: bool, linking: Linking = _NONE) -> Tagged | Untaggable:
        """Put the copy's pixel, and its tracked links and links to documents when wanted, into a mail.

        What cannot carry a pixel keeps its attachments.
        """
        tagging = tagging_for(copy_id, self._tokens, self._base, links=links)
        linked = linking.linked(raw, lambda document: self._document_url(copy_id, document))
        tagged = tag_mail(linked, tagging) if linked else None
        if isinstance(tagged, Tagged):
            return replace(tagged, links=tagged.links + len(linking.documents))
        return tag_mail(raw, tagging)

    def _document_url(self, copy_id: str, document: Document) -> str:
        return f"{self._base.rstrip('/')}/d/{self._tokens.document(copy_id, document.id)}"

    def mark(self, copy: Copy) -> str:
        """The text by which a sent mail is known to be this copy."""
        return self._tokens.pixel(copy.id)
