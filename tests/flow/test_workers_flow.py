"""Worker processes on a real PostgreSQL, with a fake Telegram: what they share, and what becomes of it when one dies."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest
from telegram_server import TOKEN, FakeTelegram
from workers import until, worker

from bot.app.databases import open_shared
from bot.books.deliveries import SqlDeliveries
from bot.model import BULK, Address, Reply
from digests.store.postgres.database import PostgresDatabase


@pytest.fixture
async def shared(postgres_url: str) -> AsyncIterator[PostgresDatabase]:
    async with await open_shared(postgres_url) as database:
        yield database


@pytest.fixture
def outbox(shared: PostgresDatabase) -> SqlDeliveries:
    return SqlDeliveries(shared)


def to(chat: int) -> Address:
    return Address(platform="telegram", chat=f"telegram:{chat}")


def said(text: str) -> Reply:
    return Reply(template="error", data={"text": text})


async def queue(outbox: SqlDeliveries, chat: int, text: str, *, priority: int = BULK) -> int:
    return await outbox.enqueue(to(chat), said(text), at=datetime.now(UTC), priority=priority)


def telegram_settings(fake: FakeTelegram) -> dict[str, str]:
    return {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_BASE": fake.url}


async def test_two_workers_deliver_each_message_once_in_each_chats_order(
    shared: PostgresDatabase, outbox: SqlDeliveries, telegram: FakeTelegram, tmp_path: Path
) -> None:
    for number in range(2):
        for chat in range(1, 21):
            await queue(outbox, chat, f"{chat}-{number}")
    async with AsyncExitStack() as stack:
        for _ in range(2):
            given = telegram_settings(telegram)
            await stack.enter_async_context(worker(shared.url, "deliver", folder=tmp_path, **given))
        await telegram.until_sent(40, seconds=60)

        async def done() -> bool:
            return (await outbox.report(now=datetime.now(UTC))).sent == 40

        await until(done)
    assert len(telegram.sent) == 40
    for chat in range(1, 21):
        assert [each["text"].rpartition("-")[2] for each in telegram.to(chat)] == ["0", "1"]
