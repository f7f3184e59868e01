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

from bot.access import Place, Still, everywhere
from bot.books import codec
from bot.books.corrections import Corrections, Righted, Shown
from bot.books.shown import shows
from bot.commands.lines import Line
from bot.commands.put_right import Record, as_unread, put_right, record_of
from bot.model import Reply
from digests.errors import StoreError
from digests.history import Change
from digests.store.base import Store

log = logging.getLogger(__name__)

READER = "corrections"
TICK = 2.0
PAGE = 2000
"""Changes that are looked at at once."""
ROWS = 100
"""Messages that are put right in one transaction."""
MOST_KNOWN = 200
UNASKED = frozenset({"alert", "reminder"})
"""What comes for its lines only; whoever asked, or ordered a digest, is told that there is nothing."""
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
        still: Still = everywhere,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """``queued`` is called when a message lies in the outbox; ``kept``: so long messages that were sent are put
        right, and known at all; ``still``: where something may be sent to."""
        self._store = store
        self._books = books
        self._queued = queued
        self._kept = kept
        self._still = still
        self._now = now
        self._looked: dict[int, int] = {}
        """Changes that were looked at, with the newest message of that moment: only later ones can still show them."""

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
        newest = await self._books.newest()
        telling = [change for change in changes if change.kind != "new"]
        fresh = [change for change in telling if change.id not in self._looked]
        again = [change for change in telling if change.id in self._looked]
        since = now - self._kept
        for some, first in ((fresh, 0), (again, min((self._looked[each.id] for each in again), default=0))):
            if not await self._told(some, first=first, since=since, after=after, now=now):
                return False
        self._looked = dict.fromkeys((change.id for change in telling), newest)
        upto = settled(changes, now=now)
        if upto > after:
            await self._books.put_right([], reader=READER, after=after, upto=upto, at=now)
        return upto == changes[-1].id and len(changes) == PAGE

    async def _told(self, changes: Sequence[Change], *, first: int, since: datetime, after: int, now: datetime) -> bool:
        """Put right the messages after the ``first`` that show another thing now; false when some must wait."""
        said = {change.fact_id for change in changes if change.fact_id is not None}
        articles = sorted({change.article_id for change in changes if change.kind == "version"})
        facts = await self._books.shown_of({*said, *await self._store.numbers_of(articles)})
        articles = sorted({*articles, *(change.article_id for change in changes if change.kind == "retract")})
        righting: Righting | None = None
        while shown := await self._books.showing(facts, articles, since=since, after=first, limit=ROWS):
            righting = righting or Righting(await record_of(self._store, facts, articles))
            let_in = await self._still({_place(each) for each in shown})
            made = [each for one in shown if (each := righting.of(one, told=_place(one) in let_in)) is not None]
            queued = await self._books.put_right(made, reader=READER, after=after, upto=after, at=now) if made else 0
            if queued is None:
                return False
            if queued:
                self._queued()
            first = shown[-1].outgoing_id
            await asyncio.sleep(0)
        return True


def settled(changes: Sequence[Change], *, now: datetime) -> int:
    """Up to which of the changes in a row need not be looked at again: new articles alter nothing that was shown."""
    young = next((each for each in changes if each.kind != "new" and each.at > now - SETTLED), None)
    return changes[-1].id if young is None else young.id - 1


class Righting:
    """What becomes of messages, given what stands. Many say the same: that is put right once."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self._made: dict[tuple[str, date], tuple[Reply, str, list[Line]]] = {}
        self._notices: dict[tuple[str, date, date], Reply] = {}

    def of(self, shown: Shown, *, told: bool = True) -> Righted | None:
        """What becomes of a message; ``None`` when it says what stands. ``told``: whether who read it may be told.

        One that nobody has begun to send goes out as if it had been written now, and an alert of which nothing stands
        does not go out. Somebody's App Home is drawn anew whenever it opens.
        """
        after, text, lines = self._after(shown)
        if text == shown.text:
            return None
        if not shown.begun:
            unread = replace(after, data=as_unread(after.data))
            return Righted(shown=shown, after=None if after.template in UNASKED and not shows(unread) else unread)
        if not lines or shown.address.home or not told:
            return Righted(shown=shown, after=after)
        return Righted(shown=_answerable(shown), after=after, notice=self._notice(shown, text, lines))

    def _notice(self, shown: Shown, text: str, lines: Sequence[Line]) -> Reply:
        key = shown.text, _day_of(shown), shown.queued_at.date()
        if key not in self._notices:
            if len(self._notices) >= MOST_KNOWN:
                self._notices.clear()
            self._notices[key] = _notice(shown, text, lines)
        return self._notices[key]

    def _after(self, shown: Shown) -> tuple[Reply, str, list[Line]]:
        key = shown.text, _day_of(shown)
        if key not in self._made:
            if len(self._made) >= MOST_KNOWN:
                self._made.clear()
            data, lines = put_right(shown.reply.data, self._record, today=key[1])
            after = replace(shown.reply, data=data)
            self._made[key] = after, codec.reply_text(after), lines
        return self._made[key]


def _notice(shown: Shown, after: str, lines: Sequence[Line]) -> Reply:
    """What is sent where the message cannot be edited; with it goes what the message said and says from now on."""
    data = {
        "lines": list(lines),
        "day": shown.queued_at.date().isoformat(),
        "language": shown.reply.data.get("language", "en"),
        codec.EDIT_BEFORE: shown.text,
        codec.EDIT_AFTER: after,
    }
    return Reply(template="correction", data=data)


def _place(shown: Shown) -> Place:
    return shown.address.chat, shown.address.user


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
