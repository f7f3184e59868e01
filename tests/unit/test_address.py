"""Only public addresses are fetched, whatever the spelling of the others."""

from __future__ import annotations

import pytest

from digests.errors import RefusedAddress
from digests.sources.address import check_url, chosen, is_public

PUBLIC = ["93.184.215.14", "8.8.8.8", "1.1.1.1", "172.15.255.255", "172.32.0.1", "100.63.255.255", "100.128.0.1"]
PUBLIC_6 = ["2606:4700:4700::1111", "2a00:1450:4001:81b::200e", "2001:4860:4860::8888"]
PRIVATE = [
    *("127.0.0.1", "127.255.255.254", "0.0.0.0", "0.1.2.3", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1"),
    *("169.254.169.254", "100.64.0.1", "100.127.255.255", "100.100.100.200", "192.0.0.192", "192.0.2.1"),
    *("198.18.0.1", "198.19.255.255", "198.51.100.7", "203.0.113.9", "192.88.99.1", "224.0.0.1", "239.255.255.250"),
    *("240.0.0.1", "255.255.255.255", "168.63.129.16"),
]
PRIVATE_6 = [
    *("::", "::1", "fe80::1", "fe80::1%eth0", "fec0::1", "fc00::1", "fd00:ec2::254", "ff02::1", "100::1"),
    *("::ffff:127.0.0.1", "::ffff:7f00:1", "::ffff:10.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1", "::ffff:0:127.0.0.1"),
    *("64:ff9b::7f00:1", "64:ff9b::169.254.169.254", "64:ff9b:1::a00:1", "2002:7f00:1::", "2002:a00:1::1"),
    *("2001::1", "2001:0:7f00:1::", "2001:db8::1", "3fff::1", "2a00:1450::5efe:10.0.0.1", "2a00::200:5efe:7f00:1"),
]


@pytest.mark.parametrize("address", [*PUBLIC, *PUBLIC_6])
def test_public_addresses_are_fetched(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", [*PRIVATE, *PRIVATE_6, "localhost", "", "1.2.3"])
def test_addresses_of_other_networks_are_not(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.9.1", "::1"])
def test_loopback_is_let_through_where_it_is_asked_for(address: str) -> None:
    assert is_public(address, loopback=True)


@pytest.mark.parametrize("address", [*PRIVATE[2:], *PRIVATE_6[2:], "::"])
def test_asking_for_loopback_lets_nothing_else_through(address: str) -> None:
    assert not is_public(address, loopback=True)


def test_a_name_with_one_private_address_among_public_ones_is_refused() -> None:
    with pytest.raises(RefusedAddress, match=r"rebind\.example is not on the public Internet"):
        chosen("rebind.example", ["8.8.8.8", "127.0.0.1"])
    with pytest.raises(RefusedAddress):
        chosen("nothing.example", [])
    assert chosen("good.example", ["8.8.8.8", "8.8.8.8", "1.1.1.1"]) == ("8.8.8.8", "1.1.1.1")


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/a?b=1",
        "http://example.org:8080/",
        "https://xn--bcher-kva.example/",
        "https://bücher.example/",
        "https://8.8.8.8/",
        "https://[2606:4700:4700::1111]/",
        "https://a_b.example/",
        "https://4chan.example/",
        "https://example.org./",
    ],
)
def test_web_addresses_may_be_fetched(url: str) -> None:
    assert check_url(f" {url}#part ") == url


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("file:///etc/passwd", "only http and https"),
        ("ftp://example.org/a", "only http and https"),
        ("gopher://127.0.0.1:70/_", "only http and https"),
        ("data:text/html,hello", "only http and https"),
        ("javascript:alert(1)", "only http and https"),
        ("example.org/a", "only http and https"),
        ("//example.org/a", "only http and https"),
        ("https://", "no web address"),
        ("https:///a", "no web address"),
        ("https://example.org:0/", "no web address"),
        ("https://example.org:99999/", "no web address"),
        ("https://[::1/", "no web address"),
        ("https://exa mple.org/", "no web address"),
        ("https://example.org/\r\nHost: x", "no web address"),
        ("https://example.org\\@127.0.0.1/", "no web address"),
        ("https://user:pass@example.org/", "user name or password"),
        ("https://example.org@127.0.0.1/", "user name or password"),
        ("https://-.example/", "no host name"),
        ("https://a..b/", "no host name"),
        ("https://a%2fb/", "no host name"),
        ("http://0177.0.0.1/", "four decimal numbers"),
        ("http://0x7f.0.0.1/", "four decimal numbers"),
        ("http://0x7f000001/", "four decimal numbers"),
        ("http://2130706433/", "four decimal numbers"),
        ("http://017700000001/", "four decimal numbers"),
        ("http://127.1/", "four decimal numbers"),
        ("http://127.0.1/", "four decimal numbers"),
        ("http://127.0.0.1.1/", "four decimal numbers"),
        ("http://256.1.1.1/", "four decimal numbers"),
        ("http://1.2.3.08/", "four decimal numbers"),
        ("http://a.b.0x/", "four decimal numbers"),
        ("http://[fe80::zz]/", "no web address"),
        ("https://example.org/" + "a" * 2000, "characters"),
    ],
)
def test_what_is_no_plain_web_address_is_refused_in_words(url: str, why: str) -> None:
    with pytest.raises(RefusedAddress, match=why):
        check_url(url)
