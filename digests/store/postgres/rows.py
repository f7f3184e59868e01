"""Rows and connections of PostgreSQL as the statements' functions know them from SQLite's driver."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import psycopg
from psycopg import AsyncConnection, AsyncCursor
from psycopg.abc import Buffer, QueryNoTemplate
from psycopg.adapt import AdaptersMap, Loader

from digests.store.connection import Values
from digests.store.postgres.bridge import wait
from digests.store.postgres.phrases import translated

MOST_KINDS_OF_ROWS = 1024


class Number(Loader):
    """What adds up many numbers is ``numeric`` there; here it is a plain number, as with SQLite."""

    def load(self, data: Buffer) -> int | float:
        said = bytes(data).decode()
        return int(said) if said.lstrip("-").isdigit() else float(said)


PLAIN = AdaptersMap(psycopg.adapters)
"""How values of the database's types are made, for every connection."""
PLAIN.register_loader("numeric", Number)


class Found(tuple[Any, ...]):
    """A row: a tuple that also knows its columns' names."""

    __slots__ = ()
    names: tuple[str, ...] = ()
    places: Mapping[str, int] = {}

    def __getitem__(self, key: Any) -> Any:
        return tuple.__getitem__(self, self.places[key] if isinstance(key, str) else key)

    def keys(self) -> tuple[str, ...]:
        """The columns' names."""
        return self.names


@lru_cache(maxsize=MOST_KINDS_OF_ROWS)
def kind_of_row(names: tuple[str, ...]) -> type[Found]:
    """The class of the rows that have these columns."""
    return type("Row", (Found,), {"__slots__": (), "names": names, "places": {n: at for at, n in enumerate(names)}})


def row_factory(cursor: AsyncCursor[Any]) -> Callable[[Sequence[Any]], Found]:
    """How psycopg makes the rows of a statement that was run."""
    return kind_of_row(tuple(column.name for column in cursor.description or ()))


class Result:
    """All that a statement found; ``rowcount``: how many rows it found or changed."""

    def __init__(self, rows: list[Any], rowcount: int) -> None:
        self._rows = rows
        self._at = 0
        self.rowcount = rowcount

    def fetchone(self) -> Any:
        """The next row, None after the last."""
        if self._at >= len(self._rows):
            return None
        self._at += 1
        return self._rows[self._at - 1]

    def fetchall(self) -> list[Any]:
        """What is left of the rows."""
        rows, self._at = self._rows[self._at :], len(self._rows)
        return rows

    def __iter__(self) -> Iterator[Any]:
        return iter(self.fetchall())


class PostgresConnection:
    """``digests.store.connection.Connection`` on one of psycopg's, inside ``bridge.run``."""

    def __init__(self, connection: AsyncConnection[Any]) -> None:
        self._connection = connection

    def execute(self, statement: str, values: Values = (), /) -> Result:
        """Run a statement written for both databases."""
        return wait(self._execute(translated(statement), bound(values)))

    def executemany(self, statement: str, values: Iterable[Values], /) -> None:
        """Run a statement for each of the values, in one go. What only adds rows adds all in one statement."""
        given = [bound(each) for each in values]
        together = adding(statement) if len(given) > 1 and all(map(_told, given)) else None
        if together is not None:
            columns, many = together
            told = [dict(zip(columns, each, strict=True)) for each in given]
            wait(self._execute(many, [json.dumps(told)]))
        elif given:
            wait(self._execute_many(translated(statement), given))

    async def _execute(self, statement: QueryNoTemplate, values: Values) -> Result:
        cursor = await self._connection.execute(statement, values)
        rows = await cursor.fetchall() if cursor.description else []
        return Result(rows, cursor.rowcount)

    async def _execute_many(self, statement: QueryNoTemplate, values: Sequence[Values]) -> None:
        async with self._connection.cursor() as cursor:
            await cursor.executemany(statement, values)


_ADDING = re.compile(r"INSERT INTO (\w+) \(([\w, ]+)\) VALUES \(((?:\?|'\w*'|\d+|, )+)\)( ON CONFLICT DO NOTHING)?")


@lru_cache(maxsize=256)
def adding(statement: str) -> tuple[list[str], QueryNoTemplate] | None:
    """The same for many rows at once, if the statement does nothing but add one: the columns, and the statement.

    It takes the rows as a list in JSON; a value has the type of its column.
    """
    found = _ADDING.fullmatch(statement)
    if found is None:
        return None
    table, columns, values, rest = found[1], found[2].split(", "), found[3].split(", "), found[4] or ""
    given = [column for column, value in zip(columns, values, strict=True) if value == "?"]
    taken = [column if value == "?" else value for column, value in zip(columns, values, strict=True)]
    many = (
        f"INSERT INTO {table} ({found[2]}) SELECT {', '.join(taken)} FROM json_populate_recordset(NULL::{table}, %s)"
        f"{rest}"
    )
    return given, many.encode()


def _told(values: Values) -> bool:
    """Whether JSON can tell all of the values, in the order of a statement's marks."""
    return not isinstance(values, Mapping) and all(each is None or isinstance(each, str | int) for each in values)


def bound(values: Values) -> Values:
    """Values as both databases keep them."""
    if isinstance(values, Mapping):
        return {name: _kept(each) for name, each in values.items()}
    return [_kept(each) for each in values]


def _kept(value: Any) -> Any:
    """Truth as the numbers 1 and 0; no NUL, which PostgreSQL's text cannot hold: what is read has none anyway."""
    if value is True or value is False:
        return int(value)
    if isinstance(value, str) and "\0" in value:
        return value.replace("\0", "\ufffd")
    return value
