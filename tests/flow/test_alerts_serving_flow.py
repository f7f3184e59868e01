"""Alerts through everything that ``onrecord serve`` runs: somebody follows, an article is saved by another process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fakes.newsroom import due, report, says
from telegram_server import TOKEN, FakeTelegram, message, press

from bot.app.serving import serve_until
from bot.circulation import alerts, reminders
from bot.config import Settings
from digests.model import Extraction
from digests.store.migrations import FACTS
from digests.store.sql import SqlStore
from digests.store.sqlite.database import SqliteDatabase

SAYS = "Fuat Oktay said on Saturday that the road would be opened."


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """The loops look often: what is tested is not how long they wait."""
    monkeypatch.setattr(alerts, "TICK", 0.05)
    monkeypatch.setattr(reminders, "TICK", 0.05)


@asynccontextmanager
async def serving(telegram: FakeTelegram, folder: Path) -> AsyncIterator[SqlStore]:
    """A server that runs as long as the block; the store of a second process on the same file."""
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
            yield SqlStore(database)
    finally:
        stop.set()
        await asyncio.wait_for(task, 30)


async def test_an_article_of_another_process_is_told_and_the_button_under_it_mutes(
    telegram: FakeTelegram, tmp_path: Path
) -> None:
    today = datetime.now(UTC).date()
    async with serving(telegram, tmp_path) as store:
        await telegram.deliver(message("/follow words road"))
        await telegram.until_sent(2)
        article = report(SAYS, day=today)
        await store.save(article, Extraction(facts=(says(article, SAYS, "Fuat Oktay", None),)), links={})
        sent = (await telegram.until_sent(3))[-1]
        assert SAYS in sent["text"]
        assert "/evidence_1" in sent["text"]
        button = sent["reply_markup"]["inline_keyboard"][0][0]
        assert button["text"] == "Mute road"
        await telegram.deliver(press(button["callback_data"]))
        assert "Silent about <b>road</b> until" in (await telegram.until_sent(4))[-1]["text"]
        more = report("The road is closed again.", title="Roads", day=today)
        await store.save(more, Extraction(), links={})
        await telegram.deliver(message("/following"))
        assert "muted" in (await telegram.until_sent(5))[-1]["text"]


async def test_a_reminder_whose_time_comes_is_sent(telegram: FakeTelegram, tmp_path: Path) -> None:
    day = datetime.now(UTC).date() + timedelta(days=3)
    sentence = "Vesland must answer the union soon."
    async with serving(telegram, tmp_path) as store:
        article = report(sentence, day=day - timedelta(days=3))
        await store.save(article, Extraction(facts=(due(article, sentence, day),)), links={})
        await telegram.deliver(message("/remind 1 2 days"))
        assert "2 days before" in (await telegram.until_sent(2))[-1]["text"]
        await store.database.write(lambda c: c.execute("UPDATE reminders SET at = '2020-01-01T00:00:00.000000+00:00'"))
        assert sentence in (await telegram.until_sent(3))[-1]["text"]
