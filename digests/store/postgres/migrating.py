"""Append-only migrations on PostgreSQL, safe when several machines start at the same moment."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from psycopg import AsyncConnection

from digests.errors import SettingsError, StoreError
from digests.store.connection import Connection
from digests.store.postgres.bridge import run, wait
from digests.store.postgres.rows import PostgresConnection
from digests.store.sqlite.migrating import unfinished

Step = Callable[["Connection"], None] | str
"""A script of PostgreSQL's own statements, or a function on an open connection."""
LOCK = 0x0E2EC0D
"""The advisory lock that whoever migrates holds; the number means nothing."""
OLDEST = 17
"""Older ones refuse a value that was added to an enumeration of the same transaction, as procrastinate's tables do."""
_RECORD = """CREATE TABLE IF NOT EXISTS schema_steps (
    set_name text NOT NULL, step text NOT NULL, at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (set_name, step))"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PostgresMigrations:
    """A name and its steps in order. A step that was released is never changed; a new one is added at the end."""

    name: str
    steps: tuple[tuple[str, Step], ...]


async def migrate(connection: AsyncConnection[Any], sets: Sequence[PostgresMigrations], *, place: str) -> None:
    """Bring every set up to date in one transaction that one machine at a time can hold.

    Raises ``StoreError`` for a database that a newer version has changed, or that another one is being copied into;
    ``SettingsError`` for a PostgreSQL that is too old.
    """
    version = connection.info.server_version // 10_000
    if version < OLDEST:
        raise SettingsError(f"the database {place} is a PostgreSQL {version}: version {OLDEST} or newer is needed")
    async with connection.transaction():
        await connection.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
        found = await connection.execute("SELECT to_regclass('moving')")
        copying = await found.fetchone()
        if copying is not None and copying[0] is not None:
            raise StoreError(unfinished(place))
        await connection.execute(_RECORD)
        for known in sets:
            found = await connection.execute("SELECT step FROM schema_steps WHERE set_name = %s", (known.name,))
            applied = {row[0] for row in await found.fetchall()}
            newer = sorted(applied - {name for name, _ in known.steps})
            if newer:
                raise StoreError(
                    f"the database {place} was written by a newer version of Onrecord (it has {newer[-1]!r}):"
                    " install that version, or name another one in DATABASE_URL"
                )
            for name, step in known.steps:
                if name not in applied:
                    await run(partial(_apply, connection, step))
                    await connection.execute(
                        "INSERT INTO schema_steps (set_name, step) VALUES (%s, %s)", (known.name, name)
                    )


def _apply(connection: AsyncConnection[Any], step: Step) -> None:
    if isinstance(step, str):
        wait(connection.execute(step.encode()))
    else:
        step(PostgresConnection(connection))
