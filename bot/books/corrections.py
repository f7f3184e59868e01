"""How messages that showed a fact are replaced by what they say now.

A message is put right in one transaction with the note of what it says from then on, and only where it still says
what was looked at: nobody puts one right twice for the same change.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, partial
from typing import Protocol

from bot.books import bulk, codec, cursors, texts
from bot.books.connection import Rows, moment_text
from bot.model import Address, Reply
from digests.store.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A message that showed a fact. ``text``: the reply as it lies in the database.

    ``revision``: how often that was changed, to be sure nobody else does meanwhile. ``begun``: a part of it has been
    sent, or may have been.
    """

    outgoing_id: int
    address: Address
    reply: Reply
    text: str
    begun: bool
    queued_at: datetime
    revision: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Righted:
    """``after``: what a message says from now on; None: nothing, it is not sent at all, if nobody has begun to.

    ``notice``: what tells of it, None where nobody need be told.
    """

    shown: Shown
    after: Reply | None
    notice: Reply | None = None


class Corrections(Protocol):
    async def showing(
        self, facts: Collection[int], articles: Collection[int], *, since: datetime, after: int = 0, limit: int = 100
    ) -> list[Shown]:
        """The messages that showed one of these facts, or sentences of these articles, oldest first.

        They are on their way, or were delivered since that moment. ``after``: only rows of greater ids.
        """
        ...

    async def newest(self) -> int:
        """The id of the newest message; 0 before the first."""
        ...

    async def shown_of(self, facts: Collection[int]) -> set[int]:
        """Of these facts those that any message showed."""
        ...

    async def begin_at(self, reader: str, value: int) -> int:
        """Where a reader of the changes stands; one that is new begins at ``value``."""
        ...

    async def put_right(
        self, righted: Sequence[Righted], *, reader: str, after: int, upto: int, at: datetime
    ) -> int | None:
        """Change what messages say, queue what tells of it, and move a reader of the changes on, all at once.

        How many messages were queued. ``None``, and nothing is done, when the reader does not stand at ``after``, or
        one of the messages is another by now or on its way: then they are to be looked at again.
        """
        ...


class _Meanwhile(Exception):
    """A message is another than was looked at: nothing is written."""


def showing(
    rows: Rows, facts: Collection[int], articles: Collection[int], *, since: datetime, after: int, limit: int
) -> list[Shown]:
    found = rows.execute(
        "SELECT o.id, o.address, r.reply, o.state, o.message_ids, o.queued_at, o.revision FROM ("
        "SELECT set_id FROM shown_facts WHERE fact_id IN (SELECT value FROM json_each(?)) UNION"
        " SELECT set_id FROM shown_articles WHERE article_id IN (SELECT value FROM json_each(?))) AS s"
        " JOIN outbox o ON o.shown_id = s.set_id JOIN outbox_replies r ON r.id = o.id WHERE o.edits IS NULL"
        " AND o.id > ?"
        " AND (o.state IN ('pending', 'sending') OR (o.ended_at >= ? AND o.message_ids <> '[]')) ORDER BY o.id"
        " LIMIT ?",
        (json.dumps(list(facts)), json.dumps(list(articles)), after, moment_text(since), limit),
    ).fetchall()
    return [
        Shown(
            outgoing_id=row[0],
            address=codec.address_of(row[1]),
            reply=_reply(row[2]),
            text=row[2],
            begun=row[3] != "pending" or row[4] != "[]",
            queued_at=datetime.fromisoformat(row[5]),
            revision=row[6],
        )
        for row in found
    ]


_reply = lru_cache(maxsize=64)(codec.reply_of)
"""Many messages say the same."""


def shown_of(rows: Rows, facts: Collection[int]) -> set[int]:
    found = rows.execute(
        "SELECT DISTINCT fact_id FROM shown_facts WHERE fact_id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(facts)),),
    )
    return {row[0] for row in found.fetchall()}


def newest(rows: Rows) -> int:
    return int(rows.execute("SELECT COALESCE(MAX(id), 0) FROM outbox").fetchone()[0])


def put_right(rows: Rows, righted: Sequence[Righted], *, reader: str, after: int, upto: int, at: datetime) -> int:
    if not cursors.move_on(rows, reader, after=after, upto=upto):
        raise _Meanwhile
    for each in righted:
        _put_right(rows, each)
    notices = [
        bulk.Letter(address=each.shown.address, reply=each.notice, edits=each.shown.outgoing_id)
        for each in righted
        if each.notice is not None
    ]
    return len(bulk.enqueue_all(rows, notices, at=at))


def _put_right(rows: Rows, righted: Righted) -> None:
    """One message; what nobody has begun to send goes out as it reads now."""
    shown = righted.shown
    unbegun = "" if shown.begun else " AND state = 'pending' AND message_ids = '[]'"
    if righted.after is None:
        _take_back(rows, shown)
        return
    done = rows.execute(
        f"UPDATE outbox SET reply = ?, text_id = ?, revision = revision + 1 WHERE id = ? AND revision = ?{unbegun}",
        (texts.ELSEWHERE, texts.text_id(rows, codec.reply_text(righted.after)), shown.outgoing_id, shown.revision),
    )
    if done.rowcount != 1:
        raise _Meanwhile


def _take_back(rows: Rows, shown: Shown) -> None:
    """A message of which nothing stands any more, before anybody has begun to send it."""
    done = rows.execute(
        "DELETE FROM outbox WHERE id = ? AND revision = ? AND state = 'pending' AND message_ids = '[]'",
        (shown.outgoing_id, shown.revision),
    )
    if done.rowcount != 1:
        raise _Meanwhile


class SqlCorrections:
    """``Corrections`` on an open ``Database`` that was given the books' migrations."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def showing(
        self, facts: Collection[int], articles: Collection[int], *, since: datetime, after: int = 0, limit: int = 100
    ) -> list[Shown]:
        asked = partial(showing, facts=facts, articles=articles, since=since, after=after, limit=limit)
        return await self._db.read(asked)

    async def newest(self) -> int:
        return await self._db.read(newest)

    async def shown_of(self, facts: Collection[int]) -> set[int]:
        return await self._db.read(partial(shown_of, facts=facts))

    async def begin_at(self, reader: str, value: int) -> int:
        return await self._db.write(partial(cursors.begin_at, name=reader, value=value))

    async def put_right(
        self, righted: Sequence[Righted], *, reader: str, after: int, upto: int, at: datetime
    ) -> int | None:
        work = partial(put_right, righted=righted, reader=reader, after=after, upto=upto, at=at)
        try:
            return await self._db.write(work)
        except _Meanwhile:
            return None
