"""One SQLite file for everything that is kept: one writer thread, several reader threads, each its own connection.

The facts' store and the bot's books share a ``SqliteDatabase``: each brings its own migrations, and a function given to
``write`` may use both in one transaction.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import unquote

from pysqlite3 import dbapi2 as sqlite3

from digests.errors import SettingsError, StoreError
from digests.store.database import Subject
from digests.store.search import Fts5
from digests.store.sqlite.holding import Held
from digests.store.sqlite.migrating import MigrationSet
from digests.store.sqlite.opening import connect, prepare
from digests.store.sqlite.trouble import failing

if TYPE_CHECKING:
    from sqlite3 import Connection

T = TypeVar("T")


def path_of(url: str) -> Path:
    """The file that a ``DATABASE_URL`` names: ``sqlite:///relative.db`` or ``sqlite:////absolute.db``.

    >>> path_of("sqlite:///onrecord.db")
    PosixPath('onrecord.db')
    """
    scheme, mark, rest = url.partition(":///")
    if scheme != "sqlite" or not mark or not rest or rest.endswith("/") or ":memory:" in rest:
        raise SettingsError(f"DATABASE_URL={url!r} names no SQLite file: write it as sqlite:///onrecord.db")
    return Path(unquote(rest)).expanduser()


class SqliteDatabase:
    """Open with ``await SqliteDatabase.open(path, migrations)``; close it, or ``async with`` it."""

    search = Fts5()
    lingers = 0.0

    def __init__(self, path: Path, writing: Connection, *, readers: int) -> None:
        self.path = path
        self._writing = writing
        self._writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="store-writer")
        self._readers = ThreadPoolExecutor(max_workers=readers, thread_name_prefix="store-reader")
        self._held = Held(path)
        self._own = threading.local()
        self._reading: list[Connection] = []

    @classmethod
    async def open(cls, path: Path, migrations: Sequence[MigrationSet], *, readers: int = 2) -> SqliteDatabase:
        """Check, create and migrate the file. Raises ``SettingsError`` or ``StoreError``, one line each."""
        writing = await asyncio.to_thread(prepare, path, migrations)
        return cls(path, writing, readers=readers)

    async def write(self, work: Callable[[Connection], T], *, subject: Subject = "books") -> T:
        """Run ``work`` in one transaction, begun as a writer; all of it is kept, or nothing when it raises.

        The file has one writer at a time, whatever the ``subject``.
        """
        return await asyncio.get_running_loop().run_in_executor(self._writer, self._write, work)

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run ``work`` on one snapshot of the database; it cannot write."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._read, work)

    async def hold(self, name: str, *, patience: float | None = None) -> bool:
        """Be the one process that holds this name, by a lock file beside the database.

        The kernel knows which processes live: whatever ``patience``, one that is only stopped keeps what it holds.
        """
        try:
            return self._held.hold(name)
        except OSError as error:
            raise StoreError(f"the lock beside {self.path} cannot be taken: {error}") from error

    async def let_go(self, name: str) -> None:
        """Let another process hold it."""
        self._held.let_go(name)

    async def close(self) -> None:
        """Finish what is under way, then close every connection (the last one folds the WAL into the file)."""
        await asyncio.to_thread(self._close)
        self._held.close()

    async def __aenter__(self) -> SqliteDatabase:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def _write(self, work: Callable[[Connection], T]) -> T:
        connection = self._writing
        with failing(self.path):
            connection.execute("BEGIN IMMEDIATE")
            try:
                result = work(connection)
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
        return result

    def _read(self, work: Callable[[Connection], T]) -> T:
        with failing(self.path):
            connection = self._own_reader()
            connection.execute("BEGIN")
            try:
                return work(connection)
            finally:
                if connection.in_transaction:
                    connection.execute("COMMIT")

    def _own_reader(self) -> Connection:
        connection: Connection | None = getattr(self._own, "connection", None)
        if connection is None:
            connection = connect(self.path, readonly=True)
            self._own.connection = connection
            self._reading.append(connection)
        return connection

    def _close(self) -> None:
        self._readers.shutdown()
        self._writer.shutdown()
        for connection in self._reading:
            connection.close()
        try:
            self._writing.execute("PRAGMA optimize")
        except sqlite3.Error:
            pass  # only statistics for the planner: a full disk must not keep the program from ending
        finally:
            self._writing.close()
