"""Passed on: the hint that another mail system loaded the mail. Never a claim, and never a person's name."""

from collections.abc import Sequence

from tracker.classify.mailboxes import NAMES, mailbox_of, may_hold
from tracker.model import HitKind, Judged

_APPS_OF_NO_MAILBOX = ("superhuman_proxy", "front_proxy")  # they read any mailbox: their coming changes nothing


def passed_on(judged: Sequence[Judged], mail_systems: Sequence[str]) -> str:
    """The other mail system's name ("Yahoo"), or "" when two independent signs do not say so.

    `judged` are the hits of one copy, oldest first, and `mail_systems` those of
    its recipients. The signs: the first reader fits the recipients, as a direct
    client or by their own system's proxy, and a later one comes through a proxy
    that no recipient's system has, so that both client and network changed.
    """
    readings = [one for one in judged if one.verdict.counts and one.hit.kind is HitKind.OPEN]
    if not readings or not mail_systems or not _fits(readings[0], mail_systems):
        return ""
    return next((NAMES[mailbox_of(one)] for one in readings[1:] if _elsewhere(one, readings[0], mail_systems)), "")


def _fits(first: Judged, mail_systems: Sequence[str]) -> bool:
    if first.verdict.reason in _APPS_OF_NO_MAILBOX:
        return False
    mailbox = mailbox_of(first)
    return not mailbox or mailbox in mail_systems


def _elsewhere(one: Judged, first: Judged, mail_systems: Sequence[str]) -> bool:
    mailbox = mailbox_of(one)
    if not mailbox or mailbox == mailbox_of(first):
        return False
    return not any(may_hold(mail_system, mailbox) for mail_system in mail_systems)
