"""Many articles at once: the same ingest with as many processes as asked, which give way to those of the chats."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from digests.extract.worker import Worker
from digests.ingest.add import Proposes
from digests.ingest.service import Ingest
from digests.sources.parsing import Parser
from digests.store.base import Store

NICENESS = 10


@asynccontextmanager
async def importing(store: Store, *, processes: int, proposes: Proposes | None = None) -> AsyncIterator[Ingest]:
    """Ingest into ``store``; the processes end with it. ``proposes``: who is asked for facts beside the grammar."""
    async with Worker(processes=processes, niceness=NICENESS) as worker, Parser(processes=processes) as parser:
        yield Ingest(store, worker, parser, proposes=proposes)
