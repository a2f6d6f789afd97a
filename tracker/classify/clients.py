"""The client that fetched, as people call it."""

from tracker.classify import agents
from tracker.classify.evidence import Evidence
from tracker.classify.known import Known
from tracker.model import Hit

UNKNOWN_CLIENT = "an unknown client"

_NOTHING = Known(sent_at=None)


def client_name(hit: Hit, known: Known = _NOTHING) -> str:
    """ "Outlook on Windows", "Apple Mail on iPhone", "through Gmail"; a proxy's own device is never named."""
    it = Evidence.of(hit, known)
    behind = _proxy_name(it)
    if behind:
        return behind
    name = agents.mail_client(it.agent) or ("Apple Mail" if it.apple_mail() else agents.browser(it.agent))
    device = agents.system(it.agent)
    return f"{name} on {device}" if name and device else name or UNKNOWN_CLIENT


def _proxy_name(it: Evidence) -> str:
    if it.gmail_prefetch() or it.gmail_proxy():
        return "through Gmail" if it.on_google() else UNKNOWN_CLIENT
    if it.bare_mozilla():
        return "through Apple's privacy proxy" if it.on_a_relay() else UNKNOWN_CLIENT
    return agents.proxy(it.agent)
