"""Tagging for copies: how their URLs look (tokens under the operator's own address) and which files become links."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from tracker.documents import Document
from tracker.model import Copy
from tracker.tagging import DocumentLink, Tagged, Unsafe, Untaggable, attachments, tag_mail, tagging_for, with_links
from tracker.tokens import Tokens


@dataclass(frozen=True, slots=True)
class Linking:
    """The documents that take the place of a mail's attachments; `left` says what stays attached, and why."""

    documents: tuple[Document, ...] = ()
    largest: int = 0
    left: str | None = None

    def linked(self, raw: bytes, url_of: Callable[[Document], str]) -> bytes | None:
        """The mail with links in the place of its attachments; None when there are none, or it is not safe."""
        if not self.documents:
            return None
        links = [DocumentLink(one.name, one.size, url_of(one)) for one in self.documents]
        try:
            files = attachments(raw, self.largest).files
            return with_links(raw, files, links) if len(files) == len(links) else None
        except Unsafe:
            return None


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
