"""Append-only migrations, safe when several processes start at the same moment.

sqlite-utils keeps the record (table ``_sqlite_migrations``). It is imported only when something is to be done: it
takes longer to load than a chat process has to start.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from pysqlite3 import dbapi2 as sqlite3

from digests.errors import StoreError
from digests.store.connection import Connection as Rows

if TYPE_CHECKING:
    from sqlite3 import Connection

    from sqlite_utils import Database as Tables

Step = Callable[[Rows], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class MigrationSet:
    """A name and its steps in order. A step that was released is never changed; a new one is added at the end.

    Steps run inside a transaction: they must not commit (``run_script`` does not, ``executescript`` would).
    """

    name: str
    steps: tuple[tuple[str, Step], ...]


def script(sql: str) -> Step:
    """A step that runs a script of statements."""
    return partial(run_script, sql=sql)


def run_script(connection: Rows, sql: str) -> None:
    """Each statement of ``sql`` in turn, inside the transaction that is open."""
    statement = ""
    for line in sql.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            connection.execute(statement)
            statement = ""
    if statement.strip():
        connection.execute(statement)


def migrate(connection: Connection, sets: Sequence[MigrationSet], *, path: Path) -> None:
    """Bring every set up to date in one transaction that only one process at a time can hold.

    Raises ``StoreError`` for a database that a newer version has changed, or that another one is being copied into.
    """
    if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'moving'").fetchone():
        raise StoreError(unfinished(path))
    pending = [known for known in sets if _pending(connection, known, path)]
    if not pending:
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        # whoever waited for the lock finds the work done: sqlite-utils looks again, inside
        _apply(connection, pending)
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def unfinished(place: Path | str) -> str:
    """What to say of a database that another one is being copied into (``digests.store.moving``)."""
    return f"the database {place} is half of a copy: finish it with the `onrecord migrate` that was begun, or remove it"


def _pending(connection: Connection, known: MigrationSet, path: Path) -> bool:
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = '_sqlite_migrations'").fetchone():
        return True
    applied = _applied(connection, known)
    newer = newer_than(connection, known)
    if newer:
        raise StoreError(
            f"the database {path} was written by a newer version of Onrecord (it has {newer[-1]!r}):"
            " install that version, or name another file in DATABASE_URL"
        )
    return len(applied) < len(known.steps)


def newer_than(connection: Connection, known: MigrationSet) -> list[str]:
    """Steps of a database that this version does not know."""
    names = [name for name, _ in known.steps]
    return [name for name in _applied(connection, known) if name not in names]


def _applied(connection: Connection, known: MigrationSet) -> list[str]:
    rows = connection.execute("SELECT name FROM _sqlite_migrations WHERE migration_set = ? ORDER BY id", (known.name,))
    return [name for (name,) in rows]


def _apply(connection: Connection, sets: Sequence[MigrationSet]) -> None:
    from sqlite_utils import Database, Migrations

    tables = Database(connection)
    for known in sets:
        migrations = Migrations(known.name)
        for name, step in known.steps:
            migrations(name=name)(_on_tables(step))
        migrations.apply(tables)


def _on_tables(step: Step) -> Callable[[Tables], None]:
    def run(tables: Tables) -> None:
        step(tables.conn)

    return run
