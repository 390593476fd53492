"""Which hosts and IP addresses belong to the public internet; what the guard and the resolver both go by."""

from __future__ import annotations

import re
import socket
import unicodedata
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

__all__ = ["address_refusal", "host_refusal", "plain_host"]

# RFC 6761, RFC 8375, ICANN's .internal, and the names that RFC 6762 appendix G found in use inside networks
_LOCAL_SUFFIXES = ("localhost", "local", "internal", "intranet", "private", "corp", "home", "lan", "home.arpa")
_LOCAL_ENDINGS = tuple(f".{suffix}" for suffix in _LOCAL_SUFFIXES)
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_HOST = re.compile(r"[\w-]+(\.[\w-]+)*")
_GLOBAL_UNICAST = IPv6Network("2000::/3")  # all that IANA has given out
_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address


def host_refusal(host: str) -> str | None:
    """Say why a host, name or IP literal, is not one of the public internet, or give None where it may be.

    >>> host_refusal("0x7f.1")
    '0x7f.1 is a loopback address'
    >>> host_refusal("printer.local")
    'printer.local is a name inside a local network'
    """
    if (address := _literal(host)) is not None:
        reason = address_refusal(address)
        return reason and f"{host} is {reason}"
    if not _HOST.fullmatch(host) or _NUMBER.fullmatch(host.rpartition(".")[2]):
        return f"{host!r} is not a host name"
    if "." not in host or host.endswith(_LOCAL_ENDINGS):
        return f"{host} is a name inside a local network"
    return None


def address_refusal(address: str) -> str | None:
    """Say what an IP address is instead of one of the public internet, or give None where it is one.

    >>> address_refusal("::ffff:10.0.0.1")
    'a private address'
    """
    try:
        ip = _meant(ip_address(address.partition("%")[0]))
    except ValueError:
        return "not an IP address"
    return next((f"{kind} address" for kind, holds in _kinds(ip) if holds), None)


def plain_host(host: str) -> str:
    """Spell a host as a resolver sees it: full-width digits and ideographic dots become ASCII, no dot at the end.

    >>> plain_host("１２７。0。0。1")
    '127.0.0.1'
    """
    return unicodedata.normalize("NFKC", host).replace("。", ".").removesuffix(".").lower()


def _literal(host: str) -> str | None:
    """Give the address that a host spells, if it does: also ``2130706433``, ``0x7f.1`` and ``017700000001``."""
    if ":" in host:
        return host
    if not _NUMBER.fullmatch(host.rpartition(".")[2]):
        return None
    try:
        return str(IPv4Address(socket.inet_aton(host)))  # reads every historic form, as browsers and libc do
    except (OSError, ValueError):
        return None


def _meant(ip: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """Give the IPv4 address that an IPv6 address embeds, as a gateway would turn to it."""
    if isinstance(ip, IPv4Address):
        return ip
    if ip in _NAT64:
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or ip


def _kinds(ip: IPv4Address | IPv6Address) -> tuple[tuple[str, bool], ...]:
    return (
        ("a loopback", ip.is_loopback),
        ("a link-local", ip.is_link_local),
        ("a multicast", ip.is_multicast),
        ("an unspecified", ip.is_unspecified),
        ("a private", ip.is_private),
        # carrier-grade NAT (100.64.0.0/10), and all of IPv6 that nobody owns yet
        ("a reserved", not ip.is_global or (ip.version == 6 and ip not in _GLOBAL_UNICAST)),
    )
