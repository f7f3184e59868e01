"""A newsroom whose messages really go out: store, books, outbox and corrections on one database, the wire faked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from fakes.databases import sqlite
from fakes.desk import Desk

from bot.app.side import drawing
from bot.books.corrections import SqlCorrections
from bot.books.deliveries import SqlDeliveries
from bot.books.previews import SqlPreviews
from bot.books.sql import SqlBooks
from bot.books.subscriptions import SqlSubscriptions
from bot.circulation.corrections import Corrector
from bot.model import Address, Origin, Reply
from bot.outbox.sender import Outbox
from bot.render import Renderer
from digests.edition.charts.model import DrawsCharts
from digests.store.database import Database
from digests.store.sql import SqlStore

EDITOR = Origin(platform="telegram", chat="telegram:9", user="telegram:9", role="editor")
RENDERER = Renderer()


@dataclass
class Pressroom:
    database: Database
    store: SqlStore
    desk: Desk
    outbox: Outbox
    deliveries: SqlDeliveries
    corrector: Corrector
    kept: timedelta

    async def tell(self, text: str, address: Address, *, template_data: Mapping[str, Any] | None = None) -> Reply:
        """Queue the answer to ``text`` for somebody; what was queued."""
        reply = await self.desk.ask(text)
        reply = replace(reply, data={**reply.data, **(template_data or {})})
        await self.deliveries.enqueue(address, reply, at=datetime.now(UTC))
        self.outbox.wake()
        return reply

    async def edit(self, text: str) -> str:
        """An editor types ``text``; the answer."""
        read = await self.desk.read(text, origin=EDITOR)
        await self.look()
        return read

    async def look(self, *, later: timedelta = timedelta(0)) -> None:
        """One look at what changed, that much later."""
        await self.corrector.once(datetime.now(UTC) + later)

    async def states(self) -> dict[str, int]:
        return dict(await self.database.read(_states))

    async def settled(self) -> None:
        """Wait until nothing is on its way."""
        async with asyncio.timeout(30):
            while set(await self.states()) & {"pending", "sending"}:
                continue

    async def edits(self) -> int:
        """How many rows there are that edit."""
        return int((await self.database.read(_edits))[0])


def _states(connection: Any) -> list[Any]:
    found: list[Any] = connection.execute("SELECT state, COUNT(*) FROM outbox GROUP BY state").fetchall()
    return found


def _edits(connection: Any) -> Any:
    return connection.execute("SELECT COUNT(*) FROM outbox WHERE edits IS NOT NULL").fetchone()


@asynccontextmanager
async def pressroom(
    kept_in: Path | Database,
    carriers: Mapping[Any, Any],
    *,
    kept: timedelta = timedelta(days=30),
    sending: bool = True,
    draws: DrawsCharts | None = None,
) -> AsyncIterator[Pressroom]:
    """On an open database, or on SQLite's in a folder."""
    async with AsyncExitStack() as stack:
        database: Database
        if isinstance(kept_in, Path):
            database = await stack.enter_async_context(await sqlite(kept_in / "press.db"))
        else:
            database = kept_in
        store, books = SqlStore(database), SqlBooks(database)
        deliveries, corrections = SqlDeliveries(database), SqlCorrections(database)
        outbox = Outbox(books=deliveries, carriers=carriers, draw=drawing(RENDERER), draws=draws)
        corrector = Corrector(store=store, books=corrections, queued=outbox.wake, kept=kept)
        await corrector.once(datetime.now(UTC))
        running = asyncio.create_task(outbox.run()) if sending else None
        try:
            yield Pressroom(
                database=database,
                store=store,
                desk=Desk(
                    store=store,
                    books=books,
                    subscriptions=SqlSubscriptions(database),
                    previews=SqlPreviews(database),
                ),
                outbox=outbox,
                deliveries=deliveries,
                corrector=corrector,
                kept=kept,
            )
        finally:
            await outbox.stop(seconds=0.5)
            if running is not None:
                await asyncio.wait_for(running, 30)
