"""Where a caller knocks from, as its failures are counted. Pure."""

from ipaddress import IPv6Address

NETWORK = (1 << 128) - (1 << 64)
"""The half of an IPv6 address that a provider gives out; who has it chooses the rest at will."""


def network(host: str | None) -> str:
    """An address as its failures are counted: of IPv6 the network.

    >>> network("192.0.2.7"), network("2001:db8:1:2:3:4:5:6"), network(None)
    ('192.0.2.7', '2001:db8:1:2::', 'nowhere')
    """
    if host is None:
        return "nowhere"
    try:
        found = IPv6Address(host)
    except ValueError:
        return host
    return str(found.ipv4_mapped or IPv6Address(int(found) & NETWORK))
