"""The database that a DATABASE_URL names: SQLite's file, or a PostgreSQL, whose driver is loaded only then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digests.store.database import Database

if TYPE_CHECKING:
    from digests.store.postgres.database import PostgresDatabase


async def open_database(url: str) -> Database:
    """Open it with all tables. Raises ``SettingsError`` or ``StoreError``, one line each."""
    if is_shared(url):
        return await open_shared(url)
    from bot.books.sql import MIGRATIONS
    from digests.store.migrations import FACTS
    from digests.store.sqlite.database import SqliteDatabase, path_of

    return await SqliteDatabase.open(path_of(url), [FACTS, MIGRATIONS])


async def open_shared(url: str) -> PostgresDatabase:
    """PostgreSQL, with the tables of the jobs besides."""
    from bot.books.postgres_tables import BOOKS
    from bot.jobs.schema import JOBS, PROCRASTINATE
    from digests.store.postgres.database import PostgresDatabase
    from digests.store.postgres.tables import FACTS

    return await PostgresDatabase.open(url, [FACTS, BOOKS, PROCRASTINATE, JOBS])


def is_shared(url: str) -> bool:
    """Whether many machines may work on it."""
    return url.startswith(("postgresql://", "postgres://"))
