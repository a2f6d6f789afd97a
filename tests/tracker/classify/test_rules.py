"""Each rule by an example, and what must hold of all of them."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.makers import NOON, OUTLOOK, a_hit, a_judged, a_verdict, after
from tracker.classify import RULESET, Known, classify, client_name
from tracker.classify.rules import RULES
from tracker.model import Cause, Correction, Hit, HitKind, Judged, Verdict

SENT = Known(sent_at=NOON)
GMAIL_PROXY = "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)"
GMAIL_PREFETCH = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/42.0.2311.135 Safari/537.36 Edge/12.246 Mozilla/5.0"
)
CHROME = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/137.0.0.0"
ON_GOOGLE, ON_AKAMAI, ON_AWS = "66.102.9.1", "172.224.230.9", "3.5.140.2"


def _open(agent: str, seconds: float = 300, ip: str = "198.51.100.7", **headers: str) -> Hit:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return a_hit(at=after(seconds), ip=ip, headers={"user-agent": agent, **named})


def _earlier(seconds: float, reason: str, cause: Cause = Cause.LIKELY_HUMAN) -> Judged:
    return a_judged(hit=a_hit(at=after(seconds)), verdict=a_verdict(reason=reason, cause=cause))


def _told(verdict: Verdict) -> tuple[Cause, str]:
    return verdict.cause, verdict.reason


def test_a_hit_on_an_unarmed_token_is_the_sender_composing() -> None:
    assert _told(classify(_open(OUTLOOK), Known(sent_at=None))) == (Cause.SELF, "before_send")


def test_a_hit_before_the_mail_was_sent_is_the_sender() -> None:
    assert _told(classify(_open(OUTLOOK, seconds=-1), SENT)) == (Cause.SELF, "before_send")


def test_a_hit_at_the_moment_of_sending_is_not_before_it() -> None:
    assert classify(_open(CHROME, seconds=0), SENT).reason == "too_fast"


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS"])
def test_a_probe_is_a_scanner(method: str) -> None:
    probe = a_hit(method=method)

    assert _told(classify(probe, SENT)) == (Cause.SCANNER, "method_head")


@pytest.mark.parametrize("name", ["sec-purpose", "purpose", "x-purpose", "x-moz"])
def test_a_prefetch_that_says_so_is_believed(name: str) -> None:
    hit = _open(CHROME, **{name: "Prefetch;prerender"}, sec_fetch_dest="image")

    assert _told(classify(hit, SENT)) == (Cause.PREFETCH, "purpose_prefetch")


def test_gmail_fetching_ahead_is_a_prefetch() -> None:
    assert _told(classify(_open(GMAIL_PREFETCH, ip=ON_GOOGLE), SENT)) == (Cause.PREFETCH, "gmail_prefetch_ua")


@pytest.mark.parametrize("agent", [GMAIL_PREFETCH, GMAIL_PROXY])
@pytest.mark.parametrize("ip", ["198.51.100.7", ON_AWS, "34.64.0.1"])
def test_gmail_from_anywhere_but_google_is_somebody_else(agent: str, ip: str) -> None:
    assert _told(classify(_open(agent, ip=ip), SENT)) == (Cause.UNKNOWN, "spoofed_proxy_ua")


def test_gmails_proxy_is_likely_a_person() -> None:
    verdict = classify(_open(GMAIL_PROXY, ip=ON_GOOGLE), SENT)

    assert (*_told(verdict), verdict.counts) == (Cause.LIKELY_HUMAN, "gmail_proxy_open", True)


@pytest.mark.parametrize("mail_system", ["microsoft", "yahoo", "fastmail", "other"])
def test_gmails_proxy_is_the_sender_when_the_recipient_has_no_gmail(mail_system: str) -> None:
    verdict = classify(_open(GMAIL_PROXY, ip=ON_GOOGLE), Known(NOON, recipient_mx=mail_system))

    assert verdict.cause is Cause.SELF


@pytest.mark.parametrize("mail_system", ["google", "mixed", "unknown", "mimecast", "proofpoint", "barracuda"])
def test_gmails_proxy_may_serve_a_recipient_whose_mailbox_may_be_gmail(mail_system: str) -> None:
    assert classify(_open(GMAIL_PROXY, ip=ON_GOOGLE), Known(NOON, recipient_mx=mail_system)).counts


def test_gmail_can_only_be_a_reader_when_the_senders_own_copy_is_clean() -> None:
    known = Known(NOON, recipient_mx="microsoft", sent_copy_clean=True)

    assert classify(_open(GMAIL_PROXY, ip=ON_GOOGLE), known).reason == "gmail_proxy_but_recipient_not_google_forward"


def test_gmails_proxy_right_after_sending_may_be_a_prefetch() -> None:
    assert classify(_open(GMAIL_PROXY, 12, ON_GOOGLE), SENT).reason == "gmail_proxy_too_early"


def test_gmails_proxy_after_a_prefetch_is_likely_a_person_however_early() -> None:
    known = Known(NOON, prior=(_earlier(3, "gmail_prefetch_ua", Cause.PREFETCH),))

    assert classify(_open(GMAIL_PROXY, 12, ON_GOOGLE), known).counts


@pytest.mark.parametrize(("apart", "reason"), [(59, "duplicate_fetch"), (61, "gmail_proxy_reopen")])
def test_gmails_proxy_asking_twice_within_a_minute_is_the_same_look(apart: float, reason: str) -> None:
    known = Known(NOON, prior=(_earlier(300, "gmail_proxy_open"),))

    assert classify(_open(GMAIL_PROXY, 300 + apart, ON_GOOGLE), known).reason == reason


@pytest.mark.parametrize(("seconds", "counts"), [(15, False), (40, False), (71, False), (73, True)])
def test_gmails_early_look_becomes_an_open_when_it_looks_again_a_minute_later(seconds: float, counts: bool) -> None:
    known = Known(NOON, prior=(_earlier(12, "gmail_proxy_too_early", Cause.PREFETCH),))

    assert classify(_open(GMAIL_PROXY, seconds, ON_GOOGLE), known).counts is counts


def test_gmail_after_the_reply_is_most_likely_the_sender_reading_it() -> None:
    known = Known(NOON, replied_at=after(200))

    assert _told(classify(_open(GMAIL_PROXY, 300, ON_GOOGLE), known)) == (Cause.SELF, "after_reply")


def test_a_reader_with_a_mail_program_still_counts_after_the_reply() -> None:
    assert classify(_open(OUTLOOK, 300), Known(NOON, replied_at=after(200))).counts


def test_a_look_before_the_bounce_is_not_the_senders() -> None:
    assert classify(_open(OUTLOOK, 100), Known(NOON, bounced_at=after(200))).cause is not Cause.SELF


def test_a_look_after_the_bounce_is_the_senders() -> None:
    known = Known(NOON, bounced_at=after(200))

    assert _told(classify(_open(GMAIL_PROXY, 300, ON_GOOGLE), known)) == (Cause.SELF, "bounced_message")


@pytest.mark.parametrize(
    ("known", "reason"),
    [
        (Known(NOON, honeypot=True), "honeypot"),
        (Known(NOON, sender_cookie=True), "self_cookie"),
        (Known(NOON, sender_is_looking=True), "self_headsup"),
    ],
)
def test_what_people_cannot_do_or_only_the_sender_does_is_no_open(known: Known, reason: str) -> None:
    verdict = classify(_open(OUTLOOK), known)

    assert (verdict.reason, verdict.counts) == (reason, False)


@pytest.mark.parametrize("own", ["198.51.100.7", "::ffff:198.51.100.7"])
def test_the_senders_own_address_is_the_sender(own: str) -> None:
    assert _told(classify(_open(OUTLOOK), Known(NOON, sender_ips=frozenset([own])))) == (Cause.SELF, "self_ip")


def test_the_senders_home_is_known_by_its_ipv6_network() -> None:
    known = Known(NOON, sender_ips=frozenset(["2001:db8:1:2::1"]))

    assert classify(_open(OUTLOOK, ip="2001:db8:1:2:ffff::9"), known).cause is Cause.SELF


def test_a_colleagues_look_from_the_same_office_cannot_be_told_from_the_senders() -> None:
    known = Known(NOON, sender_ips=frozenset(["198.51.100.7"]), recipient_is_colleague=True)

    assert _told(classify(_open(OUTLOOK), known)) == (Cause.UNKNOWN, "self_ip")


def test_an_address_that_strangers_share_is_not_the_senders_own() -> None:
    known = Known(NOON, sender_ips=frozenset([ON_GOOGLE]))

    assert classify(_open(GMAIL_PROXY, ip=ON_GOOGLE), known).counts


def test_a_mail_proxy_outside_its_network_is_somebody_else() -> None:
    assert classify(_open("YahooMailProxy; https://help.yahoo.com/"), SENT).reason == "spoofed_proxy_ua"


def test_a_mail_service_that_follows_a_link_is_no_reader() -> None:
    click = a_hit(kind=HitKind.CLICK, ip="98.136.0.1", headers={"user-agent": "YahooMailProxy"})

    assert not classify(click, SENT).counts


@pytest.mark.parametrize("network", ["corp-proxy:zscaler", "corp-proxy:netskope", "corp-proxy:menlo"])
def test_people_behind_a_companys_web_proxy_are_people(network: str) -> None:
    assert classify(_open(CHROME, accept="image/avif,*/*"), Known(NOON, network=network)).counts


@pytest.mark.parametrize("network", ["vendor:mimecast", "vendor:proofpoint", "vendor-range:barracuda"])
def test_a_mail_security_network_is_a_scanner_whatever_it_calls_itself(network: str) -> None:
    assert classify(_open(OUTLOOK, 9e4), Known(NOON, network=network)).cause is Cause.SCANNER


def test_a_person_behind_a_filter_that_carries_browsing_too_cannot_be_told() -> None:
    hit = _open(CHROME, 300, accept="image/avif,*/*")

    assert classify(hit, Known(NOON, network="vendor:forcepoint")).reason == "vendor_gateway"


def test_googles_own_network_follows_links_to_check_them() -> None:
    click = a_hit(kind=HitKind.CLICK, ip=ON_GOOGLE, headers={"user-agent": CHROME, "sec-fetch-mode": "navigate"})

    assert classify(click, SENT).reason == "google_asn_click"


def test_protons_network_hides_its_readers() -> None:
    known = Known(NOON, network="mailbox:proton")

    assert _told(classify(_open(CHROME, accept="image/avif"), known)) == (Cause.PRIVACY_PROXY, "proton_asn")


@pytest.mark.parametrize("seconds", [4, 30, 59])
def test_a_browser_that_says_little_is_not_believed_when_scanners_come(seconds: float) -> None:
    assert not classify(_open(CHROME, seconds, accept="*/*"), SENT).counts


def test_apples_relay_says_nothing_about_a_reader() -> None:
    assert _told(classify(_open("Mozilla/5.0", ip=ON_AKAMAI), SENT)) == (Cause.PRIVACY_PROXY, "apple_mpp")


def test_a_bare_agent_from_hosting_at_once_is_a_scanner() -> None:
    assert classify(_open("Mozilla/5.0", 5, ON_AWS), SENT).cause is Cause.SCANNER


def test_a_bare_agent_from_elsewhere_cannot_be_told() -> None:
    assert classify(_open("Mozilla/5.0"), SENT).reason == "bare_mozilla_not_relay"


@pytest.mark.parametrize(
    ("agent", "reason"),
    [
        ("", "empty_ua"),
        ("Dalvik/2.1.0 (Linux; U; Android 12)", "android_http_stack"),
        ("iOS/17.1 (21B74) dataaccessd/1.0", "os_daemon"),
        ("App/1 CFNetwork/1 Darwin/19", "apple_http_stack"),
    ],
)
def test_an_operating_systems_own_fetch_cannot_be_told(agent: str, reason: str) -> None:
    assert _told(classify(_open(agent), SENT)) == (Cause.UNKNOWN, reason)


@pytest.mark.parametrize("ip", [ON_AWS, "40.94.20.79", "148.163.129.1", ON_GOOGLE])
def test_a_mail_client_among_machines_raises_no_alert_when_scanners_come(ip: str) -> None:
    assert not classify(_open(OUTLOOK, 59, ip), SENT).counts


@pytest.mark.parametrize("ip", [ON_AWS, "40.94.20.79"])
def test_a_mail_client_on_a_hosted_desktop_is_likely_a_person(ip: str) -> None:
    assert _told(classify(_open(OUTLOOK, 61, ip), SENT)) == (Cause.LIKELY_HUMAN, "mail_client_hosting_asn")


def test_a_mail_client_cannot_be_faster_than_a_person() -> None:
    assert classify(_open(OUTLOOK, 2.9), SENT).reason == "mail_client_too_early"


def test_an_old_browser_from_hosting_is_a_scanner_whenever_it_comes() -> None:
    assert classify(_open("Mozilla/5.0 Chrome/103.0.0.0 Safari/537.36", 9e5, ON_AWS), SENT).cause is Cause.SCANNER


def test_a_browser_that_loads_an_image_is_a_person() -> None:
    assert classify(_open(CHROME, accept="image/avif,*/*"), SENT).reason == "browser_image_load"


def test_a_browser_that_follows_a_link_is_a_person() -> None:
    click = _open(CHROME, sec_fetch_mode="navigate")

    assert classify(a_hit(kind=HitKind.CLICK, headers=click.headers), SENT).reason == "browser_navigation"


def test_an_image_loaded_where_a_link_was_to_be_followed_is_no_person() -> None:
    assert not classify(a_hit(kind=HitKind.CLICK, headers=_open(CHROME, accept="image/*").headers), SENT).counts


def test_a_browser_that_calls_itself_a_bot_is_believed() -> None:
    assert not classify(_open(f"{CHROME} (compatible; Whateverbot/1.0)", sec_fetch_dest="image"), SENT).counts


def test_a_verdict_names_its_rule_and_the_rules_it_was_made_by() -> None:
    verdict = classify(_open(OUTLOOK), SENT)

    assert (verdict.rules, verdict.ruleset) == (("G2",), RULESET)


def test_rules_stand_in_the_order_of_their_names() -> None:
    names = [rule.name for rule in RULES]

    assert names == sorted(names)


@pytest.mark.parametrize(
    ("agent", "ip", "name"),
    [
        (OUTLOOK, "198.51.100.7", "Outlook on Windows"),
        (GMAIL_PROXY, ON_GOOGLE, "through Gmail"),
        (GMAIL_PROXY, "198.51.100.7", "an unknown client"),
        ("Mozilla/5.0", ON_AKAMAI, "through Apple's privacy proxy"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:24.0) Gecko Thunderbird/24.4.0", None, "Thunderbird on Linux"),
        (CHROME, None, "Chrome on Mac"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 12_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
            " Mobile/15E148",
            None,
            "Apple Mail on iPhone",
        ),
        ("YahooMailProxy; https://help.yahoo.com/", "98.136.0.1", "through Yahoo Mail"),
        ("curl/8", None, "curl"),
        ("Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)", None, "Slack's link preview"),
        ("Barracuda Sentinel (EE)", None, "Barracuda"),
        ("Outlook-iOS/709.2042344.prod.iphone (3.21.0)", None, "Outlook on iPhone"),
        ("", None, "an unknown client"),
    ],
)
def test_a_client_is_named_as_people_call_it(agent: str, ip: str | None, name: str) -> None:
    assert client_name(a_hit(ip=ip, headers={"user-agent": agent})) == name


_anything = st.text(st.characters(), max_size=200) | st.sampled_from([GMAIL_PROXY, GMAIL_PREFETCH, CHROME, OUTLOOK, ""])
_names = st.sampled_from(["user-agent", "accept", "sec-fetch-dest", "sec-fetch-mode", "purpose"]) | _anything


@given(
    headers=st.dictionaries(_names, _anything, max_size=6),
    ip=st.none() | _anything | st.ip_addresses().map(str),
    method=_anything,
    seconds=st.floats(-1e6, 1e9),
    kind=st.sampled_from(HitKind),
    mx=_anything,
    sent=st.booleans(),
)
def test_every_hit_gets_the_same_verdict_twice(
    headers: dict[str, str], ip: str | None, method: str, seconds: float, kind: HitKind, mx: str, sent: bool
) -> None:
    hit = Hit("h", NOON + timedelta(seconds=seconds), kind, "c", method, ip, headers)
    beside = a_judged(hit=Hit("i", hit.at, kind, "d", method, ip, headers, mx))
    said = Correction("a", "i", Cause.SELF, ip or mx, client_name(hit), NOON)
    own = frozenset([ip or mx])
    known = Known(NOON if sent else None, mx, (_earlier(0, "gmail_proxy_open"),), (beside,), 3, (said,), own)

    assert classify(hit, known) == classify(hit, known)
    assert client_name(hit)


@pytest.mark.parametrize("piece", ["Mozilla/5.0 (", "version/1 ", "\ud800", "Chrome/9", "(Macintosh; ", "a"])
def test_an_agent_of_a_hundred_kilobytes_is_judged_like_any_other(piece: str) -> None:
    hit = _open(piece * (100_000 // len(piece)))

    assert not classify(hit, SENT).counts
