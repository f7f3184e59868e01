"""Articles read by 1, 2 and 4 processes of `onrecord worker extract` on one PostgreSQL: a second, and CPU an article.

Each worker has one reading process, on a core of its own as far as there are cores. What a worker costs to start is not
counted: each has read a few articles before.
"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench.ingest import family_cpu, stored_pages
from bench.postgres import Server
from bench.scoring import ROOT
from bot.app.databases import open_shared
from digests.archive import demo_paths
from digests.store.sql import SqlStore
from digests.watch import Entry, NewsSource, Polled

WORKERS = (1, 2, 4)
WARMING = 6
"""Articles a worker that are read before it counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """``cpu``: seconds an article of all workers with their processes, ``server``: of PostgreSQL."""

    workers: int
    articles: int
    seconds: float
    cpu: float
    server: float

    @property
    def a_second(self) -> float:
        return self.articles / self.seconds


def pages(folder: Path) -> list[Path]:
    """Real articles as files, or those of the demo."""
    found = []
    for page in stored_pages():
        found.append(folder / f"{page.name}.html")
        found[-1].write_bytes(page.data)
    return found or demo_paths()


async def working(server: Server, articles: Sequence[Path], workers: int) -> Read:
    """Have all of them read."""
    url = server.fresh()
    async with await open_shared(url) as database:
        store = SqlStore(database)
        source, _ = await store.add_source(NewsSource(kind="folder", url="/nowhere"), at=datetime.now(UTC))
        started = [_start(url, number) for number in range(workers)]
        try:
            warming = WARMING * workers
            await _wait(store, source, list(articles[:warming]), started)
            begun, own, server_cpu = time.monotonic(), family_cpu(), server.cpu()
            await _wait(store, source, list(articles[warming:]), started)
            seconds, own, server_cpu = time.monotonic() - begun, family_cpu() - own, server.cpu() - server_cpu
        finally:
            for each in started:
                each.send_signal(signal.SIGTERM)
            for each in started:
                each.wait(timeout=60)
    number = len(articles) - warming
    return Read(workers=workers, articles=number, seconds=seconds, cpu=own / number, server=server_cpu / number)


def _start(url: str, number: int) -> subprocess.Popen[bytes]:
    core = number % (os.cpu_count() or 1)
    command = [sys.executable, "-c", "from bot.cli import main; main()", "worker", "extract"]
    return subprocess.Popen(
        command,
        cwd="/",
        env={**os.environ, "PYTHONPATH": str(ROOT), "DATABASE_URL": url, "OMP_NUM_THREADS": "1"},
        preexec_fn=lambda: os.sched_setaffinity(0, {core}),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


async def _wait(
    store: SqlStore, source: NewsSource, articles: Sequence[Path], workers: Sequence[subprocess.Popen[bytes]]
) -> None:
    """Let the workers have so many entries, and wait until none is left."""
    entries = tuple(
        Entry(key=str(path), fingerprint=str(path), url=str(path), published="2019-06-01") for path in articles
    )
    await store.keep_polled(Polled(source=source, entries=entries), at=datetime.now(UTC))
    while (await store.source_counts()).waiting:
        await asyncio.sleep(0.2)
        assert any(each.poll() is None for each in workers), "the workers have ended: run `onrecord worker` to see why"
