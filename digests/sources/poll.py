"""One look at one source: what stands in it now, and when to look again. It never fails: a failure is what it found."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date, datetime
from random import Random

from digests.errors import OnrecordError
from digests.sources.feed import Feed
from digests.sources.fetch import Fetched, Fetcher
from digests.sources.folder import entries_of
from digests.sources.schedule import EVERY_FOLDER, failed, succeeded
from digests.watch import NewsSource, Polled

MOST_FEED_BYTES = 8_000_000

ReadFeed = Callable[[bytes, str, date, str], Awaitable[Feed]]
"""``digests.sources.feed.read_feed`` where it can be killed: data, address, today, charset."""


async def poll(source: NewsSource, *, fetcher: Fetcher, read: ReadFeed, now: datetime, random: Random) -> Polled:
    """Look at ``source`` once. What it finds is to be kept whole by ``Store.keep_polled``, which tells what is new.

    An unchanged feed is not parsed and has no entries here. ``now`` is aware; ``random`` spreads the next look.
    """
    try:
        return await _look(source, fetcher=fetcher, read=read, now=now, random=random)
    except OnrecordError as error:
        return Polled(source=failed(source, error, now=now, random=random))


async def _look(source: NewsSource, *, fetcher: Fetcher, read: ReadFeed, now: datetime, random: Random) -> Polled:
    if source.kind == "folder":
        files = await asyncio.to_thread(entries_of, source.url, now=now)
        return Polled(source=succeeded(source, now=now, max_age=None, random=random, every=EVERY_FOLDER), entries=files)
    found = await fetcher.get(source.url, etag=source.etag, last_modified=source.last_modified, most=MOST_FEED_BYTES)
    if found.unchanged or _fingerprint(found) == source.fingerprint:
        return Polled(source=succeeded(source, now=now, max_age=found.max_age, random=random))
    feed = await read(found.data, found.url, now.date(), found.charset)
    return polled(source, found, feed, now=now, random=random)


def polled(source: NewsSource, found: Fetched, feed: Feed, *, now: datetime, random: Random) -> Polled:
    """What a look found whose bytes were read as ``feed``."""
    kept = max(found.max_age or 0.0, feed.keep or 0.0)
    changed = replace(
        source,
        url=found.moved_to or source.url,
        title=source.title or feed.title,
        site=feed.site or source.site,
        etag=found.etag,
        last_modified=found.last_modified,
        fingerprint=_fingerprint(found),
    )
    return Polled(source=succeeded(changed, now=now, max_age=kept, random=random), entries=feed.entries)


def _fingerprint(found: Fetched) -> str:
    return hashlib.sha256(found.data).hexdigest()[:32]
