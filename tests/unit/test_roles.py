"""Roles: which office a named person holds, of what, and the words it rests on."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import pytest

from digests.extract import nlp, people, roles
from digests.extract.reading import Reading
from digests.model import Article, Role
from digests.text.parts import parts_of


@lru_cache(maxsize=200)
def found(text: str) -> tuple[Role, ...]:
    article = Article(text=text, parts=parts_of(text), content_hash="x")
    doc = next(nlp.parse([article], nlp=nlp.load()))
    reading = Reading(article=article, doc=doc)
    reading = replace(reading, mentions=people.find(reading))
    facts = tuple(fact for fact in roles.find(reading) if isinstance(fact, Role))
    for fact in facts:
        assert all(text[each.start : each.end] == each.quote for each in fact.evidence)
    return facts


def titles(text: str) -> list[tuple[str, str, str | None]]:
    return [(fact.name, fact.title, fact.of) for fact in found(text)]


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("German Chancellor Olaf Scholz spoke.", ("Olaf Scholz", "Chancellor", "Germany")),
        ("Ford CEO Jim Farley spoke.", ("Jim Farley", "CEO", "Ford")),
        ("Peru's acting trade minister, Rosa Quispe, left.", ("Rosa Quispe", "acting trade minister", "Peru")),
        ("France's interior and overseas minister Li Ray", ("Li Ray", "interior and overseas minister", "France")),
        ("Minister of Education Anna Lindqvist left.", ("Anna Lindqvist", "Minister of Education", None)),
        ("CEO of the Refugee Council Peter Hall left.", ("Peter Hall", "CEO", "Refugee Council")),
        ("Co-founder of Google, Peter Hall, left.", ("Peter Hall", "Co-founder", "Google")),
        ("The secretary general of NATO (an alliance), Peter Hall, left.", ("Peter Hall", "secretary general", "NATO")),
        ("Mayor Ruth Calder of Leeds left.", ("Ruth Calder", "Mayor", "Leeds")),
        ("Anna Prieto, head of the harbour board, left.", ("Anna Prieto", "head", "harbour board")),
        ("Anna Prieto, director of communications, left.", ("Anna Prieto", "director of communications", None)),
        ("Anna Prieto, 44, a cleaner, left.", ("Anna Prieto", "cleaner", None)),
        ("Anna Prieto, ambassador to France, left.", ("Anna Prieto", "ambassador to France", None)),
        ("Peter Hall, who heads Greenpeace, left.", ("Peter Hall", "head", "Greenpeace")),
        ("Peter Hall, who is the mayor of Leeds, left.", ("Peter Hall", "mayor", "Leeds")),
        ("Greenpeace, led by Peter Hall, objected.", ("Peter Hall", "leader", "Greenpeace")),
        ("The march was led by Peter Hall.", ("Peter Hall", "leader", None)),
        ("Peter Hall is the president of Chile.", ("Peter Hall", "president", "Chile")),
        ("Peter Hall was elected president of Chile.", ("Peter Hall", "president", "Chile")),
        ("Peter Hall was named as head of Oxfam.", ("Peter Hall", "head", "Oxfam")),
        ("The team's coach, Anna Reed, left.", ("Anna Reed", "coach", "team")),
        ("Researcher Li Ray, of the University of Leeds, left.", ("Li Ray", "Researcher", "University of Leeds")),
        ("Anna Reed's lawyer, Peter Hall, left.", ("Peter Hall", "lawyer", "Anna Reed")),
        ("Scientology attorney Peter Hall left.", ("Peter Hall", "attorney", "Scientology")),
    ],
)  # fmt: skip
def test_a_title_is_read_with_whose_it_is(text: str, held: tuple[str, str, str | None]) -> None:
    assert held in titles(text)


@pytest.mark.parametrize(
    "text",
    [
        "His father Peter Hall came.",
        "Peter Hall, 44, came with the mayor of Leeds.",
        "Mr. Peter Hall came.",
        "Peter Hall came.",
        "Peter Hall is a brother of hers.",
        "",
    ],
)
def test_kin_ages_and_honorifics_are_no_roles(text: str) -> None:
    assert titles(text) == []


def test_former_office_holders_are_marked() -> None:
    (first,) = found("Former finance minister Peter Hall came.")
    assert (first.title, first.former) == ("finance minister", True)
    (second,) = found("Peter Hall was the mayor of Leeds.")
    assert second.former
    assert "former mayor" in second.summary


def test_two_titles_are_two_roles_and_one_said_twice_is_one() -> None:
    assert titles("Professor Anna Reed, director of Oxfam and chairwoman of Shelter, spoke.") == [
        ("Anna Reed", "Professor", None),
        ("Anna Reed", "director", "Oxfam"),
        ("Anna Reed", "chairwoman", "Shelter"),
    ]
    text = "Afghan Ambassador to the United States Anna Reed spoke. Ambassador Reed left."
    assert [fact.title for fact in found(text)] == ["Ambassador to the United States"]


def test_a_counterpart_has_the_title_of_whom_he_mirrors() -> None:
    text = "Italian Foreign Minister Peter Hall will meet his French counterpart Anna Reed."
    mirrored = found(text)[1]
    assert (mirrored.name, mirrored.title, mirrored.of) == ("Anna Reed", "Foreign Minister", "France")
    assert mirrored.summary.endswith("(counterpart of Peter Hall)")
    assert len(mirrored.evidence) == 2


def test_a_deputy_serves_under_the_title_of_his_chief() -> None:
    text = "Oxfam director Peter Hall left early. His deputy, Anna Reed, stayed on."
    assert ("Anna Reed", "deputy director", "Oxfam") in titles(text)


def test_a_national_office_without_country_is_of_the_one_the_story_is_about() -> None:
    text = "Chile votes on Sunday. President Peter Hall of the ruling party spoke in Chile. Chile is calm."
    (fact,) = found(text)
    assert fact.of == "Chile"
    assert fact.evidence[-1].quote == "Chile"


def test_no_country_is_guessed_between_two() -> None:
    assert titles("Chile and Peru met. President Peter Hall spoke.") == [("Peter Hall", "President", None)]
    assert titles("Company president Peter Hall spoke in Chile.")[0][2] is None


def test_the_smallest_stretch_holds_name_and_title() -> None:
    (fact,) = found("On Monday Peru's acting trade minister, Rosa Quispe, left.")
    assert fact.mention.text == "Peru's acting trade minister, Rosa Quispe"
    assert fact.quote == fact.mention.text


WHOSE = [
    ("USA TODAY editor Ned Orlo wrote it.", "editor", "USA TODAY"),
    ("Including actor Ned Orlo, ten people came.", "actor", None),
    ("The new Peruvian trade minister Ned Orlo left.", "trade minister", "Peru"),
    ("Former AFL-CIO president Ned Orlo spoke in Ohio.", "president", "AFL-CIO"),
    ("Ball State president Ned Orlo resigned.", "president", "Ball State"),
    ("Former Lumagen CEO Ned Orlo was fined.", "CEO", "Lumagen"),
    (
        "Ned Orlo, head of the Oversight and Accountability Committee, spoke.",
        "head",
        "Oversight and Accountability Committee",
    ),
]


@pytest.mark.parametrize(("text", "title", "of"), WHOSE)
def test_whose_office_it_is_stands_in_no_title(text: str, title: str, of: str | None) -> None:
    assert (title, of) in [(role.title, role.of) for role in found(text)]


def test_one_title_in_two_bodies_is_two_roles() -> None:
    roles_found = found("Ned Orlo, president of Coral University, left. Ned Orlo, president of Alder College, came.")
    assert {role.of for role in roles_found} == {"Coral University", "Alder College"}


def test_the_president_of_a_company_rules_no_country() -> None:
    roles_found = found("Germany voted. In Germany, company President Ned Orlo left the German market.")
    assert [role.of for role in roles_found] == [None]
