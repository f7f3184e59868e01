"""``onrecord worker``: what ``serve`` does in process on SQLite, done by any number of machines on PostgreSQL."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from random import Random

from bot.app import logs
from bot.app.databases import is_shared, open_shared
from bot.app.importing import importing
from bot.app.services import furnished
from bot.app.watching import cores, reaching
from bot.commands.spec import Services
from bot.config import Settings
from bot.jobs.crew import Crew, Post, Terms
from bot.jobs.reading import Extracting, Fetching
from digests.errors import SettingsError
from digests.ingest.turns import Desk
from digests.store.postgres.clock import ServerClock
from digests.store.postgres.database import PostgresDatabase
from digests.store.turns import SqlTurns

log = logging.getLogger(__name__)

LOOKS_AT_ONCE = 20
READS_A_PROCESS = 2
"""While one article is extracted the next one is fetched."""
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
        crew_of(settings, database, services, kinds) as crew,
    ):
        log.info("working: %s", " ".join(kinds))
        waiting = asyncio.create_task(stop.wait())
        running = asyncio.create_task(crew.run())
        await asyncio.wait([waiting, running], return_when=asyncio.FIRST_COMPLETED)
        crew.stop()
        waiting.cancel()
        await running


@asynccontextmanager
async def crew_of(
    settings: Settings, database: PostgresDatabase, services: Services, kinds: Sequence[str]
) -> AsyncIterator[Crew]:
    """The workers of this process, with all that they need."""
    clock = ServerClock(database)
    await clock.read()
    ticking = asyncio.create_task(clock.run())
    processes = cores()
    try:
        async with (
            reaching(settings) as reach,
            importing(services.store, processes=processes, proposes=services.proposes) as ingest,
        ):
            desk = Desk(turns=SqlTurns(database), ingest=ingest, fetcher=reach.fetcher(), clock=clock, random=Random())
            posts = {
                "fetch": Post(queues=("fetch",), handler=Fetching(desk), at_once=LOOKS_AT_ONCE),
                "extract": Post(queues=("extract",), handler=Extracting(desk), at_once=READS_A_PROCESS * processes),
            }
            terms = Terms(silent=settings.worker_silent, grace=settings.worker_grace)
            yield Crew(
                settings.database_url, database, {kind: posts[kind] for kind in kinds if kind in posts}, terms=terms
            )
    finally:
        ticking.cancel()
