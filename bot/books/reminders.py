"""Reminders of deadlines: the protocol, and the same on SQLite.

A row waits until its moment and stays, marked as sent: nobody is reminded twice of one deadline at the same lead.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Protocol

from bot.books import cursors
from bot.books.connection import Rows, moment_text
from bot.books.outgoing import enqueue
from bot.model import ALERT, Address, Reply
from digests.store.database import Database

TABLES = """
CREATE TABLE reminders (
    id INTEGER PRIMARY KEY AUTOINCREMENT, chat TEXT NOT NULL, thread TEXT NOT NULL, user TEXT NOT NULL,
    follow_id INTEGER, article_id INTEGER NOT NULL, fact_id INTEGER NOT NULL, hours INTEGER NOT NULL,
    key TEXT NOT NULL, at TEXT NOT NULL, sent_at TEXT, UNIQUE (chat, thread, key));
CREATE INDEX reminders_due ON reminders (at) WHERE sent_at IS NULL;
CREATE INDEX reminders_by_article ON reminders (article_id) WHERE sent_at IS NULL;
CREATE INDEX reminders_by_follow ON reminders (follow_id) WHERE sent_at IS NULL;
CREATE TRIGGER reminders_unfollowed AFTER DELETE ON follows BEGIN
    DELETE FROM reminders WHERE follow_id = OLD.id AND sent_at IS NULL;
END;
"""
_REMINDERS = 'SELECT id, chat, thread, "user", follow_id, article_id, fact_id, hours, key, at FROM reminders '


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """``follow_id``: of the follow that asked for it, ``None`` when it was asked for by itself. ``key``: what is
    reminded of, and how long before. ``at``: when. ``id`` 0: not kept yet."""

    id: int = 0
    chat: str
    thread: str
    user: str = ""
    follow_id: int | None = None
    article_id: int
    fact_id: int
    hours: int
    key: str
    at: datetime


class Reminders(Protocol):
    async def remind(self, reminder: Reminder) -> Reminder:
        """Keep a reminder that somebody asked for; another one of the same fact and place goes."""
        ...

    async def reminders(self, chat: str) -> list[Reminder]:
        """What a chat waits to be reminded of, the soonest first."""
        ...

    async def forget(self, reminder_id: int, *, chat: str) -> Reminder | None:
        """Take a chat's own reminder away."""
        ...

    async def due(self, now: datetime) -> list[Reminder]:
        """What is to be reminded of now, the oldest first."""
        ...

    async def of_articles(self, articles: Collection[int]) -> list[Reminder]:
        """What waits and rests on these articles."""
        ...

    async def begin_at(self, reader: str, value: int) -> int:
        """Where a reader stands; a new one begins at ``value``."""
        ...

    async def move_on(
        self,
        reader: str,
        *,
        after: int,
        upto: int,
        new: Sequence[Reminder] = (),
        moved: Sequence[Reminder] = (),
        gone: Sequence[Reminder] = (),
        messages: Sequence[tuple[Address, Reply]] = (),
        at: datetime,
    ) -> bool:
        """Move a reader on together with what it found: new reminders, others moved or gone, and words about that.

        False, and nothing is written, when the reader does not stand at ``after``.
        """
        ...

    async def sent(self, reminders: Sequence[Reminder], address: Address, reply: Reply | None, *, at: datetime) -> bool:
        """Mark reminders as sent and put their message into the outbox; false when another process did."""
        ...

    async def hold(self, reminders: Sequence[Reminder], *, until: datetime) -> None:
        """Let reminders wait until then."""
        ...


class SqlReminders:
    """``Reminders`` on an open ``Database`` that was given the books' ``MIGRATIONS``."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def remind(self, reminder: Reminder) -> Reminder:
        return await self._db.write(partial(_remind, reminder=reminder))

    async def reminders(self, chat: str) -> list[Reminder]:
        where = "WHERE chat = ? AND sent_at IS NULL ORDER BY at, id"
        return await self._db.read(partial(_load, where=where, values=(chat,)))

    async def forget(self, reminder_id: int, *, chat: str) -> Reminder | None:
        return await self._db.write(partial(_forget, reminder_id=reminder_id, chat=chat))

    async def due(self, now: datetime) -> list[Reminder]:
        where = "WHERE sent_at IS NULL AND at <= ? ORDER BY at, id"
        return await self._db.read(partial(_load, where=where, values=(moment_text(now),)))

    async def of_articles(self, articles: Collection[int]) -> list[Reminder]:
        where = "WHERE sent_at IS NULL AND article_id IN (SELECT value FROM json_each(?)) ORDER BY id"
        return await self._db.read(partial(_load, where=where, values=(json.dumps(list(articles)),)))

    async def begin_at(self, reader: str, value: int) -> int:
        stands = await self._db.read(partial(cursors.cursor, name=reader))
        return (
            stands if stands is not None else await self._db.write(partial(cursors.begin_at, name=reader, value=value))
        )

    async def move_on(
        self,
        reader: str,
        *,
        after: int,
        upto: int,
        new: Sequence[Reminder] = (),
        moved: Sequence[Reminder] = (),
        gone: Sequence[Reminder] = (),
        messages: Sequence[tuple[Address, Reply]] = (),
        at: datetime,
    ) -> bool:
        def work(rows: Rows) -> bool:
            if not cursors.move_on(rows, reader, after=after, upto=upto):
                return False
            for each in gone:
                rows.execute("DELETE FROM reminders WHERE id = ? AND sent_at IS NULL", (each.id,))
            for each in moved:
                _move(rows, each)
            for each in new:
                _insert(rows, each)
            for address, reply in messages:
                enqueue(rows, address, reply, at=at, priority=ALERT)
            return True

        return await self._db.write(work)

    async def sent(self, reminders: Sequence[Reminder], address: Address, reply: Reply | None, *, at: datetime) -> bool:
        def work(rows: Rows) -> bool:
            done = rows.execute(
                "UPDATE reminders SET sent_at = ? WHERE sent_at IS NULL AND id IN (SELECT value FROM json_each(?))",
                (moment_text(at), json.dumps([each.id for each in reminders])),
            )
            if not done.rowcount or reply is None:
                return False
            enqueue(rows, address, reply, at=at, priority=ALERT)
            return True

        return await self._db.write(work)

    async def hold(self, reminders: Sequence[Reminder], *, until: datetime) -> None:
        def work(rows: Rows) -> None:
            rows.execute(
                "UPDATE reminders SET at = ? WHERE id IN (SELECT value FROM json_each(?))",
                (moment_text(until), json.dumps([each.id for each in reminders])),
            )

        await self._db.write(work)


def _remind(rows: Rows, reminder: Reminder) -> Reminder:
    rows.execute(
        "DELETE FROM reminders WHERE chat = ? AND thread = ? AND fact_id = ? AND follow_id IS NULL AND sent_at IS NULL",
        (reminder.chat, reminder.thread, reminder.fact_id),
    )
    rows.execute(
        "DELETE FROM reminders WHERE chat = ? AND thread = ? AND key = ?",
        (reminder.chat, reminder.thread, reminder.key),
    )
    _insert(rows, reminder)
    (kept,) = _load(rows, "WHERE chat = ? AND thread = ? AND key = ?", (reminder.chat, reminder.thread, reminder.key))
    return kept


def _move(rows: Rows, moved: Reminder) -> None:
    """Another of that place and key goes, whether it was sent or waits."""
    rows.execute(
        "DELETE FROM reminders WHERE chat = ? AND thread = ? AND key = ? AND id <> ?"
        " AND EXISTS (SELECT 1 FROM reminders WHERE id = ? AND sent_at IS NULL)",
        (moved.chat, moved.thread, moved.key, moved.id, moved.id),
    )
    rows.execute(
        "UPDATE reminders SET fact_id = ?, key = ?, at = ? WHERE id = ? AND sent_at IS NULL",
        (moved.fact_id, moved.key, moment_text(moved.at), moved.id),
    )


def _forget(rows: Rows, reminder_id: int, chat: str) -> Reminder | None:
    found = _load(rows, "WHERE id = ? AND chat = ? AND sent_at IS NULL", (reminder_id, chat))
    rows.execute("DELETE FROM reminders WHERE id = ? AND chat = ? AND sent_at IS NULL", (reminder_id, chat))
    return found[0] if found else None


def _insert(rows: Rows, each: Reminder) -> None:
    rows.execute(
        'INSERT INTO reminders (chat, thread, "user", follow_id, article_id, fact_id, hours, key, at)'
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (
            *(each.chat, each.thread, each.user, each.follow_id, each.article_id, each.fact_id, each.hours, each.key),
            moment_text(each.at),
        ),
    )


def _load(rows: Rows, where: str, values: tuple[Any, ...]) -> list[Reminder]:
    return [
        Reminder(
            id=row[0],
            chat=row[1],
            thread=row[2],
            user=row[3],
            follow_id=row[4],
            article_id=row[5],
            fact_id=row[6],
            hours=row[7],
            key=row[8],
            at=datetime.fromisoformat(row[9]),
        )
        for row in rows.execute(_REMINDERS + where, values).fetchall()
    ]
