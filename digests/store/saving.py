"""Saving one article with its facts: checked first, then written by statements of one transaction."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from digests.errors import EvidenceError, UndatedArticle
from digests.model import Actor, Article, ChangeKind, Extraction, Fact, NameKeys, Role, Span, with_entities
from digests.store import near
from digests.store.base import Grouping, Saved
from digests.store.changes import append_change
from digests.store.codec import FIELDS, acting, fact_values
from digests.store.people import named, people_in, take_in, take_in_role
from digests.store.queries import place
from digests.store.stories import find_stories, renew, take_in_article
from digests.store.words import index_words

if TYPE_CHECKING:
    from sqlite3 import Connection

_FACT_COLUMNS = (
    *("id", "kind", "summary", "quote", "speaker", "speaker_id", "actor", "actor_id", "day", "due_from", "due_to"),
    *("value", "low", "high", "unit", "title", "office_of", "status", "origin", "confidence"),
    *("article_id", "version", "quote_start", "quote_end", "detail"),
)
_INSERT_FACT = (
    f"INSERT INTO facts ({', '.join(_FACT_COLUMNS)}) VALUES ({', '.join(f':{name}' for name in _FACT_COLUMNS)})"
)


def check(article: Article, facts: Sequence[Fact]) -> date:
    """The article's day; raises ``EvidenceError`` for a quote not at its offsets, ``UndatedArticle`` without a day."""
    for fact in facts:
        for each in fact.evidence:
            if not each.quote or article.text[each.start : each.end] != each.quote or each.start < 0:
                raise EvidenceError(
                    f"a {fact.kind} rests on words that are not in its article at {each.start}-{each.end}:"
                    f" {each.quote[:80]!r}; nothing was saved"
                )
        if not fact.evidence:
            raise EvidenceError(f"a {fact.kind} without evidence: {fact.summary[:80]!r}; nothing was saved")
    if article.published_day is None:
        raise UndatedArticle(
            "the article has no day of publication: say when it was published (--published YYYY-MM-DD)"
        )
    return article.published_day


def save(
    connection: Connection,
    article: Article,
    extraction: Extraction,
    *,
    links: Mapping[int, int],
    keys: Mapping[int, NameKeys],
    grouping: Grouping | None = None,
) -> Saved:
    """Write it all; the caller holds the transaction and has called ``check``."""
    known = connection.execute(
        "SELECT id, version FROM articles WHERE content_hash = ?", (article.content_hash,)
    ).fetchone()
    if known is not None:
        story_id = find_stories(connection, [known["id"]])[known["id"]]
        return Saved(article_id=known["id"], version=known["version"], fact_ids=(), created=False, story_id=story_id)
    day = article.published_day
    assert day is not None
    touched = _touched(connection, article)
    if touched is not None:
        return touched
    article_id, version = _save_article(connection, article)
    placed = replace(article, id=article_id, version=version)
    near.take_in(connection, placed)
    story_id = take_in_article(connection, placed, grouping) if version == 1 else renew(connection, placed)
    ids = take_in(connection, named(extraction), links=links, keys=keys, day=day)
    facts = with_entities(extraction, ids).facts
    kept = _stand_again(connection, article_id, facts) if version > 1 else {}
    first_fact = _next_fact(connection)
    fact_ids = _save_facts(connection, facts, kept=kept, article=placed)
    kind: ChangeKind = "new" if version == 1 else "version"
    append_change(connection, kind, article_id=article_id, version=version, story_id=story_id, first_fact=first_fact)
    return Saved(article_id=article_id, version=version, fact_ids=fact_ids, created=True, story_id=story_id)


def _touched(connection: Connection, article: Article) -> Saved | None:
    """What is known of the article under its address when it says nothing new: a date or a credit was touched alone."""
    row = connection.execute(
        "SELECT a.id, a.version, v.text, v.parts FROM articles a JOIN article_versions v ON v.article_id = a.id"
        " AND v.version = a.version WHERE a.canonical_url = ? AND a.canonical_url <> ''",
        (article.canonical_url,),
    ).fetchone()
    if row is None:
        return None
    parts = [(part.kind, part.start, part.end) for part in article.parts]
    if _said(row["text"], json.loads(row["parts"])) != _said(article.text, parts):
        return None
    story_id = find_stories(connection, [row["id"]])[row["id"]]
    return Saved(article_id=row["id"], version=row["version"], fact_ids=(), created=False, story_id=story_id)


def _said(text: str, parts: Sequence[tuple[str, int, int]]) -> list[str]:
    """What an article says, in its order; blanks, datelines, bylines and credits aside."""
    return [" ".join(text[start:end].split()) for kind, start, end in parts if kind in ("headline", "heading", "body")]


def _save_article(connection: Connection, article: Article) -> tuple[int, int]:
    """The id and version it got: the next version of the article known under its address, else a new article."""
    values = {
        "title": article.title,
        "publisher": article.publisher,
        "byline": article.byline,
        "published_day": article.published_day.isoformat() if article.published_day else "",
        "published_at": article.published_at.isoformat() if article.published_at else None,
        "language": article.language,
        "url": article.url,
        "canonical_url": article.canonical_url,
        "content_hash": article.content_hash,
    }
    row = connection.execute(
        "SELECT id, version, published_day FROM articles WHERE (canonical_url = ? AND canonical_url <> '') OR id = ?",
        (article.canonical_url, article.id),
    ).fetchone()
    if row is None:
        names = ", ".join(values)
        marks = ", ".join(f":{name}" for name in values)
        article_id = int(connection.execute(f"INSERT INTO articles ({names}) VALUES ({marks})", values).lastrowid or 0)
        version = 1
    else:
        article_id, version = row["id"], row["version"] + 1
        changes = ", ".join(f"{name} = :{name}" for name in values)
        connection.execute(
            f"UPDATE articles SET {changes}, version = :version WHERE id = :id",
            values | {"version": version, "id": article_id},
        )
        connection.execute("DELETE FROM article_words WHERE place = ?", (place(row["published_day"], article_id),))
    parts = json.dumps([[part.kind, part.start, part.end] for part in article.parts])
    connection.execute(
        "INSERT INTO article_versions (article_id, version, content_hash, parts, text) VALUES (?, ?, ?, ?, ?)",
        (article_id, version, article.content_hash, parts, article.text),
    )
    words = _words(article.title, article.publisher, article.byline, article.text)
    connection.execute(
        "INSERT INTO article_words VALUES (?, ?)", (place(values["published_day"] or "", article_id), words)
    )
    return article_id, version


def _stand_again(connection: Connection, article_id: int, facts: Sequence[Fact]) -> dict[int, int]:
    """Facts of the last version that the new one makes again keep their ids (position in ``facts`` -> id).

    The same words say the same fact even where its one line is put otherwise now. The others no longer stand: their
    words are gone, or mean something else now.
    """
    old = connection.execute(
        "SELECT id, kind, quote, summary FROM facts WHERE article_id = ? AND status = 'standing' ORDER BY id",
        (article_id,),
    ).fetchall()
    kept: dict[int, int] = {}
    for same in (lambda has: (has["kind"], has["quote"], has["summary"]), lambda has: (has["kind"], has["quote"])):
        waiting: dict[tuple[str, ...], list[int]] = {}
        for row in old:
            if row["id"] not in kept.values():
                waiting.setdefault(same(row), []).append(row["id"])
        for at, fact in enumerate(facts):
            ids = waiting.get(same({"kind": fact.kind, "quote": fact.quote, "summary": fact.summary}))
            if ids and at not in kept:
                kept[at] = ids.pop(0)
    gone = [row["id"] for row in old if row["id"] not in kept.values()]
    for fact_id in [*gone, *kept.values()]:
        _forget_words(connection, fact_id)
    connection.executemany("UPDATE facts SET status = 'corrected' WHERE id = ?", [(fact_id,) for fact_id in gone])
    return kept


def _forget_words(connection: Connection, fact_id: int) -> None:
    row = connection.execute("SELECT day, due_to FROM facts WHERE id = ?", (fact_id,)).fetchone()
    connection.execute("DELETE FROM fact_words WHERE place = ?", (place(row["day"], fact_id),))
    if row["due_to"]:
        connection.execute("DELETE FROM due_words WHERE place = ?", (place(row["due_to"], fact_id),))
    connection.execute("DELETE FROM fact_people WHERE fact_id = ?", (fact_id,))


def _save_facts(
    connection: Connection, facts: Sequence[Fact], *, kept: Mapping[int, int], article: Article
) -> tuple[int, ...]:
    day = article.published_day
    assert day is not None
    following = _next_fact(connection)
    ids: list[int] = []
    for at, fact in enumerate(facts):
        fact_id = kept.get(at)
        if fact_id is None:
            fact_id, following = following, following + 1
        row = fact_values(fact, day=day) | {
            "id": fact_id,
            "article_id": article.id,
            "version": article.version,
            "speaker_id": fact.said_by.entity if fact.said_by else None,
            "actor_id": _actor_id(fact),
        }
        row = dict.fromkeys(_FACT_COLUMNS) | row
        if at in kept:
            changes = ", ".join(f"{name} = :{name}" for name in _FACT_COLUMNS if name not in ("id", "kind"))
            connection.execute(f"UPDATE facts SET {changes} WHERE id = :id", row)
        else:
            connection.execute(_INSERT_FACT, row)
        if fact.status == "standing":
            _index(connection, fact, row, title=article.title)
        if isinstance(fact, Role) and fact.entity is not None:
            take_in_role(connection, fact, person_id=fact.entity, fact_id=fact_id, day=day)
        ids.append(fact_id)
    return tuple(ids)


def _next_fact(connection: Connection) -> int:
    return int(connection.execute("SELECT coalesce(max(id), 0) FROM facts").fetchone()[0]) + 1


def _actor_id(fact: Fact) -> int | None:
    if isinstance(fact, Role):
        return fact.entity
    actor = acting(fact)
    return actor.entity if actor else None


def _index(connection: Connection, fact: Fact, row: Mapping[str, Any], *, title: str) -> None:
    """Make a standing fact findable by its people and its words."""
    fact_id, day, due_from, due_to = row["id"], row["day"], row["due_from"], row["due_to"]
    people = people_in(fact)
    connection.executemany(
        "INSERT INTO fact_people VALUES (?, ?, ?, ?, ?, ?, ?)",
        [(person, part, fact.kind, day, fact_id, due_from, due_to) for part, person in people],
    )
    words = _words(fact.summary, *(each.quote for each in fact.evidence), *_names(fact), title)
    tags = " ".join(
        [fact.kind, f"article{row['article_id']}"]
        + [f"person{person}" for _, person in people]
        + [f"speaker{person}" for part, person in people if part == "speaker"]
        + ["days"] * (due_from != due_to)
    )
    connection.execute("INSERT INTO fact_words VALUES (?, ?, ?)", (place(day, fact_id), words, tags))
    if due_to:
        connection.execute("INSERT INTO due_words VALUES (?, ?, ?)", (place(due_to, fact_id), words, tags))


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


def _words(*texts: str) -> str:
    return " ".join(index_words(texts))
