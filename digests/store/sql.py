"""The store: the protocol's methods, each one read or one transaction on the shared ``Database``."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from digests.errors import UserError
from digests.history import Change, Edit
from digests.model import (
    Article,
    CopyOf,
    Counts,
    Extraction,
    Fact,
    FactQuery,
    Found,
    NameKeys,
    Part,
    Person,
    Placed,
    Source,
    Story,
    StoryArticle,
)
from digests.store import changes, edits, imports, passages, watch
from digests.store.base import FoundPassages, Grouping, Linking, Saved
from digests.store.codec import fact_from
from digests.store.database import Database
from digests.store.near import load_copies
from digests.store.people import find_candidates, find_people, load_people
from digests.store.placed import find_placed, load_published, load_texts, load_words
from digests.store.queries import SOURCE, article_sql, fact_sql
from digests.store.roll import Roll
from digests.store.saving import check, save, unchanged
from digests.store.stories import find_merged, find_stories, latest_stories, load_articles, load_story
from digests.watch import Entry, NewsSource, Polled, SourceCounts

if TYPE_CHECKING:
    from digests.store.connection import Connection, Row

T = TypeVar("T")
LOOKED_AT = 40
"""Candidates for each of an article's entities."""
STORIES_AMONG = 500
"""Stories about something are those of so many of the newest articles about it."""


class SqlStore:
    """Give it an open ``Database`` whose migrations hold ``FACTS``; closing the store closes the database."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._roll = Roll()

    async def save(
        self,
        article: Article,
        extraction: Extraction,
        *,
        links: Mapping[int, int],
        keys: Mapping[int, NameKeys] | None = None,
        linking: Linking | None = None,
        grouping: Grouping | None = None,
    ) -> Saved:
        check(article, extraction.facts)
        found = keys or {}

        def work(connection: Connection) -> Saved:
            whom = links if linking is None else linking(find_candidates(connection, found, LOOKED_AT))
            return save(connection, article, extraction, links=whom, keys=found, grouping=grouping)

        return await self._write(work)

    async def article(self, article_id: int, *, version: int | None = None) -> Article | None:
        return await self.database.read(lambda connection: _article(connection, article_id, version))

    async def known(self, *, canonical_url: str = "", content_hash: str = "") -> Source | None:
        return await self.database.read(lambda connection: _known(connection, canonical_url, content_hash))

    async def unchanged(self, article: Article) -> int | None:
        found = await self.database.read(lambda connection: unchanged(connection, article))
        return found[0] if found else None

    async def fact(self, fact_id: int) -> Found | None:
        return await self.database.read(lambda connection: _fact(connection, fact_id))

    async def facts(self, query: FactQuery) -> list[Found]:
        asked = fact_sql(query, self.database.search)
        if asked is None or query.limit <= 0:
            return []
        rows = await self.database.read(lambda connection: connection.execute(*asked).fetchall())
        return _all_found(rows)

    async def facts_each(self, queries: Sequence[FactQuery]) -> list[list[Found]]:
        asked = [fact_sql(query, self.database.search) if query.limit > 0 else None for query in queries]
        found = await self.database.read(
            lambda connection: [connection.execute(*each).fetchall() if each else [] for each in asked]
        )
        return [_all_found(rows) for rows in found]

    async def people(self, names: Collection[str]) -> list[Person]:
        return await self.database.read(lambda connection: find_people(connection, names))

    async def person(self, person_id: int) -> Person | None:
        found = await self.database.read(lambda connection: load_people(connection, [person_id]))
        return found[0] if found else None

    async def persons(self, ids: Collection[int]) -> list[Person]:
        return await self.database.read(lambda connection: load_people(connection, list(ids)))

    async def similar_names(self, name: str, *, limit: int = 5) -> list[Person]:
        return await self.database.read(lambda connection: self._similar(connection, name, limit))

    async def latest(self, *, about: str = "", limit: int = 10, offset: int = 0) -> list[Source]:
        asked = article_sql(about, limit, offset, self.database.search)
        if asked is None or limit <= 0:
            return []
        rows = await self.database.read(lambda connection: connection.execute(*asked).fetchall())
        return [_source(row, row["id"]) for row in rows]

    async def passages(
        self, terms: Sequence[str], *, since: date | None = None, until: date | None = None, limit: int = 80
    ) -> FoundPassages:
        search = self.database.search
        return await self.database.read(
            lambda connection: passages.find(connection, terms, since=since, until=until, limit=limit, search=search)
        )

    async def story(self, story_id: int) -> Story | None:
        return await self.database.read(lambda connection: load_story(connection, story_id))

    async def stories(self, *, about: str = "", limit: int = 10, offset: int = 0) -> list[Story]:
        asked = article_sql(about, STORIES_AMONG, 0, self.database.search)
        if asked is None or limit <= 0:
            return []
        matching = asked if about.strip() else None
        return await self.database.read(
            lambda connection: latest_stories(connection, matching, limit=limit, offset=offset)
        )

    async def merged(self, stories: Collection[int]) -> dict[int, int]:
        return await self.database.read(lambda connection: find_merged(connection, list(stories)))

    async def story_articles(self, story_id: int, *, limit: int = 50, offset: int = 0) -> list[StoryArticle]:
        return await self.database.read(lambda connection: load_articles(connection, story_id, limit, offset))

    async def imported(self, keys: Collection[str]) -> dict[str, int]:
        return await self.database.read(lambda connection: imports.imported(connection, keys))

    async def mark_imported(self, marks: Mapping[str, int]) -> None:
        await self._write(lambda connection: imports.mark_imported(connection, marks))

    async def stories_of(self, articles: Collection[int]) -> dict[int, int]:
        return await self.database.read(lambda connection: find_stories(connection, list(articles)))

    async def placed(self, articles: Collection[int]) -> list[Placed]:
        return await self.database.read(lambda connection: find_placed(connection, list(articles)))

    async def published(self, since: date, until: date, *, limit: int = 1000) -> list[Placed]:
        return await self.database.read(lambda connection: load_published(connection, since, until, limit))

    async def words(self, articles: Collection[Source]) -> dict[int, frozenset[str]]:
        return await self.database.read(lambda connection: load_words(connection, articles))

    async def texts(self, articles: Collection[int]) -> dict[int, str]:
        return await self.database.read(lambda connection: load_texts(connection, list(articles)))

    async def copies(self, articles: Collection[int]) -> dict[int, CopyOf]:
        return await self.database.read(lambda connection: load_copies(connection, list(articles)))

    async def changes(self, after: int, *, limit: int = 200) -> list[Change]:
        return await self.database.read(lambda connection: changes.load_changes(connection, after, limit))

    async def gone_since(self, since: datetime, *, limit: int) -> list[tuple[int, datetime]]:
        return await self.database.read(lambda connection: changes.load_gone(connection, since, limit=limit))

    async def last_change(self) -> int:
        return await self.database.read(changes.last_change)

    async def correct(self, before: Fact, after: Fact, *, by: str, why: str, at: datetime) -> int:
        def work(connection: Connection) -> int:
            article = _article(connection, before.evidence[0].article_id, before.evidence[0].version)
            if article is None:
                raise UserError(f"There is no fact {before.id}.")
            check(article, [after])
            return edits.correct(connection, before, after, article=article, word=edits.Word(by=by, why=why, at=at))

        return await self._write(work)

    async def retract(self, fact_id: int, *, by: str, why: str, at: datetime) -> list[int]:
        word = edits.Word(by=by, why=why, at=at)
        return await self._write(lambda connection: edits.retract(connection, fact_id, word=word))

    async def numbers_of(self, articles: Collection[int]) -> list[int]:
        return await self.database.read(lambda connection: edits.load_numbers(connection, articles))

    async def history(self, facts: Collection[int]) -> dict[int, list[Edit]]:
        return await self.database.read(lambda connection: edits.load_history(connection, facts))

    async def counts(self) -> Counts:
        return await self.database.read(_counts)

    async def add_source(self, source: NewsSource, *, at: datetime) -> tuple[NewsSource, bool]:
        return await self._write(lambda connection: watch.add_source(connection, source, at))

    async def remove_source(self, source_id: int) -> bool:
        return await self._write(lambda connection: watch.remove_source(connection, source_id))

    async def pause_source(self, source_id: int, paused: bool) -> bool:
        return await self._write(lambda connection: watch.pause_source(connection, source_id, paused))

    async def source(self, source_id: int) -> NewsSource | None:
        return await self.database.read(lambda connection: watch.source(connection, source_id))

    async def sources(self, *, limit: int = 10_000, offset: int = 0) -> list[NewsSource]:
        return await self.database.read(lambda connection: watch.sources(connection, limit, offset))

    async def due_sources(self, now: datetime, *, limit: int = 100) -> list[NewsSource]:
        return await self.database.read(lambda connection: watch.due_sources(connection, now, limit))

    async def keep_polled(self, polled: Polled, *, at: datetime) -> int:
        return await self._write(lambda connection: watch.keep_polled(connection, polled, at))

    async def waiting(self, now: datetime, *, limit: int = 100, apart_from: Collection[int] = ()) -> list[Entry]:
        return await self.database.read(lambda connection: watch.waiting(connection, now, limit, apart_from))

    async def entry_done(self, entry_id: int, *, article_id: int) -> None:
        await self._write(lambda connection: watch.entry_done(connection, entry_id, article_id))

    async def entry_failed(self, entry_id: int, reason: str, *, retry_at: datetime | None) -> None:
        await self._write(lambda connection: watch.entry_failed(connection, entry_id, reason, retry_at))

    async def undated_files(self, *, limit: int = 10) -> list[Entry]:
        return await self.database.read(lambda connection: watch.undated_files(connection, limit))

    async def troubled_sources(
        self, *, failing_before: datetime, silent_before: datetime, limit: int
    ) -> list[NewsSource]:
        return await self.database.read(
            lambda connection: watch.troubled_sources(connection, failing_before, silent_before, limit)
        )

    async def source_counts(self) -> SourceCounts:
        return await self.database.read(watch.source_counts)

    async def close(self) -> None:
        await self.database.close()

    async def _write(self, work: Callable[[Connection], T]) -> T:
        return await self.database.write(work, subject="facts")

    def _similar(self, connection: Connection, name: str, limit: int) -> list[Person]:
        self._roll = self._roll.grown(connection)
        return load_people(connection, self._roll.nearest(name, limit))


def _article(connection: Connection, article_id: int, version: int | None) -> Article | None:
    row = connection.execute(
        "SELECT a.*, v.version AS v_version, v.content_hash AS v_hash, v.text, v.parts FROM articles a"
        " JOIN article_versions v ON v.article_id = a.id AND v.version = coalesce(?, a.version) WHERE a.id = ?",
        (version, article_id),
    ).fetchone()
    if row is None:
        return None
    return Article(
        text=row["text"],
        parts=tuple(Part(kind=kind, start=start, end=end) for kind, start, end in json.loads(row["parts"])),
        content_hash=row["v_hash"],
        title=row["title"],
        byline=row["byline"],
        publisher=row["publisher"],
        url=row["url"],
        canonical_url=row["canonical_url"],
        published_day=date.fromisoformat(row["published_day"]),
        published_at=datetime.fromisoformat(row["published_at"]) if row["published_at"] else None,
        language=row["language"],
        id=row["id"],
        version=row["v_version"],
    )


def _known(connection: Connection, canonical_url: str, content_hash: str) -> Source | None:
    for column, value in (("content_hash", content_hash), ("canonical_url", canonical_url)):
        if value:
            row = connection.execute(
                f"SELECT a.id, a.version, {SOURCE} FROM articles a WHERE a.{column} = ? AND a.{column} <> ''", (value,)
            ).fetchone()
            if row is not None:
                return _source(row, row["id"])
    return None


def _fact(connection: Connection, fact_id: int) -> Found | None:
    row = connection.execute(
        f"SELECT f.*, {SOURCE} FROM facts f JOIN articles a ON a.id = f.article_id WHERE f.id = ?", (fact_id,)
    ).fetchone()
    return None if row is None else _found(row)


def _found(row: Row) -> Found:
    return Found(fact=fact_from(row), source=_source(row, row["article_id"]))


def _all_found(rows: Sequence[Row]) -> list[Found]:
    """The same of many: names are slow to look up in a row of many columns; facts of one article share its source."""
    names = rows[0].keys() if rows else []
    sources: dict[tuple[int, int], Source] = {}
    found = []
    for each in rows:
        row = dict(zip(names, each, strict=True))
        article = row["article_id"], row["version"]
        if article not in sources:
            sources[article] = _source(row, row["article_id"])
        found.append(Found(fact=fact_from(row), source=sources[article]))
    return found


def _source(row: Row | Mapping[str, Any], article_id: int) -> Source:
    return Source(
        article_id=article_id,
        title=row["a_title"],
        publisher=row["publisher"],
        byline=row["byline"],
        url=row["url"],
        published_day=date.fromisoformat(row["published_day"]),
        version=row["version"],
    )


def _counts(connection: Connection) -> Counts:
    values = dict(connection.execute("SELECT name, value FROM counters").fetchall())
    newest = connection.execute("SELECT max(published_day) FROM articles").fetchone()[0]
    oldest = connection.execute("SELECT min(published_day) FROM articles").fetchone()[0]
    kinds = {name.removeprefix("fact "): value for name, value in values.items() if name.startswith("fact ")}
    return Counts(
        articles=values.get("articles", 0),
        facts=sum(kinds.values()),
        people=values.get("people", 0),
        stories=values.get("stories", 0),
        by_kind=tuple(sorted((kind, value) for kind, value in kinds.items() if value)),
        newest_day=date.fromisoformat(newest) if newest else None,
        oldest_day=date.fromisoformat(oldest) if oldest else None,
    )
