"""Several processes that write the books at once: nothing is kept, sent or counted twice, and every head is right."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from random import Random
from typing import TypeVar

import pytest
from databases import again, wrong_heads

from bot.app.databases import open_shared
from bot.books import outgoing
from bot.books.connection import Rows
from bot.books.deliveries import SqlDeliveries
from bot.books.sql import SqlBooks
from bot.model import ALERT, ANSWER, BULK, Address, Reply
from digests.store.database import Database
from digests.store.postgres.bridge import wait

T = TypeVar("T")
NOW = datetime(2020, 2, 16, 12, tzinfo=UTC)
PROCESSES = 4
LINES = Reply(template="facts", data={"lines": [{"press": "/evidence 3"}, {"press": "/evidence 4"}]})


def to(chat: int) -> Address:
    return Address(platform="telegram", chat=f"telegram:{chat}")


@pytest.fixture
async def processes(database: Database) -> AsyncIterator[list[Database]]:
    async with AsyncExitStack() as stack:
        others = [await stack.enter_async_context(await again(database)) for _ in range(PROCESSES - 1)]
        yield [database, *others]


async def each_at_once(processes: list[Database], work: Callable[[Database], Awaitable[T]]) -> list[T]:
    """The work twice in every process, all at once."""
    return list(await asyncio.gather(*(work(each) for each in processes * 2)))


async def test_an_update_that_comes_to_all_is_kept_once(processes: list[Database]) -> None:
    async def receive(own: Database) -> int:
        books = SqlBooks(own)
        new = [await books.receive("telegram", str(key), {"n": key}, at=NOW) for key in range(20)]
        return sum(each is not None for each in new)

    kept = await each_at_once(processes, receive)
    assert sum(kept) == 20
    assert [each.key for each in await SqlBooks(processes[0]).unanswered()] == sorted(map(str, range(20)), key=int)


async def test_an_update_that_all_answer_is_answered_once(processes: list[Database]) -> None:
    incoming = [await SqlBooks(processes[0]).receive("telegram", str(key), {}, at=NOW) for key in range(10)]

    async def answer(own: Database) -> list[int]:
        return [
            number
            for each in incoming
            if each is not None
            for number in await SqlBooks(own).answer(each.id, [(to(each.id % 3), LINES)], at=NOW)
        ]

    queued = await each_at_once(processes, answer)
    assert len({number for each in queued for number in each}) == 10
    assert await SqlBooks(processes[0]).queue() == {"pending": 10}
    assert await wrong_heads(processes[0]) == []


async def test_a_row_is_claimed_by_one(processes: list[Database]) -> None:
    outbox = SqlDeliveries(processes[0])
    numbers = [await outbox.enqueue(to(chat), LINES, at=NOW) for chat in range(20)]

    async def claim(own: Database) -> list[int]:
        got = await asyncio.gather(
            *(SqlDeliveries(own).claim(each, owner="x", now=NOW, lease_seconds=60) for each in numbers)
        )
        return [number for number, won in zip(numbers, got, strict=True) if won]

    won = await each_at_once(processes, claim)
    assert sorted(number for each in won for number in each) == numbers
    assert (await outbox.report(now=NOW)).doubted == 0


@pytest.mark.parametrize("seed", range(2))
async def test_what_goes_next_is_right_whatever_all_do_to_the_same_chats(processes: list[Database], seed: int) -> None:
    fates = Random(seed)

    async def do(own: Database) -> None:
        random, books, outbox = Random(fates.random()), SqlBooks(own), SqlDeliveries(own)
        numbers: list[int] = []
        for step in range(12):
            chat = random.randrange(3)
            at = NOW + timedelta(seconds=step)
            if random.random() < 0.6 or not numbers:
                priority = random.choice([ANSWER, ALERT, BULK])
                due = random.choice([None, NOW + timedelta(seconds=30)])
                numbers.append(await outbox.enqueue(to(chat), LINES, at=at, priority=priority, not_before=due))
                continue
            number = random.choice(numbers)
            match random.randrange(9):
                case 0 | 1 | 2:
                    if await outbox.claim(number, owner="x", now=at, lease_seconds=60):
                        await outbox.part_sent(number, f"m{number}", at=at, last=random.random() < 0.7, chat_free_at=at)
                case 3:
                    await outbox.retry(number, not_before=at, reason="502")
                case 4:
                    await outbox.failed(number, "no", at=at)
                case 5:
                    await outbox.send_failed_again(number)
                case 6:
                    await outbox.put_off(to(chat).chat, until=at + timedelta(seconds=9))
                case 7:
                    await books.move_chat(to(chat).chat, to(chat + 1).chat)
                case 8:
                    await outbox.pause_chat(to(chat).chat, "gone", at=at, admins=[to(9)], due=at)
            await outbox.look("telegram", now=at, limit=5, besides=())

    await each_at_once(processes, do)
    assert await wrong_heads(processes[0]) == []


Work = Callable[[Rows], object]


def queue(rows: Rows) -> int:
    return outgoing.enqueue(rows, to(1), LINES, at=NOW, priority=ANSWER)


def end(rows: Rows) -> None:
    outgoing.part_sent(rows, 1, "m1", at=NOW, last=True, chat_free_at=NOW)


def begin(rows: Rows) -> bool:
    return outgoing.claim(rows, 1, owner="x", now=NOW, lease_seconds=60)


def reopen(rows: Rows) -> bool:
    return outgoing.send_failed_again(rows, 2)


@pytest.mark.parametrize("opened", [True, False])
@pytest.mark.parametrize("second", [queue, end, begin, reopen])
@pytest.mark.parametrize("first", [queue, end, begin, reopen])
async def test_whoever_waits_for_another_sees_what_that_one_did(
    postgres_url: str, first: Work, second: Work, opened: bool
) -> None:
    """The first is not committed when the second begins; the second writes the same chat, and so it waits."""
    async with await open_shared(postgres_url) as one, await open_shared(postgres_url) as other:
        outbox = SqlDeliveries(one)
        for _ in range(2):
            await outbox.enqueue(to(1), LINES, at=NOW)
        await outbox.failed(2, "refused", at=NOW)
        if not opened:
            await outbox.failed(1, "refused", at=NOW)
        written, go = asyncio.Event(), asyncio.Event()

        def slowly(rows: Rows) -> None:
            first(rows)
            written.set()
            wait(go.wait())

        writing = asyncio.create_task(one.write(slowly, subject="rows"))
        await written.wait()
        following = asyncio.create_task(other.write(second, subject="rows"))
        while not following.done() and not await waits(one):
            pass
        go.set()
        await asyncio.gather(writing, following)
        assert await wrong_heads(one) == []


async def waits(database: Database) -> bool:
    """Whether anybody waits for a lock."""
    found = await database.read(lambda rows: rows.execute("SELECT 1 FROM pg_locks WHERE NOT granted").fetchone())
    return found is not None
