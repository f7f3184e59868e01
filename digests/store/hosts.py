"""When a host may be asked again, for many machines: rows of PostgreSQL, by its clock."""

from __future__ import annotations

from functools import partial

from digests.store.connection import Connection
from digests.store.database import Database


class SqlHosts:
    """``digests.sources.manners.Shared`` on an open ``PostgresDatabase`` with the jobs' tables."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def turn(self, host: str, *, pause: float) -> float:
        """Take the next turn at a host; the seconds until it. Turns are ``pause`` seconds apart. Raises StoreError."""
        return await self._db.write(partial(turn, host=host, pause=pause), subject="rows")

    async def asked(self, host: str, *, pause: float) -> None:
        """A request has ended: the pause begins now. Raises ``StoreError``."""
        await self._db.write(partial(asked, host=host, pause=pause), subject="rows")


def turn(connection: Connection, *, host: str, pause: float) -> float:
    found = connection.execute("SELECT onrecord_host_turn(?, ?)", (host, pause)).fetchone()
    return float(found[0])


def asked(connection: Connection, *, host: str, pause: float) -> None:
    connection.execute(
        "UPDATE asked_hosts SET free_at = greatest(free_at, clock_timestamp() + make_interval(secs => ?))"
        " WHERE host = ?",
        (pause, host),
    )
