"""What each message showed, noted when it is queued, so that a correction knows who has read the mistake."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from bot.books.connection import Rows
from bot.model import Reply

TABLES = """
CREATE TABLE shown_facts (
    fact_id INTEGER NOT NULL, outgoing_id INTEGER NOT NULL REFERENCES outbox (id) ON DELETE CASCADE,
    PRIMARY KEY (fact_id, outgoing_id)) WITHOUT ROWID;
CREATE INDEX shown_facts_row ON shown_facts (outgoing_id);
ALTER TABLE outbox ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;
"""
ARTICLES = """
CREATE TABLE shown_articles (
    article_id INTEGER NOT NULL, outgoing_id INTEGER NOT NULL REFERENCES outbox (id) ON DELETE CASCADE,
    PRIMARY KEY (article_id, outgoing_id)) WITHOUT ROWID;
CREATE INDEX shown_articles_row ON shown_articles (outgoing_id);
"""
"""Whose own sentences a message showed."""
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


def remember(rows: Rows, outgoing_id: int, reply: Reply) -> None:
    """Note what a message shows, in the transaction that queues it."""
    held = list(mappings_in(reply.data))
    for fact_id in {number for each in held if (number := fact_of(each)) is not None}:
        rows.execute("INSERT INTO shown_facts (fact_id, outgoing_id) VALUES (?, ?)", (fact_id, outgoing_id))
    for article_id in {number for each in held if (number := article_of(each)) is not None}:
        rows.execute("INSERT INTO shown_articles (article_id, outgoing_id) VALUES (?, ?)", (article_id, outgoing_id))
