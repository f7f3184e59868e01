"""Watched sources and their entries in the database: tables, the protocol's second half, every statement on them."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal, Protocol, cast

from digests.errors import NO_DATE
from digests.watch import Entry, NewsSource, Polled, SourceCounts, SourceKind

if TYPE_CHECKING:
    from digests.store.connection import Connection, Row

TABLES = """
CREATE TABLE sources (
    -- what is watched for news, and how the looks at it went
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,               -- feed or folder
    url TEXT NOT NULL UNIQUE,         -- the feed's address or the folder's path
    title TEXT NOT NULL,
    site TEXT NOT NULL,               -- the page it belongs to
    paused INTEGER NOT NULL,
    etag TEXT NOT NULL,               -- of what was read last, so that the same is not sent again
    last_modified TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    failures INTEGER NOT NULL,        -- since the last success
    failing_since TEXT,               -- moments are UTC
    last_error TEXT NOT NULL,         -- in words, '' when it is well
    added_at TEXT NOT NULL,
    last_try_at TEXT,
    last_success_at TEXT,
    last_new_at TEXT,                 -- when it last brought something new
    next_try_at TEXT                  -- not before; NULL: at once
);
CREATE INDEX sources_due ON sources (next_try_at) WHERE paused = 0;

CREATE TABLE source_entries (
    -- every item ever seen in a source, and what became of it
    id INTEGER PRIMARY KEY,
    source_id INTEGER NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
    key TEXT NOT NULL,                -- guid, or else address
    fingerprint TEXT NOT NULL,        -- of what it says, dates left out
    url TEXT NOT NULL,
    title TEXT NOT NULL,
    author TEXT NOT NULL,
    published TEXT NOT NULL,          -- day or moment as the source says, '' when it does not
    content TEXT NOT NULL,            -- given in the source itself; '' once the article is read
    state TEXT NOT NULL,              -- waiting, done or given_up
    tries INTEGER NOT NULL DEFAULT 0,
    next_try_at TEXT,
    last_error TEXT NOT NULL DEFAULT '',
    article_id INTEGER REFERENCES articles (id),
    found_at TEXT NOT NULL,
    UNIQUE (source_id, key)
);
CREATE INDEX source_entries_by_fingerprint ON source_entries (source_id, fingerprint);
CREATE INDEX source_entries_waiting ON source_entries (next_try_at, id) WHERE state = 'waiting';
CREATE INDEX source_entries_given_up ON source_entries (source_id) WHERE state = 'given_up';
"""


class Watched(Protocol):
    """The half of the store that knows what is watched. Moments are aware."""

    async def add_source(self, source: NewsSource, *, at: datetime) -> tuple[NewsSource, bool]:
        """The source as it is kept now, and whether it is new: one address is watched once."""
        ...

    async def remove_source(self, source_id: int) -> bool:
        """Forget a source and its entries; its articles stay. ``False``: there is none with that id."""
        ...

    async def pause_source(self, source_id: int, paused: bool) -> bool:
        """Leave a source alone, or look at it again, at once. ``False``: there is none with that id."""
        ...

    async def source(self, source_id: int) -> NewsSource | None: ...

    async def sources(self, *, limit: int = 10_000, offset: int = 0) -> list[NewsSource]:
        """All that is watched, those that fail first, then as they were added."""
        ...

    async def due_sources(self, now: datetime, *, limit: int = 100) -> list[NewsSource]:
        """Sources to look at now, the longest due first; paused ones never are."""
        ...

    async def keep_polled(self, polled: Polled, *, at: datetime) -> int:
        """Keep what a look found, in one transaction; how many entries are new or say something else than before.

        Those wait until ``entry_done`` or ``entry_failed``. What the source was told meanwhile (paused, removed) holds.
        """
        ...

    async def waiting(self, now: datetime, *, limit: int = 100, apart_from: Collection[int] = ()) -> list[Entry]:
        """Entries whose article is to be read now, in the order they were found; not those of paused sources.

        ``apart_from``: ids of sources that are left out.
        """
        ...

    async def entry_done(self, entry_id: int, *, article_id: int) -> None: ...

    async def entry_failed(self, entry_id: int, reason: str, *, retry_at: datetime | None) -> None:
        """Its article could not be read: try again then, or never (``None``)."""
        ...

    async def undated_files(self, *, limit: int = 10) -> list[Entry]:
        """Files of watched folders that were given up because no date stands in them, the newest first."""
        ...

    async def troubled_sources(
        self, *, failing_before: datetime, silent_before: datetime, limit: int
    ) -> list[NewsSource]:
        """Sources that have failed since then or longer, the longest first; then feeds that brought nothing new since.

        Paused ones are not among them.
        """
        ...

    async def source_counts(self) -> SourceCounts: ...


_STATE = ("etag", "last_modified", "fingerprint", "failures", "failing_since", "last_error", "last_try_at")
_COLUMNS = ("kind", "url", "title", "site", "paused", *_STATE, "last_success_at", "last_new_at", "next_try_at")
_MOMENTS = frozenset(each for each in (*_COLUMNS, "added_at") if each.endswith(("_at", "_since")))


def add_source(connection: Connection, source: NewsSource, at: datetime) -> tuple[NewsSource, bool]:
    known = connection.execute("SELECT * FROM sources WHERE url = ?", (source.url,)).fetchone()
    if known is not None:
        return _source(known), False
    columns = (*_COLUMNS, "added_at")
    values = [*_values(source, _COLUMNS), _text(at)]
    marks = ", ".join("?" * len(columns))
    added = connection.execute(f"INSERT INTO sources ({', '.join(columns)}) VALUES ({marks}) RETURNING *", values)
    row = added.fetchone()
    return _source(row), True


def remove_source(connection: Connection, source_id: int) -> bool:
    return connection.execute("DELETE FROM sources WHERE id = ?", (source_id,)).rowcount > 0


def pause_source(connection: Connection, source_id: int, paused: bool) -> bool:
    done = connection.execute(
        "UPDATE sources SET paused = ?, next_try_at = NULL WHERE id = ?", (int(paused), source_id)
    )
    return done.rowcount > 0


def source(connection: Connection, source_id: int) -> NewsSource | None:
    row = connection.execute("SELECT * FROM sources WHERE id = ?", (source_id,)).fetchone()
    return None if row is None else _source(row)


def sources(connection: Connection, limit: int, offset: int) -> list[NewsSource]:
    rows = connection.execute(
        "SELECT * FROM sources ORDER BY CASE WHEN failures = 0 OR paused <> 0 THEN 1 ELSE 0 END, id LIMIT ? OFFSET ?",
        (limit, offset),
    )
    return [_source(row) for row in rows.fetchall()]


def troubled_sources(
    connection: Connection, failing_before: datetime, silent_before: datetime, limit: int
) -> list[NewsSource]:
    rows = connection.execute(
        "SELECT * FROM sources WHERE paused = 0 AND (failing_since <= :failing"
        " OR (kind = 'feed' AND coalesce(last_new_at, added_at) <= :silent))"
        " ORDER BY CASE WHEN failing_since <= :failing THEN failing_since ELSE 'last' END,"
        " coalesce(last_new_at, added_at), id LIMIT :most",
        {"failing": _text(failing_before), "silent": _text(silent_before), "most": limit},
    )
    return [_source(row) for row in rows.fetchall()]


def due_sources(connection: Connection, now: datetime, limit: int) -> list[NewsSource]:
    rows = connection.execute(
        "SELECT * FROM sources WHERE paused = 0 AND (next_try_at IS NULL OR next_try_at <= ?)"
        " ORDER BY next_try_at NULLS FIRST, id LIMIT ?",
        (_text(now), limit),
    )
    return [_source(row) for row in rows.fetchall()]


def keep_polled(connection: Connection, polled: Polled, at: datetime) -> int:
    found = polled.source
    kept = connection.execute("SELECT url FROM sources WHERE id = ?", (found.id,)).fetchone()
    if kept is None:
        return 0
    new = sum(_keep_entry(connection, entry, found.id, at) for entry in polled.entries)
    columns = (*_STATE, "title", "site", "last_success_at", "next_try_at")
    # paused is not among them: what an admin said while the look went on holds
    connection.execute(
        f"UPDATE sources SET {', '.join(f'{each} = ?' for each in columns)},"
        " last_new_at = CASE WHEN ? > 0 THEN ? ELSE last_new_at END WHERE id = ?",
        [*_values(found, columns), new, _text(at), found.id],
    )
    if found.url != kept["url"]:
        connection.execute(
            # unless another source is watched there already
            "UPDATE sources SET url = ? WHERE id = ? AND NOT EXISTS (SELECT 1 FROM sources WHERE url = ?)",
            (found.url, found.id, found.url),
        )
    return new


def _keep_entry(connection: Connection, entry: Entry, source_id: int, at: datetime) -> bool:
    """Whether it is new. One that says the same under another guid is not: some sources change their guids."""
    known = connection.execute(
        "SELECT id FROM source_entries WHERE source_id = ? AND fingerprint = ?", (source_id, entry.fingerprint)
    ).fetchone()
    if known is not None:
        return False
    says = (entry.fingerprint, entry.url, entry.title, entry.author, entry.published, entry.content)
    connection.execute(
        "INSERT INTO source_entries (source_id, key, fingerprint, url, title, author, published, content, state,"
        " found_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'waiting', ?) ON CONFLICT (source_id, key) DO UPDATE SET"
        " fingerprint = excluded.fingerprint, url = excluded.url, title = excluded.title, author = excluded.author,"
        " published = excluded.published, content = excluded.content, state = 'waiting', tries = 0,"
        " next_try_at = NULL, last_error = ''",
        (source_id, entry.key, *says, _text(at)),
    )
    return True


def waiting(connection: Connection, now: datetime, limit: int, apart_from: Collection[int] = ()) -> list[Entry]:
    rows = connection.execute(
        "SELECT e.* FROM source_entries e JOIN sources s ON s.id = e.source_id AND s.paused = 0"
        " WHERE e.state = 'waiting' AND (e.next_try_at IS NULL OR e.next_try_at <= ?)"
        " AND NOT e.source_id IN (SELECT value FROM json_each(?)) ORDER BY e.id LIMIT ?",
        (_text(now), json.dumps(list(apart_from)), limit),
    )
    return [_entry(row) for row in rows.fetchall()]


def entry_done(connection: Connection, entry_id: int, article_id: int) -> None:
    connection.execute(
        "UPDATE source_entries SET state = 'done', article_id = ?, content = '', last_error = '' WHERE id = ?",
        (article_id, entry_id),
    )


def entry_failed(connection: Connection, entry_id: int, reason: str, retry_at: datetime | None) -> None:
    state: Literal["waiting", "given_up"] = "waiting" if retry_at is not None else "given_up"
    connection.execute(
        "UPDATE source_entries SET state = ?, tries = tries + 1, next_try_at = ?, last_error = ?,"
        " content = CASE ? WHEN 'waiting' THEN content ELSE '' END WHERE id = ?",
        (state, _text(retry_at) if retry_at else None, reason[:300], state, entry_id),
    )


def undated_files(connection: Connection, limit: int) -> list[Entry]:
    rows = connection.execute(
        "SELECT e.* FROM source_entries e JOIN sources s ON s.id = e.source_id AND s.kind = 'folder' AND s.paused = 0"
        " WHERE e.state = 'given_up' AND e.last_error LIKE ? ORDER BY e.id DESC LIMIT ?",
        (f"{NO_DATE}%", limit),
    )
    return [_entry(row) for row in rows.fetchall()]


def source_counts(connection: Connection) -> SourceCounts:
    every, paused, failing = connection.execute(
        "SELECT count(*), coalesce(sum(paused), 0),"
        " coalesce(sum(CASE WHEN failures > 0 AND paused = 0 THEN 1 ELSE 0 END), 0) FROM sources"
    ).fetchone()
    entries = dict(
        connection.execute(
            "SELECT 'waiting', count(*) FROM source_entries WHERE state = 'waiting'"
            " UNION ALL SELECT 'given_up', count(*) FROM source_entries WHERE state = 'given_up'"
        ).fetchall()
    )
    return SourceCounts(
        sources=every, paused=paused, failing=failing, waiting=entries["waiting"], given_up=entries["given_up"]
    )


def _values(source: NewsSource, columns: Sequence[str]) -> list[object]:
    given = [getattr(source, column) for column in columns]
    return [_text(value) if isinstance(value, datetime) else value for value in given]


def _source(row: Row) -> NewsSource:
    moments = {name: _moment(row[name]) for name in _MOMENTS}
    return NewsSource(
        id=row["id"],
        kind=cast(SourceKind, row["kind"]),
        url=row["url"],
        title=row["title"],
        site=row["site"],
        paused=bool(row["paused"]),
        etag=row["etag"],
        last_modified=row["last_modified"],
        fingerprint=row["fingerprint"],
        failures=row["failures"],
        last_error=row["last_error"],
        **moments,
    )


def _entry(row: Row) -> Entry:
    return Entry(
        id=row["id"],
        source_id=row["source_id"],
        key=row["key"],
        fingerprint=row["fingerprint"],
        url=row["url"],
        title=row["title"],
        author=row["author"],
        published=row["published"],
        content=row["content"],
        tries=row["tries"],
        article_id=row["article_id"] or 0,
        last_error=row["last_error"],
    )


def _text(at: datetime) -> str:
    """UTC with microseconds: text that sorts as the moments do."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
