"""Which network addresses a stranger may send us to: those of the public internet, and those allowed by name."""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network

WEB_PORTS = frozenset({80, 443})
# Below it are the ports of well-known services (RFC 6335): mail, shells, directories. A site of pages on another
# port uses a higher one.
_LOWEST_FREE_PORT = 1024

# All that IANA has given out for the public IPv6 internet. Outside are, among others, NAT64 (64:ff9b::/96,
# 64:ff9b:1::/48), mapped and compatible IPv4, unique local, link-local and multicast addresses.
_PUBLIC_IPV6 = IPv6Network("2000::/3")

# What is_global lets through (in some versions of Python) and leads somewhere else: relays and tunnels into other
# networks, and names that are no hosts.
_SPECIAL: tuple[Network, ...] = (
    IPv6Network("2001::/23"),  # IETF protocols: Teredo (2001::/32), benchmarks, ORCHID
    IPv6Network("2001:db8::/32"),  # documentation
    IPv6Network("2002::/16"),  # 6to4: an IPv4 address inside, also a private one
    IPv6Network("3fff::/20"),  # documentation
    IPv4Network("192.0.0.0/24"),  # IETF protocols; Oracle's clouds tell their machines' secrets at .192
    IPv4Network("192.88.99.0/24"),  # 6to4 relays
    IPv4Network("168.63.129.16/32"),  # Azure's host, which answers its virtual machines at a public address
)


def networks(names: Iterable[str]) -> tuple[Network, ...]:
    """Networks by their names, such as `10.0.0.0/8`; a single address is a network, too.

    Raises:
        ValueError: a name is no network; the text names it.
    """
    return tuple(ip_network(name.strip()) for name in names)


def is_refused(address: str, port: int, allowed: Sequence[Network] = ()) -> bool:
    """Whether a connection to this address must not be made.

    Args:
        address: as the operating system resolved it; what cannot be read is refused.
        port: below 1024 only those of the web are open, unless the network is allowed.
        allowed: networks whose addresses are not refused, on any port.
    """
    try:
        read = ip_address(address)
    except ValueError:
        return True
    plain = _unmapped(read)
    if any(plain in network for network in allowed):
        return False
    return not _is_public(plain) or (port < _LOWEST_FREE_PORT and port not in WEB_PORTS)


def _unmapped(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    # ::ffff:10.0.0.1 connects to 10.0.0.1.
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    # is_global alone holds for multicast, too.
    if not address.is_global or address.is_multicast or any(address in network for network in _SPECIAL):
        return False
    return isinstance(address, IPv4Address) or address in _PUBLIC_IPV6
