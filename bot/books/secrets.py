"""The secret addresses of chats' calendars and feeds, and what their calendars have shown.

Of a secret only its hash is kept: who reads the database learns no address. A chat has one calendar and one feed; a new
address takes the place of the old one, which ends with it.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from hashlib import sha256
from secrets import token_urlsafe
from typing import Literal, Protocol

from bot.books.connection import Rows, moment_text
from digests.store.database import Database

TABLES = """
CREATE TABLE web_secrets (
    chat TEXT NOT NULL, kind TEXT NOT NULL CHECK (kind IN ('calendar', 'feed')), hash TEXT NOT NULL,
    user TEXT NOT NULL, kinds TEXT NOT NULL, about TEXT NOT NULL, made_at TEXT NOT NULL,
    PRIMARY KEY (chat, kind)) WITHOUT ROWID;
CREATE INDEX web_secrets_hash ON web_secrets (hash);

CREATE TABLE calendar_entries (
    chat TEXT NOT NULL, fact_id INTEGER NOT NULL, print TEXT NOT NULL, sequence INTEGER NOT NULL,
    first_day TEXT NOT NULL, last_day TEXT NOT NULL, cancelled INTEGER NOT NULL, changed_at TEXT NOT NULL,
    PRIMARY KEY (chat, fact_id)) WITHOUT ROWID;
"""
SecretKind = Literal["calendar", "feed"]
_BYTES = 24
"""192 bits, which nobody guesses."""


def new_secret() -> str:
    """What an address is known by; it fits into one as it is."""
    return token_urlsafe(_BYTES)


def hashed(secret: str) -> str:
    """What is kept of a secret and looked up: how long that takes tells nothing about the secrets there are."""
    return sha256(secret.encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Whose an address is, who made it, and what the chat chose: kinds of facts (none: all) and words."""

    chat: str
    kind: SecretKind
    user: str
    made_at: datetime
    kinds: tuple[str, ...] = ()
    about: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a calendar showed of a fact. ``print``: of all of it; ``sequence``: how often it changed (RFC 5545)."""

    print: str
    first: date
    last: date
    changed_at: datetime
    sequence: int = 0
    cancelled: bool = False


class Secrets(Protocol):
    async def make(self, held: Held, secret: str) -> None:
        """Let a chat's address be known by ``secret``; another one of that kind ends, with what it has shown."""
        ...

    async def choose(self, held: Held) -> bool:
        """Change what a chat's address shows; ``False`` when it has none of that kind."""
        ...

    async def end(self, chat: str, kind: SecretKind) -> bool:
        """End a chat's address; whether there was one."""
        ...

    async def held(self, chat: str, kind: SecretKind) -> Held | None: ...

    async def held_by(self, secret: str, kind: SecretKind) -> Held | None:
        """Whose the address is, ``None`` for one that never was or has ended."""
        ...

    async def entries(self, chat: str) -> dict[int, Entry]:
        """What a chat's calendar has shown, by the numbers of facts."""
        ...

    async def keep_entries(self, chat: str, entries: Mapping[int, Entry], *, drop: Collection[int]) -> None:
        """Remember what the chat's calendar shows now, and forget the entries ``drop``."""
        ...


class SqlSecrets:
    """``Secrets`` on an open ``Database`` that was given ``bot.books.sql.MIGRATIONS``."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def make(self, held: Held, secret: str) -> None:
        await self._db.write(partial(make, given=held, secret=secret))

    async def choose(self, held: Held) -> bool:
        return await self._db.write(partial(choose, given=held))

    async def end(self, chat: str, kind: SecretKind) -> bool:
        return await self._db.write(partial(end, chat=chat, kind=kind))

    async def held(self, chat: str, kind: SecretKind) -> Held | None:
        return await self._db.read(partial(held, chat=chat, kind=kind))

    async def held_by(self, secret: str, kind: SecretKind) -> Held | None:
        return await self._db.read(partial(held_by, secret=secret, kind=kind))

    async def entries(self, chat: str) -> dict[int, Entry]:
        return await self._db.read(partial(entries, chat=chat))

    async def keep_entries(self, chat: str, entries: Mapping[int, Entry], *, drop: Collection[int]) -> None:
        await self._db.write(partial(keep_entries, chat=chat, given=entries, drop=drop))


def make(rows: Rows, given: Held, secret: str) -> None:
    end(rows, given.chat, given.kind)
    rows.execute(
        'INSERT INTO web_secrets (chat, kind, hash, "user", kinds, about, made_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
        (
            *(given.chat, given.kind, hashed(secret), given.user),
            *(json.dumps(given.kinds), given.about, moment_text(given.made_at)),
        ),
    )


def choose(rows: Rows, given: Held) -> bool:
    done = rows.execute(
        "UPDATE web_secrets SET kinds = ?, about = ? WHERE chat = ? AND kind = ?",
        (json.dumps(given.kinds), given.about, given.chat, given.kind),
    )
    return bool(done.rowcount)


def end(rows: Rows, chat: str, kind: SecretKind) -> bool:
    if kind == "calendar":
        rows.execute("DELETE FROM calendar_entries WHERE chat = ?", (chat,))
    return bool(rows.execute("DELETE FROM web_secrets WHERE chat = ? AND kind = ?", (chat, kind)).rowcount)


_HELD = 'SELECT chat, kind, "user", made_at, kinds, about FROM web_secrets'


def held(rows: Rows, chat: str, kind: SecretKind) -> Held | None:
    return _held(rows.execute(f"{_HELD} WHERE chat = ? AND kind = ?", (chat, kind)).fetchone())


def held_by(rows: Rows, secret: str, kind: SecretKind) -> Held | None:
    return _held(rows.execute(f"{_HELD} WHERE hash = ? AND kind = ?", (hashed(secret), kind)).fetchone())


def _held(row: tuple[str, SecretKind, str, str, str, str] | None) -> Held | None:
    if row is None:
        return None
    chat, kind, user, made_at, kinds, about = row
    return Held(
        chat=chat,
        kind=kind,
        user=user,
        made_at=datetime.fromisoformat(made_at),
        kinds=tuple(json.loads(kinds)),
        about=about,
    )


def entries(rows: Rows, chat: str) -> dict[int, Entry]:
    found = rows.execute(
        "SELECT fact_id, print, sequence, first_day, last_day, cancelled, changed_at FROM calendar_entries"
        " WHERE chat = ?",
        (chat,),
    ).fetchall()
    return {
        row[0]: Entry(
            print=row[1],
            sequence=row[2],
            first=date.fromisoformat(row[3]),
            last=date.fromisoformat(row[4]),
            cancelled=bool(row[5]),
            changed_at=datetime.fromisoformat(row[6]),
        )
        for row in found
    }


def keep_entries(rows: Rows, chat: str, given: Mapping[int, Entry], *, drop: Collection[int]) -> None:
    for fact_id in drop:
        rows.execute("DELETE FROM calendar_entries WHERE chat = ? AND fact_id = ?", (chat, fact_id))
    for fact_id, each in given.items():
        rows.execute(
            "INSERT INTO calendar_entries"
            " (chat, fact_id, print, sequence, first_day, last_day, cancelled, changed_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (chat, fact_id) DO UPDATE SET print = excluded.print,"
            " sequence = excluded.sequence, first_day = excluded.first_day, last_day = excluded.last_day,"
            " cancelled = excluded.cancelled, changed_at = excluded.changed_at",
            (
                *(chat, fact_id, each.print, each.sequence, each.first.isoformat(), each.last.isoformat()),
                *(int(each.cancelled), moment_text(each.changed_at)),
            ),
        )
