"""Figures in sentences: what is counted, what is left out, which words bear it."""

import pytest

from digests.extract import figures, nlp
from digests.extract.reading import Attribution, Reading
from digests.model import Article, Figure, Span, TimeExpression
from digests.text.parts import parts_of


def reading_of(text: str) -> Reading:
    article = Article(text=text, parts=parts_of(text), content_hash="")
    (doc,) = nlp.parse([article], nlp=nlp.load())
    return Reading(article=article, doc=doc)


def found(text: str) -> list[Figure]:
    return [fact for fact in figures.find(reading_of(text)) if isinstance(fact, Figure)]


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("The storm killed 12 fishermen near the port.", "fishermen killed"),
        ("Some 40 villagers were evacuated before dawn.", "villagers evacuated"),
        ("At least nine miners died when the shaft flooded.", "miners killed"),
        ("The blast killed at least 17 and wounded dozens.", "people killed"),
        ("Hundreds have been displaced by the floods.", "people displaced"),
        ("The flood left more than 300 homeless.", "people homeless"),
        ("The death toll rose to 60 by evening.", "people killed"),
        ("The plant makes 200 tonnes of cement a day.", "tonnes of cement a day"),
        ("Two of the men were masked.", "men"),
        ("The Greens hold 30 of 150 seats.", "seats"),
        ("The deal is worth 2.5 million euros a year.", "EUR a year"),
        ("The debt stands at 90 percent of GDP.", "percent of GDP"),
        ("The firm employs 4,000 welders.", "welders employed"),
        ("A 6.4-magnitude quake woke the town.", "magnitude"),
        ("Police found 30 people trapped in a lorry.", "people trapped"),
        ("Three other rare birds were seen.", "rare birds"),
        ("Six were missing after the landslide.", "people missing"),
        ("The index fell to 600 after lunch.", "index"),
        ("Six farmers who died in the flood were old.", "farmers killed"),
        ("The toll climbed to 40 by noon.", "people killed"),
        ("A 12-member board met.", "member"),
        ("A blast killed nine and injured ten people.", "people injured"),
        ("He had 30 sheep, goats and cows killed.", "sheep"),
        ("A family of six fled.", "family fled"),
        ("There were 12 boxes of apples per day.", "boxes of apples per day"),
        ("About 40 stayed.", "people"),
        ("The 40 sick went home.", "people sick"),
    ],
)
def test_what_is_counted_is_named_with_its_fate(text: str, unit: str) -> None:
    assert unit in [figure.unit for figure in found(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Flight 370 vanished over the sea.",
        "The law was passed in 2019 and changed since.",
        "They want a two-state solution.",
        "The treaty with Windows 95 users ended.",
        "1. Read the letter.",
        "The minister, 61, said so.",
        "7",
    ],
)
def test_labels_and_years_are_no_figures(text: str) -> None:
    assert found(text) == []


def test_a_year_like_number_before_a_plural_counts() -> None:
    assert [figure.value for figure in found("The yard built 2010 boats for the navy.")] == [2010]


def test_over_as_a_preposition_is_no_qualifier() -> None:
    (figure,) = found("The neighbours have long fought over two islands.")
    assert (figure.number.text, figure.qualifier) == ("two", "exact")


def test_over_before_a_measure_is_one() -> None:
    (figure,) = found("The road runs over 200 miles of desert.")
    assert figure.number.text == "over 200"


def test_a_qualifier_may_be_the_verb() -> None:
    (figure,) = found("The count passed 600 by noon.")
    assert (figure.number.text, figure.qualifier) == ("600", "more_than")


def test_the_evidence_is_the_clause_and_the_summary_its_words() -> None:
    (figure,) = found("The talks stalled after 13 farmers were killed by raiders, although nobody claimed it.")
    assert figure.quote == "13 farmers were killed by raiders"
    assert figure.summary == "13 farmers were killed by raiders"


def test_the_summary_of_a_relative_clause_names_its_antecedent() -> None:
    (figure,) = found("The town of Orla, which hosts 40 circus families, voted.")
    assert figure.quote == "which hosts 40 circus families"
    assert figure.summary.endswith(", which hosts 40 circus families")


def test_a_very_long_clause_is_cut_to_its_noun_phrase() -> None:
    tail = ", ".join(f"the mayor of the old river town of Alda {name}" for name in "ABCDEFGHIJKLM")
    figure = found(f"The prize of 30 silver coins went to {tail} and the smith.")[0]
    assert figure.quote.startswith("The prize of 30 silver coins") or figure.quote.startswith("30 silver coins")
    assert len(figure.quote) < 200


def test_a_number_inside_a_time_expression_is_left_out() -> None:
    text = "They meet three times a week in two halls."
    reading = reading_of(text)
    time = TimeExpression(start=10, end=28, text=text[10:28], type="SET", value="P1W")
    timed = Reading(article=reading.article, doc=reading.doc, times=(time,))
    assert [fact.quote for fact in figures.find(timed) if isinstance(fact, Figure)] == [text[:-1]]


def test_the_speaker_of_the_words_around_it_says_the_figure() -> None:
    text = "Ana Soto said 30 boats had sunk."
    reading = reading_of(text)
    speaker = Span(start=0, end=8, text="Ana Soto")
    said = Attribution(
        speaker=speaker, cue=None, contents=(Span(start=14, end=31, text=text[14:31]),), style="indirect"
    )
    (figure,) = figures.find(Reading(article=reading.article, doc=reading.doc, attributions=(said,)))
    assert figure.said_by is not None
    assert figure.said_by.name == "Ana Soto"


def test_a_number_before_its_clauses_verb_is_in_the_evidence() -> None:
    (figure,) = found("Of the 40, none spoke, said the priest.")
    assert "40" in figure.quote


@pytest.mark.parametrize("text", ["", "12", "-5", "$", "£ 5 £ 6", "☃ 12 ☃", "3 " * 400, "NO 5 WORDS 6 HERE", "1\n2\n3"])
def test_odd_input_is_survived(text: str) -> None:
    for figure in found(text):
        assert text[figure.start : figure.end] == figure.quote
