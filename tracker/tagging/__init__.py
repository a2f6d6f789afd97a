"""Pixels and tracked links, spliced into the sender's own bytes. Pure."""

from tracker.tagging.addresses import mailbox_field, recipients_in
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
from tracker.tagging.words import subject_field

__all__ = [
    "GMAIL_LIMIT",
    "Tagged",
    "Tagging",
    "Untaggable",
    "addressed_to",
    "mailbox_field",
    "message_id_of",
    "pixel_html",
    "recipients_in",
    "recipients_of",
    "subject_field",
    "subject_of",
    "tag_mail",
    "tagging_for",
    "with_message_id",
    "with_own_message_id",
]
