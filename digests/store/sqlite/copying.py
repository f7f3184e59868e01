"""A consistent copy of the database while others write to it, and putting one back in its place.

What would surprise a reader: a copy is read in one transaction, so it is the database of one moment, however long it
takes; and a database is never overwritten, but moved aside with the journal that belongs to it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pysqlite3 import dbapi2 as sqlite3

from digests.errors import SettingsError, StoreError, UserError
from digests.store.sqlite.migrating import MigrationSet, newer_than
from digests.store.sqlite.opening import check_place, connect
from digests.store.sqlite.trouble import explained

if TYPE_CHECKING:
    from sqlite3 import Connection

Told = Callable[[int, int], None]
"""Called with pages copied and pages in all."""
_PAGES = 1000
_BESIDE = ("-wal", "-shm")


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """A database that was looked at: how large it is and what is in it. ``newest``: when an article came last."""

    path: Path
    megabytes: float
    articles: int
    facts: int
    newest: str


def back_up(source: Path, target: Path, *, told: Told | None = None) -> Copied:
    """Copy the database to a new file that is whole by itself, and check the copy.

    Raises ``UserError`` when there is no database or the file is there already, ``StoreError`` when it fails; then no
    file is left.
    """
    if not source.is_file():
        raise UserError(f"there is no database at {source}: DATABASE_URL names another one, or nothing was stored yet")
    if target.exists():
        raise UserError(f"{target} is there already: name a new file")
    check_place(target)
    unfinished = target.with_name(f"{target.name}.unfinished")
    try:
        with explained(source), closing(connect(source, readonly=True)) as reading:
            reading.execute("BEGIN")
            reading.execute("SELECT count(*) FROM sqlite_master").fetchone()  # only now the moment is held
            _copy(reading, unfinished, told)
        found = look_at(unfinished)
        os.replace(unfinished, target)
    finally:
        _remove(unfinished)
    return Copied(
        path=target, megabytes=found.megabytes, articles=found.articles, facts=found.facts, newest=found.newest
    )


def _copy(reading: Connection, target: Path, told: Told | None) -> None:
    target.unlink(missing_ok=True)
    os.close(os.open(target, os.O_CREAT | os.O_WRONLY, 0o600))  # chats' data: for nobody else's eyes

    def progress(_: int, left: int, total: int) -> None:
        if told is not None:
            told(total - left, total)

    with explained(target), closing(sqlite3.connect(str(target), isolation_level=None)) as writing:
        reading.backup(writing, pages=_PAGES, progress=progress)
        writing.execute("PRAGMA journal_mode=DELETE")


def look_at(path: Path) -> Copied:
    """A database checked from end to end. Raises ``UserError`` when it is none of Onrecord's, or a damaged one."""
    try:
        with closing(connect(path, readonly=True)) as reading:
            wrong = [str(row[0]) for row in reading.execute("PRAGMA integrity_check(3)")]
            if wrong != ["ok"]:
                raise UserError(f"{path} is damaged ({'; '.join(wrong)[:200]}): take another copy")
            articles, newest = reading.execute("SELECT count(*), coalesce(max(added_at), '') FROM articles").fetchone()
            facts = reading.execute("SELECT count(*) FROM facts WHERE status = 'standing'").fetchone()[0]
    except (sqlite3.Error, StoreError, SettingsError) as error:
        raise UserError(f"{path} is no database of Onrecord's, or a damaged one ({error})") from error
    return Copied(path=path, megabytes=path.stat().st_size / 1e6, articles=articles, facts=facts, newest=newest)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hindrance:
    """Why a database should not be replaced without asking. ``in_use``: another program has it open."""

    in_use: bool = False
    newest: str = ""
    articles: int = 0

    def __bool__(self) -> bool:
        return self.in_use or bool(self.newest)


def hindrance(path: Path, copy: Copied) -> Hindrance:
    """What speaks against putting ``copy`` in the place of the database at ``path``."""
    if not path.is_file():
        return Hindrance()
    found = _newer(path, copy)
    return Hindrance(in_use=in_use(path), newest=found[0], articles=found[1])


def _newer(path: Path, copy: Copied) -> tuple[str, int]:
    try:
        with closing(connect(path, readonly=True)) as reading:
            newest, articles = reading.execute(
                "SELECT coalesce(max(added_at), ''), count(*) FROM articles WHERE added_at > ?", (copy.newest,)
            ).fetchone()
    except (sqlite3.Error, StoreError, SettingsError):
        return "", 0  # damaged: that is why it is replaced
    return newest, articles


def in_use(path: Path) -> bool:
    """Whether another program has the database open: it cannot leave WAL mode then (https://sqlite.org/wal.html)."""
    try:
        with closing(sqlite3.connect(str(path), timeout=0.5, isolation_level=None)) as writing:
            if writing.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
                return False
            writing.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.OperationalError as error:
        return "locked" in str(error)
    except sqlite3.Error:
        return False
    return False


def put_back(copy: Path, path: Path, migrations: Sequence[MigrationSet], *, now: datetime) -> Path | None:
    """Put a checked copy in the database's place; where the old one lies now, if there was one.

    Raises ``UserError`` for a copy from a newer version, ``StoreError`` when it cannot be copied.
    """
    check_place(path)
    arriving = path.with_name(f"{path.name}.arriving")
    try:
        with closing(connect(copy, readonly=True)) as reading:
            newer = [name for known in migrations for name in newer_than(reading, known)]
            if newer:
                raise UserError(f"{copy} was written by a newer version of Onrecord ({newer[-1]}): install that one")
            _copy(reading, arriving, None)
        aside = _move_aside(path, now) if path.exists() else None
        os.replace(arriving, path)
    except OSError as error:
        raise StoreError(f"{path} could not be replaced: {error.strerror or error}") from error
    finally:
        _remove(arriving)
    return aside


def _move_aside(path: Path, now: datetime) -> Path:
    """The journal goes along: beside another database it would be taken for that one's."""
    aside = path.with_name(f"{path.name}.before-{now:%Y%m%d-%H%M%S}")
    for end in ("", *_BESIDE):
        own = path.with_name(path.name + end)
        if own.exists():
            os.replace(own, aside.with_name(aside.name + end))
    return aside


def _remove(path: Path) -> None:
    for end in ("", "-journal", *_BESIDE):
        path.with_name(path.name + end).unlink(missing_ok=True)
