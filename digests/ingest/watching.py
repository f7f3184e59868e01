"""A watched source -> articles, a step at a time: look at it, then read what waits. Each step may end at any moment.

What a look finds is written down before anything is read, and an entry is ticked off after its article is saved: a
kill in between repeats a step, and saving the same article twice is saving it once.
"""

from __future__ import annotations

from datetime import datetime
from html import escape
from pathlib import Path
from random import Random

from digests.errors import FetchError, OnrecordError, StoreError, UndatedArticle, UnreadableArticle
from digests.ingest.add import Added, Failed
from digests.ingest.service import Ingest, bytes_of
from digests.sources.fetch import Fetcher
from digests.sources.poll import poll
from digests.sources.schedule import article_retry
from digests.text.links import canonical_url, host_of
from digests.watch import Entry, NewsSource

ENOUGH = 600
"""Characters: a feed that gives that much of an article may stand in for a page that cannot be read."""


async def look(source: NewsSource, *, ingest: Ingest, fetcher: Fetcher, now: datetime, random: Random) -> int:
    """Look at a source once and keep what it found; how many entries wait newly. Raises ``StoreError`` alone."""
    polled = await poll(source, fetcher=fetcher, read=ingest.read_feed, now=now, random=random)
    return await ingest.store.keep_polled(polled, at=now)


async def take(entry: Entry, *, ingest: Ingest, fetcher: Fetcher, now: datetime, random: Random) -> Added | Failed:
    """Read the article of a waiting entry and tick the entry off, or say when to try again. Raises ``StoreError``.

    An address that another source has brought already is not fetched once more for it.
    """
    try:
        added = await _known(entry, ingest) or await _read(entry, ingest=ingest, fetcher=fetcher)
    except StoreError:
        raise
    except OnrecordError as error:
        retry_at = article_retry(error, tries=entry.tries + 1, now=now, random=random)
        await ingest.store.entry_failed(entry.id, str(error), retry_at=retry_at)
        return Failed(name=entry.url, reason=str(error))
    await ingest.store.entry_done(entry.id, article_id=added.article.id)
    return added


async def _known(entry: Entry, ingest: Ingest) -> Added | None:
    where = canonical_url(entry.url)
    if entry.article_id or not where:
        return None
    found = await ingest.store.known(canonical_url=where)
    article = await ingest.store.article(found.article_id) if found else None
    return Added(article=article, outcome="known") if article else None


async def _read(entry: Entry, *, ingest: Ingest, fetcher: Fetcher) -> Added:
    if not host_of(entry.url):
        return await _dated(entry, bytes_of(Path(entry.url)), ingest, name=entry.url)
    try:
        found = await fetcher.get(entry.url, robots=True)
        return await _dated(entry, found.data, ingest, name=host_of(found.url), url=found.url, charset=found.charset)
    except (FetchError, UnreadableArticle) as error:
        if len(entry.content) < ENOUGH or getattr(error, "again", False):
            raise
        return await _dated(entry, page_of(entry), ingest, name=f"{host_of(entry.url)}.html", url=entry.url)


async def _dated(entry: Entry, data: bytes, ingest: Ingest, *, name: str, url: str = "", charset: str = "") -> Added:
    """The day that the article itself says counts; that of its source stands in where it says none."""
    try:
        return await ingest.add_bytes(data, name=name, url=url, charset=charset)
    except UndatedArticle:
        if not entry.published:
            raise
        return await ingest.add_bytes(data, name=name, url=url, charset=charset, published=entry.published)


def page_of(entry: Entry) -> bytes:
    """What the feed itself gives of an article, as a page."""
    title = escape(entry.title)
    return (
        f'<!doctype html><html><head><meta charset="utf-8"><title>{title}</title></head>'
        f"<body><article><h1>{title}</h1>{entry.content}</article></body></html>"
    ).encode("utf-8", errors="replace")
