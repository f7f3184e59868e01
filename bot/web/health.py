"""``/healthz``: the process answers. ``/readyz``: it can do its work, so that a balancer may lead people to it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping

from digests.errors import StoreError
from digests.store.base import Store

log = logging.getLogger(__name__)

Loops = Callable[[], Mapping[str, bool]]
"""Which loops of the program are alive, by name."""
SECONDS = 2.0


async def readiness(store: Store, loops: Loops) -> dict[str, bool]:
    """What the work needs, and whether it is there: the database answers in time, the loops run."""
    return {"database": await _answers(store), **loops()}


async def _answers(store: Store) -> bool:
    try:
        async with asyncio.timeout(SECONDS):
            await store.last_change()
    except (StoreError, TimeoutError) as error:
        log.error("not ready: the database does not answer (%s)", error or f"not within {SECONDS:.0f} s")
        return False
    return True
