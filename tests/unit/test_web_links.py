"""Signed links: good for their page and their days, and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from fakes.website import MemoryPages
from hypothesis import given
from hypothesis import strategies as st

from bot.web.links import SignedLinks

LINKS = SignedLinks(
    secret="a secret of thirty-two characters or more", base="https://news.example", days=7, pages=MemoryPages()
)
NOON = datetime(2020, 2, 15, 12, tzinfo=UTC)


def parts(url: str) -> tuple[str, str, str, str]:
    split = urlsplit(url)
    _, kind, key = split.path.split("/")
    query = parse_qs(split.query)
    return kind, key, query["until"][0], query["sign"][0]


def verdict(url: str, *, at: datetime = NOON, links: SignedLinks = LINKS, **changed: str) -> str:
    kind, key, until, sign = parts(url)
    given_ = {"kind": kind, "key": key, "until": until, "sign": sign, **changed}
    return links.verdict(given_["kind"], given_["key"], until=given_["until"], sign=given_["sign"], at=at)


def test_a_link_opens_its_own_page() -> None:
    url = LINKS.evidence(12, at=NOON)
    assert url.startswith("https://news.example/e/12?until=")
    assert verdict(url) == "good"


def test_it_ends_at_the_midnight_after_its_days() -> None:
    url = LINKS.evidence(12, at=NOON)
    last = datetime(2020, 2, 22, 23, 59, 59, tzinfo=UTC)
    assert verdict(url, at=last) == "good"
    assert verdict(url, at=last + timedelta(seconds=1)) == "expired"


def test_all_links_of_a_day_are_the_same_whatever_the_zone() -> None:
    first = LINKS.evidence(12, at=datetime(2020, 2, 15, tzinfo=UTC))
    assert first == LINKS.evidence(12, at=NOON)
    assert first != LINKS.evidence(12, at=NOON + timedelta(days=1))


@pytest.mark.parametrize(
    "changed",
    [
        {"key": "13"},
        {"key": "012"},
        {"kind": "d"},
        {"until": "99999999999"},
        {"until": ""},
        {"until": "²"},
        {"sign": ""},
        {"sign": "A" * 28},
        {"sign": "ü"},
    ],
)
def test_whatever_is_changed_makes_it_a_forgery(changed: dict[str, str]) -> None:
    assert verdict(LINKS.evidence(12, at=NOON), **changed) == "forged"


def test_what_parts_the_signed_words_cannot_be_moved() -> None:
    url = LINKS.signed("e", "1\0" + "2", at=NOON)
    _, _, until, sign = parts(url.replace("\0", ""))
    assert LINKS.verdict("e\0" + "1", "2", until=until, sign=sign, at=NOON) == "forged"


def test_another_secret_ends_all_links() -> None:
    other = SignedLinks(
        secret="another secret of thirty-two characters", base="https://news.example", days=7, pages=MemoryPages()
    )
    assert verdict(LINKS.evidence(12, at=NOON), links=other) == "forged"


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=40))
def test_nothing_made_up_is_good_or_fails(key: str, until: str, sign: str) -> None:
    assert LINKS.verdict("e", key, until=until, sign=sign.encode("utf-8", "replace").decode(), at=NOON) == "forged"
