"""A timeline names who is to do what: "he" only where nobody else is named for that day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from fakes.records import actor, deadline, found

from bot.commands.timeline import in_order
from digests.model import Fact

DAY = date(2020, 3, 11)


def due(fact_id: int, who: str, *, day: date = DAY) -> Fact:
    return replace(deadline(fact_id, f"{who} will speak", due=day), actor=actor(who), summary=f"{who}: speak")


def test_a_pronouns_date_stands_back_for_one_with_a_name() -> None:
    told = [found(due(1, "He")), found(due(2, "Sajid Javid"))]
    assert [each.fact.id for _, each in in_order(told)] == [2]


def test_alone_on_its_day_it_is_shown() -> None:
    told = [found(due(1, "He")), found(due(2, "Sajid Javid", day=date(2020, 3, 12)))]
    assert [each.fact.id for _, each in in_order(told)] == [1, 2]
