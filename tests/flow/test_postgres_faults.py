"""A PostgreSQL whose connections are cut, or that restarts: said in a line, waited for, nothing lost or doubled."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from databases import wrong_heads
from postgres_server import Server

from bot.app.databases import open_shared
from bot.books import outgoing
from bot.books.connection import Rows
from bot.books.deliveries import SqlDeliveries
from bot.books.sql import SqlBooks
from bot.model import Address, Reply
from bot.outbox.sender import Outbox
from bot.render.message import Message
from digests.errors import StoreError
from digests.store.database import Subject
from digests.store.postgres import database as postgres
from digests.store.postgres.bridge import wait
from digests.store.postgres.database import PostgresDatabase

NOW = datetime(2020, 2, 16, tzinfo=UTC)
REPLY = Reply(template="t", data={"texts": ["one"]})


@pytest.fixture
async def database(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[PostgresDatabase]:
    monkeypatch.setattr(postgres, "SECONDS_TO_CONNECT", 2.0)
    async with await open_shared(postgres_url) as opened:
        yield opened


def to(chat: int) -> Address:
    return Address(platform="console", chat=f"console:{chat}")


async def end_backend(url: str, process: int) -> None:
    async with await open_shared(url) as other:
        await other.read(lambda rows: rows.execute("SELECT pg_terminate_backend(?)", (process,)).fetchone())


@pytest.mark.parametrize("subject", ["books", "rows", "inbox"])
async def test_a_connection_cut_in_the_middle_of_a_write_keeps_nothing_of_it(
    database: PostgresDatabase, postgres_url: str, subject: Subject
) -> None:
    def half(rows: Rows) -> None:
        outgoing.enqueue(rows, to(1), REPLY, at=NOW)
        wait(end_backend(postgres_url, rows.execute("SELECT pg_backend_pid()").fetchone()[0]))
        outgoing.enqueue(rows, to(2), REPLY, at=NOW)

    with pytest.raises(StoreError, match=r"restarted|cannot be reached"):
        await database.write(half, subject=subject)
    assert await SqlBooks(database).queue() == {}
    assert await wrong_heads(database) == []
    await SqlDeliveries(database).enqueue(to(3), REPLY, at=NOW)
    assert await SqlBooks(database).queue() == {"pending": 1}


async def test_after_a_restart_nobody_fails_for_want_of_a_living_connection(
    database: PostgresDatabase, postgres_server: Server
) -> None:
    books = SqlBooks(database)
    await asyncio.gather(*(books.queue() for _ in range(20)))  # all of the pool's connections are open
    await asyncio.to_thread(postgres_server.stop)
    await asyncio.to_thread(postgres_server.start)
    for number in range(3):
        assert await books.receive("telegram", str(number), {}, at=NOW) is not None
    assert len(await asyncio.gather(*(books.queue() for _ in range(20)))) == 20


async def test_while_the_server_is_away_everything_is_a_store_error(
    database: PostgresDatabase, postgres_server: Server
) -> None:
    books, outbox = SqlBooks(database), SqlDeliveries(database)
    await asyncio.to_thread(postgres_server.stop)
    try:
        failed = await asyncio.gather(
            books.queue(),
            books.receive("telegram", "1", {}, at=NOW),
            outbox.enqueue(to(1), REPLY, at=NOW),
            outbox.take_turn("telegram"),
            return_exceptions=True,
        )
    finally:
        await asyncio.to_thread(postgres_server.start)
    assert [type(each) for each in failed] == [StoreError] * 4
    assert await outbox.take_turn("telegram")


class Slate:
    """What arrived; somebody is told when it is so much."""

    def __init__(self) -> None:
        self.arrived: list[str] = []
        self.grown = asyncio.Event()

    async def deliver(self, address: Address, message: Message, *, position: int) -> str:
        self.arrived.append(address.chat)
        self.grown.set()
        await asyncio.sleep(0.001)
        return f"m{len(self.arrived)}"

    async def edit(self, address: Address, message: Message, *, message_id: str) -> None:
        raise AssertionError("nothing is edited here")

    async def until(self, number: int) -> None:
        async with asyncio.timeout(60):
            while len(self.arrived) < number:
                self.grown.clear()
                await self.grown.wait()


async def test_a_restart_while_messages_go_out_loses_and_doubles_none(
    database: PostgresDatabase, postgres_server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    outbox, slate = SqlDeliveries(database), Slate()
    for chat in range(60):
        await outbox.enqueue(to(chat), REPLY, at=NOW)
    sender = Outbox(
        books=outbox,
        carriers={"console": slate},
        draw=lambda reply, _: [Message(text=text, plain=text) for text in reply.data["texts"]],
    )
    running = asyncio.create_task(sender.run())
    await slate.until(10)
    await asyncio.to_thread(postgres_server.stop)
    await asyncio.to_thread(postgres_server.start)
    await slate.until(60)
    async with asyncio.timeout(60):
        while await SqlBooks(database).queue() != {"sent": 60}:
            pass
    await sender.stop(seconds=1)
    await asyncio.wait_for(running, 30)
    assert sorted(slate.arrived) == sorted(to(chat).chat for chat in range(60))
    assert await wrong_heads(database) == []
