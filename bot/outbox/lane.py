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
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from bot.books.deliveries import Deliveries
from bot.errors import NotEditable, SendError, TryLater
from bot.model import ANSWER, Address, Outgoing, Platform
from bot.outbox.decide import Fail, Move, Pause, Retry, after_failure, after_surprise
from bot.outbox.editing import Draw, answering, messages_of
from bot.outbox.pace import Pace
from bot.outbox.picturing import needs_picture, pictured
from bot.render.message import Message
from digests.edition.charts.model import DrawsCharts
from digests.errors import StoreError
from digests.tracing import about, hiding

log = logging.getLogger(__name__)

T = TypeVar("T")

LEASE_SECONDS = 180.0
PATIENCE = 2.0
"""Seconds after which a message without an answer of the platform's holds up the others no longer."""
MOST_UNANSWERED = 100
AHEAD = 8
MOST_DRAWN = 64
LONGEST_SLEEP = 30.0
TURN_SECONDS = 1.0
NOTICE_DELAY = timedelta(seconds=30)
"""An admin is told of lost chats that much later, of all at once."""


class Carrier(Protocol):
    """A platform's way out. ``position`` counts the messages of one reply from 0."""

    async def deliver(self, address: Address, message: Message, *, position: int) -> str:
        """Send one message; its id on the platform. Raises ``SendError``, its kind saying what to do."""
        ...

    async def edit(self, address: Address, message: Message, *, message_id: str) -> None:
        """Let a message that was sent say this from now on; it may say so already. Raises ``SendError``, too."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a lane is told besides: its name in the rows, how many may be in doubt, whom to tell of lost chats."""

    owner: str
    at_once: int = 1
    admins: Sequence[Address] = ()


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
        self._carrier = carrier
        self._books = books
        self._draw = draw
        self._pace = pace
        self._now = now
        self._order = order
        self._stopping = stopping
        self._draws = draws
        self._stirred = asyncio.Event()
        self._held: dict[int, Outgoing] = {}
        self._drawn: OrderedDict[int, Sequence[Message]] = OrderedDict()
        self._begun: dict[int, tuple[float, str]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._pictures: dict[int, asyncio.Task[None]] = {}
        self._look_at = 0.0

    def wake(self) -> None:
        """Something may be due now."""
        self._look_at = 0.0
        self._stirred.set()

    async def run(self) -> None:
        """Wait for the turn to send on this platform, put right what a crash left, then send until stopped."""
        began = False
        while not self._stopping.is_set():
            self._stirred.clear()
            try:
                if not began:
                    began = await self._begin()
                pause = await self._step() if began else TURN_SECONDS
            except StoreError as error:
                log.error("outbox: the database failed: %s", error)
                self._look_at, pause = 0.0, 1.0
            if pause > 0:
                await self._rest(pause)

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

    async def _begin(self) -> bool:
        """Take the turn; what was being sent when the last sender ended goes again. ``False``: another one sends."""
        if not await self._books.take_turn(self._platform):
            return False
        for row in await self._books.doubtful(self._platform):
            with _about(row):
                log.warning("outbox: row %d for %s may arrive twice: a crash cut it off", row.id, row.address.chat)
            await self._books.send_again(row.id)
        return True

    async def _step(self) -> float:
        """Do the next thing there is to do; the seconds until there is another, 0 for at once."""
        clock = asyncio.get_running_loop().time
        if clock() >= self._look_at and (self._look_at == 0.0 or len(self._held) < AHEAD // 2):
            await self._look()
        row = self._best()
        if row is None:
            return max(0.05 if self._held else 0.001, min(LONGEST_SLEEP, self._look_at - clock()))
        with _about(row):
            messages = await self._messages(row)
        if messages is None:
            return 0.0
        if needs_picture(row, messages):
            self._held.pop(row.id)
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
        """A row's messages, drawn once; ``None`` when there is nothing to send of it, which is settled then."""
        if row.id not in self._drawn:
            try:
                self._drawn[row.id] = messages_of(row, self._draw)
            except Exception as error:
                with hiding(str(row.reply.data)):
                    log.exception("outbox: row %d for %s cannot be drawn", row.id, row.address.chat)
                self._held.pop(row.id)
                await self._settle(row, after_surprise(error, attempts=row.attempts, now=self._now()))
                return None
            while len(self._drawn) > MOST_DRAWN:
                self._drawn.popitem(last=False)
        messages = self._drawn[row.id]
        if len(row.message_ids) >= len(messages):
            self._held.pop(row.id)
            await self._books.sent(row.id, at=self._now())
            return None
        return messages

    async def _add_picture(self, row: Outgoing, messages: Sequence[Message]) -> None:
        """Draw a row's next picture while others are sent; the row is held again then, and not yet claimed."""
        try:
            self._drawn[row.id] = await pictured(row, messages, self._draws)
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
        with _about(row), hiding(*(message.text for message in messages)):
            task = asyncio.create_task(self._send(row, messages))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _send(self, row: Outgoing, messages: Sequence[Message]) -> None:
        """Send the next part of a row and write down how it went, however long the database fails."""
        try:
            if await self._claimed(row):
                self._pace.leaves(row.address.chat, now=asyncio.get_running_loop().time())
                await self._deliver(row, messages)
        finally:
            self._begun.pop(row.id)
            self._look_at = min(self._look_at, self._pace.chat_free(row.address.chat, now=0.0))
            self._stirred.set()

    async def _claimed(self, row: Outgoing) -> bool:
        try:
            claimed = await self._books.claim(
                row.id,
                owner=self._order.owner,
                now=self._now(),
                lease_seconds=LEASE_SECONDS,
                revision=row.revision,
            )
        except StoreError as error:
            log.error("outbox: row %d: the database failed: %s", row.id, error)
            await asyncio.sleep(1.0)
            self._look_at = 0.0
            return False
        if not claimed:  # it may say something else by now
            self._drawn.pop(row.id, None)
            self._look_at = 0.0
        return claimed

    async def _deliver(self, row: Outgoing, messages: Sequence[Message]) -> None:
        position = len(row.message_ids)
        chat = row.address.chat
        try:
            message_id, messages = await self._handed_over(row, messages, position)
        except SendError as error:
            if isinstance(error, TryLater) and error.after is not None:
                self._pace.refused(chat, now=asyncio.get_running_loop().time(), wait=error.after)
            await self._settle(row, after_failure(error, attempts=row.attempts, now=self._now()))
        except Exception as error:
            log.exception("outbox: row %d for %s failed", row.id, chat)
            await self._settle(row, after_surprise(error, attempts=row.attempts, now=self._now()))
        else:
            last = position + 1 == len(messages)
            if last:
                log.info("outbox: row %d for %s is sent", row.id, chat)
                self._drawn.pop(row.id, None)
            free = self._moment(self._pace.chat_free(chat, now=asyncio.get_running_loop().time()))
            await self._kept(
                row,
                lambda: self._books.part_sent(row.id, message_id, at=self._now(), last=last, chat_free_at=free),
            )

    async def _handed_over(
        self, row: Outgoing, messages: Sequence[Message], position: int
    ) -> tuple[str, Sequence[Message]]:
        """Send a part, or edit the message whose place it takes: its name, and what the row's messages are by now."""
        message = messages[position]
        if message.part is None:
            return await self._carrier.deliver(answering(row), message, position=position), messages
        edited = row.places[message.part]
        try:
            await self._carrier.edit(row.address, message, message_id=edited)
        except NotEditable as error:
            log.info("outbox: row %d for %s: message %s stays (%s)", row.id, row.address.chat, edited, error)
            messages = (*messages[:position], *message.instead)
            self._drawn[row.id] = messages
            return await self._carrier.deliver(answering(row), messages[position], position=0), messages
        return edited, messages

    async def _settle(self, row: Outgoing, decision: Retry | Move | Pause | Fail) -> None:
        chat = row.address.chat
        self._look_at = 0.0
        match decision:
            case Retry():
                log.warning("outbox: row %d for %s waits: %s", row.id, chat, decision.reason)
                retry = self._books.retry
                await self._kept(row, lambda: retry(row.id, not_before=decision.not_before, reason=decision.reason))
            case Move():
                log.warning("outbox: %s is now %s", chat, decision.chat)
                await self._kept(row, lambda: self._books.move_chat(chat, decision.chat))
                reason = f"moved from {chat}"
                await self._kept(row, lambda: self._books.retry(row.id, not_before=self._now(), reason=reason))
            case Pause():
                log.warning("outbox: %s is paused: %s", chat, decision.reason)
                await self._kept(row, lambda: self._pause(chat, decision.reason))
            case Fail():
                log.error("outbox: row %d for %s failed: %s", row.id, chat, decision.reason)
                await self._kept(row, lambda: self._books.failed(row.id, decision.reason, at=self._now()))

    async def _pause(self, chat: str, reason: str) -> None:
        now = self._now()
        await self._books.pause_chat(chat, reason, at=now, admins=self._order.admins, due=now + NOTICE_DELAY)

    async def _kept(self, row: Outgoing, write: Callable[[], Awaitable[T]]) -> T:
        """Write down what became of a message, however long the database fails: forgotten, it would be sent again."""
        while True:
            try:
                return await write()
            except StoreError as error:
                log.error("outbox: row %d: the database failed: %s", row.id, error)
            await asyncio.sleep(1.0)

    def _moment(self, clock: float) -> datetime:
        """A moment of the loop's clock as one of the calendar."""
        return self._now() + timedelta(seconds=clock - asyncio.get_running_loop().time())

    async def _rest(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._stirred.wait()
        except TimeoutError:
            return


def _about(row: Outgoing) -> AbstractContextManager[None]:
    """What is logged inside is about this row and the request that it answers."""
    return about(request=row.request or f"outgoing-{row.id}", outgoing=row.id, chat=row.address.chat)
