"""Planning a hundred thousand digests on PostgreSQL, and workers that deliver: a second, and CPU a message.

The platform is one of our own that takes some time to answer. Telegram's own limit is kept by the workers; for Slack
there is none over all channels, so that what is counted there is what the workers and the database can do.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from bench.delivery import EIGHT, order, prepared
from bench.postgres import Server, sizes
from bot.app.databases import open_shared
from bot.app.services import furnished
from bot.app.working import workshop
from bot.charts.artist import Artist
from bot.circulation.digests import Digests
from bot.config import Settings
from bot.model import Platform
from digests.edition.model import Subscription
from digests.store.moving import postgres_end, sqlite_end
from digests.store.moving.move import move

SUBSCRIBERS = 100_000
IN_SLACK = 10
"""One in so many is a channel of Slack."""
SENT = {"telegram": 200, "slack": 400}
RUNS: tuple[tuple[Platform, float, int], ...] = (
    ("telegram", 0.02, 1),
    ("telegram", 0.1, 1),
    ("telegram", 0.1, 4),
    ("slack", 0.02, 1),
    ("slack", 0.02, 4),
    ("slack", 0.1, 1),
    ("slack", 0.1, 4),
)
"""Platform, its seconds to answer, workers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedAll:
    """CPU seconds of both sides; bytes by table that a subscription takes, and those that its digest adds."""

    subscribers: int
    client: float
    server: float
    bytes_ordered: dict[str, int]
    bytes_queued: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class SentAll:
    """What workers sent. CPU milliseconds a message of both sides."""

    platform: str
    latency: float
    workers: int
    a_second: float
    client: float
    server: float


@dataclass
class Slow:
    """A platform whose answer takes ``latency`` seconds; ``enough`` is set when the ``wanted`` messages have come."""

    platform: Platform
    latency: float
    wanted: int
    warm: asyncio.Event = field(default_factory=asyncio.Event)
    enough: asyncio.Event = field(default_factory=asyncio.Event)
    count: int = 0
    teams: frozenset[str] = frozenset()

    @property
    def carrier(self) -> Any:
        return self

    async def deliver(self, *_: object, **__: object) -> str:
        await asyncio.sleep(self.latency)
        self.count += 1
        if self.count == self.wanted // 10:
            self.warm.set()
        if self.count == self.wanted:
            self.enough.set()
        return str(self.count)

    async def edit(self, *_: object, **__: object) -> None:
        raise AssertionError("nothing is edited here")


def ordered(number: int) -> list[Subscription]:
    """Somebody's digest at eight each; some are channels of Slack."""
    found = [order(n) for n in range(1, number + 1)]
    return [
        replace(each, chat=f"slack:C{at}") if at % IN_SLACK == 0 else each for at, each in enumerate(found, start=1)
    ]


async def planned(server: Server, folder: Path, subscribers: int = SUBSCRIBERS) -> tuple[PlannedAll, str]:
    """Slots and messages of all written, and where they lie now. The orders were given on SQLite and copied over."""
    settings = Settings(database_url=f"sqlite:///{folder}/ordered.db", access="open")
    await prepared(settings, ordered(subscribers))
    url = server.fresh()
    await (await open_shared(url)).close()
    empty = sizes(url)
    await asyncio.to_thread(_copy, folder / "ordered.db", url)
    before = sizes(url)
    settings = replace(settings, database_url=url)
    async with await open_shared(url) as database, furnished(database, settings) as services:
        client, on_server = time.process_time(), server.cpu()
        digests = Digests(
            subscriptions=services.subscriptions, store=services.store, queued=lambda: None, now=lambda: EIGHT
        )
        assert await digests.once(EIGHT) == subscribers
        client, on_server = time.process_time() - client, server.cpu() - on_server
    after = sizes(url)
    done = PlannedAll(
        subscribers=subscribers,
        client=client,
        server=on_server,
        bytes_ordered=_grown(empty, before),
        bytes_queued=_grown(before, after),
    )
    return done, url


def _grown(before: dict[str, int], after: dict[str, int]) -> dict[str, int]:
    return {name: size - before.get(name, 0) for name, size in after.items() if size > before.get(name, 0)}


def _copy(path: Path, url: str) -> None:
    with sqlite_end.source(path, []) as here, postgres_end.target(url) as there:
        move(here, there)


async def sent(server: Server, url: str, runs: Sequence[tuple[Platform, float, int]] = RUNS) -> list[SentAll]:
    """Some of what is queued sent by so many workers, each with connections of its own."""
    return [await _sent(server, url, *run) for run in runs]


async def _sent(server: Server, url: str, platform: Platform, latency: float, workers: int) -> SentAll:
    wanted = SENT[platform]
    slow = Slow(platform, latency, wanted)
    settings = Settings(database_url=url, access="open")
    sides: Any = [slow]
    async with AsyncExitStack() as stack:
        artist = await stack.enter_async_context(Artist())
        running = []
        for _ in range(workers):
            database = await stack.enter_async_context(await open_shared(url))
            services = await stack.enter_async_context(furnished(database, settings))
            shop = await stack.enter_async_context(
                workshop(settings, database, services, ("deliver",), sides=sides, draws=artist)
            )
            running.append((shop, asyncio.create_task(shop.run())))
        await slow.warm.wait()  # the first ones open connections and draw the digest
        first, begun = slow.count, time.monotonic()
        client, on_server = time.process_time(), server.cpu()
        await slow.enough.wait()
        seconds, number = time.monotonic() - begun, slow.count - first
        client, on_server = time.process_time() - client, server.cpu() - on_server
        for shop, _ in running:
            shop.stop()
        await asyncio.gather(*(task for _, task in running))
    return SentAll(
        platform=platform,
        latency=latency,
        workers=workers,
        a_second=number / seconds,
        client=1000 * client / number,
        server=1000 * on_server / number,
    )
