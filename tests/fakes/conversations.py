"""Conversations in memory: the very rows of the real ones, without a file."""

from __future__ import annotations

from pysqlite3 import dbapi2 as sqlite3

from bot.books import conversations
from bot.books.conversations import SqlConversations


class MemoryDatabase:
    """As much of a ``Database`` as the conversations use."""

    def __init__(self) -> None:
        self.rows = sqlite3.connect(":memory:", isolation_level=None)
        self.rows.executescript(conversations.TABLES)

    async def write(self, work, *, subject="books"):
        return work(self.rows)

    read = write


def memory_conversations() -> SqlConversations:
    """Nothing was spoken of yet."""
    return SqlConversations(MemoryDatabase())
