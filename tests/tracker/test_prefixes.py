"""Prefixes: how far one correction reaches."""

import pytest

from tracker.prefixes import prefix_of


@pytest.mark.parametrize(
    ("ip", "prefix"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:7:8::9", "2001:db8:7::/48"),
        ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ("fe80::1%eth0", "fe80::/48"),
        ("nobody", ""),
        ("", ""),
    ],
)
def test_an_address_stands_for_its_neighbourhood(ip: str, prefix: str) -> None:
    assert prefix_of(ip) == prefix
