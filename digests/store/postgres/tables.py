"""The facts' schema on PostgreSQL, step by step: a released step is never changed, a new one is added at the end.

The tables and columns are those of ``digests.store.migrations``, where each is explained; search and counters are
PostgreSQL's own. Text is compared by code point, as SQLite does.
"""

from __future__ import annotations

from digests.store.postgres.migrating import PostgresMigrations

FACTS = PostgresMigrations(name="facts", steps=())
