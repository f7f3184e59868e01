"""Ingest as the command line and the chat use it: bytes, pasted text or many files in, outcomes out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from digests.errors import UnreadableArticle
from digests.extract.worker import Worker
from digests.ingest.add import Added, Failed, Proposes, Skipped, add
from digests.ingest.bulk import Bulk
from digests.sources.decoding import MOST_FILE_BYTES
from digests.sources.feed import Feed
from digests.sources.parsing import Parser
from digests.sources.stored import count, stored
from digests.store.base import Store
from digests.text.links import host_of

if TYPE_CHECKING:
    from digests.sources.fetch import Fetcher


class Ingest:
    """Reads in ``parser``, extracts in ``worker``, saves in ``store``; closing them is up to who made them.

    ``proposes``: who is asked for facts beside, of every article but those imported in bulk.
    """

    def __init__(self, store: Store, worker: Worker, parser: Parser, *, proposes: Proposes | None = None) -> None:
        self.proposes = proposes
        self.store = store
        self.worker = worker
        self.parser = parser

    async def add_bytes(
        self, data: bytes, *, name: str = "", published: str | None = None, url: str = "", charset: str = ""
    ) -> Added:
        """Add one article. Raises ``UserError`` saying what to do, ``StoreError`` when the database fails."""
        article = await self.parser.read_article(data, name=name, published=published, url=url, charset=charset)
        return await add(article, store=self.store, extract=self.worker, proposes=self.proposes)

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
        marked: bool = False,
        progress: Callable[[int, int], None] | None = None,
    ) -> AsyncGenerator[Added | Failed | Skipped]:
        """All articles in files, folders and archives, in their order; a bad one stops nothing (``Bulk``).

        ``progress`` is called with (done, about how many there are) after each. Raises ``StoreError`` when the database
        stays out of order.
        """
        total = await asyncio.to_thread(count, paths) if progress is not None else 0
        done = 0
        async for outcome in Bulk(self.store, self.worker, self.parser, published=published, marked=marked).add(
            stored(paths)
        ):
            done += 1
            if progress is not None:
                progress(done, max(done, total))
            yield outcome


def bytes_of(path: Path) -> bytes:
    """A file's bytes, one more than may be read at most. Raises ``UnreadableArticle``."""
    try:
        with path.open("rb") as file:
            return file.read(MOST_FILE_BYTES + 1)
    except OSError as error:
        raise UnreadableArticle(f"{path} cannot be read: {error.strerror or error}") from error
