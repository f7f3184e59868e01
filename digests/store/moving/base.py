"""What a database must be able to do to be copied from, or to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from digests.store.connection import Cursor, Values
from digests.store.moving.sums import Row
from digests.store.moving.tables import Table


class End(Protocol):
    """One side of the copying, on one connection that it has for itself; failures are ``StoreError``."""

    @property
    def place(self) -> str:
        """What people know it by, without a password."""
        ...

    def identity(self) -> str:
        """Tells this database (and copies of it) from every other: the moments when it got its tables."""
        ...

    def tables(self) -> dict[str, Table]:
        """Everything that holds rows, by name."""
        ...

    def execute(self, statement: str, values: Values = ..., /) -> Cursor:
        """A statement that both kinds of database understand."""
        ...

    def transaction(self) -> AbstractContextManager[Any]:
        """All that is done in it is kept, or nothing."""
        ...

    def rows(self, table: Table, after: Sequence[Any] | None = None) -> Iterator[Row]:
        """All rows in the order of their key, from the one after the key ``after`` on; read as they are taken."""
        ...

    def last_number(self, table: Table) -> int:
        """The greatest number that a row of the table was ever given by the database; 0 where it gives none."""
        ...


class Target(End, Protocol):
    """The side that is written."""

    def strip(self, tables: Sequence[Table]) -> list[str]:
        """Take off what slows copying or would do work twice: indexes, triggers, references between tables.

        The statements that bring all of it back, in order, and build again what is not copied.
        """
        ...

    def put(self, table: Table, rows: Iterable[Row]) -> None: ...

    def number_from(self, table: Table, last: int) -> None:
        """The next row that is given a number gets a greater one than ``last``."""
        ...

    def settle(self) -> None:
        """After all is copied and the same: statistics for the planner, outside of a transaction."""
        ...
