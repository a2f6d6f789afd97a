"""Mail systems: which one a hit came through, and whose readers could have sent it there."""

from collections.abc import Mapping
from types import MappingProxyType

from tracker.model import Judged

# What fetched for the reader, by the verdict's reason: raw facts are destroyed after some days, the reason stays.
_MAILBOX_OF_REASON: Mapping[str, str] = MappingProxyType(
    {
        "gmail_prefetch_ua": "google",
        "gmail_proxy_too_early": "google",
        "gmail_proxy_after_prefetch": "google",
        "gmail_proxy_open": "google",
        "gmail_proxy_reopen": "google",
        "gmail_proxy_but_recipient_not_google_forward": "google",
        "duplicate_fetch": "google",
        "yahoo_proxy_open": "yahoo",
        "hey_proxy_open": "hey",
        "fastmail_proxy_open": "fastmail",
        "seznam_proxy": "seznam",
        "rambler_proxy": "rambler",
        "mailru_proxy": "mailru",
        "proton_asn": "proton",
    }
)
# The sender's word replaces the reason; the client still says whose proxy it was.
_MAILBOX_OF_CLIENT: Mapping[str, str] = MappingProxyType(
    {
        "through Gmail": "google",
        "through Yahoo Mail": "yahoo",
        "through HEY": "hey",
        "through Fastmail": "fastmail",
        "through Seznam": "seznam",
        "through Rambler": "rambler",
        "through Mail.ru": "mailru",
        "through Proton": "proton",
    }
)
NAMES: Mapping[str, str] = MappingProxyType(
    {
        "google": "Gmail",
        "yahoo": "Yahoo",
        "hey": "HEY",
        "fastmail": "Fastmail",
        "seznam": "Seznam",
        "rambler": "Rambler",
        "mailru": "Mail.ru",
        "proton": "Proton",
    }
)
# Systems whose mailboxes stand under one roof with no other's. Every other class (a gateway, nobody looked) may hide
# any mailbox behind it.
_SURE = frozenset(
    {"google", "microsoft", "yahoo", "apple", "proton", "fastmail", "hey", "zoho", "seznam", "rambler", "mailru"}
    | {"yandex", "naver", "gmx"}
)
_OTHER = "other"  # a mail server of their own, or of somebody whom nobody lists


def mailbox_of(judged: Judged) -> str:
    """The mail system whose proxy made a hit ("google", "yahoo", …), or "" for everything direct or unknown."""
    if judged.verdict.reason == "corrected":
        return _MAILBOX_OF_CLIENT.get(judged.client, "")
    return _MAILBOX_OF_REASON.get(judged.verdict.reason, "")


def may_hold(mail_system: str, mailbox: str) -> bool:
    """Whether a recipient whose mail goes to `mail_system` may read it in `mailbox`."""
    return mail_system == mailbox or mail_system not in _SURE


def has_no_gmail(mail_system: str) -> bool:
    """Whether Gmail's proxy is likelier the sender's than a recipient's: behind a gateway there may well be Gmail."""
    return mail_system == _OTHER or (mail_system in _SURE and mail_system != "google")
