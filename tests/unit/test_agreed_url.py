"""A page is believed about its own address on its own site alone."""

from __future__ import annotations

import pytest

from digests.sources.links import agreed_url


@pytest.mark.parametrize(
    ("where", "declared", "wanted"),
    [
        ("https://m.post.example/a?utm_source=x", "https://www.post.example/a", "https://www.post.example/a"),
        ("https://post.example/a", "https://wire.example/b", "https://post.example/a"),
        ("https://post.example/a", "https://post.example/", "https://post.example/a"),
        ("https://post.example/a", "", "https://post.example/a"),
        ("", "https://post.example/a", "https://post.example/a"),
        ("", "", ""),
    ],
)
def test_the_declared_address_counts_on_the_same_site(where: str, declared: str, wanted: str) -> None:
    assert agreed_url(where, declared) == wanted
