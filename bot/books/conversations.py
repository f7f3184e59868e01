"""What each conversation is about, for a day: so that a follow-up may leave out whom and what it means.

Every answer has a number of its own here, so that a reply to one of several in a chat goes on from that one; without
such a number the last of its chat and thread counts. Nothing is ever looked up across chats.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date, datetime, timedelta
from functools import partial
from typing import Protocol

from bot.books.connection import Rows, moment_text
from digests.ask.context import Context
from digests.store.database import Database

KEPT = timedelta(days=1)
TABLES = """
CREATE TABLE conversations (
    id INTEGER PRIMARY KEY, chat TEXT NOT NULL, thread TEXT NOT NULL, at TEXT NOT NULL, context TEXT NOT NULL);
CREATE INDEX conversations_place ON conversations (chat, thread, id);
CREATE INDEX conversations_at ON conversations (at);
"""


class Conversations(Protocol):
    async def keep_context(self, chat: str, thread: str, context: Context, *, at: datetime) -> int:
        """Remember what is spoken of after an answer; the answer's number. What is older than a day is forgotten."""
        ...

    async def context(self, number: int, *, chat: str, now: datetime) -> Context | None:
        """What was spoken of when that answer was given in that chat, within the last day."""
        ...

    async def last_context(self, chat: str, thread: str, *, now: datetime) -> Context | None:
        """What is spoken of there, if anything was within the last day."""
        ...

    async def tidy(self, *, now: datetime) -> None:
        """Forget what is older than a day."""
        ...


class SqlConversations:
    """``Conversations`` on an open ``Database`` that was given ``bot.books.sql.MIGRATIONS``."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def keep_context(self, chat: str, thread: str, context: Context, *, at: datetime) -> int:
        work = partial(keep_context, chat=chat, thread=thread, context=context, at=at)
        return await self._db.write(work, subject="rows")

    async def context(self, number: int, *, chat: str, now: datetime) -> Context | None:
        return await self._db.read(partial(context_of, number=number, chat=chat, now=now))

    async def last_context(self, chat: str, thread: str, *, now: datetime) -> Context | None:
        return await self._db.read(partial(last_context, chat=chat, thread=thread, now=now))

    async def tidy(self, *, now: datetime) -> None:
        await self._db.write(partial(tidy, now=now))


def keep_context(rows: Rows, chat: str, thread: str, context: Context, *, at: datetime) -> int:
    tidy(rows, now=at)
    done = rows.execute(
        "INSERT INTO conversations (chat, thread, at, context) VALUES (?, ?, ?, ?) RETURNING id",
        (chat, thread, moment_text(at), context_text(context)),
    )
    return int(done.fetchone()[0])


def context_of(rows: Rows, number: int, *, chat: str, now: datetime) -> Context | None:
    found = rows.execute(
        "SELECT context FROM conversations WHERE id = ? AND chat = ? AND at BETWEEN ? AND ?",
        (number, chat, moment_text(now - KEPT), moment_text(now)),
    ).fetchone()
    return read_context(found[0]) if found else None


def last_context(rows: Rows, chat: str, thread: str, *, now: datetime) -> Context | None:
    found = rows.execute(
        "SELECT context FROM conversations WHERE chat = ? AND thread = ? AND at BETWEEN ? AND ?"
        " ORDER BY id DESC LIMIT 1",
        (chat, thread, moment_text(now - KEPT), moment_text(now)),
    ).fetchone()
    return read_context(found[0]) if found else None


def tidy(rows: Rows, *, now: datetime) -> None:
    rows.execute("DELETE FROM conversations WHERE at < ?", (moment_text(now - KEPT),))


def context_text(context: Context) -> str:
    """A context as JSON: days as text, what is empty left out."""
    held = {key: value for key, value in asdict(context).items() if value}
    return json.dumps(held, default=date.isoformat, ensure_ascii=False)


def read_context(text: str) -> Context:
    """The context that ``context_text`` wrote."""
    held = json.loads(text)
    for day in ("since", "until"):
        if day in held:
            held[day] = date.fromisoformat(held[day])
    return Context(**{**held, "people": tuple(held.get("people", ()))})
