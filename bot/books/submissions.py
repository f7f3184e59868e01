"""Articles that people give in a chat, for workers to read: what was given, and what became of it. PostgreSQL's alone.

A row enqueues its job (``bot.jobs.schema``), before all that feeds bring: somebody waits. What was given is kept no
longer than it takes to read it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Literal, Protocol

from bot.books.connection import Rows, moment_text
from digests.store.database import Database

Kind = Literal["text", "link", "file"]
IN_A_CHAT, IN_BULK = 9, 0
"""Priorities of jobs; entries of sources have 1."""
KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """``name``: of a file; ``data``: what was given, "" of a link; ``published``: a day that was said, or ""."""

    id: int = 0
    kind: Kind
    url: str = ""
    name: str = ""
    published: str = ""
    data: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What became of it: ``told`` of the article, or ``refused`` with the kind of the error and its text."""

    told: Mapping[str, Any] | None = None
    refused: tuple[str, str] | None = None


class Submissions(Protocol):
    async def hand_in(self, submission: Submission, *, at: datetime, priority: int = IN_A_CHAT) -> int:
        """Keep it and enqueue its job; its number."""
        ...

    async def result(self, number: int) -> Read | None:
        """What became of it; ``None`` as long as it waits."""
        ...

    async def to_read(self, number: int) -> Submission | None:
        """What is to be read; ``None`` when it was."""
        ...

    async def read(self, number: int, result: Read, *, at: datetime) -> None:
        """Keep what became of it; what was given is forgotten."""
        ...


class SqlSubmissions:
    """``Submissions`` on an open ``PostgresDatabase`` with the jobs' tables."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def hand_in(self, submission: Submission, *, at: datetime, priority: int = IN_A_CHAT) -> int:
        return await self._db.write(partial(hand_in, submission=submission, at=at, priority=priority), subject="rows")

    async def result(self, number: int) -> Read | None:
        return await self._db.read(partial(result, number=number))

    async def to_read(self, number: int) -> Submission | None:
        return await self._db.read(partial(to_read, number=number))

    async def read(self, number: int, result: Read, *, at: datetime) -> None:
        await self._db.write(partial(keep_result, number=number, read=result, at=at), subject="rows")


def hand_in(rows: Rows, *, submission: Submission, at: datetime, priority: int) -> int:
    rows.execute("DELETE FROM submissions WHERE given_at < ?", (moment_text(at - KEPT),))
    found = rows.execute(
        "INSERT INTO submissions (kind, url, name, published, data, priority, given_at) VALUES (?, ?, ?, ?, ?, ?, ?)"
        " RETURNING id",
        (
            *(submission.kind, submission.url, submission.name, submission.published, submission.data),
            *(priority, moment_text(at)),
        ),
    )
    return int(found.fetchone()[0])


def result(rows: Rows, *, number: int) -> Read | None:
    found = rows.execute("SELECT state, result FROM submissions WHERE id = ?", (number,)).fetchone()
    if found is None:
        return Read(refused=("", "it was not read within a day"))
    if found[0] == "waiting":
        return None
    told = json.loads(found[1])
    return Read(told=told) if found[0] == "read" else Read(refused=(told["kind"], told["text"]))


def to_read(rows: Rows, *, number: int) -> Submission | None:
    found = rows.execute(
        "SELECT id, kind, url, name, published, data FROM submissions WHERE id = ? AND state = 'waiting'", (number,)
    ).fetchone()
    if found is None:
        return None
    return Submission(id=found[0], kind=found[1], url=found[2], name=found[3], published=found[4], data=bytes(found[5]))


def keep_result(rows: Rows, *, number: int, read: Read, at: datetime) -> None:
    if read.refused is not None:
        state, told = "refused", {"kind": read.refused[0], "text": read.refused[1]}
    else:
        state, told = "read", dict(read.told or {})
    rows.execute(
        "UPDATE submissions SET state = ?, result = ?, data = '', ended_at = ? WHERE id = ? AND state = 'waiting'",
        (state, json.dumps(told), moment_text(at), number),
    )
