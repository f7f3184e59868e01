"""A ``FactQuery`` -> SQL that reads an index in the order asked for and stops at the limit.

A query over several people or kinds is one bounded walk for each, merged: a plain ``IN (...)`` would read and sort all
that somebody ever said. Words are looked up (``digests.store.search``) by places that are day number * 2^32 + fact id,
so that "newest first" needs no sorting either.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from digests.model import FACT_CLASSES, FactQuery, Source
from digests.store.search import Search, Table
from digests.store.words import index_words

if TYPE_CHECKING:
    from digests.store.connection import Row

MOST_WORDS = 24
"""So many words of what was asked are looked up; a pasted page is no query."""
MOST_PEOPLE = 24
KINDS = tuple(each.kind for each in FACT_CLASSES)
DUE_KINDS = ("deadline", "event")
SOURCE = "a.title AS a_title, a.publisher, a.byline, a.url, a.published_day"
_FACT = f"f.*, {SOURCE}"
ID = 0xFFFFFFFF
"""The lower half of a place is the row's id."""


@dataclass(slots=True)
class _Where:
    """Conditions and their parameters, gathered in the order they are written."""

    conditions: list[str] = field(default_factory=list)
    params: list[Any] = field(default_factory=list)

    def add(self, condition: str, *params: Any) -> None:
        self.conditions.append(condition)
        self.params += params

    def join(self, other: _Where) -> None:
        self.conditions += other.conditions
        self.params += other.params

    @property
    def sql(self) -> str:
        return " AND ".join(self.conditions)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Branch:
    """A walk along one index that yields (k, id) in order and stops at the limit."""

    sql: str
    params: list[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stretch:
    """Days, both inclusive, of an index by day or by due day; ``days``: only what is due on more than one."""

    first: date | None
    last: date | None
    days: bool = False


def place(day: date | str, row_id: int) -> int:
    """Where a row stands in a search table: by day, then by id."""
    number = (date.fromisoformat(day) if isinstance(day, str) else day).toordinal()
    return (number << 32) | row_id


def search_words(about: str) -> list[str]:
    """The words of a query as search knows them, each once."""
    return index_words([about])[:MOST_WORDS]


def fact_sql(query: FactQuery, search: Search) -> tuple[str, list[Any]] | None:
    """The statement and its parameters; ``None`` when nothing can fit (a search for no word at all)."""
    words = search_words(query.about)
    if query.about.strip() and not words:
        return None
    if (query.article_id is not None or query.story_id is not None or query.articles) and not words:
        return _by_article(query)
    branches = _by_words(query, words, search) if words else _branches(query)
    if not branches:
        return None
    _, way = _order(query)
    union = " UNION ".join(f"SELECT * FROM ({branch.sql}) AS walk" for branch in branches)
    sql = (
        f"SELECT {_FACT} FROM"
        f" (SELECT k, id FROM ({union}) AS found ORDER BY k {way}, id {way} LIMIT ? OFFSET ?) AS picked"
        " CROSS JOIN facts f ON f.id = picked.id CROSS JOIN articles a ON a.id = f.article_id"
        f" ORDER BY picked.k {way}, picked.id {way}"
    )
    return sql, [param for branch in branches for param in branch.params] + [query.limit, query.offset]


def article_sql(about: str, limit: int, offset: int, search: Search) -> tuple[str, list[Any]] | None:
    """Articles by day of publication, newest first, with all the words in title or text."""
    if not about.strip():
        newest = "ORDER BY a.published_day DESC, a.id DESC LIMIT ? OFFSET ?"
        return f"SELECT a.id, a.version, {SOURCE} FROM articles a {newest}", [limit, offset]
    words = search_words(about)
    if not words:
        return None
    match = search.matching("article_search", words)
    sql = (
        f"SELECT a.id, a.version, {SOURCE} FROM article_search s CROSS JOIN articles a ON a.id = {match.place} & {ID}"
        f" WHERE {match.condition} ORDER BY {match.place} DESC LIMIT ? OFFSET ?"
    )
    return sql, [*match.params, limit, offset]


def _order(query: FactQuery) -> tuple[str, str]:
    key = "due_to" if query.order in ("due", "due_latest") else "day"
    return key, "ASC" if query.order in ("due", "oldest") else "DESC"


def _kinds(query: FactQuery) -> tuple[str, ...]:
    kinds = query.kinds or KINDS
    if query.order in ("due", "due_latest") or query.due_since or query.due_until:
        kinds = tuple(kind for kind in kinds if kind in DUE_KINDS)
    return tuple(dict.fromkeys(kinds))


def _stretches(query: FactQuery) -> list[_Stretch]:
    """The stretches of the index to walk.

    What is due between two days ends between them, or ends later and begins before: only what is due on several days
    can do that, and has an index of its own, so that no walk goes through all that is still ahead.
    """
    key, _ = _order(query)
    if key == "day":
        return [_Stretch(first=query.since, last=query.until)]
    if query.due_until is None:
        return [_Stretch(first=query.due_since, last=None)]
    ended = _Stretch(first=query.due_since, last=query.due_until)
    if query.due_until == date.max:
        return [ended]
    after = max(query.due_until + timedelta(days=1), query.due_since or date.min)
    return [ended, _Stretch(first=after, last=None, days=True)]


def _by_words(query: FactQuery, words: list[str], search: Search) -> list[_Branch]:
    kinds = _kinds(query)
    if not kinds:
        return []
    key, way = _order(query)
    table: Table = "due_search" if key == "due_to" else "fact_search"
    tags = _tags(query, kinds, every=DUE_KINDS if table == "due_search" else KINDS)
    found = []
    for stretch in _stretches(query):
        match = search.matching(table, words, [*tags, ["days"]] if stretch.days else tags)
        at = match.place
        where = _Where()
        where.add(match.condition, *match.params)
        if stretch.first:
            where.add(f"{at} >= ?", place(stretch.first, 0))
        if stretch.last and stretch.last < date.max:
            where.add(f"{at} < ?", place(stretch.last + timedelta(days=1), 0))
        rest = _rest(query, stretch)
        join = f"CROSS JOIN facts f ON f.id = {at} & {ID}" if rest.conditions else ""
        where.join(rest)
        sql = (
            f"SELECT {at} >> 32 AS k, {at} & {ID} AS id FROM {table} s {join} WHERE {where.sql}"
            f" ORDER BY {at} {way} LIMIT ?"
        )
        found.append(_Branch(sql=sql, params=[*where.params, query.limit + query.offset]))
    return found


def _tags(query: FactQuery, kinds: tuple[str, ...], *, every: tuple[str, ...]) -> list[list[str]]:
    """What search knows of a fact beside its words; ``every``: the kinds that are in the table."""
    tags = [] if set(every) <= set(kinds) else [list(kinds)]
    if query.entities:
        tags.append([f"person{each}" for each in query.entities])
    if query.said_by:
        tags.append([f"speaker{each}" for each in query.said_by])
    if query.article_id is not None:
        tags.append([f"article{query.article_id}"])
    return tags


def _by_article(query: FactQuery) -> tuple[str, list[Any]] | None:
    """One article has few facts, and a story few articles: read them all and let the database sort."""
    kinds = _kinds(query)
    key, way = _order(query)
    where = _Where()
    where.add("f.status = 'standing'")
    if query.article_id is not None:
        where.add("f.article_id = ?", query.article_id)
    _of_articles(query, where)
    where.add(f"f.kind IN ({', '.join('?' * len(kinds))})", *kinds)
    for people, part in ((query.entities, ""), (query.said_by, " AND x.part = 'speaker'")):
        if people:
            _who(where, people, part)
    _days(query, where)
    _dues(query, where)
    sql = (
        f"SELECT {_FACT} FROM facts f JOIN articles a ON a.id = f.article_id WHERE {where.sql}"
        f" ORDER BY f.{key} {way}, f.id {way} LIMIT ? OFFSET ?"
    )
    return sql, [*where.params, query.limit, query.offset]


def _branches(query: FactQuery) -> list[_Branch]:
    """One walk along an index for every person, part, kind and stretch."""
    people = query.said_by or query.entities
    kinds = _kinds(query)
    if people:
        parts = ("speaker",) if query.said_by else ("speaker", "actor")
        return [
            _of_person(query, stretch, person, part, kind)
            for person in dict.fromkeys(people[:MOST_PEOPLE])
            for part in parts
            for kind in kinds
            for stretch in _stretches(query)
        ]
    if set(kinds) == set(KINDS):
        return [_of_all(query, stretch, None) for stretch in _stretches(query)]
    return [_of_all(query, stretch, kind) for kind in kinds for stretch in _stretches(query)]


def _of_person(query: FactQuery, stretch: _Stretch, person: int, part: str, kind: str) -> _Branch:
    key, way = _order(query)
    where = _Where()
    where.add("p.person_id = ? AND p.part = ? AND p.kind = ?", person, part, kind)
    _walk(where, stretch, f"p.{key}", "p")
    rest = _rest(query, stretch)
    if query.said_by and query.entities:
        _who(rest, query.entities, "")
    index = "INDEXED BY fact_people_of_days" if stretch.days else ""
    join = "JOIN facts f ON f.id = p.fact_id" if rest.conditions else ""
    where.join(rest)
    sql = (
        f"SELECT p.{key} AS k, p.fact_id AS id FROM fact_people p {index} {join} WHERE {where.sql}"
        f" ORDER BY p.{key} {way}, p.fact_id {way} LIMIT ?"
    )
    return _Branch(sql=sql, params=[*where.params, query.limit + query.offset])


def _of_all(query: FactQuery, stretch: _Stretch, kind: str | None) -> _Branch:
    key, way = _order(query)
    where = _Where()
    where.add("f.status = 'standing'")
    if kind:
        where.add("f.kind = ?", kind)
    _walk(where, stretch, f"f.{key}", "f")
    where.join(_rest(query, stretch))
    index = "INDEXED BY facts_of_days" if stretch.days else ""
    sql = f"SELECT f.{key} AS k, f.id FROM facts f {index} WHERE {where.sql} ORDER BY f.{key} {way}, f.id {way} LIMIT ?"
    return _Branch(sql=sql, params=[*where.params, query.limit + query.offset])


def _walk(where: _Where, stretch: _Stretch, column: str, table: str) -> None:
    if column.endswith("due_to"):
        where.add(f"{column} IS NOT NULL")
    if stretch.first:
        where.add(f"{column} >= ?", stretch.first.isoformat())
    if stretch.last:
        where.add(f"{column} <= ?", stretch.last.isoformat())
    if stretch.days:
        where.add(f"{table}.due_from < {table}.due_to")


def _rest(query: FactQuery, stretch: _Stretch) -> _Where:
    """What the walk along the index leaves open, asked of each fact."""
    where = _Where()
    _of_articles(query, where)
    if _order(query)[0] == "day":
        _dues(query, where)
        return where
    _days(query, where)
    if stretch.days and query.due_until:
        where.add("f.due_from <= ?", query.due_until.isoformat())
    return where


def _days(query: FactQuery, where: _Where) -> None:
    if query.since:
        where.add("f.day >= ?", query.since.isoformat())
    if query.until:
        where.add("f.day <= ?", query.until.isoformat())


def _dues(query: FactQuery, where: _Where) -> None:
    if query.due_since:
        where.add("f.due_to >= ?", query.due_since.isoformat())
    if query.due_until:
        where.add("f.due_from <= ?", query.due_until.isoformat())


def _of_articles(query: FactQuery, where: _Where) -> None:
    if query.articles:
        where.add("f.article_id IN (SELECT value FROM json_each(?))", json.dumps(query.articles))
    if query.story_id is not None:
        where.add("f.article_id IN (SELECT article_id FROM story_articles WHERE story_id = ?)", query.story_id)


def _who(where: _Where, people: tuple[int, ...], part: str) -> None:
    marks = ", ".join("?" * len(people))
    where.add(
        f"EXISTS (SELECT 1 FROM fact_people x WHERE x.fact_id = f.id AND x.person_id IN ({marks}){part})", *people
    )


def source_of(row: Row) -> Source:
    """The head of the article whose ``id``, ``version`` and ``SOURCE`` a row holds."""
    return Source(
        article_id=row["id"],
        title=row["a_title"],
        publisher=row["publisher"],
        byline=row["byline"],
        url=row["url"],
        published_day=date.fromisoformat(row["published_day"]),
        version=row["version"],
    )
