"""Whose turn it is when many machines look and read: a source is leased to the one that looks at it, in one statement.

The lease is the moment of its next look: if whoever has it dies, it comes due again.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from digests.store.connection import Connection
from digests.store.database import Database
from digests.store.watch import _entry, _source, _text
from digests.watch import Entry, NewsSource

LEASE = timedelta(minutes=5)
"""More than any look takes."""


class Turns(Protocol):
    """Moments are aware."""

    async def take_source(self, source_id: int, *, now: datetime, again: bool = False) -> NewsSource | None:
        """The source, if it is due and not paused; nobody else gets it for as long as a look may take.

        ``again``: whoever took it last has died; it need not be due.
        """
        ...

    async def entry_due(self, entry_id: int, *, now: datetime) -> Entry | None:
        """The entry, if its article is to be read now and its source is not paused."""
        ...


class SqlTurns:
    """``Turns`` on an open ``Database`` that was given the facts' migrations."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def take_source(self, source_id: int, *, now: datetime, again: bool = False) -> NewsSource | None:
        return await self._db.write(partial(take_source, source_id=source_id, now=now, again=again), subject="facts")

    async def entry_due(self, entry_id: int, *, now: datetime) -> Entry | None:
        return await self._db.read(partial(entry_due, entry_id=entry_id, now=now))


def take_source(connection: Connection, source_id: int, *, now: datetime, again: bool = False) -> NewsSource | None:
    taken = connection.execute(
        "UPDATE sources SET next_try_at = ? WHERE id = ? AND paused = 0"
        " AND (next_try_at IS NULL OR next_try_at <= ? OR ? > 0) RETURNING *",
        (_text(now + LEASE), source_id, _text(now), int(again)),
    ).fetchone()
    return None if taken is None else _source(taken)


def entry_due(connection: Connection, entry_id: int, *, now: datetime) -> Entry | None:
    found = connection.execute(
        "SELECT e.* FROM source_entries e JOIN sources s ON s.id = e.source_id AND s.paused = 0"
        " WHERE e.id = ? AND e.state = 'waiting' AND (e.next_try_at IS NULL OR e.next_try_at <= ?)",
        (entry_id, _text(now)),
    ).fetchone()
    return None if found is None else _entry(found)
