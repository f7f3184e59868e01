"""Two that plan and send on one PostgreSQL while their machines' clocks are 90 s apart: nothing is sent twice."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from fakes.memory_store import MemoryStore

from bot.app.databases import open_shared
from bot.books.subscriptions import SqlSubscriptions
from bot.circulation.digests import Digests
from digests.edition.model import Schedule, Subscription, Wanted
from digests.errors import StoreError
from digests.store.postgres.clock import ServerClock
from digests.store.postgres.database import PostgresDatabase

APART = timedelta(seconds=90)
BEGAN = datetime(2020, 2, 15, 8, 50, tzinfo=UTC)
CHATS = 6


@pytest.fixture
async def shared(postgres_url: str) -> AsyncIterator[PostgresDatabase]:
    async with await open_shared(postgres_url) as database:
        yield database


async def test_a_slot_is_filled_once_whatever_the_clocks_say(shared: PostgresDatabase) -> None:
    subscriptions = SqlSubscriptions(shared)
    for number in range(CHATS):
        await subscriptions.subscribe(
            Subscription(
                chat=f"telegram:{number + 1}",
                user=f"telegram:{number + 1}",
                schedule=Schedule(frequency="hourly", zone="UTC"),
                wanted=Wanted(words=("harbour",)),
                created_at=BEGAN,
            ),
            due_at=BEGAN,
            told_upto=0,
        )
    store = MemoryStore()
    planners = [Digests(subscriptions=subscriptions, store=store, queued=lambda: None) for _ in range(2)]
    now = BEGAN
    while now < BEGAN + timedelta(hours=2, minutes=20):
        await asyncio.gather(planners[0].once(now), planners[1].once(now - APART))
        now += timedelta(seconds=45)
    found = await shared.read(lambda rows: rows.execute("SELECT chat FROM outbox").fetchall())
    slots = await shared.read(lambda rows: rows.execute("SELECT subscription_id, key FROM digest_slots").fetchall())
    assert Counter(row[0] for row in found) == {f"telegram:{number + 1}": 3 for number in range(CHATS)}
    assert len({tuple(row) for row in slots}) == len(slots) == 3 * CHATS


async def test_all_go_by_the_servers_clock_and_nobody_can_set_it(shared: PostgresDatabase) -> None:
    ticks = count()
    clock = ServerClock(shared, monotonic=lambda: float(next(ticks)))
    await clock.read()
    first, second = clock(), clock()
    assert second - first == timedelta(seconds=1)
    assert abs(first - datetime.now(UTC)) < timedelta(seconds=30)


async def test_a_clock_goes_on_while_the_server_is_away_and_is_right_again_after(
    shared: PostgresDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("digests.store.postgres.clock.EVERY", 0.01)
    clock = ServerClock(shared)
    asked = 0
    often = asyncio.Event()

    async def away(*_: object, **__: object) -> datetime:
        nonlocal asked
        asked += 1
        if asked > 3:
            often.set()
        if asked < 3:
            raise StoreError("away")
        return datetime(2030, 1, 1, tzinfo=UTC)

    monkeypatch.setattr(shared, "read", away)
    ticking = asyncio.create_task(clock.run())
    await asyncio.wait_for(often.wait(), 10)
    ticking.cancel()
    assert clock().year == 2030
