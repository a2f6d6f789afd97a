"""Judging: a hit, and what is known around it, become a verdict, the client's name and a place."""

from collections.abc import Callable
from datetime import timedelta

from tracker.classify import Known, classify, client_name
from tracker.classify.agents import read as read_agent
from tracker.classify.networks import ELSEWHERE, network_of
from tracker.mail_systems import is_consumer_domain
from tracker.model import Cause, Hit, Judged, Verdict
from tracker.ports import History

PlaceOf = Callable[[str], str]

_AT_A_LOOK = timedelta(seconds=5)
_PEOPLE = (Cause.HUMAN, Cause.LIKELY_HUMAN)


def nowhere(ip: str) -> str:
    """The place of every address when the operator has no database of places."""
    return ""


def judge(hit: Hit, history: History, place_of: PlaceOf = nowhere) -> Judged:
    """The hit with its verdict, its client's name and, when a person fetched it directly, the place."""
    known = known_of(history, sender_is_looking=_is_looking(hit, history))
    verdict = classify(hit, known)
    return Judged(hit, verdict, client_name(hit, known), _place(hit, verdict, place_of))


def known_of(history: History, *, sender_is_looking: bool = False) -> Known:
    """All evidence beside the hit itself that a rule may ask for."""
    return Known(
        sent_at=history.copy.sent_at,
        recipient_mx=history.copy.recipient_mx,
        prior=history.judged,
        around=history.around,
        links_total=history.copy.links_total,
        corrections=history.corrections,
        sender_ips=history.sender_ips,
        sender_is_looking=sender_is_looking,
        recipient_is_colleague=_has_colleague(history),
        bounced_at=history.summary.bounced_at,
        replied_at=history.summary.replied_at,
    )


def _is_looking(hit: Hit, history: History) -> bool:
    """Whether this may be what the sender, who has the message open in Gmail, sees: Gmail loads both at once.

    Only through Gmail: a sender who is told of an opening looks at once, and
    must not make a reader's own mail program theirs.
    """
    return read_agent(hit.ua).proxy == "google" and any(abs(hit.at - look) <= _AT_A_LOOK for look in history.looks)


def _has_colleague(history: History) -> bool:
    """Whether a recipient may sit behind the sender's own address: somebody else at the same organisation."""
    sender = history.account.email.lower()
    domain = sender.rpartition("@")[2]
    if is_consumer_domain(domain):
        return False
    addresses = (recipient.address.lower() for recipient in history.copy.recipients)
    return any(address.rpartition("@")[2] == domain for address in addresses if address != sender)


def _place(hit: Hit, verdict: Verdict, place_of: PlaceOf) -> str:
    """Databases place one proxy's address in four countries: only a reader's own network says where they are."""
    if not hit.ip or verdict.cause not in _PEOPLE or network_of(hit.ip) != ELSEWHERE:
        return ""
    return place_of(hit.ip)
