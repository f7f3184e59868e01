"""How the outbox stands, for ``onrecord outbox`` and ``/status``: plain counts, nothing that changes anything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.books.connection import Rows, moment_text

INDEXES = """
CREATE INDEX outbox_waiting ON outbox (json_extract(address, '$.platform'), state, queued_at)
    WHERE state IN ('pending', 'sending');
CREATE INDEX outbox_gone ON outbox (ended_at, json_extract(address, '$.platform')) WHERE state = 'sent';
"""
"""So that counting a long queue reads no message."""
MOST_FAILED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One platform. ``last_minute``, ``last_hour``: messages sent; ``oldest_at``: of what waits (aware) or ``None``."""

    platform: str
    waiting: int
    sending: int
    oldest_at: datetime | None
    last_minute: int
    last_hour: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedRow:
    id: int
    chat: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """``doubted``: rows sent again after a crash though they may have arrived; ``failed``: the latest ones."""

    ways: tuple[Way, ...]
    sent: int
    failed_in_all: int
    doubted: int
    failed: tuple[FailedRow, ...]
    paused: tuple[tuple[str, str], ...]


_WAITING = """SELECT platform, COUNT(*), COUNT(*) FILTER (WHERE state = 'sending'), MIN(queued_at)
    FROM outbox INDEXED BY outbox_waiting WHERE state IN ('pending', 'sending') GROUP BY platform"""
_SENT = """SELECT platform, COUNT(*), COUNT(*) FILTER (WHERE ended_at >= ?)
    FROM outbox INDEXED BY outbox_gone WHERE state = 'sent' AND ended_at >= ? GROUP BY platform"""


def report(rows: Rows, *, now: datetime) -> Report:
    minute, hour = (moment_text(now - timedelta(seconds=seconds)) for seconds in (60, 3600))
    waiting = {row[0] or "unknown": row[1:] for row in rows.execute(_WAITING).fetchall()}
    gone = {row[0] or "unknown": row[1:] for row in rows.execute(_SENT, (minute, hour)).fetchall()}
    failed = rows.execute(
        "SELECT id, chat, reason, ended_at FROM outbox WHERE state = 'failed' AND ended_at IS NOT NULL"
        " ORDER BY ended_at DESC, id DESC LIMIT ?",
        (MOST_FAILED,),
    ).fetchall()
    return Report(
        ways=tuple(
            _way(name, waiting.get(name, (0, 0, None)), gone.get(name, (0, 0))) for name in sorted(waiting | gone)
        ),
        sent=_count(rows, "SELECT COUNT(*) FROM outbox WHERE state = 'sent' AND ended_at IS NOT NULL"),
        failed_in_all=_count(rows, "SELECT COUNT(*) FROM outbox WHERE state = 'failed' AND ended_at IS NOT NULL"),
        doubted=_count(rows, "SELECT COUNT(*) FROM outbox WHERE doubts > 0"),
        failed=tuple(FailedRow(id=r[0], chat=r[1], reason=r[2], at=datetime.fromisoformat(r[3])) for r in failed),
        paused=tuple(
            (chat, reason)
            for chat, reason in rows.execute("SELECT chat, reason FROM paused_chats ORDER BY paused_at, chat")
        ),
    )


def _way(platform: str, waiting: tuple[int, int, str | None], gone: tuple[int, int]) -> Way:
    count, sending, oldest = waiting
    return Way(
        platform=platform,
        waiting=count - sending,
        sending=sending,
        oldest_at=datetime.fromisoformat(oldest) if oldest else None,
        last_minute=gone[1],
        last_hour=gone[0],
    )


def _count(rows: Rows, statement: str) -> int:
    return int(rows.execute(statement).fetchone()[0])
