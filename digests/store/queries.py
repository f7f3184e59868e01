"""A ``FactQuery`` -> SQL that reads an index in the order asked for and stops at the limit.

A query over several people or kinds is one bounded walk for each, merged: a plain ``IN (...)`` would read and sort all
that somebody ever said. Words are looked up in FTS tables whose rowids are day number * 2^32 + fact id, so that
"newest first" needs no sorting either.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from digests.model import FACT_CLASSES, FactQuery
from digests.text.folding import tokens

MOST_WORDS = 24
"""So many words of what was asked are looked up; a pasted page is no query."""
MOST_PEOPLE = 24
KINDS = tuple(each.kind for each in FACT_CLASSES)
DUE_KINDS = ("deadline", "event")
SOURCE = "a.title AS a_title, a.publisher, a.byline, a.url, a.published_day"
_FACT = f"f.*, {SOURCE}"


@dataclass(slots=True)
class _Where:
    """Conditions and their parameters, gathered in the order they are written."""

    conditions: list[str] = field(default_factory=list)
    params: list[Any] = field(default_factory=list)

    def add(self, condition: str, *params: Any) -> None:
        self.conditions.append(condition)
        self.params += params

    @property
    def sql(self) -> str:
        return " AND ".join(self.conditions)


def place(day: date | str, row_id: int) -> int:
    """Where a row stands in a search table: by day, then by id."""
    number = (date.fromisoformat(day) if isinstance(day, str) else day).toordinal()
    return (number << 32) | row_id


def search_words(about: str) -> list[str]:
    """The folded words of a query, each once."""
    return list(dict.fromkeys(tokens(about)))[:MOST_WORDS]


def fact_sql(query: FactQuery) -> tuple[str, list[Any]] | None:
    """The statement and its parameters; ``None`` when nothing can fit (a search for no word at all)."""
    if query.about.strip():
        words = search_words(query.about)
        return _by_words(query, words) if words else None
    if query.article_id is not None:
        return _by_article(query)
    branches = _branches(query)
    if not branches:
        return None
    _, way = _order(query)
    union = " UNION ".join(f"SELECT * FROM ({sql})" for sql, _ in branches)
    sql = (
        f"SELECT {_FACT} FROM (SELECT k, id FROM ({union}) ORDER BY k {way}, id {way} LIMIT ? OFFSET ?) AS picked"
        " CROSS JOIN facts f ON f.id = picked.id CROSS JOIN articles a ON a.id = f.article_id"
        f" ORDER BY picked.k {way}, picked.id {way}"
    )
    return sql, [param for _, params in branches for param in params] + [query.limit, query.offset]


def article_sql(about: str, limit: int, offset: int) -> tuple[str, list[Any]] | None:
    """Articles by day of publication, newest first, with all the words in title or text."""
    if not about.strip():
        newest = "ORDER BY a.published_day DESC, a.id DESC LIMIT ? OFFSET ?"
        return f"SELECT a.id, a.version, {SOURCE} FROM articles a {newest}", [limit, offset]
    words = search_words(about)
    if not words:
        return None
    sql = (
        f"SELECT a.id, a.version, {SOURCE} FROM article_search s CROSS JOIN articles a ON a.id = s.rowid & 4294967295"
        " WHERE article_search MATCH ? ORDER BY s.rowid DESC LIMIT ? OFFSET ?"
    )
    return sql, [_all(words), limit, offset]


def _order(query: FactQuery) -> tuple[str, str]:
    key = "due_to" if query.order in ("due", "due_latest") else "day"
    return key, "ASC" if query.order in ("due", "oldest") else "DESC"


def _kinds(query: FactQuery) -> tuple[str, ...]:
    kinds = query.kinds or KINDS
    if query.order in ("due", "due_latest") or query.due_since or query.due_until:
        kinds = tuple(kind for kind in kinds if kind in DUE_KINDS)
    return tuple(dict.fromkeys(kinds))


def _by_words(query: FactQuery, words: list[str]) -> tuple[str, list[Any]] | None:
    kinds = _kinds(query)
    if not kinds:
        return None
    key, way = _order(query)
    table = "due_search" if key == "due_to" else "fact_search"
    wanted = [f"words : ({_all(words)})"]
    if set(kinds) != set(KINDS) and not (table == "due_search" and set(kinds) == set(DUE_KINDS)):
        wanted.append(_any(kinds))
    if query.entities:
        wanted.append(_any(f"person{each}" for each in query.entities))
    if query.said_by:
        wanted.append(_any(f"speaker{each}" for each in query.said_by))
    if query.article_id is not None:
        wanted.append(_any([f"article{query.article_id}"]))
    where = _Where()
    where.add(f"{table} MATCH ?", " AND ".join(wanted))
    first, last = (query.due_since, None) if key == "due_to" else (query.since, query.until)
    if first:
        where.add("s.rowid >= ?", place(first, 0))
    if last and last < date.max:
        where.add("s.rowid < ?", place(last + timedelta(days=1), 0))
    _residual(query, where, done=key)
    sql = (
        f"SELECT {_FACT} FROM {table} s CROSS JOIN facts f ON f.id = s.rowid & 4294967295"
        f" CROSS JOIN articles a ON a.id = f.article_id WHERE {where.sql} ORDER BY s.rowid {way} LIMIT ? OFFSET ?"
    )
    return sql, [*where.params, query.limit, query.offset]


def _all(words: list[str]) -> str:
    return " AND ".join(f'"{word}"' for word in words)


def _any(tags: Any) -> str:
    return f"tags : ({' OR '.join(tags)})"


def _by_article(query: FactQuery) -> tuple[str, list[Any]] | None:
    """One article has few facts: read them all and let the database sort."""
    kinds = _kinds(query)
    key, way = _order(query)
    where = _Where()
    where.add("f.article_id = ? AND f.status = 'standing'", query.article_id)
    where.add(f"f.kind IN ({', '.join('?' * len(kinds))})", *kinds)
    for people, part in ((query.entities, ""), (query.said_by, " AND x.part = 'speaker'")):
        if people:
            _who(where, people, part)
    _days(query, where, "f.")
    _residual(query, where, done="day")
    sql = (
        f"SELECT {_FACT} FROM facts f JOIN articles a ON a.id = f.article_id WHERE {where.sql}"
        f" ORDER BY f.{key} {way}, f.id {way} LIMIT ? OFFSET ?"
    )
    return sql, [*where.params, query.limit, query.offset]


def _branches(query: FactQuery) -> list[tuple[str, list[Any]]]:
    """One walk along an index for every person, part and kind."""
    people = query.said_by or query.entities
    if people:
        parts = ("speaker",) if query.said_by else ("speaker", "actor")
        return [
            _of_person(query, person, part, kind)
            for person in dict.fromkeys(people[:MOST_PEOPLE])
            for part in parts
            for kind in _kinds(query)
        ]
    kinds = _kinds(query)
    if set(kinds) == set(KINDS):
        return [_of_all(query, None)]
    return [_of_all(query, kind) for kind in kinds]


def _of_person(query: FactQuery, person: int, part: str, kind: str) -> tuple[str, list[Any]]:
    key, way = _order(query)
    where, rest = _Where(), _Where()
    where.add("p.person_id = ? AND p.part = ? AND p.kind = ?", person, part, kind)
    _residual(query, rest, done=key)
    if query.said_by and query.entities:
        _who(rest, query.entities, "")
    _days(query, where, "p.") if key == "day" else _dues(query, where, "p.")
    join = "JOIN facts f ON f.id = p.fact_id" if rest.conditions else ""
    where.add(" AND ".join(["1", *rest.conditions]), *rest.params)
    sql = (
        f"SELECT p.{key} AS k, p.fact_id AS id FROM fact_people p {join} WHERE {where.sql}"
        f" ORDER BY p.{key} {way}, p.fact_id {way} LIMIT ?"
    )
    return sql, [*where.params, query.limit + query.offset]


def _of_all(query: FactQuery, kind: str | None) -> tuple[str, list[Any]]:
    key, way = _order(query)
    where = _Where()
    where.add("f.status = 'standing'")
    if kind:
        where.add("f.kind = ?", kind)
    _days(query, where, "f.") if key == "day" else _dues(query, where, "f.")
    _residual(query, where, done=key)
    sql = f"SELECT f.{key} AS k, f.id FROM facts f WHERE {where.sql} ORDER BY f.{key} {way}, f.id {way} LIMIT ?"
    return sql, [*where.params, query.limit + query.offset]


def _days(query: FactQuery, where: _Where, table: str) -> None:
    if query.since:
        where.add(f"{table}day >= ?", query.since.isoformat())
    if query.until:
        where.add(f"{table}day <= ?", query.until.isoformat())


def _dues(query: FactQuery, where: _Where, table: str) -> None:
    where.add(f"{table}due_to IS NOT NULL")
    if query.due_since:
        where.add(f"{table}due_to >= ?", query.due_since.isoformat())


def _residual(query: FactQuery, where: _Where, *, done: str) -> None:
    """What the walk along the index leaves open, asked of each fact."""
    if done == "due_to":
        _days(query, where, "f.")
    elif query.due_since or query.due_until or query.order in ("due", "due_latest"):
        _dues(query, where, "f.")
    if query.due_until:
        where.add("f.due_from <= ?", query.due_until.isoformat())


def _who(where: _Where, people: tuple[int, ...], part: str) -> None:
    marks = ", ".join("?" * len(people))
    where.add(
        f"EXISTS (SELECT 1 FROM fact_people x WHERE x.fact_id = f.id AND x.person_id IN ({marks}){part})", *people
    )
