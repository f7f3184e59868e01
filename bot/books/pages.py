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
ENDED = """
CREATE TABLE web_ended (page TEXT PRIMARY KEY, until INTEGER NOT NULL);
"""
"""Of pages whose links were ended: links that would have worked until that moment (seconds since 1970) or less."""


class Pages(Protocol):
    async def keep_page(self, reply: Reply, *, at: datetime) -> str:
        """Keep what a page says; its key: the same for the same words."""
        ...

    async def page(self, key: str) -> Reply | None:
        """What the page of that key says, ``None`` when it is not kept (any more)."""
        ...

    async def end_links(self, page: str, *, until: int) -> None:
        """Let no link to a page (kind and key) work that would do so until that moment, or not as long."""
        ...

    async def links_ended(self, page: str) -> int:
        """Up to which moment's links to a page were ended; 0 when none was."""
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

    async def end_links(self, page: str, *, until: int) -> None:
        await self._db.write(partial(end_links, name=page, until=until))

    async def links_ended(self, page: str) -> int:
        return await self._db.read(partial(links_ended, name=page))


def keep_page(rows: Rows, key: str, text: str, *, at: datetime) -> None:
    rows.execute(
        "INSERT INTO web_pages (key, reply, kept_at) VALUES (?, ?, ?)"
        " ON CONFLICT (key) DO UPDATE SET kept_at = excluded.kept_at",
        (key, text, moment_text(at)),
    )


def page(rows: Rows, key: str) -> Reply | None:
    found = rows.execute("SELECT reply FROM web_pages WHERE key = ?", (key,)).fetchone()
    return codec.reply_of(found[0]) if found else None


def end_links(rows: Rows, name: str, *, until: int) -> None:
    rows.execute(
        "INSERT INTO web_ended (page, until) VALUES (?, ?) ON CONFLICT (page) DO UPDATE SET until = excluded.until"
        " WHERE excluded.until > web_ended.until",
        (name, until),
    )


def links_ended(rows: Rows, name: str) -> int:
    found = rows.execute("SELECT until FROM web_ended WHERE page = ?", (name,)).fetchone()
    return int(found[0]) if found else 0


def tidy(rows: Rows, *, before: datetime) -> None:
    """Forget the pages from before a moment, and what was ended that had ended by then anyway."""
    rows.execute("DELETE FROM web_pages WHERE kept_at < ?", (moment_text(before),))
    rows.execute("DELETE FROM web_ended WHERE until < ?", (int(before.timestamp()),))
