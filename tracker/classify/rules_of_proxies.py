"""Rules D: mail systems that fetch for their readers. A proxy's agent is believed from the proxy's own network."""

from collections.abc import Mapping
from types import MappingProxyType

from tracker.classify.evidence import Evidence
from tracker.classify.rule import Holds, Rule, both
from tracker.model import Cause, HitKind

# Where a proxy's agent is believed from; those without a network of their own are believed from anywhere.
_NETWORKS: Mapping[str, str] = MappingProxyType(
    {
        "yahoo": "mailbox:yahoo",
        "seznam": "mailbox:seznam",
        "rambler": "mailbox:rambler",
        "mailru": "mailbox:vk-mailru",
    }
)


def _spoofed_gmail(it: Evidence) -> bool:
    return (it.agent.gmail_prefetch or it.proxied_by("google")) and not it.on_google()


def _gmail(holds: Holds) -> Holds:
    return lambda it: it.gmail_proxy() and it.hit.kind is HitKind.OPEN and holds(it)


def _first_after_a_prefetch(it: Evidence) -> bool:
    return it.gmail_prefetched() and not it.gmail_opened()


def _first_after_an_early_look(it: Evidence) -> bool:
    return it.gmail_fetched_ahead() and not it.gmail_opened()


def _bare(holds: Holds) -> Holds:
    return lambda it: it.agent.bare and holds(it)


def _opened_by(mail_system: str) -> Holds:
    return lambda it: it.proxied_by(mail_system) and _is_an_open(it)


def _opened_on(network: str) -> Holds:
    return lambda it: it.on(network) and _is_an_open(it)


def _is_an_open(it: Evidence) -> bool:
    return it.hit.kind is HitKind.OPEN and not it.too_fast()


def _claims_another_network(it: Evidence) -> bool:
    return it.agent.proxy in _NETWORKS and not it.on(_NETWORKS[it.agent.proxy])


def _follows_links(it: Evidence) -> bool:
    return bool(it.agent.proxy) and it.hit.kind is HitKind.CLICK and not it.on_google()


PROXY_RULES: tuple[Rule, ...] = (
    Rule("D1", _spoofed_gmail, Cause.UNKNOWN, 0.6, "spoofed_proxy_ua"),
    Rule("D1", lambda it: it.agent.gmail_prefetch, Cause.PREFETCH, 0.98, "gmail_prefetch_ua"),
    Rule(
        "D2",
        both(_gmail(Evidence.recipient_elsewhere_than_google), lambda it: it.known.sent_copy_clean),
        Cause.LIKELY_HUMAN,
        0.7,
        "gmail_proxy_but_recipient_not_google_forward",
    ),
    Rule(
        "D2",
        _gmail(Evidence.recipient_elsewhere_than_google),
        Cause.SELF,
        0.6,
        "gmail_proxy_but_recipient_not_google",
    ),
    # The sender reads the reply, and with it the pixel in the quoted mail.
    Rule("D2", _gmail(Evidence.after_reply), Cause.SELF, 0.6, "after_reply"),
    Rule("D2", _gmail(Evidence.gmail_opened_just_now), Cause.LIKELY_HUMAN, 0.8, "duplicate_fetch"),
    Rule("D2", _gmail(_first_after_a_prefetch), Cause.LIKELY_HUMAN, 0.85, "gmail_proxy_after_prefetch"),
    Rule("D2", _gmail(Evidence.gmail_warmed_up_just_now), Cause.PREFETCH, 0.6, "gmail_proxy_too_early"),
    Rule("D2", _gmail(_first_after_an_early_look), Cause.LIKELY_HUMAN, 0.85, "gmail_proxy_after_prefetch"),
    Rule("D2", _gmail(Evidence.gmail_opened), Cause.LIKELY_HUMAN, 0.85, "gmail_proxy_reopen"),
    Rule("D2", _gmail(lambda it: True), Cause.LIKELY_HUMAN, 0.85, "gmail_proxy_open"),
    # Apple Mail Privacy Protection: fetched by Apple, opened or not.
    Rule("D3", _bare(Evidence.on_a_relay), Cause.PRIVACY_PROXY, 0.95, "apple_mpp"),
    Rule(
        "D3",
        _bare(both(Evidence.hosted, Evidence.when_machines_come)),
        Cause.SCANNER,
        0.75,
        "hosting_asn_fast",
    ),
    Rule("D3", _bare(lambda it: not it.on_microsoft()), Cause.UNKNOWN, 0.5, "bare_mozilla_not_relay"),
    Rule("D4", _claims_another_network, Cause.UNKNOWN, 0.6, "spoofed_proxy_ua"),
    Rule("D4", _opened_by("yahoo"), Cause.LIKELY_HUMAN, 0.8, "yahoo_proxy_open"),
    Rule("D4", _opened_by("hey"), Cause.LIKELY_HUMAN, 0.85, "hey_proxy_open"),
    Rule("D4", _opened_by("fastmail"), Cause.LIKELY_HUMAN, 0.8, "fastmail_proxy_open"),
    Rule("D4", _opened_on("mailbox:fastmail"), Cause.LIKELY_HUMAN, 0.8, "fastmail_proxy_open"),
    Rule("D4", _opened_by("superhuman"), Cause.LIKELY_HUMAN, 0.7, "superhuman_proxy"),
    Rule("D4", _opened_by("front"), Cause.LIKELY_HUMAN, 0.7, "front_proxy"),
    Rule("D4", _opened_by("seznam"), Cause.LIKELY_HUMAN, 0.7, "seznam_proxy"),
    Rule("D4", _opened_on("mailbox:rambler"), Cause.LIKELY_HUMAN, 0.7, "rambler_proxy"),
    Rule("D4", _opened_on("mailbox:vk-mailru"), Cause.LIKELY_HUMAN, 0.7, "mailru_proxy"),
    Rule("D4", lambda it: it.proxied_by("yandex-resizer"), Cause.UNKNOWN, 0.4, "yandex_resizer"),
    Rule("D4", lambda it: it.proxied_by("yandex-userproxy"), Cause.UNKNOWN, 0.4, "yandex_userproxy"),
    Rule("D4", _follows_links, Cause.UNKNOWN, 0.5, "proxy_follows_links"),
    Rule("D4", lambda it: it.proxied_by("other"), Cause.UNKNOWN, 0.5, "unlisted_mail_proxy"),
    Rule("D5", lambda it: it.on("mailbox:proton"), Cause.PRIVACY_PROXY, 0.6, "proton_asn"),
)
