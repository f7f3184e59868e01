"""Which addresses may be connected to: public ones only, in one spelling only.

Sources come from strangers, and the machine that fetches them can often reach what strangers must not: routers, cloud
metadata, databases. So an address is allowed by belonging to the public part of the Internet, not refused by a list of
known dangers: https://www.iana.org/assignments/iana-ipv4-special-registry and .../iana-ipv6-special-registry.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from digests.errors import RefusedAddress

LONGEST_URL = 2_000
_PRIVATE_4 = tuple(
    IPv4Network(each)
    for each in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24"),
        *("192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24"),
        "224.0.0.0/3",
        "168.63.129.16/32",  # Azure's own services, under an address that looks public
    )
)
_PUBLIC_6 = IPv6Network("2000::/3")
_SPECIAL_6 = tuple(IPv6Network(each) for each in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"))
"""Parts of 2000::/3 that lead elsewhere: Teredo and its like, documentation, 6to4. NAT64 and ULA lie outside it."""
_ISATAP = (0x0000_5EFE, 0x0200_5EFE)
_NUMBER = re.compile(r"\d+|0x[0-9a-f]*", re.IGNORECASE)
_HOST = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*\.?", re.IGNORECASE)


def is_public(address: str, *, loopback: bool = False) -> bool:
    """Whether a numeric address is one of the public Internet; ``loopback`` also lets this machine's own pass.

    >>> is_public("93.184.215.14"), is_public("::ffff:10.0.0.1"), is_public("169.254.169.254")
    (True, False, False)
    """
    try:
        found = ip_address(address)
    except ValueError:
        return False
    if loopback and found in (IPv4Network("127.0.0.0/8") if found.version == 4 else IPv6Network("::1/128")):
        return True
    return _public_4(found) if isinstance(found, IPv4Address) else _public_6(found)


def _public_4(address: IPv4Address) -> bool:
    return not any(address in network for network in _PRIVATE_4)


def _public_6(address: IPv6Address) -> bool:
    if address not in _PUBLIC_6 or any(address in network for network in _SPECIAL_6):
        return False
    return (int(address) >> 32) & 0xFFFF_FFFF not in _ISATAP


def chosen(host: str, addresses: Sequence[str], *, loopback: bool = False) -> tuple[str, ...]:
    """The addresses of ``host``, each once, all of them public. Raises ``RefusedAddress``: one that is not spoils all.

    A name that leads to a public address now and to a private one then is how a check is outwitted.
    """
    wrong = next((each for each in addresses if not is_public(each, loopback=loopback)), None)
    if wrong is not None or not addresses:
        raise RefusedAddress(f"{host} is not on the public Internet: only public addresses are fetched")
    return tuple(dict.fromkeys(addresses))


def check_url(url: str) -> str:
    """The URL without blanks around it and without fragment, when it may be fetched. Raises ``RefusedAddress``."""
    given = url.strip()
    shown = given[:80]
    if len(given) > LONGEST_URL:
        raise RefusedAddress(f"that address has {len(given):,} characters, the limit is {LONGEST_URL:,}")
    if any(char <= " " or char == "\\" or "\x7f" <= char <= "\x9f" for char in given):
        raise RefusedAddress(f"{shown!r} is no web address: give one such as https://example.org/news")
    try:
        parts = urlsplit(given)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise RefusedAddress(f"{shown!r} is no web address: give one such as https://example.org/news") from error
    if parts.scheme.lower() not in ("http", "https"):
        raise RefusedAddress(f"{shown!r}: only http and https addresses are fetched")
    if parts.username is not None or parts.password is not None:
        raise RefusedAddress(f"{host}: addresses with a user name or password in them are not fetched")
    if not host or port == 0:
        raise RefusedAddress(f"{shown!r} is no web address: give one such as https://example.org/news")
    check_host(host)
    return given.partition("#")[0]


def check_host(host: str) -> None:
    """Refuse what is a number in disguise (octal, hex, short: ``0x7f.1``) and what is no host name.

    Numbers are read by WHATWG's rule: a host whose last label is a number is an IPv4 address, of which only the
    four-part decimal spelling is taken. https://url.spec.whatwg.org/#ends-in-a-number-checker
    """
    bare = host.removesuffix(".")
    if ":" in host:
        _check_literal(host.partition("%")[0], host)
        return
    if _NUMBER.fullmatch(bare.rpartition(".")[2]):
        _check_literal(bare, host)
        return
    if host.isascii() and not _HOST.fullmatch(host):
        raise RefusedAddress(f"{host[:80]!r} is no host name")


def _check_literal(address: str, host: str) -> None:
    try:
        ip_address(address)
    except ValueError as error:
        raise RefusedAddress(f"{host[:80]} is no address: write it as four decimal numbers, or by its name") from error
