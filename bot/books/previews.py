"""The last digest that was shown in each chat (and thread): what the numbers of ``/why 3`` mean.

Those that were asked for are kept here, one a place; those that were ordered lie with their slots.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Protocol

from bot.books import codec
from bot.books.rows import Rows, moment_text
from bot.model import Reply
from digests.store.database import Database

TABLES = """
CREATE TABLE shown_digests (
    chat TEXT NOT NULL, thread TEXT NOT NULL, at TEXT NOT NULL, reply TEXT NOT NULL,
    PRIMARY KEY (chat, thread)) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How far a place's first order was told: up to which change, and on which day last."""

    subscription_id: int
    told_upto: int
    last_day: date | None


class Previews(Protocol):
    async def keep_digest(self, chat: str, thread: str, reply: Reply, *, at: datetime) -> None:
        """Remember what was shown there, instead of what was asked for before."""
        ...

    async def last_digest(self, chat: str, thread: str) -> Reply | None:
        """The last digest shown there, asked for or ordered."""
        ...

    async def standing(self, chat: str, thread: str) -> Standing | None:
        """Of the first digest that is ordered there; None where none is."""
        ...


class SqlPreviews:
    """``Previews`` on an open ``Database`` that was given ``bot.books.sql.MIGRATIONS``."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def keep_digest(self, chat: str, thread: str, reply: Reply, *, at: datetime) -> None:
        work = partial(keep_digest, chat=chat, thread=thread, reply=reply, at=at)
        await self._db.write(work, subject="rows")

    async def last_digest(self, chat: str, thread: str) -> Reply | None:
        return await self._db.read(partial(last_digest, chat=chat, thread=thread))

    async def standing(self, chat: str, thread: str) -> Standing | None:
        return await self._db.read(partial(standing, chat=chat, thread=thread))


def keep_digest(rows: Rows, chat: str, thread: str, reply: Reply, *, at: datetime) -> None:
    rows.execute(
        "INSERT INTO shown_digests (chat, thread, at, reply) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (chat, thread) DO UPDATE SET at = excluded.at, reply = excluded.reply",
        (chat, thread, moment_text(at), codec.reply_text(reply)),
    )


def last_digest(rows: Rows, chat: str, thread: str) -> Reply | None:
    found = rows.execute(
        "SELECT at, reply FROM shown_digests WHERE chat = ? AND thread = ?"
        " UNION ALL SELECT d.settled_at, t.reply FROM subscriptions s"
        " JOIN digest_slots d ON d.subscription_id = s.id JOIN shared_texts t ON t.id = d.text_id"
        " WHERE s.chat = ? AND s.thread = ? ORDER BY 1 DESC LIMIT 1",
        (chat, thread, chat, thread),
    ).fetchone()
    return codec.reply_of(found[1]) if found else None


def standing(rows: Rows, chat: str, thread: str) -> Standing | None:
    found = rows.execute(
        "SELECT s.id, s.change_id, (SELECT max(d.key) FROM digest_slots d WHERE d.subscription_id = s.id"
        " AND d.state <> 'dropped') FROM subscriptions s WHERE s.chat = ? AND s.thread = ? ORDER BY s.id LIMIT 1",
        (chat, thread),
    ).fetchone()
    if found is None:
        return None
    number, told_upto, key = found
    return Standing(subscription_id=number, told_upto=told_upto, last_day=date.fromisoformat(key[:10]) if key else None)
