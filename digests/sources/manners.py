"""Politeness: one request at a time to a host, and a pause between two, longer where its robots.txt asks for it.

Where many machines fetch, ``Shared`` keeps the pause for all of them.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Protocol
from weakref import WeakValueDictionary

from digests.errors import StoreError

PAUSE = 1.0
LONGEST_PAUSE = 30.0
"""A crawl-delay beyond this is not waited for: it is cut to this, or a host could park what is fetched from it."""
_KEPT = 5_000


class Shared(Protocol):
    """The turns at a host that all machines take. Raises ``StoreError``."""

    async def turn(self, host: str, *, pause: float) -> float:
        """Take the next turn; the seconds until it."""
        ...

    async def asked(self, host: str, *, pause: float) -> None:
        """The request has ended."""
        ...


class Manners:
    """``async with manners.turn(host):`` one's own request. Seconds are the event loop's."""

    def __init__(self, *, pause: float = PAUSE, shared: Shared | None = None) -> None:
        self._pause = pause
        self._shared = shared
        self._asked: dict[str, float] = {}
        self._next: dict[str, float] = {}
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def ask(self, host: str, delay: float | None) -> None:
        """Keep a host's own wish for a pause (its crawl-delay)."""
        if delay is not None and delay > self._pause:
            self._asked[host] = min(delay, LONGEST_PAUSE)

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Wait until it is this request's turn at ``host``; the pause begins when the request has ended."""
        lock = self._locks.setdefault(host, asyncio.Lock())
        loop = asyncio.get_running_loop()
        async with lock:
            await asyncio.sleep(max(0.0, self._next.get(host, 0.0) - loop.time()))
            pause = self._asked.get(host, self._pause)
            if self._shared is not None:
                await asyncio.sleep(await self._shared.turn(host, pause=pause))
            try:
                yield
            finally:
                self._forget(loop.time())
                self._next[host] = loop.time() + self._asked.get(host, self._pause)
                if self._shared is not None:
                    with suppress(StoreError):  # then the pause is counted from the beginning of the request
                        await self._shared.asked(host, pause=pause)

    def _forget(self, now: float) -> None:
        if len(self._next) > _KEPT:
            self._next = {host: at for host, at in self._next.items() if at > now}
            self._asked = {host: delay for host, delay in self._asked.items() if host in self._next}
