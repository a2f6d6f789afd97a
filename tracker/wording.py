"""Verdicts in words that a salesperson understands, the same in Slack, in the terminal and on pages."""

from collections.abc import Sequence

from tracker.classify import PREVIEW
from tracker.documents import document_in
from tracker.model import Cause, Copy, HitKind, Judged, Recipient, Summary, Verdict

_WHAT = {
    Cause.HUMAN: {HitKind.OPEN: "Opened", HitKind.CLICK: "Clicked a link"},
    Cause.LIKELY_HUMAN: {HitKind.OPEN: "Opened", HitKind.CLICK: "Clicked a link"},
    Cause.PREFETCH: {HitKind.OPEN: "Loaded ahead of time", HitKind.CLICK: "Link loaded ahead of time"},
    Cause.PRIVACY_PROXY: {HitKind.OPEN: "Loaded by a privacy proxy", HitKind.CLICK: "Link loaded by a privacy proxy"},
    Cause.SCANNER: {HitKind.OPEN: "Checked by a machine", HitKind.CLICK: "Link checked by a machine"},
    Cause.SELF: {HitKind.OPEN: "Loaded by you", HitKind.CLICK: "Link opened by you"},
    Cause.DUPLICATE: {HitKind.OPEN: "Loaded again at once", HitKind.CLICK: "Link loaded again at once"},
    Cause.UNKNOWN: {HitKind.OPEN: "Loaded, cannot tell by whom", HitKind.CLICK: "Link loaded, cannot tell by whom"},
}
_DOCUMENT = {
    Cause.HUMAN: "Opened the document",
    Cause.LIKELY_HUMAN: "Opened the document",
    Cause.PREFETCH: "Loaded ahead of time: the document",
    Cause.PRIVACY_PROXY: "Loaded by a privacy proxy: the document",
    Cause.SCANNER: "Checked by a machine: the document",
    Cause.SELF: "You opened the document",
    Cause.DUPLICATE: "Loaded again at once: the document",
    Cause.UNKNOWN: "Loaded, cannot tell by whom: the document",
}
_NAMED = 3  # possible readers that are named; more would say as little as "someone"
_SHARED = {HitKind.OPEN: "Shared", HitKind.CLICK: "Link was shared"}

REASONS = {
    "corrected": "you told us so",
    "before_send": "it was loaded before the mail went out, while you were writing",
    "method_head": "a program asked whether it is there, without loading it",
    "method_other": "a program asked in a way that no mail program or browser does",
    "purpose_prefetch": "the program said that it loads ahead of time",
    "honeypot": "it followed a link that people cannot see",
    "self_cookie": "it came from a browser in which you are signed in",
    "self_headsup": "you had this mail open at that moment",
    "bounced_message": "the mail bounced: only you have it",
    "after_reply": "it came through Gmail after the reply, which quotes your mail: most likely you, reading the reply",
    "ua_unfurler": "an app loaded it to show a preview: somebody pasted the link or the mail there",
    "ua_headless": "a browser without a screen loaded it, driven by a program",
    "ua_google_safety": "Google checked the link for safety",
    "ua_exchange": "the mail server loaded it in transit",
    "ua_scanner": "a security scanner that gives its name loaded it",
    "ua_library": "a program loaded it, neither a mail program nor a browser",
    "ua_bot": "the program calls itself a robot",
    "vendor_asn": "it came from the network of a mail-security company",
    "vendor_range": "it came from addresses of a mail-security company",
    "vendor_gateway": "it came through a security company's network, which carries people and scanners",
    "spoofed_proxy_ua": "it claims to be a mail service, but does not come from that service's network",
    "gmail_prefetch_ua": "Gmail fetches pictures ahead of time with this signature",
    "gmail_proxy_but_recipient_not_google_forward": "it came through Gmail, which no recipient uses: perhaps a forward",
    "gmail_proxy_but_recipient_not_google": "it came through Gmail, and no recipient uses Gmail: most likely you",
    "duplicate_fetch": "Gmail loaded it once more, moments after the last time",
    "gmail_proxy_after_prefetch": "Gmail loaded it again after its first, automatic look",
    "gmail_proxy_too_early": "Gmail loaded it within seconds of sending: too soon to tell from a machine",
    "gmail_proxy_reopen": "Gmail loaded it again for a reader",
    "gmail_proxy_open": "Gmail loaded it for a reader",
    "apple_mpp": "Apple's privacy protection loads every mail, read or not",
    "bare_mozilla_not_relay": "it hides what it is, and does not come from Apple's privacy protection",
    "yahoo_proxy_open": "Yahoo Mail loaded it for a reader",
    "hey_proxy_open": "HEY loaded it for a reader",
    "fastmail_proxy_open": "Fastmail loaded it for a reader",
    "superhuman_proxy": "Superhuman loaded it, most likely for a reader",
    "front_proxy": "Front loaded it, most likely for a reader",
    "seznam_proxy": "Seznam loaded it, most likely for a reader",
    "rambler_proxy": "Rambler loaded it, most likely for a reader",
    "mailru_proxy": "Mail.ru loaded it, most likely for a reader",
    "yandex_resizer": "Yandex loaded it, and does not say when it does so",
    "yandex_userproxy": "Yandex loaded it, and does not say when it does so",
    "proxy_follows_links": "a mail service followed the link by itself",
    "unlisted_mail_proxy": "a mail service that we do not know loaded it",
    "proton_asn": "it came from Proton, whose network hides its readers",
    "microsoft_asn_empty_ua": "Microsoft's mail protection checked it",
    "microsoft_asn_fast": "it came from Microsoft's network within a minute of sending, as its scanners do",
    "microsoft_asn_late": "it came from Microsoft's network, where both readers and scanners live",
    "google_asn_click": "Google's own network followed the link",
    "burst_links": "several links or copies were loaded at once, faster than people can",
    "same_actor_as_scanner": "the same machine was caught scanning this mail minutes apart",
    "fan_out": "one address loaded several recipients' copies within a minute",
    "self_ip": "it came from an address that you use yourself",
    "empty_ua": "it does not say what it is",
    "android_http_stack": "an Android app loaded it without saying which",
    "os_daemon": "an Apple device loaded it in the background",
    "apple_http_stack": "an app on an Apple device loaded it without saying which",
    "mail_client_too_early": "a mail program loaded it within three seconds of sending: too fast to tell",
    "mail_client_ua": "a mail program on the reader's own network loaded it",
    "mail_client_hosting_asn": "a mail program on a hosted desktop loaded it",
    "hosting_asn_fast": "it came from a data centre within a minute of sending, as scanners do",
    "apple_mail_direct": "Apple Mail on the reader's own network loaded it",
    "stale_browser_hosting": "it came from a data centre, as a browser that is years old",
    "hosting_asn_late": "it came from a data centre: a private network's exit, a hosted desktop, or a late scanner",
    "mailbox_network": "it came from a mail service's network, but not as its readers' proxy",
    "too_fast": "it came within three seconds of sending: too fast to tell",
    "relay_browser": "a browser loaded it through a privacy relay",
    "browser_navigation": "a browser followed the link as it does for a person",
    "browser_image_load": "a browser loaded the picture as it does for a person",
    "browser_page_request": "a browser asked for the page, most likely for a person",
    "asks_for_the_wrong_thing": "it asked for something else than a mail program or browser would",
    "browser_no_image_headers": "a browser loaded it, though it says little about itself",
    "browser_few_headers": "it says that it is a browser, and says too little to be sure",
    "nothing_known": "nothing about it is known to us",
}
_BY_CAUSE = {
    Cause.HUMAN: "everything about it looks like a person",
    Cause.LIKELY_HUMAN: "most of it looks like a person",
    Cause.PREFETCH: "it looks like loading ahead of time",
    Cause.PRIVACY_PROXY: "a privacy service hides the reader",
    Cause.SCANNER: "it looks like a security check",
    Cause.SELF: "it looks like yourself",
    Cause.DUPLICATE: "it is the same look once more",
    Cause.UNKNOWN: "the signs are too few to tell",
}


def what_words(judged: Judged) -> str:
    """What happened, in a few words: "Opened", "Checked by a machine", "Shared in Slack"."""
    if name := document_in(judged.hit.link):
        return f"{_DOCUMENT[judged.verdict.cause] if _sure(judged) else 'Perhaps opened the document'} {name}"
    if judged.verdict.reason == "ua_unfurler":
        return shared_words(judged)
    if judged.verdict.cause is Cause.LIKELY_HUMAN and not judged.verdict.counts:
        return "Perhaps opened" if judged.hit.kind is HitKind.OPEN else "Link perhaps clicked"
    return _WHAT[judged.verdict.cause][judged.hit.kind]


def _sure(judged: Judged) -> bool:
    return judged.verdict.counts or judged.verdict.cause is not Cause.LIKELY_HUMAN


def shared_words(judged: Judged) -> str:
    """Where a link preview says that the mail or its link was shared."""
    app, preview, _ = judged.client.partition(PREVIEW)
    return f"{_SHARED[judged.hit.kind]} in {app}" if preview else "Loaded for a preview"


def passed_on_words(mail_system: str, place: str = "") -> str:
    """The hint that a mail was passed on, which is never a claim; `place` only where the fetch was direct."""
    where = f"{mail_system}, in {place}" if place else mail_system
    return f"Also loaded from another mail system: {where}. The same person elsewhere, or a forward."


def reason_words(verdict: Verdict) -> str:
    """Why we believe it, as half a sentence."""
    return REASONS.get(verdict.reason) or _BY_CAUSE[verdict.cause]


def who_words(copy: Copy) -> str:
    """Who may have read a copy: its one recipient, or honestly someone of several."""
    if len(copy.recipients) == 1:
        return copy.recipients[0].label
    return f"Someone of {len(copy.recipients)}" if copy.recipients else "Someone"


def reader_words(judged: Judged, possible: Sequence[Recipient], copy: Copy) -> str:
    """Whose hit it may have been: "You", the one recipient, or "Ada or Zoë (of 3)". Narrowed, it stays a guess."""
    if judged.verdict.cause is Cause.SELF:
        return "You"
    everybody = len(copy.recipients)
    if everybody < 2 or not 0 < len(possible) < everybody or len(possible) > _NAMED:
        return who_words(copy)
    *others, last = (person.label for person in possible)
    names = f"{', '.join(others)} or {last}" if others else f"Perhaps {last}"
    return f"{names} (of {everybody})"


def source_words(client: str, place: str) -> str:
    """What fetched it, and from where when that is known: "Outlook on Windows in Lyon, France"."""
    return f"{client} in {place}" if client and place else client or place


def count_words(summary: Summary) -> str:
    """What a summary adds up to: "3 opens, 1 click", "not opened", "cannot tell"."""
    counts = [_plural(summary.opens, "open"), _plural(summary.clicks, "click")]
    said = ", ".join(count for count in counts if count)
    return said or ("cannot tell" if summary.unsure else "not opened")


def _plural(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}" if number else ""
