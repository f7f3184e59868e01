"""Happenings in sentences: doer, sufferer, place, day, denial and report."""

from datetime import date

import pytest

from digests.extract import happenings, nlp, pipeline
from digests.extract.reading import Reading
from digests.model import Article, Happening
from digests.text.parts import parts_of


def reading_of(text: str) -> Reading:
    article = Article(text=text, parts=parts_of(text), content_hash="", published_day=date(2024, 5, 15))
    (doc,) = nlp.parse([article], nlp=nlp.load())
    return pipeline.read(article, doc)


def found(text: str) -> dict[str, Happening]:
    return {fact.predicate.lemma: fact for fact in happenings.find(reading_of(text)) if isinstance(fact, Happening)}


@pytest.mark.parametrize(
    ("text", "lemma", "agent", "patient"),
    [
        ("Raiders attacked the convoy near the river.", "attack", "Raiders", "the convoy"),
        ("The convoy was attacked by raiders.", "attack", "raiders", "The convoy"),
        ("The bridge was destroyed.", "destroy", None, "The bridge"),
        ("Soldiers entered the town and burned the mill.", "burn", "Soldiers", "the mill"),
        ("The miners, who occupied the pit, went home.", "occupy", "The miners", "the pit"),
        ("A law passed by senators was welcomed.", "pass", "senators", "A law"),
        ("Shares fell two percent on Friday.", "fall", None, "Shares"),
        ("Shares of the bank lost 40 points.", "lose", None, "Shares"),
        ("The old king died in his sleep.", "die", None, "The old king"),
        ("The strikers began to march home.", "begin", "The strikers", None),
        ("The firm supplied the army with trucks.", "supply", "The firm", "trucks"),
        ("The army was supplied with trucks by the firm.", "supply", "the firm", "trucks"),
        ("The mayor told residents that the dam had burst.", "tell", "The mayor", None),
        ("The mayor allowed residents to leave.", "leave", "residents", None),
        ("Residents were told to sell the land.", "sell", "Residents", "the land"),
        ("The crew signed a contract to build a dam.", "build", None, "a dam"),
        ("Ana Soto was the first woman to climb the tower.", "climb", "the first woman", "the tower"),
        ("A crew flying home saw the flames.", "see", "A crew", "the flames"),
        ("Villagers buried the music box they loved.", "love", "they", "the music box"),
        ("The house was sold and burned by raiders.", "burn", "raiders", "The house"),
        ("Ana Soto appointed as minister.", "appoint", None, "Ana Soto"),
        ("The bank allowed to merge with its rival.", "allow", None, "The bank"),
        ("Raiders allowed the crew to go.", "allow", "Raiders", "the crew"),
        ("The police, which arrested Ana Soto and freed her son, left.", "free", "The police", "her son"),
        ("They wanted the bridge rebuilt.", "want", "They", None),
        ("The arrest of the mayor by soldiers shocked the town.", "arrest", "soldiers", "the mayor"),
        ("The mayor's arrest shocked the town.", "arrest", None, "The mayor"),
        ("The farmers' protest against the tax ended.", "protest", "The farmers", "the tax"),
        ("The departure of the envoy was noted.", "departure", "the envoy", None),
        ("A loss of 40 points was seen.", "see", None, "A loss"),
    ],
)
def test_doer_and_sufferer_are_told_apart(text: str, lemma: str, agent: str | None, patient: str | None) -> None:
    happening = found(text)[lemma]
    assert (happening.agent.text if happening.agent else None) == agent
    assert (happening.patient.text if happening.patient else None) == patient


@pytest.mark.parametrize(
    ("text", "lemma", "agent", "patient"),
    [
        ("The mayor expected the guards to shut the gate.", "shut", "the guards", "the gate"),
        ("He saw a plan to sell the mill.", "sell", None, "the mill"),
        ("The mayor let residents sell the land.", "let", "The mayor", "residents"),
        ("To save money, the mayor sold the mill.", "save", None, "money"),
        ("The mill, which the mayor sold, burned.", "sell", "the mayor", "The mill"),
        ("The bill that passed angered farmers and was repealed.", "repeal", None, "The bill"),
        ("Both Ana Soto and Bo Lind won prizes.", "win", "Ana Soto", "prizes"),
        ("Airbus A380 jets carried 300 people.", "carry", "Airbus A380 jets", "300 people"),
        ("The farm where they grew rye was sold.", "grow", "they", "rye"),
        ("Version 4 beat the rest.", "beat", "Version 4", "the rest"),
        ("The army that took and burned the mill left.", "burn", "The army", "the mill"),
        ("He was asked to sell the mill.", "sell", "He", "the mill"),
        ("The mayor warned that the dam the firm relied on was old.", "rely", "the firm", None),
        ("She resigned after selling the mill.", "sell", None, "the mill"),
    ],
)
def test_what_hangs_on_another_verb_has_the_right_doer(
    text: str, lemma: str, agent: str | None, patient: str | None
) -> None:
    happening = found(text)[lemma]
    assert (happening.agent.text if happening.agent else None) == agent
    assert (happening.patient.text if happening.patient else None) == patient


def test_a_very_long_clause_is_cut_to_its_verb() -> None:
    happening = found("Ana Soto sold " + ", ".join(["an old mill by the river"] * 30) + ".")["sell"]
    assert len(happening.quote) < 500


def test_denied_and_reported_are_marked() -> None:
    told = found("The farmers did not sell the land. Officials said that soldiers burned the mill.")
    assert (told["sell"].negated, told["sell"].reported) == (True, False)
    assert (told["burn"].negated, told["burn"].reported) == (False, True)


def test_place_and_day_stand_beside_it() -> None:
    happening = found("Police arrested two brokers in France on May 3, 2024.")["arrest"]
    assert (happening.where, happening.when) == ("France", "2024-05-03")


def test_a_verb_with_nobody_in_it_is_no_happening() -> None:
    assert "rain" not in found("It rained.")


def test_the_evidence_is_the_clause() -> None:
    happening = found("After raiders burned the mill, the town slept.")["burn"]
    assert happening.quote == happening.summary == "raiders burned the mill"


@pytest.mark.parametrize("text", ["", "Run!", "buffalo " * 300, "☃ went ☃", "1 2 3"])
def test_odd_input_is_survived(text: str) -> None:
    for happening in found(text).values():
        assert text[happening.start : happening.end] == happening.quote


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Mayor Ellen Marsh closed the bridge on Monday. She opened the ferry.", "Ellen Marsh opened the ferry"),
        ("Mayor Ellen Marsh closed the bridge on Monday. Herons opened a shell.", "Herons opened a shell"),
        ("It opened the ferry.", "It opened the ferry"),
    ],
)
def test_a_line_says_whom_its_pronoun_means(text: str, line: str) -> None:
    assert found(text)["open"].summary == line
