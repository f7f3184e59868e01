"""What saving an article costs on PostgreSQL: CPU on both sides, statements, log, room on the disk, and the one writer.

Real articles where there are shared ones, else the demo archive: what saving them took on SQLite is saved once more on
PostgreSQL. ``python -m bench.scale_saving URL SEED SECONDS`` saves made-up articles, in turn with others that do so.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import psycopg

from bench.ingest import over, stored_pages
from bench.postgres import Server, sizes
from bench.scoring import ROOT
from bench.store import FIRST_DAY, World, made_up
from bot.app.databases import open_shared
from bot.app.importing import importing
from bot.books.sql import MIGRATIONS
from digests.archive import demo_paths
from digests.ingest.bulk import Bulk
from digests.model import Article, Part
from digests.sources.stored import Stored
from digests.store.connection import Connection, Cursor, Values
from digests.store.database import Database, Subject
from digests.store.migrations import FACTS
from digests.store.sql import SqlStore
from digests.store.sqlite.database import SqliteDatabase

T = TypeVar("T")
SAVERS = (1, 2, 4)
SECONDS = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """Means over all articles. Milliseconds of CPU; ``held``: wall milliseconds that the writer's lock is held, median.

    ``bytes_by_table`` on PostgreSQL, of all; ``sqlite_bytes``: the same in a file.
    """

    articles: int
    facts: int
    words: int
    client: float
    server: float
    held: float
    statements: float
    wal: float
    bytes_by_table: dict[str, int]
    index_bytes: int
    sqlite_bytes: int

    @property
    def bytes_an_article(self) -> float:
        return sum(self.bytes_by_table.values()) / self.articles


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """Savers at once: ``a_second`` articles in all, ``waiting``: the share of their time spent waiting for the lock.

    CPU milliseconds an article; to start the savers counts on the server's side.
    """

    savers: int
    a_second: float
    waiting: float
    client: float
    server: float


@dataclass
class Recorder:
    """A store on SQLite that remembers what was saved, to be saved elsewhere."""

    store: SqlStore
    saved: list[tuple[tuple[Any, ...], dict[str, Any]]] = field(default_factory=list)

    async def save(self, *given: Any, **more: Any) -> Any:
        self.saved.append((given, more))
        return await self.store.save(*given, **more)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)


@dataclass
class Counting:
    """A connection that counts its statements: each is a way to the server and back."""

    connection: Connection
    count: int = 0

    def execute(self, statement: str, values: Values = (), /) -> Cursor:
        self.count += 1
        return self.connection.execute(statement, values)

    def executemany(self, statement: str, values: Iterable[Values], /) -> Any:
        self.count += 1
        return self.connection.executemany(statement, values)


class Measured:
    """A database that measures its transactions: ``held`` wall milliseconds each, ``statements`` in all."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.search = database.search
        self.held: list[float] = []
        self.statements = 0

    async def write(self, work: Callable[[Connection], T], *, subject: Subject = "books", **more: Any) -> T:
        begun = time.perf_counter()

        def counted(connection: Connection) -> T:
            counting = Counting(connection)
            found = work(counting)
            self.statements += counting.count
            return found

        found = await self._database.write(counted, subject=subject, **more)
        self.held.append(1000 * (time.perf_counter() - begun))
        return found

    def __getattr__(self, name: str) -> Any:
        return getattr(self._database, name)


async def recorded(folder: Path) -> tuple[list[tuple[tuple[Any, ...], dict[str, Any]]], int]:
    """Every saving of real articles, as they were read; and the bytes of the SQLite file that they made."""
    pages = stored_pages() or [Stored(name=path.name, data=path.read_bytes()) for path in demo_paths()]
    path = folder / "recorded.db"
    database = await SqliteDatabase.open(path, [FACTS, MIGRATIONS])
    recorder: Any = Recorder(SqlStore(database))
    async with importing(recorder, processes=2) as ingest:
        await over(Bulk(recorder, ingest.worker, ingest.parser, published="2019-06-01"), pages)
    await database.close()
    return recorder.saved, path.stat().st_size


async def saved(server: Server, folder: Path) -> Saved:
    """The same articles saved on PostgreSQL, one after the other."""
    given, sqlite_bytes = await recorded(folder)
    url = server.fresh()
    database = await open_shared(url)
    empty = sizes(url)
    measured: Any = Measured(database)
    store = SqlStore(measured)
    log = _log(url)
    server_cpu, client = server.cpu(), time.process_time()
    for (article, extraction, *rest), more in given:
        await store.save(article, extraction, *rest, **more)
    client, server_cpu = time.process_time() - client, server.cpu() - server_cpu
    log = _log(url) - log
    await database.close()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
        found = connection.execute(
            "SELECT sum(pg_indexes_size(oid)) FROM pg_class"
            " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        ).fetchone()
    number = len(given)
    return Saved(
        articles=number,
        facts=sum(len(extraction.facts) for (_, extraction, *_), _ in given),
        words=sum(len(article.text.split()) for (article, *_), _ in given),
        client=1000 * client / number,
        server=1000 * server_cpu / number,
        held=statistics.median(measured.held),
        statements=measured.statements / number,
        wal=log / number,
        bytes_by_table={name: size - empty[name] for name, size in sizes(url).items() if size > empty[name]},
        index_bytes=int(found[0]) if found else 0,
        sqlite_bytes=sqlite_bytes,
    )


def _log(url: str) -> int:
    """Bytes of log that the server has written so far."""
    with psycopg.connect(url) as connection:
        found = connection.execute("SELECT pg_current_wal_lsn() - '0/0'").fetchone()
    return int(found[0]) if found else 0


def together(server: Server, savers: int, seconds: float = SECONDS) -> Together:
    """So many processes that save made-up articles as fast as they can."""
    url = server.fresh()
    asyncio.run(_made(url))
    command = [sys.executable, "-m", "bench.scale_saving", url]
    processes = [
        subprocess.Popen([*command, str(seed), str(seconds)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for seed in range(savers)
    ]
    spent = server.cpu()
    waiting = _waiting(url, processes)
    told: list[Any] = []
    for process in processes:
        out, _ = process.communicate()
        told.append(json.loads(out))
    articles = sum(each["articles"] for each in told)
    return Together(
        savers=savers,
        a_second=articles / seconds,
        waiting=waiting,
        client=1000 * sum(each["cpu"] for each in told) / max(1, articles),
        server=1000 * (server.cpu() - spent) / max(1, articles),
    )


async def _made(url: str) -> None:
    await (await open_shared(url)).close()


def _waiting(url: str, processes: Sequence[subprocess.Popen[str]]) -> float:
    """Looked at a hundred times a second: how many of the savers wait for another one's transaction to end."""
    seen = waiting = 0
    with psycopg.connect(url, autocommit=True) as connection:
        while any(process.poll() is None for process in processes):
            found = connection.execute(
                "SELECT count(*) FILTER (WHERE wait_event_type = 'Lock'), count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'"
            ).fetchone()
            if found and found[1]:
                waiting += found[0]
                seen += len(processes)
            time.sleep(0.01)
    return waiting / max(1, seen)


async def save_on(url: str, seed: int, seconds: float) -> dict[str, float]:
    """Save made-up articles for so long."""
    world, number = World(seed=seed), 0
    async with await open_shared(url) as database:
        store = SqlStore(database)
        give_up, begun = time.monotonic() + seconds, time.process_time()
        while time.monotonic() < give_up:
            text, extraction = made_up(world, number, FIRST_DAY)
            article = Article(
                text=text,
                parts=(Part(kind="body", start=0, end=len(text)),),
                content_hash=f"{seed} {number}",
                title=f"Saved {seed} {number}",
                canonical_url=f"https://example.org/{seed}/{number}",
                published_day=FIRST_DAY,
            )
            await store.save(article, extraction, links={})
            number += 1
    return {"articles": number, "cpu": time.process_time() - begun}


if __name__ == "__main__":
    print(json.dumps(asyncio.run(save_on(sys.argv[1], int(sys.argv[2]), float(sys.argv[3])))))
