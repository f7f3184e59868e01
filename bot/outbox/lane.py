"""One platform's way out: what goes next, when, and what is written down before and after each message.

A message that was handed to the platform and whose arrival is not yet written down is *in doubt*: if the program dies
at that moment nobody can tell whether it arrived, and it is sent again. So no more than ``at_once`` messages (one,
unless ``OUTBOX_IN_DOUBT`` says otherwise) are in doubt at any time: the next one waits until the arrival of the last
one is on the disk. Only a message that the platform leaves unanswered for ``PATIENCE`` holds up the others no longer.

Few rows are held in memory, read and drawn a little ahead; those that wait for their chat lie in the database.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from bot.books.deliveries import Deliveries
from bot.model import ANSWER, Outgoing, Platform
from bot.outbox.delivery import LEASE_SECONDS, PATIENCE, Carrier, Delivery, Order, of_row
from bot.outbox.editing import Draw
from bot.outbox.pace import Pace
from bot.outbox.picturing import needs_picture, pictured
from bot.render.message import Message
from digests.edition.charts.model import DrawsCharts
from digests.errors import StoreError
from digests.tracing import hiding

log = logging.getLogger(__name__)

MOST_UNANSWERED = 100
AHEAD = 8
LONGEST_SLEEP = 30.0
TURN_SECONDS = 1.0


class Lane:
    """``run`` it as a task until ``stopping`` is set; ``wake`` it when something was queued; then ``finish`` it."""

    def __init__(
        self,
        platform: Platform,
        carrier: Carrier,
        *,
        books: Deliveries,
        draw: Draw,
        pace: Pace,
        now: Callable[[], datetime],
        order: Order,
        stopping: asyncio.Event,
        draws: DrawsCharts | None = None,
    ) -> None:
        self._platform = platform
        self._books = books
        self._pace = pace
        self._now = now
        self._order = order
        self._stopping = stopping
        self._draws = draws
        self._stirred = asyncio.Event()
        self._held: dict[int, Outgoing] = {}
        self._begun: dict[int, tuple[float, str]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._pictures: dict[int, asyncio.Task[None]] = {}
        self._look_at = 0.0
        self._began = False
        self._sure_until = 0.0
        self._doubted: dict[int, float] = {}
        self._delivery = Delivery(carrier, draw=draw, paced=self, now=now, admins=order.admins)

    def wake(self) -> None:
        """Something may be due now."""
        self._look_at = 0.0
        self._stirred.set()

    async def run(self) -> None:
        """Wait for the turn to send on this platform, put right what a crash left, then send until stopped.

        The turn may be lost, for on PostgreSQL it ends with a connection: it is taken again every second.
        """
        while not self._stopping.is_set():
            self._stirred.clear()
            try:
                pause = await self._step() if await self._in_turn() else TURN_SECONDS
            except StoreError as error:
                log.error("outbox: the database failed: %s", error)
                self._lose()
                pause = TURN_SECONDS
            if pause > 0:
                await self._rest(min(pause, TURN_SECONDS))

    async def finish(self, *, seconds: float) -> None:
        """Give what is on its way that long; what is cut off then counts as after a crash. Another may send now."""
        self._stirred.set()
        pictures = list(self._pictures.values())
        for drawing in pictures:
            drawing.cancel()  # nothing of it is on its way: it is drawn anew after the next start
        await asyncio.gather(*pictures, return_exceptions=True)
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        with suppress(StoreError):
            await self._books.end_turn(self._platform)

    async def _in_turn(self) -> bool:
        """Whether this process sends. What another one was sending when it ended goes again."""
        if not await self._mine():
            return False
        if not self._began:
            until = asyncio.get_running_loop().time() + self._books.lingers
            self._doubted = {row.id: until for row in await self._books.doubtful(self._platform)}
            self._began = True
        if self._doubted:
            await self._send_doubted()
        return True

    async def _mine(self) -> bool:
        """Whether the turn is this process's; asked again as soon as that is not sure any more."""
        asked_at = asyncio.get_running_loop().time()
        if asked_at < self._sure_until:
            return True
        if await self._books.take_turn(self._platform):
            self._sure_until = asked_at + TURN_SECONDS
            return True
        if self._began:
            log.warning("outbox: another process sends on %s now", self._platform)
        self._lose()
        return False

    def _lose(self) -> None:
        """Begin nothing more before the turn is taken again; what is on its way is waited for."""
        self._began, self._sure_until, self._look_at = False, 0.0, 0.0
        self._held.clear()

    async def _send_doubted(self) -> None:
        """Open again what is marked as being sent, but is not by this process, nor by one that only lost its turn."""
        now = asyncio.get_running_loop().time()
        due = {outgoing_id for outgoing_id, until in self._doubted.items() if until <= now}
        if due:
            for row in await self._books.doubtful(self._platform):
                if row.id in due and row.id not in self._begun:
                    with of_row(row):
                        log.warning("outbox: row %d for %s may arrive twice: it was cut off", row.id, row.address.chat)
                    await self._books.send_again(row.id)
            self._doubted = {each: until for each, until in self._doubted.items() if each not in due}
            self._look_at = 0.0

    async def _step(self) -> float:
        """Do the next thing there is to do; the seconds until there is another, 0 for at once."""
        clock = asyncio.get_running_loop().time
        if clock() >= self._look_at and (self._look_at == 0.0 or len(self._held) < AHEAD // 2):
            await self._look()
        row = self._best()
        if row is None:
            return max(0.05 if self._held else 0.001, min(LONGEST_SLEEP, self._look_at - clock()))
        with of_row(row):
            messages = await self._messages(row)
        if messages is None:
            return 0.0
        if needs_picture(row, messages):
            self._held.pop(row.id)
            with of_row(row):
                self._pictures[row.id] = asyncio.create_task(self._add_picture(row, messages))
            return 0.0
        wait = max(self._room_at(clock()), self._pace.free(now=clock(), spread=row.priority > ANSWER)) - clock()
        if wait > 0:
            return wait
        free = self._pace.chat_free(row.address.chat, now=clock())
        self._held.pop(row.id)
        if free > clock():
            await self._books.put_off(row.address.chat, until=self._moment(free))
            self._look_at = min(self._look_at, free)
            return 0.0
        self._start(row, messages)
        return 0.0

    async def _look(self) -> None:
        """Read what can go next. An answer gets in however much is held; of the rest, little is held ahead."""
        clock = asyncio.get_running_loop().time
        self._look_at = clock() + LONGEST_SLEEP  # a wake-up from now on sets it back
        known = {*self._held, *self._begun, *self._pictures}
        found = await self._books.look(self._platform, now=self._now(), limit=AHEAD, besides=known)
        for row in found.rows:
            if row.priority <= ANSWER or len(self._held) < AHEAD:
                self._held[row.id] = row
        if len(found.rows) == AHEAD:
            self._look_at = min(self._look_at, clock())
        elif found.next_at is not None:
            self._look_at = min(self._look_at, clock() + max(0.001, (found.next_at - self._now()).total_seconds()))

    def _best(self) -> Outgoing | None:
        """Of what is held the first, besides what goes to a chat that something is on its way to."""
        busy = {chat for _, chat in self._begun.values()}
        fit = (row for row in self._held.values() if row.address.chat not in busy)
        return min(fit, key=lambda row: (row.priority, row.id), default=None)

    async def _messages(self, row: Outgoing) -> Sequence[Message] | None:
        """A row's messages; ``None`` when there is nothing to send of it, which is settled then."""
        messages = await self._delivery.messages(row, self._books)
        if messages is None:
            self._held.pop(row.id)
            self._look_at = 0.0
        return messages

    async def _add_picture(self, row: Outgoing, messages: Sequence[Message]) -> None:
        """Draw a row's next picture while others are sent; the row is held again then, and not yet claimed."""
        try:
            self._delivery.keep(row, await pictured(row, messages, self._draws))
            self._held[row.id] = row
        finally:
            self._pictures.pop(row.id)
            self._look_at = 0.0
            self._stirred.set()

    def _room_at(self, now: float) -> float:
        """The moment from which one more message may be in doubt."""
        if len(self._begun) >= MOST_UNANSWERED:
            return now + LONGEST_SLEEP
        doubtful = sorted(begun + PATIENCE for begun, _ in self._begun.values() if begun + PATIENCE > now)
        return now if len(doubtful) < self._order.at_once else doubtful[-self._order.at_once]

    def _start(self, row: Outgoing, messages: Sequence[Message]) -> None:
        now = asyncio.get_running_loop().time()
        self._pace.take(row.address.chat, now=now)
        self._begun[row.id] = (now, row.address.chat)
        with of_row(row), hiding(*(message.text for message in messages)):
            task = asyncio.create_task(self._send(row, messages))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _send(self, row: Outgoing, messages: Sequence[Message]) -> None:
        """Send the next part of a row and write down how it went, however long the database fails."""
        try:
            if await self._claimed(row):
                self._pace.leaves(row.address.chat, now=asyncio.get_running_loop().time())
                if not await self._delivery.send(row, messages, self._books):
                    self._look_at = 0.0
        finally:
            self._begun.pop(row.id)
            self._look_at = min(self._look_at, self._pace.chat_free(row.address.chat, now=0.0))
            self._stirred.set()

    async def _claimed(self, row: Outgoing) -> bool:
        """Whether a row is marked as about to be sent, and the turn to send it still is this process's."""
        try:
            claimed = await self._mine() and await self._books.claim(
                row.id,
                owner=self._order.owner,
                now=self._now(),
                lease_seconds=LEASE_SECONDS,
                revision=row.revision,
            )
            if claimed and not await self._mine():  # it stood still since: the row goes out as after a crash
                return False
        except StoreError as error:
            log.error("outbox: row %d: the database failed: %s", row.id, error)
            await asyncio.sleep(1.0)
            self._look_at = 0.0
            return False
        if not claimed:  # it may say something else by now
            self._delivery.forget(row)
            self._look_at = 0.0
        return claimed

    async def refused(self, chat: str, *, wait: float) -> None:
        """The platform told us to wait."""
        self._pace.refused(chat, now=asyncio.get_running_loop().time(), wait=wait)

    def free_at(self, chat: str) -> datetime:
        """When a chat may get its next message."""
        return self._moment(self._pace.chat_free(chat, now=asyncio.get_running_loop().time()))

    def _moment(self, clock: float) -> datetime:
        """A moment of the loop's clock as one of the calendar."""
        return self._now() + timedelta(seconds=clock - asyncio.get_running_loop().time())

    async def _rest(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._stirred.wait()
        except TimeoutError:
            return
