"""The one clock of many machines: PostgreSQL's. Each machine's own may be wrong by minutes, and be set while it runs.

What is asked of the server once in a while is carried on by a clock that nobody can set.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from digests.errors import StoreError
from digests.store.connection import Connection
from digests.store.database import Database

EVERY = 60.0


class ServerClock:
    """Call it for the moment it is, aware, in UTC. ``read`` it first; ``run`` it as a task."""

    def __init__(self, database: Database, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._monotonic = monotonic
        self._read_at = monotonic()
        self._was = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self._was + timedelta(seconds=self._monotonic() - self._read_at)

    async def read(self) -> None:
        """Ask the server. Raises ``StoreError``."""
        before = self._monotonic()
        was = await self._database.read(_moment)
        after = self._monotonic()
        self._was, self._read_at = was, (before + after) / 2

    async def run(self) -> None:
        """Ask again every minute; while the server is away it goes on by itself."""
        while True:
            await asyncio.sleep(EVERY)
            try:
                await self.read()
            except StoreError:
                continue


def _moment(connection: Connection) -> datetime:
    found: datetime = connection.execute("SELECT clock_timestamp()").fetchone()[0]
    return found.astimezone(UTC)
