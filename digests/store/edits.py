"""An editor's words on facts: kept for good with who, when and why, the whole fact before and after.

A retracted fact stays retracted whatever its article says next; a corrected one keeps the correction for as long as its
words stand in the article (``digests.store.again``).
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from digests.errors import UserError
from digests.history import ChangeKind, Edit, EditKind
from digests.model import Article, Fact, Role
from digests.store.changes import append_change
from digests.store.codec import fact_from
from digests.store.fact_rows import put_in, take_out
from digests.store.people import roles_again

if TYPE_CHECKING:
    from digests.store.connection import Connection, Row

TABLES = """
CREATE TABLE fact_edits (
    -- what editors said about facts; rows are never changed or removed
    id INTEGER PRIMARY KEY,
    fact_id INTEGER NOT NULL REFERENCES facts (id),
    kind TEXT NOT NULL,               -- correct or retract
    at TEXT NOT NULL,
    by TEXT NOT NULL,                 -- who
    why TEXT NOT NULL,
    before TEXT NOT NULL,             -- JSON: the fact's row until then
    after TEXT                        -- JSON: its row from then on; NULL when it was retracted
);
CREATE INDEX fact_edits_by_fact ON fact_edits (fact_id, id);
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """Who says so, when and why."""

    by: str
    why: str
    at: datetime


def correct(connection: Connection, before: Fact, after: Fact, *, article: Article, word: Word) -> int:
    """Put ``after`` in the place of ``before``, whose number it keeps; the id of the change.

    ``article``: the version both stand in, checked by the caller. Raises ``UserError`` when the fact is another by now.
    """
    row = _row(connection, before.id)
    if row is None or fact_from(row) != before:
        raise UserError(f"Fact {before.id} changed meanwhile: look at /evidence {before.id} and try again.")
    if before.status != "standing":
        raise UserError(f"Fact {before.id} does not stand any more: see /evidence {before.id}.")
    take_out(connection, before.id)
    put_in(connection, after, before.id, article=article, known=True)
    roles_again(connection, [each for each in (before, after) if isinstance(each, Role)])
    _keep(connection, "correct", row, after=_row(connection, before.id), word=word)
    return _append(connection, "correct", row, word)


def retract(connection: Connection, fact_id: int, *, word: Word) -> list[int]:
    """Take a fact, and whatever else says the same line in its article, out of the record; the numbers of all.

    Nothing is done to a fact that is retracted already: the list is empty. Raises ``UserError`` for an unknown number.
    """
    row = _row(connection, fact_id)
    if row is None:
        raise UserError(f"There is no fact {fact_id}.")
    if row["status"] == "retracted":
        return []
    same = connection.execute(
        "SELECT * FROM facts WHERE article_id = ? AND kind = ? AND summary = ? AND status = 'standing' AND id <> ?"
        " ORDER BY id",
        (row["article_id"], row["kind"], row["summary"], fact_id),
    ).fetchall()
    for each in [row, *same]:
        if each["status"] == "standing":
            take_out(connection, each["id"])
        connection.execute("UPDATE facts SET status = 'retracted' WHERE id = ?", (each["id"],))
        _keep(connection, "retract", each, after=None, word=word)
        _append(connection, "retract", each, word)
    roles_again(connection, [fact for each in [row, *same] if isinstance(fact := fact_from(each), Role)])
    return [each["id"] for each in [row, *same]]


def move(connection: Connection, before: Row, *, first_fact: int) -> None:
    """Keep that a new version of its article let a fact be due on another day; its row says so already."""
    change = _append(connection, "moved", before, Word(by="", why="", at=datetime.min), first_fact=first_fact)
    at = connection.execute("SELECT at FROM changes WHERE id = ?", (change,)).fetchone()["at"]
    word = Word(by="", why="", at=datetime.fromisoformat(at))
    _keep(connection, "move", before, after=_row(connection, before["id"]), word=word)


def load_numbers(connection: Connection, articles: Collection[int]) -> list[int]:
    """All facts ever read from these articles, whether they stand or not."""
    rows = connection.execute(
        "SELECT id FROM facts WHERE article_id IN (SELECT value FROM json_each(?)) ORDER BY id",
        (json.dumps(list(articles)),),
    )
    return [row["id"] for row in rows]


def load_history(connection: Connection, facts: Collection[int]) -> dict[int, list[Edit]]:
    """The edits of these facts, oldest first; facts without any are left out."""
    rows = connection.execute(
        "SELECT * FROM fact_edits WHERE fact_id IN (SELECT value FROM json_each(?)) ORDER BY id",
        (json.dumps(list(facts)),),
    )
    found: dict[int, list[Edit]] = {}
    for row in rows:
        found.setdefault(row["fact_id"], []).append(_edit(row))
    return found


def _edit(row: Row) -> Edit:
    return Edit(
        id=row["id"],
        fact_id=row["fact_id"],
        kind=row["kind"],
        at=datetime.fromisoformat(row["at"]),
        by=row["by"],
        why=row["why"],
        before=_fact(row["before"]),
        after=_fact(row["after"]) if row["after"] else None,
    )


def _fact(text: str) -> Fact:
    row: Any = json.loads(text)
    return fact_from(row)


def _row(connection: Connection, fact_id: int) -> Row | None:
    row: Row | None = connection.execute("SELECT * FROM facts WHERE id = ?", (fact_id,)).fetchone()
    return row


def _keep(connection: Connection, kind: EditKind, before: Row, *, after: Row | None, word: Word) -> None:
    connection.execute(
        "INSERT INTO fact_edits (fact_id, kind, at, by, why, before, after) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (before["id"], kind, word.at.isoformat(), word.by, word.why, _text(before), after and _text(after)),
    )


def _text(row: Row) -> str:
    return json.dumps(dict(row), ensure_ascii=False)


def _append(connection: Connection, kind: ChangeKind, row: Row, word: Word, *, first_fact: int = 0) -> int:
    story = connection.execute(
        "SELECT story_id FROM story_articles WHERE article_id = ?", (row["article_id"],)
    ).fetchone()
    return append_change(
        connection,
        kind,
        article_id=row["article_id"],
        version=row["version"],
        story_id=story["story_id"] if story else 0,
        first_fact=first_fact,
        fact_id=row["id"],
        by=word.by,
        why=word.why,
        before=row["summary"],
    )
