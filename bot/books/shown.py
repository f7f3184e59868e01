"""Which facts each message showed: noted when it is queued, so that a correction knows who has read the mistake."""

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
_EVIDENCE = re.compile(r"/evidence (\d{1,18})")


def fact_of(held: Mapping[str, Any]) -> int | None:
    """The number of the fact that a mapping shows, if it is a line: what has its evidence one press away."""
    press = held.get("press")
    found = _EVIDENCE.fullmatch(press) if isinstance(press, str) else None
    return int(found[1]) if found else None


def facts_in(data: Any) -> Iterator[int]:
    """The numbers of the facts that a reply's data show, however deep they lie."""
    if isinstance(data, Mapping):
        number = fact_of(data)
        if number is not None:
            yield number
        for each in data.values():
            yield from facts_in(each)
    elif isinstance(data, list | tuple):
        for each in data:
            yield from facts_in(each)


def remember(rows: Rows, outgoing_id: int, reply: Reply) -> None:
    """Note which facts a message shows, in the transaction that queues it."""
    for fact_id in sorted(set(facts_in(reply.data))):
        rows.execute("INSERT OR IGNORE INTO shown_facts (fact_id, outgoing_id) VALUES (?, ?)", (fact_id, outgoing_id))
