"""Saving one article with its facts: checked first, then written by statements of one transaction."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from digests.errors import EvidenceError, UndatedArticle
from digests.history import ChangeKind
from digests.model import Article, Extraction, Fact, NameKeys, Role, with_entities
from digests.store import edits, near, passages
from digests.store.again import Again, stand_again
from digests.store.base import Grouping, Saved
from digests.store.changes import append_change
from digests.store.fact_rows import put_in_all, words_of
from digests.store.people import named, take_in, take_in_role
from digests.store.queries import place
from digests.store.stories import find_stories, renew, take_in_article

if TYPE_CHECKING:
    from digests.store.connection import Connection


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
    known = unchanged(connection, article)
    if known is not None:
        article_id, version = known
        story_id = find_stories(connection, [article_id])[article_id]
        return Saved(article_id=article_id, version=version, fact_ids=(), created=False, story_id=story_id)
    day = article.published_day
    assert day is not None
    article_id, version = _save_article(connection, article)
    placed = replace(article, id=article_id, version=version)
    near.take_in(connection, placed)
    passages.take_in(connection, placed)
    story_id = take_in_article(connection, placed, grouping) if version == 1 else renew(connection, placed)
    ids = take_in(connection, named(extraction), links=links, keys=keys, day=day)
    facts = with_entities(extraction, ids).facts
    again = stand_again(connection, placed, facts) if version > 1 else Again()
    first_fact = _next_fact(connection)
    fact_ids = _save_facts(connection, facts, again=again, article=placed)
    kind: ChangeKind = "new" if version == 1 else "version"
    append_change(connection, kind, article_id=article_id, version=version, story_id=story_id, first_fact=first_fact)
    for before in again.moved.values():
        edits.move(connection, before, first_fact=first_fact)
    return Saved(
        article_id=article_id,
        version=version,
        fact_ids=fact_ids,
        created=True,
        story_id=story_id,
        retracted=tuple(sorted(again.retracted)),
    )


def unchanged(connection: Connection, article: Article) -> tuple[int, int] | None:
    """Id and version of what is known of an article that says nothing new.

    Its very text is there, or under its address what says the same: a date or a credit was touched alone.
    """
    same = "SELECT id, version FROM articles WHERE content_hash = ?"
    known = connection.execute(same, (article.content_hash,)).fetchone()
    if known is not None:
        return known["id"], known["version"]
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
    return row["id"], row["version"]


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
        inserted = connection.execute(f"INSERT INTO articles ({names}) VALUES ({marks}) RETURNING id", values)
        article_id = int(inserted.fetchone()[0])
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
    words = words_of(article.title, article.publisher, article.byline, article.text)
    connection.execute(
        "INSERT INTO article_words VALUES (?, ?)", (place(values["published_day"] or "", article_id), words)
    )
    return article_id, version


def _save_facts(connection: Connection, facts: Sequence[Fact], *, again: Again, article: Article) -> tuple[int, ...]:
    """The numbers of those that are shown; in the place of others an editor's words stand, or nothing."""
    day = article.published_day
    assert day is not None
    following = _next_fact(connection)
    numbered: list[tuple[Fact, int, bool]] = []
    for at, fact in enumerate(facts):
        if at in again.spoken:
            continue
        fact_id = again.kept.get(at)
        if fact_id is None:
            fact_id, following = following, following + 1
        numbered.append((fact, fact_id, at in again.kept))
    put_in_all(connection, numbered, article=article)
    for fact, fact_id, _ in numbered:
        if isinstance(fact, Role) and fact.entity is not None and fact.origin != "model":
            take_in_role(connection, fact, person_id=fact.entity, fact_id=fact_id, day=day)
    return tuple(fact_id for _, fact_id, _ in numbered)


def _next_fact(connection: Connection) -> int:
    return int(connection.execute("SELECT coalesce(max(id), 0) FROM facts").fetchone()[0]) + 1
