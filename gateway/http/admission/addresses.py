"""The address that a request comes from, by which callers without a token are told apart."""

import ipaddress
from collections.abc import Sequence

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
SUBSCRIBER = 64
"""Bits of an IPv6 address that belong to one subscriber; the rest is theirs to choose freely."""


class Addresses:
    """Believes X-Forwarded-For as far as it was written by proxies that are configured."""

    def __init__(self, trusted: Sequence[str]) -> None:
        self._trusted: list[Network] = [ipaddress.ip_network(item) for item in trusted]

    @property
    def is_believing(self) -> bool:
        """Whether anybody is believed."""
        return bool(self._trusted)

    def of(self, peer: str, forwarded: str) -> str:
        if not self._trusted:  # nobody is believed: the peer as it stands
            return _subscriber(_parsed(peer)) if ":" in peer else peer
        address = _parsed(peer)
        for item in reversed(forwarded.split(",") if forwarded else []):
            if not self._is_trusted(address):
                break
            address = _parsed(item) or address
        return _subscriber(address)

    def _is_trusted(self, address: Address | None) -> bool:
        return address is not None and any(address in network for network in self._trusted)


def _parsed(text: str) -> Address | None:
    try:
        address = ipaddress.ip_address(text.strip().strip("[]"))
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _subscriber(address: Address | None) -> str:
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, SUBSCRIBER), strict=False).network_address)
    return str(address)
