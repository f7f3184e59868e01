"""Rows in every table of a SQLite database that has none yet, with values that are hard to carry elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from digests.store.moving.sqlite_end import SqliteEnd
from digests.store.moving.tables import why_rebuilt

if TYPE_CHECKING:
    from sqlite3 import Connection

TEXTS = ("ż \"quoted\" 'so' \\N \\ \t\r\n 100 % {} ?", "\N{GRINNING FACE} a\u0301 \u202e \x7f \ufeff")
NUMBERS = (1, -(2**31))
REALS = (0.1 + 0.2, 1e-300)
ALLOWED: dict[str, tuple[str, str]] = {
    "kind": ("person", "person"),
    "follows.kind": ("words", "story"),
    "web_secrets.kind": ("calendar", "feed"),
    "role": ("reader", "admin"),
    "state": ("sent", "failed"),
    "digest_slots.state": ("queued", "dropped"),
    "address": ('{"platform": "telegram"}', "{}"),
}


def fill_empty(connection: Connection, path: Path) -> list[str]:
    """Two rows in every table that has none; the names of those tables. What they refer to must have rows."""
    tables = SqliteEnd(path, connection).tables()
    empty = [name for name in sorted(tables) if not why_rebuilt(name) and not _count(connection, name)]
    connection.execute("PRAGMA foreign_keys=OFF")
    left = list(empty)
    while left:
        left = [name for name in left if not _fill(connection, name)]
    return empty


def _count(connection: Connection, name: str) -> int:
    return int(connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0])


def _fill(connection: Connection, name: str) -> bool:
    """Whether it could be filled: what its rows refer to must be there."""
    there = {}
    for row in connection.execute(f"PRAGMA foreign_key_list({name})").fetchall():
        found = connection.execute(f"SELECT {row['to']} FROM {row['table']} LIMIT 2").fetchall()
        if not found and row["table"] != name:
            return False
        there[row["from"]] = [each[0] for each in found]
    info = connection.execute(f"PRAGMA table_info({name})").fetchall()
    for turn in (0, 1):
        values = [_value(name, column, turn, there.get(column["name"], [])) for column in info]
        connection.execute(f"INSERT INTO {name} VALUES ({', '.join('?' * len(values))})", values)
    return True


def _value(table: str, column: Any, turn: int, there: list[int]) -> object:
    name, kind = column["name"], column["type"]
    if there:
        return there[turn % len(there)]
    if kind == "INTEGER" and column["pk"]:
        return turn + 1
    if not column["notnull"] and turn and not column["pk"]:
        return None
    if kind == "INTEGER":
        return NUMBERS[turn]
    if kind == "REAL":
        return REALS[turn]
    allowed = ALLOWED.get(f"{table}.{name}") or ALLOWED.get(name)
    return allowed[turn] if allowed else f"{TEXTS[turn]} {turn}"
