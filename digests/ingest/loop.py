"""What is due is looked at and read, many sources at a time: once, or for as long as the program runs.

Every source is one task at most, whatever it does: one that hangs, lies or fails keeps nobody else waiting. All that
is decided lies in the database, so the loop may be killed at any moment and begun again.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from random import Random

from digests.errors import StoreError
from digests.ingest.add import Failed
from digests.ingest.service import Ingest
from digests.ingest.watching import look, take
from digests.sources.fetch import Fetcher
from digests.sources.schedule import failed
from digests.tracing import about, fresh
from digests.watch import Entry, NewsSource, Polled

log = logging.getLogger(__name__)

MOST_LOOKS = 40
MOST_READS = 8
BATCH = 20
"""Entries of one source that are read before another source gets the turn."""
PATIENCE = 15.0
"""Seconds: a source whose article failed after that long rests, the others of it would hang as well."""
REST = 600.0
TICK = 5.0
LONGEST_PAUSE = 60.0
TRIES_AT_THE_DATABASE = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What a run did. ``looked``: sources; ``found``: entries that were new in them; the others: articles."""

    looked: int = 0
    found: int = 0
    new: int = 0
    changed: int = 0
    known: int = 0
    failed: int = 0

    @property
    def read(self) -> int:
        """Articles that were tried."""
        return self.new + self.changed + self.known + self.failed

    @property
    def waiting(self) -> int:
        """How many of those found now are still to be read."""
        return max(0, self.found - self.read)


class Loop:
    """``once`` or ``run``. ``clock`` gives aware moments; ``told`` is called with the tally after every step."""

    def __init__(
        self,
        ingest: Ingest,
        fetcher: Fetcher,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        random: Random | None = None,
        told: Callable[[Tally], None] | None = None,
        first_pause: float = 1.0,
    ) -> None:
        self._ingest = ingest
        self._fetcher = fetcher
        self._clock = clock
        self._random = random or Random()
        self._told = told
        self._looking: dict[int, asyncio.Task[None]] = {}
        self._reading: dict[int, asyncio.Task[None]] = {}
        self._resting: dict[int, float] = {}
        self._first_pause = first_pause
        self._ended = 0
        self._failures = 0
        self._trouble: StoreError | None = None
        self.tally = Tally()

    async def once(self) -> Tally:
        """Look at every source that is due and read all that waits.

        Raises ``StoreError`` when the database stays out of order.
        """
        try:
            while await self._begun():
                await self._some_end(None)
                if self._trouble is not None and self._failures >= TRIES_AT_THE_DATABASE:
                    raise self._trouble
                await self._pause()
            return self.tally
        finally:
            await self._stop()

    async def run(self) -> None:
        """Do so until it is cancelled; nothing that goes wrong ends it."""
        try:
            while True:
                await self._begun()
                await self._some_end(TICK)
                await self._pause()
        finally:
            await self._stop()

    async def _begun(self) -> bool:
        """Start what is due and free; whether anything is under way, or the database must be asked again.

        It must when something ended while it was asked: more may wait since.
        """
        ended = self._ended
        try:
            await self._begin_looks()
            await self._begin_reads()
        except StoreError as error:
            self._database_failed(error)
        return bool(self._looking or self._reading or self._trouble or self._ended != ended)

    async def _begin_looks(self) -> None:
        if len(self._looking) >= MOST_LOOKS:
            return
        # looks may end while the database is asked: what it says of their sources is old by then
        busy = set(self._looking)
        due = await self._ingest.store.due_sources(self._clock(), limit=MOST_LOOKS + len(busy))
        for source in [each for each in due if each.id not in busy][: MOST_LOOKS - len(self._looking)]:
            self._start(self._looking, source.id, self._look(source))

    async def _begin_reads(self) -> None:
        now = _time()
        self._resting = {source: until for source, until in self._resting.items() if until > now}
        while len(self._reading) < MOST_READS:
            apart = {*self._reading, *self._resting}
            waiting = await self._ingest.store.waiting(self._clock(), limit=BATCH, apart_from=apart)
            if not waiting:
                return
            source = waiting[0].source_id
            own = [entry for entry in waiting if entry.source_id == source]
            self._start(self._reading, source, self._read(source, own))

    def _start(self, tasks: dict[int, asyncio.Task[None]], key: int, work: Coroutine[object, object, None]) -> None:
        with about(request=fresh("source"), source=key):
            task = asyncio.create_task(work)
        tasks[key] = task

        def end(_: asyncio.Task[None]) -> None:
            del tasks[key]
            self._ended += 1

        task.add_done_callback(end)

    async def _look(self, source: NewsSource) -> None:
        now = self._clock()
        try:
            found = await look(source, ingest=self._ingest, fetcher=self._fetcher, now=now, random=self._random)
            self._count(looked=1, found=found)
            self._failures = 0
        except StoreError as error:
            self._database_failed(error)
        except Exception as error:  # a fault of ours with one source must not end the others
            log.exception("source %d, %s", source.id, source.url)
            await self._blame(Polled(source=failed(source, error, now=now, random=self._random)))

    async def _blame(self, polled: Polled) -> None:
        try:
            await self._ingest.store.keep_polled(polled, at=self._clock())
        except StoreError as error:
            self._database_failed(error)

    async def _read(self, source_id: int, entries: list[Entry]) -> None:
        for entry in entries:
            began = _time()
            try:
                worked = await self._taken(entry)
            except StoreError as error:
                self._database_failed(error)
                return
            if not worked and _time() - began > PATIENCE:
                self._resting[source_id] = _time() + REST
                return

    async def _taken(self, entry: Entry) -> bool:
        """Whether the entry's article is on the record now. Raises ``StoreError``."""
        try:
            taken = await take(
                entry, ingest=self._ingest, fetcher=self._fetcher, now=self._clock(), random=self._random
            )
        except StoreError:
            raise
        except Exception as error:  # a fault of ours with one article must not end the others
            log.exception("entry %d, %s", entry.id, entry.url)
            reason = f"a fault of Onrecord's own ({type(error).__name__}); its log says more"
            await self._ingest.store.entry_failed(entry.id, reason, retry_at=None)
            taken = Failed(name=entry.url, reason=reason)
        self._failures = 0
        if isinstance(taken, Failed):
            log.info("%s", taken.reason)
            self._count(failed=1)
            return False
        self._count(**{taken.outcome: 1})
        return True

    def _count(self, **more: int) -> None:
        self.tally = replace(self.tally, **{key: getattr(self.tally, key) + value for key, value in more.items()})
        if self._told is not None:
            self._told(self.tally)

    def _database_failed(self, error: StoreError) -> None:
        """Said once a round: what was under way stays due and is tried again."""
        if self._trouble is None:
            self._failures += 1
            log.error("%s; trying again in %.0f s", error, self._pause_seconds())
        self._trouble = error

    def _pause_seconds(self) -> float:
        return min(LONGEST_PAUSE, self._first_pause * 2.0 ** min(self._failures - 1, 10))

    async def _pause(self) -> None:
        """Leave a database that failed alone for a while, longer each time."""
        if self._trouble is not None:
            await asyncio.sleep(self._pause_seconds())
            self._trouble = None

    async def _some_end(self, seconds: float | None) -> None:
        tasks = [*self._looking.values(), *self._reading.values()]
        if tasks:
            await asyncio.wait(tasks, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        elif seconds is not None and self._trouble is None:
            await asyncio.sleep(seconds)

    async def _stop(self) -> None:
        tasks = [*self._looking.values(), *self._reading.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _time() -> float:
    return asyncio.get_running_loop().time()
