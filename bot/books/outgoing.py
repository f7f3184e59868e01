"""Every statement on the outbox, as plain functions on an open connection.

Each chat with something open has one row in ``outbox_heads``: what goes to it next and when. Triggers keep it, so that
finding the next message costs the same with ten rows and with a hundred thousand. A row is "sending" only while a
request with a part of it may have been made: after a crash exactly those rows are in doubt, all others are not.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.books import codec, shown
from bot.books.connection import Rows, moment_text
from bot.model import ALERT, ANSWER, BULK, Address, Outgoing, Platform, Reply
from digests.tracing import of_update

HEADS = """
ALTER TABLE outbox ADD COLUMN priority INTEGER NOT NULL DEFAULT 1;
ALTER TABLE outbox ADD COLUMN edits INTEGER;
ALTER TABLE outbox ADD COLUMN owner TEXT NOT NULL DEFAULT '';
ALTER TABLE outbox ADD COLUMN doubts INTEGER NOT NULL DEFAULT 0;
CREATE INDEX outbox_turns ON outbox (chat, priority, id) WHERE state IN ('pending', 'sending');
CREATE INDEX outbox_states ON outbox (state, ended_at);
CREATE INDEX outbox_doubts ON outbox (id) WHERE doubts > 0;
DROP INDEX outbox_open;

CREATE TABLE paused_chats (chat TEXT PRIMARY KEY, reason TEXT NOT NULL, paused_at TEXT NOT NULL);

CREATE TABLE outbox_heads (
    chat TEXT PRIMARY KEY, platform TEXT NOT NULL, outgoing_id INTEGER NOT NULL, priority INTEGER NOT NULL,
    due_at TEXT NOT NULL, waits_until TEXT NOT NULL DEFAULT '') WITHOUT ROWID;
CREATE INDEX outbox_heads_ready ON outbox_heads (platform, priority, outgoing_id) WHERE due_at = '';
CREATE INDEX outbox_heads_waiting ON outbox_heads (platform, priority, due_at) WHERE due_at <> '';

CREATE TRIGGER outbox_head_queued AFTER INSERT ON outbox WHEN NEW.state = 'pending' BEGIN
    INSERT INTO outbox_heads (chat, platform, outgoing_id, priority, due_at)
    VALUES (NEW.chat, COALESCE(json_extract(NEW.address, '$.platform'), ''), NEW.id, NEW.priority,
        COALESCE(NEW.not_before, ''))
    ON CONFLICT (chat) DO UPDATE SET platform = excluded.platform, outgoing_id = excluded.outgoing_id,
        priority = excluded.priority, due_at = MAX(excluded.due_at, waits_until)
    WHERE excluded.priority < outbox_heads.priority;
END;

CREATE TRIGGER outbox_head_changed AFTER UPDATE OF state, priority, not_before, lease_until, chat ON outbox BEGIN
    INSERT INTO outbox_heads (chat, platform, outgoing_id, priority, due_at)
    SELECT chat, COALESCE(json_extract(address, '$.platform'), ''), id, priority,
        COALESCE(CASE state WHEN 'sending' THEN lease_until ELSE not_before END, '')
    FROM outbox WHERE chat = NEW.chat AND state IN ('pending', 'sending') ORDER BY priority, id LIMIT 1
    ON CONFLICT (chat) DO UPDATE SET platform = excluded.platform, outgoing_id = excluded.outgoing_id,
        priority = excluded.priority, due_at = MAX(excluded.due_at, waits_until);
    DELETE FROM outbox_heads WHERE chat IN (OLD.chat, NEW.chat) AND NOT EXISTS (
        SELECT 1 FROM outbox o WHERE o.chat = outbox_heads.chat AND o.state IN ('pending', 'sending'));
END;

CREATE TRIGGER outbox_head_deleted AFTER DELETE ON outbox WHEN OLD.state IN ('pending', 'sending') BEGIN
    INSERT INTO outbox_heads (chat, platform, outgoing_id, priority, due_at)
    SELECT chat, COALESCE(json_extract(address, '$.platform'), ''), id, priority,
        COALESCE(CASE state WHEN 'sending' THEN lease_until ELSE not_before END, '')
    FROM outbox WHERE chat = OLD.chat AND state IN ('pending', 'sending') ORDER BY priority, id LIMIT 1
    ON CONFLICT (chat) DO UPDATE SET platform = excluded.platform, outgoing_id = excluded.outgoing_id,
        priority = excluded.priority, due_at = MAX(excluded.due_at, waits_until);
    DELETE FROM outbox_heads WHERE chat = OLD.chat AND NOT EXISTS (
        SELECT 1 FROM outbox o WHERE o.chat = OLD.chat AND o.state IN ('pending', 'sending'));
END;

UPDATE outbox SET priority = priority WHERE state IN ('pending', 'sending');
"""
"""Priorities, chats that are paused, and what goes next to each chat; the last statement fills that in."""

PRIORITIES = (0, ANSWER, ALERT, BULK)
"""0 is a message of which a part has arrived: nothing comes between its parts."""
MOST_PROMOTED = 500
_ONE = """SELECT o.id, o.address, r.reply, o.state, o.attempts, o.message_ids, o.reason, o.not_before, o.priority,
    o.edits, o.doubts, COALESCE((SELECT t.message_ids FROM outbox t WHERE t.id = o.edits), '[]'), o.revision,
    i.platform, i.key
    FROM outbox o JOIN outbox_replies r ON r.id = o.id LEFT JOIN inbox i ON i.id = o.incoming_id WHERE o.id = ?"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What can be sent on a platform now, best first. ``next_at``: when something that waits is due; it may be past."""

    rows: list[Outgoing]
    unreadable: list[tuple[int, str]]
    next_at: datetime | None


def enqueue(
    rows: Rows,
    address: Address,
    reply: Reply,
    *,
    at: datetime,
    priority: int = BULK,
    incoming_id: int | None = None,
    not_before: datetime | None = None,
    edits: int | None = None,
) -> int:
    """Put a message into the outbox; its id. To a paused chat it is failed at once: nothing would arrive there.

    ``edits``: the outbox row whose messages this one takes the place of.
    """
    found = rows.execute("SELECT reason FROM paused_chats WHERE chat = ?", (address.chat,)).fetchone()
    state, reason, ended = ("failed", f"paused: {found[0]}", moment_text(at)) if found else ("pending", "", None)
    due = moment_text(not_before) if not_before else None
    text = codec.reply_text(reply)
    place = (address.chat, codec.address_text(address), text, None if edits else shown.set_of(rows, text))
    done = rows.execute(
        "INSERT INTO outbox (incoming_id, platform, chat, address, reply, shown_id, state, reason, priority, edits,"
        " not_before, queued_at, ended_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
        (incoming_id, address.platform, *place, state, reason, priority, edits, due, moment_text(at), ended),
    )
    return int(done.fetchone()[0])


def look(rows: Rows, platform: Platform, *, limit: int, besides: Collection[int]) -> Look:
    """The next messages of a platform: by priority, then by age; of each chat only the first."""
    heads = rows.execute(
        "SELECT outgoing_id FROM outbox_heads WHERE platform = ? AND due_at = ''"
        " ORDER BY priority, outgoing_id LIMIT ?",
        (platform, limit + len(besides)),
    ).fetchall()
    found: list[Outgoing] = []
    unreadable: list[tuple[int, str]] = []
    for (outgoing_id,) in heads:
        if outgoing_id in besides or len(found) == limit:
            continue
        row = rows.execute(_ONE, (outgoing_id,)).fetchone()
        try:
            found.append(_outgoing(row))
        except (LookupError, TypeError, ValueError) as error:  # of another version: it must not stop the others
            unreadable.append((outgoing_id, f"cannot be read: {error!r}"))
    return Look(rows=found, unreadable=unreadable, next_at=_next_at(rows, platform))


def one(rows: Rows, outgoing_id: int) -> Outgoing | None:
    """A row, if it is there. Raises ``LookupError``, ``TypeError`` or ``ValueError`` for one of another version."""
    found = rows.execute(_ONE, (outgoing_id,)).fetchone()
    return None if found is None else _outgoing(found)


def _next_at(rows: Rows, platform: Platform) -> datetime | None:
    moments = [
        rows.execute(
            "SELECT MIN(due_at) FROM outbox_heads WHERE platform = ? AND priority = ? AND due_at <> ''",
            (platform, priority),
        ).fetchone()[0]
        for priority in PRIORITIES
    ]
    return min((datetime.fromisoformat(each) for each in moments if each), default=None)


def promote(rows: Rows, platform: Platform, *, now: datetime) -> None:
    """Make what has waited long enough ready, some hundreds of each priority at a time."""
    for priority in PRIORITIES:
        rows.execute(
            "UPDATE outbox_heads SET due_at = '', waits_until = '' WHERE chat IN (SELECT chat FROM outbox_heads"
            " WHERE platform = ? AND priority = ? AND due_at <> '' AND due_at <= ? ORDER BY due_at LIMIT ?)",
            (platform, priority, moment_text(now), MOST_PROMOTED),
        )


def _outgoing(row: Sequence[Any]) -> Outgoing:
    return Outgoing(
        id=row[0],
        address=codec.address_of(row[1]),
        reply=codec.reply_of(row[2]),
        state=row[3],
        attempts=row[4],
        message_ids=tuple(json.loads(row[5])),
        reason=row[6],
        not_before=datetime.fromisoformat(row[7]) if row[7] else None,
        priority=row[8],
        edits=row[9],
        doubts=row[10],
        places=tuple(json.loads(row[11])),
        revision=row[12],
        request=of_update(row[13], row[14]) if row[14] else "",
    )


def claim(
    rows: Rows, outgoing_id: int, *, owner: str, now: datetime, lease_seconds: float, revision: int | None = None
) -> bool:
    """Mark the next part of a row as about to be sent; ``False`` when it is not open, or another's lease still runs.

    ``revision``: of what is to be sent; ``False``, too, when the row says something else by now.
    """
    done = rows.execute(
        "UPDATE outbox SET doubts = CASE state WHEN 'sending' THEN doubts + 1 ELSE doubts END, state = 'sending',"
        " owner = ?, lease_until = ?"
        " WHERE id = ? AND (state = 'pending' OR (state = 'sending' AND lease_until <= ?))"
        " AND (CAST(? AS BIGINT) IS NULL OR revision = ? OR message_ids <> '[]')",
        (
            *(owner, moment_text(now + timedelta(seconds=lease_seconds)), outgoing_id),
            *(moment_text(now), revision, revision),
        ),
    )
    return bool(done.rowcount == 1)


def doubtful(rows: Rows, platform: Platform) -> list[Outgoing]:
    """What is marked as being sent: when nobody sends, that is what a crash cut off between sending and recording."""
    found = rows.execute(
        "SELECT id FROM outbox WHERE state = 'sending' AND platform = ? ORDER BY id",
        (platform,),
    ).fetchall()
    return [_outgoing(rows.execute(_ONE, each).fetchone()) for each in found]


def send_again(rows: Rows, outgoing_id: int) -> None:
    """A doubtful row goes out once more; the doubt is counted."""
    rows.execute(
        "UPDATE outbox SET state = 'pending', lease_until = NULL, doubts = doubts + 1"
        " WHERE id = ? AND state = 'sending'",
        (outgoing_id,),
    )


def part_sent(
    rows: Rows,
    outgoing_id: int,
    message_id: str,
    *,
    at: datetime,
    last: bool,
    chat_free_at: datetime | None,
    provided: tuple[str, tuple[Any, ...]] = ("1 = 1", ()),
) -> bool:
    """Remember that a part has arrived; the ``last`` one ends the row. Its chat waits until ``chat_free_at``.

    ``provided``: a condition with its values; whether there is such a row for which it holds.
    """
    condition, values = provided
    found = rows.execute(
        "UPDATE outbox SET message_ids = CASE message_ids WHEN '[]' THEN '['"
        " ELSE substr(message_ids, 1, length(message_ids) - 1) || ',' END || ? || ']', lease_until = NULL, reason = '',"
        " state = ?, ended_at = ?, priority = CASE ? WHEN 1 THEN priority ELSE 0 END"
        f" WHERE id = ? AND {condition} RETURNING chat, edits, {_WHAT_IT_TOLD}",
        (
            *(json.dumps(message_id), "sent" if last else "pending", moment_text(at) if last else None, last),
            *(outgoing_id, *values),
        ),
    ).fetchone()
    if found is None:  # forgotten while it was on its way
        return False
    chat, edits, told = found
    if last and told:
        _forget_secret(rows, outgoing_id, told)
    if edits is None:
        rows.execute(
            "INSERT INTO sent_parts (chat, message_id, outgoing_id) VALUES (?, ?, ?)"
            " ON CONFLICT (chat, message_id) DO UPDATE SET outgoing_id = excluded.outgoing_id",
            (chat, message_id, outgoing_id),
        )
    if chat_free_at is not None:
        put_off(rows, chat, until=chat_free_at)
    return True


def put_off(rows: Rows, chat: str, *, until: datetime) -> None:
    """A chat is not to be written to before that moment."""
    moment = moment_text(until)
    rows.execute(
        "UPDATE outbox_heads SET waits_until = ?, due_at = CASE WHEN due_at > ? THEN due_at ELSE ? END WHERE chat = ?",
        (moment, moment, moment, chat),
    )


def sent(rows: Rows, outgoing_id: int, *, at: datetime) -> None:
    _end(rows, outgoing_id, "sent", "", at)


def failed(rows: Rows, outgoing_id: int, reason: str, *, at: datetime) -> None:
    _end(rows, outgoing_id, "failed", reason, at)


def _end(rows: Rows, outgoing_id: int, state: str, reason: str, at: datetime) -> None:
    found = rows.execute(
        "UPDATE outbox SET state = ?, reason = ?, lease_until = NULL, ended_at = ? WHERE id = ?"
        f" RETURNING {_WHAT_IT_TOLD}",
        (state, reason, moment_text(at), outgoing_id),
    ).fetchone()
    if found and found[0]:
        _forget_secret(rows, outgoing_id, found[0])


_WHAT_IT_TOLD = """CASE WHEN reply LIKE '%"secret"%' THEN reply END"""


def _forget_secret(rows: Rows, outgoing_id: int, text: str) -> None:
    """What a reply's data holds under ``secret`` (an invitation's code) is kept no longer than it takes to send it."""
    told = json.loads(text)
    if "secret" in told["data"]:
        del told["data"]["secret"]
        rows.execute("UPDATE outbox SET reply = ? WHERE id = ?", (codec.dumps(told), outgoing_id))


def retry(rows: Rows, outgoing_id: int, *, not_before: datetime, reason: str) -> None:
    rows.execute(
        "UPDATE outbox SET state = 'pending', attempts = attempts + 1, not_before = ?, reason = ?, lease_until = NULL"
        " WHERE id = ? AND state IN ('pending', 'sending')",
        (moment_text(not_before), reason, outgoing_id),
    )


def send_failed_again(rows: Rows, outgoing_id: int) -> bool:
    """Open a failed row once more, as if nothing had been tried; whether there was such a row."""
    done = rows.execute(
        "UPDATE outbox SET state = 'pending', attempts = 0, not_before = NULL, ended_at = NULL"
        " WHERE id = ? AND state = 'failed'",
        (outgoing_id,),
    )
    return bool(done.rowcount == 1)


def drop(rows: Rows, outgoing_id: int, *, at: datetime) -> bool:
    """Give up an open row that is not just being sent; whether there was such a row."""
    done = rows.execute(
        "UPDATE outbox SET state = 'failed', reason = 'dropped by hand', ended_at = ?"
        " WHERE id = ? AND state IN ('pending', 'failed')",
        (moment_text(at), outgoing_id),
    )
    return bool(done.rowcount == 1)
