"""What somebody names -> a watched source: a feed's address, a page of the site that has one, or a folder."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from random import Random

from digests.errors import FetchError, RefusedAddress, UnreadableArticle, UnreadableFeed, UserError
from digests.ingest.service import Ingest
from digests.sources.address import check_url
from digests.sources.discover import feeds_in, usual_places
from digests.sources.feed import Feed
from digests.sources.fetch import Fetched, Fetcher
from digests.sources.poll import MOST_FEED_BYTES, polled
from digests.watch import NewsSource, Subscribed

MOST_PLACES = 6


async def subscribe(url: str, *, ingest: Ingest, fetcher: Fetcher, now: datetime) -> Subscribed:
    """Watch the feed at ``url``, or the first one of the site that ``url`` is a page of.

    Raises ``FetchError``, or ``UnreadableFeed`` when there is none.
    """
    found = await fetcher.get(url, most=MOST_FEED_BYTES)
    try:
        feed = await ingest.read_feed(found.data, found.url, now.date(), found.charset)
    except (UnreadableFeed, UnreadableArticle):
        return await _discovered(found, ingest=ingest, fetcher=fetcher, now=now)
    return await _watch(found.moved_to or check_url(url), found, feed, ingest=ingest, now=now)


async def watch_folder(folder: Path, *, ingest: Ingest, now: datetime) -> Subscribed:
    """Watch a folder of this machine. Raises ``UserError``. Never to be called for what was typed in a chat."""
    path = await asyncio.to_thread(_folder, folder)
    source, new = await ingest.store.add_source(NewsSource(kind="folder", url=str(path), title=path.name), at=now)
    return Subscribed(source=source, new=new)


def _folder(given: Path) -> Path:
    path = given.expanduser().resolve()
    if not path.is_dir():
        raise UserError(f"{given} is neither a folder nor a web address: name one that is there")
    return path


async def _discovered(page: Fetched, *, ingest: Ingest, fetcher: Fetcher, now: datetime) -> Subscribed:
    async for address in _places(page, ingest):
        try:
            found = await fetcher.get(address, most=MOST_FEED_BYTES)
            feed = await ingest.read_feed(found.data, found.url, now.date(), found.charset)
        except RefusedAddress:
            raise
        except (FetchError, UnreadableFeed, UnreadableArticle):
            continue
        if feed.entries:
            return await _watch(found.moved_to or address, found, feed, ingest=ingest, now=now)
    raise UnreadableFeed(f"{page.url} is no feed, and none was found on its site: give the feed's own address")


async def _places(page: Fetched, ingest: Ingest) -> AsyncIterator[str]:
    """Where to look: what the page declares, else where feeds usually lie."""
    try:
        declared = await ingest.parser.run(feeds_in, page.data, page.url, page.charset)
    except UnreadableArticle:
        declared = ()
    for each in [feed.url for feed in declared][:MOST_PLACES] or usual_places(page.url):
        yield each


async def _watch(url: str, found: Fetched, feed: Feed, *, ingest: Ingest, now: datetime) -> Subscribed:
    """What was fetched to see that it is a feed is its first look, too: it is not fetched once more.

    Its next look is kept first, so that nobody else looks meanwhile; what the feed held is kept with its entries, so
    that a kill in between costs a look and no entry.
    """
    first = polled(NewsSource(url=url, title=feed.title, site=feed.site), found, feed, now=now, random=Random())
    waits = NewsSource(url=url, title=feed.title, site=feed.site, next_try_at=first.source.next_try_at)
    source, new = await ingest.store.add_source(waits, at=now)
    if new:
        kept = replace(first.source, id=source.id, url=source.url)
        await ingest.store.keep_polled(replace(first, source=kept), at=now)
        source = await ingest.store.source(source.id) or source
    return Subscribed(source=source, new=new, entries=len(feed.entries))
