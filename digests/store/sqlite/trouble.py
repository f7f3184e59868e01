"""What goes wrong with a database file -> one line saying what is wrong and what to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pysqlite3 import dbapi2 as sqlite3

from digests.errors import OnrecordError, SettingsError, StoreError

_ADVICE: tuple[tuple[str, type[OnrecordError], str], ...] = (
    (
        "unable to open",
        SettingsError,
        "cannot be opened: DATABASE_URL must name a file in a folder that can be written",
    ),
    ("readonly", SettingsError, "is read-only: make the file and its folder writable, or name another in DATABASE_URL"),
    ("not a database", SettingsError, "is not a database: name another file in DATABASE_URL"),
    ("malformed", StoreError, "is damaged: restore a copy, or save what is left with `sqlite3 FILE .recover`"),
    (
        "disk is full",
        StoreError,
        "cannot grow, the disk is full: free some space and try again; nothing was half saved",
    ),
    ("disk i/o error", StoreError, "cannot be read or written (disk I/O error): check the disk's space and health"),
    ("locked", StoreError, "is locked: another program keeps writing to it; stop that one and try again"),
    ("busy", StoreError, "is busy: another program keeps writing to it; stop that one and try again"),
)


@contextmanager
def explained(path: Path | str) -> Iterator[None]:
    """Raise the database's own errors as ``StoreError`` or ``SettingsError`` with one line of advice."""
    try:
        yield
    except sqlite3.Error as error:
        raise advice(error, path) from error


@contextmanager
def failing(path: Path | str) -> Iterator[None]:
    """The same for a database that was opened already: whatever goes wrong now is no wrong setting (``StoreError``)."""
    try:
        with explained(path):
            yield
    except SettingsError as error:
        raise StoreError(str(error)) from error


def advice(error: Exception, path: Path | str) -> OnrecordError:
    """The error to show for one of SQLite's."""
    said = str(error).lower()
    for mark, kind, text in _ADVICE:
        if mark in said:
            return kind(f"the database {path} {text}")
    return StoreError(f"the database {path} failed: {error}")
