"""Why two figures of one thing are not the same: older, another scope, or a contradiction."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from fakes.records import actor, figure, found

from bot.commands.numbers import page_of
from digests.edition.differences import difference, differences, verdict
from digests.edition.figures import grouped
from digests.model import Found

FRIDAY, SATURDAY, MONDAY = date(2020, 2, 14), date(2020, 2, 15), date(2020, 2, 17)


def given(
    number: int,
    value: float,
    quote: str = "",
    *,
    unit: str = "people displaced",
    qualifier: Any = "exact",
    day: date = SATURDAY,
    by: str = "Levant Wire",
    who: str | None = None,
) -> Found:
    fact = figure(number, f"{value:,.0f}", unit, value=value, qualifier=qualifier, quote=quote)
    if who:
        fact = replace(fact, said_by=actor(who))
    return found(fact, publisher=by, day=day)


@pytest.mark.parametrize(
    ("older", "newer", "kind"),
    [
        # both can be right
        ((3_600_000, {"qualifier": "more_than"}), (3_700_000, {"by": "Volga Post"}), None),
        ((100, {"qualifier": "about"}), (108, {"by": "Volga Post"}), None),
        ((100, {}), (100, {"by": "Volga Post"}), None),
        # what grew since is older
        ((700, {"day": FRIDAY}), (900, {"day": SATURDAY, "by": "Volga Post"}), "older"),
        ((700, {"day": FRIDAY}), (900, {"day": SATURDAY}), "older"),
        # what its own source takes back is older too
        ((900, {"day": FRIDAY, "who": "Ali Demir"}), (700, {"day": SATURDAY, "who": "Ali Demir"}), "older"),
        (
            (900, {"day": FRIDAY}),
            (700, {"quote": "A corrected count of 700.", "by": "Volga Post", "day": MONDAY}),
            "older",
        ),
        # a share changes either way
        ((5, {"unit": "percent", "day": FRIDAY}), (4, {"unit": "percent", "day": MONDAY, "by": "Volga Post"}), "older"),
        ((5, {"unit": "percent", "day": FRIDAY}), (4, {"unit": "percent", "by": "Volga Post"}), "contradiction"),
        # a count that shrank, and two counts of one day, contradict
        ((900, {"day": FRIDAY}), (700, {"day": SATURDAY, "by": "Volga Post"}), "contradiction"),
        ((900, {}), (700, {"by": "Volga Post"}), "contradiction"),
        # one source that says two things at once says more than is read here
        ((900, {}), (700, {}), None),
    ],
)
def test_figures_are_told_apart(
    older: tuple[float, dict[str, Any]], newer: tuple[float, dict[str, Any]], kind: str | None
) -> None:
    found = difference(given(2, newer[0], **newer[1]), given(1, older[0], **older[1]))
    assert (found.kind if found else None) == kind


@pytest.mark.parametrize(
    ("one", "other", "scope", "words"),
    [
        (
            {"quote": "900,000 people have fled since December."},
            {"quote": "140,000 people have fled this month."},
            "period",
            ("since December", "this month"),
        ),
        (
            {"quote": "Shells killed 12 in northern Ardal."},
            {"quote": "Shells killed 30 across Vesland."},
            "place",
            ("Ardal", "Vesland"),
        ),
        (
            {"unit": "Turkish soldiers killed"},
            {"unit": "Syrian soldiers killed"},
            "part",
            ("Turkish soldiers killed", "Syrian soldiers killed"),
        ),
    ],
)
def test_what_counts_something_else_is_no_contradiction(
    one: dict[str, Any], other: dict[str, Any], scope: str, words: tuple[str, str]
) -> None:
    found = difference(given(2, 30, by="Volga Post", **other), given(1, 12, **one))
    assert found is not None
    assert (found.kind, found.scope, (found.own, found.other)) == ("scope", scope, words)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            {"quote": "12 were killed in Ardal on Friday."},
            {"quote": "30 were killed in Ardal on Friday."},
        ),
        ({"quote": "12 people were killed."}, {"quote": "30 people were killed in Ardal."}),
        ({"unit": "soldiers killed"}, {"unit": "Turkish soldiers killed"}),
    ],
)
def test_what_only_one_of_them_says_is_no_other_scope(one: dict[str, Any], other: dict[str, Any]) -> None:
    found = difference(given(2, 30, by="Volga Post", **other), given(1, 12, **one))
    assert found is not None
    assert found.kind == "contradiction"


def test_a_group_is_judged_by_its_gravest_difference() -> None:
    newest = given(3, 900, day=MONDAY, by="Volga Post")
    rival = given(2, 950, day=MONDAY, by="Harbour Daily")
    old = given(1, 700, day=FRIDAY)
    noted = differences([newest, rival, old])
    assert {number: each.kind for number, each in noted.items()} == {2: "contradiction", 1: "older"}
    assert verdict(noted.values()) == "contradiction"
    assert verdict([]) is None


def test_a_line_says_what_it_differs_from() -> None:
    groups, _ = page_of(grouped([given(2, 900, day=MONDAY, by="Volga Post"), given(1, 700, day=FRIDAY)]), page=1)
    (group,) = groups
    assert group["verdict"] == "older"
    assert [line["note"] and line["note"]["kind"] for line in group["lines"]] == [None, "older"]
    note = group["lines"][1]["note"]
    assert (note["measure"], note["source"], note["day"]) == ("900 people displaced", "Volga Post", "2020-02-17")
