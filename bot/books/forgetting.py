"""Everything of a chat or a person erased, wherever it stands; what was the news's own stays.

What would surprise a reader: after the rows of ``CHAT_TABLES``, every text of every table that holds no news is looked
through, so that a table somebody adds later is looked through as well. Which texts there are each database tells in
its own words.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.books.chats import CHAT_TABLES
from bot.books.connection import moment_text
from digests.store.connection import Connection
from digests.store.sqlite.migrating import MigrationSet
from digests.store.sqlite.opening import prepare
from digests.store.sqlite.trouble import failing

FORGOTTEN = "forgotten"
_NEWS = re.compile(
    r"sqlite_\w*|_sqlite_migrations|schema_steps|procrastinate_\w+|articles|article_\w+|fact_words|fact_people|facts"
    r"|due_words|\w+_search\w*|people|person_\w+|stories|story_\w+|passage\w*|counters|sources|source_entries|imports"
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


SQLITE_TEXTS = """SELECT t.name, c.name, (SELECT json_group_array((SELECT json_group_array(k.name)
        FROM pragma_index_info(i.name) k)) FROM pragma_index_list(t.name) i WHERE i."unique")
    FROM sqlite_master t, pragma_table_info(t.name) c WHERE t.type = 'table' AND c.type = 'TEXT'
    ORDER BY t.name, c.cid"""
POSTGRES_TEXTS = """SELECT t.relname, c.attname, (SELECT json_agg((SELECT json_agg(k.attname) FROM pg_attribute k
        WHERE k.attrelid = t.oid AND k.attnum = ANY (i.indkey)))::text FROM pg_index i
        WHERE i.indrelid = t.oid AND i.indisunique)
    FROM pg_class t JOIN pg_attribute c ON c.attrelid = t.oid AND c.attnum > 0 AND NOT c.attisdropped
    WHERE t.relkind = 'r' AND t.relnamespace = current_schema()::regnamespace AND c.atttypid = 'text'::regtype
    ORDER BY t.relname, c.attnum"""
"""Of each column of text: its table, its name, and the columns of each of the table's unique keys, as JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A column of text. ``keys``: the other columns of each unique key that it is part of."""

    table: str
    column: str
    keys: tuple[tuple[str, ...], ...]


def forget(connection: Connection, chat: str, *, at: datetime, texts: str = SQLITE_TEXTS) -> Counter[str]:
    """The same inside a transaction: how many rows went or were changed, by table. ``texts``: of which database."""
    gone: Counter[str] = Counter()
    for each in CHAT_TABLES:
        done = connection.execute(f"DELETE FROM {each.table} WHERE {each.column} = ?", (chat,))
        gone[each.table] += done.rowcount
    gone["outbox"] += _addressed_to(connection, chat)
    gone["inbox"] += _empty_updates(connection, chat, at)
    for text in _texts(connection, texts):
        gone[text.table] += _reword(connection, text, chat)
    return Counter({table: count for table, count in gone.items() if count > 0})


def _addressed_to(connection: Connection, user: str) -> int:
    """Answers that were for that person's eyes only."""
    found = connection.execute("SELECT id, address FROM outbox WHERE address LIKE ?", (f"%{user}%",)).fetchall()
    theirs = [number for number, address in found if json.loads(address).get("user") == user]
    for number in theirs:
        connection.execute("DELETE FROM outbox WHERE id = ?", (number,))
    return len(theirs)


def _reword(connection: Connection, text: Text, name: str) -> int:
    """Take a name out of a column; a row goes where another one says the same already."""
    table, column = f'"{text.table}"', f'"{text.column}"'
    found = connection.execute(
        f"SELECT DISTINCT {column} FROM {table} WHERE {column} LIKE ?", (f"%{name}%",)
    ).fetchall()
    changed = 0
    for (before,) in found:
        after = _without(before, name)
        if after == before:
            continue
        for key in text.keys:
            same = "".join(f' AND there."{other}" = {table}."{other}"' for other in key)
            done = connection.execute(
                f"DELETE FROM {table} WHERE {column} = ?"
                f" AND EXISTS (SELECT 1 FROM {table} AS there WHERE there.{column} = ?{same})",
                (before, after),
            )
            changed += done.rowcount
        done = connection.execute(f"UPDATE {table} SET {column} = ? WHERE {column} = ?", (after, before))
        changed += done.rowcount
    return changed


def _empty_updates(connection: Connection, chat: str, at: datetime) -> int:
    """What the platform delivered about it and was not answered yet; the key stays, it may be delivered again."""
    rows = connection.execute("SELECT id, platform, payload FROM inbox WHERE payload <> '{}'").fetchall()
    platform, _, bare = chat.partition(":")
    about = [row["id"] for row in rows if row["platform"] == platform and _speaks_of(json.loads(row["payload"]), bare)]
    connection.executemany(
        "UPDATE inbox SET payload = '{}', reason = '', line = '', done_at = coalesce(done_at, ?) WHERE id = ?",
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


def _texts(connection: Connection, statement: str) -> list[Text]:
    """Every column of text in every table that holds no news."""
    found = connection.execute(statement).fetchall()
    return [
        Text(
            table=table,
            column=column,
            keys=tuple(
                tuple(other for other in key if other != column) for key in json.loads(keys or "[]") if column in key
            ),
        )
        for table, column, keys in found
        if not _NEWS.fullmatch(table) or table == "fact_edits"
    ]


def _without(text: str, name: str) -> str:
    """The text with the name taken out; ``telegram:77`` is not ``telegram:7``."""
    return re.sub(rf"(?<![\w:-]){re.escape(name)}(?!\w)", FORGOTTEN, text)
