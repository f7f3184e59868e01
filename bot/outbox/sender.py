"""The loop that sends: claims rows, renders, paces, records each part that arrived, and retries.

Each chat is served by its own task, one row at a time, so a blocked or slow chat holds up nobody else. The row is the
truth: whatever happens to this process, what is not marked sent is sent after the next start. The one message whose
delivery a crash cut off between sending and recording may then arrive twice; none is ever lost.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Protocol

from bot.books.base import Books
from bot.errors import SendError
from bot.model import Address, Outgoing, Platform, Reply
from bot.outbox.decide import Fail, Move, Retry, after_failure, after_surprise
from bot.outbox.pace import LIMITS, Pace
from bot.render.message import Message
from digests.errors import StoreError

log = logging.getLogger(__name__)

LEASE_SECONDS = 180.0
MOST_AT_ONCE = 100
LONGEST_SLEEP = 30.0

Draw = Callable[[Reply, Address], Sequence[Message]]
"""How a reply becomes messages on the platform it goes to."""


class Carrier(Protocol):
    """A platform's way out. ``position`` counts the messages of one reply from 0."""

    async def deliver(self, address: Address, message: Message, *, position: int) -> str:
        """Send one message; its id on the platform. Raises ``SendError``, its kind saying what to do."""
        ...


class _Stopped(Exception):
    """The outbox was told to stop while a message waited for its slot."""


class Outbox:
    """``wake`` it when something was queued; ``run`` it as a task; ``stop`` it within a number of seconds."""

    def __init__(
        self,
        *,
        books: Books,
        carriers: Mapping[Platform, Carrier],
        draw: Draw,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._books = books
        self._carriers = carriers
        self._draw = draw
        self._now = now
        self._paces = {platform: Pace(limits=LIMITS[platform]) for platform in carriers}
        self._wake = asyncio.Event()
        self._stopping = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    def wake(self) -> None:
        """Something may be due now."""
        self._wake.set()

    async def run(self) -> None:
        """Send until stopped."""
        released = False
        while not self._stopping.is_set():
            self._wake.clear()
            try:
                if not released:
                    await self._books.release()
                    released = True
                pause = await self._start_what_is_due()
            except StoreError as error:
                log.error("outbox: the database failed: %s", error)
                pause = 1.0
            if pause > 0:
                await self._rest(pause)

    async def stop(self, *, seconds: float) -> None:
        """Start nothing more, give what is on its way that long, and leave the rest to the next start."""
        self._stopping.set()
        self._wake.set()
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _start_what_is_due(self) -> float:
        """Start a task for every row that can be sent; seconds until there may be more."""
        now = self._now()
        room = MOST_AT_ONCE - len(self._tasks)
        if room <= 0:
            return LONGEST_SLEEP
        rows = await self._books.claim(now=now, lease_seconds=LEASE_SECONDS, limit=room)
        for row in rows:
            task = asyncio.create_task(self._guarded(row))
            self._tasks.add(task)
            task.add_done_callback(self._ended)
        if rows:
            return 0.0
        due = await self._books.next_due()
        return LONGEST_SLEEP if due is None else min(LONGEST_SLEEP, max(0.01, (due - now).total_seconds()))

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._wake.set()

    async def _rest(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._wake.wait()
        except TimeoutError:
            return

    async def _guarded(self, row: Outgoing) -> None:
        try:
            await self._send(row)
        except StoreError as error:
            log.error("outbox: row %d: the database failed: %s", row.id, error)

    async def _send(self, row: Outgoing) -> None:
        """Send what is left of a row and write down how it went."""
        try:
            await self._deliver(row)
        except _Stopped:
            await self._books.release_row(row.id)
        except SendError as error:
            await self._settle(row, after_failure(error, attempts=row.attempts, now=self._now()))
        except StoreError:
            raise
        except Exception as error:
            log.exception("outbox: row %d for %s failed", row.id, row.address.chat)
            await self._settle(row, after_surprise(error, attempts=row.attempts, now=self._now()))
        else:
            await self._books.sent(row.id, at=self._now())

    async def _deliver(self, row: Outgoing) -> None:
        carrier = self._carriers.get(row.address.platform)
        if carrier is None:
            raise LookupError(f"{row.address.platform} is not configured")
        messages = self._draw(row.reply, row.address)
        for position, message in enumerate(messages):
            if position < len(row.message_ids):
                continue
            await self._await_slot(row.address)
            message_id = await carrier.deliver(row.address, message, position=position)
            until = self._now() + timedelta(seconds=LEASE_SECONDS)
            await self._books.part_sent(row.id, message_id, lease_until=until)

    async def _settle(self, row: Outgoing, decision: Retry | Move | Fail) -> None:
        match decision:
            case Retry():
                log.warning("outbox: row %d for %s waits: %s", row.id, row.address.chat, decision.reason)
                await self._books.retry(row.id, not_before=decision.not_before, reason=decision.reason)
            case Move():
                log.warning("outbox: %s is now %s", row.address.chat, decision.chat)
                await self._books.move_chat(row.address.chat, decision.chat)
                await self._books.retry(row.id, not_before=self._now(), reason=f"moved from {row.address.chat}")
            case Fail():
                log.error("outbox: row %d for %s failed: %s", row.id, row.address.chat, decision.reason)
                await self._books.failed(row.id, decision.reason, at=self._now())

    async def _await_slot(self, address: Address) -> None:
        clock = asyncio.get_running_loop().time
        pace = self._paces[address.platform]
        await self._until(pace.chat_slot(address.chat, now=clock()))
        await self._until(pace.overall_slot(now=clock()))

    async def _until(self, moment: float) -> None:
        """Wait, unless told to stop: what is not yet on its way then stays for the next start."""
        try:
            async with asyncio.timeout_at(moment):
                await self._stopping.wait()
        except TimeoutError:
            return
        raise _Stopped
