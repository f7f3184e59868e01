"""The record of a copying, kept in the target: from where, how far each table is, what is still owed.

Each chunk is written in one transaction with the key of its last row; so whatever dies, the next start goes on after
exactly the rows that are there. The record is gone when all is copied and compared; until then nobody opens the target.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from digests.store.moving.base import Target

TABLES = (
    "CREATE TABLE moving (identity TEXT NOT NULL, source TEXT NOT NULL)",
    "CREATE TABLE moving_tables ("
    "name TEXT PRIMARY KEY, total BIGINT NOT NULL, copied BIGINT NOT NULL, last_key TEXT, done INTEGER NOT NULL)",
    "CREATE TABLE moving_owed (id INTEGER PRIMARY KEY, statement TEXT NOT NULL)",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a table is. ``total``: rows at the source when it began; ``last_key``: of the last row copied."""

    total: int = 0
    copied: int = 0
    last_key: tuple[Any, ...] | None = None
    done: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A copying that was begun into this target."""

    identity: str
    source: str
    tables: Mapping[str, Progress]


def begin(target: Target, *, identity: str, source: str, totals: Mapping[str, int], owed: Sequence[str]) -> None:
    """Write the record; the caller holds the transaction."""
    for statement in TABLES:
        target.execute(statement)
    target.execute("INSERT INTO moving (identity, source) VALUES (?, ?)", (identity, source))
    for name, total in totals.items():
        target.execute("INSERT INTO moving_tables (name, total, copied, done) VALUES (?, ?, 0, 0)", (name, total))
    for at, statement in enumerate(owed):
        target.execute("INSERT INTO moving_owed (id, statement) VALUES (?, ?)", (at, statement))


def load(target: Target) -> Begun | None:
    """The record of a copying that is not finished; None where there is none."""
    if "moving" not in target.tables():
        return None
    identity, source = target.execute("SELECT identity, source FROM moving").fetchone()
    found = target.execute("SELECT name, total, copied, last_key, done FROM moving_tables ORDER BY name").fetchall()
    tables = {
        name: Progress(total=total, copied=copied, last_key=tuple(json.loads(key)) if key else None, done=bool(done))
        for name, total, copied, key, done in found
    }
    return Begun(identity=identity, source=source, tables=tables)


def advance(target: Target, name: str, copied: int, last_key: Sequence[Any]) -> None:
    """So many rows more were copied; the caller holds the transaction."""
    target.execute(
        "UPDATE moving_tables SET copied = copied + ?, last_key = ? WHERE name = ?",
        (copied, json.dumps(list(last_key)), name),
    )


def end_table(target: Target, name: str) -> None:
    """All rows of a table were copied."""
    target.execute("UPDATE moving_tables SET done = 1 WHERE name = ?", (name,))


def owed(target: Target) -> list[tuple[int, str]]:
    """The statements that are still to be run, in order."""
    return [(at, text) for at, text in target.execute("SELECT id, statement FROM moving_owed ORDER BY id").fetchall()]


def paid(target: Target, number: int) -> None:
    """One of them was run; the caller holds the transaction."""
    target.execute("DELETE FROM moving_owed WHERE id = ?", (number,))


def end(target: Target) -> None:
    """All is there and the same: the target is a database like any other."""
    for name in ("moving_owed", "moving_tables", "moving"):
        target.execute(f"DROP TABLE {name}")
