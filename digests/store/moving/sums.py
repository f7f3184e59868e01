"""Whether two tables hold the same rows, told by a sum over them that does not depend on their order. Pure.

A row counts as its values written in one way, whichever database they come from; the sum is over BLAKE2b of each row,
so that rows that are missing, doubled or altered change it, and each side is read once, in any order.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from digests.store.moving.tables import Table

Row = tuple[Any, ...]
_BYTES = 16
_MODULUS = 1 << (8 * _BYTES)
_written = json.JSONEncoder(ensure_ascii=False).encode


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """How many rows, and the sum over them as 32 hexadecimal digits."""

    rows: int
    digits: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One table on both sides."""

    table: str
    source: Sum
    target: Sum

    @property
    def same(self) -> bool:
        return self.source == self.target


def sum_of(table: Table, rows: Iterable[Row], told: Callable[[], None]) -> Sum:
    """The sum over all rows of a table, read once; ``told`` after each row."""
    total, count = 0, 0
    row_of = canonical(table)
    for row in rows:
        total += int.from_bytes(blake2b(_written(row_of(row)).encode(), digest_size=_BYTES).digest())
        count += 1
        told()
    return Sum(rows=count, digits=f"{total % _MODULUS:0{2 * _BYTES}x}")


def canonical(table: Table) -> Callable[[Row], Row]:
    """What makes a row's values the same from both databases: zero without a sign, text that PostgreSQL can hold."""
    reals = [at for at, column in enumerate(table.columns) if column.kind == "real"]
    texts = [at for at, column in enumerate(table.columns) if column.kind == "text"]

    def row_of(row: Row) -> Row:
        values = list(row)
        for at in reals:
            if values[at] is not None:
                values[at] = float(values[at]) + 0.0
        for at in texts:
            if values[at] is not None:
                values[at] = holdable(values[at])
        return tuple(values)

    return row_of


def holdable(text: str) -> str:
    r"""The text without NUL, which PostgreSQL cannot hold; as many characters, so that offsets stay.

    >>> holdable("a\0b")
    'a�b'
    """
    return text.replace("\0", "\ufffd")
