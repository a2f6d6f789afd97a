"""Whose word is taken for an address, and where a link may lead."""

from ipaddress import ip_network

import pytest

from tracker.web.guards import forwarded_address, plain_address, safe_address

OURS = (ip_network("10.0.0.0/8"), ip_network("2001:db8::/32"))


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("198.51.100.7", ["6.6.6.6"], "198.51.100.7"),
        ("10.0.0.1", ["198.51.100.7"], "198.51.100.7"),
        ("::ffff:10.0.0.1", ["198.51.100.7"], "198.51.100.7"),
        ("10.0.0.1", ["6.6.6.6, 198.51.100.7"], "198.51.100.7"),
        ("10.0.0.1", ["6.6.6.6, 198.51.100.7, 10.0.0.2"], "198.51.100.7"),
        ("10.0.0.1", ["6.6.6.6", "198.51.100.7"], "198.51.100.7"),
        ("2001:db8::1", ["[2a00::5]:4711"], "2a00::5"),
        ("10.0.0.1", ["198.51.100.7:4711"], "198.51.100.7"),
        ("10.0.0.1", ['"198.51.100.7"'], "198.51.100.7"),
        ("10.0.0.1", ["::ffff:198.51.100.7"], "198.51.100.7"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["10.0.0.3"], "10.0.0.3"),
        ("10.0.0.1", ["198.51.100.7, unknown"], None),
        ("10.0.0.1", [""], None),
        (None, ["198.51.100.7"], None),
    ],
)
def test_forwarded_addresses_are_read_from_the_right_as_far_as_we_trust(
    peer: str | None, forwarded: list[str], address: str | None
) -> None:
    assert forwarded_address(peer, forwarded, OURS) == address


@pytest.mark.parametrize(
    ("peer", "address"),
    [("198.51.100.7", "198.51.100.7"), ("::ffff:198.51.100.7", "198.51.100.7"), ("2a00::5", "2a00::5"), (None, None)],
)
def test_a_peer_is_written_plainly(peer: str | None, address: str | None) -> None:
    assert plain_address(peer) == address


@pytest.mark.parametrize(
    "address",
    [
        "https://acme.example/",
        "http://acme.example:8080/a%20b?q=1&r=%C3%A9;s#frag",
        "HTTPS://acme.example",
        "https://[2001:db8::1]/x",
        "https://acme.example/?next=https://other.example/@x",
    ],
)
def test_a_web_address_is_left_as_it_was_signed(address: str) -> None:
    assert safe_address(address) == address


@pytest.mark.parametrize(
    ("address", "written"),
    [
        ("https://acme.example/é?q=ü", "https://acme.example/%C3%A9?q=%C3%BC"),
        ("https://bücher.example/é", "https://xn--bcher-kva.example/%C3%A9"),
        ("https://bücher.example:8443/%20é", "https://xn--bcher-kva.example:8443/%20%C3%A9"),
        ("https://faß.example/", "https://xn--fa-hia.example/"),
    ],
)
def test_an_address_in_another_script_is_written_as_a_header_can_carry_it(address: str, written: str) -> None:
    assert safe_address(address) == written


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        " https://acme.example",
        "java\nscript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "//acme.example",
        "/local",
        "",
        "https://",
        "https:///path",
        "https:acme.example",
        "https://bank.example@evil.example/",
        "https://bank.example:pw@evil.example/",
        "https://acme.example\\@evil.example/",
        "https://acme.example/\r\nSet-Cookie: a=b",
        "https://acme.example/\x00",
        "https://acme.example/\x85",
        "https://[broken/",
        "https://acme.example:99999999/é",
        "ftp://acme.example/",
        "mailto:ada@acme.example",
    ],
)
def test_what_is_not_plainly_a_web_address_is_refused(address: str) -> None:
    assert safe_address(address) is None
