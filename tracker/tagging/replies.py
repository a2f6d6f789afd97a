"""A reply that is still to be written: all of its head, our pixel, and an empty line for the cursor."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from tracker.model import Recipient
from tracker.tagging.addresses import mailbox, recipients_in
from tracker.tagging.words import decoded_words, encoded_words

ANSWERED_HEADERS = frozenset({"From", "Reply-To", "To", "Subject", "Message-ID", "References", "In-Reply-To"})
_IDS = re.compile(r"<[^<>\s]{1,990}>")
_RE = re.compile(r"re\s*(\[\d+\])?\s*:", re.IGNORECASE)
_MOST_IDS = 20  # mail programs look at the last ones; a conversation of years has hundreds
_MOST_PEOPLE = 100
_LONGEST_SUBJECT = 10_000
_NEWLINE = "\r\n"


@dataclass(frozen=True, slots=True)
class Answered:
    """A mail that is to be answered: to whom the answer goes, and where it belongs."""

    thread_id: str
    rfc_message_id: str
    subject: str
    to: tuple[Recipient, ...]
    references: tuple[str, ...] = ()

    @property
    def reply_subject(self) -> str:
        """Gmail keeps a conversation together by its subject: only the prefix is ours."""
        subject = " ".join(self.subject.split())[:_LONGEST_SUBJECT]
        return subject if _RE.match(subject) else f"Re: {subject}"


def answered_by(headers: Mapping[str, str], thread_id: str, *, own: bool) -> Answered:
    """The mail with these headers (names in lower case).

    The answer to one's `own` mail goes to whom it went; nobody who had it as Bcc
    is among them, and nobody of Cc, as with Gmail's own Reply.
    """
    said = headers.get("to", "") if own else headers.get("reply-to") or headers.get("from", "")
    people = {one.address.lower(): one for one in recipients_in(said)}
    references = _IDS.findall(headers.get("references") or headers.get("in-reply-to", ""))
    ids = _IDS.findall(headers.get("message-id", ""))
    subject = decoded_words(headers.get("subject", "")[: 4 * _LONGEST_SUBJECT])
    return Answered(thread_id, ids[0] if ids else "", subject, tuple(people.values())[:_MOST_PEOPLE], tuple(references))


def reply_mail(answered: Answered, pixel: str, message_id: str) -> bytes:
    """The draft's source; Gmail adds from whom and when."""
    ids = [*answered.references[-_MOST_IDS:], answered.rfc_message_id]
    ids = [name for name in dict.fromkeys(ids) if name]
    head = [
        "To: " + f",{_NEWLINE} ".join(mailbox(one, _NEWLINE) for one in answered.to) if answered.to else "",
        "Subject: " + encoded_words(answered.reply_subject, _NEWLINE),
        f"In-Reply-To: {answered.rfc_message_id}" if answered.rfc_message_id else "",
        "References: " + f"{_NEWLINE} ".join(ids) if ids else "",
        f"Message-ID: {message_id}",
        "MIME-Version: 1.0",
        "Content-Type: text/html; charset=utf-8",
        "Content-Transfer-Encoding: 7bit",
    ]
    body = f'<div dir="ltr"><br></div>{_NEWLINE}<div>{pixel}</div>'
    return _NEWLINE.join([*(line for line in head if line), "", body, ""]).encode("utf-8", "replace")
