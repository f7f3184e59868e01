"""What the statements' functions are given, whichever database is behind it: what they use of a DB-API connection.

Statements are written once, in words that SQLite and PostgreSQL both know: ``?`` and ``:name`` for values, RETURNING
for the number a row got, ON CONFLICT for one that is there already, NULLS FIRST where it matters. The few phrases that
cannot be common are SQLite's and put into PostgreSQL's words in ``digests.store.postgres.phrases``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

Values = Sequence[Any] | Mapping[str, Any]


class Row(Protocol):
    """A row found: by position, by name, in a loop, by ``dict(zip(row.keys(), row))``."""

    def __getitem__(self, key: int | str | slice, /) -> Any: ...

    def __iter__(self) -> Iterator[Any]: ...

    def __len__(self) -> int: ...

    def keys(self) -> Sequence[str]: ...


class Cursor(Protocol):
    """What a statement found or did. ``rowcount``: how many rows it changed."""

    @property
    def rowcount(self) -> int: ...

    def fetchone(self) -> Any: ...

    def fetchall(self) -> list[Any]: ...

    def __iter__(self) -> Iterator[Any]: ...


class Connection(Protocol):
    """One transaction's way to the database; only for the function that it was given to, and not after it."""

    def execute(self, statement: str, values: Values = ..., /) -> Cursor: ...

    def executemany(self, statement: str, values: Iterable[Values], /) -> Any: ...
