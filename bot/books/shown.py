"""What each message showed, noted when it is queued, so that a correction knows who has read the mistake.

A digest goes to many at once: what it shows is noted once, and each of its messages refers to that.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from bot.books.connection import Rows
from bot.model import Reply

TABLES = """
CREATE TABLE shown_sets (id INTEGER PRIMARY KEY, held TEXT NOT NULL UNIQUE);
CREATE TABLE shown_facts (
    fact_id INTEGER NOT NULL, set_id INTEGER NOT NULL REFERENCES shown_sets (id) ON DELETE CASCADE,
    PRIMARY KEY (fact_id, set_id)) WITHOUT ROWID;
CREATE INDEX shown_facts_set ON shown_facts (set_id);
CREATE TABLE shown_articles (
    article_id INTEGER NOT NULL, set_id INTEGER NOT NULL REFERENCES shown_sets (id) ON DELETE CASCADE,
    PRIMARY KEY (article_id, set_id)) WITHOUT ROWID;
CREATE INDEX shown_articles_set ON shown_articles (set_id);
ALTER TABLE outbox ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN shown_id INTEGER;
CREATE INDEX outbox_shown ON outbox (shown_id) WHERE shown_id IS NOT NULL;
"""
"""Of an outbox row: how often what it says was changed, and which facts and articles' own sentences it showed."""
_EVIDENCE = re.compile(r"/evidence (\d{1,18})")


def fact_of(held: Mapping[str, Any]) -> int | None:
    """The number of the fact that a mapping shows, if it is a line: what has its evidence one press away."""
    press = held.get("press")
    found = _EVIDENCE.fullmatch(press) if isinstance(press, str) else None
    return int(found[1]) if found else None


def article_of(held: Mapping[str, Any]) -> int | None:
    """The number of the article whose own sentences a mapping shows, in ``quotes`` or ``quote``, of no fact."""
    article = held.get("article")
    quoted = held.get("quotes") or held.get("quote")
    return article if isinstance(article, int) and quoted and fact_of(held) is None else None


def mappings_in(data: Any) -> Iterator[Mapping[str, Any]]:
    """Every mapping in a reply's data, however deep it lies."""
    if isinstance(data, Mapping):
        yield data
        for each in data.values():
            yield from mappings_in(each)
    elif isinstance(data, list | tuple):
        for each in data:
            yield from mappings_in(each)


def shows(reply: Reply) -> bool:
    """Whether a reply shows any fact, or any article's own sentence."""
    return any(fact_of(each) or article_of(each) for each in mappings_in(reply.data))


def set_of(rows: Rows, text: str) -> int | None:
    """The number of what a reply (as text) shows, noted if it is new; ``None`` when it shows nothing."""
    facts, articles = _shown(text)
    if not facts and not articles:
        return None
    held = json.dumps([facts, articles])
    known = "SELECT id FROM shown_sets WHERE held = ?"
    found = rows.execute(known, (held,)).fetchone()
    if found:
        return int(found[0])
    added = rows.execute("INSERT INTO shown_sets (held) VALUES (?) ON CONFLICT DO NOTHING RETURNING id", (held,))
    new = added.fetchone()
    if new is None:  # somebody else did so since
        return int(rows.execute(known, (held,)).fetchone()[0])
    set_id = int(new[0])
    for fact_id in facts:
        rows.execute("INSERT INTO shown_facts (fact_id, set_id) VALUES (?, ?)", (fact_id, set_id))
    for article_id in articles:
        rows.execute("INSERT INTO shown_articles (article_id, set_id) VALUES (?, ?)", (article_id, set_id))
    return set_id


@lru_cache(maxsize=64)
def _shown(text: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The facts, and the articles whose own sentences, a reply shows."""
    held = list(mappings_in(json.loads(text)["data"]))
    facts = {number for each in held if (number := fact_of(each)) is not None}
    articles = {number for each in held if (number := article_of(each)) is not None}
    return tuple(sorted(facts)), tuple(sorted(articles))


def tidy(rows: Rows) -> None:
    """Forget what no message shows any more."""
    rows.execute("DELETE FROM shown_sets WHERE NOT EXISTS (SELECT 1 FROM outbox WHERE shown_id = shown_sets.id)")
