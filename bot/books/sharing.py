"""The outbox as any number of workers see it, on PostgreSQL: whose turn it is, one claim a chat, slots of one pace.

A row that is being sent is its worker's for as long as that one's heartbeat comes (``procrastinate_workers``). What a
dead one was sending goes out again, the doubt counted. A worker that only stood still and goes on then finds that the
row is not its any more: what it writes down is passed over, unless nobody else has begun to send that part again.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from bot.books import chats, outgoing
from bot.books.connection import Rows, moment_text
from bot.model import Address, Outgoing
from digests.store.database import Database

log = logging.getLogger(__name__)

BUSY = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What goes next to a chat. Without a ``row``: look again after ``wait`` seconds; ``None``: there is nothing.

    ``unreadable``: a row of another version, which can only be given up.
    """

    row: Outgoing | None = None
    wait: float | None = None
    unreadable: tuple[int, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Slots:
    """A platform's limits (``bot.outbox.pace.Limits``) for one message; ``patience``: no slot later than that."""

    gap: float
    group_a_minute: int | None
    a_second: int | None
    second: float
    spread: bool
    patience: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """``taken``: send it after ``wait`` seconds; its chat is free ``next`` seconds after that.

    Not taken: ask again after ``wait``, which is ``for_chat`` or the platform's; ``None``: it must not be sent.
    """

    taken: bool
    wait: float | None
    for_chat: bool = False
    next: float = 0.0


class Sharing(Protocol):
    async def turn(self, chat: str, *, worker: int, silent: float, now: datetime, besides: Collection[int]) -> Turn:
        """What goes next to a chat; what a dead worker was sending is open again.

        ``besides``: rows that this process is just sending. ``silent``: seconds after which a worker is dead.
        """
        ...

    async def claim(self, row: Outgoing, *, worker: int, now: datetime, lease_seconds: float, slots: Slots) -> Claimed:
        """Mark the next part of a row as about to be sent and take its slot, or neither."""
        ...

    async def refused(self, chat: str, *, wait: float, together: float, slower: float, slowest: float) -> None:
        """A platform told us to wait so many seconds with that chat: all workers do."""
        ...

    async def put_off(self, chat: str, *, until: datetime) -> None:
        """Nothing to that chat before that moment."""
        ...

    async def holds(self, row: Outgoing, *, worker: int) -> bool:
        """Whether a row that was claimed is still that worker's."""
        ...

    async def fail(self, outgoing_id: int, reason: str, *, at: datetime) -> None:
        """Give up a row that cannot be read."""
        ...

    async def wake(self, chat: str) -> None:
        """Enqueue what is due to a chat: who had it leaves it."""
        ...

    def own(self, row: Outgoing, *, worker: int) -> Own:
        """Where that worker writes down what became of a row's next part."""
        ...


class SqlSharing:
    """``Sharing`` on an open ``PostgresDatabase`` with the jobs' tables."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def turn(self, chat: str, *, worker: int, silent: float, now: datetime, besides: Collection[int]) -> Turn:
        looking = partial(turn, chat=chat, worker=worker, silent=silent, now=now, besides=besides)
        found, dead = await self._db.read(looking)
        if not dead:
            return found
        for outgoing_id in dead:
            log.warning("outbox: row %d for %s may arrive twice: a crash cut it off", outgoing_id, chat)
            await self._db.write(partial(outgoing.send_again, outgoing_id=outgoing_id), subject="rows")
        return (await self._db.read(looking))[0]

    async def claim(self, row: Outgoing, *, worker: int, now: datetime, lease_seconds: float, slots: Slots) -> Claimed:
        work = partial(claim, row=row, worker=worker, now=now, lease_seconds=lease_seconds, slots=slots)
        try:
            return await self._db.write(work, subject="rows")
        except _NotTaken as answer:
            return answer.claimed

    async def refused(self, chat: str, *, wait: float, together: float, slower: float, slowest: float) -> None:
        values = (chat.partition(":")[0], chat, wait, together, slower, slowest)
        await self._db.write(
            lambda rows: rows.execute("SELECT onrecord_refused(?, ?, ?, ?, ?, ?, NULL)", values).fetchall(),
            subject="rows",
        )

    async def put_off(self, chat: str, *, until: datetime) -> None:
        await self._db.write(partial(outgoing.put_off, chat=chat, until=until), subject="rows")

    async def holds(self, row: Outgoing, *, worker: int) -> bool:
        held = "SELECT 1 FROM outbox WHERE id = ? AND state = 'sending' AND owner = ?"
        found = await self._db.read(lambda rows: rows.execute(held, (row.id, str(worker))).fetchone())
        return found is not None

    async def fail(self, outgoing_id: int, reason: str, *, at: datetime) -> None:
        await self._db.write(partial(outgoing.failed, outgoing_id=outgoing_id, reason=reason, at=at), subject="rows")

    async def wake(self, chat: str) -> None:
        await self._db.write(lambda rows: rows.execute(_WAKE, (chat,)).fetchall(), subject="rows")

    def own(self, row: Outgoing, *, worker: int) -> Own:
        return Own(self._db, row, worker=worker)


class Own:
    """What ``bot.outbox.delivery`` writes down, as long as the row is that worker's."""

    def __init__(self, database: Database, row: Outgoing, *, worker: int) -> None:
        self._db = database
        self._position = len(row.message_ids)
        self._owner = str(worker)

    async def part_sent(
        self,
        outgoing_id: int,
        message_id: str,
        *,
        at: datetime,
        last: bool = False,
        chat_free_at: datetime | None = None,
    ) -> None:
        """Also when it was taken for dead meanwhile, and nobody has begun to send this part again."""

        mine = (
            "json_array_length(message_ids::json) = ? AND (state = 'pending' OR (state = 'sending' AND owner = ?))",
            (self._position, self._owner),
        )
        work = partial(
            outgoing.part_sent,
            outgoing_id=outgoing_id,
            message_id=message_id,
            at=at,
            last=last,
            chat_free_at=chat_free_at,
            provided=mine,
        )
        if not await self._db.write(work, subject="rows"):
            log.warning("outbox: row %d has arrived twice: another worker sent it meanwhile", outgoing_id)

    async def sent(self, outgoing_id: int, *, at: datetime) -> None:
        await self._db.write(partial(outgoing.sent, outgoing_id=outgoing_id, at=at), subject="rows")

    async def retry(self, outgoing_id: int, *, not_before: datetime, reason: str) -> None:
        await self._as_owner(
            outgoing_id, partial(outgoing.retry, outgoing_id=outgoing_id, not_before=not_before, reason=reason)
        )

    async def failed(self, outgoing_id: int, reason: str, *, at: datetime) -> None:
        await self._as_owner(outgoing_id, partial(outgoing.failed, outgoing_id=outgoing_id, reason=reason, at=at))

    async def move_chat(self, old: str, new: str) -> None:
        await self._db.write(partial(chats.move_chat, old=old, new=new))

    async def pause_chat(
        self, chat: str, reason: str, *, at: datetime, admins: Sequence[Address], due: datetime
    ) -> bool:
        return await self._db.write(partial(chats.pause_chat, chat=chat, reason=reason, at=at, admins=admins, due=due))

    async def _as_owner(self, outgoing_id: int, work: partial[None]) -> None:
        def guarded(rows: Rows) -> None:
            held = "SELECT 1 FROM outbox WHERE id = ? AND (state <> 'sending' OR owner = ?) FOR UPDATE"
            if rows.execute(held, (outgoing_id, self._owner)).fetchone() is not None:
                work(rows)

        await self._db.write(guarded, subject="rows")


_WAKE = """SELECT onrecord_wake('deliver-' || platform, chat, 10 - priority, 'chat ' || chat, onrecord_moment(due_at))
    FROM outbox_heads WHERE chat = ?"""


class _NotTaken(Exception):
    """Takes back what was claimed."""

    def __init__(self, claimed: Claimed) -> None:
        super().__init__()
        self.claimed = claimed


def turn(
    rows: Rows, *, chat: str, worker: int, silent: float, now: datetime, besides: Collection[int]
) -> tuple[Turn, list[int]]:
    """What goes next to a chat, and the rows that dead workers were sending."""
    asked = (chat, str(worker), silent, moment_text(now))
    found = rows.execute("SELECT id, own, living, due_at FROM onrecord_turn(?, ?, ?, ?)", asked).fetchall()
    sending = [row for row in found if row[3] is None]
    dead = [row[0] for row in sending if (row[1] and row[0] not in besides) or not row[2]]
    if len(sending) > len(dead):
        return Turn(wait=BUSY), dead
    following = [(row[0], row[3]) for row in found if row[3] is not None]
    if not following:
        return Turn(), dead
    ((outgoing_id, due_at),) = following
    wait = (datetime.fromisoformat(due_at) - now).total_seconds() if due_at else 0.0
    if wait > 0:
        return Turn(wait=wait), dead
    try:
        row = outgoing.one(rows, outgoing_id)
    except (LookupError, TypeError, ValueError) as error:  # of another version: it must not stop the others
        return Turn(unreadable=(outgoing_id, f"cannot be read: {error!r}")), dead
    return Turn(row=row), dead


def claim(rows: Rows, *, row: Outgoing, worker: int, now: datetime, lease_seconds: float, slots: Slots) -> Claimed:
    """Raises ``_NotTaken``, which takes the claim back."""
    done = rows.execute(
        "UPDATE outbox SET state = 'sending', owner = ?, lease_until = ? WHERE id = ? AND state = 'pending'"
        " AND (revision = ? OR message_ids <> '[]')",
        (str(worker), moment_text(now + timedelta(seconds=lease_seconds)), row.id, row.revision),
    )
    chat = row.address.chat
    if done.rowcount != 1:
        raise _NotTaken(Claimed(taken=False, wait=None))
    # its head's row is locked by now: whoever else claims for this chat is done or waits
    found = rows.execute(
        "SELECT taken, wait, for_chat, next, (SELECT count(*) FROM outbox WHERE chat = ? AND state = 'sending')"
        " FROM onrecord_slot(?, ?, ?, ?::integer, ?::integer, ?, ? > 0, ?, NULL)",
        (
            *(chat, row.address.platform, chat, slots.gap, slots.group_a_minute, slots.a_second, slots.second),
            *(slots.spread, slots.patience),
        ),
    ).fetchone()
    if found[4] > 1:
        raise _NotTaken(Claimed(taken=False, wait=None))
    claimed = Claimed(taken=found[0], wait=found[1], for_chat=found[2], next=found[3])
    if not claimed.taken:
        raise _NotTaken(claimed)
    return claimed
