"""What chats have chosen: every statement on ``chat_settings``, as plain functions on an open connection."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import time
from typing import Any

from bot.books.rows import Rows
from bot.model import ChatSettings

QUIET_AND_DIGESTS = """
ALTER TABLE chat_settings ADD COLUMN quiet_from TEXT;
ALTER TABLE chat_settings ADD COLUMN quiet_to TEXT;
ALTER TABLE chat_settings ADD COLUMN length TEXT NOT NULL DEFAULT 'short';
ALTER TABLE chat_settings ADD COLUMN when_empty TEXT NOT NULL DEFAULT 'line';
"""
"""Quiet hours (local times of day), and how digests shall be that are ordered from now on."""


def settings(rows: Rows, chat: str) -> ChatSettings:
    found = rows.execute(
        "SELECT zone, language, quiet_from, quiet_to, length, when_empty FROM chat_settings WHERE chat = ?", (chat,)
    ).fetchone()
    return _settings(found) if found else ChatSettings()


def settings_of(rows: Rows, chats: Collection[str]) -> dict[str, ChatSettings]:
    """The settings of those of the chats that have changed any."""
    found = rows.execute(
        "SELECT zone, language, quiet_from, quiet_to, length, when_empty, chat FROM chat_settings"
        " WHERE chat IN (SELECT value FROM json_each(?))",
        (json.dumps(list(chats)),),
    )
    return {row[6]: _settings(row) for row in found.fetchall()}


def change_settings(rows: Rows, chat: str, chosen: ChatSettings) -> None:
    values = (chosen.zone, chosen.language, _text(chosen.quiet_from), _text(chosen.quiet_to))
    rows.execute(
        "INSERT INTO chat_settings (chat, zone, language, quiet_from, quiet_to, length, when_empty)"
        " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (chat) DO UPDATE SET zone = excluded.zone,"
        " language = excluded.language, quiet_from = excluded.quiet_from, quiet_to = excluded.quiet_to,"
        " length = excluded.length, when_empty = excluded.when_empty",
        (chat, *values, chosen.length, chosen.when_empty),
    )


def _settings(row: Sequence[Any]) -> ChatSettings:
    return ChatSettings(
        zone=row[0],
        language=row[1],
        quiet_from=_time(row[2]),
        quiet_to=_time(row[3]),
        length=row[4],
        when_empty=row[5],
    )


def _time(text: str | None) -> time | None:
    return time.fromisoformat(text) if text else None


def _text(at: time | None) -> str | None:
    return at.isoformat(timespec="minutes") if at else None
