"""Deadlines put off in a new version of an article, as the grammar reads both: which are one, and which are two."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from digests.extract.pipeline import extract
from digests.model import Deadline, Event, Fact
from digests.sources.file import article_from
from digests.store.moved import moved, says

DAY = date(2020, 2, 15)


def read(sentence: str) -> list[Fact]:
    text = f"A Report\n\nIt was quiet in the capital on Saturday. {sentence}"
    article = replace(article_from(text, published=DAY.isoformat()), id=1)
    return [each for each in extract(article).facts if isinstance(each, Deadline | Event)]


def joined(first: str, later: str) -> bool:
    old = [replace(each, id=number) for number, each in enumerate(read(first), start=1)]
    new = read(later)
    assert old, first
    assert new, later
    return bool(moved(old, new, gone={each.id: not says(later, each.quote) for each in old}, today=DAY))


@pytest.mark.parametrize(
    ("first", "later"),
    [
        ("The port has given the union until the end of February to leave.", "March 10"),
        ("The union must answer the ministry by February 29.", "The union must now answer the ministry by March 7."),
        ("The council will vote on the budget on March 3.", "The council will vote on the budget on March 10."),
        ("The ministers will meet in Ardal on Thursday.", "The ministers will meet in Ardal on March 5."),
        ("Brandão said the guards must pull back by the end of the month.", "March 5"),
        ("The trial of the mayor starts on March 2.", "The trial of the mayor starts on April 2."),
        ("The deadline for bids is March 2.", "The deadline for bids is March 20."),
    ],
)
def test_one_duty_on_another_day_is_the_same_one(first: str, later: str) -> None:
    for said in ("the end of February", "the end of the month"):
        later = first.replace(said, later) if said in first else later
    assert joined(first, later)


@pytest.mark.parametrize(
    ("first", "later"),
    [
        ("The company must pay the fine by March 1.", "The company must appeal the ruling by March 9."),
        ("The union must answer the ministry by February 29.", "The port must answer the ministry by March 7."),
        ("The guards must leave the northern pier by March 1.", "The guards must leave the southern pier by March 9."),
        ("The council will vote on the budget on March 3.", "The council will vote on the harbour on March 10."),
    ],
)
def test_two_duties_stay_two(first: str, later: str) -> None:
    assert not joined(first, later)
