"""Whose text an article is by its own word: by byline, credit and dateline, or its outlet's."""

from dataclasses import replace

import pytest

from digests.ingest.grouping import grouping
from digests.model import Article
from digests.sources.file import article_from
from digests.store.base import StoryKept
from digests.stories.origin import agency, outlet

BODY = " ".join(
    f"Ferry crews in Port Ardal walked out on day {number} of the strike because pier {number} was closed to them."
    for number in range(30)
)


def article(text: str, *, publisher: str = "Harbour Daily", byline: str = "") -> Article:
    return replace(article_from(text, published="2020-02-15"), publisher=publisher, byline=byline)


@pytest.mark.parametrize(
    ("text", "byline", "origin"),
    [
        ("ARDAL (Reuters) - Ferry crews walked out.", "", "Reuters"),
        ("ARDAL, Vesland (AP) — Ferry crews walked out.", "", "AP"),
        ("ARDAL - AFP - Ferry crews walked out.", "", "AFP"),
        ("ARDAL (Harbour Wire) - Ferry crews walked out.", "", "Harbour Wire"),
        ("Ferry crews walked out.", "Associated Press", "AP"),
        ("Ferry crews walked out.", "The Associated Press", "AP"),
        ("Ferry crews walked out.", "Meridian Wire", "Meridian Wire"),
        ("Ferry crews walked out.", "Ilse Reuters-Brand", ""),
        ("Ferry crews walked out, Reuters reported.", "Ilse Brand", ""),
        ("# Crews Walk Out\n\nPhoto: Reuters\n\nFerry crews walked out.", "Ilse Brand", ""),
        ("Ferry crews (and PA systems) walked out.", "", ""),
        ("", "", ""),
    ],
)
def test_an_agency_is_named_by_byline_or_dateline(text: str, byline: str, origin: str) -> None:
    assert agency(article(text, byline=byline)) == origin


def test_an_agency_is_named_by_a_byline_in_the_text() -> None:
    assert (
        agency(article_from("# Crews Walk Out\n\nBy Reuters\n\nFebruary 15, 2020\n\nFerry crews walked out.\n"))
        == "Reuters"
    )


def test_a_text_is_its_own_outlets_where_nothing_else_is_said() -> None:
    assert (agency(article(BODY)), outlet(article(BODY))) == ("", "Harbour Daily")
    assert outlet(article(BODY, publisher="", byline="Ilse Brand")) == "Ilse Brand"
    assert outlet(replace(article(BODY, publisher=""), url="https://daily.example/1")) == "daily.example"


def test_grouping_keeps_whose_text_each_article_is() -> None:
    first = grouping(article(BODY, byline="Reuters"))
    assert "ardal" in first.keys(articles=0, seen={})
    alone = first.place([], articles=0, seen={})
    assert (alone.story, alone.origin, alone.absorbed) == (None, "Reuters", ())
    kept = StoryKept(id=5, profile=alone.profile)
    joined = grouping(article(BODY, publisher="Volga Post")).place(
        [kept], articles=1, seen=dict.fromkeys(first.words, 1)
    )
    assert (joined.story, joined.origin, joined.outlet) == (5, "", "Volga Post")
    assert first.open_for.days == 14
