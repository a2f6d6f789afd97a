"""Pixels and tracked links, spliced into the sender's own bytes. Pure."""

from tracker.tagging.addresses import mailbox_field, recipients_in
from tracker.tagging.attached import Attached, attachments
from tracker.tagging.headers import (
    addressed_to,
    message_id_of,
    recipients_of,
    subject_of,
    with_message_id,
    with_own_message_id,
    without_bcc,
)
from tracker.tagging.html import pixel_html
from tracker.tagging.linked import DocumentLink, linkable, with_links
from tracker.tagging.mail import tag_mail
from tracker.tagging.marks import Tagging, tagging_for
from tracker.tagging.outcome import GMAIL_LIMIT, REASONS, Tagged, Unsafe, Untaggable
from tracker.tagging.replies import ANSWERED_HEADERS, Answered, answered_by, reply_mail
from tracker.tagging.words import subject_field

__all__ = [
    "ANSWERED_HEADERS",
    "GMAIL_LIMIT",
    "REASONS",
    "Answered",
    "Attached",
    "DocumentLink",
    "Tagged",
    "Tagging",
    "Unsafe",
    "Untaggable",
    "addressed_to",
    "answered_by",
    "attachments",
    "linkable",
    "mailbox_field",
    "message_id_of",
    "pixel_html",
    "recipients_in",
    "recipients_of",
    "reply_mail",
    "subject_field",
    "subject_of",
    "tag_mail",
    "tagging_for",
    "with_links",
    "with_message_id",
    "with_own_message_id",
    "without_bcc",
]
