"""Near-duplicates: each article's text is looked up by a few MinHash bands, and what is found is compared for real.

The bands only find whom to compare with; the share that is kept is counted over the texts themselves.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from digests.model import Article, CopyOf
from digests.store.queries import SOURCE, source_of
from digests.text.folding import tokens
from digests.text.shingles import bands, runs, share

if TYPE_CHECKING:
    from digests.store.connection import Connection

TABLES = """
CREATE TABLE article_bands (
    -- MinHash bands of an article's runs of four words: two articles that copy one another have one in common
    band INTEGER NOT NULL,
    article_id INTEGER NOT NULL REFERENCES articles (id),
    PRIMARY KEY (band, article_id)
) WITHOUT ROWID;
CREATE INDEX article_bands_by_article ON article_bands (article_id);

CREATE TABLE article_copies (
    -- articles most of whose words stood in an earlier one
    article_id INTEGER PRIMARY KEY REFERENCES articles (id),
    copy_of INTEGER NOT NULL REFERENCES articles (id),
    share REAL NOT NULL               -- of its runs of four words, how many stand in the earlier article, 0 to 1
);
CREATE INDEX article_copies_by_original ON article_copies (copy_of);
"""
LEAST = 0.5
"""A text half of whose runs stand in another one was not written anew."""
_COMPARED = 4
_LOOKED_AT = 40
"""Articles looked at under one band: a text that was printed a thousand times need not be found a thousand times."""


def take_in(connection: Connection, article: Article) -> None:
    """Look for the text that an article copies, and let later ones be found to copy it."""
    for table in ("article_bands", "article_copies"):
        connection.execute(f"DELETE FROM {table} WHERE article_id = ?", (article.id,))
    own = runs(_words(article.text, [(part.kind, part.start, part.end) for part in article.parts]))
    _take_in(connection, article.id, own)


def renew(connection: Connection) -> None:
    """A step of the schema: all bands and copies computed anew, in the order in which the articles came.

    One transaction: killed, it begins again from the start.
    """
    for table in ("article_bands", "article_copies"):
        connection.execute(f"DELETE FROM {table}")
    for (article_id,) in connection.execute("SELECT id FROM articles ORDER BY id").fetchall():
        _take_in(connection, article_id, _runs_of(connection, article_id))


def origin_copied(connection: Connection, article_id: int) -> str:
    """The origin of the text that an article copies; "" where it copies none."""
    row = connection.execute(
        "SELECT t.origin FROM article_copies c JOIN story_articles t ON t.article_id = c.copy_of"
        " WHERE c.article_id = ?",
        (article_id,),
    ).fetchone()
    return str(row["origin"]) if row else ""


def _take_in(connection: Connection, article_id: int, own: frozenset[int]) -> None:
    keys = bands(own)
    found = [(share(own, _runs_of(connection, each)), each) for each in _near(connection, keys)]
    best = max((shared for shared, _ in found), default=0.0)
    if best >= LEAST:
        # of several with about the same words the earliest: later ones are copies themselves
        original, shared = min((each, shared) for shared, each in found if shared >= 0.95 * best)
        connection.execute("INSERT INTO article_copies VALUES (?, ?, ?)", (article_id, original, shared))
    connection.executemany("INSERT INTO article_bands VALUES (?, ?)", [(key, article_id) for key in keys])


def load_copies(connection: Connection, articles: Sequence[int]) -> dict[int, CopyOf]:
    """Of these articles those that copy another one: id -> which, and how much of it."""
    rows = connection.execute(
        f"SELECT c.article_id AS copy, c.share, a.id, a.version, {SOURCE} FROM article_copies c"
        " JOIN articles a ON a.id = c.copy_of WHERE c.article_id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(articles)),),
    )
    return {row["copy"]: CopyOf(source=source_of(row), share=row["share"]) for row in rows}


def _near(connection: Connection, keys: Sequence[int]) -> list[int]:
    """Those that share most bands, most first."""
    one = f"SELECT article_id FROM (SELECT article_id FROM article_bands WHERE band = ? LIMIT {_LOOKED_AT}) AS one"
    rows = connection.execute(" UNION ALL ".join([one] * len(keys)), keys).fetchall() if keys else []
    shared = Counter(article_id for (article_id,) in rows)
    return sorted(shared, key=lambda each: (-shared[each], each))[:_COMPARED]


def _runs_of(connection: Connection, article_id: int) -> frozenset[int]:
    row = connection.execute(
        "SELECT v.text, v.parts FROM articles a JOIN article_versions v ON v.article_id = a.id"
        " AND v.version = a.version WHERE a.id = ?",
        (article_id,),
    ).fetchone()
    return runs(_words(row["text"], json.loads(row["parts"])))


def _words(text: str, parts: Sequence[tuple[str, int, int]]) -> list[str]:
    """The words of the body alone: headlines are an outlet's own."""
    bodies = [text[start:end] for kind, start, end in parts if kind == "body"]
    return [word for body in bodies for word in tokens(body)]
