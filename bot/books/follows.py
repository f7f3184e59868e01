"""What chats follow, what they were told, and what waits to be told: the protocol, and the same on SQLite."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Protocol

from bot.books import cursors, follow_rows
from bot.model import Address, Reply
from digests.edition.model import Follow
from digests.store.database import Database

AT_ONCE = 1000
"""Lines that are written in one transaction: others who write wait no longer than for that."""
Place = tuple[str, str]
"""Chat and thread."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLine:
    """A fact (or a passage, without ``fact_id``) that a follow found. ``keys``: what it is known by.

    ``not_before``: from when on it may be told; ``None``: it counts as told, but others of its article say enough.
    """

    chat: str
    thread: str
    follow_id: int
    article_id: int
    version: int
    fact_id: int | None
    start: int
    end: int
    keys: tuple[str, ...]
    not_before: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingLine:
    """A line that a place has not been told yet."""

    id: int
    chat: str
    thread: str
    follow_id: int
    article_id: int
    version: int
    fact_id: int | None
    start: int
    end: int
    since_at: datetime


class Follows(Protocol):
    async def follow(self, wished: Follow, *, at: datetime) -> tuple[Follow, bool]:
        """Keep a follow; the same one of the same place takes over what is said of it and is muted no more.

        The follow as it is kept, and whether it is new.
        """
        ...

    async def follows(self, chat: str | None = None) -> list[Follow]:
        """A chat's follows (without one: everybody's), the oldest first."""
        ...

    async def unfollow(self, follow_id: int, *, chat: str) -> Follow | None:
        """Take a chat's own follow away, with what waits for it; ``None`` when the chat has no such."""
        ...

    async def mute(self, follow_id: int, *, chat: str, until: datetime | None) -> Follow | None:
        """Be silent about a chat's own follow (``None``: no more); what waits for it is dropped."""
        ...

    async def changed(self) -> int:
        """A number that grows with every change of any follow."""
        ...

    async def begin_at(self, reader: str, change: int) -> int:
        """Where a reader of the changes stands; a new one begins at ``change``."""
        ...

    async def take_in(
        self, reader: str, found: Sequence[NewLine], *, after: int, upto: int, at: datetime
    ) -> int | None:
        """Move a reader on, together with what it found and the places were not told yet; how many lines those are.

        Many lines are written in several transactions, the reader moves with the last: what is found again after a
        crash is known by its keys. ``None`` when the reader does not stand at ``after``: another process was faster.
        """
        ...

    async def told_of(self, article_id: int) -> list[int]:
        """The facts of an article that anybody was told."""
        ...

    async def waiting(self, *, now: datetime, limit: int = 5000) -> list[WaitingLine]:
        """What waits and may be told now, oldest first."""
        ...

    async def settle(
        self,
        messages: Sequence[tuple[Sequence[WaitingLine], Address, Reply | None]],
        *,
        held: Sequence[tuple[Sequence[WaitingLine], datetime]] = (),
        at: datetime,
    ) -> int:
        """Take lines off and put the messages that tell them into the outbox, and let others wait until a moment.

        All in one transaction; how many messages. Without a reply (nothing in the lines stands any more) they go
        unsaid; what another process has told is not told again.
        """
        ...

    async def messages_since(self, since: datetime) -> Mapping[Place, Sequence[datetime]]:
        """When each place was sent alerts within the last hour, oldest first."""
        ...

    async def tidy(self, *, before: datetime) -> None:
        """Forget what was told or reminded of before that moment."""
        ...


class SqlFollows:
    """``Follows`` on an open ``Database`` that was given the books' ``MIGRATIONS``."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def follow(self, wished: Follow, *, at: datetime) -> tuple[Follow, bool]:
        return await self._db.write(partial(follow_rows.follow, wished=wished, at=at))

    async def follows(self, chat: str | None = None) -> list[Follow]:
        return await self._db.read(partial(follow_rows.follows, chat=chat))

    async def unfollow(self, follow_id: int, *, chat: str) -> Follow | None:
        return await self._db.write(partial(follow_rows.unfollow, follow_id=follow_id, chat=chat))

    async def mute(self, follow_id: int, *, chat: str, until: datetime | None) -> Follow | None:
        return await self._db.write(partial(follow_rows.mute, follow_id=follow_id, chat=chat, until=until))

    async def changed(self) -> int:
        return await self._db.read(follow_rows.changed)

    async def begin_at(self, reader: str, change: int) -> int:
        stands = await self._db.read(partial(cursors.cursor, name=reader))
        if stands is not None:
            return stands
        return await self._db.write(partial(cursors.begin_at, name=reader, value=change))

    async def take_in(
        self, reader: str, found: Sequence[NewLine], *, after: int, upto: int, at: datetime
    ) -> int | None:
        waiting = 0
        for first in range(0, max(len(found), 1), AT_ONCE):
            some = found[first : first + AT_ONCE]
            to = upto if first + AT_ONCE >= len(found) else after
            took = await self._db.write(
                partial(follow_rows.take_in, reader=reader, found=some, after=after, upto=to, at=at)
            )
            if took is None:
                return None
            waiting += took
        return waiting

    async def told_of(self, article_id: int) -> list[int]:
        return await self._db.read(partial(follow_rows.told_of, article_id=article_id))

    async def waiting(self, *, now: datetime, limit: int = 5000) -> list[WaitingLine]:
        rows = await self._db.read(partial(follow_rows.waiting, now=now, limit=limit))
        return [
            WaitingLine(
                id=row[0],
                chat=row[1],
                thread=row[2],
                follow_id=row[3],
                article_id=row[4],
                version=row[5],
                fact_id=row[6],
                start=row[7],
                end=row[8],
                since_at=datetime.fromisoformat(row[9]),
            )
            for row in rows
        ]

    async def settle(
        self,
        messages: Sequence[tuple[Sequence[WaitingLine], Address, Reply | None]],
        *,
        held: Sequence[tuple[Sequence[WaitingLine], datetime]] = (),
        at: datetime,
    ) -> int:
        numbered = [([line.id for line in lines], address, reply) for lines, address, reply in messages]
        later = [([line.id for line in lines], until) for lines, until in held]
        return await self._db.write(partial(follow_rows.settle, messages=numbered, held=later, at=at))

    async def messages_since(self, since: datetime) -> Mapping[Place, Sequence[datetime]]:
        return await self._db.read(partial(follow_rows.messages_since, since=since))

    async def tidy(self, *, before: datetime) -> None:
        await self._db.write(partial(follow_rows.tidy, before=before))
