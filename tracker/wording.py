"""Verdicts in words that a salesperson understands, the same in Slack, in the terminal and on pages."""

from tracker.model import Cause, Copy, HitKind, Judged, Summary, Verdict

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

REASONS = {
    "before_send": "it was loaded before the mail went out, while you were writing",
    "method_head": "a program asked whether it is there, without loading it",
    "purpose_prefetch": "the program said that it loads ahead of time",
    "spoofed_proxy_ua": "it claims to be Gmail, but does not come from Google",
    "gmail_prefetch_ua": "Gmail fetches pictures ahead of time with this signature",
    "gmail_proxy_but_recipient_not_google": "it came through Gmail, and no recipient uses Gmail: most likely you",
    "gmail_proxy_duplicate": "Gmail loaded it moments after the last time",
    "gmail_proxy_after_prefetch": "Gmail loaded it again after its first, automatic look",
    "gmail_proxy_too_early": "Gmail loaded it within seconds of sending: too soon to tell from a machine",
    "gmail_proxy_open": "Gmail loaded it for a reader",
    "apple_mpp": "Apple's privacy protection loads every mail, read or not",
    "bare_mozilla_not_relay": "it looks like Apple's privacy protection, but does not come from there",
    "os_stack": "the program that loaded it does not say what it is",
    "mail_client_ua": "a mail program on the reader's own network loaded it",
    "apple_mail_direct": "Apple Mail on the reader's own network loaded it",
    "hosting_stale_browser": "a browser years out of date loaded it from a data centre",
    "hosting_asn_fast": "it came from a data centre within a minute of sending",
    "hosting_asn_late": "a browser in a data centre loaded it: a machine, or a person behind one",
    "too_fast": "it came within three seconds of sending: too fast to tell",
    "browser_through_relay": "a browser loaded it through a privacy service, as it does for a reader",
    "browser_navigation": "a browser on the reader's own network followed the link",
    "browser_image_load": "a browser on the reader's own network loaded it",
    "mail_client_among_machines": "a mail program loaded it from where machines live: too little to be sure",
    "browser_few_headers": "a browser loaded it, with few of the signs of a person",
    "nothing_known": "the signs are too few to tell",
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
    """What happened, in a few words: "Opened", "Checked by a machine"."""
    if judged.verdict.cause is Cause.LIKELY_HUMAN and not judged.verdict.counts:
        return "Perhaps opened" if judged.hit.kind is HitKind.OPEN else "Link perhaps clicked"
    return _WHAT[judged.verdict.cause][judged.hit.kind]


def reason_words(verdict: Verdict) -> str:
    """Why we believe it, as half a sentence."""
    return REASONS.get(verdict.reason) or _BY_CAUSE[verdict.cause]


def who_words(copy: Copy) -> str:
    """Who may have read a copy: its one recipient, or honestly someone of several."""
    if len(copy.recipients) == 1:
        return copy.recipients[0].label
    return f"Someone of {len(copy.recipients)}" if copy.recipients else "Someone"


def count_words(summary: Summary) -> str:
    """What a summary adds up to: "3 opens, 1 click", "not opened", "cannot tell"."""
    counts = [_plural(summary.opens, "open"), _plural(summary.clicks, "click")]
    said = ", ".join(count for count in counts if count)
    return said or ("cannot tell" if summary.unsure else "not opened")


def _plural(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}" if number else ""
