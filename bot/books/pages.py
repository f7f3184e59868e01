"""Digests that have a page on the web, each text once however many chats were sent it.

No chat is named in them: a link to a page is signed for the page, not for a chat. They go with time.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from hashlib import sha256
from typing import Protocol

from bot.books import codec
from bot.books.connection import Rows, moment_text
from bot.model import Reply
from digests.store.database import Database

TABLES = """
CREATE TABLE web_pages (key TEXT PRIMARY KEY, reply TEXT NOT NULL, kept_at TEXT NOT NULL);
CREATE INDEX web_pages_kept ON web_pages (kept_at);
"""


class Pages(Protocol):
    async def keep_page(self, reply: Reply, *, at: datetime) -> str:
        """Keep what a page says; its key: the same for the same words."""
        ...

    async def page(self, key: str) -> Reply | None:
        """What the page of that key says, ``None`` when it is not kept (any more)."""
        ...


class SqlPages:
    """``Pages`` on an open ``Database`` that was given ``bot.books.sql.MIGRATIONS``."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def keep_page(self, reply: Reply, *, at: datetime) -> str:
        text = codec.reply_text(reply)
        key = sha256(text.encode()).hexdigest()[:32]
        await self._db.write(partial(keep_page, key=key, text=text, at=at), subject="rows")
        return key

    async def page(self, key: str) -> Reply | None:
        return await self._db.read(partial(page, key=key))


def keep_page(rows: Rows, key: str, text: str, *, at: datetime) -> None:
    rows.execute(
        "INSERT INTO web_pages (key, reply, kept_at) VALUES (?, ?, ?)"
        " ON CONFLICT (key) DO UPDATE SET kept_at = excluded.kept_at",
        (key, text, moment_text(at)),
    )


def page(rows: Rows, key: str) -> Reply | None:
    found = rows.execute("SELECT reply FROM web_pages WHERE key = ?", (key,)).fetchone()
    return codec.reply_of(found[0]) if found else None


def tidy(rows: Rows, *, before: datetime) -> None:
    rows.execute("DELETE FROM web_pages WHERE kept_at < ?", (moment_text(before),))
