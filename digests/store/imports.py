"""What was imported in bulk before: an import that is begun again passes over it without reading it."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from digests.store.connection import Connection

TABLES = """
CREATE TABLE imports (
    -- every article that came from a folder or an archive of many, by what it looked like there
    key TEXT PRIMARY KEY,             -- of the bytes as they lay there
    article_id INTEGER NOT NULL REFERENCES articles (id)
) WITHOUT ROWID;
"""


def imported(connection: Connection, keys: Collection[str]) -> dict[str, int]:
    rows = connection.execute(
        "SELECT key, article_id FROM imports WHERE key IN (SELECT value FROM json_each(?))", (json.dumps(list(keys)),)
    )
    return {row["key"]: row["article_id"] for row in rows.fetchall()}


def mark_imported(connection: Connection, marks: Mapping[str, int]) -> None:
    connection.executemany(
        "INSERT INTO imports VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET article_id = excluded.article_id",
        list(marks.items()),
    )
