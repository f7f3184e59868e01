"""Who is who on the seed article: every person, spelling and pronoun."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from digests.extract import nlp, people
from digests.extract.pipeline import extract
from digests.extract.reading import Reading
from digests.model import Article, Mention, Role
from digests.text.parts import parts_of


def read(text: str, day: date) -> tuple[Mention, ...]:
    article = Article(text=text, parts=parts_of(text), content_hash="x", published_day=day)
    doc = next(nlp.parse([article], nlp=nlp.load()))
    return people.find(Reading(article=article, doc=doc))


@pytest.fixture(scope="module")
def seed(shared: Path) -> tuple[Mention, ...]:
    return read((shared / "gold/seed/article.md").read_text(encoding="utf-8"), date(2020, 2, 15))


@pytest.fixture(scope="module")
def facts(shared: Path) -> dict[str, list[dict[str, Any]]]:
    return json.loads((shared / "gold/seed/facts.json").read_text(encoding="utf-8"))


def test_all_people_of_the_seed_are_found_under_one_name_each(
    seed: tuple[Mention, ...], facts: dict[str, list[dict[str, Any]]]
) -> None:
    persons = {mention.name for mention in seed if mention.type == "person"}
    assert persons == {person["name"] for person in facts["people"]}
    for person in facts["people"]:
        assert len({mention.entity for mention in seed if mention.name == person["name"]}) == 1


def test_both_spellings_are_one_person(seed: tuple[Mention, ...]) -> None:
    spellings = {mention.text for mention in seed if mention.name == "Fuat Oktay" and mention.kind == "name"}
    assert len(spellings) == 2


def test_pronouns_after_quotations_mean_the_speaker(seed: tuple[Mention, ...]) -> None:
    pronouns = [(mention.text, mention.name) for mention in seed if mention.kind == "pronoun"]
    assert ("he", "Fuat Oktay") in pronouns
    assert ("He", "Mevlut Cavusoglu") in pronouns


def test_capitals_that_act_are_countries_and_the_kremlin_keeps_its_name(seed: tuple[Mention, ...]) -> None:
    acting = {mention.text: (mention.name, mention.stands_for) for mention in seed if mention.stands_for}
    assert acting == {
        "Ankara": ("Turkey", "Turkey"),
        "Moscow": ("Russia", "Russia"),
        "Damascus": ("Syria", "Syria"),
        "Kremlin": ("Kremlin", "Russia"),
    }


def test_mentions_stand_in_order_and_slice(seed: tuple[Mention, ...], shared: Path) -> None:
    text = (shared / "gold/seed/article.md").read_text(encoding="utf-8")
    assert [m.start for m in seed] == sorted(m.start for m in seed)
    assert all(text[m.start : m.end] == m.text for m in seed)
    first_seen = list(dict.fromkeys(m.entity for m in seed))
    assert first_seen == list(range(1, len(first_seen) + 1))


def test_every_person_of_the_seed_has_role_and_country(shared: Path, facts: dict[str, list[dict[str, Any]]]) -> None:
    text = (shared / "gold/seed/article.md").read_text(encoding="utf-8")
    article = Article(text=text, parts=parts_of(text), content_hash="x", published_day=date(2020, 2, 15))
    found = {fact.name: fact for fact in extract(article).facts if isinstance(fact, Role)}
    for person in facts["people"]:
        fact = found[str(person["name"])]
        assert (fact.title, fact.of) == (str(person["role"]).split(" (")[0], person["of"])
        assert fact.quote == person["evidence"]["text"]
        assert fact.start == person["evidence"]["start"]
    oktay = found["Fuat Oktay"]
    assert len(oktay.evidence) == 2, "the country stands elsewhere in the article"
    assert "counterpart of Mevlut Cavusoglu" in found["Sergei Lavrov"].summary
    assert all(text[e.start : e.end] == e.quote for fact in found.values() for e in fact.evidence)
