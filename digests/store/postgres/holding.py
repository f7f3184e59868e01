"""Which process holds a name: an advisory lock of a connection of its own, which the server takes back when it ends."""

from __future__ import annotations

import zlib
from typing import Any

import psycopg
from psycopg import AsyncConnection

CALLED = "onrecord"
"""What every connection of a running program calls itself at the server (``pg_stat_activity``)."""
_SPACE = 0x0E2EC
"""Advisory locks with two numbers: this one, and the name's."""


class Held:
    """The names that this process holds on a server."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._taken: dict[str, AsyncConnection[Any]] = {}

    async def hold(self, name: str) -> bool:
        """Hold a name; ``False`` while another process does. Raises ``psycopg.Error`` when the server is not there."""
        taken = self._taken.get(name)
        if taken is not None and await _alive(taken):
            return True
        self._taken.pop(name, None)
        connection = await AsyncConnection.connect(
            self._url, autocommit=True, connect_timeout=10, application_name=CALLED
        )
        found = await connection.execute("SELECT pg_try_advisory_lock(%s, %s)", (_SPACE, _number(name)))
        row = await found.fetchone()
        if row is None or not row[0]:
            await connection.close()
            return False
        self._taken[name] = connection
        return True

    async def let_go(self, name: str) -> None:
        """Let another process have it."""
        connection = self._taken.pop(name, None)
        if connection is not None:
            await connection.close()

    async def close(self) -> None:
        """Let all go."""
        for name in list(self._taken):
            await self.let_go(name)


async def _alive(connection: AsyncConnection[Any]) -> bool:
    """Whether the connection, and with it the lock, is still there."""
    try:
        await connection.execute("SELECT 1")
    except psycopg.Error:
        await connection.close()
        return False
    return True


def _number(name: str) -> int:
    return zlib.crc32(name.encode()) - 2**31
