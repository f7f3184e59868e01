"""What belongs to a chat, over all tables of the bookkeeping; chats that moved, and chats that nothing reaches.

``CHAT_TABLES`` is the one list that moving and forgetting a chat walk: a test reads the schema for columns named
``chat`` and fails when one is missing here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.books import codec, outgoing
from bot.books.connection import Rows, moment_text
from bot.model import ALERT, Address, Reply

NOTICE = "chats_paused"
MOST_NAMED = 20
_BEGINS = f'{{"template":"{NOTICE}",'
"""How the text of such a reply begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatTable:
    """A table and its column that names a chat. ``moves``: whether its rows go along when the chat gets a new name.

    What was sent does not move: the numbers of its messages mean nothing under the new name. ``once``: the columns in
    which the rows of one chat differ, where the table has one row of each chat (and of these) only.
    """

    table: str
    column: str = "chat"
    moves: bool = True
    once: tuple[str, ...] | None = None


CHAT_TABLES: tuple[ChatTable, ...] = (
    ChatTable(table="chat_settings", once=()),
    ChatTable(table="button_commands"),
    ChatTable(table="follows", once=("thread", "kind", "target")),
    ChatTable(table="told_facts", once=("thread", "key")),
    ChatTable(table="waiting_alerts"),
    ChatTable(table="alert_messages"),
    ChatTable(table="reminders", once=("thread", "key")),
    ChatTable(table="shown_digests", once=("thread",)),
    ChatTable(table="subscriptions"),
    ChatTable(table="model_costs", once=("day", "purpose")),
    ChatTable(table="web_secrets", once=("kind",)),
    ChatTable(table="calendar_entries", once=("fact_id",)),
    ChatTable(table="members", column="name", once=()),
    ChatTable(table="conversations"),
    ChatTable(table="audit", moves=False),
    ChatTable(table="outbox", moves=False),
    ChatTable(table="outbox_heads", moves=False),
    ChatTable(table="sent_parts", moves=False),
    ChatTable(table="paused_chats", moves=False),
)


def move_chat(rows: Rows, old: str, new: str) -> None:
    """Give a chat its new name; what that name has already stays. Of the outbox only what is open goes along."""
    opened = "SELECT id, address FROM outbox WHERE chat = ? AND state IN ('pending', 'sending')"
    rows.executemany(
        "UPDATE outbox SET chat = ?, address = ? WHERE id = ?",
        [
            (new, codec.address_text(replace(codec.address_of(text), chat=new)), number)
            for number, text in rows.execute(opened, (old,)).fetchall()
        ],
    )
    rows.execute("DELETE FROM paused_chats WHERE chat IN (?, ?)", (old, new))
    for each in CHAT_TABLES:
        if each.moves:
            rows.execute(
                f"UPDATE {each.table} SET {each.column} = ? WHERE {each.column} = ?{_unless_there(each)}",
                (new, old, *(() if each.once is None else (new,))),
            )


def _unless_there(each: ChatTable) -> str:
    """What keeps a row as it is of which the new name has one already."""
    if each.once is None:
        return ""
    same = "".join(f" AND there.{column} = {each.table}.{column}" for column in each.once)
    return f" AND NOT EXISTS (SELECT 1 FROM {each.table} AS there WHERE there.{each.column} = ?{same})"


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
        " AND not_before > ? AND substr(reply, 1, ?) = ? ORDER BY id DESC LIMIT 1",
        (address.chat, moment_text(at), len(_BEGINS), _BEGINS),
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
