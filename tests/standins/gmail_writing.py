"""What Gmail's own composer makes of a mail: it rewrites the HTML it sends, and quotes what is answered."""

import re
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from html import escape, unescape

from tests.standins import gmail_mime as mime

_GONE = re.compile(r"<!--.*?-->|<(style|script|title|head)\b.*?</\1\s*>|</?(html|body|meta|link)\b[^>]*>", re.S | re.I)
_PICTURE = re.compile(r"<img\b((?:\"[^\"]*\"|'[^']*'|[^>\"'])*)>", re.S | re.I)
_ATTRIBUTE = re.compile(r"([a-z-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>\"']+))", re.S | re.I)
_KEPT = ("src", "width", "height", "alt", "style")


def rewritten(raw: bytes) -> bytes:
    """The mail as it leaves the composer: both texts written anew, attachments and head as they were."""
    mail = _parsed(raw)
    html = html_of(mail)
    if html is None:
        return raw
    return _with_html(mail, composed_html(html))


def with_markup(raw: bytes, markup: str) -> bytes:
    """The mail after an add-on put markup where the cursor was, at the end of what is written."""
    mail = _parsed(raw)
    html = html_of(mail)
    text = mail.get_body(("plain",))
    html = html if html is not None else f'<div dir="ltr">{_as_html(_content(text) if text else "")}</div>'
    return _with_html(mail, composed_html(html + markup))


def composed_html(html: str) -> str:
    """Comments, style sheets and hidden pictures do not survive the composer, nor do attributes it does not know."""
    return _PICTURE.sub(_picture, _GONE.sub("", html))


def reply_to(raw: bytes, sender: str, text: str, at: datetime) -> bytes:
    """An answer as Gmail writes it: headers for the thread, and the original quoted with everything in it."""
    original = _parsed(raw)
    mail = EmailMessage(policy=SMTP)
    message_id = mime.message_id_of(raw)
    mail["From"] = sender
    mail["To"] = str(original.get("Reply-To") or original["From"])
    subject = " ".join(mime.decoded(mime.field_of(raw, "Subject") or "").split())
    mail["Subject"] = subject if re.match(r"re:", subject, re.I) else f"Re: {subject}"
    mail["In-Reply-To"] = message_id
    mail["References"] = f"{mime.field_of(raw, 'References') or ''} {message_id}".strip()
    mail["Date"] = format_datetime(at)
    said = f"On {at:%a, %b %d, %Y at %I:%M %p} {original['From']} wrote:"
    plain = original.get_body(("plain",))
    old = _content(plain) if plain else ""
    mail.set_content(f"{text}\n\n{said}\n\n" + "".join(f"> {line}\n" for line in old.splitlines()))
    quoted = html_of(original)
    quoted = composed_html(quoted) if quoted is not None else _as_html(old)
    mail.add_alternative(
        f'<div dir="ltr">{_as_html(text)}</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">'
        f'{escape(said)}<br></div><blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;'
        f'border-left:1px solid rgb(204,204,204);padding-left:1ex">{quoted}</blockquote></div>',
        subtype="html",
    )
    return mail.as_bytes()


def html_of(mail: EmailMessage) -> str | None:
    part = mail.get_body(("html",))
    return _content(part) if part else None


def _content(part: EmailMessage) -> str:
    """A part's text; in a charset that nobody knows, or in none, letter by letter."""
    try:
        return str(part.get_content())
    except (LookupError, ValueError, TypeError, AttributeError):
        return str(part.get_payload())


def _parsed(raw: bytes) -> EmailMessage:
    mail = message_from_bytes(raw, policy=SMTP)
    assert isinstance(mail, EmailMessage)
    return mail


def _with_html(mail: EmailMessage, html: str) -> bytes:
    plain, part = mail.get_body(("plain",)), mail.get_body(("html",))
    if part is not None:
        part.set_content(html, subtype="html")
    elif plain is not None:
        plain.add_alternative(html, subtype="html")
    else:
        mail.set_content(html, subtype="html")
    if plain is not None and part is not None:
        plain.set_content(_as_text(html))
    return mail.as_bytes()


def _picture(tag: "re.Match[str]") -> str:
    found = [(name.lower(), a or b or c) for name, a, b, c in _ATTRIBUTE.findall(tag[1])]
    values = {name: value for name, value in reversed(found) if name in _KEPT}
    if "src" not in values or re.search(r"display\s*:\s*none|visibility\s*:\s*hidden", values.get("style", ""), re.I):
        return ""
    return "<img " + " ".join(f'{name}="{values[name]}"' for name in _KEPT if name in values) + ">"


def _as_html(text: str) -> str:
    return escape(text.strip(), quote=False).replace("\n", "<br>")


def _as_text(html: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", re.sub(r"<br[^>]*>|</(div|p)>", "\n", html))).strip() + "\n"
