"""What chats have chosen: every statement on ``chat_settings``, as plain functions on an open connection."""

from __future__ import annotations

from datetime import time

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
    if found is None:
        return ChatSettings()
    return ChatSettings(
        zone=found[0],
        language=found[1],
        quiet_from=_time(found[2]),
        quiet_to=_time(found[3]),
        length=found[4],
        when_empty=found[5],
    )


def change_settings(rows: Rows, chat: str, chosen: ChatSettings) -> None:
    values = (chosen.zone, chosen.language, _text(chosen.quiet_from), _text(chosen.quiet_to))
    rows.execute(
        "INSERT OR REPLACE INTO chat_settings (chat, zone, language, quiet_from, quiet_to, length, when_empty)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (chat, *values, chosen.length, chosen.when_empty),
    )


def _time(text: str | None) -> time | None:
    return time.fromisoformat(text) if text else None


def _text(at: time | None) -> str | None:
    return at.isoformat(timespec="minutes") if at else None
