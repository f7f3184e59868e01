"""The outbox as its sender sees it: protocol, and the same on SQLite.

Moments are aware. A failure of the database is a ``StoreError``.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Protocol

from bot.books import chats, outgoing, report
from bot.books.outgoing import Look
from bot.books.report import Report
from bot.books.turns import PATIENCE
from bot.model import BULK, Address, Outgoing, Platform, Reply
from digests.store.database import Database


class Deliveries(Protocol):
    async def enqueue(
        self,
        address: Address,
        reply: Reply,
        *,
        at: datetime,
        priority: int = BULK,
        not_before: datetime | None = None,
        edits: int | None = None,
    ) -> int:
        """Put a message into the outbox by itself; its id. (Answers come by ``Books.answer``.)"""
        ...

    @property
    def lingers(self) -> float:
        """Seconds that a process which has lost its turn may need to write down what it was sending."""
        ...

    async def take_turn(self, platform: Platform) -> bool:
        """Become the one sender of a platform, or stay so; ``False`` while another process is.

        Who does not say so every second or so may lose the turn (``bot.books.turns``).
        """
        ...

    async def end_turn(self, platform: Platform) -> None: ...

    async def look(self, platform: Platform, *, now: datetime, limit: int, besides: Collection[int]) -> Look:
        """What can be sent now: by priority, then by age, of each chat only the first. ``besides``: ids known already.

        Within a chat an answer goes before a digest; nothing comes between the parts of a message.
        """
        ...

    async def claim(
        self, outgoing_id: int, *, owner: str, now: datetime, lease_seconds: float, revision: int | None = None
    ) -> bool:
        """Mark the next part of a row as about to be sent, before it is; ``False``: it must not be sent.

        ``revision``: of what is to be sent; what says something else by now must not be.
        """
        ...

    async def doubtful(self, platform: Platform) -> list[Outgoing]:
        """What was being sent when a sender ended. Only for who has the turn."""
        ...

    async def send_again(self, outgoing_id: int) -> None:
        """Open a row that was claimed; that it may have arrived is counted."""
        ...

    async def part_sent(
        self,
        outgoing_id: int,
        message_id: str,
        *,
        at: datetime,
        last: bool = False,
        chat_free_at: datetime | None = None,
    ) -> None:
        """A part has arrived; with the ``last`` one the row is sent. Its chat gets nothing before ``chat_free_at``."""
        ...

    async def put_off(self, chat: str, *, until: datetime) -> None:
        """Nothing to that chat before that moment."""
        ...

    async def sent(self, outgoing_id: int, *, at: datetime) -> None:
        """A row is done without another part."""
        ...

    async def retry(self, outgoing_id: int, *, not_before: datetime, reason: str) -> None:
        """Put a row back until ``not_before``, and count the attempt."""
        ...

    async def failed(self, outgoing_id: int, reason: str, *, at: datetime) -> None: ...

    async def move_chat(self, old: str, new: str) -> None:
        """A chat has a new name: all that is the chat's, and what is on its way, goes along."""
        ...

    async def pause_chat(
        self, chat: str, reason: str, *, at: datetime, admins: Sequence[Address], due: datetime
    ) -> bool:
        """Nothing more to a chat until somebody writes there; its data stay. Admins are told once, at ``due``."""
        ...

    async def paused_chats(self) -> dict[str, str]:
        """Every paused chat, with the reason."""
        ...

    async def report(self, *, now: datetime) -> Report:
        """How the queue stands."""
        ...

    async def send_failed_again(self, outgoing_id: int) -> bool:
        """Open a failed row once more; whether there was one."""
        ...

    async def drop(self, outgoing_id: int, *, at: datetime) -> bool:
        """Give up a row that waits or failed; whether there was one."""
        ...


class SqlDeliveries:
    """``Deliveries`` on an open ``Database`` that was given the books' migrations."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def enqueue(
        self,
        address: Address,
        reply: Reply,
        *,
        at: datetime,
        priority: int = BULK,
        not_before: datetime | None = None,
        edits: int | None = None,
    ) -> int:
        return await self._db.write(
            partial(
                outgoing.enqueue,
                address=address,
                reply=reply,
                at=at,
                priority=priority,
                not_before=not_before,
                edits=edits,
            ),
            subject="rows",
        )

    @property
    def lingers(self) -> float:
        return self._db.lingers

    async def take_turn(self, platform: Platform) -> bool:
        return await self._db.hold(f"sending-{platform}", patience=PATIENCE)

    async def end_turn(self, platform: Platform) -> None:
        await self._db.let_go(f"sending-{platform}")

    async def look(self, platform: Platform, *, now: datetime, limit: int, besides: Collection[int]) -> Look:
        looking = partial(outgoing.look, platform=platform, limit=limit, besides=besides)
        found = await self._db.read(looking)
        if found.next_at is not None and found.next_at <= now:
            await self._db.write(partial(outgoing.promote, platform=platform, now=now))
            found = await self._db.read(looking)
        for outgoing_id, reason in found.unreadable:
            await self.failed(outgoing_id, reason, at=now)
        return replace(found, unreadable=[])

    async def claim(
        self, outgoing_id: int, *, owner: str, now: datetime, lease_seconds: float, revision: int | None = None
    ) -> bool:
        return await self._db.write(
            partial(
                outgoing.claim,
                outgoing_id=outgoing_id,
                owner=owner,
                now=now,
                lease_seconds=lease_seconds,
                revision=revision,
            ),
            subject="rows",
        )

    async def doubtful(self, platform: Platform) -> list[Outgoing]:
        return await self._db.read(partial(outgoing.doubtful, platform=platform))

    async def send_again(self, outgoing_id: int) -> None:
        await self._db.write(partial(outgoing.send_again, outgoing_id=outgoing_id), subject="rows")

    async def part_sent(
        self,
        outgoing_id: int,
        message_id: str,
        *,
        at: datetime,
        last: bool = False,
        chat_free_at: datetime | None = None,
    ) -> None:
        await self._db.write(
            partial(
                outgoing.part_sent,
                outgoing_id=outgoing_id,
                message_id=message_id,
                at=at,
                last=last,
                chat_free_at=chat_free_at,
            ),
            subject="rows",
        )

    async def put_off(self, chat: str, *, until: datetime) -> None:
        await self._db.write(partial(outgoing.put_off, chat=chat, until=until), subject="rows")

    async def sent(self, outgoing_id: int, *, at: datetime) -> None:
        await self._db.write(partial(outgoing.sent, outgoing_id=outgoing_id, at=at), subject="rows")

    async def retry(self, outgoing_id: int, *, not_before: datetime, reason: str) -> None:
        work = partial(outgoing.retry, outgoing_id=outgoing_id, not_before=not_before, reason=reason)
        await self._db.write(work, subject="rows")

    async def failed(self, outgoing_id: int, reason: str, *, at: datetime) -> None:
        await self._db.write(partial(outgoing.failed, outgoing_id=outgoing_id, reason=reason, at=at), subject="rows")

    async def move_chat(self, old: str, new: str) -> None:
        await self._db.write(partial(chats.move_chat, old=old, new=new))

    async def pause_chat(
        self, chat: str, reason: str, *, at: datetime, admins: Sequence[Address], due: datetime
    ) -> bool:
        return await self._db.write(partial(chats.pause_chat, chat=chat, reason=reason, at=at, admins=admins, due=due))

    async def paused_chats(self) -> dict[str, str]:
        return await self._db.read(chats.paused_chats)

    async def report(self, *, now: datetime) -> Report:
        return await self._db.read(partial(report.report, now=now))

    async def send_failed_again(self, outgoing_id: int) -> bool:
        return await self._db.write(partial(outgoing.send_failed_again, outgoing_id=outgoing_id), subject="rows")

    async def drop(self, outgoing_id: int, *, at: datetime) -> bool:
        return await self._db.write(partial(outgoing.drop, outgoing_id=outgoing_id, at=at), subject="rows")
