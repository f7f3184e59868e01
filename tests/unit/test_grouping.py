"""Figures of the same thing, sides of a question, days of a story."""

from datetime import date

import pytest
from fakes.records import SATURDAY, actor, deadline, figure, found, happening, statement

from bot.commands.sides import by_side, side_data
from bot.commands.timeline import days_of, in_order
from digests.edition.denials import denies
from digests.edition.figures import bounds, grouped, measure
from digests.model import Figure, Qualifier, Statement

INFINITE = float("inf")


@pytest.mark.parametrize(
    ("qualifier", "low", "high"),
    [
        ("exact", 100, 100),
        ("about", 90, 110),
        ("more_than", 100, INFINITE),
        ("at_least", 100, INFINITE),
        ("less_than", -INFINITE, 100),
        ("at_most", -INFINITE, 100),
    ],
)
def test_a_qualifier_says_what_a_figure_can_mean(qualifier: Qualifier, low: float, high: float) -> None:
    assert bounds(figure(1, "100", "people", value=100, qualifier=qualifier)) == (low, high)


def test_a_range_means_its_ends_and_an_open_one_anything() -> None:
    base = figure(1, "dozens", "people", value=0)
    fields = {"evidence": base.evidence, "summary": "", "number": base.number, "qualifier": "range", "unit": "people"}
    assert bounds(Figure(low=24, high=99, **fields)) == (24, 99)
    assert bounds(Figure(**fields)) == (-INFINITE, INFINITE)


def test_what_is_counted_makes_a_group_with_what_became_of_it() -> None:
    units = ["Turkish soldiers killed", "soldiers dead", "soldier killed", "soldiers wounded", "soldiers", ""]
    groups = grouped([found(figure(number, "5", unit, value=5)) for number, unit in enumerate(units)])
    assert [[each.fact.id for each in group.found] for group in groups] == [[0, 1, 2], [3], [4], [5]]


def test_money_is_one_thing_only_in_like_words() -> None:
    quotes = [
        "The council budget grew to 5 million euros this year.",
        "The budget of the council grew to 6 million euros.",
        "A painting was sold for 5 million euros.",
    ]
    facts = [figure(n, "5 million euros", "EUR", value=5e6, quote=quote) for n, quote in enumerate(quotes)]
    groups = grouped([found(each) for each in facts])
    assert [[each.fact.id for each in group.found] for group in groups] == [[0, 1], [2]]


@pytest.mark.parametrize(
    ("number", "unit", "shown"),
    [
        ("more than 3.6 million", "refugees", "more than 3.6 million refugees"),
        ("€4 billion", "EUR", "€4 billion"),
        ("12%", "percent of GDP", "12%"),
        ("5 soldiers", "soldiers", "5 soldiers"),
    ],
)
def test_a_figure_is_shown_in_the_articles_words(number: str, unit: str, shown: str) -> None:
    assert measure(figure(1, number, unit, value=1)) == shown


@pytest.mark.parametrize(
    ("cue", "quote", "denial"),
    [
        ("denied", "that it shelled the road", True),
        ("rejected", "the claim", True),
        ("said", "the report was not true", True),
        ("said", "the road was open", False),
    ],
)
def test_a_denial_is_told_by_its_cue_or_its_words(cue: str, quote: str, denial: bool) -> None:
    assert denies(statement(1, quote, cue=cue)) is denial


def test_only_statements_deny() -> None:
    assert not denies(figure(1, "5", "denials", value=5))


def test_sides_join_whom_a_place_stands_for_and_spellings_of_one_person() -> None:
    def by(number: int, name: str, *, entity: int | None = None, stands_for: str | None = None) -> Statement:
        fact = statement(number, f"claim {number}")
        who = actor(name, stands_for=stands_for)
        who = type(who)(start=0, end=1, text=name, name=name, entity=entity, stands_for=stands_for)
        return Statement(
            evidence=fact.evidence, summary="s", speaker=who, cue=None, content=fact.content, style="direct", id=number
        )

    facts = [
        by(1, "Kremlin", stands_for="Russia"),
        by(2, "Russia", entity=5),
        by(3, "Tayyip Erdogan", entity=9),
        by(4, "Recep Tayyip Erdoğan", entity=9),
        by(5, "Erdogan", entity=9),
        by(6, "it"),
        statement(7, "nobody's", who=None),
    ]
    sides = by_side([found(each) for each in facts])
    assert [(name, [claim.fact.id for claim in claims]) for name, claims in sides] == [
        ("Tayyip Erdogan", [3, 4, 5]),
        ("Russia", [1, 2]),
    ]


def test_a_claim_carried_twice_counts_once_and_denials_come_first() -> None:
    facts = [
        statement(1, "One"),
        statement(2, "one"),
        statement(3, "Two", cue="denies"),
        statement(4, "3"),
        statement(5, "4"),
    ]
    side = side_data("Oktay", [found(each) for each in facts])
    assert ([claim["id"] for claim in side["claims"]], side["more"], side["denies"]) == ([3, 1, 4], 1, True)


def test_a_timeline_goes_by_the_day_of_the_thing() -> None:
    facts = [
        happening(1, "Shells fell", when="2020-02-11"),
        happening(2, "Nothing fell", when="2020-02-11", negated=True),
        happening(3, "Undated"),
        deadline(4, "withdraw", due=date(2020, 2, 29)),
        happening(5, "Shells fell", when="2020-02-11"),
        happening(6, "A week of rain", when="2020-W06"),
        happening(7, "Unreadable", when="PXW"),
    ]
    assert [(each.fact.id, days[0].isoformat()) for days, each in in_order([found(each) for each in facts])] == [
        (6, "2020-02-03"),
        (1, "2020-02-11"),
        (7, "2020-02-15"),
        (4, "2020-02-29"),
    ]


def test_undated_happenings_are_told_where_there_is_nothing_else() -> None:
    assert [(each.fact.id, days[0]) for days, each in in_order([found(happening(1, "Undated"))])] == [(1, SATURDAY)]


def test_a_happening_without_a_day_counts_on_the_day_it_was_told() -> None:
    assert days_of(found(happening(1, "x"), day=date(2020, 2, 18))) == (date(2020, 2, 18),) * 2
