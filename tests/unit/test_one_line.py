"""Every fact's summary is one line that stands by itself: with a subject, and about what happened."""

from __future__ import annotations

from datetime import date

import pytest

from digests.extract.pipeline import extract
from digests.model import Article, Commitment, Deadline, Event, Figure, Role
from digests.text.parts import parts_of


def summaries(text: str, kind: type = Figure) -> list[str]:
    article = Article(text=text, parts=parts_of(text), content_hash="x", published_day=date(2022, 11, 16))
    return [fact.summary for fact in extract(article).facts if isinstance(fact, kind)]


LINES = [
    ("They rebuilt the mill and hired 40 millers.", "They hired 40 millers"),
    ("Guards opened fire on the bus, in which 39 people died.", "bus, in which 39 people died"),
    ("The crowd cheered when she won 12 medals.", "she won 12 medals"),
    ("The painting is expected to fetch 3 million pounds.", "The painting: fetch 3 million pounds"),
    ("Peru, which hosts 800 pilots, agreed.", "Peru, which hosts 800 pilots"),
]


@pytest.mark.parametrize(("text", "line"), LINES)
def test_a_figures_line_begins_with_whom_it_is_about(text: str, line: str) -> None:
    assert line in summaries(text)


NOBODY = [
    "You should keep your passwords secret, the police chief said.",
    "The man should be considered armed, the police chief said.",
    "The Fair Parks Act promises free benches to all.",
    "Anyone who promised to help has left.",
    "He moved to a country that has promised to shelter him.",
    "“I would help if he is ready to help,” the mayor said.",
    "The critic offered another theory.",
    "The union demanded that employers guarantee their wages, and left it there.",
]


@pytest.mark.parametrize("text", NOBODY)
def test_advice_paper_and_anybody_commit_to_nothing(text: str) -> None:
    assert [line for line in summaries(text, Commitment) if "(promise)" in line or "offer" in line] == []
    assert "should" not in text or summaries(text, Commitment) == []


def test_a_date_line_in_front_is_no_part_of_who_acts() -> None:
    found = summaries("October 12 - A Tarno jury ordered the firm to pay the widow.", Commitment)
    assert [line.split(" (")[0] for line in found] == ["Tarno jury"]


def test_an_event_without_anybody_says_what_it_is() -> None:
    assert summaries("The new law is set to take effect on Friday.", Event) == [
        "The new law is set to take effect, from 18 Nov 2022"
    ]
    found = [*summaries("They must follow through on Friday.", Deadline)]
    assert all("until" not in line for line in found)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("He called reportedly ousted Peruvian chancellor Ned Orlo.", "Ned Orlo, former chancellor of Peru"),
        ("The school followed 91-year-old war veteran Ned Orlo.", "Ned Orlo, war veteran"),
        ("Ned Orlo, the vice president on the board of trustees, left France.", "Ned Orlo, vice president"),
    ],
)
def test_a_role_line_has_the_title_and_no_more(text: str, line: str) -> None:
    assert [each for each in summaries(text, Role) if each.startswith(line)]
