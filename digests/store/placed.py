"""Many articles at once, as a digest asks for them: their heads with story and origin, and their texts."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import date
from typing import TYPE_CHECKING

from digests.model import Placed, Source
from digests.store.queries import ID, SOURCE, place, source_of

if TYPE_CHECKING:
    from digests.store.connection import Connection, Row

_PLACED = f"SELECT a.id, a.version, {SOURCE}, t.story_id, t.origin FROM"
_STORIES = "JOIN story_articles t ON t.article_id = a.id"
_NEWEST = "ORDER BY a.published_day DESC, a.id DESC"


def find_placed(connection: Connection, articles: Sequence[int]) -> list[Placed]:
    rows = connection.execute(
        f"{_PLACED} json_each(?) AS wanted CROSS JOIN articles a ON a.id = CAST(wanted.value AS BIGINT)"
        f" {_STORIES} {_NEWEST}",
        (json.dumps(list(articles)),),
    )
    return [_placed(row) for row in rows]


def load_published(connection: Connection, since: date, until: date, limit: int) -> list[Placed]:
    rows = connection.execute(
        f"{_PLACED} articles a {_STORIES} WHERE a.published_day BETWEEN ? AND ? {_NEWEST} LIMIT ?",
        (since.isoformat(), until.isoformat(), max(limit, 0)),
    )
    return [_placed(row) for row in rows]


def load_texts(connection: Connection, articles: Sequence[int]) -> dict[int, str]:
    rows = connection.execute(
        "SELECT a.id, v.text FROM json_each(?) AS wanted CROSS JOIN articles a ON a.id = CAST(wanted.value AS BIGINT)"
        " JOIN article_versions v ON v.article_id = a.id AND v.version = a.version",
        (json.dumps(list(articles)),),
    )
    return {row["id"]: row["text"] for row in rows}


def load_words(connection: Connection, articles: Collection[Source]) -> dict[int, frozenset[str]]:
    rows = connection.execute(
        "SELECT w.place, w.words FROM json_each(?) AS wanted"
        " CROSS JOIN article_words w ON w.place = CAST(wanted.value AS BIGINT)",
        (json.dumps([place(each.published_day, each.article_id) for each in articles]),),
    )
    return {row["place"] & ID: frozenset(row["words"].split()) for row in rows}


def _placed(row: Row) -> Placed:
    return Placed(source=source_of(row), story_id=row["story_id"], origin=row["origin"])
