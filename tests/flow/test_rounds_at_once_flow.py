"""The rounds that one replica goes at a time are safe by their rows, too: three that go them at once say all once.

For whoever goes them may stand still in the middle, lose its turn, and go on while another one is at it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from fakes.databases import again
from fakes.newsroom import NOON, Newsroom, due, newsroom, report, says

from bot.books import codec
from bot.circulation.corrections import Corrector
from bot.circulation.digests import Digests
from bot.circulation.reminders import ReminderLoop
from bot.model import Address
from digests.store.database import Database

SAYS = "Oktay said the corridor would open on Monday."
ANSWER = "Vesland must answer the union by February 29."


@pytest.fixture
async def rooms(database: Database) -> AsyncIterator[list[Newsroom]]:
    """Three processes on one database."""
    others = [await again(database) for _ in range(2)]
    async with newsroom(database) as first, newsroom(others[0]) as second, newsroom(others[1]) as third:
        yield [first, second, third]
    for each in others:
        await each.close()


async def at_once(rooms: list[Newsroom], look: Callable[[Newsroom], Awaitable[object]]) -> list[str]:
    """All look several times side by side; the replies that lie in the outbox then, sorted."""
    for _ in range(3):
        await asyncio.gather(*(look(room) for room in rooms))
    found = await rooms[0].database.read(
        lambda c: c.execute("SELECT r.reply FROM outbox o JOIN outbox_replies r USING (id)").fetchall()
    )
    return sorted(codec.reply_of(row[0]).template for row in found)


def reminding(room: Newsroom) -> ReminderLoop:
    return ReminderLoop(
        store=room.store,
        books=room.books,
        follows=room.follows,
        reminders=room.services.reminders,
        platforms=("telegram", "slack"),
        queued=lambda: None,
    )


def correcting(room: Newsroom) -> Corrector:
    return Corrector(store=room.store, books=room.services.corrections, queued=lambda: None, kept=timedelta(days=30))


async def test_a_digest_is_written_once(rooms: list[Newsroom]) -> None:
    room = rooms[0]
    for chat in range(3):
        await room.ask(f"/subscribe daily 0{6 + chat}:00")
    article = report(SAYS, url="https://wire.example/a")
    await room.arrive(article, (says(article, SAYS, "Oktay"),))
    eight = datetime(2020, 2, 16, 8, tzinfo=UTC)

    def loop(each: Newsroom) -> Digests:
        return Digests(subscriptions=each.services.subscriptions, store=each.store, queued=lambda: None)

    loops = {id(each): loop(each) for each in rooms}
    assert await at_once(rooms, lambda each: loops[id(each)].once(eight)) == ["ordered_digest"] * 3


async def test_an_alert_is_told_once(rooms: list[Newsroom]) -> None:
    room = rooms[0]
    await room.look()
    await room.ask("/follow deadlines")
    await room.ask("/follow words corridor")
    article = report(SAYS, ANSWER, url="https://wire.example/a")
    await room.arrive(article, (says(article, SAYS, "Oktay"), due(article, ANSWER, date(2020, 2, 29))))
    templates = await at_once(rooms, lambda each: each.alerts.once(NOON))
    assert templates == ["alert"]


async def test_a_reminder_is_sent_once_and_moved_once(rooms: list[Newsroom]) -> None:
    room = rooms[0]
    await at_once(rooms, lambda each: reminding(each).once(NOON))
    article = report(ANSWER, url="https://wire.example/a")
    await room.arrive(article, (due(article, ANSWER, date(2020, 2, 29)),))
    await room.ask("/remind 1 2 days")
    nine = datetime(2020, 2, 27, 9, tzinfo=UTC)
    assert await at_once(rooms, lambda each: reminding(each).once(nine)) == ["reminder"]


async def test_a_message_is_put_right_once(rooms: list[Newsroom]) -> None:
    room = rooms[0]
    for each in rooms:
        await correcting(each).once(datetime.now(UTC))
    article = report(SAYS, ANSWER, url="https://wire.example/a")
    await room.arrive(article, (says(article, SAYS, "Oktay"), due(article, ANSWER, date(2020, 2, 29))))
    deliveries, now = room.services.deliveries, datetime.now(UTC)
    number = await deliveries.enqueue(
        Address(platform="telegram", chat="telegram:1"), await room.ask("/deadlines"), at=now
    )
    await deliveries.claim(number, owner="me", now=now, lease_seconds=60)
    await deliveries.part_sent(number, "77", at=now, last=True)
    await room.store.retract(2, by="telegram:9", why="misread", at=now)
    correctors = {id(each): correcting(each) for each in rooms}
    templates = await at_once(rooms, lambda each: correctors[id(each)].once(datetime.now(UTC)))
    assert templates == ["correction", "deadlines"]
