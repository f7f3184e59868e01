"""The same to many: messages queued a batch at a time, what they say kept once. (One by itself: ``outgoing``.)"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.books import codec, shown, texts
from bot.books.connection import Rows, moment_text
from bot.model import BULK, Address, Reply


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """``edits``: the outbox row whose messages this one takes the place of."""

    address: Address
    reply: Reply
    edits: int | None = None


_NUMBERS = "SELECT (SELECT COALESCE(MAX(id), 0) FROM outbox) + value FROM json_each(?)"


def enqueue_all(rows: Rows, letters: Sequence[Letter], *, at: datetime) -> list[tuple[int, int]]:
    """Put messages of the lowest priority into the outbox; of each the number of its row and of its text.

    To paused chats they are failed at once.
    """
    if not letters:
        return []
    paused = _paused(rows, {each.address.chat for each in letters})
    numbers = rows.execute(_NUMBERS, (json.dumps(list(range(1, len(letters) + 1))),)).fetchall()
    queued_at = moment_text(at)
    shared: dict[tuple[str, bool], tuple[int, int | None]] = {}
    values: list[tuple[Any, ...]] = []
    for (number,), each in zip(numbers, letters, strict=True):
        text = codec.reply_text(each.reply)
        said = text, each.edits is None
        if said not in shared:
            shared[said] = texts.text_id(rows, text), shown.set_of(rows, text) if each.edits is None else None
        chat = each.address.chat
        state = ("failed", f"paused: {paused[chat]}", queued_at) if chat in paused else ("pending", "", None)
        place = (number, each.address.platform, chat, codec.address_text(each.address), texts.ELSEWHERE)
        values.append((*place, *shared[said], *state, each.edits, BULK, queued_at))
    rows.executemany(
        "INSERT INTO outbox (id, platform, chat, address, reply, text_id, shown_id, state, reason, ended_at, edits,"
        " priority, queued_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        values,
    )
    return [(value[0], value[5]) for value in values]


def _paused(rows: Rows, chats: Iterable[str]) -> dict[str, str]:
    """Of these chats those that nothing reaches, with the reason."""
    found = rows.execute(
        "SELECT chat, reason FROM paused_chats WHERE chat IN (SELECT value FROM json_each(?))",
        (json.dumps(list(chats)),),
    )
    return dict(found.fetchall())
