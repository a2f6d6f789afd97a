"""Mail systems, told from the names of mail servers."""

import pytest

from tracker.mail_systems import common_system, consumer_system, is_consumer_domain, system_of_server, system_of_servers


@pytest.mark.parametrize(
    ("server", "system"),
    [
        ("aspmx.l.google.com", "google"),
        ("ALT1.ASPMX.L.GOOGLE.COM.", "google"),
        ("smtp.google.com", "google"),
        ("acme-com.mail.protection.outlook.com", "microsoft"),
        ("acme-com.a-v1.mx.microsoft", "microsoft"),
        ("mta5.am0.yahoodns.net", "yahoo"),
        ("mx01.mail.icloud.com", "apple"),
        ("mail.protonmail.ch", "proton"),
        ("in1-smtp.messagingengine.com", "fastmail"),
        ("mx.yandex.net", "yandex"),
        ("mxs.mail.ru", "mailru"),
        ("mx.zoho.eu", "zoho"),
        ("mx1.naver.com", "naver"),
        ("mx1.seznam.cz", "seznam"),
        ("mxa-00112233.gslb.pphosted.com", "gateway:proofpoint"),
        ("eu-smtp-inbound-1.mimecast.com", "gateway:mimecast"),
        ("d1234a.ess.barracudanetworks.com", "gateway:barracuda"),
        ("mx1.hc123-4.eu.iphmx.com", "gateway:cisco"),
        ("cluster5.eu.messagelabs.com", "gateway:symantec"),
        ("mail.acme.com", "other"),
        ("notgoogle.com", "other"),
        ("google.com.evil.net", "other"),
        ("", "other"),
    ],
)
def test_a_mail_server_is_known_by_the_end_of_its_name(server: str, system: str) -> None:
    assert system_of_server(server) == system


def test_the_preferred_servers_decide() -> None:
    assert system_of_servers([(20, "aspmx.l.google.com"), (10, "mx1.acme.com")]) == "other"
    assert system_of_servers([(20, "mx1.acme.com"), (10, "aspmx.l.google.com")]) == "google"


def test_among_equals_a_gateway_decides() -> None:
    assert system_of_servers([(10, "aspmx.l.google.com"), (10, "mx.mimecast.com")]) == "gateway:mimecast"


def test_a_domain_without_mail_servers_is_nobody_we_know() -> None:
    assert system_of_servers([]) == "other"


def test_several_recipients_share_a_system_or_are_mixed() -> None:
    assert [common_system(systems) for systems in ([], ["google"], ["google", "google"], ["google", "yahoo"])] == [
        *("unknown", "google", "google", "mixed")
    ]


def test_addresses_that_anybody_can_have_are_known_without_looking() -> None:
    assert (consumer_system("GMail.com"), consumer_system("acme.com")) == ("google", None)
    assert is_consumer_domain("icloud.com")
