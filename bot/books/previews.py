"""The last digest that was asked for in each chat (and thread): what the numbers of ``/why 3`` mean."""

from __future__ import annotations

from datetime import datetime
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


class Previews(Protocol):
    async def keep_digest(self, chat: str, thread: str, reply: Reply, *, at: datetime) -> None:
        """Remember what was shown there, instead of what was shown before."""
        ...

    async def last_digest(self, chat: str, thread: str) -> Reply | None:
        """The last digest shown there, asked for or ordered."""
        ...


class SqlitePreviews:
    """``Previews`` on an open ``Database`` that was given ``bot.books.sqlite.MIGRATIONS``."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def keep_digest(self, chat: str, thread: str, reply: Reply, *, at: datetime) -> None:
        await self._db.write(partial(keep_digest, chat=chat, thread=thread, reply=reply, at=at))

    async def last_digest(self, chat: str, thread: str) -> Reply | None:
        return await self._db.read(partial(last_digest, chat=chat, thread=thread))


def keep_digest(rows: Rows, chat: str, thread: str, reply: Reply, *, at: datetime) -> None:
    rows.execute(
        "INSERT OR REPLACE INTO shown_digests (chat, thread, at, reply) VALUES (?, ?, ?, ?)",
        (chat, thread, moment_text(at), codec.reply_text(reply)),
    )


def last_digest(rows: Rows, chat: str, thread: str) -> Reply | None:
    found = rows.execute("SELECT reply FROM shown_digests WHERE chat = ? AND thread = ?", (chat, thread)).fetchone()
    return codec.reply_of(found[0]) if found else None
