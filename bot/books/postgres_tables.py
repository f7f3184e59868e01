"""The books' schema on PostgreSQL, step by step: a released step is never changed, a new one is added at the end.

The tables and columns are those of ``bot.books.sql.MIGRATIONS``, where each is explained.
"""

from __future__ import annotations

from digests.store.postgres.migrating import PostgresMigrations

BOOKS = PostgresMigrations(name="bot.books", steps=())
