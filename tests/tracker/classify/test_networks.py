"""The list of networks, and what is found in it."""

import pytest

from tracker.classify.networks import ELSEWHERE, _networks, network_of, network_of_asn


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
