"""A mail as a mail client understands it: what to show, what to fetch, where its links lead."""

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from html import escape
from html.parser import HTMLParser

_CSS_URL = re.compile(r"url\(\s*['\"]?([^'\")]+)", re.IGNORECASE)
_BARE_URL = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]]")


@dataclass(frozen=True, slots=True)
class Link:
    words: str
    address: str


@dataclass(frozen=True, slots=True)
class ReadMail:
    """A mail taken apart. `images` are remote addresses, in the order in which the HTML names them."""

    subject: str
    sender: str
    to: str
    text: str
    html: str
    images: tuple[str, ...]
    links: tuple[Link, ...]


def read_mail(raw: bytes) -> ReadMail:
    """Take a mail apart, however broken it is."""
    mail = message_from_bytes(raw, policy=policy.default)
    html, text = _part(mail, "html"), _part(mail, "plain")
    found = _Finder()
    found.feed(html)
    found.close()
    return ReadMail(
        subject=_header(mail, "Subject"),
        sender=_header(mail, "From"),
        to=_header(mail, "To"),
        text=text or " ".join("".join(found.words).split()),
        html=_with_inline_images(html, mail) or f"<pre>{escape(text)}</pre>",
        images=tuple(dict.fromkeys(found.images)),
        links=tuple(found.links) if html else tuple(Link(url, url) for url in _BARE_URL.findall(text)),
    )


def _header(mail: EmailMessage, name: str) -> str:
    # The header parser itself stumbles over some hostile headers; a mail list must show the mail all the same.
    try:
        return str(mail.get(name, ""))
    except (ValueError, IndexError, AttributeError, LookupError, TypeError):
        return "(unreadable)"


def _part(mail: EmailMessage, kind: str) -> str:
    for part in _leaves(mail):
        if part.get_content_type() == f"text/{kind}" and part.get_content_disposition() != "attachment":
            return _decoded(part)
    return ""


def _leaves(mail: EmailMessage) -> Iterator[EmailMessage]:
    return (part for part in mail.walk() if not part.is_multipart())


def _decoded(part: EmailMessage) -> str:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    try:
        return payload.decode(part.get_content_charset() or "utf-8", "replace")
    except (LookupError, ValueError):
        return payload.decode("latin-1")


def _with_inline_images(html: str, mail: EmailMessage) -> str:
    for part in _leaves(mail):
        name = _header(part, "Content-ID").strip().strip("<>")
        content = part.get_payload(decode=True)
        if name and part.get_content_maintype() == "image" and isinstance(content, bytes):
            inline = f"data:{part.get_content_type()};base64,{base64.b64encode(content).decode()}"
            html = html.replace(f"cid:{name}", inline)
    return html


class _Finder(HTMLParser):
    """Collects the remote images, the links and the words of an HTML part."""

    def __init__(self) -> None:
        super().__init__()
        self.images: list[str] = []
        self.links: list[Link] = []
        self.words: list[str] = []
        self._href: str | None = None
        self._label: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in reversed(attrs)}
        self._silent += tag in ("style", "script", "title")
        wanted = [given.get("background", ""), *_CSS_URL.findall(given.get("style", ""))]
        if tag == "img":
            wanted.append(given.get("src", ""))
        self.images += [
            url for url in (one.strip() for one in wanted) if url.lower().startswith(("http://", "https://"))
        ]
        if tag == "a":
            self._close_link()
            self._href = given.get("href", "").strip()

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._close_link()
        self._silent -= tag in ("style", "script", "title") and self._silent > 0

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.words.append(data + " ")
            self._label.append(data)

    def close(self) -> None:
        super().close()
        self._close_link()

    def _close_link(self) -> None:
        if self._href and self._href.lower().startswith(("http://", "https://")):
            words = " ".join("".join(self._label).split())
            self.links.append(Link(words or self._href, self._href))
        self._href, self._label = None, []


_DROPPED = frozenset(
    {"applet", "base", "embed", "fencedframe", "form", "frame", "frameset", "iframe"}
    | {"link", "meta", "object", "portal", "script", "template"}
)


def harmless(html: str) -> str:
    """The HTML with all that could run, navigate or look something up taken out; links keep their look only.

    The browser's own locks (a sandboxed frame, a policy that loads nothing) hold
    without this. It is there for what they do not cover, such as
    `<link rel=dns-prefetch>`.
    """
    rewriter = _Rewriter()
    rewriter.feed(html)
    rewriter.close()
    return "".join(rewriter.kept)


class _Rewriter(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.kept: list[str] = []
        self._in_script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_script = self._in_script or tag == "script"
        if tag in ("a", "area"):
            self.kept.append(_inert(tag, attrs))
        elif tag not in _DROPPED:
            self.kept.append(self.get_starttag_text() or "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self._in_script = False

    def handle_endtag(self, tag: str) -> None:
        self._in_script = self._in_script and tag != "script"
        if tag not in _DROPPED:
            self.kept.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if not self._in_script:
            self.kept.append(data)

    def handle_entityref(self, name: str) -> None:
        self.kept.append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.kept.append(f"&#{name};")


def _inert(tag: str, attrs: list[tuple[str, str | None]]) -> str:
    shown = [(("title", value) if name == "href" else (name, value)) for name, value in attrs if name != "ping"]
    return f"<{tag} " + " ".join(f'{name}="{escape(value or "")}"' for name, value in shown) + ' class="link">'
