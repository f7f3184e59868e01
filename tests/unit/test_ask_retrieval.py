"""What a question asks for, which passages come first, and when there is a short answer."""

from datetime import date
from itertools import pairwise

import pytest

from digests.ask.question import read
from digests.ask.ranking import chosen
from digests.ask.shelf import Shelf
from digests.ask.short import SURE, short_answer

DAY = date(2024, 3, 8)
FERRY = (
    "A ferry with 212 people on board ran aground off Marmara island on Tuesday. Captain Selin Aras said"
    " nobody was hurt."
    " The company that runs it, Deniz Lines, will pay $4 million for the damage."
)
FAIR = (
    "The book fair opens in Izmir on 15 March. Its director, Kemal Oran, expects 60 percent more visitors."
    " Norway is the guest of honour this year. The winning novel is called “The Salt Road”, the jury said."
)
STORM = "The storm closed schools in Ohio and Texas last winter. Repairs cost $90 million, officials said."


def shelf() -> Shelf:
    made = Shelf()
    made.add(FERRY, title="Ferry runs aground", day=DAY)
    made.add(FAIR, title="Book fair opens", day=DAY)
    made.add(STORM, title="After the storm", day=date(2023, 1, 2))
    return made


def answer(text: str) -> str | None:
    question = read(text, asked=DAY)
    searched = shelf().ask(question)
    short = short_answer(question, chosen(searched.found, 10), searched.tells)
    return short.text if short and short.sure >= SURE else None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("How many people were on the ferry?", "count"),
        ("How much will the company pay?", "money"),
        ("What percentage of visitors came?", "percent"),
        ("Which country is guest of honour?", "country"),
        ("In which state were schools closed?", "state"),
        ("Which city hosts the fair?", "place"),
        ("Where did the ferry run aground?", "place"),
        ("When does the fair open?", "date"),
        ("Who is the captain?", "name"),
        ("Why was it late?", "open"),
        ("Which novel won?", "thing"),
        ("The station shook when it parted ways with which host?", "thing"),
        ("This superstar of the stage closed a tour, where it began:", "thing"),
        ("The fair is back. What is its slogan?", "thing"),
        ("Nothing asked", "open"),
    ],
)
def test_a_question_tells_the_kind_of_its_answer(text: str, kind: str) -> None:
    assert read(text).kind == kind


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("How many people were on board the ferry that ran aground?", "212"),
        ("How much will the ferry company pay for the damage?", "$4 million"),
        ("Which country is the guest of honour at the book fair?", "Norway"),
        ("Who is the captain of the ferry that ran aground?", "Selin Aras"),
        ("What percentage more visitors does the fair's director expect?", "60 percent"),
        ("Which novel won at the book fair, the jury said?", "The Salt Road"),
        ("In which state did the storm close schools?", "Ohio"),
        ("Why did the ferry run aground?", None),
        ("Who won the chess tournament in Reykjavik?", None),
    ],
)
def test_a_short_answer_comes_from_the_words_beside_the_questions(text: str, expected: str | None) -> None:
    assert answer(text) == expected


def test_the_passage_that_answers_comes_first() -> None:
    found = shelf().ask(read("Where did the ferry run aground?", asked=DAY)).found
    assert found[0].passage.text == FERRY


def test_what_is_news_on_the_day_comes_before_what_is_old() -> None:
    made = Shelf()
    for day in (date(2020, 3, 8), DAY):
        made.add(f"The minister resigned in {day.year}.", title="Minister resigns", day=day)
    found = made.ask(read("Which minister resigned?", asked=DAY)).found
    assert [each.passage.day for each in found] == [DAY, date(2020, 3, 8)]


def test_only_the_beginning_of_an_endless_question_is_read() -> None:
    assert len(read("which what " * 10_000).text) == 1000


def test_nothing_in_common_finds_nothing() -> None:
    assert shelf().ask(read("Quartz zeppelin?")).found == ()


def test_of_overlapping_passages_one_is_shown() -> None:
    made = Shelf()
    made.add(
        "The dam at Orta broke. " + "Water rose in the valley below it all night long. " * 40, title="Dam", day=DAY
    )
    kept = chosen(made.ask(read("Where did water rise in the valley?")).found, 10)
    starts = sorted(each.passage.start for each in kept)
    assert len(kept) >= 2
    assert all(after - before > 300 for before, after in pairwise(starts))


def test_what_an_article_is_all_about_counts_in_each_of_its_passages() -> None:
    filler = "The guests sat in the long hall and spoke of the weather and of the roads for an hour. " * 7
    came = f"Korea's president came to the palace for a dinner. {filler}"
    made = Shelf()
    made.add(f"{came}{filler * 3} He sang “Grey Wind” to them.", title="", day=DAY)
    made.add(f"{came * 4} He sang “Salt Road” to them.", title="", day=DAY)
    best = made.ask(read("What did Korea's president sing at the palace dinner?", asked=DAY)).found
    assert next(each.passage.article for each in best if "sang" in each.passage.text) == 1


@pytest.mark.parametrize(
    ("text", "question", "expected"),
    [
        (
            "Rui Lopes met Anna Lopes in the park on Friday. Rui Lopes met Marta Klein there.",
            "Who met Rui Lopes in the park on Friday?",
            "Marta Klein",
        ),
        (
            "“Lost in Bergen” and its star Marta Klein were in court.",
            "Which film star was in court?",
            "Marta Klein",
        ),
        (
            "Marta Klein met the sailors in Bergen for the race.",
            "In which city did Marta meet the sailors?",
            "Bergen",
        ),
    ],
)
def test_a_short_answer_suits_a_person_or_a_place(text: str, question: str, expected: str) -> None:
    made = Shelf()
    made.add(text, title="", day=DAY)
    wanted = read(question, asked=DAY)
    searched = made.ask(wanted)
    short = short_answer(wanted, chosen(searched.found, 10), searched.tells)
    assert short is not None
    assert short.text == expected
