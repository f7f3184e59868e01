"""The step that puts stored articles under the addresses that ``canonical_url`` makes now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digests.text.links import canonical_url

if TYPE_CHECKING:
    from digests.store.connection import Connection


def renew(connection: Connection) -> None:
    """Each article's canonical URL computed anew from the one it has.

    Of two articles that turn out to be one page the first to be asked for gets the address; the other keeps its own.
    """
    rows = connection.execute("SELECT id, canonical_url FROM articles WHERE canonical_url <> ''").fetchall()
    newer = ((canonical_url(url), article_id) for article_id, url in rows)
    changed = [(url, article_id) for (url, article_id), (_, old) in zip(newer, rows, strict=True) if url and url != old]
    connection.executemany("UPDATE OR IGNORE articles SET canonical_url = ? WHERE id = ?", changed)
