"""Which process holds a name: an advisory lock of a connection of its own, which the server takes back when it ends.

A process that is stopped, or a machine that is cut off, leaves its connection open and holds on. So whoever wants a
name may say for how long its holder may be silent: every ``hold`` of the holder's is heard by the server, on whose
clock alone (``pg_stat_activity.state_change``) it is measured. The connection of one that was silent for longer is
ended; when it wakes it finds so, and that it holds the name no more. No table, no write, no two clocks.
"""

from __future__ import annotations

import asyncio
import logging
import zlib
from contextlib import suppress
from typing import Any

import psycopg
from psycopg import AsyncConnection

log = logging.getLogger(__name__)

CALLED = "onrecord"
"""What every connection of a running program calls itself at the server (``pg_stat_activity``)."""
_SPACE = 0x0E2EC
"""Advisory locks with two numbers: this one, and the name's."""
_ANSWERS = 3.0
"""A server that does not answer a holder within so many seconds may have lost sight of it: it holds nothing."""
_OUST = f"""SELECT pg_terminate_backend(l.pid) FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
    WHERE l.locktype = 'advisory' AND l.granted AND l.classid::bigint = {_SPACE} AND l.objid::bigint = %s
    AND l.objsubid = 2 AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND a.state = 'idle' AND a.state_change < clock_timestamp() - make_interval(secs => %s)"""


class _Session:
    """A connection and the names it holds; where it is lost, so are they, and the next one holds nothing."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: AsyncConnection[Any] | None = None
        self._names: set[str] = set()
        self._one = asyncio.Lock()

    async def hold(self, name: str, *, patience: float | None) -> bool:
        async with self._one:
            connection = await self._alive()
            if name in self._names:
                return True
            if await _says(connection, "SELECT pg_try_advisory_lock(%s, %s)", (_SPACE, _number(name))):
                self._names.add(name)
                return True
            if patience is not None and await _says(connection, _OUST, (_number(name) % 2**32, patience)):
                log.warning("%s was held by a process that was silent for %.0f s; it holds it no more", name, patience)
            return False

    async def let_go(self, name: str) -> None:
        async with self._one:
            if name in self._names and self._connection is not None:
                self._names.discard(name)
                try:
                    await _says(self._connection, "SELECT pg_advisory_unlock(%s, %s)", (_SPACE, _number(name)))
                except psycopg.Error:
                    await self._drop()

    async def close(self) -> None:
        """Give all names back before the connection ends, so that they are free when this returns."""
        for name in list(self._names):
            await self.let_go(name)
        async with self._one:
            await self._drop()

    async def _alive(self) -> AsyncConnection[Any]:
        """The connection, of which the server hears that we are there; a new one where it is gone."""
        if self._connection is not None:
            try:
                async with asyncio.timeout(_ANSWERS):
                    await self._connection.execute("SELECT 1")
            except (psycopg.Error, TimeoutError):
                await self._drop()
        if self._connection is None:
            self._connection = await AsyncConnection.connect(
                self._url, autocommit=True, connect_timeout=10, application_name=CALLED
            )
        return self._connection

    async def _drop(self) -> None:
        connection, self._connection = self._connection, None
        self._names.clear()
        if connection is not None:
            with suppress(psycopg.Error, TimeoutError):
                async with asyncio.timeout(_ANSWERS):
                    await connection.close()


class Held:
    """The names that this process holds on a server.

    Those it may lose have one connection together: whoever takes one of them from a silent process takes all.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._sessions: dict[str, _Session] = {}

    async def hold(self, name: str, *, patience: float | None = None) -> bool:
        """Hold a name; ``False`` while another process does. Raises ``psycopg.Error`` when the server is not there.

        ``patience``: so many seconds a holder may be silent; then it loses the name, and the next to ask has it.
        """
        key = name if patience is None else ""
        if key not in self._sessions:
            self._sessions[key] = _Session(self._url)
        return await self._sessions[key].hold(name, patience=patience)

    async def let_go(self, name: str) -> None:
        """Let another process have it."""
        alone = self._sessions.pop(name, None)
        if alone is not None:
            await alone.close()
        elif "" in self._sessions:
            await self._sessions[""].let_go(name)

    async def close(self) -> None:
        """Let all go."""
        for session in self._sessions.values():
            await session.close()
        self._sessions.clear()


async def _says(connection: AsyncConnection[Any], statement: str, values: tuple[Any, ...]) -> bool:
    """Whether the statement's one answer is yes; none is no."""
    row = await (await connection.execute(statement, values)).fetchone()
    return row is not None and bool(row[0])


def _number(name: str) -> int:
    return zlib.crc32(name.encode()) - 2**31
