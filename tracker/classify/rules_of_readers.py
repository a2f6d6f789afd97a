"""Rules G: what comes straight from a reader's device, or pretends to."""

from tracker.classify.evidence import Evidence
from tracker.classify.rule import Holds, Rule
from tracker.model import Cause, HitKind


def _stack(name: str) -> Holds:
    return lambda it: it.agent.stack == name


def _mail_client(holds: Holds) -> Holds:
    return lambda it: bool(it.agent.mail_client) and holds(it)


def _in_a_cloud(it: Evidence) -> bool:
    return it.hosted() or it.on_microsoft()


def _early_in_a_cloud(it: Evidence) -> bool:
    return _in_a_cloud(it) and it.when_machines_come()


def _direct_apple_mail(it: Evidence) -> bool:
    return it.agent.apple_mail and not it.among_machines() and not it.too_fast()


def _stale_in_a_cloud(it: Evidence) -> bool:
    return it.hosted() and it.agent.stale


def _early_client_in_a_cloud(it: Evidence) -> bool:
    return it.hosted() and it.direct_client() and it.when_machines_come()


def _early_program_in_a_cloud(it: Evidence) -> bool:
    return it.hosted() and it.when_machines_come()


def _browser(holds: Holds) -> Holds:
    return lambda it: bool(it.agent.browser) and not it.among_machines() and holds(it)


def _asks(holds: Holds) -> Holds:
    return _browser(lambda it: it.asks_as_a_person_does() and holds(it))


def _page_request(it: Evidence) -> bool:
    return it.hit.kind is HitKind.CLICK and it.asks_for_a_page()


def _few_headers_but_credible(it: Evidence) -> bool:
    return it.hit.kind is HitKind.OPEN and not (it.agent.stale or it.when_machines_come() or it.on_a_relay())


READER_RULES: tuple[Rule, ...] = (
    Rule("G1", _stack("no_agent"), Cause.UNKNOWN, 0.4, "empty_ua"),
    Rule("G1", _stack("android_http_stack"), Cause.UNKNOWN, 0.5, "android_http_stack"),
    Rule("G1", _stack("os_daemon"), Cause.UNKNOWN, 0.5, "os_daemon"),
    Rule("G1", _stack("apple_http_stack"), Cause.UNKNOWN, 0.5, "apple_http_stack"),
    Rule("G2", _mail_client(Evidence.too_fast), Cause.UNKNOWN, 0.5, "mail_client_too_early"),
    Rule("G2", _mail_client(lambda it: not it.among_machines()), Cause.HUMAN, 0.9, "mail_client_ua"),
    Rule("G2", _mail_client(_early_in_a_cloud), Cause.SCANNER, 0.85, "hosting_asn_fast"),
    # A hosted desktop: Outlook runs there, and so does a sandbox that imitates it, but that comes early.
    Rule("G2", _mail_client(_in_a_cloud), Cause.LIKELY_HUMAN, 0.7, "mail_client_hosting_asn"),
    Rule("G3", _direct_apple_mail, Cause.HUMAN, 0.85, "apple_mail_direct"),
    Rule("G4", _stale_in_a_cloud, Cause.SCANNER, 0.85, "stale_browser_hosting"),
    Rule("G4", _early_client_in_a_cloud, Cause.SCANNER, 0.85, "hosting_asn_fast"),
    Rule("G4", _early_program_in_a_cloud, Cause.SCANNER, 0.75, "hosting_asn_fast"),
    Rule("G4", Evidence.hosted, Cause.UNKNOWN, 0.5, "hosting_asn_late"),
    Rule("G4", Evidence.in_a_mailbox_network, Cause.UNKNOWN, 0.5, "mailbox_network"),
    Rule("G5", Evidence.too_fast, Cause.UNKNOWN, 0.6, "too_fast"),
    Rule("G6", _asks(Evidence.on_a_relay), Cause.LIKELY_HUMAN, 0.75, "relay_browser"),
    Rule("G6", _asks(lambda it: it.hit.kind is HitKind.CLICK), Cause.HUMAN, 0.9, "browser_navigation"),
    Rule("G6", _asks(lambda it: True), Cause.HUMAN, 0.9, "browser_image_load"),
    Rule("G6", _browser(_page_request), Cause.LIKELY_HUMAN, 0.75, "browser_page_request"),
    Rule("G7", Evidence.asks_for_the_wrong_thing, Cause.UNKNOWN, 0.5, "asks_for_the_wrong_thing"),
    Rule("G7", _browser(_few_headers_but_credible), Cause.LIKELY_HUMAN, 0.7, "browser_no_image_headers"),
    # Below what counts: shown, never told.
    Rule("G7", _browser(lambda it: True), Cause.LIKELY_HUMAN, 0.6, "browser_few_headers"),
    Rule("G7", lambda it: True, Cause.UNKNOWN, 0.5, "nothing_known"),
)
