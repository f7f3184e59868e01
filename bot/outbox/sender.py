"""The outbox: one lane a platform, so that a platform in trouble holds up no other.

The row is the truth: whatever happens to this process, what is not marked sent is sent after the next start, so that
nothing is lost (at least once). What a crash cuts off between sending and recording may arrive twice: one message a
platform at most, for no second one is handed over before the arrival of the first is on the disk (``lane``). At most
once was rejected: a reader notices a message that comes twice, nobody notices one that never comes.
"""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from bot.books.deliveries import Deliveries
from bot.model import Address, Platform
from bot.outbox.delivery import Carrier, Order
from bot.outbox.editing import Draw
from bot.outbox.lane import Lane
from bot.outbox.pace import LIMITS, Pace
from digests.edition.charts.model import DrawsCharts


class Outbox:
    """``wake`` it when something was queued; ``run`` it as a task; ``stop`` it within a number of seconds."""

    def __init__(
        self,
        *,
        books: Deliveries,
        carriers: Mapping[Platform, Carrier],
        draw: Draw,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        in_doubt: int = 1,
        admins: Sequence[Address] = (),
        draws: DrawsCharts | None = None,
    ) -> None:
        """``in_doubt``: how many messages of a platform a crash may double; ``admins``: told of chats that are lost.

        ``draws``: who makes the pictures of charts; without it they go out in words.
        """
        self._stopping = asyncio.Event()
        order = Order(owner=f"{os.getpid()}-{secrets.token_hex(4)}", at_once=in_doubt, admins=admins)
        self._lanes = [
            Lane(
                platform,
                carrier,
                books=books,
                draw=draw,
                pace=Pace(limits=LIMITS[platform]),
                now=now,
                order=order,
                stopping=self._stopping,
                draws=draws,
            )
            for platform, carrier in carriers.items()
        ]

    def wake(self) -> None:
        """Something may be due now."""
        for lane in self._lanes:
            lane.wake()

    async def run(self) -> None:
        """Send until stopped."""
        async with asyncio.TaskGroup() as group:
            for lane in self._lanes:
                group.create_task(lane.run())

    async def stop(self, *, seconds: float) -> None:
        """Start nothing more, give what is on its way that long, and leave the rest to the next start."""
        self._stopping.set()
        await asyncio.gather(*(lane.finish(seconds=seconds) for lane in self._lanes))
