"""The first tables of the bookkeeping; the statements on inbox and buttons, as plain functions on an open connection.

What was answered keeps its key, for the platform may deliver it again, but not its text. (The outbox: ``outgoing``.)
"""

from __future__ import annotations

import hashlib
import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, cast

from bot.books import chats, codec, costs, shown
from bot.books.connection import Rows as Rows
from bot.books.connection import moment_text as moment_text
from bot.books.outgoing import enqueue as enqueue
from bot.model import ANSWER, Address, Incoming, Platform, Reply, Trouble

TABLES = """
CREATE TABLE chat_settings (chat TEXT PRIMARY KEY, zone TEXT NOT NULL, language TEXT NOT NULL);

CREATE TABLE inbox (
    id INTEGER PRIMARY KEY, platform TEXT NOT NULL, key TEXT NOT NULL, payload TEXT NOT NULL,
    received_at TEXT NOT NULL, done_at TEXT, UNIQUE (platform, key));
CREATE INDEX inbox_open ON inbox (id) WHERE done_at IS NULL;

CREATE TABLE outbox (
    id INTEGER PRIMARY KEY, incoming_id INTEGER REFERENCES inbox (id) ON DELETE SET NULL, chat TEXT NOT NULL,
    address TEXT NOT NULL, reply TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'sending', 'sent', 'failed')),
    attempts INTEGER NOT NULL DEFAULT 0, message_ids TEXT NOT NULL DEFAULT '[]', reason TEXT NOT NULL DEFAULT '',
    not_before TEXT, lease_until TEXT, queued_at TEXT NOT NULL, ended_at TEXT);
CREATE INDEX outbox_open ON outbox (chat, id) WHERE state IN ('pending', 'sending');
CREATE INDEX outbox_incoming ON outbox (incoming_id);

CREATE TABLE sent_parts (chat TEXT, message_id TEXT, outgoing_id INTEGER, PRIMARY KEY (chat, message_id));
CREATE INDEX sent_parts_row ON sent_parts (outgoing_id);

CREATE TABLE button_commands (
    token TEXT PRIMARY KEY, command TEXT NOT NULL, chat TEXT NOT NULL, user TEXT NOT NULL, kept_at TEXT NOT NULL);
"""
"""The first version of the tables."""

PARKING = """
ALTER TABLE inbox ADD COLUMN attempts INTEGER NOT NULL DEFAULT 0;
ALTER TABLE inbox ADD COLUMN reason TEXT NOT NULL DEFAULT '';
CREATE INDEX inbox_parked ON inbox (id) WHERE reason <> '';
CREATE INDEX outbox_failed ON outbox (id) WHERE state = 'failed';
CREATE INDEX outbox_chat ON outbox (chat, id);
"""
"""How often answering an update was begun; why it was given up."""

OWNERS = """
ALTER TABLE inbox ADD COLUMN owner TEXT NOT NULL DEFAULT '';
ALTER TABLE inbox ADD COLUMN line TEXT NOT NULL DEFAULT '';
CREATE INDEX inbox_lines ON inbox (line, id) WHERE done_at IS NULL;
"""
"""Which process answers an update; what is answered one after the other (a hash: whose it is, is told to nobody)."""


def receive(
    rows: Rows,
    platform: Platform,
    key: str,
    payload: Mapping[str, Any],
    *,
    at: datetime,
    owner: str = "",
    line: str = "",
) -> Incoming | None:
    done = rows.execute(
        "INSERT INTO inbox (platform, key, payload, received_at, attempts, owner, line) VALUES (?, ?, ?, ?, 1, ?, ?)"
        " ON CONFLICT DO NOTHING RETURNING id",
        (platform, key, json.dumps(payload), moment_text(at), owner, _line(line)),
    ).fetchone()
    if done is None:
        return None
    waits = is_behind(rows, done[0]) if line else False
    return Incoming(id=done[0], platform=platform, key=key, payload=payload, received_at=at, behind=waits)


def _line(name: str) -> str:
    return hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()[:32] if name else ""


def is_behind(rows: Rows, incoming_id: int) -> bool:
    found = rows.execute(
        "SELECT 1 FROM inbox me JOIN inbox other ON other.line = me.line AND other.id < me.id"
        " WHERE me.id = ? AND me.line <> '' AND other.done_at IS NULL LIMIT 1",
        (incoming_id,),
    ).fetchone()
    return found is not None


def waiting(rows: Rows) -> tuple[int, datetime | None]:
    found = rows.execute("SELECT COUNT(*), MIN(received_at) FROM inbox WHERE done_at IS NULL").fetchone()
    return int(found[0]), datetime.fromisoformat(found[1]) if found[1] else None


def owners(rows: Rows) -> list[str]:
    return [row[0] for row in rows.execute("SELECT DISTINCT owner FROM inbox WHERE done_at IS NULL").fetchall()]


def adopt(rows: Rows, owner: str, *, by: str, platform: Platform) -> list[Incoming]:
    found = rows.execute(
        "UPDATE inbox SET owner = ? WHERE owner = ? AND platform = ? AND done_at IS NULL RETURNING id",
        (by, owner, platform),
    ).fetchall()
    taken = {row[0] for row in found}
    return [replace(each, behind=True) for each in unanswered(rows) if each.id in taken] if taken else []


def unanswered(rows: Rows, owner: str | None = None) -> list[Incoming]:
    found = rows.execute(
        "SELECT id, platform, key, payload, received_at, attempts FROM inbox WHERE done_at IS NULL"
        f"{'' if owner is None else ' AND owner = ?'} ORDER BY id",
        () if owner is None else (owner,),
    ).fetchall()
    return [
        Incoming(
            id=row[0],
            platform=cast(Platform, row[1]),
            key=row[2],
            payload=json.loads(row[3]),
            received_at=datetime.fromisoformat(row[4]),
            attempts=row[5],
        )
        for row in found
    ]


def begin(rows: Rows, incoming_id: int) -> int:
    found = rows.execute(
        "UPDATE inbox SET attempts = attempts + 1 WHERE id = ? RETURNING attempts", (incoming_id,)
    ).fetchone()
    return int(found[0]) if found else 0


def give_back(rows: Rows, incoming_ids: Sequence[int]) -> None:
    for incoming_id in incoming_ids:
        rows.execute("UPDATE inbox SET attempts = attempts - 1 WHERE id = ? AND attempts > 0", (incoming_id,))


def park(
    rows: Rows, incoming_id: int, reason: str, messages: Sequence[tuple[Address, Reply]], *, at: datetime
) -> list[int]:
    queued = answer(rows, incoming_id, messages, at=at)
    rows.execute("UPDATE inbox SET reason = ? WHERE id = ?", (reason or "no reason given", incoming_id))
    return queued


def answer(rows: Rows, incoming_id: int, messages: Sequence[tuple[Address, Reply]], *, at: datetime) -> list[int]:
    done = rows.execute(
        "UPDATE inbox SET done_at = ?, payload = '{}', owner = '', line = '' WHERE id = ? AND done_at IS NULL",
        (moment_text(at), incoming_id),
    )
    if done.rowcount != 1:
        return []
    for address, _ in messages:  # whoever writes wants to hear from us again
        for name in {address.chat, address.user} - {""}:
            chats.resume_chat(rows, name)
    return [
        enqueue(rows, address, reply, at=at, priority=ANSWER, incoming_id=incoming_id) for address, reply in messages
    ]


def sent_reply(rows: Rows, chat: str, message_id: str) -> Reply | None:
    found = rows.execute(
        "SELECT o.reply FROM sent_parts p JOIN outbox_replies o ON o.id = p.outgoing_id"
        " WHERE p.chat = ? AND p.message_id = ?",
        (chat, message_id),
    ).fetchone()
    return codec.reply_of(found[0]) if found else None


def keep_command(rows: Rows, command: str, *, chat: str, user: str, at: datetime) -> str:
    digest = hashlib.sha256("\0".join((chat, user, command)).encode()).digest()
    token = urlsafe_b64encode(digest[:18]).decode()
    rows.execute(
        'INSERT INTO button_commands (token, command, chat, "user", kept_at) VALUES (?, ?, ?, ?, ?)'
        " ON CONFLICT (token) DO UPDATE SET kept_at = excluded.kept_at",
        (token, command, chat, user, moment_text(at)),
    )
    return token


def kept_command(rows: Rows, token: str, *, chat: str, user: str) -> str | None:
    found = rows.execute(
        'SELECT command FROM button_commands WHERE token = ? AND chat = ? AND "user" = ?', (token, chat, user)
    ).fetchone()
    return found[0] if found else None


_STATES = """SELECT state, COUNT(*) FROM outbox INDEXED BY outbox_states WHERE ended_at IS NOT NULL GROUP BY state
    UNION ALL SELECT state, COUNT(*) FROM outbox INDEXED BY outbox_waiting WHERE state IN ('pending', 'sending')
    GROUP BY state ORDER BY 1"""


def queue(rows: Rows) -> dict[str, int]:
    counts = dict(rows.execute(_STATES).fetchall())
    parked = rows.execute("SELECT COUNT(*) FROM inbox WHERE reason <> ''").fetchone()[0]
    paused = rows.execute("SELECT COUNT(*) FROM paused_chats").fetchone()[0]
    return counts | ({"parked": parked} if parked else {}) | ({"paused": paused} if paused else {})


_TROUBLES = """SELECT o.chat, o.reason, COUNT(*), MAX(o.ended_at) AS last_at FROM outbox o
    WHERE o.state = 'failed'
    AND NOT EXISTS (SELECT 1 FROM outbox s WHERE s.chat = o.chat AND s.id > o.id AND s.state = 'sent')
    GROUP BY o.chat, o.reason
    UNION ALL SELECT platform || ' update ' || key, reason, 1, done_at FROM inbox WHERE reason <> ''
    ORDER BY last_at DESC, 1, 2 LIMIT ?"""


def troubles(rows: Rows, *, limit: int) -> list[Trouble]:
    found = rows.execute(_TROUBLES, (limit,)).fetchall()
    return [Trouble(what=row[0], reason=row[1], count=row[2], last_at=datetime.fromisoformat(row[3])) for row in found]


def tidy(rows: Rows, *, before: datetime, audit_before: datetime | None = None) -> None:
    at = moment_text(before)
    if audit_before is not None:
        rows.execute("DELETE FROM audit WHERE at < ?", (moment_text(audit_before),))
    rows.execute("DELETE FROM sent_parts WHERE outgoing_id IN (SELECT id FROM outbox WHERE ended_at < ?)", (at,))
    rows.execute("DELETE FROM outbox WHERE ended_at < ?", (at,))
    shown.tidy(rows)
    costs.tidy(rows, before=before)
    rows.execute("DELETE FROM inbox WHERE done_at < ?", (at,))
    rows.execute("DELETE FROM button_commands WHERE kept_at < ?", (at,))
