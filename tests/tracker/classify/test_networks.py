"""The list of networks, and what is found in it."""

import pytest

from tracker.classify.asns import CLASS_OF_ASN
from tracker.classify.networks import ELSEWHERE, _networks, network_of, network_of_asn, network_of_both


@pytest.mark.parametrize(
    ("ip", "network"),
    [
        ("66.102.9.1", "google"),
        ("34.64.0.1", "hosting:google-cloud"),
        ("17.0.0.0", "apple"),
        ("17.255.255.255", "apple"),
        ("18.0.0.0", ELSEWHERE),
        ("2620:149::1", "apple"),
        ("::ffff:66.102.9.1", "google"),
        ("198.51.100.7", ELSEWHERE),
        ("209.222.87.255", "vendor-range:barracuda"),
        ("209.222.88.0", ELSEWHERE),
        ("2a02:26f7:b000::1", "relay:akamai-privacy"),
        ("1" * 100_000, ELSEWHERE),
        ("0.0.0.0", ELSEWHERE),
        ("255.255.255.255", ELSEWHERE),
        ("::", ELSEWHERE),
        ("not an address", ELSEWHERE),
        ("1.2.3.4\x00", ELSEWHERE),
        ("", ELSEWHERE),
        (None, ELSEWHERE),
    ],
)
def test_an_address_belongs_to_a_class_of_networks(ip: str | None, network: str) -> None:
    assert network_of(ip) == network


def test_ranges_do_not_overlap() -> None:
    for ranges in _networks().values():
        assert all(end < start for end, start in zip(ranges.ends, ranges.starts[1:], strict=False))


def test_a_network_is_known_by_its_number_too() -> None:
    assert (network_of_asn(15169), network_of_asn(64512), network_of_asn(None)) == ("google", ELSEWHERE, ELSEWHERE)


@pytest.mark.parametrize(
    ("ip", "number", "network"),
    [
        ("203.0.113.1", 16509, "hosting:aws"),
        ("66.102.9.1", None, "google"),
        ("209.222.82.9", 16509, "vendor-range:barracuda"),
        (None, 62371, "mailbox:proton"),
    ],
)
def test_a_network_is_known_by_address_or_number(ip: str | None, number: int | None, network: str) -> None:
    assert network_of_both(ip, number) == network


def test_numbers_name_the_classes_that_addresses_have() -> None:
    by_address = {name for ranges in _networks().values() for name in ranges.classes}

    assert set(CLASS_OF_ASN.values()) == by_address
