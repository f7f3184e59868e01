"""A PostgreSQL whose connections are cut, or that restarts: said in a line, waited for, nothing lost or doubled."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from databases import again, wrong_heads
from postgres_server import Server

from bot.app.databases import open_shared
from bot.books import outgoing
from bot.books.connection import Rows
from bot.books.deliveries import SqlDeliveries
from bot.books.sql import SqlBooks
from bot.model import Address, Reply
from bot.outbox import lane
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


async def test_what_comes_in_is_refused_in_time_while_the_server_is_away(
    postgres_url: str, postgres_server: Server
) -> None:
    """(A replica that says so within three seconds lets the balancer ask another one.)"""
    async with await open_shared(postgres_url) as opened:
        await asyncio.to_thread(postgres_server.stop)
        try:
            async with asyncio.timeout(3):
                with pytest.raises(StoreError, match="no connection in time"):
                    await SqlBooks(opened).receive("slack", "1", {}, at=NOW)
        finally:
            await asyncio.to_thread(postgres_server.start)
        assert await SqlBooks(opened).receive("slack", "1", {}, at=NOW) is not None


def draw(reply: Reply, address: Address) -> list[Message]:
    return [Message(text=text, plain=text) for text in reply.data["texts"]]


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
    sender = Outbox(books=outbox, carriers={"console": slate}, draw=draw)
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


HOLDERS = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2 AND granted"


async def cut_turns(database: PostgresDatabase) -> None:
    """The connections of all who hold a name end; their processes go on."""
    await database.write(lambda rows: rows.execute(HOLDERS).fetchall(), subject="inbox")


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lane, "TURN_SECONDS", 0.02)
    # what is claimed in the moment in which the turn is lost waits for the end of its lease
    monkeypatch.setattr(lane, "LEASE_SECONDS", 5.0)


async def test_two_senders_whose_turns_are_cut_while_they_send_double_nothing(
    database: PostgresDatabase, hasty: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(PostgresDatabase, "lingers", 1.0)
    slate = Slate()
    async with await again(database) as another:
        for chat in range(80):
            await SqlDeliveries(database).enqueue(to(chat), REPLY, at=NOW)
        senders = [
            Outbox(books=SqlDeliveries(each), carriers={"console": slate}, draw=draw) for each in (database, another)
        ]
        running = [asyncio.create_task(sender.run()) for sender in senders]
        for number in range(10, 80, 10):
            await slate.until(number)
            await cut_turns(database)
        await slate.until(80)
        async with asyncio.timeout(60):
            while await SqlBooks(database).queue() != {"sent": 80}:
                pass
        for sender in senders:
            await sender.stop(seconds=1)
        await asyncio.wait_for(asyncio.gather(*running), 30)
    assert sorted(slate.arrived) == sorted(to(chat).chat for chat in range(80))


class Stuck(Slate):
    """Answers nothing before it may."""

    def __init__(self) -> None:
        super().__init__()
        self.may = asyncio.Event()

    async def deliver(self, address: Address, message: Message, *, position: int) -> str:
        found = await super().deliver(address, message, position=position)
        await self.may.wait()
        return found


async def test_who_lost_the_turn_begins_nothing_and_what_it_was_sending_is_left_to_it(
    database: PostgresDatabase, hasty: None, caplog: pytest.LogCaptureFixture
) -> None:
    first, second = Stuck(), Slate()
    async with await again(database) as another:
        for chat in range(3):
            await SqlDeliveries(database).enqueue(to(chat), REPLY, at=NOW)
        one = Outbox(books=SqlDeliveries(database), carriers={"console": first}, draw=draw)
        running = asyncio.create_task(one.run())
        await first.until(1)
        await lost(database, another)
        two = Outbox(books=SqlDeliveries(another), carriers={"console": second}, draw=draw)
        waiting = asyncio.create_task(two.run())
        await second.until(2)
        assert "another process sends on console now" in caplog.text
        first.may.set()
        async with asyncio.timeout(60):
            while await SqlBooks(database).queue() != {"sent": 3}:
                pass
        for sender in (one, two):
            await sender.stop(seconds=1)
        await asyncio.wait_for(asyncio.gather(running, waiting), 30)
    assert (first.arrived, second.arrived) == ([to(0).chat], [to(1).chat, to(2).chat])
    assert (await SqlDeliveries(database).report(now=NOW)).doubted == 0


async def lost(database: PostgresDatabase, another: PostgresDatabase) -> None:
    """The turn goes over to another process."""
    async with asyncio.timeout(60):
        while not await SqlDeliveries(another).take_turn("console"):
            await cut_turns(database)


async def test_what_a_dead_sender_was_sending_goes_out_again_after_a_while(
    database: PostgresDatabase, hasty: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(PostgresDatabase, "lingers", 0.1)
    outbox, slate = SqlDeliveries(database), Slate()
    number = await outbox.enqueue(to(1), REPLY, at=NOW)
    assert await outbox.claim(number, owner="dead", now=datetime.now(UTC), lease_seconds=180)
    sender = Outbox(books=outbox, carriers={"console": slate}, draw=draw)
    running = asyncio.create_task(sender.run())
    await slate.until(1)
    await sender.stop(seconds=1)
    await asyncio.wait_for(running, 30)
    assert "may arrive twice" in caplog.text
    assert (await outbox.report(now=NOW)).doubted == 1
