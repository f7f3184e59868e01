"""Who fetches, extracts and delivers for ``serve``: on SQLite it does so alone, on PostgreSQL as one worker of many.

So a single ``serve`` does everything on either; with workers beside it they share the work without doubling any, and
SERVE_WORKS says which kinds of it a replica leaves to them.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Protocol

from bot.app.databases import is_shared
from bot.app.handing_in import HandingIn
from bot.app.reach import Reach
from bot.app.side import Side, drawing
from bot.app.sides import private
from bot.app.watching import watch
from bot.books.submissions import SqlSubmissions
from bot.commands.spec import AddsArticles, Services
from bot.config import Settings
from bot.outbox.sender import Outbox
from bot.render import Renderer
from digests.edition.charts.model import DrawsCharts
from digests.store.database import Database

if TYPE_CHECKING:
    from bot.app.working import Workshop

GRACE = 2
"""Seconds that a server has for what it is doing when it is to stop: a chat must not wait for its next start."""


class Sends(Protocol):
    """Whoever sends what lies in the outbox."""

    def wake(self) -> None:
        """Something was queued."""
        ...

    async def run(self) -> None: ...

    async def stop(self, *, seconds: float) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Labour:
    """``now``: the clock that all who share the work go by; ``ingest``: who reads what is given in a chat.

    ``rounds``: what one process of several does besides.
    """

    outbox: Sends
    now: Callable[[], datetime]
    ingest: AddsArticles
    rounds: Mapping[str, Callable[[], Awaitable[None]]] = field(default_factory=dict)


@asynccontextmanager
async def labour(
    settings: Settings,
    database: Database,
    services: Services,
    sides: Sequence[Side],
    draws: DrawsCharts,
    reach: Reach,
) -> AsyncIterator[Labour]:
    """The work of this process, of those kinds that it is to do."""
    if is_shared(settings.database_url):
        async with _shared(settings, database, services, sides, draws) as shared:
            yield shared
        return
    outbox = Outbox(
        books=services.deliveries,
        carriers={side.platform: side.carrier for side in sides},
        draw=drawing(Renderer()),
        in_doubt=settings.outbox_in_doubt,
        admins=private(settings.onrecord_admins),
        draws=draws,
    )
    sources = partial(watch, services.store, reach, proposes=services.proposes)
    yield Labour(outbox=outbox, now=lambda: datetime.now(UTC), ingest=services.ingest, rounds={"sources": sources})


@asynccontextmanager
async def _shared(
    settings: Settings, database: Database, services: Services, sides: Sequence[Side], draws: DrawsCharts
) -> AsyncIterator[Labour]:
    from bot.app.working import workshop
    from digests.store.postgres.database import PostgresDatabase

    assert isinstance(database, PostgresDatabase)
    own = replace(settings, worker_grace=min(GRACE, settings.worker_grace))
    kinds = settings.serve_works
    async with workshop(own, database, services, kinds, sides=sides if "deliver" in kinds else [], draws=draws) as shop:
        ingest = services.ingest
        if "extract" not in kinds:
            ingest = HandingIn(ingest, SqlSubmissions(database), now=shop.clock)
        yield Labour(outbox=_Shared(shop), now=shop.clock, ingest=ingest)


class _Shared:
    """A workshop as ``serve`` runs and ends it; PostgreSQL itself wakes it."""

    def __init__(self, shop: Workshop) -> None:
        self._shop = shop
        self._ended = asyncio.Event()

    def wake(self) -> None:
        """Nothing: the row that was queued has enqueued its job."""

    async def run(self) -> None:
        try:
            await self._shop.run()
        finally:
            self._ended.set()

    async def stop(self, *, seconds: float) -> None:
        self._shop.stop()
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds + GRACE):
                await self._ended.wait()
