"""A deadline put off or brought forward keeps its number; two different deadlines never share one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from digests.model import Actor, Deadline, Event, Evidence, Fact, Span
from digests.store.moved import moved

SAID = date(2020, 2, 15)
FEB, MARCH, APRIL = date(2020, 2, 29), date(2020, 3, 7), date(2020, 4, 1)
DAYS = {"29 February": FEB, "7 March": MARCH, "1 April": APRIL, "10 February": date(2020, 2, 10)}


def dated(sentence: str, number: int = 0, *, shape: type[Deadline | Event] = Deadline, condition: str = "") -> Fact:
    """A fact of a sentence written as ``Who | must do what by | day``; the action is all behind the first word."""
    who, task, day = (part.strip() for part in sentence.split("|"))
    text = f"{who} {task} {day}."
    action = f"{task.partition(' ')[2]} {day}"

    def span(words: str) -> Span:
        return Span(start=text.index(words), end=text.index(words) + len(words), text=words)

    actor = Actor(start=0, end=len(who), text=who, name=who) if who else None
    more: dict[str, Any] = {"condition": span(condition)} if condition else {}
    return shape(
        id=number,
        evidence=(Evidence(start=0, end=len(text), quote=text),),
        summary=text,
        due_from=DAYS[day],
        due_to=DAYS[day],
        boundary="by",
        actor=actor,
        action=span(action),
        time=span(day),
        **more,
    )


def joined(old: list[Fact], new: list[Fact], *, today: date = SAID) -> dict[int, int]:
    """Which new fact is which old one; an old one is gone unless a new one says its very words."""
    said = {each.quote for each in new}
    return moved(old, new, gone={each.id: each.quote not in said for each in old}, today=today)


ANSWER = dated("The union | must answer the ministry by | 29 February", 7)


@pytest.mark.parametrize(
    "later",
    [
        "The union | must answer the ministry by | 7 March",
        "The union | must answer the ministry until | 7 March",
        "The union | must now answer the ministry by | 7 March",
        "The union | must answer the ministry instead by | 7 March",
    ],
)
def test_the_same_duty_of_the_same_party_on_another_day_has_moved(later: str) -> None:
    assert joined([ANSWER], [dated(later)]) == {0: 7}


def test_it_may_be_brought_forward_as_well() -> None:
    assert joined([dated("Ilse | must pay the fee by | 1 April", 3)], [dated("Ilse | must pay the fee by | 7 March")])


@pytest.mark.parametrize(
    ("later", "why"),
    [
        ("The ministry | must answer the union by | 7 March", "somebody else"),
        (" | must answer the ministry by | 7 March", "nobody is named"),
        ("The union | must answer the court by | 7 March", "another task"),
        ("The union | must answer the ministry in writing by | 7 March", "more is asked"),
        ("The union | must not answer the ministry by | 7 March", "the contrary"),
        ("The union | must answer the ministry by | 29 February", "the same day"),
        ("The union | may leave by | 7 March", "nothing alike"),
    ],
)
def test_another_duty_is_another_deadline(later: str, why: str) -> None:
    assert joined([ANSWER], [dated(later)]) == {}, why


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Ilse | must pay 40 million by | 29 February", "Ilse | must pay 60 million by | 7 March"),
        ("Ilse | must close route 5 by | 29 February", "Ilse | must close route 7 by | 7 March"),
        ("Ilse | must clear the north by | 29 February", "Ilse | must clear the south by | 7 March"),
        ("Ilse | must pay the first part by | 29 February", "Ilse | must pay the other part by | 7 March"),
        ("Ilse | must pay a tranche by | 29 February", "Ilse | must pay a tranche by | 7 March"),
        ("Ilse | must report every week on | 29 February", "Ilse | must report every week on | 7 March"),
    ],
    ids=["an amount", "a number", "a place", "a part", "a tranche", "a rhythm"],
)
def test_what_comes_in_parts_or_rhythms_is_never_joined(first: str, second: str) -> None:
    assert joined([dated(first, 1)], [dated(second)]) == {}


def test_a_deadline_whose_words_still_stand_has_not_moved() -> None:
    later = dated("The union | must answer the ministry by | 7 March")
    assert joined([ANSWER], [ANSWER, later]) == {}
    assert moved([ANSWER], [later], gone={7: False}, today=SAID) == {}


def test_of_two_days_nobody_can_tell_which_one_moved() -> None:
    both = [ANSWER, dated("The union | must answer the ministry by | 7 March", 8)]
    assert joined(both, [dated("The union | must answer the ministry by | 1 April")]) == {}
    assert joined([ANSWER], [replace(each, id=0) for each in (both[1], dated(LATER))]) == {}


LATER = "The union | must answer the ministry by | 1 April"


def test_one_of_two_stays_where_it_was_and_the_other_is_not_guessed_at() -> None:
    other = dated("The union | must answer the ministry by | 7 March", 8)
    assert joined([ANSWER, other], [replace(ANSWER, id=0), dated(LATER)]) == {}


def test_a_deadline_told_twice_moves_as_often_as_it_is_told_again() -> None:
    twice = [ANSWER, replace(ANSWER, id=8)]
    assert joined(twice, [dated(LATER), dated(LATER)]) == {0: 7, 1: 8}
    assert joined(twice, [dated(LATER)]) == {0: 7}
    assert joined([ANSWER], [dated(LATER), dated(LATER)]) == {0: 7}


def test_what_was_over_when_the_article_came_is_not_put_off() -> None:
    past = dated("The union | must answer the ministry by | 10 February", 4)
    assert joined([past], [dated(LATER)]) == {}
    assert joined([past], [dated(LATER)], today=date(2020, 2, 10)) == {0: 4}


def test_a_deadline_does_not_become_an_event_and_events_move_too() -> None:
    vote = "The council | will vote on the budget on | 29 February"
    later = "The council | will vote on the budget on | 7 March"
    assert joined([dated(vote, 2, shape=Event)], [dated(later)]) == {}
    assert joined([dated(vote, 2, shape=Event)], [dated(later, shape=Event)]) == {0: 2}


def test_another_condition_is_another_deadline() -> None:
    first = dated("Ilse | must leave if talks fail by | 29 February", 1, condition="if talks fail")
    later = "Ilse | must leave if talks fail by | 7 March"
    assert joined([first], [dated(later, condition="if talks fail")]) == {0: 1}
    assert joined([first], [dated(later)]) == {}
