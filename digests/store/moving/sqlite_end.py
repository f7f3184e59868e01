"""A SQLite file as a side of a copying. It has the file for itself: nobody writes a source, nobody opens a target."""

from __future__ import annotations

import os
import sqlite3 as types
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

from digests.errors import StoreError, UserError
from digests.store.connection import Cursor, Values
from digests.store.moving import record
from digests.store.moving.sums import Row
from digests.store.moving.tables import Column, Kind, Table
from digests.store.sqlite.copying import in_use
from digests.store.sqlite.migrating import MigrationSet
from digests.store.sqlite.opening import check_place, connect, prepare
from digests.store.sqlite.trouble import explained

_KINDS: dict[str, Kind] = {"INTEGER": "integer", "REAL": "real", "TEXT": "text"}
_FULL_TEXT = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%USING fts5 %' ORDER BY name"
_TABLES = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'virtual', 'shadow')"
_OWED = """SELECT type, name, sql FROM sqlite_master
    WHERE type IN ('index', 'trigger') AND sql IS NOT NULL AND tbl_name = ? ORDER BY type, name"""


@contextmanager
def source(path: Path, migrations: Sequence[MigrationSet]) -> Iterator[SqliteEnd]:
    """A file to copy from, which nobody can write until it is done. Raises ``UserError`` when somebody may."""
    if not path.is_file():
        raise UserError(f"there is no database at {path}")
    _alone(path)
    with closing(prepare(path, migrations)) as connection, explained(path):
        connection.execute("BEGIN IMMEDIATE")
        yield SqliteEnd(path, connection)
        connection.execute("ROLLBACK")


@contextmanager
def target(path: Path, migrations: Sequence[MigrationSet]) -> Iterator[SqliteEnd]:
    """A file to copy to, made if it is not there, with all tables; for nobody else until it is done."""
    if path.is_file():
        _alone(path)
    else:
        check_place(path)
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))  # chats' data: for nobody else's eyes
    if not _begun(path):
        prepare(path, migrations).close()
    with explained(path), closing(connect(path)) as connection:
        for pragma in ("locking_mode=EXCLUSIVE", "foreign_keys=OFF", "cache_size=-64000"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("BEGIN EXCLUSIVE")
        connection.execute("COMMIT")
        yield SqliteEnd(path, connection)


def _alone(path: Path) -> None:
    if in_use(path):
        raise UserError(f"another program has {path} open: stop it first (`onrecord serve`, or another copying)")


def _begun(path: Path) -> bool:
    with explained(path), closing(connect(path)) as connection:
        return record.load(SqliteEnd(path, connection)) is not None


class SqliteEnd:
    """``digests.store.moving.base.Target`` on an open connection in autocommit mode."""

    def __init__(self, path: Path, connection: types.Connection) -> None:
        self.place = str(path)
        self._path = path
        self._connection = connection

    def identity(self) -> str:
        return identity_of(self.execute("SELECT migration_set, name, applied_at FROM _sqlite_migrations"))

    def tables(self) -> dict[str, Table]:
        names = [name for (name,) in self.execute(_TABLES).fetchall()]
        return {name: self._table(name) for name in names}

    def execute(self, statement: str, values: Values = (), /) -> Cursor:
        with explained(self._path):
            return self._connection.execute(statement, values)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        self.execute("BEGIN IMMEDIATE")
        try:
            yield
            self.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise

    def rows(self, table: Table, after: Sequence[Any] | None = None) -> Iterator[Row]:
        names = ", ".join(f'"{column.name}"' for column in table.columns)
        key = ", ".join(f'"{name}"' for name in table.key)
        beyond = f" WHERE ({key}) > ({', '.join('?' * len(after))})" if after else ""
        order = f" ORDER BY {key}" if key else ""
        cursor = self.execute(f"SELECT {names} FROM {table.name}{beyond}{order}", after or ())
        with explained(self._path):
            for row in cursor:
                yield tuple(row)

    def last_number(self, table: Table) -> int:
        if self._remembers_numbers(table):
            found = self.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (table.name,)).fetchone()
            return int(found[0]) if found else 0
        if len(table.key) != 1 or table.columns[table.key_places[0]].kind != "integer":
            return 0
        return int(self.execute(f"SELECT coalesce(max({table.key[0]}), 0) FROM {table.name}").fetchone()[0])

    def strip(self, tables: Sequence[Table]) -> list[str]:
        found = [row for table in tables for row in self.execute(_OWED, (table.name,)).fetchall()]
        for kind, name, _ in found:
            self.execute(f"DROP {kind} {name}")
        indexes, triggers = ([sql for kind, _, sql in found if kind == each] for each in ("index", "trigger"))
        full_text = [name for (name,) in self.execute(_FULL_TEXT).fetchall()]
        return [*indexes, *(f"INSERT INTO {name} ({name}) VALUES ('rebuild')" for name in full_text), *triggers]

    def put(self, table: Table, rows: Iterable[Row]) -> None:
        names = ", ".join(f'"{column.name}"' for column in table.columns)
        marks = ", ".join("?" * len(table.columns))
        with explained(self._path):
            self._connection.executemany(f"INSERT INTO {table.name} ({names}) VALUES ({marks})", rows)

    def number_from(self, table: Table, last: int) -> None:
        if self._remembers_numbers(table):
            self.execute("DELETE FROM sqlite_sequence WHERE name = ?", (table.name,))
            if last:
                self.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (table.name, last))

    def settle(self) -> None:
        wrong = self.execute("PRAGMA foreign_key_check").fetchone()
        if wrong is not None:
            raise StoreError(f"{self.place}: a row of {wrong[0]} refers to one of {wrong[2]} that is not there")
        for pragma in ("optimize=0x10002", "wal_checkpoint(TRUNCATE)"):
            self.execute(f"PRAGMA {pragma}").fetchall()

    def _table(self, name: str) -> Table:
        found = self.execute("SELECT name, type, pk, hidden FROM pragma_table_xinfo(?)", (name,)).fetchall()
        columns = [Column(name=each["name"], kind=_KINDS.get(each["type"], "text")) for each in found if not each[3]]
        key = sorted((each["pk"], each["name"]) for each in found if each["pk"])
        return Table(
            name=name,
            columns=tuple(sorted(columns, key=lambda column: column.name)),
            key=tuple(name for _, name in key),
        )

    def _remembers_numbers(self, table: Table) -> bool:
        found = self.execute(
            "SELECT 1 FROM sqlite_master WHERE name = ? AND sql LIKE '%AUTOINCREMENT%'", (table.name,)
        ).fetchone()
        return found is not None


def identity_of(steps: Iterable[Any]) -> str:
    """From the rows (set, step, moment) of a schema's record."""
    return sha256(repr(sorted(tuple(map(str, row)) for row in steps)).encode()).hexdigest()
