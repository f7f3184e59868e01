"""``onrecord worker``: what ``serve`` does in process on SQLite, done by any number of machines on PostgreSQL."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from random import Random

from bot.app import logs
from bot.app.databases import is_shared, open_shared
from bot.app.importing import importing
from bot.app.services import furnished
from bot.app.side import Side, drawing
from bot.app.sides import private, sides_of
from bot.app.watching import cores, reaching
from bot.books.sharing import SqlSharing
from bot.books.submissions import SqlSubmissions
from bot.charts.artist import Artist
from bot.commands.spec import Services
from bot.config import Settings
from bot.jobs.crew import Crew, Post, Terms
from bot.jobs.delivering import Delivering
from bot.jobs.reading import Extracting, Fetching
from bot.jobs.submitted import Submitted
from bot.outbox.chats import Chats
from bot.outbox.delivery import Order
from bot.render import Renderer
from digests.edition.charts.model import DrawsCharts
from digests.errors import SettingsError
from digests.ingest.turns import Desk
from digests.store.database import Database
from digests.store.hosts import SqlHosts
from digests.store.postgres.clock import ServerClock
from digests.store.postgres.database import PostgresDatabase
from digests.store.turns import SqlTurns

log = logging.getLogger(__name__)

LOOKS_AT_ONCE = 20
READS_A_PROCESS = 2
"""While one article is extracted the next one is fetched."""
CHATS_AT_ONCE = 16
ON_ONE_MACHINE = (
    "there are workers where many machines share a PostgreSQL (DATABASE_URL=postgresql://...): on SQLite"
    " `onrecord serve` fetches, extracts and delivers by itself"
)


async def work(settings: Settings, kinds: Sequence[str]) -> None:
    """Work until told to stop; told twice, end at once. Raises ``SettingsError``."""
    if not is_shared(settings.database_url):
        raise SettingsError(ON_ONE_MACHINE)
    logs.configure(settings)
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, _told, stop)
    await work_until(stop, settings, kinds)
    log.info("stopped")


def _told(stop: asyncio.Event) -> None:
    if stop.is_set():
        os._exit(1)
    log.info("stopping")
    stop.set()


async def work_until(stop: asyncio.Event, settings: Settings, kinds: Sequence[str]) -> None:
    """Work until ``stop`` is set, then give what runs its time."""
    async with (
        await open_shared(settings.database_url) as database,
        furnished(database, settings) as services,
        Artist() as artist,
    ):
        sides = sides_of(settings, services) if "deliver" in kinds else []
        try:
            async with workshop(settings, database, services, kinds, sides=sides, draws=artist) as shop:
                log.info("working: %s", " ".join(kinds))
                waiting = asyncio.create_task(stop.wait())
                running = asyncio.create_task(shop.run())
                await asyncio.wait([waiting, running], return_when=asyncio.FIRST_COMPLETED)
                shop.stop()
                waiting.cancel()
                await running
        finally:
            await asyncio.gather(*(side.close() for side in sides), return_exceptions=True)


class Workshop:
    """The workers of this process: ``run`` until ``stop``."""

    def __init__(self, crew: Crew, chats: Sequence[Chats], clock: ServerClock) -> None:
        self._crew = crew
        self._chats = chats
        self.clock = clock

    async def run(self) -> None:
        await self._crew.run()

    def stop(self) -> None:
        """Begin nothing more."""
        for each in self._chats:
            each.stop()
        self._crew.stop()


@asynccontextmanager
async def workshop(
    settings: Settings,
    database: PostgresDatabase,
    services: Services,
    kinds: Sequence[str],
    *,
    sides: Sequence[Side],
    draws: DrawsCharts,
) -> AsyncIterator[Workshop]:
    """The workers of this process, with all that they need for those kinds of work."""
    async with AsyncExitStack() as stack:
        clock = await stack.enter_async_context(_clock(database))
        posts: dict[str, Post] = {}
        if {"fetch", "extract"} & set(kinds):
            processes = cores()
            reach = await stack.enter_async_context(reaching(settings, shared=SqlHosts(database)))
            ingest = await stack.enter_async_context(
                importing(services.store, processes=processes, proposes=services.proposes)
            )
            desk = Desk(turns=SqlTurns(database), ingest=ingest, fetcher=reach.fetcher(), clock=clock, random=Random())
            fetch = Post(queues=("fetch",), handler=Fetching(desk), at_once=LOOKS_AT_ONCE)
            submitted = Submitted(SqlSubmissions(database), ingest, reach.fetcher(), clock=clock)
            extract = Post(
                queues=("extract",), handler=Extracting(desk, submitted), at_once=READS_A_PROCESS * processes
            )
            posts |= {"fetch": fetch, "extract": extract}
        chats = _chats(settings, database, sides, draws, clock)
        if chats:
            queues = tuple(f"deliver-{platform}" for platform in chats)
            posts["deliver"] = Post(queues=queues, handler=Delivering(chats), at_once=CHATS_AT_ONCE)
        wanted = {kind: post for kind, post in posts.items() if kind in kinds}
        terms = Terms(silent=settings.worker_silent, grace=settings.worker_grace)
        crew = Crew(settings.database_url, database, wanted, terms=terms)
        yield Workshop(crew, list(chats.values()), clock)


def _chats(
    settings: Settings, database: Database, sides: Sequence[Side], draws: DrawsCharts, now: Callable[[], datetime]
) -> dict[str, Chats]:
    """By platform, its way out."""
    draw = drawing(Renderer())
    order = Order(owner="", at_once=settings.outbox_in_doubt, admins=private(settings.onrecord_admins))
    return {
        side.platform: Chats(
            side.platform,
            side.carrier,
            sharing=SqlSharing(database),
            draw=draw,
            now=now,
            order=order,
            silent=settings.worker_silent,
            draws=draws,
        )
        for side in sides
    }


@asynccontextmanager
async def _clock(database: Database) -> AsyncIterator[ServerClock]:
    clock = ServerClock(database)
    await clock.read()
    ticking = asyncio.create_task(clock.run())
    try:
        yield clock
    finally:
        ticking.cancel()
