"""Why two figures of one thing are not the same: older, another scope, or a contradiction."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from fakes.records import actor, figure, found

from bot.commands.numbers import page_of
from digests.edition.differences import difference, differences, verdict
from digests.edition.figures import grouped
from digests.edition.texts import Texts
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


@pytest.mark.parametrize(
    ("whole", "part", "scope", "words"),
    [
        ({"quote": "30 were killed."}, {"quote": "12 were killed since Monday."}, "period", "since Monday"),
        ({"quote": "30 were killed."}, {"quote": "12 were killed in Ardal."}, "place", "Ardal"),
        ({"unit": "soldiers killed"}, {"unit": "Turkish soldiers killed"}, "part", "Turkish soldiers killed"),
    ],
)
def test_what_one_of_them_says_to_count_alone_may_be_a_part_of_the_other(
    whole: dict[str, Any], part: dict[str, Any], scope: str, words: str
) -> None:
    """A part is no more than the whole, whichever of the two is the newer."""
    unit = whole.get("unit", "")
    one = difference(given(2, 30, by="Volga Post", **whole), given(1, 12, **part))
    other = difference(given(2, 12, by="Volga Post", **part), given(1, 30, **whole))
    assert one is not None
    assert other is not None
    assert (one.kind, one.scope, one.own, one.other) == ("scope", scope, words, unit)
    assert (other.kind, other.scope, other.own, other.other) == ("scope", scope, unit, words)


COPIED = Texts(origins={1: "Reuters", 2: "Reuters", 3: "Reuters", 4: "Volga Post"}, copied={2: 1, 3: 1})
FLED = "{} people have been displaced since December, the UN says."


def printed(number: int, value: int, *, article: int, quote: str = "", by: str = "") -> Found:
    told = given(number, value, quote or FLED.format(f"{value:,}"), by=by or f"Outlet {article}")
    return replace(told, source=replace(told.source, article_id=article))


def test_a_misprint_in_a_copy_is_nobodys_word() -> None:
    original, copy = printed(1, 800_000, article=1), printed(2, 700_000, article=2)
    for order in ([copy, original], [original, copy]):
        noted = differences(order, COPIED)
        assert {number: (each.kind, each.newer.fact.id) for number, each in noted.items()} == {2: ("copy", 1)}
    rival = printed(4, 900_000, article=4)
    noted = differences([rival, copy, original], COPIED)
    assert {number: each.kind for number, each in noted.items()} == {1: "contradiction", 2: "copy"}


def test_what_copies_say_counts_once() -> None:
    found = [printed(3, 800_000, article=3), printed(2, 800_000, article=2), printed(1, 800_000, article=1)]
    (group,), _ = page_of(grouped(found), page=1, texts=COPIED)
    assert group["verdict"] is None
    assert [(line["id"], line["carried"]) for line in group["lines"]] == [(1, 2)]
    (group,), _ = page_of(grouped(found[:2]), page=1, texts=COPIED)
    assert [(line["id"], line["carried"]) for line in group["lines"]] == [(2, 1)]


def test_what_a_copy_adds_of_its_own_is_its_own_figure() -> None:
    added = printed(2, 300, article=2, quote="The mayor counted 300 newcomers in tents on the quay.")
    noted = differences([added, printed(1, 800, article=1)], replace(COPIED, origins={}))
    assert {number: each.kind for number, each in noted.items()} == {1: "contradiction"}


def test_two_texts_of_one_origin_do_not_contradict_each_other() -> None:
    found = [printed(2, 700, article=5), printed(1, 800, article=1)]
    assert differences(found, Texts(origins={1: "Reuters", 5: "Reuters"})) == {}
    assert {each.kind for each in differences(found).values()} == {"contradiction"}


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
