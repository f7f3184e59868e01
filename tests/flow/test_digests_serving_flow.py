"""Ordered digests through everything that ``onrecord serve`` runs, from the order in Telegram to its buttons."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fakes.newsroom import report, says
from telegram_server import TOKEN, FakeTelegram, message, press

from bot.app.serving import serve_until
from bot.books.connection import moment_text
from bot.circulation import digests
from bot.config import Settings
from digests.model import Extraction
from digests.store.migrations import FACTS
from digests.store.sql import SqlStore
from digests.store.sqlite.database import SqliteDatabase

SAYS = "Fuat Oktay said on Saturday that the road would be opened."


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """The loop looks often: what is tested is not how long it waits."""
    monkeypatch.setattr(digests, "TICK", 0.05)


@asynccontextmanager
async def serving(telegram: FakeTelegram, folder: Path) -> AsyncIterator[SqliteDatabase]:
    """A server that runs as long as the block; the database as a second process has it."""
    settings = Settings(
        telegram_bot_token=TOKEN,
        telegram_api_base=telegram.url,
        database_url=f"sqlite:///{folder}/flow.db",
        access="open",
    )
    stop = asyncio.Event()
    task = asyncio.create_task(serve_until(stop, settings))
    try:
        await telegram.deliver(message("/start"))
        await telegram.until_sent(1)
        async with await SqliteDatabase.open(folder / "flow.db", [FACTS]) as database:
            yield database
    finally:
        stop.set()
        await asyncio.wait_for(task, 30)


async def test_an_ordered_digest_arrives_and_its_buttons_lead_on(telegram: FakeTelegram, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    async with serving(telegram, tmp_path) as database:
        article = report(SAYS, day=now.date())
        facts = (says(article, SAYS, "Fuat Oktay", None),)
        await SqlStore(database).save(article, Extraction(facts=facts), links={})
        await telegram.deliver(message(f"/subscribe daily {now - timedelta(minutes=5):%H:%M} about road"))
        assert "<b>Subscribed</b>" in (await telegram.until_sent(2))[-1]["text"]
        overdue = moment_text(now - timedelta(hours=1))
        rows = "UPDATE subscriptions SET settled_at = ?, due_at = ?, change_id = 0"
        await database.write(lambda c: c.execute(rows, (overdue, overdue)))
        digest = (await telegram.until_sent(3))[-1]
        assert SAYS in digest["text"]
        assert "Ordered · all of: road" in digest["text"]
        button = digest["reply_markup"]["inline_keyboard"][-1][0]
        assert button["text"] == "Digests here"
        await telegram.deliver(press(button["callback_data"]))
        listed = (await telegram.until_sent(4))[-1]
        assert "every day at" in listed["text"]
        stop = listed["reply_markup"]["inline_keyboard"][0][0]
        await telegram.deliver(press(stop["callback_data"]))
        assert "No digests come to this chat any more" in (await telegram.until_sent(5))[-1]["text"]
