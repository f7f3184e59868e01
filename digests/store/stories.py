"""The stories' rows: looking up those that may fit, taking an article in, merging, and reading them again.

Everything an article's placing needs is read and written in the transaction that saves the article, so that two
processes never open one story twice.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from digests.model import Article, Story, StoryArticle
from digests.store.base import Grouping, Placement, StoryKept
from digests.store.near import origin_copied
from digests.store.queries import SOURCE, source_of

if TYPE_CHECKING:
    from digests.store.connection import Connection, Row

_LONGEST = timedelta(days=90)
"""A story whose last article is later than that is not looked at: few go on for so long."""
_TOGETHER = 16
"""The words of so many articles are counted at once."""
_STORY = "s.id, s.first_day, s.last_day, s.articles, s.outlets, s.origins"


def take_in_article(connection: Connection, article: Article, grouping: Grouping | None) -> int:
    """Put a new article where it belongs; the id of its story. Without ``grouping`` it is a story of its own."""
    day = _day(article)
    placement = _placement(connection, grouping, day) if grouping else Placement(story=None, profile="", keys={})
    story_id = placement.story if placement.story is not None else _new(connection, day)
    origin = placement.origin or origin_copied(connection, article.id) or placement.outlet or article.publisher
    connection.execute(
        "INSERT INTO story_articles (article_id, story_id, day, outlet, origin) VALUES (?, ?, ?, ?, ?)",
        (article.id, story_id, day.isoformat(), article.publisher, origin),
    )
    for other in placement.absorbed:
        _absorb(connection, other, into=story_id)
    connection.execute("UPDATE stories SET profile = ? WHERE id = ?", (placement.profile, story_id))
    _describe(connection, story_id, placement.keys)
    return story_id


def renew(connection: Connection, article: Article) -> int:
    """A further version stays in its story, with the day and publisher it has now; the story's id."""
    story_id = find_stories(connection, [article.id])[article.id]
    connection.execute(
        "UPDATE story_articles SET day = ?, outlet = ? WHERE article_id = ?",
        (_day(article).isoformat(), article.publisher, article.id),
    )
    keys = connection.execute("SELECT key, weight FROM story_keys WHERE story_id = ?", (story_id,)).fetchall()
    _describe(connection, story_id, {row["key"]: row["weight"] for row in keys})
    return story_id


def find_stories(connection: Connection, articles: Sequence[int]) -> dict[int, int]:
    """Article id -> story id."""
    rows = connection.execute(
        "SELECT article_id, story_id FROM story_articles WHERE article_id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(articles)),),
    )
    return {row["article_id"]: row["story_id"] for row in rows}


def find_merged(connection: Connection, stories: Sequence[int]) -> dict[int, int]:
    """Story id -> where it leads, of those that were merged."""
    rows = connection.execute(
        "WITH RECURSIVE went (id, into_id) AS (SELECT s.id, s.merged_into FROM stories s"
        " WHERE s.merged_into IS NOT NULL AND s.id IN (SELECT value FROM json_each(?))"
        " UNION SELECT went.id, s.merged_into FROM went JOIN stories s ON s.id = went.into_id"
        " WHERE s.merged_into IS NOT NULL)"
        " SELECT went.id, into_id FROM went JOIN stories s ON s.id = into_id WHERE s.merged_into IS NULL",
        (json.dumps(list(stories)),),
    )
    return {row["id"]: row["into_id"] for row in rows}


def load_story(connection: Connection, story_id: int) -> Story | None:
    """The story of that id, or the one it was merged into."""
    row = connection.execute(
        "WITH RECURSIVE went (id) AS (VALUES (CAST(? AS BIGINT)) UNION"
        " SELECT s.merged_into FROM stories s JOIN went ON s.id = went.id"
        f" WHERE s.merged_into IS NOT NULL) SELECT {_STORY} FROM stories s JOIN went ON s.id = went.id"
        " WHERE s.merged_into IS NULL",
        (story_id,),
    ).fetchone()
    return None if row is None else _story(connection, row)


def latest_stories(
    connection: Connection, matching: tuple[str, list[Any]] | None, *, limit: int, offset: int
) -> list[Story]:
    """Newest first. ``matching``: a statement for the articles to choose from, newest first; None for all."""
    if matching is None:
        rows = connection.execute(
            f"SELECT {_STORY} FROM stories s WHERE s.merged_into IS NULL"
            " ORDER BY s.last_day DESC, s.id DESC LIMIT ? OFFSET ?",
            (limit, offset),
        ).fetchall()
        return [_story(connection, row) for row in rows]
    ids = [row["id"] for row in connection.execute(*matching)]
    of = find_stories(connection, ids)
    stories = list(dict.fromkeys(of[each] for each in ids))[offset : offset + limit]
    return [story for each in stories if (story := load_story(connection, each)) is not None]


def load_articles(connection: Connection, story_id: int, limit: int, offset: int) -> list[StoryArticle]:
    """A story's articles, newest first."""
    rows = connection.execute(
        f"SELECT a.id, a.version, {SOURCE}, t.origin FROM story_articles t JOIN articles a ON a.id = t.article_id"
        " WHERE t.story_id = ? ORDER BY t.day DESC, t.article_id DESC LIMIT ? OFFSET ?",
        (story_id, limit, offset),
    ).fetchall()
    return [StoryArticle(source=source_of(row), origin=row["origin"]) for row in rows]


def _placement(connection: Connection, grouping: Grouping, day: date) -> Placement:
    rows = connection.execute(
        "SELECT word, articles FROM story_words WHERE word IN (SELECT value FROM json_each(?))",
        (json.dumps(list(grouping.words)),),
    )
    seen = Counter({row["word"]: row["articles"] for row in rows})
    lately = [json.loads(row["words"]) for row in connection.execute("SELECT words FROM story_words_lately")]
    wanted = set(grouping.words)
    for words in lately:
        seen.update(wanted.intersection(words))
    counted = connection.execute("SELECT value FROM counters WHERE name = 'grouped'").fetchone()
    articles = counted["value"] if counted else 0
    near = _near(connection, grouping, grouping.keys(articles=articles, seen=seen), day)
    placement = grouping.place(near, articles=articles, seen=seen)
    _count(connection, grouping.words, lately)
    connection.execute(
        "INSERT INTO counters VALUES ('grouped', 1) ON CONFLICT (name) DO UPDATE SET value = counters.value + 1"
    )
    return placement


def _count(connection: Connection, words: Collection[str], lately: Sequence[Collection[str]]) -> None:
    """Count an article's words: written down for now, and those of many articles together from time to time."""
    if len(lately) + 1 < _TOGETHER:
        connection.execute("INSERT INTO story_words_lately (words) VALUES (?)", (json.dumps(list(words)),))
        return
    counted = Counter(word for each in (*lately, words) for word in each)
    connection.executemany(
        "INSERT INTO story_words VALUES (?, ?)"
        " ON CONFLICT (word) DO UPDATE SET articles = story_words.articles + excluded.articles",
        sorted(counted.items()),
    )
    connection.execute("DELETE FROM story_words_lately")


def _near(connection: Connection, grouping: Grouping, keys: Mapping[str, float], day: date) -> list[StoryKept]:
    """Open stories that share most with the keys."""
    rows = connection.execute(
        # profiles are long: only those of the few that are wanted are fetched
        "SELECT near.story_id, s.profile FROM (SELECT k.story_id,"
        # summed as exact numbers, so that equal sums are equal in whatever order they are added up
        " sum(CAST(k.weight * CAST(wanted.value ->> 1 AS DOUBLE PRECISION) AS NUMERIC)) AS shared"
        " FROM json_each(?) AS wanted CROSS JOIN story_keys k ON k.key = wanted.value ->> 0"
        " AND k.last_day BETWEEN ? AND ? AND k.first_day <= ?"
        " GROUP BY k.story_id ORDER BY shared DESC, k.story_id LIMIT ?) AS near"
        " CROSS JOIN stories s ON s.id = near.story_id ORDER BY near.shared DESC, near.story_id",
        (
            json.dumps(list(keys.items())),
            (day - grouping.open_for).isoformat(),
            (day + _LONGEST).isoformat(),
            (day + grouping.open_for).isoformat(),
            grouping.most,
        ),
    )
    return [StoryKept(id=row["story_id"], profile=row["profile"]) for row in rows]


def _new(connection: Connection, day: date) -> int:
    added = "INSERT INTO stories (first_day, last_day) VALUES (?, ?) RETURNING id"
    return int(connection.execute(added, (day.isoformat(),) * 2).fetchone()[0])


def _absorb(connection: Connection, story_id: int, *, into: int) -> None:
    connection.execute("UPDATE story_articles SET story_id = ? WHERE story_id = ?", (into, story_id))
    connection.execute("UPDATE stories SET merged_into = ?, profile = '' WHERE id = ?", (into, story_id))
    connection.execute("DELETE FROM story_keys WHERE story_id = ?", (story_id,))


def _describe(connection: Connection, story_id: int, keys: Mapping[str, float]) -> None:
    """What a story's own row says of its articles, and the keys it is found by from now on."""
    first, last, articles, outlets = connection.execute(
        "SELECT min(day), max(day), count(*), count(DISTINCT outlet) FROM story_articles WHERE story_id = ?",
        (story_id,),
    ).fetchone()
    origins = connection.execute(
        "SELECT origin FROM story_articles WHERE story_id = ? GROUP BY origin ORDER BY count(*) DESC, min(article_id)",
        (story_id,),
    ).fetchall()
    connection.execute(
        "UPDATE stories SET first_day = ?, last_day = ?, articles = ?, outlets = ?, origins = ? WHERE id = ?",
        (first, last, articles, outlets, json.dumps([row[0] for row in origins]), story_id),
    )
    connection.execute("DELETE FROM story_keys WHERE story_id = ?", (story_id,))
    connection.executemany(
        "INSERT INTO story_keys VALUES (?, ?, ?, ?, ?)",
        [(key, last, story_id, first, weight) for key, weight in keys.items()],
    )


def _day(article: Article) -> date:
    assert article.published_day is not None, "checked before the transaction"
    return article.published_day


def _story(connection: Connection, row: Row) -> Story:
    newest = load_articles(connection, row["id"], 1, 0)
    return Story(
        id=row["id"],
        first_day=date.fromisoformat(row["first_day"]),
        last_day=date.fromisoformat(row["last_day"]),
        articles=row["articles"],
        outlets=row["outlets"],
        origins=tuple(json.loads(row["origins"])),
        newest=newest[0].source,
    )
