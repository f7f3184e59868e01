"""What the language model was asked for each chat and day, and the answers it gave: the budget, the bill, the cache."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Protocol

from bot.books.connection import Rows, moment_text
from digests.llm.base import Completion
from digests.store.database import Database

TABLES = """
CREATE TABLE model_costs (
    chat TEXT NOT NULL, day TEXT NOT NULL, purpose TEXT NOT NULL, requests INTEGER NOT NULL DEFAULT 0,
    cached INTEGER NOT NULL DEFAULT 0, failed INTEGER NOT NULL DEFAULT 0, tokens_in INTEGER NOT NULL DEFAULT 0,
    tokens_out INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (chat, day, purpose)) WITHOUT ROWID;
CREATE INDEX model_costs_day ON model_costs (day);
CREATE TABLE model_answers (key TEXT PRIMARY KEY, answer TEXT NOT NULL, kept_at TEXT NOT NULL) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Sums. ``cached``: requests that an earlier answer served; ``failed``: those that gave nothing."""

    requests: int = 0
    cached: int = 0
    failed: int = 0
    tokens_in: int = 0
    tokens_out: int = 0

    @property
    def tokens(self) -> int:
        return self.tokens_in + self.tokens_out


class Costs(Protocol):
    async def add_cost(self, chat: str, purpose: str, cost: Cost, *, day: date) -> None: ...

    async def cost(self, *, chat: str = "", since: date, until: date) -> Cost:
        """The sum over the days (both inclusive), of one chat or of all."""
        ...

    async def costs_by_chat(self, *, since: date, until: date, limit: int = 10) -> list[tuple[str, Cost]]:
        """The dearest chats first."""
        ...

    async def keep_answer(self, key: str, answer: str, *, at: datetime) -> None: ...

    async def kept_answer(self, key: str) -> str | None: ...


class SqlCosts:
    """``Costs`` on an open ``Database`` that was given ``bot.books.sql.MIGRATIONS``."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def add_cost(self, chat: str, purpose: str, cost: Cost, *, day: date) -> None:
        work = partial(add_cost, chat=chat, purpose=purpose, cost=cost, day=day)
        await self._db.write(work, subject="rows")

    async def cost(self, *, chat: str = "", since: date, until: date) -> Cost:
        return await self._db.read(partial(cost, chat=chat, since=since, until=until))

    async def costs_by_chat(self, *, since: date, until: date, limit: int = 10) -> list[tuple[str, Cost]]:
        return await self._db.read(partial(costs_by_chat, since=since, until=until, limit=limit))

    async def keep_answer(self, key: str, answer: str, *, at: datetime) -> None:
        await self._db.write(partial(keep_answer, key=key, answer=answer, at=at), subject="rows")

    async def kept_answer(self, key: str) -> str | None:
        return await self._db.read(partial(kept_answer, key=key))


_SUMS = "COALESCE(SUM(requests), 0), COALESCE(SUM(cached), 0), COALESCE(SUM(failed), 0), COALESCE(SUM(tokens_in), 0), \
COALESCE(SUM(tokens_out), 0)"


def add_cost(rows: Rows, chat: str, purpose: str, cost: Cost, *, day: date) -> None:
    rows.execute(
        "INSERT INTO model_costs (chat, day, purpose, requests, cached, failed, tokens_in, tokens_out)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (chat, day, purpose) DO UPDATE SET"
        " requests = model_costs.requests + excluded.requests, cached = model_costs.cached + excluded.cached,"
        " failed = model_costs.failed + excluded.failed, tokens_in = model_costs.tokens_in + excluded.tokens_in,"
        " tokens_out = model_costs.tokens_out + excluded.tokens_out",
        (chat, day.isoformat(), purpose, cost.requests, cost.cached, cost.failed, cost.tokens_in, cost.tokens_out),
    )


def cost(rows: Rows, chat: str, *, since: date, until: date) -> Cost:
    found = rows.execute(
        f"SELECT {_SUMS} FROM model_costs WHERE day BETWEEN ? AND ? AND (? = '' OR chat = ?)",
        (since.isoformat(), until.isoformat(), chat, chat),
    ).fetchone()
    return _cost(found)


def costs_by_chat(rows: Rows, *, since: date, until: date, limit: int) -> list[tuple[str, Cost]]:
    found = rows.execute(
        f"SELECT chat, {_SUMS} FROM model_costs WHERE day BETWEEN ? AND ? GROUP BY chat"
        " ORDER BY SUM(tokens_in) + SUM(tokens_out) DESC, chat LIMIT ?",
        (since.isoformat(), until.isoformat(), limit),
    ).fetchall()
    return [(row[0], _cost(row[1:])) for row in found]


def _cost(row: tuple[int, ...]) -> Cost:
    requests, cached, failed, tokens_in, tokens_out = row
    return Cost(requests=requests, cached=cached, failed=failed, tokens_in=tokens_in, tokens_out=tokens_out)


def keep_answer(rows: Rows, key: str, answer: str, *, at: datetime) -> None:
    rows.execute(
        "INSERT INTO model_answers (key, answer, kept_at) VALUES (?, ?, ?)"
        " ON CONFLICT (key) DO UPDATE SET answer = excluded.answer, kept_at = excluded.kept_at",
        (key, answer, moment_text(at)),
    )


def kept_answer(rows: Rows, key: str) -> str | None:
    found = rows.execute("SELECT answer FROM model_answers WHERE key = ?", (key,)).fetchone()
    return str(found[0]) if found else None


def tidy(rows: Rows, *, before: datetime) -> None:
    """Forget answers kept before that moment; the bill stays."""
    rows.execute("DELETE FROM model_answers WHERE kept_at < ?", (moment_text(before),))


def as_cost(completion: Completion) -> Cost:
    """What one answered request cost."""
    return Cost(requests=1, tokens_in=completion.tokens_in, tokens_out=completion.tokens_out)
