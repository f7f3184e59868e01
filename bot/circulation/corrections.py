"""Who has read what was wrong is told: messages that showed a fact which is another now are edited, or answered.

All changes found at one look become one edit a message. What a message says is kept beside what it showed, so that a
look at the same change finds nothing more to do; changes of the last minutes are looked at again, for a message with
the old words may have been on its way into the outbox.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from bot.books import codec
from bot.books.corrections import Corrections, Righted, Shown
from bot.commands.lines import Line
from bot.commands.put_right import Record, put_right, record_of
from bot.model import Reply
from digests.errors import StoreError
from digests.model import Change
from digests.store.base import Store

log = logging.getLogger(__name__)

READER = "corrections"
TICK = 2.0
PAGE = 200
"""Changes that are looked at at once."""
SETTLED = timedelta(minutes=2)
"""An answer is composed and queued within that time."""


class Corrector:
    """``once`` looks at what changed and queues what puts messages right; ``run`` does so all the time."""

    def __init__(
        self,
        *,
        store: Store,
        books: Corrections,
        queued: Callable[[], None],
        kept: timedelta,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """``queued`` is called when a message lies in the outbox; ``kept``: so long messages that were sent are put
        right, and known at all."""
        self._store = store
        self._books = books
        self._queued = queued
        self._kept = kept
        self._now = now

    async def run(self) -> None:
        """Look every few seconds until cancelled."""
        while True:
            try:
                while await self.once(self._now()):
                    pass
            except StoreError as error:
                log.error("corrections: the database failed: %s", error)
            except Exception:
                log.exception("corrections: a look failed")
            await asyncio.sleep(TICK)

    async def once(self, now: datetime) -> bool:
        """Put right what showed facts that changed; whether there is more to look at. Raises ``StoreError``."""
        after = await self._books.begin_at(READER, await self._store.last_change())
        changes = await self._store.changes(after, limit=PAGE)
        if not changes:
            return False
        telling = [change for change in changes if change.kind != "new"]
        upto = settled(changes, now=now)
        righted = await self._righted(telling, since=now - self._kept) if telling else []
        if righted or upto > after:
            queued = await self._books.put_right(righted, reader=READER, after=after, upto=upto, at=now)
            if queued:
                self._queued()
        return upto == changes[-1].id and len(changes) == PAGE

    async def _righted(self, changes: Sequence[Change], *, since: datetime) -> list[Righted]:
        """The messages that show another thing now than they did."""
        said = {change.fact_id for change in changes if change.fact_id is not None}
        articles = sorted({change.article_id for change in changes if change.kind == "version"})
        facts = await self._books.shown_of({*said, *await self._store.numbers_of(articles)})
        shown = await self._books.showing(facts, articles, since=since)
        if not shown:
            return []
        record = await record_of(self._store, facts, articles)
        return [made for each in shown if (made := righted(each, record)) is not None]


def settled(changes: Sequence[Change], *, now: datetime) -> int:
    """Up to which of the changes in a row need not be looked at again: new articles alter nothing that was shown."""
    young = next((each for each in changes if each.kind != "new" and each.at > now - SETTLED), None)
    return changes[-1].id if young is None else young.id - 1


def righted(shown: Shown, record: Record) -> Righted | None:
    """What becomes of a message; ``None`` when it says what stands.

    One that nobody has begun to send is put right before it goes. Somebody's App Home is drawn anew whenever it opens.
    """
    data, lines = put_right(shown.reply.data, record, today=_day_of(shown))
    after = replace(shown.reply, data=data)
    if codec.reply_text(after) == shown.text:
        return None
    if not shown.begun or not lines or shown.address.home:
        return Righted(shown=shown, after=after, notice=None)
    return Righted(shown=_answerable(shown), after=after, notice=_notice(shown, after, lines))


def _notice(shown: Shown, after: Reply, lines: Sequence[Line]) -> Reply:
    """What is sent where the message cannot be edited; with it goes what the message said and says from now on."""
    data = {
        "lines": list(lines),
        "day": shown.queued_at.date().isoformat(),
        "language": shown.reply.data.get("language", "en"),
        codec.EDIT_BEFORE: shown.text,
        codec.EDIT_AFTER: codec.reply_text(after),
    }
    return Reply(template="correction", data=data)


def _answerable(shown: Shown) -> Shown:
    """The way to where a message stands, long after it: what was good for one answer only is left out."""
    return replace(shown, address=replace(shown.address, response_url="", reply_to="", prompt=""))


def _day_of(shown: Shown) -> date:
    """The day that "today" and "in 3 days" in a message mean."""
    today = shown.reply.data.get("today") or shown.reply.data.get("day")
    try:
        return date.fromisoformat(today) if isinstance(today, str) else shown.queued_at.date()
    except ValueError:
        return shown.queued_at.date()
