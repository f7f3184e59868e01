"""One source looked at, one entry read, when its turn comes: what ``loop`` does, for a worker that is told of each.

Whose turn it is may be told twice, or late: what is not due any more is left alone.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from digests.errors import StoreError
from digests.ingest.service import Ingest
from digests.ingest.watching import look, take
from digests.sources.fetch import Fetcher
from digests.sources.schedule import failed
from digests.store.turns import Turns
from digests.watch import Polled

log = logging.getLogger(__name__)

ABOUT_NOW = timedelta(seconds=2)
"""Whoever tells that something is due may be so much ahead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Where it is done: ``clock`` gives aware moments."""

    turns: Turns
    ingest: Ingest
    fetcher: Fetcher
    clock: Callable[[], datetime]
    random: Random


async def look_at(source_id: int, desk: Desk, *, again: bool = False) -> None:
    """Look at a source that is due and keep what it holds; a fault of ours counts as one of the source.

    ``again``: whoever began to look has died. Raises ``StoreError``.
    """
    now = desk.clock()
    source = await desk.turns.take_source(source_id, now=now + ABOUT_NOW, again=again)
    if source is None:
        return
    try:
        await look(source, ingest=desk.ingest, fetcher=desk.fetcher, now=now, random=desk.random)
    except StoreError:
        raise
    except Exception as error:
        log.exception("source %d, %s", source.id, source.url)
        await desk.ingest.store.keep_polled(
            Polled(source=failed(source, error, now=now, random=desk.random)), at=desk.clock()
        )


async def leave_source(source_id: int, desk: Desk, *, reason: str) -> str:
    """A source at which workers die counts as failed, and is asked ever more rarely; what it is called."""
    source = await desk.ingest.store.source(source_id)
    if source is None:
        return f"source {source_id}"
    blamed = failed(source, RuntimeError(reason), now=desk.clock(), random=desk.random)
    await desk.ingest.store.keep_polled(Polled(source=blamed), at=desk.clock())
    return f"source {source_id} ({source.title or source.url})"


async def read_entry(entry_id: int, desk: Desk) -> None:
    """Read the article of an entry that is due. Raises ``StoreError``, and what is a fault of ours."""
    now = desk.clock()
    entry = await desk.turns.entry_due(entry_id, now=now + ABOUT_NOW)
    if entry is not None:
        await take(entry, ingest=desk.ingest, fetcher=desk.fetcher, now=now, random=desk.random)


async def leave_entry(entry_id: int, desk: Desk, *, reason: str) -> str:
    """An entry is given up; where its article is."""
    entry = await desk.turns.entry_due(entry_id, now=desk.clock() + ABOUT_NOW)
    await desk.ingest.store.entry_failed(entry_id, reason, retry_at=None)
    return entry.url if entry is not None else f"entry {entry_id}"
