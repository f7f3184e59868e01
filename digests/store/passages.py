"""Passages of articles, found by the terms of a question (``digests.text.terms``) and read newest first.

Never ranked by the database: bm25 over a common term reads all its passages. Those with most of the question's rarest
terms are fetched, newest first, a bounded number; what answers best among them is decided in Python.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from digests.model import Article
from digests.store.base import FoundPassages, StoredPassage
from digests.store.queries import SOURCE, source_of
from digests.store.search import Search
from digests.store.sqlite.migrating import run_script
from digests.text.passages import windows
from digests.text.terms import terms

if TYPE_CHECKING:
    from digests.store.connection import Connection, Row

TABLES = """
CREATE TABLE passage_words (
    -- the passages of articles' newest versions, by the terms that questions are asked in
    place INTEGER PRIMARY KEY,        -- day number * 2^40 + article id * 2^8 + number of the passage
    article_id INTEGER NOT NULL REFERENCES articles (id),
    start INTEGER NOT NULL,           -- code points in the text of the article's newest version; end exclusive
    end INTEGER NOT NULL,
    words TEXT NOT NULL               -- of the passage and of its article's title
);
CREATE INDEX passages_by_article ON passage_words (article_id);
CREATE VIRTUAL TABLE passage_search USING fts5 (
    words, content="passage_words", content_rowid="place", tokenize="unicode61 remove_diacritics 2", detail=none
);
CREATE VIRTUAL TABLE passage_terms USING fts5vocab (passage_search, row);
CREATE TRIGGER passage_words_added AFTER INSERT ON passage_words BEGIN
    INSERT INTO passage_search (rowid, words) VALUES (new.place, new.words);
    INSERT INTO counters VALUES ('passages', 1) ON CONFLICT (name) DO UPDATE SET value = value + 1;
END;
CREATE TRIGGER passage_words_removed AFTER DELETE ON passage_words BEGIN
    INSERT INTO passage_search (passage_search, rowid, words) VALUES ('delete', old.place, old.words);
    UPDATE counters SET value = value - 1 WHERE name = 'passages';
END;
"""
MOST = 255
"""Passages of one article: its first 12,000 words or so."""
LOOKED_UP = 4
"""The rarest terms of a question, by combinations of which passages are looked for."""
STANDS_ALONE = 3
"""Of them those by which alone a passage is found."""
ENOUGH = 60
_BODY = ("body", "heading", "headline")


def take_in(connection: Connection, article: Article) -> None:
    """The passages of an article in place of those of its older version."""
    parts = [(part.kind, part.start, part.end) for part in article.parts]
    day = article.published_day
    assert day is not None
    _take_in(connection, article.id, article.title, article.text, parts, day)


def renew(connection: Connection) -> None:
    """A step of the schema: the tables, filled from the articles that are there."""
    run_script(connection, TABLES)
    rows = connection.execute(
        "SELECT a.id, a.title, a.published_day, v.text, v.parts FROM articles a JOIN article_versions v"
        " ON v.article_id = a.id AND v.version = a.version ORDER BY a.id"
    )
    for row in rows.fetchall():
        day = date.fromisoformat(row["published_day"])
        _take_in(connection, row["id"], row["title"], row["text"], json.loads(row["parts"]), day)


def find(
    connection: Connection,
    wanted: Sequence[str],
    *,
    since: date | None,
    until: date | None,
    limit: int,
    search: Search,
) -> FoundPassages:
    """The newest passages with most of the rarest ``wanted`` terms, and in how many passages each term stands."""
    total = connection.execute("SELECT value FROM counters WHERE name = 'passages'").fetchone()
    seen = {term: search.seen(connection, _word(term)) for term in wanted}
    rarest = sorted((term for term in seen if seen[term]), key=lambda term: (seen[term], term))[:LOOKED_UP]
    found: dict[int, Row] = {}
    for least in range(len(rarest), 0, -1):
        among = rarest[:STANDS_ALONE] if least == 1 else rarest
        for row in _rows(connection, [_word(term) for term in among], least, since, until, limit, search):
            found.setdefault(row["place"], row)
        if len(found) >= min(ENOUGH, limit):
            break
    kept = list(found.values())[:limit]
    return FoundPassages(passages=total[0] if total else 0, seen=seen, found=tuple(_passage(row) for row in kept))


def _rows(
    connection: Connection,
    terms: Sequence[str],
    least: int,
    since: date | None,
    until: date | None,
    limit: int,
    search: Search,
) -> list[Row]:
    first = place_of(since or date.min, 0, 0)
    last = place_of(until + timedelta(days=1), 0, 0) if until and until < date.max else place_of(date.max, 0, 0)
    newest, values = search.passages(terms, least=least, first=first, last=last, limit=limit)
    return connection.execute(
        f'SELECT p.place, p.start, a.id, a.version, {SOURCE}, substr(v.text, p.start + 1, p."end" - p.start) AS passage'
        f" FROM ({newest}) AS s CROSS JOIN passage_words p ON p.place = s.place"
        " CROSS JOIN articles a ON a.id = p.article_id"
        " CROSS JOIN article_versions v ON v.article_id = a.id AND v.version = a.version"
        " ORDER BY s.place DESC",
        values,
    ).fetchall()


def _passage(row: Row) -> StoredPassage:
    return StoredPassage(source=source_of(row), start=row["start"], text=row["passage"])


def _take_in(
    connection: Connection, article_id: int, title: str, text: str, parts: Sequence[tuple[str, int, int]], day: date
) -> None:
    connection.execute("DELETE FROM passage_words WHERE article_id = ?", (article_id,))
    said = [(start, end) for kind, start, end in parts if kind in _BODY]
    if not said:
        return
    cut = windows(text, start=said[0][0], end=max(end for _, end in said))
    head = " ".join(map(_word, terms(title)))
    rows = []
    for number, window in enumerate(cut[:MOST]):
        words = " ".join(_word(term) for term in terms(text[window.start : window.end]))
        rows.append((place_of(day, article_id, number), article_id, window.start, window.end, f"{words} {head}"))
    connection.executemany("INSERT INTO passage_words VALUES (?, ?, ?, ?, ?)", rows)


def place_of(day: date, article_id: int, number: int) -> int:
    """Where an article's passage stands in the search: by day, then by article."""
    return (day.toordinal() << 40) | (article_id << 8) | number


def _word(term: str) -> str:
    """A term as the index's tokeniser keeps it: letters and digits alone."""
    return re.sub(r"\W", "", term)
