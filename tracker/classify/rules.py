"""The rules, from the most to the least certain. A new one is a row in its place; a changed one, a new RULESET."""

from tracker.classify import actors, corrections
from tracker.classify.evidence import Evidence
from tracker.classify.rule import Holds, Rule
from tracker.classify.rules_of_proxies import PROXY_RULES
from tracker.classify.rules_of_readers import READER_RULES
from tracker.model import Cause, HitKind

RULESET = "2026-11-30.3"

SAID, LEARNT = 0.97, 0.9  # how sure a correction is of the hit it was said of, and of others like it


def _said(cause: Cause) -> Holds:
    return lambda it: _may_say(it, cause) and corrections.said_of_this_hit(it) is cause


def _learnt(cause: Cause) -> Holds:
    return lambda it: _may_say(it, cause) and corrections.learnt(it) is cause


def _may_say(it: Evidence, cause: Cause) -> bool:
    taught = it.known.corrections
    return bool(taught) and any(one.cause is cause for one in taught)


def _agent_of(kind: str) -> Holds:
    return lambda it: it.agent.machine == kind


def _person_behind_a_gateway(it: Evidence) -> bool:
    return it.on_a_gateway() and it.direct_client() and it.asks_as_a_person_does() and not it.when_machines_come()


def _click_from_google(it: Evidence) -> bool:
    return it.on_google() and it.hit.kind is HitKind.CLICK


def _with_others(it: Evidence) -> bool:
    """Whether there are other hits to compare with: the sender's own looks are compared with nobody's."""
    return bool(it.known.around or it.known.prior) and not it.from_the_senders_address()


def _burst(it: Evidence) -> bool:
    return _with_others(it) and (actors.walks_links(it.hit, it.known) or actors.takes_copies_at_once(it.hit, it.known))


def _fan_out(it: Evidence) -> bool:
    known_proxy = it.on_a_shared_network() or it.on_microsoft()
    return _with_others(it) and not known_proxy and actors.fans_out(it.hit, it.known)


CERTAIN_RULES: tuple[Rule, ...] = (
    # The sender's own word about a hit stands above all that we infer.
    *(Rule("A0", _said(cause), cause, SAID, "corrected") for cause in Cause),
    Rule("A1", Evidence.before_send, Cause.SELF, 0.97, "before_send"),
    Rule("A2", Evidence.probes, Cause.SCANNER, 0.97, "method_head"),
    Rule("A2", Evidence.sends, Cause.SCANNER, 0.9, "method_other"),
    Rule("A3", Evidence.says_prefetch, Cause.PREFETCH, 0.97, "purpose_prefetch"),
    Rule("A4", lambda it: it.known.honeypot, Cause.SCANNER, 0.97, "honeypot"),
    Rule("A5", lambda it: it.known.sender_cookie, Cause.SELF, 0.97, "self_cookie"),
    Rule("A5", lambda it: it.known.sender_is_looking, Cause.SELF, 0.9, "self_headsup"),
    Rule("A5", Evidence.after_bounce, Cause.SELF, 0.8, "bounced_message"),
    *(Rule("A5", _learnt(cause), cause, LEARNT, "corrected") for cause in Cause),
)
MACHINE_RULES: tuple[Rule, ...] = (
    Rule("B", _agent_of("unfurler"), Cause.SCANNER, 0.97, "ua_unfurler"),
    Rule("B", _agent_of("headless"), Cause.SCANNER, 0.97, "ua_headless"),
    Rule("B", _agent_of("safety"), Cause.SCANNER, 0.97, "ua_google_safety"),
    Rule("B", _agent_of("exchange"), Cause.SCANNER, 0.8, "ua_exchange"),
    Rule("B", _agent_of("scanner"), Cause.SCANNER, 0.97, "ua_scanner"),
    Rule("B", _agent_of("library"), Cause.SCANNER, 0.95, "ua_library"),
    Rule("B", _agent_of("bot"), Cause.SCANNER, 0.9, "ua_bot"),
    Rule("C", _person_behind_a_gateway, Cause.UNKNOWN, 0.5, "vendor_gateway"),
    Rule("C", Evidence.on_a_vendor, Cause.SCANNER, 0.95, "vendor_asn"),
    Rule("C", Evidence.on_a_vendors_range, Cause.SCANNER, 0.9, "vendor_range"),
)
CLOUD_AND_ACTOR_RULES: tuple[Rule, ...] = (
    # Microsoft scans from the network that Outlook.com's readers come from: never all of it.
    Rule("E1", lambda it: it.on_microsoft() and not it.agent.text, Cause.SCANNER, 0.97, "microsoft_asn_empty_ua"),
    Rule("E1", lambda it: it.on_microsoft() and it.when_machines_come(), Cause.SCANNER, 0.95, "microsoft_asn_fast"),
    Rule("E1", lambda it: it.on_microsoft() and not it.agent.mail_client, Cause.UNKNOWN, 0.5, "microsoft_asn_late"),
    Rule("E2", _click_from_google, Cause.SCANNER, 0.85, "google_asn_click"),
    Rule("F1", _burst, Cause.SCANNER, 0.95, "burst_links"),
    Rule(
        "F2",
        lambda it: _with_others(it) and actors.follows_a_scanner(it.hit, it.known),
        Cause.SCANNER,
        0.85,
        "same_actor_as_scanner",
    ),
    Rule("F3", _fan_out, Cause.SCANNER, 0.8, "fan_out"),
    Rule(
        "F4",
        lambda it: it.from_the_senders_address() and it.known.recipient_is_colleague,
        Cause.UNKNOWN,
        0.4,
        "self_ip",
    ),
    Rule("F4", Evidence.from_the_senders_address, Cause.SELF, 0.8, "self_ip"),
)
RULES: tuple[Rule, ...] = (*CERTAIN_RULES, *MACHINE_RULES, *PROXY_RULES, *CLOUD_AND_ACTOR_RULES, *READER_RULES)
