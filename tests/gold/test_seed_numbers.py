"""The seed article's figures: the floor is all of them."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from digests.extract import figures, nlp, pipeline
from digests.model import Article, Figure
from digests.text.parts import parts_of


def seed(shared: Path) -> Article:
    text = (shared / "gold" / "seed" / "article.md").read_text(encoding="utf-8")
    return Article(text=text, parts=parts_of(text), content_hash="", published_day=date(2020, 2, 15))


@pytest.fixture(scope="module")
def found(shared: Path) -> list[Figure]:
    article = seed(shared)
    (doc,) = nlp.parse([article], nlp=nlp.load())
    return [fact for fact in figures.find(pipeline.read(article, doc)) if isinstance(fact, Figure)]


@pytest.fixture(scope="module")
def wanted(shared: Path) -> list[dict[str, Any]]:
    facts = json.loads((shared / "gold" / "seed" / "facts.json").read_text(encoding="utf-8"))
    return list(facts["numbers"])


def fits(figure: Figure, gold: dict[str, Any]) -> bool:
    stretch = gold["evidence"]
    if not (figure.number.start < stretch["end"] and stretch["start"] < figure.number.end):
        return False
    if "value" in gold:
        return figure.value == gold["value"] and (figure.qualifier == "more_than") == ("qualifier" in gold)
    return (figure.low, figure.high) == (200_000, 999_999)


def test_every_figure_of_the_seed_is_found(found: list[Figure], wanted: list[dict[str, Any]]) -> None:
    missed = [gold["evidence"]["text"] for gold in wanted if not any(fits(figure, gold) for figure in found)]
    assert missed == []


def test_nothing_else_in_the_seed_is_taken_for_a_figure(found: list[Figure], wanted: list[dict[str, Any]]) -> None:
    assert len(found) == len(wanted)


def test_what_is_counted_is_named(found: list[Figure]) -> None:
    units = [figure.unit for figure in found]
    assert units[0] == "Turkish soldiers killed"
    assert units.count("Syrian refugees hosted") == 2
    assert {"people displaced", "troops", "times"} <= set(units)
