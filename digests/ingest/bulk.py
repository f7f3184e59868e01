"""Many articles at once: read and extracted ahead in all processes, saved in order, an article a transaction.

What was saved is marked by what it looked like where it lay, so that an import begun again passes over it without
reading it. A mark comes after its article: what a kill leaves unmarked is read once more and found known.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from digests.errors import EvidenceError, StoreError, UnreadableArticle, UserError
from digests.extract.worker import Keyed, Worker
from digests.ingest.add import Added, Failed, Skipped, already, keep
from digests.model import Article
from digests.sources.parsing import Parser
from digests.sources.stored import Stored, Unreadable, read_stored
from digests.store.base import Store

log = logging.getLogger(__name__)
T = TypeVar("T")
BATCH = 8
"""Articles given to a process at a time: enough to keep the parser's batches full."""
TRIES = 7
PAUSE = 1.0
"""Seconds before the database is tried again, twice as long each time: a minute in all."""

Outcome = Added | Failed | Skipped


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    key: str
    added: Added


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fresh:
    name: str
    key: str
    article: Article


@dataclass(frozen=True, slots=True, kw_only=True)
class _New:
    """Read and extracted, to be saved."""

    fresh: _Fresh
    read: Keyed


class Bulk:
    """One import. ``marked``: pass over what was imported before, and mark what is imported now."""

    def __init__(
        self,
        store: Store,
        worker: Worker,
        parser: Parser,
        *,
        published: str | None = None,
        marked: bool = True,
        pause: float = PAUSE,
    ) -> None:
        self._store = store
        self._worker = worker
        self._parser = parser
        self._published = published
        self._marked = marked
        self._pause = pause

    async def add(self, given: Iterable[Stored | Unreadable]) -> AsyncGenerator[Outcome]:
        """Outcomes in the order of ``given``, which is taken only as fast as it is worked off.

        A bad input stops nothing. Raises ``StoreError`` when the database stays out of order.
        """
        batches = _batches(iter(given))
        ahead: deque[asyncio.Task[list[_New | _Known | Failed | Skipped]]] = deque()
        most = 2 * self._worker.processes
        batch = await asyncio.to_thread(next, batches, None)
        try:
            while batch is not None or ahead:
                while batch is not None and len(ahead) <= most:
                    ahead.append(asyncio.create_task(self._ready(batch)))
                    batch = await asyncio.to_thread(next, batches, None)
                async for outcome in self._kept(await ahead.popleft()):
                    yield outcome
        finally:
            for task in ahead:
                task.cancel()
            await asyncio.gather(*ahead, return_exceptions=True)

    async def _ready(self, batch: Sequence[Stored | Unreadable]) -> list[_New | _Known | Failed | Skipped]:
        """A batch read, and extracted but for what failed or is known already."""
        keys = [self._key(each) for each in batch if isinstance(each, Stored)]
        before = await self._patiently(lambda: self._store.imported(keys)) if self._marked and keys else {}
        looked_at = [await self._looked_at(each, before) for each in batch]
        extracted = iter(await self._extracted([each for each in looked_at if isinstance(each, _Fresh)]))
        return [next(extracted) if isinstance(each, _Fresh) else each for each in looked_at]

    async def _looked_at(
        self, given: Stored | Unreadable, before: dict[str, int]
    ) -> _Fresh | _Known | Failed | Skipped:
        if isinstance(given, Unreadable):
            return Failed(name=given.name, reason=given.reason)
        key = self._key(given)
        if key in before:
            return Skipped(article_id=before[key])
        try:
            article = await self._parser.run(read_stored, given, self._published, shown=given.name)
        except UserError as error:
            return Failed(name=given.name, reason=str(error))
        known = await self._patiently(lambda: already(article, store=self._store))
        return _Known(key=key, added=known) if known else _Fresh(name=given.name, key=key, article=article)

    async def _extracted(self, fresh: Sequence[_Fresh]) -> list[_New | Failed]:
        if not fresh:
            return []
        try:
            read = await self._worker.extract_keyed([each.article for each in fresh])
        except UnreadableArticle as error:
            if len(fresh) == 1:
                return [Failed(name=fresh[0].name, reason=str(error))]
            # one of them kills whoever reads it: that must not cost the others
            return [found for each in fresh for found in await self._extracted([each])]
        return [_New(fresh=each, read=keyed) for each, keyed in zip(fresh, read, strict=True)]

    async def _kept(self, ready: Sequence[_New | _Known | Failed | Skipped]) -> AsyncGenerator[Outcome]:
        marks: dict[str, int] = {}
        for each in ready:
            if isinstance(each, _Known):
                marks[each.key] = each.added.article.id
                yield each.added
            elif isinstance(each, _New):
                outcome = await self._saved(each)
                if isinstance(outcome, Added):
                    marks[each.fresh.key] = outcome.article.id
                yield outcome
            else:
                yield each
        if self._marked and marks:
            await self._patiently(lambda: self._store.mark_imported(marks))

    async def _saved(self, new: _New) -> Added | Failed:
        extraction, keys = new.read
        try:
            return await self._patiently(
                lambda: keep(new.fresh.article, extraction, keys, store=self._store, extract=self._worker)
            )
        except (EvidenceError, UserError) as error:
            return Failed(name=new.fresh.name, reason=str(error))

    async def _patiently(self, work: Callable[[], Awaitable[T]]) -> T:
        """``work``, again and again while the database fails: a full disk may be cleared, a lock be given up."""
        pause = self._pause
        for _ in range(TRIES - 1):
            try:
                return await work()
            except StoreError as error:
                log.warning("%s; trying again in %.0f s", error, pause)
            await asyncio.sleep(pause)
            pause *= 2
        return await work()

    def _key(self, given: Stored) -> str:
        return f"{given.key} {self._published}" if self._published else given.key


def _batches(given: Iterator[Stored | Unreadable]) -> Iterator[list[Stored | Unreadable]]:
    while batch := list(islice(given, BATCH)):
        yield batch
