"""Worker processes on a real PostgreSQL and a fake Telegram: what they share, and what becomes of it when one dies."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest
from click.testing import CliRunner
from telegram_server import TOKEN, FakeTelegram, message
from workers import WORK, log_of, until, worker

from bot import router
from bot.app.databases import open_shared
from bot.app.services import opened
from bot.app.serving import serve_until
from bot.app.working import ON_ONE_MACHINE
from bot.books.deliveries import SqlDeliveries
from bot.books.jobs import SqlJobs
from bot.cli import cli
from bot.config import Settings
from bot.model import ANSWER, BULK, Address, Origin, Reply
from digests.store.postgres.database import PostgresDatabase
from digests.store.sql import SqlStore
from digests.watch import NewsSource


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


def test_on_sqlite_there_are_no_workers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/one.db")
    done = CliRunner().invoke(cli, ["worker", "fetch"])
    assert done.exit_code == 1
    assert ON_ONE_MACHINE in done.output


@asynccontextmanager
async def served(url: str, fake: FakeTelegram, **more: Any) -> AsyncIterator[None]:
    """``onrecord serve`` in this process."""
    settings = Settings(
        telegram_bot_token=TOKEN, telegram_api_base=fake.url, database_url=url, access="open", worker_silent=3, **more
    )
    stop = asyncio.Event()
    task = asyncio.create_task(serve_until(stop, settings))
    try:
        yield
    finally:
        stop.set()
        await task


async def test_a_server_without_workers_answers_delivers_and_reads_what_it_watches(
    shared: PostgresDatabase, outbox: SqlDeliveries, telegram: FakeTelegram, tmp_path: Path
) -> None:
    await queue(outbox, 5, "a digest")
    async with served(shared.url, telegram):
        await telegram.deliver(message("/help", chat=7))
        await telegram.until(lambda: bool(telegram.to(5)) and bool(telegram.to(7)), seconds=30)
    assert len(telegram.sent) == 2


async def test_a_server_that_leaves_the_work_to_workers_sends_nothing_itself(
    shared: PostgresDatabase, telegram: FakeTelegram, tmp_path: Path
) -> None:
    async with served(shared.url, telegram, serve_works=()):
        await telegram.deliver(message("/help", chat=7))
        jobs = SqlJobs(shared)

        async def waits() -> bool:
            return (await jobs.backlog())[2].waiting == 1

        await until(waits)
        assert telegram.sent == []
        async with worker(shared.url, "deliver", folder=tmp_path, **telegram_settings(telegram)):
            await telegram.until_sent(1)


async def test_a_killed_worker_loses_nothing_and_doubles_at_most_what_was_on_its_way(
    shared: PostgresDatabase, outbox: SqlDeliveries, telegram: FakeTelegram, tmp_path: Path
) -> None:
    for chat in range(1, 13):
        await queue(outbox, chat, f"to {chat}")
    telegram.scripts[4].append("hang")
    given = telegram_settings(telegram)
    async with worker(shared.url, "deliver", folder=tmp_path, **given) as first:
        await telegram.until(
            lambda: any(int(data["chat_id"]) == 4 for data in telegram.called("sendMessage")), seconds=30
        )
        first.kill()
        await first.wait()
    async with worker(shared.url, "deliver", folder=tmp_path, **given):
        await telegram.until_sent(12)

        async def done() -> bool:
            return (await outbox.report(now=datetime.now(UTC))).sent == 12

        await until(done)
    assert {each["chat_id"] for each in telegram.sent} == set(range(1, 13))
    assert len(telegram.sent) == 12
    report = await outbox.report(now=datetime.now(UTC))
    assert report.doubted == 1
    assert "may arrive twice" in log_of(tmp_path)


async def test_a_worker_that_is_told_to_stop_finishes_what_it_sends_and_leaves_the_rest(
    shared: PostgresDatabase, outbox: SqlDeliveries, telegram: FakeTelegram, tmp_path: Path
) -> None:
    telegram.delay = 0.5
    for chat in range(1, 9):
        await queue(outbox, chat, f"to {chat}")
    given = telegram_settings(telegram)
    async with worker(shared.url, "deliver", folder=tmp_path, **given) as first:
        await telegram.until(lambda: bool(telegram.called("sendMessage")), seconds=30)
        first.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(first.wait(), 20) == 0
    handed_over = len(telegram.called("sendMessage"))
    report = await outbox.report(now=datetime.now(UTC))
    assert (report.sent, report.doubted) == (handed_over, 0)
    assert handed_over < 8
    telegram.delay = 0.0
    async with worker(shared.url, "deliver", folder=tmp_path, **given):
        await telegram.until_sent(8)
    assert len(telegram.sent) == 8


async def test_a_second_word_to_stop_ends_a_worker_at_once(
    shared: PostgresDatabase, outbox: SqlDeliveries, telegram: FakeTelegram, tmp_path: Path
) -> None:
    await queue(outbox, 1, "to 1")
    telegram.scripts[1].append("hang")
    given = telegram_settings(telegram) | {"WORKER_GRACE": "60"}
    async with worker(shared.url, "deliver", folder=tmp_path, **given) as first:
        await telegram.until(lambda: bool(telegram.called("sendMessage")), seconds=30)
        first.send_signal(signal.SIGTERM)
        await until(lambda: _says(tmp_path, "stopping"))
        first.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(first.wait(), 10) == 1


async def _says(folder: Path, words: str) -> bool:
    return words in log_of(folder)


async def test_an_answer_goes_before_all_digests_that_wait(
    shared: PostgresDatabase, outbox: SqlDeliveries, telegram: FakeTelegram, tmp_path: Path
) -> None:
    for chat in range(1, 60):
        await queue(outbox, chat, f"to {chat}")
    await queue(outbox, 99, "an answer", priority=ANSWER)
    async with worker(shared.url, "deliver", folder=tmp_path, **telegram_settings(telegram)):
        await telegram.until_sent(3)
    assert telegram.sent[0]["chat_id"] == 99


POISONED = f"""
import os
from digests.ingest import turns
real = turns.take
async def take(entry, **given):
    if entry.url.endswith("/poison.txt"):
        raise RuntimeError("out of ink")
    if entry.url.endswith("/deadly.txt"):
        os._exit(9)
    return await real(entry, **given)
turns.take = take
from bot.jobs import decide
object.__setattr__(decide.PATIENCE["extract"], "first", 0.01)
{WORK}
"""
"""A worker that fails at one article, and dies at another."""
ARTICLE = (
    "Mayor opens harbour\n\n15 February 2020\n\nMayor Ada Lark said on Friday that the harbour number {} is open.\n"
)


def articles(folder: Path, *names: str) -> Path:
    """A folder with an article of each name."""
    folder.mkdir()
    for number, name in enumerate(names):
        file = folder / f"{name}.txt"
        file.write_text(ARTICLE.format(number), encoding="utf-8")
        os.utime(file, (0, 0))  # what was just written is left alone for a while
    return folder


async def watched(store: SqlStore, folder: Path) -> None:
    await store.add_source(NewsSource(kind="folder", url=str(folder)), at=datetime.now(UTC))


async def test_a_poisoned_job_is_parked_with_its_reason_shown_and_done_once_more_when_told(
    shared: PostgresDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, jobs = SqlStore(shared), SqlJobs(shared)
    await watched(store, articles(tmp_path / "in", "good", "poison"))
    async with worker(shared.url, "fetch", "extract", folder=tmp_path, program=POISONED):

        async def parked() -> bool:
            return await jobs.parked_count() == 1 and (await store.source_counts()).waiting == 0

        await until(parked)
    (given_up,) = await jobs.parked(limit=5)
    assert given_up.reason == "RuntimeError: out of ink"
    assert given_up.attempts == 4
    assert (await store.counts()).articles == 1
    admin = Origin(platform="telegram", chat="telegram:7", user="telegram:7", role="admin")
    async with opened(Settings(database_url=shared.url)) as services:
        told = await router.answer("/status", admin, services=services, now=datetime.now(UTC))
    (trouble,) = told.data["troubles"]
    assert "poison" in trouble["what"]
    assert "out of ink" in trouble["reason"]
    assert told.data["work"]["parked"] == 1
    monkeypatch.setenv("DATABASE_URL", shared.url)

    def run(*words: str) -> tuple[int, str]:
        done = CliRunner().invoke(cli, ["jobs", *words])
        return done.exit_code, done.output

    shown = await asyncio.to_thread(run)
    assert "RuntimeError: out of ink" in shown[1]
    assert await asyncio.to_thread(run, "--retry", str(given_up.id)) == (0, f"{given_up.id} is done once more\n")
    assert (await store.source_counts()).waiting == 1
    assert (await asyncio.to_thread(run, "--drop", str(given_up.id)))[0] == 1
    async with worker(shared.url, "extract", folder=tmp_path):

        async def read() -> bool:
            return (await store.counts()).articles == 2

        await until(read)


async def test_an_article_at_which_workers_die_is_given_up_and_the_others_are_read(
    shared: PostgresDatabase, tmp_path: Path
) -> None:
    store, jobs = SqlStore(shared), SqlJobs(shared)
    await watched(store, articles(tmp_path / "in", "deadly", "good"))
    async with worker(shared.url, "fetch", "extract", folder=tmp_path, program=POISONED) as first:
        await asyncio.wait_for(first.wait(), 60)
    # as if three more had died: a death takes as long as a heartbeat may be missing
    await shared.write(
        lambda rows: (
            rows.execute(
                "UPDATE procrastinate_jobs SET attempts = 3, args = args || '{\"begun\": 1}'"
                " WHERE status = 'doing' AND args ->> 'key' = 'entry 1'"
            ).rowcount
        )
    )
    async with worker(shared.url, "extract", folder=tmp_path):

        async def done() -> bool:
            return await jobs.parked_count() == 1 and (await store.counts()).articles == 1

        await until(done)
    (given_up,) = await jobs.parked(limit=5)
    assert "died" in given_up.reason
    assert (await store.source_counts()).given_up == 1


async def test_an_article_given_in_a_chat_is_read_by_a_worker_where_the_server_leaves_that_to_them(
    shared: PostgresDatabase, telegram: FakeTelegram, tmp_path: Path
) -> None:
    admins = frozenset({"telegram:7"})
    async with served(shared.url, telegram, serve_works=("deliver",), onrecord_admins=admins):
        pasted = ARTICLE.format(99)
        await telegram.deliver(message(f"/add {pasted}", chat=7), message("/add nothing at all", chat=7))

        async def handed_in() -> bool:
            found = await shared.read(lambda rows: rows.execute("SELECT count(*) FROM submissions").fetchone())
            return found[0] >= 1

        await until(handed_in)
        async with worker(shared.url, "extract", folder=tmp_path):
            await telegram.until_sent(2, seconds=60)
    assert any("Mayor opens harbour" in each["text"] for each in telegram.to(7)), telegram.to(7)


@pytest.mark.soak
async def test_many_kills_and_stops_lose_nothing_and_double_at_most_one_each(
    shared: PostgresDatabase, outbox: SqlDeliveries, telegram: FakeTelegram, tmp_path: Path
) -> None:
    random, chats, kills = Random(7), 400, 0
    telegram.delay = 0.02
    for chat in range(1, chats + 1):
        await queue(outbox, chat, f"to {chat}")
    given = telegram_settings(telegram)

    async def done() -> bool:
        return (await outbox.report(now=datetime.now(UTC))).sent == chats

    while not await done():
        async with AsyncExitStack() as stack:
            some = [
                await stack.enter_async_context(worker(shared.url, "deliver", folder=tmp_path, **given))
                for _ in range(3)
            ]
            with suppress(TimeoutError):
                await telegram.until_sent(min(chats, len(telegram.sent) + 40), seconds=15)
            stopped, killed, _ = random.sample(some, 3)
            stopped.send_signal(signal.SIGSTOP)
            killed.kill()
            kills += 2
            with suppress(TimeoutError):
                await until(done, seconds=random.uniform(2.0, 5.0))
            stopped.send_signal(signal.SIGCONT)
            with suppress(TimeoutError):
                await until(done, seconds=1.0)
    assert {each["chat_id"] for each in telegram.sent} == set(range(1, chats + 1))
    assert len(telegram.sent) - chats <= 2 * kills
