"""Both kinds of databases that tests run on, opened with all tables; and all that is in one, to look for a secret."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.app.databases import open_shared
from bot.books.forgetting import POSTGRES_TEXTS, SQLITE_TEXTS
from bot.books.sql import MIGRATIONS
from digests.store.connection import Connection
from digests.store.database import Database
from digests.store.migrations import FACTS
from digests.store.postgres.database import PostgresDatabase
from digests.store.sqlite.database import SqliteDatabase


@pytest.fixture(params=["sqlite", "postgres"])
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    """An empty database with all tables, of each kind; ``conftest`` modules take it from here."""
    if request.param == "sqlite":
        async with await sqlite(tmp_path / "kept.db") as file:
            yield file
    else:
        async with await open_shared(request.getfixturevalue("postgres_url")) as server:
            yield server


async def sqlite(path: Path) -> SqliteDatabase:
    """The file, opened with all tables."""
    return await SqliteDatabase.open(path, [FACTS, MIGRATIONS])


async def again(database: Database) -> SqliteDatabase | PostgresDatabase:
    """The same database opened once more, as by another process."""
    if isinstance(database, SqliteDatabase):
        return await sqlite(database.path)
    assert isinstance(database, PostgresDatabase)
    return await open_shared(database.url)


def url_of(database: Database) -> str:
    """The DATABASE_URL that names it."""
    if isinstance(database, SqliteDatabase):
        return f"sqlite:///{database.path}"
    assert isinstance(database, PostgresDatabase)
    return database.url


def texts_of(database: Database) -> str:
    """The statement that tells which columns of text a database has."""
    return SQLITE_TEXTS if isinstance(database, SqliteDatabase) else POSTGRES_TEXTS


async def everything(database: Database) -> str:
    """All that a database holds, as text: SQLite's files as they are, PostgreSQL's rows."""
    if isinstance(database, SqliteDatabase):
        files = (database.path, database.path.with_name(f"{database.path.name}-wal"))
        return b"".join(each.read_bytes() for each in files if each.exists()).decode(errors="replace")

    def look(rows: Connection) -> str:
        found = rows.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()").fetchall()
        return "\n".join(
            row[0] for (table,) in found for row in rows.execute(f'SELECT t::text FROM "{table}" AS t').fetchall()
        )

    return await database.read(look)


async def wrong_heads(database: Database) -> list[tuple[object, ...]]:
    """Chats of which ``outbox_heads`` does not say what goes next: both lists that differ; empty when all is right."""

    def look(rows: Connection) -> list[tuple[object, ...]]:
        heads = rows.execute("SELECT chat, platform, outgoing_id, priority FROM outbox_heads").fetchall()
        opened = rows.execute(
            "SELECT chat, platform, id, priority FROM outbox WHERE state IN ('pending', 'sending')"
            " ORDER BY priority DESC, id DESC"
        ).fetchall()
        best = {row[0]: tuple(row) for row in opened}
        return sorted(set(map(tuple, heads)) ^ set(best.values()))

    return await database.read(look)
