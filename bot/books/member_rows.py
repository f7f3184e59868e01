"""The members' tables on SQLite: each function is one transaction's work on an open connection."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, cast

from bot.books.codes import hashed
from bot.books.members import GUESSED_WITHIN, MOST_GUESSES, Entry, Joined, Joining, Kind, Member, Outcome
from bot.books.rows import Rows, moment_text
from bot.model import ROLES, Role

TABLES = """
CREATE TABLE members (
    name TEXT PRIMARY KEY, role TEXT NOT NULL CHECK (role IN ('reader', 'editor', 'admin')),
    called TEXT NOT NULL DEFAULT '', let_in_by TEXT NOT NULL, let_in_at TEXT NOT NULL);

CREATE TABLE invites (
    id INTEGER PRIMARY KEY, code_hash TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('person', 'chat', 'workspace')), role TEXT NOT NULL,
    made_by TEXT NOT NULL, made_at TEXT NOT NULL, expires_at TEXT NOT NULL, used_by TEXT, used_at TEXT);

CREATE TABLE audit (
    id INTEGER PRIMARY KEY, at TEXT NOT NULL, who TEXT NOT NULL, chat TEXT NOT NULL, did TEXT NOT NULL,
    outcome TEXT NOT NULL DEFAULT '');
CREATE INDEX audit_guesses ON audit (who, at) WHERE did = 'guess';

CREATE TABLE bot_names (platform TEXT PRIMARY KEY, name TEXT NOT NULL);
"""
_LONGEST = 200
KEPT = timedelta(days=90)
"""So long it can be said of a code that it has expired or was used; after that it is unknown."""


def roles(rows: Rows, names: Collection[str]) -> dict[str, Role]:
    found = rows.execute(
        "SELECT name, role FROM members WHERE name IN (SELECT value FROM json_each(?))", (json.dumps(list(names)),)
    )
    return dict(found.fetchall())


def members(rows: Rows, *, limit: int, offset: int) -> list[Member]:
    found = rows.execute(f"{_MEMBERS} ORDER BY let_in_at DESC, name LIMIT ? OFFSET ?", (limit, offset)).fetchall()
    return [_member(row) for row in found]


_MEMBERS = "SELECT name, role, called, let_in_by, let_in_at FROM members"


def _member(row: Any) -> Member:
    return Member(name=row[0], role=row[1], called=row[2], let_in_by=row[3], let_in_at=datetime.fromisoformat(row[4]))


def invite(rows: Rows, kind: Kind, role: Role, *, code: str, by: str, at: datetime, until: datetime) -> None:
    rows.execute("DELETE FROM invites WHERE expires_at < ?", (moment_text(at - KEPT),))
    rows.execute(
        "INSERT INTO invites (code_hash, kind, role, made_by, made_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)",
        (hashed(code), kind, role, by, moment_text(at), moment_text(until)),
    )


def join(rows: Rows, code: str, joining: Joining, *, at: datetime) -> Joined:
    if _guesses(rows, joining.person, at=at) >= MOST_GUESSES:
        return Joined(outcome="slow")
    found = rows.execute(
        "SELECT id, kind, role, made_by, expires_at, used_by FROM invites WHERE code_hash = ?", (hashed(code),)
    ).fetchone()
    if found is None:
        return _guessed(rows, joining, "unknown", at=at)
    kind, role = cast(Kind, found[1]), cast(Role, found[2])
    name, called = joining.can.get(kind, ("", ""))
    has = roles(rows, [name]).get(name)
    if found[5] is not None:
        if has is not None and found[5] == name:
            return Joined(outcome="known", kind=kind, role=has)
        return _guessed(rows, joining, "used", at=at)
    if datetime.fromisoformat(found[4]) <= at:
        return _guessed(rows, joining, "expired", at=at)
    if not name:
        return Joined(outcome="misplaced", kind=kind, role=role)
    if has is not None and ROLES.index(has) >= ROLES.index(role):
        return Joined(outcome="known", kind=kind, role=has)
    rows.execute("UPDATE invites SET used_by = ?, used_at = ? WHERE id = ?", (name, moment_text(at), found[0]))
    rows.execute(
        "INSERT INTO members (name, role, called, let_in_by, let_in_at) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (name) DO UPDATE SET role = excluded.role, called = excluded.called,"
        " let_in_by = excluded.let_in_by, let_in_at = excluded.let_in_at",
        (name, role, called[:_LONGEST], found[3], moment_text(at)),
    )
    _done(rows, f"join {name} as {role}", "admitted", who=joining.person, chat=joining.chat, at=at)
    return Joined(outcome="admitted", kind=kind, role=role)


def _guesses(rows: Rows, who: str, *, at: datetime) -> int:
    since = moment_text(at - GUESSED_WITHIN)
    found = rows.execute("SELECT COUNT(*) FROM audit WHERE did = 'guess' AND who = ? AND at > ?", (who, since))
    return int(found.fetchone()[0])


def _guessed(rows: Rows, joining: Joining, outcome: Outcome, *, at: datetime) -> Joined:
    _done(rows, "guess", outcome, who=joining.person, chat=joining.chat, at=at)
    return Joined(outcome=outcome)


def change_role(rows: Rows, name: str, role: Role, *, by: str, at: datetime) -> Member | None:
    found = rows.execute(f"{_MEMBERS} WHERE name = ?", (name,)).fetchone()
    if found is None:
        return None
    rows.execute("UPDATE members SET role = ? WHERE name = ?", (role, name))
    if role != "admin":
        _forget_codes(rows, name)
    _done(rows, f"make {name} {role}", "done", who=by, chat="", at=at)
    return _member(found)


def revoke(rows: Rows, name: str, *, by: str, at: datetime) -> Member | None:
    found = rows.execute(f"{_MEMBERS} WHERE name = ?", (name,)).fetchone()
    _forget_codes(rows, name)
    if found is None:
        return None
    rows.execute("DELETE FROM members WHERE name = ?", (name,))
    _done(rows, f"revoke {name}", "done", who=by, chat="", at=at)
    return _member(found)


def _forget_codes(rows: Rows, name: str) -> None:
    """What somebody handed out and nobody used yet is good no longer when they may hand out nothing."""
    rows.execute("DELETE FROM invites WHERE made_by = ? AND used_by IS NULL", (name,))


def note(rows: Rows, did: str, *, who: str, chat: str, at: datetime) -> int:
    return _done(rows, did, "", who=who, chat=chat, at=at)


def _done(rows: Rows, did: str, outcome: str, *, who: str, chat: str, at: datetime) -> int:
    done = rows.execute(
        "INSERT INTO audit (at, who, chat, did, outcome) VALUES (?, ?, ?, ?, ?) RETURNING id",
        (moment_text(at), who, chat, did[:_LONGEST], outcome),
    )
    return int(done.fetchone()[0])


def noted(rows: Rows, number: int, outcome: str) -> None:
    rows.execute("UPDATE audit SET outcome = ? WHERE id = ?", (outcome, number))


def log(rows: Rows, *, limit: int, offset: int) -> list[Entry]:
    found = rows.execute(
        "SELECT at, who, chat, did, outcome FROM audit ORDER BY id DESC LIMIT ? OFFSET ?", (limit, offset)
    ).fetchall()
    return [
        Entry(at=datetime.fromisoformat(row[0]), who=row[1], chat=row[2], did=row[3], outcome=row[4]) for row in found
    ]


def bot_name(rows: Rows, platform: str) -> str:
    found = rows.execute("SELECT name FROM bot_names WHERE platform = ?", (platform,)).fetchone()
    return str(found[0]) if found else ""


def know_bot(rows: Rows, platform: str, name: str) -> None:
    rows.execute(
        "INSERT INTO bot_names (platform, name) VALUES (?, ?)"
        " ON CONFLICT (platform) DO UPDATE SET name = excluded.name",
        (platform, name),
    )
