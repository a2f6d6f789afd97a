"""Readers: who may have made a hit, and which hits are one reading."""

from collections.abc import Sequence

from tracker.classify.mailboxes import mailbox_of, may_hold
from tracker.classify.networks import household, network_of
from tracker.classify.thresholds import ONE_READING_SECONDS
from tracker.model import HitKind, Judged, Recipient


def possible_readers(judged: Judged, recipients: Sequence[Recipient]) -> tuple[Recipient, ...]:
    """Those of a copy's recipients who may have made a hit; all of them when it fits none.

    Only a mail system's proxy narrows: a direct client may be anybody's.
    """
    mailbox = mailbox_of(judged)
    fitting = tuple(one for one in recipients if not mailbox or may_hold(one.mail_system, mailbox))
    return fitting or tuple(recipients)


def same_reader(one: Judged, other: Judged) -> bool:
    """Whether two hits on one copy look like one reader's: by address, by mail proxy, or by client and network."""
    mailbox = mailbox_of(one)
    if mailbox or mailbox_of(other):
        return mailbox == mailbox_of(other)
    here = household(one.hit.ip)
    if here and here == household(other.hit.ip):
        return True
    return one.client == other.client and network_of(one.hit.ip) == network_of(other.hit.ip)


def one_reading(earlier: Judged, later: Judged) -> bool:
    """Whether the later hit belongs to the reading that the earlier one began."""
    apart = abs((later.hit.at - earlier.hit.at).total_seconds())
    both_open = earlier.hit.kind is HitKind.OPEN and later.hit.kind is HitKind.OPEN
    return both_open and apart <= ONE_READING_SECONDS and same_reader(earlier, later)
