"""What belongs to a chat, over all tables of the bookkeeping; chats that moved, and chats that nothing reaches.

``CHAT_TABLES`` is the one list that moving and forgetting a chat walk: a test reads the schema for columns named
``chat`` and fails when one is missing here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.books import codec, outgoing
from bot.books.connection import Rows, moment_text
from bot.model import ALERT, Address, Reply

NOTICE = "chats_paused"
MOST_NAMED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatTable:
    """A table and its column that names a chat. ``moves``: whether its rows go along when the chat gets a new name.

    What was sent does not move: the numbers of its messages mean nothing under the new name.
    """

    table: str
    column: str = "chat"
    moves: bool = True


CHAT_TABLES: tuple[ChatTable, ...] = (
    ChatTable(table="chat_settings"),
    ChatTable(table="button_commands"),
    ChatTable(table="follows"),
    ChatTable(table="told_facts"),
    ChatTable(table="waiting_alerts"),
    ChatTable(table="alert_messages"),
    ChatTable(table="reminders"),
    ChatTable(table="shown_digests"),
    ChatTable(table="subscriptions"),
    ChatTable(table="model_costs"),
    ChatTable(table="web_secrets"),
    ChatTable(table="calendar_entries"),
    ChatTable(table="members", column="name"),
    ChatTable(table="conversations"),
    ChatTable(table="audit", moves=False),
    ChatTable(table="outbox", moves=False),
    ChatTable(table="outbox_heads", moves=False),
    ChatTable(table="sent_parts", moves=False),
    ChatTable(table="paused_chats", moves=False),
)


def move_chat(rows: Rows, old: str, new: str) -> None:
    """Give a chat its new name; what that name has already stays. Of the outbox only what is open goes along."""
    rows.execute(
        "UPDATE outbox SET chat = ?, address = json_set(address, '$.chat', ?)"
        " WHERE chat = ? AND state IN ('pending', 'sending')",
        (new, new, old),
    )
    rows.execute("DELETE FROM paused_chats WHERE chat IN (?, ?)", (old, new))
    for each in CHAT_TABLES:
        if each.moves:
            rows.execute(f"UPDATE OR IGNORE {each.table} SET {each.column} = ? WHERE {each.column} = ?", (new, old))


def pause_chat(rows: Rows, chat: str, reason: str, *, at: datetime, admins: Sequence[Address], due: datetime) -> bool:
    """Send nothing more to a chat until somebody writes there; whether that is news.

    What is open for it fails with the reason; everything else of the chat stays. The admins are told once, at ``due``,
    together with the other chats that are lost until then.
    """
    done = rows.execute(
        "INSERT INTO paused_chats (chat, reason, paused_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        (chat, reason, moment_text(at)),
    )
    rows.execute(
        "UPDATE outbox SET state = 'failed', reason = ?, ended_at = ?, lease_until = NULL"
        " WHERE chat = ? AND state IN ('pending', 'sending')",
        (f"paused: {reason}", moment_text(at), chat),
    )
    news = bool(done.rowcount == 1)
    for address in admins if news else ():
        if address.chat != chat:
            _tell(rows, address, chat, reason, at=at, due=due)
    return news


def _tell(rows: Rows, address: Address, chat: str, reason: str, *, at: datetime, due: datetime) -> None:
    """One message for the chats that are lost within a short time."""
    lost = {"chat": chat, "reason": reason}
    waiting = rows.execute(
        "SELECT id, reply FROM outbox WHERE chat = ? AND state = 'pending' AND message_ids = '[]'"
        " AND not_before > ? AND json_extract(reply, '$.template') = ? ORDER BY id DESC LIMIT 1",
        (address.chat, moment_text(at), NOTICE),
    ).fetchone()
    if waiting is None:
        reply = Reply(template=NOTICE, data={"chats": [lost], "more": 0})
        outgoing.enqueue(rows, address, reply, at=at, priority=ALERT, not_before=due)
        return
    data = dict(codec.reply_of(waiting[1]).data)
    if len(data["chats"]) < MOST_NAMED:
        data["chats"] = [*data["chats"], lost]
    else:
        data["more"] += 1
    text = codec.reply_text(Reply(template=NOTICE, data=data))
    rows.execute("UPDATE outbox SET reply = ? WHERE id = ?", (text, waiting[0]))


def resume_chat(rows: Rows, chat: str) -> bool:
    """Somebody wrote there again; whether it had been paused."""
    return bool(rows.execute("DELETE FROM paused_chats WHERE chat = ?", (chat,)).rowcount == 1)


def paused_chats(rows: Rows) -> dict[str, str]:
    """Every paused chat, with the reason."""
    return dict(rows.execute("SELECT chat, reason FROM paused_chats ORDER BY paused_at, chat").fetchall())
