"""The record of changes: one row a saved article, new version or editor's word, in the transaction that makes it.

Who reads on from the last id seen misses nothing, whichever process wrote; ids only grow and are never used again.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from digests.history import Change, ChangeKind

if TYPE_CHECKING:
    from digests.store.connection import Connection, Row

TABLES = """
CREATE TABLE changes (
    -- what became of articles and facts, in the order of the writes
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,               -- new, version, correct or retract
    at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
    article_id INTEGER NOT NULL REFERENCES articles (id),
    version INTEGER NOT NULL,
    story_id INTEGER NOT NULL,        -- the article's story then; it may have been merged into another since
    first_fact INTEGER NOT NULL,      -- facts of this and greater ids did not exist before
    fact_id INTEGER REFERENCES facts (id), -- of correct and retract: which fact
    by TEXT NOT NULL DEFAULT '',      -- the editor
    why TEXT NOT NULL DEFAULT '',
    before TEXT NOT NULL DEFAULT ''   -- the fact's one line until then
);
CREATE INDEX changes_by_fact ON changes (fact_id, id) WHERE fact_id IS NOT NULL;
CREATE INDEX changes_by_article ON changes (article_id, id);
"""
MOST_VERSIONS = 5000
_COLUMNS = "c.id, kind, at, article_id, c.version, story_id, first_fact, fact_id, by, why, before, a.published_day"


def append_change(
    connection: Connection,
    kind: ChangeKind,
    *,
    article_id: int,
    version: int,
    story_id: int,
    first_fact: int = 0,
    fact_id: int | None = None,
    by: str = "",
    why: str = "",
    before: str = "",
) -> int:
    """Write a change down; the caller holds the transaction. The id it got."""
    done = connection.execute(
        "INSERT INTO changes (kind, article_id, version, story_id, first_fact, fact_id, by, why, before)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
        (kind, article_id, version, story_id, first_fact, fact_id, by, why, before),
    )
    return int(done.fetchone()[0])


def load_changes(connection: Connection, after: int, limit: int) -> list[Change]:
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM changes c JOIN articles a ON a.id = c.article_id WHERE c.id > ? ORDER BY c.id LIMIT ?",
        (after, max(limit, 0)),
    )
    return [_change(row) for row in rows.fetchall()]


def load_gone(connection: Connection, since: datetime, *, limit: int) -> list[tuple[int, datetime]]:
    """Facts that stand no more since a moment, the last to go first: retracted, or not said by a newer version.

    Of versions the newest ``MOST_VERSIONS`` changes are looked at.
    """
    retracted = connection.execute(
        "SELECT c.fact_id AS id, max(c.at) AS at FROM changes c"
        " WHERE c.fact_id IS NOT NULL AND c.kind = 'retract' GROUP BY c.fact_id"
    ).fetchall()
    unsaid = connection.execute(
        "SELECT f.id AS id, min(c.at) AS at FROM changes c JOIN facts f ON f.article_id = c.article_id"
        " WHERE c.id > (SELECT coalesce(max(id), 0) FROM changes) - ? AND c.kind = 'version'"
        " AND f.status = 'corrected' AND f.version < c.version GROUP BY f.id",
        (MOST_VERSIONS,),
    ).fetchall()
    found = {row["id"]: datetime.fromisoformat(row["at"]) for row in [*unsaid, *retracted]}
    return sorted(((id_, at) for id_, at in found.items() if at >= since), key=lambda each: (each[1], each[0]))[
        : -limit - 1 : -1
    ]


def last_change(connection: Connection) -> int:
    return int(connection.execute("SELECT coalesce(max(id), 0) FROM changes").fetchone()[0])


def _change(row: Row) -> Change:
    return Change(
        id=row["id"],
        kind=row["kind"],
        at=datetime.fromisoformat(row["at"]),
        article_id=row["article_id"],
        version=row["version"],
        story_id=row["story_id"],
        first_fact=row["first_fact"],
        fact_id=row["fact_id"],
        day=date.fromisoformat(row["published_day"]) if row["published_day"] else None,
        by=row["by"],
        why=row["why"],
        before=row["before"],
    )
