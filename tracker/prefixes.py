"""Prefixes: the neighbourhood of an address, as far as one correction reaches."""

import ipaddress

_BITS = {4: 24, 6: 48}  # what an access provider gives to one site, or what one office shares


def prefix_of(ip: str) -> str:
    """The network around an address ("203.0.113.0/24", "2001:db8:7::/48"), nothing for what is no address.

    An IPv4 address in IPv6 clothes (`::ffff:`) is an IPv4 address.
    """
    try:
        address = ipaddress.ip_address(ip)
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return str(ipaddress.ip_network((address.packed, _BITS[address.version]), strict=False))
