"""A PostgreSQL for everything that is kept: a pool of connections, each function in one transaction.

What would surprise a reader: whoever writes holds an advisory lock until the transaction ends, by its subject (see
``digests.store.database.Subject``). So what is right with SQLite's one writer is right with a hundred machines; reads
wait for nobody.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import Any, TypeVar

import psycopg
from psycopg import AsyncConnection
from psycopg.conninfo import conninfo_to_dict
from psycopg_pool import AsyncConnectionPool

from digests.store.connection import Connection
from digests.store.database import Subject
from digests.store.postgres.bridge import run
from digests.store.postgres.holding import CALLED, Held
from digests.store.postgres.migrating import PostgresMigrations, migrate
from digests.store.postgres.rows import PLAIN, PostgresConnection, row_factory
from digests.store.postgres.trouble import explained, in_doubt, place_of, unusable
from digests.store.search import WordLists

T = TypeVar("T")
FACTS_LOCK, BOOKS_LOCK = 0x0E2EC01, 0x0E2EC02
_KEPT_PLANS = "SET LOCAL plan_cache_mode = auto"
"""The books look single rows up: to plan that anew takes longer, in triggers and for foreign keys above all."""
_BEGIN: dict[Subject, str] = {
    "facts": f"BEGIN; SELECT pg_advisory_xact_lock({FACTS_LOCK})",
    "books": f"BEGIN; {_KEPT_PLANS}; SELECT pg_advisory_xact_lock({BOOKS_LOCK})",
    "rows": f"BEGIN; {_KEPT_PLANS}; SELECT pg_advisory_xact_lock_shared({BOOKS_LOCK})",
    "inbox": f"BEGIN; {_KEPT_PLANS}",
}
CONNECTIONS = 8
"""So many at once a process; whoever comes when all are in use waits."""
SECONDS_TO_CONNECT = 10.0
SECONDS_TO_TAKE_IN = 2.0
"""What comes in waits no longer for a connection: Slack gives up after 3 seconds, and another replica may have one."""


class PostgresDatabase:
    """Open with ``await PostgresDatabase.open(url, migrations)``; close it, or ``async with`` it."""

    search = WordLists()
    lingers = 10.0
    """A connection may be cut while its process lives. That one finds so within a second; platforms answer in a few."""

    def __init__(self, url: str, pool: AsyncConnectionPool[AsyncConnection[Any]]) -> None:
        self.url = url
        self.place = place_of(url)
        self._pool = pool
        self._held = Held(url)

    @classmethod
    async def open(
        cls, url: str, migrations: Sequence[PostgresMigrations], *, connections: int = CONNECTIONS
    ) -> PostgresDatabase:
        """Connect and migrate. Raises ``SettingsError`` or ``StoreError``, one line each."""
        place = place_of(url)
        pool = AsyncConnectionPool[AsyncConnection[Any]](
            url,
            open=False,
            min_size=1,
            max_size=connections,
            timeout=SECONDS_TO_CONNECT,
            kwargs={
                "autocommit": True,
                "row_factory": row_factory,
                "context": PLAIN,
                "connect_timeout": int(SECONDS_TO_CONNECT),
                "application_name": CALLED,
                "options": _options(url),
            },
        )
        try:
            async with await AsyncConnection.connect(
                url, autocommit=True, connect_timeout=int(SECONDS_TO_CONNECT)
            ) as first:
                await migrate(first, migrations, place=place)
            await pool.open(wait=True, timeout=SECONDS_TO_CONNECT)
        except psycopg.Error as error:
            await pool.close()
            raise unusable(error, place) from error
        return cls(url, pool)

    async def write(self, work: Callable[[Connection], T], *, subject: Subject = "books") -> T:
        """Run ``work`` in one transaction; all of it is kept, or nothing when it raises.

        But for one case, which nobody can tell apart: the connection that breaks as it is being kept. The error says
        so, and nothing is tried again.
        """
        patience = SECONDS_TO_TAKE_IN if subject == "inbox" else None
        async with self._begun(_BEGIN[subject], patience=patience) as connection:
            found = await run(partial(work, PostgresConnection(connection)))
            try:
                await connection.commit()
            except psycopg.OperationalError as error:
                if connection.broken:
                    raise in_doubt(self.place) from error
                raise
        return found

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run ``work`` on one snapshot of the database; it cannot write."""
        async with self._begun("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY") as connection:
            return await run(partial(work, PostgresConnection(connection)))

    async def hold(self, name: str, *, patience: float | None = None) -> bool:
        """Be the one process that holds this name, by an advisory lock of a connection of its own."""
        with explained(self.place):
            return await self._held.hold(name, patience=patience)

    async def let_go(self, name: str) -> None:
        """Let another process hold it."""
        await self._held.let_go(name)

    async def vacuum(self) -> None:
        """Let go of what was deleted: until then its words lie in the tables' pages."""
        with explained(self.place):
            async with self._pool.connection() as connection:
                await connection.execute("VACUUM")

    async def close(self) -> None:
        """Finish what is under way, then end every connection."""
        await self._held.close()
        await self._pool.close()

    async def __aenter__(self) -> PostgresDatabase:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    @asynccontextmanager
    async def _begun(self, statement: str, *, patience: float | None = None) -> AsyncIterator[AsyncConnection[Any]]:
        """A connection with a transaction, which is committed in the end, or undone when something is raised.

        ``patience``: seconds to wait for a connection; ``None``: the pool's.
        After a restart of the server all connections of the pool are dead: whoever finds that out takes a new one.
        """
        with explained(self.place):
            async with AsyncExitStack() as taken:
                connection = await taken.enter_async_context(self._pool.connection(patience))
                try:
                    await connection.execute(statement)
                except psycopg.OperationalError:
                    if not connection.broken:
                        raise
                    await taken.aclose()  # first: where all hold a dead one, nobody would ever get another
                    await self._pool.check()
                    connection = await taken.enter_async_context(self._pool.connection(patience))
                    await connection.execute(statement)
                yield connection


def _options(url: str) -> str:
    """Every statement is planned for its values, beside what the URL asks of a connection.

    A plan for any word begins with a common one as with a rare one: at a million facts that is 400 ms instead of 1.
    """
    try:
        asked = conninfo_to_dict(url).get("options") or ""
    except psycopg.ProgrammingError:
        asked = ""  # what is wrong with the URL is said where it is connected to
    return f"{asked} -c plan_cache_mode=force_custom_plan".strip()
