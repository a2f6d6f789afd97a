"""Pixels and tracked links, spliced into the sender's own bytes. Pure."""

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
from tracker.tagging.mail import tag_mail
from tracker.tagging.marks import Tagging, tagging_for
from tracker.tagging.outcome import GMAIL_LIMIT, Tagged, Untaggable

__all__ = [
    "GMAIL_LIMIT",
    "Tagged",
    "Tagging",
    "Untaggable",
    "addressed_to",
    "message_id_of",
    "pixel_html",
    "recipients_of",
    "subject_of",
    "tag_mail",
    "tagging_for",
    "with_message_id",
    "with_own_message_id",
    "without_bcc",
]
