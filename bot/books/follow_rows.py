"""The tables of follows and alerts, and every statement on them, as plain functions on an open connection.

A chat is told a fact once: its keys are unique for each place, and are written with the line that waits to be told, in
the transaction that moves the reader of the changes on.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.books import cursors
from bot.books.connection import Rows, moment_text
from bot.books.outgoing import enqueue
from bot.books.subscriptions import wanted_of, wanted_text
from bot.model import ALERT, Address, Reply
from digests.edition.model import Follow

TABLES = """
CREATE TABLE follows (
    id INTEGER PRIMARY KEY AUTOINCREMENT, chat TEXT NOT NULL, thread TEXT NOT NULL, user TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('person', 'story', 'deadlines', 'words')), target TEXT NOT NULL,
    label TEXT NOT NULL, entity INTEGER, story INTEGER, wanted TEXT NOT NULL, urgent INTEGER NOT NULL DEFAULT 0,
    remind_hours INTEGER NOT NULL DEFAULT 0, muted_until TEXT, created_at TEXT NOT NULL,
    UNIQUE (chat, thread, kind, target));

CREATE TRIGGER follows_added AFTER INSERT ON follows BEGIN
    INSERT INTO cursors VALUES ('follows changed', 1) ON CONFLICT (name) DO UPDATE SET value = value + 1;
END;
CREATE TRIGGER follows_changed AFTER UPDATE ON follows BEGIN
    INSERT INTO cursors VALUES ('follows changed', 1) ON CONFLICT (name) DO UPDATE SET value = value + 1;
END;
CREATE TRIGGER follows_removed AFTER DELETE ON follows BEGIN
    INSERT INTO cursors VALUES ('follows changed', 1) ON CONFLICT (name) DO UPDATE SET value = value + 1;
END;

CREATE TABLE told_facts (
    chat TEXT NOT NULL, thread TEXT NOT NULL, key TEXT NOT NULL, article_id INTEGER NOT NULL, fact_id INTEGER,
    at TEXT NOT NULL, PRIMARY KEY (chat, thread, key)) WITHOUT ROWID;
CREATE INDEX told_facts_by_article ON told_facts (article_id);
CREATE INDEX told_facts_by_moment ON told_facts (at);

CREATE TABLE waiting_alerts (
    id INTEGER PRIMARY KEY AUTOINCREMENT, chat TEXT NOT NULL, thread TEXT NOT NULL, follow_id INTEGER NOT NULL,
    article_id INTEGER NOT NULL, version INTEGER NOT NULL, fact_id INTEGER, quote_start INTEGER NOT NULL,
    quote_end INTEGER NOT NULL, since_at TEXT NOT NULL, not_before TEXT NOT NULL);
CREATE INDEX waiting_alerts_due ON waiting_alerts (not_before);
CREATE INDEX waiting_alerts_by_follow ON waiting_alerts (follow_id);

CREATE TABLE alert_messages (chat TEXT NOT NULL, thread TEXT NOT NULL, at TEXT NOT NULL);
CREATE INDEX alert_messages_by_moment ON alert_messages (at);
"""
CHANGED = "follows changed"
_FOLLOWS = (
    'SELECT id, chat, thread, "user", kind, label, entity, story, wanted, urgent, remind_hours, muted_until, created_at'
    " FROM follows "
)
_REMEMBERED = timedelta(hours=1)


def follow(rows: Rows, wished: Follow, *, at: datetime) -> tuple[Follow, bool]:
    """Keep a follow, or change the same one of the same place; as it is kept, and whether it is new."""
    target = target_of(wished)
    place = (wished.chat, wished.thread, wished.kind, target)
    same = _FOLLOWS + "WHERE chat = ? AND thread = ? AND kind = ? AND target = ?"
    known = rows.execute(same, place).fetchone()
    rows.execute(
        'INSERT INTO follows (chat, thread, kind, target, "user", label, entity, story, wanted, urgent,'
        " remind_hours, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (chat, thread, kind, target) DO UPDATE SET urgent = excluded.urgent,"
        " remind_hours = excluded.remind_hours, label = excluded.label, wanted = excluded.wanted, muted_until = NULL",
        (
            *(*place, wished.user, wished.label, wished.entity, wished.story, wanted_text(wished.wanted)),
            *(wished.urgent, wished.remind_hours, moment_text(at)),
        ),
    )
    return _follow(rows.execute(same, place).fetchone()), known is None


def target_of(wished: Follow) -> str:
    """What makes two follows of a place the same."""
    match wished.kind:
        case "person":
            return str(wished.entity)
        case "story":
            return str(wished.story)
    return wanted_text(wished.wanted)


def follows(rows: Rows, chat: str | None = None) -> list[Follow]:
    """A chat's follows, or all, by their ids."""
    if chat is None:
        found = rows.execute(_FOLLOWS + "ORDER BY id").fetchall()
    else:
        found = rows.execute(_FOLLOWS + "WHERE chat = ? ORDER BY id", (chat,)).fetchall()
    return [_follow(row) for row in found]


def unfollow(rows: Rows, follow_id: int, *, chat: str) -> Follow | None:
    found = _own(rows, follow_id, chat)
    if found is not None:
        rows.execute("DELETE FROM waiting_alerts WHERE follow_id = ?", (follow_id,))
        rows.execute("DELETE FROM follows WHERE id = ?", (follow_id,))
    return found


def mute(rows: Rows, follow_id: int, *, chat: str, until: datetime | None) -> Follow | None:
    if _own(rows, follow_id, chat) is None:
        return None
    rows.execute("UPDATE follows SET muted_until = ? WHERE id = ?", (moment_text(until) if until else None, follow_id))
    if until is not None:
        rows.execute("DELETE FROM waiting_alerts WHERE follow_id = ?", (follow_id,))
    return _own(rows, follow_id, chat)


def changed(rows: Rows) -> int:
    """A number that grows with every change of any follow."""
    return cursors.cursor(rows, CHANGED) or 0


def take_in(rows: Rows, reader: str, found: Sequence[Any], *, after: int, upto: int, at: datetime) -> int | None:
    """Move the reader on and keep what it found and the places were not told yet; how many lines wait now.

    ``None``, and nothing written, when the reader does not stand at ``after``: another process was faster.
    """
    if not cursors.move_on(rows, reader, after=after, upto=upto):
        return None
    return sum(_wait(rows, each, at) for each in found)


def _wait(rows: Rows, each: Any, at: datetime) -> bool:
    place = (each.chat, each.thread)
    told = "SELECT 1 FROM told_facts WHERE chat = ? AND thread = ? AND key IN (SELECT value FROM json_each(?))"
    known = rows.execute(told, (*place, json.dumps(each.keys))).fetchone() is not None
    for key in each.keys:
        rows.execute(
            "INSERT INTO told_facts VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            (*place, key, each.article_id, each.fact_id, moment_text(at)),
        )
    if known or each.not_before is None:
        return False
    about = (each.follow_id, each.article_id, each.version, each.fact_id, each.start, each.end)
    rows.execute(
        "INSERT INTO waiting_alerts (chat, thread, follow_id, article_id, version, fact_id, quote_start, quote_end,"
        " since_at, not_before) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (*place, *about, moment_text(at), moment_text(each.not_before)),
    )
    return True


def told_of(rows: Rows, article_id: int) -> list[int]:
    """The facts of an article that anybody was told."""
    found = rows.execute(
        "SELECT DISTINCT fact_id FROM told_facts WHERE article_id = ? AND fact_id IS NOT NULL", (article_id,)
    ).fetchall()
    return [row[0] for row in found]


def waiting(rows: Rows, now: datetime, limit: int) -> list[tuple[Any, ...]]:
    """The rows of ``waiting_alerts`` that may be told, oldest first."""
    found: list[tuple[Any, ...]] = rows.execute(
        "SELECT id, chat, thread, follow_id, article_id, version, fact_id, quote_start, quote_end, since_at"
        " FROM waiting_alerts WHERE not_before <= ? ORDER BY not_before, id LIMIT ?",
        (moment_text(now), limit),
    ).fetchall()
    return found


def settle(
    rows: Rows,
    messages: Sequence[tuple[Sequence[int], Address, Reply | None]],
    held: Sequence[tuple[Sequence[int], datetime]],
    *,
    at: datetime,
) -> int:
    """Take lines off and put the messages that tell them into the outbox, let others wait; how many messages.

    No message without a reply (nothing in its lines stands any more), or when another process has told them.
    """
    for ids, until in held:
        rows.execute(
            "UPDATE waiting_alerts SET not_before = ? WHERE id IN (SELECT value FROM json_each(?))",
            (moment_text(until), json.dumps(list(ids))),
        )
    rows.execute("DELETE FROM alert_messages WHERE at < ?", (moment_text(at - _REMEMBERED),))
    return sum(_tell(rows, ids, address, reply, at) for ids, address, reply in messages)


def _tell(rows: Rows, ids: Sequence[int], address: Address, reply: Reply | None, at: datetime) -> bool:
    done = rows.execute(
        "DELETE FROM waiting_alerts WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(list(ids)),)
    )
    if done.rowcount == 0 or reply is None:
        return False
    rows.execute("INSERT INTO alert_messages VALUES (?, ?, ?)", (address.chat, address.thread, moment_text(at)))
    enqueue(rows, address, reply, at=at, priority=ALERT)
    return True


def messages_since(rows: Rows, since: datetime) -> dict[tuple[str, str], list[datetime]]:
    """When each place was sent alerts lately, oldest first."""
    found: dict[tuple[str, str], list[datetime]] = {}
    for chat, thread, at in rows.execute(
        "SELECT chat, thread, at FROM alert_messages WHERE at >= ? ORDER BY at", (moment_text(since),)
    ).fetchall():
        found.setdefault((chat, thread), []).append(datetime.fromisoformat(at))
    return found


def tidy(rows: Rows, before: datetime) -> None:
    """Forget what was told or reminded of before that moment."""
    rows.execute("DELETE FROM told_facts WHERE at < ?", (moment_text(before),))
    rows.execute("DELETE FROM reminders WHERE sent_at < ?", (moment_text(before),))


def _own(rows: Rows, follow_id: int, chat: str) -> Follow | None:
    found = rows.execute(_FOLLOWS + "WHERE id = ? AND chat = ?", (follow_id, chat)).fetchone()
    return _follow(found) if found else None


def _follow(row: Sequence[Any]) -> Follow:
    return Follow(
        id=row[0],
        chat=row[1],
        thread=row[2],
        user=row[3],
        kind=row[4],
        label=row[5],
        entity=row[6],
        story=row[7],
        wanted=wanted_of(row[8]),
        urgent=bool(row[9]),
        remind_hours=row[10],
        muted_until=datetime.fromisoformat(row[11]) if row[11] else None,
        created_at=datetime.fromisoformat(row[12]),
    )
