"""What many messages say alike is kept once: rows of the outbox and slots of digests refer to it by ``text_id``.

An outbox row holds its reply itself (``reply``) or shares one (``text_id``, and ``reply`` is an empty object then);
the view ``outbox_replies`` tells of every row what it says. A text goes with the last row that refers to it.
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256

from bot.books.connection import Rows

_UNUSED = """BEGIN
    DELETE FROM shared_texts WHERE id = OLD.text_id
    AND NOT EXISTS (SELECT 1 FROM digest_slots WHERE text_id = OLD.text_id)
    AND NOT EXISTS (SELECT 1 FROM outbox WHERE text_id = OLD.text_id);
END;"""
SHARED = f"""
ALTER TABLE digest_texts RENAME TO shared_texts;
ALTER TABLE outbox ADD COLUMN text_id INTEGER;
CREATE INDEX outbox_text ON outbox (text_id) WHERE text_id IS NOT NULL;
CREATE VIEW outbox_replies AS SELECT o.id, COALESCE(t.reply, o.reply) AS reply
    FROM outbox o LEFT JOIN shared_texts t ON t.id = o.text_id;
DROP TRIGGER digest_text_unused;
CREATE TRIGGER shared_text_without_slot AFTER DELETE ON digest_slots WHEN OLD.text_id IS NOT NULL {_UNUSED}
CREATE TRIGGER shared_text_without_row AFTER DELETE ON outbox WHEN OLD.text_id IS NOT NULL {_UNUSED}
CREATE TRIGGER shared_text_replaced AFTER UPDATE OF text_id ON outbox
    WHEN OLD.text_id IS NOT NULL AND OLD.text_id IS NOT NEW.text_id {_UNUSED}
DROP INDEX outbox_incoming;
CREATE INDEX outbox_incoming ON outbox (incoming_id) WHERE incoming_id IS NOT NULL;
"""
ELSEWHERE = "{}"
"""What ``reply`` holds in a row that shares its text."""


def text_id(rows: Rows, text: str) -> int:
    """The number of a text that is to be shared, kept if it is new."""
    key = _hash(text)
    found = rows.execute("SELECT id FROM shared_texts WHERE hash = ?", (key,)).fetchone()
    if found is None:
        added = rows.execute("INSERT INTO shared_texts (hash, reply) VALUES (?, ?) RETURNING id", (key, text))
        return int(added.fetchone()[0])
    return int(found[0])


@lru_cache(maxsize=64)
def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()
