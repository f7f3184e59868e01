"""The loop over what is watched, as the command line and the server run it: its processes give way to the chat's."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from bot.config import Settings
from digests.errors import StoreError
from digests.store.base import Store

if TYPE_CHECKING:
    from digests.ingest.loop import Loop, Tally

TICK = 5.0


@asynccontextmanager
async def looping(
    store: Store, settings: Settings, *, processes: int, told: Callable[[Tally], None] | None = None
) -> AsyncIterator[Loop]:
    """A loop over the store's sources; its processes and connections end with it."""
    from bot.app.importing import importing
    from digests.ingest.loop import Loop
    from digests.sources.fetch import Fetcher

    async with (
        importing(store, processes=processes) as ingest,
        Fetcher(loopback=settings.onrecord_allow_loopback) as fetcher,
    ):
        yield Loop(ingest, fetcher, told=told)


async def watch(store: Store, settings: Settings) -> None:
    """Look at sources and read their articles until cancelled; as long as there are none nothing is loaded."""
    while True:
        try:
            if await store.sources(limit=1):
                break
        except StoreError:
            pass  # whoever asks in a chat is told; here it is tried again
        await asyncio.sleep(TICK)
    async with looping(store, settings, processes=cores()) as loop:
        await loop.run()


def cores() -> int:
    """How many processes can work at once on this machine."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
