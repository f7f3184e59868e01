"""The members in memory: the very rows of the real ones, without a file."""

from __future__ import annotations

from pysqlite3 import dbapi2 as sqlite3

from bot.books import member_rows
from bot.books.sql_members import SqlMembers


class MemoryDatabase:
    """As much of a ``Database`` as the members use."""

    def __init__(self) -> None:
        self.rows = sqlite3.connect(":memory:", isolation_level=None)
        self.rows.executescript(member_rows.TABLES)

    async def write(self, work, *, subject="books"):
        return work(self.rows)

    read = write


def memory_members() -> SqlMembers:
    """Nobody was let in yet."""
    return SqlMembers(MemoryDatabase())
