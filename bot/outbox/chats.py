"""The outbox as workers send it: one chat at a time, told whose turn it is, its pace and its order kept by rows.

What a delivery is stands in ``delivery``, for one process (``lane``) and for many alike. Here as there no more than
``at_once`` messages are in doubt at any time in a process; a message that waits for its slot is not claimed yet.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.books.sharing import Claimed, Sharing, Slots
from bot.model import ANSWER, Outgoing, Platform
from bot.outbox.delivery import LEASE_SECONDS, PATIENCE, Carrier, Delivery, Order, of_row
from bot.outbox.editing import Draw
from bot.outbox.pace import LIMITS, SECOND, SLOWER, SLOWEST, TOGETHER, is_group
from bot.outbox.picturing import needs_picture, pictured
from bot.outbox.room import Room
from digests.edition.charts.model import DrawsCharts
from digests.errors import StoreError
from digests.tracing import hiding

log = logging.getLogger(__name__)

SOON = 2.0
"""Seconds: what a chat is to be sent by then is waited for, so that the parts of a message follow each other."""
MOST_IN_A_ROW = 20
SLOT_PATIENCE = 0.25
"""No slot is taken further ahead than that, so that an answer still finds one."""
LONGEST_WAIT = 5.0
STALE = 5.0
"""Seconds between claim and sending after which others may have taken the row: then it is not sent."""


class Chats:
    """One platform's. ``deliver`` what is due to a chat; after ``stop`` what is not begun is left to others."""

    def __init__(
        self,
        platform: Platform,
        carrier: Carrier,
        *,
        sharing: Sharing,
        draw: Draw,
        now: Callable[[], datetime],
        order: Order,
        silent: float,
        draws: DrawsCharts | None = None,
    ) -> None:
        self._platform = platform
        self._sharing = sharing
        self._now = now
        self._silent = silent
        self._draws = draws
        self._pace = _SharedPace(sharing, now)
        self._delivery = Delivery(carrier, draw=draw, paced=self._pace, now=now, admins=order.admins)
        self._room = Room(order.at_once, patience=PATIENCE)
        self._begun: set[int] = set()
        self._stopping = False

    def stop(self) -> None:
        """Begin no further message."""
        self._stopping = True

    async def deliver(self, chat: str, *, worker: int) -> None:
        """Send what is due to a chat now or soon. Raises ``StoreError`` as long as nothing is on its way."""
        for _ in range(MOST_IN_A_ROW):
            if self._stopping:
                break
            turn = await self._sharing.turn(
                chat, worker=worker, silent=self._silent, now=self._now(), besides=self._begun
            )
            if turn.row is not None:
                with of_row(turn.row):
                    await self._one(turn.row, worker)
            elif turn.unreadable is not None:
                await self._unreadable(turn.unreadable)
            elif turn.wait is None or turn.wait > SOON:
                return
            else:
                await asyncio.sleep(turn.wait)
        await self._sharing.wake(chat)

    async def give_up(self, chat: str, reason: str) -> tuple[str, str]:
        """What was to go next to a chat is failed: its sending fails for a fault of ours, or ends workers."""
        turn = await self._sharing.turn(chat, worker=0, silent=0.0, now=self._now(), besides=())
        if turn.row is None:
            return f"chat {chat}", chat
        own = self._sharing.own(turn.row, worker=0)
        await own.failed(turn.row.id, reason, at=self._now())
        return f"message {turn.row.id}", f"message {turn.row.id} for {chat}"

    async def _one(self, row: Outgoing, worker: int) -> None:
        own = self._sharing.own(row, worker=worker)
        messages = await self._delivery.messages(row, own)
        if messages is None:
            return
        if needs_picture(row, messages):
            messages = await pictured(row, messages, self._draws)
            self._delivery.keep(row, messages)
        async with self._room.entered(row.priority) as begun:
            claimed = await self._claimed(row, worker)
            if claimed is None:
                return
            self._begun.add(row.id)
            try:
                if await self._in_its_slot(row, worker, claimed):
                    begun()
                    self._pace.left(row.address.chat, claimed.next)
                    with hiding(*(message.text for message in messages)):
                        await self._delivery.send(row, messages, own)
            finally:
                self._begun.discard(row.id)

    async def _claimed(self, row: Outgoing, worker: int) -> Claimed | None:
        """The row's claim with a slot of its platform and chat, or ``None``: it is not its turn any more."""
        while not self._stopping:
            claimed = await self._sharing.claim(
                row, worker=worker, now=self._now(), lease_seconds=LEASE_SECONDS, slots=self._slots(row)
            )
            if claimed.taken:
                return claimed
            if claimed.wait is None:  # it may say something else by now
                self._delivery.forget(row)
                return None
            if claimed.for_chat:
                await self._sharing.put_off(row.address.chat, until=self._now() + timedelta(seconds=claimed.wait))
                return None
            await asyncio.sleep(min(claimed.wait, LONGEST_WAIT))
        return None

    async def _in_its_slot(self, row: Outgoing, worker: int, claimed: Claimed) -> bool:
        """Wait for the slot; whether the row is this worker's still: one that stood still may be taken for dead."""
        clock = asyncio.get_running_loop().time
        began = clock()
        await asyncio.sleep(claimed.wait or 0.0)
        return clock() - began < STALE or await self._sharing.holds(row, worker=worker)

    def _slots(self, row: Outgoing) -> Slots:
        limits = LIMITS[self._platform]
        return Slots(
            gap=limits.gap,
            group_a_minute=limits.group_a_minute if is_group(row.address.chat) else None,
            a_second=limits.overall_a_second,
            second=SECOND,
            spread=row.priority > ANSWER,
            patience=SLOT_PATIENCE,
        )

    async def _unreadable(self, found: tuple[int, str]) -> None:
        outgoing_id, reason = found
        log.error("outbox: row %d %s", outgoing_id, reason)
        await self._sharing.fail(outgoing_id, reason, at=self._now())


class _SharedPace:
    """The pace that all workers keep together lies in rows; here is only when a chat is free after a message."""

    def __init__(self, sharing: Sharing, now: Callable[[], datetime]) -> None:
        self._sharing = sharing
        self._now = now
        self._free: dict[str, datetime] = {}

    def left(self, chat: str, following: float) -> None:
        """A message leaves for a chat."""
        self._free[chat] = self._now() + timedelta(seconds=following)

    async def refused(self, chat: str, *, wait: float) -> None:
        try:
            await self._sharing.refused(chat, wait=wait, together=TOGETHER, slower=SLOWER, slowest=SLOWEST - SECOND)
        except StoreError as error:
            log.error("outbox: the database failed: %s", error)

    def free_at(self, chat: str) -> datetime | None:
        return self._free.pop(chat, None)
