"""How far each reader of the record of changes has come: moved on in the transaction that writes what it found.

So nothing is told twice and nothing is left out, wherever the program ends; and of two processes that read the same
changes only one moves on, and only that one tells.
"""

from __future__ import annotations

from bot.books.rows import Rows

TABLES = """
CREATE TABLE cursors (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
"""


def cursor(rows: Rows, name: str) -> int | None:
    """Where a reader stands; ``None`` before it ever began."""
    found = rows.execute("SELECT value FROM cursors WHERE name = ?", (name,)).fetchone()
    return int(found[0]) if found else None


def begin_at(rows: Rows, name: str, value: int) -> int:
    """Let a new reader begin there; where it stands (elsewhere, if it had begun before)."""
    rows.execute("INSERT INTO cursors (name, value) VALUES (?, ?) ON CONFLICT DO NOTHING", (name, value))
    found = rows.execute("SELECT value FROM cursors WHERE name = ?", (name,)).fetchone()
    return int(found[0])


def move_on(rows: Rows, name: str, *, after: int, upto: int) -> bool:
    """Move a reader from ``after`` to ``upto``; false, and nothing moved, when it does not stand at ``after``."""
    done = rows.execute("UPDATE cursors SET value = ? WHERE name = ? AND value = ?", (upto, name, after))
    return bool(done.rowcount)
