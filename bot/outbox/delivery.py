"""What a delivery is: a row's next message is handed to the platform, and what became of it is written down.

Whoever calls it has chosen the row, waited for its turn and claimed it: ``lane`` in one process for a whole platform,
``chats`` in any number of workers for a chat at a time.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from bot.errors import NotEditable, SendError, TryLater
from bot.model import Address, Outgoing
from bot.outbox.decide import Fail, Move, Pause, Retry, after_failure, after_surprise
from bot.outbox.editing import Draw, answering, messages_of
from bot.render.message import Message
from digests.errors import StoreError
from digests.tracing import about, hiding

log = logging.getLogger(__name__)

T = TypeVar("T")

LEASE_SECONDS = 180.0
PATIENCE = 2.0
"""Seconds after which a message without an answer of the platform's holds up the others no longer."""
MOST_DRAWN = 64
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


class Settles(Protocol):
    """Where what became of a row is written down (``bot.books.deliveries.Deliveries``)."""

    async def part_sent(
        self,
        outgoing_id: int,
        message_id: str,
        *,
        at: datetime,
        last: bool = False,
        chat_free_at: datetime | None = None,
    ) -> None: ...

    async def sent(self, outgoing_id: int, *, at: datetime) -> None: ...

    async def retry(self, outgoing_id: int, *, not_before: datetime, reason: str) -> None: ...

    async def failed(self, outgoing_id: int, reason: str, *, at: datetime) -> None: ...

    async def move_chat(self, old: str, new: str) -> None: ...

    async def pause_chat(
        self, chat: str, reason: str, *, at: datetime, admins: Sequence[Address], due: datetime
    ) -> bool: ...


class Paced(Protocol):
    """Who keeps the platform's limits."""

    async def refused(self, chat: str, *, wait: float) -> None:
        """The platform told us to wait so many seconds."""
        ...

    def free_at(self, chat: str) -> datetime | None:
        """When a chat to which a message has just gone may get the next one."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a sender is told besides: its name in the rows, how many may be in doubt, whom to tell of lost chats."""

    owner: str
    at_once: int = 1
    admins: Sequence[Address] = ()


class Delivery:
    """One platform's. ``settles`` is given to each call, for a worker writes only what it still has."""

    def __init__(
        self,
        carrier: Carrier,
        *,
        draw: Draw,
        paced: Paced,
        now: Callable[[], datetime],
        admins: Sequence[Address] = (),
    ) -> None:
        self._carrier = carrier
        self._draw = draw
        self._paced = paced
        self._now = now
        self._admins = admins
        self._drawn: OrderedDict[int, Sequence[Message]] = OrderedDict()

    async def messages(self, row: Outgoing, settles: Settles) -> Sequence[Message] | None:
        """A row's messages, drawn once; ``None`` when there is nothing to send of it, which is settled then."""
        if row.id not in self._drawn:
            try:
                self._drawn[row.id] = messages_of(row, self._draw)
            except Exception as error:
                with hiding(str(row.reply.data)):
                    log.exception("outbox: row %d for %s cannot be drawn", row.id, row.address.chat)
                await self._settle(row, after_surprise(error, attempts=row.attempts, now=self._now()), settles)
                return None
            while len(self._drawn) > MOST_DRAWN:
                self._drawn.popitem(last=False)
        messages = self._drawn[row.id]
        if len(row.message_ids) >= len(messages):
            await settles.sent(row.id, at=self._now())
            return None
        return messages

    def keep(self, row: Outgoing, messages: Sequence[Message]) -> None:
        """A row's messages are these from now on: a picture was added."""
        self._drawn[row.id] = messages

    def forget(self, row: Outgoing) -> None:
        """A row may say something else by now."""
        self._drawn.pop(row.id, None)

    async def send(self, row: Outgoing, messages: Sequence[Message], settles: Settles) -> bool:
        """Send the next part of a row that was claimed and write down how it went, however long the database fails.

        Whether it arrived.
        """
        position = len(row.message_ids)
        chat = row.address.chat
        try:
            message_id, messages = await self._handed_over(row, messages, position)
        except SendError as error:
            if isinstance(error, TryLater) and error.after is not None:
                await self._paced.refused(chat, wait=error.after)
            await self._settle(row, after_failure(error, attempts=row.attempts, now=self._now()), settles)
        except Exception as error:
            log.exception("outbox: row %d for %s failed", row.id, chat)
            await self._settle(row, after_surprise(error, attempts=row.attempts, now=self._now()), settles)
        else:
            last = position + 1 == len(messages)
            if last:
                log.info("outbox: row %d for %s is sent", row.id, chat)
                self.forget(row)
            free = self._paced.free_at(chat)
            await kept(
                row,
                lambda: settles.part_sent(row.id, message_id, at=self._now(), last=last, chat_free_at=free),
            )
            return True
        return False

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
            self.keep(row, messages)
            return await self._carrier.deliver(answering(row), messages[position], position=0), messages
        return edited, messages

    async def _settle(self, row: Outgoing, decision: Retry | Move | Pause | Fail, settles: Settles) -> None:
        chat = row.address.chat
        match decision:
            case Retry():
                log.warning("outbox: row %d for %s waits: %s", row.id, chat, decision.reason)
                await kept(row, lambda: settles.retry(row.id, not_before=decision.not_before, reason=decision.reason))
            case Move():
                log.warning("outbox: %s is now %s", chat, decision.chat)
                await kept(row, lambda: settles.move_chat(chat, decision.chat))
                reason = f"moved from {chat}"
                await kept(row, lambda: settles.retry(row.id, not_before=self._now(), reason=reason))
            case Pause():
                log.warning("outbox: %s is paused: %s", chat, decision.reason)
                now = self._now()
                due = now + NOTICE_DELAY
                await kept(row, lambda: settles.pause_chat(chat, decision.reason, at=now, admins=self._admins, due=due))
            case Fail():
                log.error("outbox: row %d for %s failed: %s", row.id, chat, decision.reason)
                await kept(row, lambda: settles.failed(row.id, decision.reason, at=self._now()))


async def kept(row: Outgoing, write: Callable[[], Awaitable[T]]) -> T:
    """Write down what became of a message, however long the database fails: forgotten, it would be sent again."""
    while True:
        try:
            return await write()
        except StoreError as error:
            log.error("outbox: row %d: the database failed: %s", row.id, error)
        await asyncio.sleep(1.0)


def of_row(row: Outgoing) -> AbstractContextManager[None]:
    """What is logged inside is about this row and the request that it answers."""
    return about(request=row.request or f"outgoing-{row.id}", outgoing=row.id, chat=row.address.chat)
