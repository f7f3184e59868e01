"""Two tables hold the same rows when their sums say so; and a table that would be left behind stops the copying."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from bot.cli.moving import lines
from digests.errors import StoreError
from digests.store.moving.sums import Compared, Sum, sum_of
from digests.store.moving.tables import REBUILT, Column, Table, to_copy, why_rebuilt

ID, NAME, SHARE = (
    Column(name="id", kind="integer"),
    Column(name="name", kind="text"),
    Column(name="share", kind="real"),
)
THINGS = Table(name="things", columns=(ID, NAME, SHARE), key=("id",))
ROWS = [(1, "a", 0.5), (2, "b", None), (3, None, 1e300)]


def said(rows: Sequence[tuple[Any, ...]]) -> Sum:
    return sum_of(THINGS, rows, lambda: None)


def test_the_order_of_rows_does_not_matter() -> None:
    assert said(ROWS) == said(ROWS[::-1])
    assert said(ROWS).rows == 3


@pytest.mark.parametrize(
    "others",
    [
        ROWS[:2],
        [*ROWS, ROWS[0]],
        [ROWS[0], ROWS[0], ROWS[2]],
        [ROWS[0], (2, "b", 0.0), ROWS[2]],
        [ROWS[0], (2, "b ", None), ROWS[2]],
        [(1, "b", 0.5), (2, "a", None), ROWS[2]],
        [(1, "a", 0.5000000000000001), *ROWS[1:]],
    ],
)
def test_what_is_missing_doubled_or_altered_is_seen(others: list[tuple[Any, ...]]) -> None:
    assert said(others) != said(ROWS)


def test_the_same_values_from_either_database_are_the_same() -> None:
    assert said([(1, "a", 0.0), (2, "b\ufffdc", 3.0)]) == said([(1, "a", -0.0), (2, "b\0c", 3)])


@pytest.mark.parametrize(
    ("here", "there", "said"),
    [
        ({"things": THINGS}, {}, "the table things is only in the database it is copied from"),
        ({}, {"things": THINGS}, "the table things is only in the database it is copied to"),
        ({"things": THINGS}, {"things": replace(THINGS, columns=(ID, NAME))}, r"things is another one .*column share"),
        (
            {"things": THINGS},
            {"things": replace(THINGS, columns=(ID, NAME, Column(name="share", kind="text")))},
            r"things is another one .*column share",
        ),
    ],
)
def test_a_table_that_is_not_the_same_on_both_sides_stops_it(
    here: dict[str, Table], there: dict[str, Table], said: str
) -> None:
    with pytest.raises(StoreError, match=said):
        to_copy(here, there)


def test_what_is_built_again_has_a_reason() -> None:
    assert to_copy({"things": THINGS, "fact_search": THINGS}, {"things": THINGS, "schema_steps": THINGS}) == [THINGS]
    assert [bool(why_rebuilt(name)) for name in ("fact_search_data", "facts")] == [True, False]
    assert all(REBUILT.values())


def test_each_table_has_a_line_and_a_difference_stands_out() -> None:
    one = Compared(table="facts", source=Sum(rows=1200, digits="ab" * 16), target=Sum(rows=1200, digits="ab" * 16))
    other = Compared(table="people", source=Sum(rows=3, digits="0" * 32), target=Sum(rows=2, digits="1" * 32))
    nothing = Compared(table="x", source=Sum(rows=0, digits="0"), target=Sum(rows=0, digits="0"))
    assert lines([one, other, nothing]) == [
        "facts          1,200  abababababab  same",
        "people             3  000000000000  but 2 rows, 111111111111",
    ]
