"""The seed article's commitments: the floor is all that are listed, with their actors."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from digests.extract import commitments, nlp, pipeline
from digests.model import Article, Commitment
from digests.text.parts import parts_of

NAMES = {"Ankara (Turkey)": {"Ankara", "Turkey"}}


@pytest.fixture(scope="module")
def found(shared: Path) -> list[Commitment]:
    text = (shared / "gold" / "seed" / "article.md").read_text(encoding="utf-8")
    article = Article(text=text, parts=parts_of(text), content_hash="", published_day=date(2020, 2, 15))
    (doc,) = nlp.parse([article], nlp=nlp.load())
    return [fact for fact in commitments.find(pipeline.read(article, doc)) if isinstance(fact, Commitment)]


@pytest.fixture(scope="module")
def wanted(shared: Path) -> list[dict[str, Any]]:
    facts = json.loads((shared / "gold" / "seed" / "facts.json").read_text(encoding="utf-8"))
    return list(facts["commitments"])


def fits(commitment: Commitment, gold: dict[str, Any]) -> bool:
    stretch = gold["evidence"]
    overlap = min(commitment.end, stretch["end"]) - max(commitment.start, stretch["start"])
    if overlap < 0.8 * (stretch["end"] - stretch["start"]) or commitment.type != gold["type"]:
        return False
    condition = commitment.condition.text if commitment.condition is not None else None
    return commitment.actor.name in NAMES.get(gold["actor"], {gold["actor"]}) and condition == gold.get("condition")


def test_every_commitment_of_the_seed_is_found(found: list[Commitment], wanted: list[dict[str, Any]]) -> None:
    missed = [gold["evidence"]["text"] for gold in wanted if not any(fits(each, gold) for each in found)]
    assert missed == []


def test_the_speaker_is_told_from_the_actor(found: list[Commitment], wanted: list[dict[str, Any]]) -> None:
    spoken = [gold for gold in wanted if "said_by" in gold]
    said = {(each.actor.name, each.said_by.name) for each in found if each.said_by is not None}
    assert {(gold["actor"], gold["said_by"]) for gold in spoken} <= said


def test_few_others_are_found(found: list[Commitment], wanted: list[dict[str, Any]]) -> None:
    assert len(found) <= len(wanted) + 3
