"""The client that fetched, as people call it."""

from collections.abc import Mapping
from types import MappingProxyType

from tracker.classify.evidence import Evidence
from tracker.classify.known import Known
from tracker.model import Hit

UNKNOWN_CLIENT = "an unknown client"
PREVIEW = "'s link preview"  # what follows an app's name in the client of a link preview

# Proxies by the key of their mail system. They are believed from their own network, where that is known.
_PROXY_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "yahoo": "through Yahoo Mail",
        "hey": "through HEY",
        "superhuman": "through Superhuman",
        "seznam": "through Seznam",
        "rambler": "through Rambler",
        "mailru": "through Mail.ru",
        "front": "through Front",
        "fastmail": "through Fastmail",
        "yandex-resizer": "through Yandex",
        "yandex-userproxy": "through Yandex",
        "other": "through a mail proxy",
    }
)
_NETWORK_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "mailbox:fastmail": "through Fastmail",
        "mailbox:rambler": "through Rambler",
        "mailbox:vk-mailru": "through Mail.ru",
        "mailbox:proton": "through Proton",
    }
)

_NOTHING = Known(sent_at=None)


def client_name(hit: Hit, known: Known = _NOTHING) -> str:
    """ "Outlook on Windows", "Apple Mail on iPhone", "through Gmail"; a proxy's own device is never named."""
    return client_of(Evidence.of(hit, known))


def client_of(it: Evidence) -> str:
    """The client's name from evidence that is at hand."""
    return _machine_name(it) or _proxy_name(it) or _own_name(it)


def _machine_name(it: Evidence) -> str:
    if it.agent.machine == "unfurler":
        return f"{it.agent.machine_name}{PREVIEW}" if it.agent.machine_name else "a link preview"
    return it.agent.machine_name


def _proxy_name(it: Evidence) -> str:
    if it.agent.gmail_prefetch or it.agent.proxy == "google":
        return "through Gmail" if it.on_google() else UNKNOWN_CLIENT
    if it.agent.bare:
        return "through Apple's privacy proxy" if it.on_a_relay() else UNKNOWN_CLIENT
    return _PROXY_NAMES.get(it.agent.proxy) or _NETWORK_NAMES.get(it.network, "")


def _own_name(it: Evidence) -> str:
    agent = it.agent
    name = agent.mail_client or ("Apple Mail" if agent.apple_mail else agent.browser)
    return f"{name} on {agent.system}" if name and agent.system else name or UNKNOWN_CLIENT
