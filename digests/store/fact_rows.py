"""One fact's row and all it is found by: written together, taken out together, so that every query agrees."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from digests.model import Actor, Article, Fact, Role, Span
from digests.store.codec import FIELDS, acting, fact_values
from digests.store.people import people_in
from digests.store.queries import place
from digests.store.words import index_words

if TYPE_CHECKING:
    from digests.store.connection import Connection

Row = dict[str, Any]
_COLUMNS = (
    *("id", "kind", "summary", "quote", "speaker", "speaker_id", "actor", "actor_id", "day", "due_from", "due_to"),
    *("value", "low", "high", "unit", "title", "office_of", "status", "origin", "confidence"),
    *("article_id", "version", "quote_start", "quote_end", "detail"),
)
_INSERT = f"INSERT INTO facts ({', '.join(_COLUMNS)}) VALUES ({', '.join(f':{name}' for name in _COLUMNS)})"
_CHANGES = ", ".join(f"{name} = :{name}" for name in _COLUMNS if name not in ("id", "kind"))
_UPDATE = f"UPDATE facts SET {_CHANGES} WHERE id = :id"


def row_of(fact: Fact, fact_id: int, *, article: Article) -> Row:
    """The row of a fact of this very version of its article."""
    assert article.published_day is not None, "checked before the transaction"
    return dict.fromkeys(_COLUMNS) | {
        **fact_values(fact, day=article.published_day),
        "id": fact_id,
        "article_id": article.id,
        "version": article.version,
        "speaker_id": fact.said_by.entity if fact.said_by else None,
        "actor_id": _actor_id(fact),
    }


def put_in(connection: Connection, fact: Fact, fact_id: int, *, article: Article, known: bool) -> None:
    """Write a fact's row; one that stands is found from now on. A ``known`` one was taken out before."""
    put_in_all(connection, [(fact, fact_id, known)], article=article)


def put_in_all(connection: Connection, facts: Sequence[tuple[Fact, int, bool]], *, article: Article) -> None:
    """The same for facts of one article, each with its number and whether it is known: a table at a time."""
    rows = [(fact, row_of(fact, fact_id, article=article), known) for fact, fact_id, known in facts]
    connection.executemany(_UPDATE, [row for _, row, known in rows if known])
    connection.executemany(_INSERT, [row for _, row, known in rows if not known])
    standing = [(fact, row) for fact, row, _ in rows if fact.status == "standing"]
    connection.executemany(
        "INSERT INTO fact_people VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (person, part, fact.kind, row["day"], row["id"], row["due_from"], row["due_to"])
            for fact, row in standing
            for part, person in people_in(fact)
        ],
    )
    found_by = [(row, *_found_by(fact, row, title=article.title)) for fact, row in standing]
    for table, day in (("fact_words", "day"), ("due_words", "due_to")):
        connection.executemany(
            f"INSERT INTO {table} VALUES (?, ?, ?)",
            [(place(row[day], row["id"]), words, tags) for row, words, tags in found_by if row[day]],
        )


def take_out(connection: Connection, fact_id: int) -> None:
    """Nothing finds the fact any more but its number."""
    row = connection.execute("SELECT day, due_to FROM facts WHERE id = ?", (fact_id,)).fetchone()
    connection.execute("DELETE FROM fact_words WHERE place = ?", (place(row["day"], fact_id),))
    if row["due_to"]:
        connection.execute("DELETE FROM due_words WHERE place = ?", (place(row["due_to"], fact_id),))
    connection.execute("DELETE FROM fact_people WHERE fact_id = ?", (fact_id,))


def words_of(*texts: str) -> str:
    return " ".join(index_words(texts))


def _actor_id(fact: Fact) -> int | None:
    if isinstance(fact, Role):
        return fact.entity
    actor = acting(fact)
    return actor.entity if actor else None


def _found_by(fact: Fact, row: Row, *, title: str) -> tuple[str, str]:
    """The words and tags by which a standing fact is found."""
    people = people_in(fact)
    words = words_of(fact.summary, *(each.quote for each in fact.evidence), *_names(fact), title)
    tags = " ".join(
        [fact.kind, f"article{row['article_id']}"]
        + [f"person{person}" for _, person in people]
        + [f"speaker{person}" for part, person in people if part == "speaker"]
        + ["days"] * (row["due_from"] != row["due_to"])
    )
    return words, tags


def _names(fact: Fact) -> list[str]:
    found: list[str] = []
    for name in FIELDS[type(fact)]:
        value = getattr(fact, name)
        if isinstance(value, Actor):
            found += [value.name, value.stands_for or ""]
        elif name in ("name", "title", "of", "where", "via", "said_to") and isinstance(value, str):
            found.append(value)
        elif name in ("content", "action") and isinstance(value, Span):
            found.append(value.text)
    return found
