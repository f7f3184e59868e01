"""Who is who in an article: names, kinds, short forms, pronouns and role nouns."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import pytest

from digests.extract import nlp, people, speech
from digests.extract.reading import Reading
from digests.model import Article, Mention, Span
from digests.text.parts import parts_of
from digests.text.quotations import quotations


@lru_cache(maxsize=200)
def reading(text: str) -> Reading:
    article = Article(text=text, parts=parts_of(text), content_hash="x")
    doc = next(nlp.parse([article], nlp=nlp.load()))
    made = Reading(article=article, doc=doc, quotations=quotations(text, [(0, len(text))]))
    return replace(made, attributions=speech.find(made))


def mentions(text: str) -> tuple[Mention, ...]:
    return people.find(reading(text))


def names(text: str, kind: str = "") -> list[str]:
    return [m.text for m in mentions(text) if m.kind == "name" and kind in (m.type, "")]


def meant(text: str, word: str) -> str | None:
    """The name behind the last mention of a pronoun or noun."""
    return next((m.name for m in reversed(mentions(text)) if m.text == word and m.kind != "name"), None)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Turkish Defence Minister Hulusi Akar met U.S. President Joe Biden.", ["Hulusi Akar", "Joe Biden"]),
        ("Prime Minister Theresa May spoke first.", ["Theresa May"]),
        ("Tim Cook and Dean Kamen were there.", ["Tim Cook", "Dean Kamen"]),
        ("The court heard Ursula von der Leyen and Bashar al-Assad.", ["Ursula von der Leyen", "Bashar al-Assad"]),
        ("The court heard Salah ad-Din al-Bitar and Karim ash-Shami.", ["Salah ad-Din al-Bitar", "Karim ash-Shami"]),
        ("Apple CEO Tim Cook said so.", ["Tim Cook"]),
        ("They saw Republican Mitt Romney on Monday.", ["Mitt Romney"]),
        ("Secretary of State Antony Blinken flew home.", ["Antony Blinken"]),
        ("Minister of Education Anna Lindqvist resigned.", ["Anna Lindqvist"]),
        ("Officials met Kim Jong-un in March.", ["Kim Jong-un"]),
        ("Robert Downey Jr. smiled.", ["Robert Downey Jr."]),
        ("THE COUNCIL SAID THAT PETER HALL WOULD RESIGN TODAY.", []),
        ("The flats were promised, said April Harding, a cleaner.", ["April Harding"]),
        ("In May Britain voted.", []),
        ("In May the rain came. Critics objected.", []),
    ],
)
def test_persons_are_named_without_titles(text: str, found: list[str]) -> None:
    assert names(text, "person") == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The Bank of England and the Department of Health and Human Services disagreed.", 2),
        ("General Motors and King Fahd University signed a deal.", 2),
        ("She works for Acme Widgets Inc. in Leeds.", 1),
        ("NATO and the European Union (EU) met; the EU agreed.", 4),
        ("The Food and Drug Administration approved it.", 1),
        ("Germany and France met.", 0),
    ],
)
def test_organisations_are_found_whole(text: str, found: int) -> None:
    assert len(names(text, "organisation")) == found


def test_a_title_stays_with_the_bank_not_the_person() -> None:
    text = "Airbus sold ten A330 jets. The Airbus A330 is old, said Airbus."
    assert names(text, "organisation") == ["Airbus", "Airbus", "Airbus"]


@pytest.mark.parametrize(
    ("text", "word", "name"),
    [
        ("The European Union (EU) met. The EU agreed.", "EU", "European Union"),
        ("Anna Lindqvist spoke. Lindqvist left.", "Lindqvist", "Anna Lindqvist"),
        ("Fuat Oktay spoke. Later Oktaý left.", "Oktaý", "Fuat Oktay"),
        ("William Harding spoke. Bill Harding left.", "Bill Harding", "William Harding"),
        ("John Harding and his wife Mary Harding came. Mrs. Harding spoke.", "Harding", "Mary Harding"),
        ("Lockheed Martin bid. Later Lockheed withdrew.", "Lockheed", "Lockheed Martin"),
        ("The United States Air Force said so. The Air Force was glad.", "Air Force", "United States Air Force"),
        ("CEI (Italian Episcopal Conference) met. CEI agreed.", "CEI", "Italian Episcopal Conference"),
        ("Lydia Buchtmann spoke. Buchtman left.", "Buchtman", "Lydia Buchtmann"),
        ("P. Harding spoke. Peter Harding left.", "P. Harding", "Peter Harding"),
        ("Sergei Markov spoke. Sergei left.", "Sergei", "Sergei Markov"),
        ("Singapore Airlines (SIA) flies it. SIA is glad.", "SIA", "Singapore Airlines"),
    ],
)
def test_short_names_are_of_the_long_one(text: str, word: str, name: str) -> None:
    assert [m.name for m in mentions(text) if m.text == word][-1] == name


def test_a_title_cased_headline_names_only_whom_the_text_names() -> None:
    text = "# Varadkar Resigns but Stays Until Ireland Has a Government\n\nLeo Varadkar left. Ireland waits.\n"
    assert [(m.text, m.name) for m in mentions(text)] == [
        ("Varadkar", "Leo Varadkar"),
        ("Ireland", "Ireland"),
        ("Leo Varadkar", "Leo Varadkar"),
        ("Ireland", "Ireland"),
    ]


def test_two_who_share_a_surname_stay_two() -> None:
    text = "Bill Clinton spoke in Ohio. Hillary Clinton spoke in Iowa."
    assert len({m.entity for m in mentions(text) if m.type == "person"}) == 2


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Ankara said it would help.", "Turkey"),
        ("Officials struck a deal with Moscow.", "Russia"),
        ("The note conveyed its position to Tehran.", "Iran"),
        ("A delegation travelled to Cairo.", "Cairo"),
        ("Talks were held in Geneva and Beijing.", "Beijing"),
        ("The Kremlin said no.", "Kremlin"),
        ("The Knesset voted.", "Knesset"),
    ],
)
def test_a_capital_is_a_government_when_it_acts_and_a_town_otherwise(text: str, name: str) -> None:
    assert mentions(text)[-1].name == name


@pytest.mark.parametrize(
    ("text", "word", "name"),
    [
        ("Maria Alvarez spoke first. She left early.", "She", "Maria Alvarez"),
        ("Maria Alvarez met Peter Hall. He thanked her.", "her", "Maria Alvarez"),
        ("Maria Alvarez met Peter Hall. He thanked her.", "He", "Peter Hall"),
        ("Peter Hall arrived. The town cheered him.", "him", "Peter Hall"),
        ('Peter Hall praised John Reed. "He is brave," Hall said.', "He", "John Reed"),
        ('"I am tired," Peter Hall said.', "I", "Peter Hall"),
        ('Peter Hall was clear. "I am tired of this."', "I", "Peter Hall"),
        ('"I am tired," a witness said.', "I", None),
        ("The finance minister, Peter Hall, spoke. The minister then left.", "The minister", "Peter Hall"),
        ("Actor Peter Hall met Maria Alvarez, an actress. The actress left.", "The actress", "Maria Alvarez"),
        ("Chief executive Peter Hall spoke at length. The CEO then left.", "The CEO", "Peter Hall"),
        ("Ford Motor Company lost money. The company will cut jobs.", "The company", "Ford Motor Company"),
        ("NPD Group, a market research firm, lost. The firm will cut jobs.", "The firm", "NPD Group"),
        ("The Bank of Japan met. The bank kept rates.", "The bank", "Bank of Japan"),
        ("Peter Hall, the Airbus chief executive, said the company was glad.", "the company", "Airbus"),
        ("Iran, which backs him, spoke.", "which", "Iran"),
        ("Peter Hall, who leads it, spoke.", "who", "Peter Hall"),
        ("Iran said it was ready to help.", "it", "Iran"),
        ("Turkey hosts many refugees. It has sent troops to the border.", "It", "Turkey"),
        ("Peter Hall came. It rained.", "It", None),
        ("The weather was bad. She left.", "She", None),
        ("The leader of the opposition left.", "The leader", None),
        ("The team's coach, Anna Reed, spoke.", "The team's coach", "Anna Reed"),
        ("Peter Hall, head of the BBC, spoke. The head of the BBC left.", "The head", "Peter Hall"),
    ],
)
def test_pronouns_and_role_nouns_mean_the_nearest_that_fits(text: str, word: str, name: str | None) -> None:
    assert meant(text, word) == name


def test_everything_is_said_in_order_with_numbers_from_one() -> None:
    found = mentions("Peter Hall met Maria Alvarez in Paris. She thanked him.")
    assert [m.start for m in found] == sorted(m.start for m in found)
    assert list(dict.fromkeys(m.entity for m in found)) == [1, 2, 3]
    assert found == mentions("Peter Hall met Maria Alvarez in Paris. She thanked him.")


@pytest.mark.parametrize(
    "text",
    [
        "\U0001f600 Peter Hall \U0001f680 said \u05e9\u05dc\u05d5\u05dd to \u0645\u062d\u0645\u062f.",
        "PETER HALL AND MARIA ALVAREZ MET IN PARIS ON MONDAY MORNING",
        "peter hall met maria alvarez no stops no capitals " * 20,
        "Peter Hall. " * 200,
        "Storm Dennis hit Wales. Al-",
        "- - - Mr. and Mrs. of the of the & Co.",
    ],
)
def test_odd_texts_are_read_and_every_mention_slices(text: str) -> None:
    for mention in mentions(text):
        assert text[mention.start : mention.end] == mention.text


def test_an_empty_text_names_nobody() -> None:
    assert mentions("") == ()
    assert mentions("\n\n") == ()


def test_a_speaker_known_only_by_role_is_not_the_next_name() -> None:
    text = 'A spokesman for Maria Alvarez said: "She will win."'
    made = reading(text)
    assert all(isinstance(each.speaker, Span | None) for each in made.attributions)
    assert meant(text, "She") == "Maria Alvarez"
