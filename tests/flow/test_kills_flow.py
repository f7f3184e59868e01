"""kill -9 while messages go out: nothing is lost, each kill doubles one message at most, and only one it cut off."""

from __future__ import annotations

import asyncio
import json
import os
import random
import sqlite3
import sys
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from telegram_server import TOKEN, fake_telegram

from bot.app.services import opened
from bot.books.deliveries import SqlDeliveries
from bot.books.sql import MIGRATIONS
from bot.config import Settings
from bot.model import ANSWER, BULK, Address, Platform, Reply
from digests.store.sqlite.database import SqliteDatabase

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2020, 2, 16, tzinfo=UTC)
SERVE = (
    "import asyncio; from bot.app import serve; from bot.config import load; asyncio.run(serve(load(env_file=None)))"
)


@dataclass
class Counting:
    """A platform of our own: what arrived, in order, and an answer to each a little later."""

    rng: random.Random
    port: int = 0
    arrived: list[tuple[str, str]] = field(default_factory=list)
    more: asyncio.Event = field(default_factory=asyncio.Event)

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        message = json.loads(await reader.readline())
        self.arrived.append((message["chat"], message["text"]))
        self.more.set()
        await asyncio.sleep(self.rng.uniform(0, 0.004))
        writer.write(f"{len(self.arrived)}\n".encode())
        writer.close()

    def has(self, number: int, *, more_than: int) -> bool:
        return len(self.arrived) > more_than and len(set(self.arrived)) >= number

    async def until(self, happened: Callable[[], bool]) -> None:
        async with asyncio.timeout(120):
            while not happened():
                self.more.clear()
                await self.more.wait()


@asynccontextmanager
async def counting(seed: int) -> AsyncIterator[Counting]:
    platform = Counting(random.Random(seed))
    async with await asyncio.start_server(platform.take, "127.0.0.1", 0) as server:
        platform.port = server.sockets[0].getsockname()[1]
        yield platform


async def fill(
    outbox: SqlDeliveries, rng: random.Random, *, deliveries: int, chats: Sequence[str], platform: Platform
) -> dict[str, list[str]]:
    """Queue replies of one to three parts until there are so many deliveries; what each chat is to get, in order."""
    expected: dict[str, list[str]] = defaultdict(list)
    number = 0
    while number < deliveries:
        parts = [f"message {number + part}" for part in range(min(rng.choice((1, 1, 1, 2, 3)), deliveries - number))]
        number += len(parts)
        chat = rng.choice(chats)
        await outbox.enqueue(
            Address(platform=platform, chat=chat), Reply(template="t", data={"texts": parts}), at=NOW, priority=BULK
        )
        expected[chat] += parts
    return expected


def doubled(arrived: Sequence[tuple[str, str]], expected: Mapping[str, Sequence[str]]) -> int:
    """How many messages came more than once; and see that nothing is lost, and each chat's order is kept."""
    got: dict[str, list[str]] = defaultdict(list)
    for chat, text in arrived:
        if text not in got[chat]:
            got[chat].append(text)
    assert got == {chat: list(texts) for chat, texts in expected.items()}
    return len(arrived) - sum(len(texts) for texts in expected.values())


async def killed_on_its_way(
    database: Path, platform: Counting, rng: random.Random, *, deliveries: int, kills: int
) -> None:
    """Send all there is with so many kills in between."""
    moments = sorted(rng.sample(range(1, deliveries), kills))
    for number in [*moments, deliveries]:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            str(ROOT / "tests" / "fakes" / "sending_process.py"),
            str(database),
            str(platform.port),
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        before = len(platform.arrived)
        await platform.until(partial(platform.has, number, more_than=before))
        # at once: it arrived and cannot have been written down; a little later: anything may be the case
        await asyncio.sleep(rng.choice((0.0, 0.0, rng.uniform(0, 0.02))))
        process.kill()
        await process.wait()
        assert in_doubt(database) <= 1


def in_doubt(path: Path) -> int:
    connection = sqlite3.connect(path)
    (number,) = connection.execute("SELECT COUNT(*) FROM outbox WHERE state = 'sending'").fetchone()
    connection.close()
    return int(number)


def doubts(path: Path) -> Counter[int]:
    connection = sqlite3.connect(path)
    found = connection.execute("SELECT id, doubts FROM outbox WHERE doubts > 0").fetchall()
    connection.close()
    return Counter(dict(found))


@pytest.mark.parametrize(
    ("kills", "deliveries"), [(10, 200), pytest.param(200, 5000, marks=pytest.mark.soak)], ids=["ten", "two hundred"]
)
async def test_kills_lose_nothing_and_double_one_message_each_at_most(
    tmp_path: Path, kills: int, deliveries: int
) -> None:
    rng, path = random.Random(5), tmp_path / "kills.db"
    async with await SqliteDatabase.open(path, [MIGRATIONS]) as database:
        chats = [f"console:{n}" for n in range(deliveries // 4)]
        expected = await fill(SqlDeliveries(database), rng, deliveries=deliveries, chats=chats, platform="console")
    async with counting(6) as platform:
        await killed_on_its_way(path, platform, rng, deliveries=deliveries, kills=kills)
    twice, doubted = doubled(platform.arrived, expected), doubts(path)
    print(f"{kills} kills over {deliveries} deliveries: {twice} came twice, {doubted.total()} were in doubt")
    assert 0 < twice <= doubted.total() <= kills
    counted = Counter(platform.arrived)
    texts = {text for (_, text), number in counted.items() if number > 1}
    assert texts <= of_rows(path, set(doubted))


def of_rows(path: Path, rows: set[int]) -> set[str]:
    """The texts of these rows."""
    connection = sqlite3.connect(path)
    found = [
        json.loads(text)["data"]["texts"]
        for row, text in connection.execute("SELECT id, reply FROM outbox_replies")
        if row in rows
    ]
    connection.close()
    return {text for texts in found for text in texts}


@pytest.mark.soak
async def test_the_server_itself_killed_two_hundred_times_loses_no_digest(tmp_path: Path) -> None:
    rng, settings = random.Random(7), Settings(database_url=f"sqlite:///{tmp_path}/served.db")
    reply = Reply(template="error", data={"text": "the morning's news"})
    async with opened(settings) as services:
        for chat in range(1, 5001):
            address = Address(platform="telegram", chat=f"telegram:{chat}")
            await services.deliveries.enqueue(address, reply, at=NOW, priority=rng.choice((ANSWER, BULK)))
    async with fake_telegram() as telegram:
        environment = {**os.environ, "DATABASE_URL": settings.database_url, "PYTHONPATH": str(ROOT), "ACCESS": "open"}
        environment |= {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_BASE": telegram.url, "LOG_LEVEL": "ERROR"}
        for kill in range(201):
            process = await asyncio.create_subprocess_exec(sys.executable, "-c", SERVE, env=environment, cwd=tmp_path)
            if kill < 200:
                await telegram.until_sent(len(telegram.sent) + rng.randrange(1, 40), seconds=120)
                await asyncio.sleep(rng.choice((0.0, 0.0, rng.uniform(0, 0.03))))
            else:
                await telegram.until(lambda: len({each["chat_id"] for each in telegram.sent}) == 5000, seconds=300)
            process.kill()
            await process.wait()
            assert in_doubt(tmp_path / "served.db") <= 1
    counted = Counter(message["chat_id"] for message in telegram.sent)
    assert set(counted) == set(range(1, 5001))
    assert max(counted.values()) <= 3
    twice, doubted = len(telegram.sent) - 5000, doubts(tmp_path / "served.db")
    print(f"200 kills of the server over 5000 deliveries: {twice} came twice, {doubted.total()} were in doubt")
    assert 0 < twice <= doubted.total() <= 200
    assert {chat for chat, number in counted.items() if number > 1} <= set(doubted)
