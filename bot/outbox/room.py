"""How many messages may be in doubt at once in a process: whoever sends enters first, answers before the rest."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from itertools import count


class Room:
    """``async with room.entered(priority) as begun:``, and ``begun()`` when a message is handed over.

    What the platform leaves unanswered for ``patience`` seconds from then on keeps nobody else out.
    """

    def __init__(self, places: int, *, patience: float) -> None:
        self._free = places
        self._patience = patience
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []
        self._numbers = count()

    @asynccontextmanager
    async def entered(self, priority: int) -> AsyncIterator[Callable[[], None]]:
        """Wait for a place; the lowest ``priority`` gets it, then who came first."""
        await self._enter(priority)
        place = _Place(self._leave, self._patience)
        try:
            yield place.begun
        finally:
            place.left()

    async def _enter(self, priority: int) -> None:
        if self._free > 0 and not self._waiting:
            self._free -= 1
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (priority, next(self._numbers), turn))
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._leave()  # it was this one's turn at that very moment
            raise

    def _leave(self) -> None:
        """The place goes to who is next."""
        while self._waiting:
            _, _, turn = heapq.heappop(self._waiting)
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1


class _Place:
    """Left once, by whoever is first: the one who has it, or the clock."""

    def __init__(self, leave: Callable[[], None], patience: float) -> None:
        self._leave = leave
        self._patience = patience
        self._held = True
        self._timer: asyncio.TimerHandle | None = None

    def begun(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(self._patience, self.left)

    def left(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if self._held:
            self._held = False
            self._leave()
