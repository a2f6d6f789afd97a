"""The mail that nudges: a short reply to one's own mail, with proper headers, for its sender to edit. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from hashlib import sha256
from html import escape

from tracker.model import Copy, Recipient
from tracker.tagging import mailbox_field, recipients_in, subject_field

HEADERS = frozenset({"From", "To", "Cc", "Bcc", "Subject", "Message-ID", "References"})
_NEWLINE = "\r\n"
_MOST_REFERENCES = 20  # the first and the latest ones of a long conversation (RFC 5322, 3.6.4 sets no limit)
_ID = re.compile(r"<[^<>\s]+>")
_REPLY = re.compile(r"\s*re\s*:", re.IGNORECASE)
_ASKED = (
    "I wanted to bring this back to the top of your inbox. Have you had a chance to look at it?",
    "I am happy to answer any questions.",
)


class NothingToAnswer(ValueError):
    """The sent mail lacks what a reply must name: its Message-ID, its sender, or anybody it went to."""


@dataclass(frozen=True, slots=True)
class NudgeMail:
    """A draft before Gmail has it. `mark` is in its source, and in no other mail's."""

    raw: bytes
    mark: str


def nudge_mail(copy: Copy, headers: Mapping[str, str], number: int) -> NudgeMail:
    """The `number`-th nudge of this copy, the same each time; `headers` are those of the sent mail.

    It goes out from the address that the mail was sent from, to everybody that
    the mail named. Who got it unseen (Bcc) is written to unseen, and only when
    it named nobody. Raises NothingToAnswer.
    """
    answered = copy.rfc_message_id or headers.get("message-id", "").strip()
    sender = next(reversed(_people(headers, "from", copy)), None)
    to, cc, bcc = (_others(_people(headers, name, copy), sender) for name in ("to", "cc", "bcc"))
    if not _ID.fullmatch(answered) or sender is None or not (to or cc or bcc):
        raise NothingToAnswer
    mark = sha256(f"nudge {number} of {copy.id}".encode()).hexdigest()[:32]
    fields = [
        f"From: {mailbox_field([sender], _NEWLINE)}",
        *_addressed("To", to),
        *_addressed("Cc", cc),
        *_addressed("Bcc", [] if to or cc else bcc),
        f"Subject: {subject_field(_answering(headers.get('subject', '')), _NEWLINE)}",
        f"Message-ID: <{mark}@{sender.address.rpartition('@')[2]}>",
        f"In-Reply-To: {answered}",
        "References: " + f"{_NEWLINE} ".join(_references(headers.get("references", ""), answered)),
    ]
    greeted = to if len(to) == 1 and not cc else []
    head = _NEWLINE.join(fields).encode("utf-8", "replace") + _NEWLINE.encode()
    return NudgeMail(head + _body(_paragraphs(greeted, sender)), mark)


def _people(headers: Mapping[str, str], field: str, copy: Copy) -> Sequence[Recipient]:
    """Who is named there; names as we know them, since Gmail decodes headers, and a decoded comma looks like an end."""
    known = {one.address.lower(): one for one in copy.recipients}
    return [known.get(one.address.lower(), one) for one in recipients_in(headers.get(field, ""))]


def _others(people: Sequence[Recipient], sender: Recipient | None) -> Sequence[Recipient]:
    return [one for one in people if sender is None or one.address.lower() != sender.address.lower()]


def _addressed(field: str, people: Sequence[Recipient]) -> list[str]:
    return [f"{field}: {mailbox_field(people, _NEWLINE)}"] if people else []


def _answering(subject: str) -> str:
    """Gmail keeps a reply in its conversation only under the same subject."""
    words = " ".join(subject.split())
    return words if _REPLY.match(words) else f"Re: {words}"


def _references(before: str, answered: str) -> Sequence[str]:
    chain = [name for name in dict.fromkeys(_ID.findall(before)) if name != answered]
    kept = chain if len(chain) < _MOST_REFERENCES else [chain[0], *chain[2 - _MOST_REFERENCES :]]
    return [*kept, answered]


def _paragraphs(greeted: Sequence[Recipient], sender: Recipient) -> list[str]:
    hello = "Hi" + "".join(f" {first_name(one.name)}" for one in greeted if first_name(one.name))
    name = first_name(sender.name)
    return [f"{hello},", *_ASKED, f"Best,\n{name}" if name else "Best regards"]


def first_name(name: str) -> str:
    """How a mail greets somebody; empty where the name is none, or written family name first."""
    first = name.split()[0] if name.split() else ""
    return first if first.replace("-", "").replace("'", "").isalpha() and "," not in name else ""


def _body(paragraphs: Sequence[str]) -> bytes:
    mail = EmailMessage(policy=SMTP)
    mail.set_content("\n\n".join(paragraphs) + "\n")
    lines = (escape(one).replace("\n", "<br>") for one in paragraphs)
    mail.add_alternative(f'<div dir="ltr">{"<br><br>".join(lines)}</div>\n', subtype="html")
    mail.set_boundary(f"nudge-{sha256(repr(paragraphs).encode()).hexdigest()[:24]}")
    return mail.as_bytes()
