"""Pixels and tracked links, spliced into the sender's own bytes. Pure."""

from tracker.tagging.headers import (
    addressed_to,
    message_id_of,
    recipients_of,
    subject_of,
    with_message_id,
    with_own_message_id,
)
from tracker.tagging.html import pixel_html
from tracker.tagging.mail import tag_mail
from tracker.tagging.marks import Tagging, tagging_for
from tracker.tagging.outcome import GMAIL_LIMIT, Tagged, Untaggable
from tracker.tagging.replies import ANSWERED_HEADERS, Answered, answered_by, reply_mail

__all__ = [
    "ANSWERED_HEADERS",
    "GMAIL_LIMIT",
    "Answered",
    "Tagged",
    "Tagging",
    "Untaggable",
    "addressed_to",
    "answered_by",
    "message_id_of",
    "pixel_html",
    "recipients_of",
    "reply_mail",
    "subject_of",
    "tag_mail",
    "tagging_for",
    "with_message_id",
    "with_own_message_id",
]
