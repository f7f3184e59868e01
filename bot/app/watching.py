"""The loop over what is watched, as the command line and the server run it: its processes give way to the chat's."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from bot.app.reach import Reach
from bot.config import Settings
from digests.errors import StoreError
from digests.store.base import Store

if TYPE_CHECKING:
    from digests.ingest.add import Proposes
    from digests.ingest.loop import Loop, Tally
    from digests.sources.manners import Shared

TICK = 5.0


@asynccontextmanager
async def looping(
    store: Store,
    reach: Reach,
    *,
    processes: int,
    told: Callable[[Tally], None] | None = None,
    proposes: Proposes | None = None,
) -> AsyncIterator[Loop]:
    """A loop over the store's sources; its processes end with it."""
    from bot.app.importing import importing
    from digests.ingest.loop import Loop

    async with importing(store, processes=processes, proposes=proposes) as ingest:
        yield Loop(ingest, reach.fetcher(), told=told)


@asynccontextmanager
async def reaching(settings: Settings, *, shared: Shared | None = None) -> AsyncIterator[Reach]:
    """A way to the web, closed with the block. ``shared``: who keeps the pauses at hosts where many machines fetch."""
    reach = Reach(settings, shared=shared)
    try:
        yield reach
    finally:
        await reach.close()


async def watch(store: Store, reach: Reach, *, proposes: Proposes | None = None) -> None:
    """Look at sources and read their articles until cancelled; as long as there are none nothing is loaded."""
    while True:
        try:
            if await store.sources(limit=1):
                break
        except StoreError:
            pass  # whoever asks in a chat is told; here it is tried again
        await asyncio.sleep(TICK)
    async with looping(store, reach, processes=cores(), proposes=proposes) as loop:
        await loop.run()


def cores() -> int:
    """How many processes can work at once on this machine."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
