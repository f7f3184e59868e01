"""A PostgreSQL as a side of a copying: by COPY, on one connection, with the rights of the tables' owner.

What would surprise a reader: indexes and references between tables are taken off while rows are copied and made again
after it. That is quicker by far; and an owner who is no superuser cannot switch the checking of references off.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import psycopg
from psycopg import sql

from digests.errors import StoreError, UserError
from digests.store.connection import Cursor, Values
from digests.store.moving import record
from digests.store.moving.sqlite_end import identity_of
from digests.store.moving.sums import Row, holdable
from digests.store.moving.tables import Column, Kind, Table, why_rebuilt
from digests.store.postgres.holding import CALLED
from digests.store.postgres.phrases import translated
from digests.store.postgres.search_tables import LISTS, listed_again
from digests.store.postgres.trouble import explained, place_of, unusable

SECONDS_TO_LEAVE = 1.0
"""A connection that was closed a moment ago is still seen by the server."""
LOCK = 0x0E2EC0E
"""The advisory lock that whoever copies into a database holds; the number means nothing."""
_KINDS: dict[str, Kind] = {
    "bigint": "integer",
    "integer": "integer",
    "smallint": "integer",
    "double precision": "real",
    "text": "text",
}
_READ_AT_ONCE = 2000
# what is not logged may be lost at any crash: nothing that anybody would miss is kept there
_COLUMNS = """SELECT c.relname, a.attname, format_type(a.atttypid, NULL), array_position(i.indkey::int2[], a.attnum)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
    LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
    WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p') AND c.relpersistence = 'p'
    ORDER BY c.relname, a.attname"""
_REFERENCES = """SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE contype = 'f' AND conrelid = ANY(%s::regclass[]) ORDER BY 1, 2"""
_INDEXES = """SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
    WHERE indrelid = ANY(%s::regclass[])
    AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid) ORDER BY 1"""
_TRIGGERS = """SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger
    WHERE NOT tgisinternal AND tgrelid = ANY(%s::regclass[]) ORDER BY 1"""
_OTHERS = """SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name = ?"""


@contextmanager
def source(url: str) -> Iterator[PostgresEnd]:
    """A database to copy from, migrated already; nobody can write it until it is done.

    Raises ``UserError`` when a program of ours is connected or somebody is writing.
    """
    with _connected(url) as connection:
        end = PostgresEnd(url, connection)
        _alone(end)
        names = sql.SQL(", ").join(sql.Identifier(name) for name in end.tables() if not why_rebuilt(name))
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        try:
            # before anything is read: the moment that is seen is that of the first statement after it
            connection.execute(sql.SQL("LOCK TABLE {} IN SHARE MODE NOWAIT").format(names))
        except psycopg.errors.LockNotAvailable as error:
            raise UserError(f"somebody is writing to {end.place}: stop that, then try again") from error
        yield end


@contextmanager
def target(url: str) -> Iterator[PostgresEnd]:
    """A database to copy to, with all tables; one copying at a time."""
    with _connected(url) as connection:
        end = PostgresEnd(url, connection)
        _alone(end)
        held = end.execute("SELECT pg_try_advisory_lock(?)", (LOCK,)).fetchone()
        if not held[0]:
            raise UserError(f"another process is copying into {end.place}: wait for it")
        yield end


def begun(url: str) -> bool:
    """Whether a copying into a database was begun and is not finished."""
    with _connected(url) as connection:
        return record.load(PostgresEnd(url, connection)) is not None


@contextmanager
def _connected(url: str) -> Iterator[psycopg.Connection[Row]]:
    place = place_of(url)
    try:
        connection = psycopg.connect(url, autocommit=True, connect_timeout=10, application_name="onrecord-migrate")
    except psycopg.Error as error:
        raise unusable(error, place) from error
    try:
        with explained(place):
            yield connection
    finally:
        connection.close()


def _alone(end: PostgresEnd) -> None:
    give_up = time.monotonic() + SECONDS_TO_LEAVE
    while others := end.execute(_OTHERS, (CALLED,)).fetchone()[0]:
        if time.monotonic() > give_up:
            raise UserError(
                f"Onrecord is running on {end.place} ({others} connections): stop `onrecord serve` and workers first"
            )
        time.sleep(0.05)


class PostgresEnd:
    """``digests.store.moving.base.Target`` on an open connection in autocommit mode."""

    def __init__(self, url: str, connection: psycopg.Connection[Row]) -> None:
        self.place = place_of(url)
        self._connection = connection

    def identity(self) -> str:
        return identity_of(self.execute("SELECT set_name, step, at FROM schema_steps"))

    def tables(self) -> dict[str, Table]:
        columns: dict[str, list[Column]] = {}
        keys: dict[str, list[tuple[int, str]]] = {}
        for table, column, kind, place in self.execute(_COLUMNS).fetchall():
            columns.setdefault(table, [])
            if column is None:
                continue
            if kind not in _KINDS and not why_rebuilt(table):
                raise StoreError(f"the column {table}.{column} is of a kind that is not copied: {kind}")
            columns[table].append(Column(name=column, kind=_KINDS.get(kind, "text")))
            if place is not None:
                keys.setdefault(table, []).append((place, column))
        return {
            name: Table(
                name=name,
                columns=tuple(sorted(found, key=lambda column: column.name)),
                key=tuple(column for _, column in sorted(keys.get(name, []))),
            )
            for name, found in columns.items()
        }

    def execute(self, statement: str, values: Values = (), /) -> Cursor:
        with explained(self.place):
            return self._connection.execute(translated(statement), values)

    def transaction(self) -> AbstractContextManager[Any]:
        return self._connection.transaction()

    def rows(self, table: Table, after: Sequence[Any] | None = None) -> Iterator[Row]:
        key = sql.SQL(", ").join(map(sql.Identifier, table.key))
        beyond = sql.SQL(" WHERE ({}) > ({})").format(key, sql.SQL(", ").join(sql.Placeholder() * len(after or ())))
        statement = sql.SQL("SELECT {} FROM {}{}{}").format(
            _names(table),
            sql.Identifier(table.name),
            beyond if after else sql.SQL(""),
            sql.SQL(" ORDER BY {}").format(key) if table.key else sql.SQL(""),
        )
        with explained(self.place), self._connection.cursor(name="moving") as cursor:
            cursor.itersize = _READ_AT_ONCE
            cursor.execute(statement, list(after or ()))
            yield from cursor

    def last_number(self, table: Table) -> int:
        sequence = self._sequence(table)
        if not sequence:
            return 0
        last, called = self.execute(f"SELECT last_value, is_called FROM {sequence}").fetchone()
        return int(last) if called else 0

    def strip(self, tables: Sequence[Table]) -> list[str]:
        names = [table.name for table in tables]
        references = self._connection.execute(_REFERENCES, (names,)).fetchall()
        indexes = self._connection.execute(_INDEXES, (names,)).fetchall()
        triggers = self._connection.execute(_TRIGGERS, (names,)).fetchall()
        for table, name, _ in references:
            self.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        for name, _ in indexes:
            self.execute(f"DROP INDEX {name}")
        for (table,) in triggers:
            self.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        return [
            *(definition for _, definition in indexes),
            *(listed_again(what, tags=tags) for what, tags in LISTS.items()),
            *(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}' for table, name, definition in references),
            *(f"ALTER TABLE {table} ENABLE TRIGGER USER" for (table,) in triggers),
        ]

    def put(self, table: Table, rows: Iterable[Row]) -> None:
        texts = [at for at, column in enumerate(table.columns) if column.kind == "text"]
        statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table.name), _names(table))
        with self._connection.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                values = list(row)
                for at in texts:
                    if values[at] is not None:
                        values[at] = holdable(values[at])
                copy.write_row(values)

    def number_from(self, table: Table, last: int) -> None:
        sequence = self._sequence(table)
        if sequence and last:
            self.execute("SELECT setval(?, ?)", (sequence, last))

    def settle(self) -> None:
        for name in self.tables():
            self.execute(f"VACUUM (ANALYZE) {name}")

    def _sequence(self, table: Table) -> str:
        """The one that numbers the rows; "" where there is none."""
        if len(table.key) != 1:
            return ""
        found = self.execute("SELECT pg_get_serial_sequence(?, ?)", (table.name, table.key[0])).fetchone()
        return found[0] or ""


def _names(table: Table) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(column.name) for column in table.columns)
