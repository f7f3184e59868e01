"""Reading the seed article: every part of it comes apart as the gold says."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from digests.model import Article
from digests.sources.file import read_bytes
from digests.text.parts import plain


@pytest.fixture(scope="module")
def article(shared: Path) -> Article:
    return read_bytes((shared / "gold" / "seed" / "article.md").read_bytes(), name="article.md")


@pytest.fixture(scope="module")
def document(shared: Path) -> dict[str, Any]:
    gold: dict[str, Any] = json.loads((shared / "gold" / "seed" / "facts.json").read_text(encoding="utf-8"))
    found: dict[str, Any] = gold["document"]
    return found


def texts(article: Article, kind: str) -> list[str]:
    return [plain(article.text[part.start : part.end]) for part in article.parts if part.kind == kind]


def test_title_byline_day_and_address_are_those_of_the_gold(article: Article, document: dict[str, Any]) -> None:
    assert article.title == document["title"]
    assert article.byline == document["byline"]
    assert article.published_day == date.fromisoformat(document["published"])
    assert article.published_at is None  # no time of day is printed
    assert article.url == document["source_url"]
    assert article.publisher == document["publisher_host"]
    assert article.language == "en"


def test_credit_headings_and_trailer_are_no_body(article: Article, document: dict[str, Any]) -> None:
    assert texts(article, "credit") == [document["credit"]]
    assert texts(article, "heading") == document["headings"]
    body = "\n".join(article.text[part.start : part.end] for part in article.parts if part.kind == "body")
    for words in (*document["not_body"], *document["headings"], document["source_url"]):
        assert words not in body


def test_offsets_count_in_the_whole_decoded_file(article: Article, shared: Path) -> None:
    assert article.text == (shared / "gold" / "seed" / "article.md").read_bytes().decode("utf-8")
    gold = json.loads((shared / "gold" / "seed" / "facts.json").read_text(encoding="utf-8"))
    for person in gold["people"]:
        quote = person["evidence"]
        assert article.text[quote["start"] : quote["end"]] == quote["text"]
    inside = [part for part in article.parts if part.kind == "body"]
    for person in gold["people"]:
        quote = person["evidence"]
        assert any(part.start <= quote["start"] and quote["end"] <= part.end for part in inside)
