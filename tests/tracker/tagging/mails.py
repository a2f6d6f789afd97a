"""Mails and taggings for these tests, and what other people's parsers see in a mail."""

import base64
import email
import quopri
from email.message import Message
from html.parser import HTMLParser

from tracker.tagging import Tagged, Tagging, Untaggable, tag_mail

BASE = "https://t.example"
PIXEL = f"{BASE}/o/AAAABBBBCCCCDDDDEEEEFFFF.gif"
OLD_PIXEL = f"{BASE}/o/oldoldoldoldoldoldoldold.gif"
PIXEL_TAG = f'<img src="{PIXEL}" width="1" height="1" alt="" style="display:block">'


def tracked(address: str) -> str:
    return f"{BASE}/c/" + base64.urlsafe_b64encode(address.encode()).rstrip(b"=").decode()


def original(token: str) -> str | None:
    try:
        return base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode()
    except ValueError:
        return None


def a_tagging(*, links: bool = True, pixel: str = PIXEL) -> Tagging:
    return Tagging(pixel, tracked if links else None, BASE, original)


def in_encoding(data: bytes, encoding: str) -> bytes:
    if encoding == "base64":
        return base64.encodebytes(data).rstrip(b"\n")
    return quopri.encodestring(data) if encoding == "quoted-printable" else data


def html_part(html: str | bytes, encoding: str = "8bit", charset: str = "utf-8") -> bytes:
    data = html if isinstance(html, bytes) else html.encode(charset)
    head = f"Content-Type: text/html; charset={charset}\nContent-Transfer-Encoding: {encoding}\n\n"
    return head.encode() + in_encoding(data, encoding)


def multipart(kind: str, *parts: bytes, boundary: str = "=_b") -> bytes:
    mark = f"\n--{boundary}".encode()
    return (
        f'Content-Type: multipart/{kind}; boundary="{boundary}"\n'.encode()
        + b"".join(mark + b"\n" + part for part in parts)
        + mark
        + b"--\n"
    )


def mail(entity: bytes, newline: bytes = b"\r\n") -> bytes:
    raw = b"From: Sam <sam@us.example>\nTo: Ada <ada@acme.example>\nSubject: Q3 proposal\nMIME-Version: 1.0\n" + entity
    return raw.replace(b"\r\n", b"\n").replace(b"\n", newline)


TEXT_PART = b"Content-Type: text/plain; charset=utf-8\n\nHello Ada, see https://acme.example\n"
HTML_MAIL = mail(multipart("alternative", TEXT_PART, html_part("<p>Hello")))


def tag(raw: bytes, *, links: bool = True, pixel: str = PIXEL) -> Tagged:
    done = tag_mail(raw, a_tagging(links=links, pixel=pixel))
    assert isinstance(done, Tagged), done
    return done


def refusal(raw: bytes) -> Untaggable:
    done = tag_mail(raw, a_tagging())
    assert isinstance(done, Untaggable), done
    return done


def tagged_html(html: str, *, links: bool = True) -> str:
    """What becomes of an HTML body: the pixel taken away again, as its place is other tests' business."""
    return html_of(tag(mail(html_part(html), b"\n"), links=links).raw).replace(PIXEL_TAG, "", 1)


def leaves(raw: bytes) -> list[Message]:
    return [part for part in email.message_from_bytes(raw).walk() if not part.is_multipart()]


def data_of(part: Message) -> bytes:
    data = part.get_payload(decode=True)
    assert isinstance(data, bytes)
    return data


def html_of(raw: bytes, charset: str = "utf-8") -> str:
    return next(data_of(part) for part in leaves(raw) if part.get_content_type() == "text/html").decode(charset)


class Events(HTMLParser):
    """A second parser's view of a page, without a pixel of ours; hrefs apart, in order."""

    def __init__(self, html: str, pixel: str = PIXEL) -> None:
        super().__init__()
        self.seen: list[object] = []
        self.hrefs: list[str | None] = []
        self.pixels = 0
        self._pixel = pixel
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "img" and dict(attrs).get("src") == self._pixel:
            self.pixels += 1
            return
        if tag in ("a", "area") and "href" in dict(attrs):
            self.hrefs.append(next(value for name, value in attrs if name == "href"))
            attrs = [(name, None if name == "href" else value) for name, value in attrs]
        self.seen.append((tag, attrs))

    def handle_endtag(self, tag: str) -> None:
        self.seen.append(tag)

    def handle_data(self, data: str) -> None:
        if self.seen and isinstance(self.seen[-1], list):
            self.seen[-1] = [self.seen[-1][0] + data]
        else:
            self.seen.append([data])

    def handle_comment(self, data: str) -> None:
        self.seen.append(("comment", data))

    def handle_decl(self, decl: str) -> None:
        self.seen.append(("decl", decl))

    def unknown_decl(self, data: str) -> None:
        self.seen.append(("unknown", data))
