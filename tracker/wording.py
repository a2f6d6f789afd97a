"""Verdicts in words that a salesperson understands, the same in Slack, in the terminal and on pages."""

from collections.abc import Sequence

from tracker.model import Cause, Copy, HitKind, Judged, Recipient, Summary, Verdict

_NAMED = 3  # possible readers that are named; more would say as little as "someone"

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
    "method_head": "a program asked whether the picture is there, without loading it",
    "purpose_prefetch": "the program said that it loads ahead of time",
    "gmail_prefetch_ua": "Gmail fetches pictures ahead of time with this signature",
    "gmail_prefetch_spoofed": "it claims to be Gmail, but does not come from Google",
    "gmail_proxy_spoofed": "it claims to be Gmail, but does not come from Google",
    "gmail_proxy_self": "it came through Gmail, and no recipient uses Gmail: most likely you",
    "gmail_proxy_duplicate": "Gmail loaded it moments after the last time",
    "gmail_proxy_after_prefetch": "Gmail loaded it again after its first, automatic look",
    "gmail_proxy_early": "Gmail loaded it within seconds of sending: too soon to tell from a machine",
    "gmail_proxy_open": "Gmail loaded it for a reader",
    "apple_mpp": "Apple's privacy protection loads every mail, read or not",
    "mail_client_ua": "a mail program on the reader's own network loaded it",
    "apple_mail_direct": "Apple Mail on the reader's own network loaded it",
    "too_fast": "it came within three seconds of sending: too fast to tell",
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


def passed_on_words(system: str) -> str:
    """The hint that another mail system loaded a mail. It never says that somebody forwarded it: nobody can know."""
    return f"Also loaded from another mail system: {system}. The same person elsewhere, or a forward."


def count_words(summary: Summary) -> str:
    """What a summary adds up to: "3 opens, 1 click", "not opened", "cannot tell"."""
    counts = [_plural(summary.opens, "open"), _plural(summary.clicks, "click")]
    said = ", ".join(count for count in counts if count)
    return said or ("cannot tell" if summary.unsure else "not opened")


def _plural(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}" if number else ""
