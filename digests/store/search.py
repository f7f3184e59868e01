"""How words are looked up: all in which SQLite's search and PostgreSQL's differ stands here.

Both hold the same folded words at the same places (a day's number above an id: the order of places is that of days),
and both are walked from the newest and left at the limit. SQLite: FTS5 tables whose rowids are places. PostgreSQL:
tables of one row a word and place (``digests.store.postgres.search_tables``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    from digests.store.connection import Connection

Table = Literal["fact_search", "due_search", "article_search"]
Tags = Sequence[Sequence[str]]
"""Of each group one tag must be there."""
MOST_JOINED = 5
"""The words by which PostgreSQL may choose where to begin; longer ones are rarer, mostly."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matching:
    """What a row ``s`` of the search table must hold, and its column that says where a match stands."""

    place: str
    condition: str
    params: Sequence[Any]


class Search(Protocol):
    """Words are ``a-z0-9`` alone: those of ``digests.store.words``, or terms without their signs."""

    def matching(self, table: Table, words: Sequence[str], tags: Tags = ()) -> Matching:
        """What holds all of the words."""
        ...

    def passages(
        self, terms: Sequence[str], *, least: int, first: int, last: int, limit: int
    ) -> tuple[str, Sequence[Any]]:
        """A statement for the column ``place``, newest first: where so many of a few terms stand in a passage.

        ``first`` and ``last``: of the places to look at, ``last`` is the first that is not.
        """
        ...

    def seen(self, connection: Connection, term: str) -> int:
        """In how many passages a term stands."""
        ...


class Fts5:
    """SQLite's."""

    def matching(self, table: Table, words: Sequence[str], tags: Tags = ()) -> Matching:
        every = " AND ".join(f'"{word}"' for word in words)
        if table == "article_search":
            match = every
        else:
            match = " AND ".join([f"words : ({every})", *(f"tags : ({' OR '.join(group)})" for group in tags)])
        return Matching(place="s.rowid", condition=f"{table} MATCH ?", params=[match])

    def passages(
        self, terms: Sequence[str], *, least: int, first: int, last: int, limit: int
    ) -> tuple[str, Sequence[Any]]:
        groups = (" AND ".join(f'"{term}"' for term in group) for group in combinations(terms, least))
        sql = (
            "SELECT rowid AS place FROM passage_search WHERE passage_search MATCH ? AND rowid >= ? AND rowid < ?"
            " ORDER BY rowid DESC LIMIT ?"
        )
        return sql, [" OR ".join(groups), first, last, limit]

    def seen(self, connection: Connection, term: str) -> int:
        row = connection.execute("SELECT doc FROM passage_terms WHERE term = ?", (term,)).fetchone()
        return int(row[0]) if row else 0


class WordLists:
    """PostgreSQL's. A tag is a word with a sign before it, so that nobody can ask for it."""

    def matching(self, table: Table, words: Sequence[str], tags: Tags = ()) -> Matching:
        signed = [[f"#{tag}" for tag in group] for group in tags]
        alone = [group[0] for group in signed if len(group) == 1]
        first, *others = sorted(words, key=len, reverse=True)
        joined = [*others[: MOST_JOINED - 1], *alone]
        also = f"EXISTS (SELECT 1 FROM {table} t WHERE t.place = s.place AND t.word"
        conditions = ["s.word = ?"] + [f"{also} = ?)"] * len(joined)
        params: list[Any] = [first, *joined]
        for group in signed:
            if len(group) > 1:
                conditions.append(f"{also} IN ({_marks(group)}))")
                params += group
        rest = others[MOST_JOINED - 1 :]
        if rest:
            conditions.append(
                f"(SELECT count(*) FROM {table} t WHERE t.place = s.place AND t.word IN ({_marks(rest)})) = {len(rest)}"
            )
            params += rest
        return Matching(place="s.place", condition=" AND ".join(conditions), params=params)

    def passages(
        self, terms: Sequence[str], *, least: int, first: int, last: int, limit: int
    ) -> tuple[str, Sequence[Any]]:
        each = "SELECT place FROM passage_search WHERE word = ? AND place >= ? AND place < ?"
        sql = (
            f"SELECT place FROM ({' UNION ALL '.join([each] * len(terms))}) AS s"
            f" GROUP BY place HAVING count(*) >= {least} ORDER BY place DESC LIMIT ?"
        )
        return sql, [*(value for term in terms for value in (term, first, last)), limit]

    def seen(self, connection: Connection, term: str) -> int:
        return int(connection.execute("SELECT count(*) FROM passage_search WHERE word = ?", (term,)).fetchone()[0])


def _marks(values: Sequence[str]) -> str:
    return ", ".join("?" * len(values))
