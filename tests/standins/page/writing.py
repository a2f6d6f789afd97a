"""What somebody typed into the compose box, as the mail that Gmail would save."""

import re
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, getaddresses
from html import escape

_ADDRESS = re.compile(r"[^\s@<>,;:\"\\()\[\]]+@[A-Za-z0-9.-]+\.[A-Za-z0-9-]+")
_URL = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]]")


def written_mail(sender: Address, to: str, subject: str, body: str, at: datetime) -> bytes:
    """A multipart/alternative mail, its addresses clickable. Raises ValueError with words for the writer."""
    mail = EmailMessage()
    mail["From"] = sender
    mail["To"] = _recipients(to)
    mail["Subject"] = " ".join(subject.split()) or "(no subject)"
    mail["Date"] = format_datetime(at)
    mail.set_content(body.replace("\r\n", "\n") + "\n")
    mail.add_alternative(_html(body), subtype="html")
    return mail.as_bytes()


def _recipients(text: str) -> tuple[Address, ...]:
    given = [(name, address) for name, address in getaddresses([text]) if name or address]
    if not given or not all(_ADDRESS.fullmatch(address) for _, address in given) or not text.isprintable():
        raise ValueError("To: write one or more addresses, such as ada@acme.example, separated by commas.")
    return tuple(Address(name, addr_spec=address) for name, address in given)


def _html(body: str) -> str:
    paragraphs = re.split(r"\n\s*\n", body.replace("\r\n", "\n").strip())
    inner = "".join(f"<p>{_linked(one)}</p>" for one in paragraphs)
    return f'<div dir="ltr" style="font-family:Arial,sans-serif;font-size:14px;line-height:1.5">{inner}</div>\n'


def _linked(text: str) -> str:
    pieces, at = [], 0
    for match in _URL.finditer(text):
        url = escape(match.group())
        pieces += [escape(text[at : match.start()]), f'<a href="{url}">{url}</a>']
        at = match.end()
    return "".join([*pieces, escape(text[at:])]).replace("\n", "<br>\n")
