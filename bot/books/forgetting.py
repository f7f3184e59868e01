"""Everything of a chat or a person erased, wherever it stands; what was the news's own stays.

What would surprise a reader: after the rows of ``CHAT_TABLES``, every text of every table that holds no news is looked
through, so that a table somebody adds later is looked through as well.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.books.chats import CHAT_TABLES
from bot.books.connection import moment_text
from digests.store.sqlite.migrating import MigrationSet
from digests.store.sqlite.opening import prepare
from digests.store.sqlite.trouble import failing

if TYPE_CHECKING:
    from sqlite3 import Connection

FORGOTTEN = "forgotten"
_NEWS = re.compile(
    r"sqlite_\w*|_sqlite_migrations|articles|article_\w+|fact_words|fact_people|facts|due_words|\w+_search\w*|people"
    r"|person_\w+|stories|story_\w+|passage\w*|counters|sources|source_entries|imports"
)


def erase(path: Path, chat: str, migrations: list[MigrationSet], *, now: datetime) -> tuple[Counter[str], bool]:
    """Erase a chat or person for good; rows by table, and whether the journal could be emptied, too.

    The file is written anew, for deleted rows leave their words behind in it. Raises ``StoreError``.
    """
    with closing(prepare(path, migrations)) as connection, failing(path):
        connection.execute("PRAGMA secure_delete=ON")
        connection.execute("BEGIN IMMEDIATE")
        try:
            gone = forget(connection, chat, at=now)
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")
        connection.execute("VACUUM")
        connection.execute("PRAGMA busy_timeout=1000")  # whoever reads now may read for long: that is said, not awaited
        busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return gone, not busy


def forget(connection: Connection, chat: str, *, at: datetime) -> Counter[str]:
    """The same inside a transaction: how many rows went or were changed, by table."""
    gone: Counter[str] = Counter()
    for each in CHAT_TABLES:
        done = connection.execute(f"DELETE FROM {each.table} WHERE {each.column} = ?", (chat,))
        gone[each.table] += done.rowcount
    done = connection.execute("DELETE FROM outbox WHERE json_extract(address, '$.user') = ?", (chat,))
    gone["outbox"] += done.rowcount
    gone["inbox"] += _empty_updates(connection, chat, at)
    connection.create_function("without", 2, _without, deterministic=True)
    for table, column in _texts(connection):
        done = connection.execute(
            f"UPDATE OR REPLACE {table} SET {column} = without({column}, ?)"
            f" WHERE instr({column}, ?) AND without({column}, ?) <> {column}",
            (chat, chat, chat),
        )
        gone[table] += done.rowcount
    return Counter({table: count for table, count in gone.items() if count > 0})


def _empty_updates(connection: Connection, chat: str, at: datetime) -> int:
    """What the platform delivered about it and was not answered yet; the key stays, it may be delivered again."""
    rows = connection.execute("SELECT id, platform, payload FROM inbox WHERE payload <> '{}'").fetchall()
    platform, _, bare = chat.partition(":")
    about = [row["id"] for row in rows if row["platform"] == platform and _speaks_of(json.loads(row["payload"]), bare)]
    connection.executemany(
        "UPDATE inbox SET payload = '{}', reason = '', done_at = coalesce(done_at, ?) WHERE id = ?",
        [(moment_text(at), each) for each in about],
    )
    return len(about)


def _speaks_of(payload: Any, bare: str) -> bool:
    """Whether a value in it, however deep, is the chat's or person's own number at the platform."""
    if isinstance(payload, Mapping):
        return any(_speaks_of(value, bare) for value in payload.values())
    if isinstance(payload, list):
        return any(_speaks_of(value, bare) for value in payload)
    return not isinstance(payload, bool) and isinstance(payload, int | str) and str(payload) == bare


def _texts(connection: Connection) -> list[tuple[str, str]]:
    """Every column of text in every table that holds no news."""
    tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    own = [table for (table,) in tables if not _NEWS.fullmatch(table) or table == "fact_edits"]
    return [
        (table, column["name"])
        for table in own
        for column in connection.execute(f"PRAGMA table_info({table})").fetchall()
        if column["type"] == "TEXT"
    ]


def _without(text: str | None, name: str) -> str | None:
    """The text with the name taken out; ``telegram:77`` is not ``telegram:7``."""
    if not isinstance(text, str):
        return text
    return re.sub(rf"(?<![\w:-]){re.escape(name)}(?!\w)", FORGOTTEN, text)
