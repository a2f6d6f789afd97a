"""Whether a draft asks to be sent tracked: by a Bcc to its sender's own address with a tag. Pure."""

from collections.abc import Collection

from tracker.mailbox import MailFacts
from tracker.tagging.addresses import recipients_in

HEADERS = frozenset({"To", "Cc", "Bcc", "Subject"})
TAG = "+twotick"


def cue_in(mail: MailFacts, own: Collection[str]) -> str | None:
    """The address in Bcc that is one of the sender's own with our tag, in lower case."""
    cues = {cue_of(address) for address in own}
    return next((address for address in _addresses(mail, "bcc") if address in cues), None)


def cue_of(address: str) -> str:
    """An own address as it is written to have a draft sent."""
    name, _, domain = address.lower().rpartition("@")
    return f"{name}{TAG}@{domain}"


def others_in(mail: MailFacts, cue: str) -> frozenset[str]:
    """Everybody else the mail is for."""
    return frozenset(address for field in ("to", "cc", "bcc") for address in _addresses(mail, field) if address != cue)


def _addresses(mail: MailFacts, field: str) -> list[str]:
    return [one.address.lower() for one in recipients_in(mail.headers.get(field, ""))]
