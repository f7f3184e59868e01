"""New SQLite files that begin as copies of one migrated before: a schema of many steps is made once a test process."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from bot.books.sql import MIGRATIONS
from digests.store.migrations import FACTS
from digests.store.sqlite.migrating import MigrationSet

if TYPE_CHECKING:
    from sqlite3 import Connection

Prepare = Callable[[Path, Sequence[MigrationSet]], "Connection"]
RELEASED = (FACTS, MIGRATIONS)


class Templates:
    """Stands before ``prepare``, which does all it ever does, but finds a new file's tables made.

    Only of the released sets as they are; what brings steps of its own is migrated from nothing.
    """

    def __init__(self, folder: Path, prepare: Prepare) -> None:
        self._folder, self._prepare = folder, prepare
        self._lock = Lock()

    def prepare(self, path: Path, migrations: Sequence[MigrationSet]) -> Connection:
        if migrations and all(any(each is known for known in RELEASED) for each in migrations):
            with suppress(OSError):  # where no file can be, the real one says why
                self._copied(path, migrations)
        return self._prepare(path, migrations)

    def _copied(self, path: Path, migrations: Sequence[MigrationSet]) -> None:
        """A whole file at once: another process may make it at the same moment."""
        if path.exists() or not path.parent.is_dir():
            return
        copy = path.with_name(f"{path.name}.{os.getpid()}-copy")
        shutil.copyfile(self._template(migrations), copy)
        try:
            os.link(copy, path)
        finally:
            copy.unlink()

    def _template(self, migrations: Sequence[MigrationSet]) -> Path:
        template = self._folder / f"{'-'.join(each.name for each in migrations)}.db"
        with self._lock:
            if not template.exists():
                self._prepare(template, migrations).close()
        return template
