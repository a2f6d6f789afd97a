"""The rules, from the most to the least certain. A new one is a row in its place; a changed one, a new RULESET."""

from collections.abc import Callable
from dataclasses import dataclass

from tracker.classify.evidence import (
    GMAIL_EARLY_SECONDS,
    HOSTING_FAST_SECONDS,
    PEOPLE_NEED_SECONDS,
    Evidence,
)
from tracker.model import Cause

RULESET = "2026-11-30"


@dataclass(frozen=True, slots=True)
class Rule:
    """One row: when it holds, this is the cause, this sure, for this reason."""

    name: str
    holds: Callable[[Evidence], bool]
    cause: Cause
    confidence: float
    reason: str


def _spoofed_gmail(it: Evidence) -> bool:
    return (it.gmail_prefetch() or it.gmail_proxy()) and not it.on_google()


def _early_gmail_proxy(it: Evidence) -> bool:
    return it.gmail_proxy() and it.sooner_than(GMAIL_EARLY_SECONDS)


def _direct_mail_client(it: Evidence) -> bool:
    return it.mail_client() and not it.among_machines() and not it.sooner_than(PEOPLE_NEED_SECONDS)


def _direct_apple_mail(it: Evidence) -> bool:
    return it.apple_mail() and not it.among_machines() and not it.sooner_than(PEOPLE_NEED_SECONDS)


def _browser_of_a_person(it: Evidence) -> bool:
    return it.browser() and not it.among_machines() and it.asks_as_a_person_does()


def _bare_from_hosting_at_once(it: Evidence) -> bool:
    return it.bare_mozilla() and it.hosted() and it.sooner_than(HOSTING_FAST_SECONDS)


RULES: tuple[Rule, ...] = (
    Rule("A1", Evidence.before_send, Cause.SELF, 0.97, "before_send"),
    Rule("A2", Evidence.probes, Cause.SCANNER, 0.97, "method_head"),
    Rule("A3", Evidence.says_prefetch, Cause.PREFETCH, 0.97, "purpose_prefetch"),
    # Gmail: its two agents are believed from Google's own network only; Google's cloud is anybody's.
    Rule("D1", _spoofed_gmail, Cause.UNKNOWN, 0.6, "spoofed_proxy_ua"),
    Rule("D1", Evidence.gmail_prefetch, Cause.PREFETCH, 0.98, "gmail_prefetch_ua"),
    Rule(
        "D2",
        lambda it: it.gmail_proxy() and it.recipient_elsewhere_than_google(),
        Cause.SELF,
        0.6,
        "gmail_proxy_but_recipient_not_google",
    ),
    Rule(
        "D2",
        lambda it: it.gmail_proxy() and it.fetched_by_gmail_just_now(),
        Cause.DUPLICATE,
        0.8,
        "gmail_proxy_duplicate",
    ),
    Rule(
        "D2",
        lambda it: it.gmail_proxy() and it.prefetched_by_gmail(),
        Cause.LIKELY_HUMAN,
        0.85,
        "gmail_proxy_after_prefetch",
    ),
    Rule("D2", _early_gmail_proxy, Cause.PREFETCH, 0.6, "gmail_proxy_too_early"),
    Rule("D2", Evidence.gmail_proxy, Cause.LIKELY_HUMAN, 0.85, "gmail_proxy_open"),
    # Apple Mail Privacy Protection: fetched by Apple, opened or not.
    Rule("D3", lambda it: it.bare_mozilla() and it.on_a_relay(), Cause.PRIVACY_PROXY, 0.95, "apple_mpp"),
    Rule("D3", _bare_from_hosting_at_once, Cause.SCANNER, 0.75, "hosting_asn_fast"),
    Rule("D3", Evidence.bare_mozilla, Cause.UNKNOWN, 0.5, "bare_mozilla_not_relay"),
    # What comes straight from a reader's device, or pretends to.
    Rule("G1", Evidence.os_stack, Cause.UNKNOWN, 0.5, "os_stack"),
    Rule("G2", _direct_mail_client, Cause.HUMAN, 0.9, "mail_client_ua"),
    Rule("G3", _direct_apple_mail, Cause.HUMAN, 0.85, "apple_mail_direct"),
    Rule("G4", lambda it: it.browser() and it.hosted() and it.stale(), Cause.SCANNER, 0.85, "hosting_stale_browser"),
    Rule(
        "G4",
        lambda it: it.browser() and it.hosted() and it.sooner_than(HOSTING_FAST_SECONDS),
        Cause.SCANNER,
        0.85,
        "hosting_asn_fast",
    ),
    Rule("G4", lambda it: it.browser() and it.hosted(), Cause.UNKNOWN, 0.5, "hosting_asn_late"),
    Rule("G5", lambda it: it.sooner_than(PEOPLE_NEED_SECONDS), Cause.UNKNOWN, 0.6, "too_fast"),
    Rule(
        "G6",
        lambda it: _browser_of_a_person(it) and it.on_a_relay(),
        Cause.LIKELY_HUMAN,
        0.75,
        "browser_through_relay",
    ),
    Rule("G6", lambda it: _browser_of_a_person(it) and it.navigates(), Cause.HUMAN, 0.9, "browser_navigation"),
    Rule("G6", _browser_of_a_person, Cause.HUMAN, 0.9, "browser_image_load"),
    # Below what counts as an open: shown, never told.
    Rule("G7", Evidence.mail_client, Cause.LIKELY_HUMAN, 0.6, "mail_client_among_machines"),
    Rule("G7", lambda it: it.browser() and not it.among_machines(), Cause.LIKELY_HUMAN, 0.6, "browser_few_headers"),
    Rule("G7", lambda it: True, Cause.UNKNOWN, 0.5, "nothing_known"),
)
