"""Ingest as the command line and the chat use it: bytes, pasted text or many files in, outcomes out."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from digests.errors import EvidenceError, UnreadableArticle, UserError
from digests.extract.worker import Worker
from digests.ingest.add import Added, add, already, keep
from digests.model import Article, Extraction
from digests.sources.decoding import MOST_FILE_BYTES
from digests.sources.feed import Feed
from digests.sources.links import host_of
from digests.sources.parsing import Parser
from digests.store.base import Store

if TYPE_CHECKING:
    from digests.sources.fetch import Fetcher

BATCH = 8
"""Articles given to a process at a time: enough to keep the parser's batches full."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """A file that could not be added, and what to do about it."""

    name: str
    reason: str


_Read = Added | Failed | tuple[str, Article, Extraction]


class Ingest:
    """Reads in ``parser``, extracts in ``worker``, saves in ``store``; closing them is up to who made them."""

    def __init__(self, store: Store, worker: Worker, parser: Parser) -> None:
        self.store = store
        self.worker = worker
        self.parser = parser

    async def add_bytes(
        self, data: bytes, *, name: str = "", published: str | None = None, url: str = "", charset: str = ""
    ) -> Added:
        """Add one article. Raises ``UserError`` saying what to do, ``StoreError`` when the database fails."""
        article = await self.parser.read_article(data, name=name, published=published, url=url, charset=charset)
        return await add(article, store=self.store, extract=self.worker)

    async def add_text(self, text: str, *, published: str | None = None, url: str = "") -> Added:
        """Add an article that was pasted."""
        return await self.add_bytes(text.encode("utf-8", errors="replace"), name="", published=published, url=url)

    async def add_link(self, url: str, *, fetcher: Fetcher, published: str | None = None) -> Added:
        """Fetch a page and add its article. Raises ``FetchError`` and what ``add_bytes`` raises."""
        found = await fetcher.get(url, robots=True)
        return await self.add_bytes(
            found.data, name=host_of(found.url), published=published, url=found.url, charset=found.charset
        )

    async def read_feed(self, data: bytes, url: str, today: date, charset: str) -> Feed:
        """``digests.sources.feed.read_feed`` where it can be killed."""
        return await self.parser.read_feed(data, url, today, charset)

    async def add_many(
        self,
        paths: Sequence[Path],
        *,
        published: str | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> AsyncGenerator[Added | Failed]:
        """Outcomes in the order of ``paths``; the processes work ahead, saving goes in order, a bad file stops nothing.

        ``progress`` is called with (done, all) after each. Raises ``StoreError`` when the database fails.
        """
        waiting = deque(paths[at : at + BATCH] for at in range(0, len(paths), BATCH))
        ahead: deque[asyncio.Task[list[_Read]]] = deque()
        done = 0
        try:
            while waiting or ahead:
                while waiting and len(ahead) <= self.worker.processes:
                    ahead.append(asyncio.create_task(self._read(waiting.popleft(), published)))
                for read in await ahead.popleft():
                    yield await self._kept(read)
                    done += 1
                    if progress is not None:
                        progress(done, len(paths))
        finally:
            for task in ahead:
                task.cancel()

    async def _read(self, paths: Sequence[Path], published: str | None) -> list[_Read]:
        """A batch read, and extracted but for what failed or is known already."""
        looked_at = [await self._article(path, published) for path in paths]
        new = [each for each in looked_at if isinstance(each, Article)]
        try:
            extractions = iter(await self.worker.extract_many(new))
        except UnreadableArticle as error:
            return [
                Failed(name=str(path), reason=str(error)) if isinstance(each, Article) else each
                for path, each in zip(paths, looked_at, strict=True)
            ]
        return [
            (str(path), each, next(extractions)) if isinstance(each, Article) else each
            for path, each in zip(paths, looked_at, strict=True)
        ]

    async def _article(self, path: Path, published: str | None) -> Article | Added | Failed:
        try:
            data = await asyncio.to_thread(bytes_of, path)
            article = await self.parser.read_article(data, name=str(path), published=published)
        except UserError as error:
            return Failed(name=str(path), reason=str(error))
        return await already(article, store=self.store) or article

    async def _kept(self, read: _Read) -> Added | Failed:
        if isinstance(read, Added | Failed):
            return read
        name, article, extraction = read
        try:
            return await keep(article, extraction, store=self.store, extract=self.worker)
        except EvidenceError as error:
            return Failed(name=name, reason=str(error))


def bytes_of(path: Path) -> bytes:
    """A file's bytes, one more than may be read at most. Raises ``UnreadableArticle``."""
    try:
        with path.open("rb") as file:
            return file.read(MOST_FILE_BYTES + 1)
    except OSError as error:
        raise UnreadableArticle(f"{path} cannot be read: {error.strerror or error}") from error
