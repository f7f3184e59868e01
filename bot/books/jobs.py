"""Jobs as people see them: how many wait, since when, which were given up. Statements on PostgreSQL's tables alone.

On SQLite there are no jobs: the same is done in one process. (Who does them: ``bot.jobs``.)
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Protocol

from bot.books import outgoing
from bot.books.connection import Rows
from digests.store.connection import Row
from digests.store.database import Database

KINDS = ("fetch", "extract", "deliver")


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """Jobs of one kind: those that wait, those that run, and since when the oldest that waits does (aware)."""

    kind: str
    waiting: int = 0
    running: int = 0
    oldest_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Parked:
    """A job that was given up after its retries. ``about``: its row, such as "entry 7"; ``what``: the same in words."""

    id: int = 0
    kind: str
    about: str
    what: str
    reason: str
    attempts: int
    at: datetime | None = None


class Jobs(Protocol):
    async def backlog(self) -> list[Backlog]:
        """Every kind, in the order of ``KINDS``."""
        ...

    async def parked(self, *, limit: int) -> list[Parked]:
        """Those given up, the latest first."""
        ...

    async def parked_count(self) -> int: ...

    async def retry(self, number: int) -> bool:
        """Do a parked job once more; whether there was one."""
        ...

    async def drop(self, number: int) -> bool:
        """Forget a parked job; whether there was one. What it was about stays given up."""
        ...


_BACKLOG = """SELECT split_part(j.queue_name, '-', 1) AS kind, count(*) FILTER (WHERE j.status = 'todo'),
    count(*) FILTER (WHERE j.status = 'doing'),
    (SELECT min(e.at) FROM procrastinate_events e WHERE e.type = 'deferred'
        AND e.job_id = min(j.id) FILTER (WHERE j.status = 'todo'))
    FROM procrastinate_jobs j WHERE j.status IN ('todo', 'doing') GROUP BY 1"""


class SqlJobs:
    """``Jobs`` on an open ``PostgresDatabase`` that was given the jobs' migrations."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def backlog(self) -> list[Backlog]:
        return await self._db.read(backlog)

    async def parked(self, *, limit: int) -> list[Parked]:
        return await self._db.read(partial(parked, limit=limit))

    async def parked_count(self) -> int:
        return await self._db.read(parked_count)

    async def retry(self, number: int) -> bool:
        return await self._db.write(partial(retry, number=number), subject="facts")

    async def drop(self, number: int) -> bool:
        return await self._db.write(partial(drop, number=number))


def backlog(rows: Rows) -> list[Backlog]:
    found = {row[0]: row for row in rows.execute(_BACKLOG).fetchall()}
    return [
        Backlog(kind=kind, waiting=row[1], running=row[2], oldest_at=row[3])
        for kind, row in ((kind, found.get(kind, (kind, 0, 0, None))) for kind in KINDS)
    ]


def parked(rows: Rows, *, limit: int) -> list[Parked]:
    found = rows.execute(f"{_PARKED} ORDER BY parked_at DESC, id DESC LIMIT ?", (limit,))
    return [_parked(row) for row in found.fetchall()]


def parked_count(rows: Rows) -> int:
    return int(rows.execute("SELECT count(*) FROM parked_jobs").fetchone()[0])


def park(rows: Rows, *, given_up: Parked) -> None:
    rows.execute(
        "INSERT INTO parked_jobs (kind, about, what, reason, attempts) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (kind, about) DO UPDATE SET what = excluded.what, reason = excluded.reason,"
        " attempts = excluded.attempts, parked_at = now()",
        (given_up.kind, given_up.about, given_up.what, given_up.reason[:1000], given_up.attempts),
    )


def retry(rows: Rows, *, number: int) -> bool:
    """The row is open again, which enqueues its job."""
    found = rows.execute("DELETE FROM parked_jobs WHERE id = ? RETURNING about", (number,)).fetchone()
    if found is None:
        return False
    what, _, row = str(found[0]).partition(" ")
    match what:
        case "message":
            outgoing.send_failed_again(rows, int(row))
        case "entry":
            rows.execute(
                "UPDATE source_entries SET state = 'waiting', tries = 0, next_try_at = NULL, last_error = ''"
                " WHERE id = ? AND state = 'given_up'",
                (int(row),),
            )
        case "source":
            rows.execute("UPDATE sources SET next_try_at = NULL WHERE id = ?", (int(row),))
    return True


def drop(rows: Rows, *, number: int) -> bool:
    return rows.execute("DELETE FROM parked_jobs WHERE id = ?", (number,)).rowcount == 1


_PARKED = "SELECT id, kind, about, what, reason, attempts, parked_at FROM parked_jobs"


def _parked(row: Row) -> Parked:
    return Parked(id=row[0], kind=row[1], about=row[2], what=row[3], reason=row[4], attempts=row[5], at=row[6])
