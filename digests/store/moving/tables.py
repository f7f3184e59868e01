"""Which tables are copied from one database into another and which are built again there. Pure.

What would surprise a reader: a table that is neither the same on both sides nor known as built again stops the copying.
So nobody adds a table that a move to another database would silently leave behind.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from digests.errors import StoreError

Kind = Literal["integer", "real", "text"]
REBUILT: dict[str, str] = {
    r"\w+_search(_\w+)?": "the full-text index over the words that are copied",
    r"passage_terms": "how often each term stands in the passages that are copied",
    r"_sqlite_migrations|schema_steps": "the steps of the schema that each database took itself",
    r"sqlite_\w+": "SQLite's own: numbers given are set after copying, statistics are taken anew",
    r"moving|moving_\w+": "the record of the copying itself, gone when it is done",
    r"procrastinate_\w+|jobs_woken|parked_jobs": "jobs only wake: what is to be done stands in the rows copied",
    r"submissions": "articles on their way to a worker: the update that brought them is copied, and answered anew",
}
"""Names of tables (regular expressions) that are not copied, and why not."""
SEEDED = frozenset({"counters"})
"""Tables that the schema itself puts rows into: a database with nothing but these is empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One that is stored; what the database computes from others is left out."""

    name: str
    kind: Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """``columns`` in the order of their names. ``key``: the primary key's; empty where there is none."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()

    @property
    def key_places(self) -> tuple[int, ...]:
        """Where the key's columns stand in a row."""
        names = [column.name for column in self.columns]
        return tuple(names.index(name) for name in self.key)


def why_rebuilt(name: str, rebuilt: Mapping[str, str] = REBUILT) -> str:
    """Why a table is not copied; "" for one that is."""
    return next((why for pattern, why in rebuilt.items() if re.fullmatch(pattern, name)), "")


def to_copy(source: Mapping[str, Table], target: Mapping[str, Table]) -> list[Table]:
    """The tables to copy, by name. Raises ``StoreError`` for one that is not the same on both sides."""
    here, there = ({name for name in side if not why_rebuilt(name)} for side in (source, target))
    for name in sorted(here ^ there):
        side = "it is copied from" if name in here else "it is copied to"
        raise StoreError(f"the table {name} is only in the database {side}: use the same version of Onrecord for both")
    for name in sorted(here):
        if source[name].columns != target[name].columns:
            odd = set(source[name].columns) ^ set(target[name].columns)
            raise StoreError(
                f"the table {name} is another one on the other side (column {min(column.name for column in odd)}):"
                " use the same version of Onrecord for both"
            )
    return [source[name] for name in sorted(here)]
