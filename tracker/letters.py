"""Letters: short mails written outside of Gmail, in plain words. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from hashlib import sha256
from html import escape

from tracker.model import Recipient
from tracker.tagging import mailbox_field, recipients_in, subject_field

MOST_RECIPIENTS = 50
_NEWLINE = "\r\n"
_ONE = re.compile(r'(?:"[^"]*"|[^,;\n])+')
_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[a-z\d-]+(?:\.[a-z\d-]+)+", re.IGNORECASE | re.ASCII)
_PAGE = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)\]}']")


@dataclass(frozen=True, slots=True)
class Letter:
    """What somebody typed; `to` is an address list as people write them."""

    to: str
    subject: str
    text: str

    @property
    def recipients(self) -> Sequence[Recipient]:
        """Each address once."""
        named = (one for part in _ONE.findall(self.to) for one in recipients_in(part.strip()))
        return list({one.address.lower(): one for one in named}.values())


def problems_of(letter: Letter) -> Mapping[str, str]:
    """What is wrong with it, by the field that is to be put right, in words for whoever wrote it."""
    found = {"to": _about_recipients(letter)}
    if not letter.subject.strip():
        found["subject"] = "A mail without a subject is taken for spam: say what it is about."
    if not letter.text.strip():
        found["text"] = "Write a line or two first."
    return {field: words for field, words in found.items() if words}


def letter_mail(letter: Letter, sender: Recipient, name: str) -> bytes:
    """The mail, the same each time for one `name`: plain text, and the same as HTML with links to click."""
    mark = sha256(f"letter {name}".encode()).hexdigest()[:32]
    fields = [
        f"From: {mailbox_field([sender], _NEWLINE)}",
        f"To: {mailbox_field(letter.recipients, _NEWLINE)}",
        f"Subject: {subject_field(letter.subject, _NEWLINE)}",
        f"Message-ID: <{mark}@{sender.address.rpartition('@')[2]}>",
    ]
    return _NEWLINE.join(fields).encode("utf-8", "replace") + _NEWLINE.encode() + _body(letter.text.strip(), mark)


def _about_recipients(letter: Letter) -> str:
    parts = [part.strip() for part in _ONE.findall(letter.to) if part.strip()]
    if not parts:
        return "Whom is it for? An address like ada@acme.com"
    for part in parts:
        found = list(recipients_in(part))
        if len(found) != 1 or not _ADDRESS.fullmatch(found[0].address):
            return f"“{part[:60]}” is no mail address. Several go with commas between them."
    if len(letter.recipients) > MOST_RECIPIENTS:
        return f"{len(letter.recipients)} recipients are too many from here: {MOST_RECIPIENTS} at most."
    return ""


def _body(text: str, mark: str) -> bytes:
    mail = EmailMessage(policy=SMTP)
    mail.set_content("\n".join(text.splitlines()) + "\n")
    lines = "<br>\n".join(map(_with_links, text.splitlines()))
    mail.add_alternative(f'<div dir="auto">{lines}</div>\n', subtype="html")
    mail.set_boundary(f"letter-{mark[:24]}")
    return mail.as_bytes()


def _with_links(line: str) -> str:
    """A line as HTML, in which addresses of pages can be clicked."""
    shown, at = "", 0
    for page in _PAGE.finditer(line):
        shown += escape(line[at : page.start()]) + f'<a href="{escape(page[0])}">{escape(page[0])}</a>'
        at = page.end()
    return shown + escape(line[at:])
