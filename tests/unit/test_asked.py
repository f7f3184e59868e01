"""Arguments as people write them."""

from datetime import date

import pytest

from bot.commands.asked import Asked, read, search_words

SATURDAY = date(2020, 2, 15)


def said(text: str) -> Asked:
    return read(text, today=SATURDAY, with_topic=True)


@pytest.mark.parametrize(
    ("text", "words", "topic", "since", "until", "page"),
    [
        ("Oktay", "Oktay", "", None, None, 1),
        ("Cavusoglu about Idlib since 10 Feb", "Cavusoglu", "Idlib", date(2020, 2, 10), None, 1),
        ("Cavusoglu since 10 Feb about Idlib page 3", "Cavusoglu", "Idlib", date(2020, 2, 10), None, 3),
        ("Oktay on Idlib", "Oktay", "Idlib", None, None, 1),
        ("Oktay on 14 Feb", "Oktay", "", date(2020, 2, 14), date(2020, 2, 14), 1),
        ("Oktay last week", "Oktay", "", date(2020, 2, 3), date(2020, 2, 9), 1),
        ("Oktay regarding the ceasefire, yesterday", "Oktay", "the ceasefire", date(2020, 2, 14), date(2020, 2, 14), 1),
        ("about Idlib", "", "Idlib", None, None, 1),
        ("#12 about Idlib page 2", "#12", "Idlib", None, None, 2),
        ("Oktay page 999", "Oktay", "", None, None, 50),
        ("Oktay page 0", "Oktay", "", None, None, 1),
        ("", "", "", None, None, 1),
    ],
)
def test_somebody_a_topic_days_and_a_page(
    text: str, words: str, topic: str, since: date | None, until: date | None, page: int
) -> None:
    asked = said(text)
    assert (asked.words, asked.topic, asked.since, asked.until, asked.page) == (words, topic, since, until, page)


@pytest.mark.parametrize(
    ("text", "words", "since", "until"),
    [
        ("next week", "", date(2020, 2, 17), date(2020, 2, 23)),
        ("Turkey", "Turkey", None, None),
        ("Turkey next week", "Turkey", date(2020, 2, 17), date(2020, 2, 23)),
        ("today", "", SATURDAY, SATURDAY),
    ],
)
def test_deadlines_look_ahead(text: str, words: str, since: date | None, until: date | None) -> None:
    asked = read(text, today=SATURDAY, ahead=True)
    assert (asked.words, asked.since, asked.until) == (words, since, until)


def test_two_periods_are_a_start_and_an_end() -> None:
    asked = said("Oktay since 10 Feb until 14 Feb")
    assert (asked.words, asked.since, asked.until) == ("Oktay", date(2020, 2, 10), date(2020, 2, 14))


def test_a_button_repeats_the_question_without_its_page() -> None:
    assert said("Oktay  about Idlib page 2").question == "Oktay about Idlib"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("the ceasefire in Idlib", "ceasefire Idlib"),
        ("for Turkey", "Turkey"),
        ("the who", "the who"),
        ("*** <> !!", ""),
        ("", ""),
    ],
)
def test_fillers_are_not_searched(text: str, words: str) -> None:
    assert search_words(text) == words
