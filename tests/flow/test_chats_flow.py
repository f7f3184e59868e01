"""Chats sent by workers, on a real PostgreSQL and a platform of our own: turns, claims, what the dead leave."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.app.databases import open_shared
from bot.books.deliveries import SqlDeliveries
from bot.books.sharing import SqlSharing
from bot.errors import ChatGone, ChatMoved, TryLater, Undeliverable
from bot.model import ANSWER, BULK, Address, Outgoing, Reply
from bot.outbox import chats as chats_module
from bot.outbox.chats import Chats
from bot.outbox.delivery import Order
from bot.outbox.room import Room
from bot.render.message import Message
from digests.errors import StoreError
from digests.store.connection import Connection
from digests.store.postgres.database import PostgresDatabase

ME, OTHER, DEAD = 1, 2, 3


class Line:
    """A platform: what was sent, and what it does with the next messages to a chat."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []
        self.faults: dict[str, list[Exception]] = {}
        self.before: Callable[[], Any] | None = None

    async def deliver(self, address: Address, message: Message, *, position: int) -> str:
        if self.before is not None:
            await self.before()
        if self.faults.get(address.chat):
            raise self.faults[address.chat].pop(0)
        self.sent.append((address.chat, message.text))
        return str(len(self.sent))

    async def edit(self, address: Address, message: Message, *, message_id: str) -> None:
        raise AssertionError("nothing is edited here")


def draw(reply: Reply, address: Address) -> Sequence[Message]:
    return [Message(text=text, plain=text) for text in reply.data["texts"]]


@pytest.fixture
async def shared(postgres_url: str) -> AsyncIterator[PostgresDatabase]:
    async with await open_shared(postgres_url) as database:
        await run(
            database,
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now()), (now()), (now() - interval '1 hour')",
        )
        yield database


@pytest.fixture
def outbox(shared: PostgresDatabase) -> SqlDeliveries:
    return SqlDeliveries(shared)


@pytest.fixture
def line() -> Line:
    return Line()


async def run(database: PostgresDatabase, statement: str) -> list[tuple[Any, ...]]:
    def work(rows: Connection) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in rows.execute(statement).fetchall()]

    return await database.write(work)


def sending(database: PostgresDatabase, line: Line, *, platform: str = "slack", **more: Any) -> Chats:
    order = Order(owner="", at_once=1, admins=[Address(platform="slack", chat="slack:D9")])
    now = more.pop("now", lambda: datetime.now(UTC))
    return Chats(platform, line, sharing=SqlSharing(database), draw=draw, now=now, order=order, silent=30.0)


async def queue(outbox: SqlDeliveries, chat: str, *texts: str, priority: int = BULK) -> int:
    address = Address(platform="slack", chat=chat)
    return await outbox.enqueue(
        address, Reply(template="x", data={"texts": list(texts)}), at=datetime.now(UTC), priority=priority
    )


async def states(database: PostgresDatabase) -> list[tuple[Any, ...]]:
    return await run(database, "SELECT id, state, doubts, message_ids FROM outbox ORDER BY id")


async def test_the_parts_of_a_message_go_one_after_the_other_a_second_apart(
    shared: PostgresDatabase, outbox: SqlDeliveries, line: Line
) -> None:
    await queue(outbox, "slack:C1", "one", "two")
    began = asyncio.get_running_loop().time()
    await sending(shared, line).deliver("slack:C1", worker=ME)
    assert line.sent == [("slack:C1", "one"), ("slack:C1", "two")]
    assert asyncio.get_running_loop().time() - began >= 1.0
    assert await states(shared) == [(1, "sent", 0, '["1","2"]')]


async def test_an_answer_goes_before_what_waited_longer(
    shared: PostgresDatabase, outbox: SqlDeliveries, line: Line
) -> None:
    await queue(outbox, "slack:C1", "digest")
    await queue(outbox, "slack:C1", "answer", priority=ANSWER)
    await sending(shared, line).deliver("slack:C1", worker=ME)
    assert [text for _, text in line.sent] == ["answer", "digest"]


async def claimed_by(database: PostgresDatabase, worker: int) -> None:
    lease = (datetime.now(UTC) + timedelta(minutes=3)).isoformat(timespec="microseconds")
    await run(
        database, f"UPDATE outbox SET state = 'sending', owner = '{worker}', lease_until = '{lease}' RETURNING id"
    )


async def test_what_a_dead_worker_was_sending_goes_out_again_and_is_counted(
    shared: PostgresDatabase, outbox: SqlDeliveries, line: Line
) -> None:
    await queue(outbox, "slack:C1", "one")
    await claimed_by(shared, DEAD)
    await sending(shared, line).deliver("slack:C1", worker=ME)
    assert await states(shared) == [(1, "sent", 1, '["1"]')]


async def test_what_a_living_worker_is_sending_is_left_alone(
    shared: PostgresDatabase, outbox: SqlDeliveries, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chats_module, "MOST_IN_A_ROW", 2)
    await queue(outbox, "slack:C1", "one")
    await queue(outbox, "slack:C1", "two", priority=ANSWER)
    await claimed_by(shared, OTHER)
    monkeypatch.setattr("bot.books.sharing.BUSY", 0.01)
    await sending(shared, line).deliver("slack:C1", worker=ME)
    assert line.sent == []
    assert [row[1] for row in await states(shared)] == ["sending", "sending"]


async def test_a_row_that_was_taken_for_dead_and_arrived_nevertheless_is_sent_once(
    shared: PostgresDatabase, outbox: SqlDeliveries, line: Line
) -> None:
    await queue(outbox, "slack:C1", "one")

    async def meanwhile() -> None:
        await outbox.send_again(1)

    line.before = meanwhile
    await sending(shared, line).deliver("slack:C1", worker=ME)
    assert line.sent == [("slack:C1", "one")]
    assert (await states(shared))[0][1] == "sent"


async def test_a_part_that_another_worker_has_sent_meanwhile_is_not_counted_twice(
    shared: PostgresDatabase, outbox: SqlDeliveries, line: Line, caplog: pytest.LogCaptureFixture
) -> None:
    await queue(outbox, "slack:C1", "one", "two")

    async def meanwhile() -> None:
        line.before = None
        await outbox.part_sent(1, "other", at=datetime.now(UTC))

    line.before = meanwhile
    await sending(shared, line).deliver("slack:C1", worker=ME)
    assert "has arrived twice" in caplog.text
    assert [text for _, text in line.sent] == ["one", "two"]
    assert json.loads((await states(shared))[0][3]) == ["other", "2"]


async def test_a_worker_that_stood_still_too_long_does_not_send_what_is_anothers(
    shared: PostgresDatabase, outbox: SqlDeliveries, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    await queue(outbox, "slack:C1", "one")
    monkeypatch.setattr(chats_module, "STALE", -1.0)
    monkeypatch.setattr(chats_module, "MOST_IN_A_ROW", 1)
    sharing = SqlSharing(shared)
    held = sharing.holds

    async def taken(row: Outgoing, *, worker: int) -> bool:
        await claimed_by(shared, OTHER)
        return await held(row, worker=worker)

    one = sending(shared, line)
    monkeypatch.setattr(one._sharing, "holds", taken)
    await one.deliver("slack:C1", worker=ME)
    assert line.sent == []


async def test_a_platform_that_says_wait_is_obeyed_by_all(
    shared: PostgresDatabase, outbox: SqlDeliveries, line: Line
) -> None:
    await queue(outbox, "slack:C1", "one")
    line.faults["slack:C1"] = [TryLater("slow down", after=30.0)]
    await sending(shared, line).deliver("slack:C1", worker=ME)
    await queue(outbox, "slack:C1", "answer", priority=ANSWER)
    await sending(shared, line).deliver("slack:C1", worker=OTHER)
    assert line.sent == []
    waits = await run(shared, "SELECT free_at > now() + interval '25 seconds' FROM sending_chats")
    assert waits == [(True,)]
    assert await run(shared, "SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'") == [(0,)]


@pytest.mark.parametrize(
    ("fault", "state"),
    [
        (Undeliverable("too long"), "failed"),
        (ChatGone("blocked"), "failed"),
        (RuntimeError("ours"), "sent"),
        (ChatMoved("slack:C2"), "pending"),
    ],
)
async def test_what_a_platform_refuses_is_settled_as_in_one_process(
    shared: PostgresDatabase, outbox: SqlDeliveries, line: Line, fault: Exception, state: str
) -> None:
    await queue(outbox, "slack:C1", "one")
    line.faults["slack:C1"] = [fault]
    one = sending(shared, line)
    await one.deliver("slack:C1", worker=ME)
    assert (await states(shared))[0][1] == state


async def test_a_row_that_cannot_be_read_stops_nobody(
    shared: PostgresDatabase, outbox: SqlDeliveries, line: Line
) -> None:
    await queue(outbox, "slack:C1", "one")
    await queue(outbox, "slack:C1", "two")
    await run(shared, "UPDATE outbox SET address = '{\"odd\": 1}' WHERE id = 1 RETURNING 1")
    await sending(shared, line).deliver("slack:C1", worker=ME)
    assert line.sent == [("slack:C1", "two")]
    assert (await states(shared))[0][1] == "failed"


async def test_a_message_that_cannot_be_drawn_is_tried_later(
    shared: PostgresDatabase, outbox: SqlDeliveries, line: Line
) -> None:
    await outbox.enqueue(Address(platform="slack", chat="slack:C1"), Reply(template="x"), at=datetime.now(UTC))
    await sending(shared, line).deliver("slack:C1", worker=ME)
    assert await run(shared, "SELECT state, attempts FROM outbox") == [("pending", 3)]


async def test_after_a_stop_nothing_is_begun_and_the_chat_has_its_job(
    shared: PostgresDatabase, outbox: SqlDeliveries, line: Line
) -> None:
    await queue(outbox, "slack:C1", "one")
    await run(shared, "DELETE FROM procrastinate_jobs RETURNING 1")
    one = sending(shared, line)
    one.stop()
    await one.deliver("slack:C1", worker=ME)
    assert line.sent == []
    assert await run(shared, "SELECT args ->> 'key' FROM procrastinate_jobs") == [("slack:C1",)]


async def test_what_is_given_up_is_failed_with_its_reason(
    shared: PostgresDatabase, outbox: SqlDeliveries, line: Line
) -> None:
    one = sending(shared, line)
    assert await one.give_up("slack:C1", "odd") == ("chat slack:C1", "slack:C1")
    await queue(outbox, "slack:C1", "one")
    await claimed_by(shared, DEAD)
    assert (await one.give_up("slack:C1", "odd"))[0] == "message 1"
    assert await run(shared, "SELECT state, reason FROM outbox") == [("failed", "odd")]


async def test_a_database_that_fails_when_a_platform_says_wait_costs_no_message(
    shared: PostgresDatabase, outbox: SqlDeliveries, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    await queue(outbox, "slack:C1", "one")
    line.faults["slack:C1"] = [TryLater("slow down", after=0.01)]
    one = sending(shared, line)

    async def fails(*_: Any, **__: Any) -> None:
        raise StoreError("away")

    monkeypatch.setattr(one._sharing, "refused", fails)
    await one.deliver("slack:C1", worker=ME)
    assert line.sent == [("slack:C1", "one")]


async def test_a_room_lets_the_most_important_in_first_and_waits_for_no_silence() -> None:
    room = Room(1, patience=0.01)
    order: list[str] = []

    async def enter(name: str, priority: int) -> None:
        async with room.entered(priority):
            order.append(name)

    async with room.entered(3) as begun:
        late = asyncio.create_task(enter("late", 3))
        given_up = asyncio.create_task(enter("given up", 1))
        answer = asyncio.create_task(enter("answer", 1))
        await asyncio.sleep(0)
        given_up.cancel()
        begun()
        await asyncio.gather(late, answer)  # the platform says nothing, and they get in
    assert order == ["answer", "late"]
    async with room.entered(3):
        assert order == ["answer", "late"]


async def test_a_row_that_says_something_else_by_the_time_it_is_claimed_is_drawn_anew(
    shared: PostgresDatabase, outbox: SqlDeliveries, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    await queue(outbox, "slack:C1", "old")
    one = sending(shared, line)
    claim = one._sharing.claim

    async def changed(row: Outgoing, **more: Any) -> Any:
        if row.revision == 0:
            await run(
                shared,
                "UPDATE outbox SET reply = replace(reply, 'old', 'new'), revision = 1 WHERE revision = 0 RETURNING 1",
            )
        return await claim(row, **more)

    monkeypatch.setattr(one._sharing, "claim", changed)
    await one.deliver("slack:C1", worker=ME)
    assert line.sent == [("slack:C1", "new")]


async def test_a_platform_that_is_halted_for_all_is_waited_for(
    shared: PostgresDatabase, outbox: SqlDeliveries, line: Line
) -> None:
    await run(
        shared,
        "INSERT INTO sending_platforms (platform, halted_until)"
        " VALUES ('slack', clock_timestamp() + interval '0.6 seconds') RETURNING 1",
    )
    await queue(outbox, "slack:C1", "one")
    await sending(shared, line).deliver("slack:C1", worker=ME)
    assert line.sent == [("slack:C1", "one")]
    assert await run(shared, "SELECT halted_until <= clock_timestamp() FROM sending_platforms") == [(True,)]
    one = sending(shared, line)
    await queue(outbox, "slack:C2", "two")
    await run(shared, "UPDATE sending_platforms SET halted_until = now() + interval '1 hour' RETURNING 1")
    delivering = asyncio.create_task(one.deliver("slack:C2", worker=ME))
    await asyncio.sleep(0.2)
    delivering.cancel()
    with pytest.raises(asyncio.CancelledError):
        await delivering
    assert (await states(shared))[1][1:3] == ("pending", 0)
