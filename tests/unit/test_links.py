"""One page has one address, two pages never have the same; a page is believed about its own site alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from digests.store.addresses import renew
from digests.store.migrations import FACTS
from digests.store.sqlite.opening import prepare
from digests.text.links import agreed_url, canonical_url


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


@pytest.mark.parametrize(
    "spelt",
    [
        "https://post.example/caf%c3%a9/1?a=2&b=1",
        "http://POST.example:443/café/1/?b=1&a=2#comments",
        "https://reader:secret@post.example//café/1?a=2&b=1",
        " https://post.example/../caf%C3%A9/1?mtm_campaign=x&a=2&b=1&fbclid=9&referrer=me ",
    ],
)
def test_all_spellings_of_one_page_have_one_address(spelt: str) -> None:
    assert canonical_url(spelt) == "https://post.example/caf%C3%A9/1?a=2&b=1"


def test_a_host_in_punycode_is_the_same_host() -> None:
    assert canonical_url("https://xn--bcher-kva.example/a") == canonical_url("https://Bücher.example/a")


@pytest.mark.parametrize("key", ["cid", "uid", "eid", "gallery", "gl", "keyword", "reference", "id", "p"])
def test_what_may_name_a_page_stays(key: str) -> None:
    assert canonical_url(f"https://post.example/show?{key}=1") != canonical_url(f"https://post.example/show?{key}=2")


def test_a_bare_number_that_names_a_page_stays() -> None:
    assert canonical_url("https://post.example/show?1017") != canonical_url("https://post.example/show?1018")


def test_an_address_inside_an_address_is_not_taken_for_the_pages_own() -> None:
    inside = canonical_url("https://evil.example/?u=https://wire.example/1")
    assert inside.startswith("https://evil.example")


@pytest.mark.parametrize("url", ["https://post.example/\ud800", "https://[broken/", "https://a.example:99999/", "a b"])
def test_what_cannot_be_asked_for_has_no_address(url: str) -> None:
    assert canonical_url(url) == ""


@given(path=some.text(max_size=20), query=some.text(max_size=20))
def test_an_address_is_its_own_address(path: str, query: str) -> None:
    once = canonical_url(f"https://post.example/{path}?{query}")
    assert canonical_url(once) == once


def test_stored_articles_move_to_the_addresses_made_now(tmp_path: Path) -> None:
    """As a database from before has them; of two that are one page, one keeps the address it had."""
    connection = prepare(tmp_path / "facts.db", [FACTS])
    before = [
        "https://post.example/café?b=1&a=2",
        "https://post.example/x?b=1&a=2",
        "https://post.example/x?a=2&b=1",
        "",
    ]
    for number, url in enumerate(before):
        connection.execute(
            "INSERT INTO articles (title, publisher, byline, published_day, language, url, canonical_url, content_hash)"
            " VALUES ('', '', '', '2020-02-15', 'en', '', ?, ?)",
            (url, str(number)),
        )
    renew(connection)
    found = [url for (url,) in connection.execute("SELECT canonical_url FROM articles ORDER BY id")]
    assert found == ["https://post.example/caf%C3%A9?a=2&b=1", before[1], before[2], ""]
    connection.close()
